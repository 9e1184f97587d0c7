//! The panels in the tabs below the stage.

mod answers;
mod code;
mod event_loop;
mod flow;
mod lessons;
mod prompts;
mod runs;
mod segments;
mod shown_run;
mod tail;
mod what_if;
mod width;

pub use answers::{Answers, Report, draw_sources};
pub use code::Code;
pub use event_loop::EventLoop;
pub use flow::Flow;
pub use prompts::Prompts;
pub use runs::{Runs, TimelineTable};
pub use tail::Tail;
pub use what_if::WhatIf;
