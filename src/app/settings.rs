//! The title row, where a reader chooses the scenario and who answers; and the field of a setting that
//! is a number.

mod number_field;
mod scenarios;
mod title_row;

pub use number_field::NumberField;
pub use scenarios::Scenarios;
pub use title_row::TitleRow;
