//! Second calls and quorums: what it takes to have them, where they are set. Neither library has them.

use super::{Cell, Library, Scene};
use crate::time::seconds;
use crate::words;

/// How an agent is asked a second time.
pub(super) fn hedge(scene: &Scene<'_>, library: Library) -> Cell {
    let Some(hedge) = scene.schedule.hedge else { return Cell::default() };
    let who = hedge.agent.map(|agent| scene.name(agent)).unwrap_or("each agent");
    let says = match library {
        Library::LangChain => {
            "not by itself. Wrap the chain in a RunnableLambda that starts a second task and takes \
             the first of the two: asyncio.wait(.., return_when=FIRST_COMPLETED)."
        }
        Library::Adk => "not by itself. Nearest: an agent of your own that runs its model twice.",
    };
    Cell::says(words::versus::hedged(who, &seconds(hedge.after), says))
}

/// How a join begins before all its branches have answered.
pub(super) fn quorum(scene: &Scene<'_>, library: Library) -> Cell {
    let Some(quorum) = scene.schedule.quorum else { return Cell::default() };
    let who = quorum.join.map(|join| scene.name(join)).unwrap_or("each join");
    let says = match library {
        Library::LangChain => {
            "not by itself: a map waits for every branch. Await the chains with asyncio.as_completed \
             and stop at the last that is needed."
        }
        Library::Adk => "not by itself: ParallelAgent and JoinNode wait for every branch.",
    };
    Cell::says(words::versus::quorum(who, quorum.answers.get(), says))
}
