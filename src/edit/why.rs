//! Who is independent of whom, and why: the article's core rule, in sentences.

use crate::pipeline::Pipeline;

/// A sentence for each group that runs at once, and for each agent that waits.
pub fn reasons(pipeline: &Pipeline) -> Vec<String> {
    let name = |agent: &usize| pipeline.agents()[*agent].name.clone();
    let mut told = Vec::new();
    for (level, agents) in pipeline.by_level().into_iter().enumerate() {
        let names: Vec<String> = agents.iter().map(name).collect();
        let together = match names.as_slice() {
            [one] if level == 0 => format!("{one} starts at once."),
            [_] => String::new(),
            _ => format!(
                "{} are independent: none of them reads what another one writes, not even through \
                 others.",
                list(&names)
            ),
        };
        told.extend((!together.is_empty()).then_some(together));
        for agent in agents {
            let needs = pipeline.needs(agent);
            if !needs.is_empty() {
                let names: Vec<String> = needs.iter().map(name).collect();
                let key = |need: &usize| format!("{{{}}}", pipeline.agents()[*need].output_key);
                let keys: Vec<String> = needs.iter().map(key).collect();
                let (own, names, keys) = (name(&agent), list(&names), list(&keys));
                told.push(format!("{own} waits for {names}, since its prompt reads {keys}."));
            }
            let others: Vec<String> = apart(pipeline, agent, level).iter().map(name).collect();
            if !others.is_empty() {
                let (own, others) = (name(&agent), list(&others));
                told.push(format!(
                    "{own} is independent of {others} too: no text goes between them."
                ));
            }
        }
    }
    told
}

/// The agents of lower levels that `agent` does not wait for, not even through others.
fn apart(pipeline: &Pipeline, agent: usize, level: usize) -> Vec<usize> {
    let mut before = vec![agent];
    let mut next = 0;
    while let Some(at) = before.get(next).copied() {
        next += 1;
        for need in pipeline.needs(at) {
            if !before.contains(need) {
                before.push(*need);
            }
        }
    }
    let lower = (0..pipeline.agents().len()).filter(|other| pipeline.level(*other) < level);
    lower.filter(|other| !before.contains(other)).collect()
}

/// "a, b and c".
pub(super) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
