//! Generated programs, each in a module of its own; the argument says which one is run.
#![allow(unused, non_snake_case, uncommon_codepoints, confusable_idents, mixed_script_confusables)]

use std::process::{ExitCode, Termination};

include!(env!("CONVERGE_PROGRAMS"));

/// Ends as a program with that `main` would.
fn report(result: impl Termination) -> ExitCode {
    result.report()
}

fn main() -> ExitCode {
    let place = std::env::args().nth(1).and_then(|place| place.parse().ok());
    CASES[place.unwrap_or(usize::MAX)]()
}
