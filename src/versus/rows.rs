//! The rows, each a function of the scene and the library.

use std::collections::BTreeSet;

use super::{Cell, Library, MOST_TOLD, Scene, listed};
use crate::pipeline::Work;
use crate::state::Key;
use crate::time::seconds;
use crate::timeline::metrics;
use crate::words;

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
                says += &words::versus::is_a_passthrough(&scene.names(&passed));
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
            // Levels would wait for more than it does.
            let mut says = match scene.waits_for_levels() {
                true => words::versus::parallel_agent_with_edges(),
                false => {
                    let mut edges = "START".to_owned();
                    for (depth, own) in levels.iter().enumerate() {
                        // Only several have to be waited for by a node of its own.
                        let joins = depth > 0 && levels[depth - 1].len() > 1;
                        edges += if joins { " → JoinNode → " } else { " → " };
                        edges += &level(own, "(", ")");
                    }
                    words::versus::parallel_agent(&edges)
                }
            };
            if !passed.is_empty() {
                says += &words::versus::needs_no_agent(&scene.names(&passed));
            }
            Cell { code, says }
        }
    }
}

/// Keys that a map has to hand on, since agents further down than the next map read them.
fn handed_on(scene: &Scene<'_>) -> Vec<Key> {
    let pipeline = scene.pipeline;
    let mut handed = BTreeSet::new();
    for place in 0..pipeline.agents().len() {
        let level = pipeline.level(place);
        for key in pipeline.reads(place) {
            let written = match pipeline.writer(key) {
                Some(writer) => Some(pipeline.level(writer) + 1),
                None => pipeline.inputs().contains(key).then_some(0),
            };
            if written.is_some_and(|written| written < level) {
                handed.insert(key.clone());
            }
        }
    }
    // As the program has them.
    let all = pipeline.inputs().iter().chain(pipeline.agents().iter().map(|own| &own.output_key));
    all.filter(|key| handed.contains(*key)).cloned().collect()
}

pub(super) fn travel(scene: &Scene<'_>, library: Library) -> Cell {
    let pipeline = scene.pipeline;
    // The agent that reads the most is the best example.
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
            let handed = handed_on(scene);
            let several = handed.len() > 1;
            let handed = listed(handed.iter().map(|key| format!("{{{key}}}")));
            let mut says = match scene.is_sequential() {
                true => words::versus::in_the_dictionary(reader, &keys),
                false => words::versus::in_the_dictionary_at_once(reader, &keys),
            };
            if !handed.is_empty() && !scene.is_sequential() {
                says += &words::versus::handed_on(&handed, several);
            }
            Cell::says(says)
        }
        Library::Adk => {
            Cell { code: "output_key=..".into(), says: words::versus::in_the_state(reader, &keys) }
        }
    }
}

pub(super) fn order(scene: &Scene<'_>, library: Library) -> Cell {
    let branches = scene.fan_out();
    match library {
        Library::LangChain => Cell::says(words::versus::as_written(&scene.names(&branches))),
        Library::Adk => {
            let end = |agent: &usize| scene.timeline.lanes().get(*agent)?.end();
            let mut names: Vec<usize> =
                branches.iter().copied().filter(|agent| end(agent).is_some()).collect();
            names.sort_by_key(end);
            Cell::says(match names.as_slice() {
                [] => "As the agents end; none of them has ended yet.".into(),
                some if some.len() == branches.len() => {
                    words::versus::as_they_ended(&scene.names(some))
                }
                some => words::versus::as_they_end(&scene.names(some)),
            })
        }
    }
}

pub(super) fn needless(scene: &Scene<'_>, library: Library) -> Cell {
    let held = scene.held_up();
    let told = held.iter().take(2).map(|(agent, needless)| {
        words::versus::one_for_others(scene.name(*agent), &scene.names(needless))
    });
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
            true => words::versus::costs_nothing(&free),
            false => words::versus::makes(&barred, &free),
        }
    });
    Cell::says(format!("{whose}: {told}{more}.{}", cost.unwrap_or_default()))
}

pub(super) fn limit(scene: &Scene<'_>, library: Library) -> Cell {
    let wide = scene.fan_out().len();
    match (library, scene.limit()) {
        (_, Some(1)) => Cell::says("One: each is awaited before the next one begins."),
        (Library::LangChain, None) => Cell::says(words::versus::passed_over(wide)),
        (Library::LangChain, Some(limit)) => Cell {
            code: format!("invoke(.., config={{\"max_concurrency\": {limit}}})"),
            says: words::versus::invoke_keeps(limit, wide),
        },
        (Library::Adk, None) => Cell::says(words::versus::no_limit(wide)),
        (Library::Adk, Some(limit)) => Cell {
            code: format!("Workflow(.., max_concurrency={limit})"),
            says: words::versus::workflow_keeps(limit, wide),
        },
    }
}

pub(super) fn missing(scene: &Scene<'_>, library: Library) -> Cell {
    let agents = 0..scene.pipeline.agents().len();
    let mut keys = agents.flat_map(|agent| scene.pipeline.reads(agent));
    // A key of an agent's tells more than the input.
    let is_input = |key: &&Key| scene.pipeline.inputs().contains(key);
    let first = keys.clone().next();
    let key = keys.find(|key| !is_input(key)).or(first);
    let key = key.map_or("key", Key::as_str);
    match library {
        Library::LangChain => {
            Cell { code: "KeyError".into(), says: words::versus::before_any_call(key) }
        }
        Library::Adk => Cell {
            code: format!("KeyError: Context variable not found: `{key}`."),
            says: words::versus::when_its_agent_begins(key),
        },
    }
}
