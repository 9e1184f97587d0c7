//! The rows, each a function of the scene and the library.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cell, Library, MOST_TOLD, Scene, listed};
use crate::pipeline::Work;
use crate::state::Key;
use crate::time::seconds;
use crate::timeline::metrics;

/// "a, b, c, .." for code.
fn arguments(scene: &Scene<'_>, agents: &[usize]) -> String {
    let names = agents.iter().take(MOST_TOLD).map(|agent| scene.name(*agent));
    let more = if agents.len() > MOST_TOLD { ", .." } else { "" };
    names.collect::<Vec<_>>().join(", ") + more
}

pub(super) fn primitive(scene: &Scene<'_>, library: Library) -> Cell {
    let levels = scene.pipeline.by_level();
    let agents: Vec<usize> = scene.pipeline.in_order();
    let level = |level: &Vec<usize>, opening: &str, closing: &str| match level.as_slice() {
        [one] => scene.name(*one).to_owned(),
        some => format!("{opening}{}{closing}", arguments(scene, some)),
    };
    let has_fan_out = levels.iter().any(|level| level.len() > 1);
    let passed: Vec<usize> = (0..agents.len())
        .filter(|agent| scene.pipeline.agents()[*agent].work == Work::PassThrough)
        .collect();
    match (library, scene.is_sequential() || !has_fan_out) {
        (Library::LangChain, true) => Cell {
            code: format!(
                "for chain in ({}): given[..] = await chain.ainvoke(given)",
                arguments(scene, &agents)
            ),
            says: "One await after the other; each result goes into the dictionary by hand.".into(),
        },
        (Library::LangChain, false) => {
            let code: Vec<String> =
                levels.iter().map(|own| level(own, "RunnableParallel(", ")")).collect();
            let mut says = "A map of chains, and pipes between the maps. The map runs all of its \
                            chains at once and waits for the slowest."
                .to_owned();
            if !passed.is_empty() {
                says += &format!(
                    " {} is a RunnablePassthrough: no call, only its input again.",
                    scene.names(&passed)
                );
            }
            Cell { code: code.join(" | "), says }
        }
        (Library::Adk, true) => Cell {
            code: format!("SequentialAgent[{}]", arguments(scene, &agents)),
            says: "Sub-agents one after the other. In ADK 2 it is deprecated: a Workflow with its \
                   edges in a row takes its place."
                .into(),
        },
        (Library::Adk, false) => {
            let own: Vec<String> =
                levels.iter().map(|own| level(own, "ParallelAgent[", "]")).collect();
            let code = match own.as_slice() {
                [one] => one.clone(),
                some => format!("SequentialAgent[{}]", some.join(", ")),
            };
            let edges: Vec<String> = levels.iter().map(|own| level(own, "(", ")")).collect();
            let edges = edges.join(" → JoinNode → ");
            let mut says = format!(
                "A ParallelAgent waits for its slowest agent. Both are deprecated in ADK 2: a \
                 Workflow, START → {edges}, takes their place."
            );
            if !passed.is_empty() {
                says += &format!(
                    " {} needs no agent: what it hands on is in the state already.",
                    scene.names(&passed)
                );
            }
            Cell { code, says }
        }
    }
}

/// Keys that a map has to hand on, since somebody reads them further down than the next map.
fn handed_on(scene: &Scene<'_>) -> Vec<Key> {
    let pipeline = scene.pipeline;
    let mut handed = BTreeSet::new();
    let writers = pipeline.agents().iter().enumerate();
    let writers: BTreeMap<&Key, usize> =
        writers.map(|(place, agent)| (&agent.output_key, place)).collect();
    for (place, agent) in pipeline.agents().iter().enumerate() {
        let level = pipeline.level(place);
        for (key, _) in agent.reads() {
            let written = match writers.get(key) {
                Some(writer) => Some(pipeline.level(*writer) + 1),
                None => pipeline.inputs().contains(key).then_some(0),
            };
            if written.is_some_and(|written| written < level) {
                handed.insert(key.clone());
            }
        }
    }
    handed.into_iter().collect()
}

pub(super) fn travel(scene: &Scene<'_>, library: Library) -> Cell {
    let pipeline = scene.pipeline;
    // Whoever reads the most tells it best.
    let reader =
        (0..pipeline.agents().len()).rev().max_by_key(|agent| pipeline.needs(*agent).len());
    let Some(reader) = reader.filter(|reader| !pipeline.needs(*reader).is_empty()) else {
        return Cell::says(match library {
            Library::LangChain => {
                "No chain reads another one's result: the dictionary is the answer."
            }
            Library::Adk => "No agent reads another one's result: the state is the answer.",
        });
    };
    let keys = scene.keys(pipeline.needs(reader));
    let reader = scene.name(reader);
    match library {
        Library::LangChain => {
            let handed = listed(handed_on(scene).iter().map(|key| format!("{{{key}}}")));
            let mut says = match scene.is_sequential() {
                true => format!(
                    "In the dictionary, key by key; {reader}'s prompt reads {keys} from it."
                ),
                false => format!(
                    "In the dictionary that a map returns, all at once; {reader}'s prompt reads \
                     {keys} from it."
                ),
            };
            if !handed.is_empty() && !scene.is_sequential() {
                says += &format!(
                    " What no map writes is gone after it: {handed} has to be handed on \
                     (RunnablePassthrough, or itemgetter)."
                );
            }
            Cell::says(says)
        }
        Library::Adk => Cell {
            code: "output_key=..".into(),
            says: format!(
                "In the session's state, each as soon as its agent has ended; {reader}'s \
                 instruction reads {keys} from it. What is in the state stays there: nothing has \
                 to be handed on."
            ),
        },
    }
}

pub(super) fn order(scene: &Scene<'_>, library: Library) -> Cell {
    let branches = scene.fan_out();
    match library {
        Library::LangChain => Cell::says(format!(
            "As the keys are written in the program, whoever ends first: {}.",
            scene.names(&branches)
        )),
        Library::Adk => {
            let end = |agent: &usize| scene.timeline.lanes().get(*agent)?.end();
            let mut names: Vec<usize> = Vec::new();
            for agent in branches.iter().filter(|agent| end(agent).is_some()) {
                let place = names.iter().position(|other| end(other) > end(agent));
                names.insert(place.unwrap_or(names.len()), *agent);
            }
            Cell::says(match names.as_slice() {
                [] => "As the agents end; none of them has ended yet.".into(),
                some if some.len() == branches.len() => {
                    format!("As the agents ended, in this run: {}.", scene.names(some))
                }
                some => format!("As the agents end, so far: {}.", scene.names(some)),
            })
        }
    }
}

pub(super) fn needless(scene: &Scene<'_>, library: Library) -> Cell {
    let held = scene.held_up();
    let told = held
        .iter()
        .take(2)
        .map(|(agent, needless)| format!("{} for {}", scene.name(*agent), scene.names(needless)));
    let told = told.collect::<Vec<_>>().join(", ");
    let more = if held.len() > 2 { ", and more" } else { "" };
    let whose = match library {
        Library::LangChain => "A pipe waits for the whole map before it",
        Library::Adk => "A SequentialAgent waits for the whole ParallelAgent before it",
    };
    let over = scene.timeline.run().phase() == crate::timeline::Phase::Done;
    let cost = over.then(|| {
        let durations = metrics::durations(scene.timeline);
        let levels = scene.pipeline.by_level();
        let longest = |level: &Vec<usize>| level.iter().map(|agent| durations[*agent]).max();
        let barred = levels.iter().filter_map(longest).sum();
        let (barred, free) =
            (seconds(barred), seconds(metrics::critical_path(scene.pipeline, &durations).length));
        match barred == free {
            true => format!(" In this run that costs nothing: {free} s either way."),
            false => format!(" With this run's lengths that makes {barred} s of {free} s."),
        }
    });
    Cell::says(format!("{whose}: {told}{more}.{}", cost.unwrap_or_default()))
}

pub(super) fn limit(scene: &Scene<'_>, library: Library) -> Cell {
    let wide = scene.fan_out().len();
    let all = match wide {
        1 => "the one".to_owned(),
        2 => "both".to_owned(),
        some => format!("all {some}"),
    };
    let at_once = match wide {
        1 => "One".to_owned(),
        2 => "Both at once".to_owned(),
        some => format!("All {some} at once"),
    };
    match (library, scene.limit()) {
        (_, Some(1)) => Cell::says("One: each is awaited before the next one begins."),
        (Library::LangChain, None) => Cell::says(format!(
            "{at_once}. A max_concurrency is passed over by ainvoke; invoke keeps to it, with \
             threads."
        )),
        (Library::LangChain, Some(limit)) => Cell {
            code: format!("invoke(.., config={{\"max_concurrency\": {limit}}})"),
            says: format!("invoke keeps to {limit}, with threads; ainvoke would start {all}."),
        },
        (Library::Adk, None) => Cell::says(format!(
            "{at_once}: ParallelAgent has no limit. ADK 2's Workflow has max_concurrency."
        )),
        (Library::Adk, Some(limit)) => Cell {
            code: format!("Workflow(.., max_concurrency={limit})"),
            says: format!("Workflow keeps to {limit}; ParallelAgent would start {all}."),
        },
    }
}

pub(super) fn missing(scene: &Scene<'_>, library: Library) -> Cell {
    let agents = scene.pipeline.agents().iter();
    let first = agents.flat_map(|agent| agent.reads()).map(|(key, _)| key.clone());
    // A key of an agent's tells more than the input.
    let keys: Vec<Key> = first.collect();
    let is_input = |key: &&Key| scene.pipeline.inputs().contains(key);
    let key = keys.iter().find(|key| !is_input(key)).or(keys.first());
    let key = key.map_or("key", Key::as_str);
    match library {
        Library::LangChain => Cell {
            code: "KeyError".into(),
            says: format!(
                "Before any call: the prompt names what it expected, {key}, and what it received. \
                 There is no optional key."
            ),
        },
        Library::Adk => Cell {
            code: format!("KeyError: Context variable not found: `{key}`."),
            says: format!("When its agent begins. With {{{key}?}} it is empty instead."),
        },
    }
}
