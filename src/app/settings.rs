//! The settings that a reader chooses: the scenario and who answers, and the conditions of a run.

mod conditions;
mod gallery;
mod lessons;
mod number_field;
mod opening;

pub use conditions::Conditions;
pub use gallery::Gallery;
pub use number_field::NumberField;
pub use opening::Opening;
