//! Which agents wait for which, and why: the article's core rule, in sentences.

use crate::pipeline::Pipeline;
use crate::words;

/// A sentence for each group that runs at once, and for each agent that waits.
pub fn reasons(pipeline: &Pipeline) -> Vec<String> {
    let name = |agent: &usize| pipeline.agents()[*agent].name.clone();
    let mut told = Vec::new();
    for (level, agents) in pipeline.by_level().into_iter().enumerate() {
        let names: Vec<String> = agents.iter().map(name).collect();
        let together = match names.as_slice() {
            [one] if level == 0 => words::editor::starts_at_once(one),
            [_] => String::new(),
            _ => words::editor::are_independent(&words::list(&names)),
        };
        told.extend((!together.is_empty()).then_some(together));
        for agent in agents {
            let needs = pipeline.needs(agent);
            if !needs.is_empty() {
                let names: Vec<String> = needs.iter().map(name).collect();
                let key = |need: &usize| format!("{{{}}}", pipeline.agents()[*need].output_key);
                let keys: Vec<String> = needs.iter().map(key).collect();
                let (own, names, keys) = (name(&agent), words::list(&names), words::list(&keys));
                told.push(words::editor::waits_for(&own, &names, &keys));
            }
            let others: Vec<String> = apart(pipeline, agent, level).iter().map(name).collect();
            if !others.is_empty() {
                let (own, others) = (name(&agent), words::list(&others));
                told.push(words::editor::is_independent(&own, &others));
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
