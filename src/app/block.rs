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
        .child(shown(live, || {
            el("p")
                .class("note")
                .child("A live model is always awaited. Only simulated agents can be made to ")
                .child("block the loop.")
                .node()
        }))
        .node()
}

fn who(demo: Demo) -> Node {
    let settings = demo.settings;
    let choice = |value: &str, label: String| {
        let named = value.to_owned();
        Choice::new(value, label, move || settings.with(|s| s.block.join(",") == named))
    };
    let mut choices =
        vec![choice("", "Nobody".into()), choice(ALL_BRANCHES, "All branches".into())];
    demo.stage.with_untracked(|stage| {
        let branches = stage.pipeline().branches();
        choices.extend(branches.into_iter().take(MOST_CHOICES).map(|branch| {
            let name = &stage.pipeline().agents()[branch].name;
            choice(name, format!("Only {name}"))
        }));
    });
    menu("Block the loop", "block", choices, move |value| {
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
            return "Everybody awaits: whoever waits for an answer gives the thread to the others. \
                    Let somebody compute for as long instead, as a call of invoke in place of \
                    ainvoke would, and see what becomes of the speedup."
                .into();
        }
        let mut said = vec![what(demo, stage, &blocking)];
        let (how, both) = match measured {
            Some(both) => ("is", Some(both)),
            None => ("will be", planned(stage, scripts)),
        };
        let awaiting: Vec<Script> =
            scripts.iter().map(|script| Script { blocking: false, ..script.clone() }).collect();
        let times = |both: Option<(Duration, Duration)>| {
            both.and_then(|(sequential, parallel)| metrics::speedup(sequential, parallel))
        };
        if let Some((now, then)) = times(both).zip(times(planned(stage, &awaiting))) {
            said.push(format!(
                "The speedup {how} {}; if all awaited, {}.",
                fixed(now, 1),
                fixed(then, 1)
            ));
        }
        let slowest = stage.slowest();
        if slowest > demo.settings.with(|settings| settings.speed) {
            said.push(format!(
                "This page's own thread is blocked, and the page with it: the schedules run one \
                 after the other, at {}× so that it freezes for less than two seconds.",
                fixed(slowest, 1)
            ));
        } else {
            said.push(
                "This page's own thread is blocked, and the page with it: so the schedules run \
                 one after the other."
                    .into(),
            );
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
        return "Whoever computes does not let go of the thread: the next one cannot even start, \
                nobody who waits can be resumed, and side by side becomes one after the other."
            .into();
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
    let Some(found) = blockage else { return format!("{name} computes and never awaits.") };
    let (from, to) = (found.poll.since.since(crate::time::Instant::ZERO), found.poll.until);
    let to = seconds(to.since(crate::time::Instant::ZERO));
    let mut said = format!("{name} keeps the thread from {} s to {to} s.", seconds(from));
    if !found.held_up.is_empty() {
        let held = names(&found.held_up);
        said += &format!(" Before that is over {held} cannot even start.");
    }
    if !found.waiting.is_empty() {
        let waiting = names(&found.waiting);
        said += &format!(
            " What {waiting} asked for was under way by then and goes on coming, but is noticed \
             only afterwards."
        );
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
        name: "network calls",
        helps: "Yes: I/O-bound, nearly all of it is waiting",
        latency: Some((500, 100)),
        computes: false,
    },
    Case {
        name: "LLM calls",
        helps: "Yes: the way to the model and back dominates",
        latency: None,
        computes: false,
    },
    Case {
        name: "heavy computation",
        helps: "No: CPU-bound, no idle time to fill",
        latency: None,
        computes: true,
    },
    Case {
        name: "reading files",
        helps: "Yes: a disk keeps you waiting too",
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
                text(move || format!("Run {}", case.name)),
                move || run(demo, case),
            )))
            .child(el("td").child(case.helps))
            .node()
    });
    el("table")
        .class("cases")
        .child(el("caption").class("visually-hidden").child("Waiting and computing"))
        .child(
            el("thead").child(
                el("tr")
                    .child(el("th").attr("scope", "col").child("Many of them at once"))
                    .child(el("th").attr("scope", "col").child("Does an event loop help?")),
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
