//! What a program says of a hedge and a quorum, which none but the engine's own has by itself.

use super::{Form, Language, Plan};
use crate::time::exact_seconds;

/// Comments for the head of a program: what the page does, and what this program does instead.
pub(super) fn notes(language: Language, form: Form, plan: &Plan<'_>) -> Vec<String> {
    let mark = match language {
        Language::RustEngine => return Vec::new(),
        Language::Js | Language::Rust => "//",
        _ => "#",
    };
    let name = |agent: usize| plan.pipeline.agents().get(agent).map(|agent| agent.name.as_str());
    let mut notes = Vec::new();
    if let Some(hedge) = plan.schedule.hedge {
        let who = hedge.agent.and_then(name).unwrap_or("an agent");
        let after = exact_seconds(hedge.after);
        notes.push(format!("The page asks {who} a second time after {after} s without an answer."));
        notes.push("This program asks once and waits.".to_owned());
    }
    if let Some(quorum) = plan.schedule.quorum.filter(|_| form == Form::Parallel) {
        let who = quorum.join.and_then(name).unwrap_or("an agent that reads others");
        let answers = match quorum.answers.get() {
            1 => "1 answer".to_owned(),
            some => format!("{some} answers"),
        };
        notes.push(format!("On the page {who} starts once it has {answers}."));
        notes.push("In this program it waits for all of them.".to_owned());
    }
    notes.into_iter().map(|note| format!("{mark} {note}")).collect()
}
