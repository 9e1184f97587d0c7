//! The settings that a reader chooses: the scenario and who answers, and the conditions of a run.

mod latencies;
mod lessons;
mod libraries;
mod number_field;
mod scenarios;
mod small_timeline;
mod title_row;
mod what_if;

pub use number_field::NumberField;
pub use scenarios::Scenarios;
pub use title_row::TitleRow;
pub use what_if::WhatIf;
