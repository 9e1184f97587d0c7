//! Blocking the loop: what happens to everybody when somebody computes instead of awaiting.

use std::time::Duration;

use super::dom::{Node, Nodes, el};
use leptos::prelude::*;

use super::demo::Demo;
use super::stage::{Kind, Stage, expected};
use super::ui::{Choice, button, menu, part, shown, text};
use super::verdict::makespans;
use crate::config::{ALL_BRANCHES, ScheduleChoice};
use crate::decimal::fixed;
use crate::simulate::Script;
use crate::time::seconds;
use crate::timeline::{Timeline, event_loop, metrics};
use crate::words;

/// More branches than this are not in the menu; the address can still name them.
const MOST_CHOICES: usize = 24;

/// Who blocks, what comes of it, and the cases of the article's table.
pub fn block(demo: Demo) -> Node {
    let simulated = move || demo.settings.with(|settings| settings.provider.is_none());
    let live = move || !simulated();
    el("div")
        .class("block")
        .child(shown(simulated, move || {
            (
                part(move || {
                    demo.structure.with(|_| ());
                    who(demo)
                }),
                el("p").class("why").child(text(move || why(demo))),
                cases(demo),
            )
        }))
        .child(shown(live, || el("p").class("note").child(words::block::LIVE_IS_AWAITED).node()))
        .node()
}

fn who(demo: Demo) -> Node {
    let settings = demo.settings;
    let choice = |value: &str, label: String| {
        let named = value.to_owned();
        Choice::new(value, label, move || settings.with(|s| s.block.join(",") == named))
    };
    let mut choices = vec![
        choice("", words::block::NOBODY.into()),
        choice(ALL_BRANCHES, words::block::ALL_BRANCHES.into()),
    ];
    demo.stage.with_untracked(|stage| {
        let branches = stage.pipeline().branches();
        choices.extend(branches.into_iter().take(MOST_CHOICES).map(|branch| {
            let name = &stage.pipeline().agents()[branch].name;
            choice(name, words::block::only(name))
        }));
    });
    menu(words::block::BLOCK_THE_LOOP, "block", choices, move |value| {
        settings.update(|settings| {
            settings.set("block", &value);
        });
    })
}

/// Why it goes as it goes.
fn why(demo: Demo) -> String {
    let measured = makespans(demo).map(|both| (both.sequential, both.parallel));
    demo.stage.with(|stage| {
        let scripts = &stage.experiment.scripts;
        let blocking: Vec<usize> =
            (0..scripts.len()).filter(|agent| scripts[*agent].blocking).collect();
        if blocking.is_empty() {
            return words::block::EVERYBODY_AWAITS.into();
        }
        let mut said = vec![what(demo, stage, &blocking)];
        let both = measured.or_else(|| planned(stage, scripts));
        let awaiting: Vec<Script> =
            scripts.iter().map(|script| Script { blocking: false, ..script.clone() }).collect();
        let times = |both: Option<(Duration, Duration)>| {
            both.and_then(|(sequential, parallel)| metrics::speedup(sequential, parallel))
        };
        if let Some((now, then)) = times(both).zip(times(planned(stage, &awaiting))) {
            let (now, then) = (fixed(now, 1), fixed(then, 1));
            said.push(match measured {
                Some(_) => words::block::speedup_is(&now, &then),
                None => words::block::speedup_will_be(&now, &then),
            });
        }
        let slowest = stage.slowest();
        if slowest > demo.settings.with(|settings| settings.speed) {
            said.push(words::block::blocked_and_faster(&fixed(slowest, 1)));
        } else {
            said.push(words::block::BLOCKED.into());
        }
        said.join(" ")
    })
}

/// What whoever blocks does to the others.
fn what(demo: Demo, stage: &Stage, blocking: &[usize]) -> String {
    let names = |agents: &[usize]| {
        let named = agents.iter().map(|agent| stage.pipeline().agents()[*agent].name.as_str());
        named.collect::<Vec<_>>().join(", ")
    };
    let [agent] = blocking else {
        return words::block::SEVERAL_COMPUTE.into();
    };
    let name = names(&[*agent]);
    let blockage = demo.frame.with(|frame| {
        let place = stage.shown();
        let actual = frame.timelines.get(place);
        let ghost = stage.lineup.get(place).and_then(|planned| planned.ghost.as_deref());
        let of = |timeline: &Timeline| event_loop::blockage(timeline, *agent);
        let fits = |timeline: &&Timeline| timeline.lanes().len() == stage.agents();
        actual.filter(fits).filter(|timeline| timeline.run().ended.is_some()).or(ghost).and_then(of)
    });
    let Some(found) = blockage else { return words::block::computes(&name) };
    let (from, to) = (found.poll.since.since(crate::time::Instant::ZERO), found.poll.until);
    let to = seconds(to.since(crate::time::Instant::ZERO));
    let mut said = words::block::keeps_the_thread(&name, &seconds(from), &to);
    if !found.held_up.is_empty() {
        let held = names(&found.held_up);
        said += &words::block::cannot_start(&held);
    }
    if !found.waiting.is_empty() {
        let waiting = names(&found.waiting);
        said += &words::block::goes_on_coming(&waiting);
    }
    said
}

/// What both schedules come to if every agent keeps to its script.
fn planned(stage: &Stage, scripts: &[Script]) -> Option<(Duration, Duration)> {
    let of = |kind| {
        let planned = stage.lineup.get(stage.place(kind)?)?;
        Some(expected(&stage.experiment, scripts, planned.schedule).makespan())
    };
    Some((of(Kind::Sequential)?, of(Kind::Parallel)?))
}

/// One row of the article's table.
struct Case {
    name: &'static str,
    helps: &'static str,
    /// Milliseconds of a branch and of what comes after the branches; as the preset has it if not
    /// given.
    latency: Option<(u64, u64)>,
    computes: bool,
}

const CASES: [Case; 4] = [
    Case {
        name: words::block::NETWORK,
        helps: words::block::NETWORK_HELPS,
        latency: Some((500, 100)),
        computes: false,
    },
    Case {
        name: words::block::LLM,
        helps: words::block::LLM_HELPS,
        latency: None,
        computes: false,
    },
    Case {
        name: words::block::COMPUTATION,
        helps: words::block::COMPUTATION_HELPS,
        latency: None,
        computes: true,
    },
    Case {
        name: words::block::FILES,
        helps: words::block::FILES_HELPS,
        latency: Some((200, 40)),
        computes: false,
    },
];

fn cases(demo: Demo) -> Node {
    let rows = CASES.iter().map(|case| {
        el("tr")
            .child(el("th").attr("scope", "row").child(button(
                "",
                "block",
                text(move || words::block::run(case.name)),
                move || run(demo, case),
            )))
            .child(el("td").child(case.helps))
            .node()
    });
    el("table")
        .class("cases")
        .child(el("caption").class("visually-hidden").child(words::block::CAPTION))
        .child(
            el("thead").child(
                el("tr")
                    .child(el("th").attr("scope", "col").child(words::block::MANY_AT_ONCE))
                    .child(el("th").attr("scope", "col").child(words::block::DOES_IT_HELP)),
            ),
        )
        .child(el("tbody").child(rows.nodes()))
        .node()
}

fn run(demo: Demo, case: &'static Case) {
    let ends: Vec<String> = demo.stage.with_untracked(|stage| {
        let pipeline = stage.pipeline();
        let branches = pipeline.branches();
        let rest = (0..pipeline.agents().len()).filter(|agent| !branches.contains(agent));
        rest.map(|agent| pipeline.agents()[agent].name.clone()).collect()
    });
    demo.settings.update(|settings| {
        settings.schedule = ScheduleChoice::Race;
        settings.block = if case.computes { vec![ALL_BRANCHES.into()] } else { Vec::new() };
        settings.latency.clear();
        if let Some((branch, end)) = case.latency {
            settings.latency.push(("*".into(), Duration::from_millis(branch)));
            let ends = ends.into_iter().map(|name| (name, Duration::from_millis(end)));
            settings.latency.extend(ends);
        }
    });
    // Once the page has taken in the settings, which it does before the next task.
    set_timeout(move || demo.run(), Duration::ZERO);
}
