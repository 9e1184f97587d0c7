//! Live models: what a reader gives to reach one, what the page says before it spends anything, and
//! what went wrong when a call failed.

mod bill;
mod built_in;
mod connection;
mod doctor;
mod fields;
mod key;
mod picture;
mod question;
mod sheet;
mod sign_in;
mod standalone;
mod trust;

pub use doctor::Doctor;
pub use question::Question;
pub use sheet::ProviderSheet;
