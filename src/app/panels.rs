//! The panels below the race, each a view of the run that is shown.

mod answers;
mod code;
mod event_loop;
mod flow;
mod history;
mod libraries;
mod prompts;
mod repeat;
mod spending;

pub use answers::{Cards, Report};
pub use code::Code;
pub use event_loop::EventLoop;
pub use flow::Flow;
pub use history::History;
pub use libraries::Libraries;
pub use prompts::Prompts;
pub use repeat::Repeat;
pub use spending::Spending;
