//! The rows about failures: what each library does by itself, and what it takes to do what is set.

use super::{Cell, Library, Scene};
use crate::engine::OnFailure;
use crate::time::{Instant, seconds};
use crate::timeline::Phase;
use crate::words;

/// What each does unless told otherwise, and what that means for a run in which something failed.
pub(super) fn by_itself(scene: &Scene<'_>, library: Library) -> Cell {
    let general = match library {
        Library::LangChain if scene.is_sequential() => {
            "The exception reaches the caller; what came before it is in the caller's own \
             dictionary."
        }
        Library::LangChain if scene.limit().is_some() => {
            "invoke waits for the slowest thread, then raises the exception of the first key that \
             failed. What had come is lost."
        }
        Library::LangChain => {
            "ainvoke raises the first exception at once. The other chains keep running and keep \
             costing; what had come is lost."
        }
        Library::Adk if scene.is_sequential() => {
            "The error reaches the caller. What was written stays in the session's state."
        }
        Library::Adk => {
            "The error reaches the caller at once, and the other agents are canceled. What was \
             written stays in the session's state."
        }
    };
    let own = here(scene, library).map(|own| format!(" {own}"));
    Cell::says(general.to_owned() + &own.unwrap_or_default())
}

/// What that would have meant here, by the moments of this run.
fn here(scene: &Scene<'_>, library: Library) -> Option<String> {
    let lanes = || scene.timeline.lanes().iter().enumerate();
    let failed = lanes().filter(|(_, lane)| lane.phase() == Phase::Failed);
    let (failed, at) =
        failed.filter_map(|(agent, lane)| Some((agent, lane.end()?))).min_by_key(|(_, at)| *at)?;
    let at_work = lanes().filter(|(agent, lane)| {
        let begun = lane.started.is_some_and(|started| started <= at);
        *agent != failed && begun && lane.end().is_none_or(|end| end >= at)
    });
    let at_work: Vec<usize> = at_work.map(|(agent, _)| agent).collect();
    let came = lanes()
        .filter(|(_, lane)| lane.phase().has_answer() && lane.end().is_some_and(|end| end < at));
    let came: Vec<usize> = came.map(|(agent, _)| agent).collect();
    let (who, when) = (scene.name(failed), seconds(at.since(Instant::ZERO)));
    let others = match (library, at_work.is_empty()) {
        (_, true) => String::new(),
        (Library::LangChain, false) if scene.schedule.on_failure == OnFailure::Leave => {
            words::versus::ran_on(&scene.names(&at_work))
        }
        (Library::LangChain, false) => words::versus::would_run_on(&scene.names(&at_work)),
        (Library::Adk, false) => words::versus::would_be_canceled(&scene.names(&at_work)),
    };
    let results = match (library, came.is_empty()) {
        (_, true) => String::new(),
        (Library::LangChain, false) => words::versus::lost_keys(&scene.keys(&came)),
        (Library::Adk, false) => words::versus::kept_keys(&scene.keys(&came)),
    };
    Some(words::versus::here(who, &when, &others, &results))
}

/// What it takes to do what is set.
pub(super) fn as_set(scene: &Scene<'_>, library: Library) -> Cell {
    let (code, says) = match (scene.schedule.on_failure, library) {
        (OnFailure::Cancel, Library::LangChain) => (
            "asyncio.TaskGroup",
            "no map does. Await the chains in a TaskGroup, or end the program, which cancels what \
             is left.",
        ),
        (OnFailure::Cancel, Library::Adk) => {
            ("", "ParallelAgent and Workflow do so by themselves.")
        }
        (OnFailure::Leave, Library::LangChain) => ("", "ainvoke does so by itself."),
        (OnFailure::Leave, Library::Adk) => {
            ("", "it cannot. Start the agents as tasks of your own.")
        }
        (OnFailure::Wait, Library::LangChain) => {
            ("invoke(..)", "invoke does, with its threads; ainvoke does not.")
        }
        (OnFailure::Wait, Library::Adk) => (
            "on_model_error_callback=..",
            "not by itself. Nearest: let each failure answer with a mark, and raise after the \
             join.",
        ),
        (OnFailure::Fallback, Library::LangChain) => (
            ".with_fallbacks([..])",
            "on each branch; its value stands in the dictionary as an answer does.",
        ),
        (OnFailure::Fallback, Library::Adk) => (
            "on_model_error_callback=..",
            "on each agent; what it answers goes into the state as the model's answer would.",
        ),
        (OnFailure::Collect, Library::LangChain) => (
            ".with_fallbacks([..])",
            "on each branch, with a mark as its value where its answer would stand.",
        ),
        (OnFailure::Collect, Library::Adk) => {
            ("on_model_error_callback=..", "on each agent, answering with a mark in its place.")
        }
    };
    let label = scene.schedule.on_failure.label();
    Cell { code: code.into(), says: words::versus::to_do(label, says) }
}
