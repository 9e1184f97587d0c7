//! Blocking the loop: what happens to all agents when one computes instead of awaiting.

use std::time::Duration;

use leptos::prelude::*;

use crate::app::kit::{Button, Choice, Menu};
use crate::app::state::permit::By;
use crate::app::state::{PlanState, PlayheadState, RunsState, SettingsState};
use crate::config::{ALL_BRANCHES, ScheduleChoice};
use crate::plan::{Kind, Plan, expected};
use crate::simulate::Script;
use crate::time::{Instant, seconds};
use crate::timeline::{Timeline, event_loop, metrics};
use crate::words;

/// More branches than this are not in the menu; the address can still name them.
const MOST_CHOICES: usize = 24;

/// Which agents block, what comes of it, and the cases of the article's table.
#[component]
pub fn Block() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let settings = expect_context::<SettingsState>();
    let live = || {
        view! {
            <p class="note">
                "A live model is always awaited. Only simulated agents can be made to block the \
                 loop."
            </p>
        }
    };
    view! {
        <div class="block">
            <Show when=move || !settings.is_live() fallback=live>
                <BlockMenu />
                <p class="why">{move || explanation(settings, plan, playhead)}</p>
                <Cases />
            </Show>
        </div>
    }
}

#[component]
fn BlockMenu() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let settings = expect_context::<SettingsState>().current;
    let choices = move || {
        plan.structure.with(|_| ());
        plan.current.with_untracked(|plan| {
            let branches = plan.pipeline().branches().into_iter().take(MOST_CHOICES);
            let branches = branches.map(|branch| {
                let name = &plan.pipeline().agents()[branch].name;
                Choice::new(name, words::block::only(name))
            });
            let whole =
                [Choice::new("", "Nobody"), Choice::new(ALL_BRANCHES, "All branches")].into_iter();
            whole.chain(branches).collect::<Vec<_>>()
        })
    };
    let change = move |value: String| {
        settings.update(|settings| {
            settings.set("block", &value);
        });
    };
    view! {
        <Menu
            name="Block the loop"
            control="block"
            choices=Signal::derive(choices)
            value=Signal::derive(move || settings.with(|settings| settings.block.join(",")))
            on_change=change
        />
    }
}

/// Why it goes as it goes.
fn explanation(settings: SettingsState, plan: PlanState, playhead: PlayheadState) -> String {
    // What a run took is known once it is over, so not every frame matters.
    playhead.phases.track();
    plan.current.with(|plan| {
        let measured = playhead.frame.with_untracked(|frame| plan.makespans(frame));
        let measured = measured.map(|both| (both.sequential, both.parallel));
        let scripts = &plan.experiment.scripts;
        let blocking: Vec<usize> =
            (0..scripts.len()).filter(|agent| scripts[*agent].blocking).collect();
        if blocking.is_empty() {
            return "Everybody awaits: whoever waits for an answer gives the thread to the others. \
                Let somebody compute for as long instead, as a call of invoke in place of ainvoke \
                would, and see what becomes of the speedup."
                .into();
        }
        let mut said = vec![consequence(playhead, plan, &blocking)];
        let both = measured.or_else(|| planned(plan, scripts));
        let awaiting: Vec<Script> =
            scripts.iter().map(|script| Script { blocking: false, ..script.clone() }).collect();
        let times = |both: Option<(Duration, Duration)>| {
            both.and_then(|(sequential, parallel)| metrics::speedup(sequential, parallel))
        };
        if let Some((now, then)) = times(both).zip(times(planned(plan, &awaiting))) {
            let (now, then) = (format!("{now:.1}"), format!("{then:.1}"));
            said.push(match measured {
                Some(_) => words::block::speedup_is(&now, &then),
                None => words::block::speedup_will_be(&now, &then),
            });
        }
        let min_speed = plan.min_speed();
        if min_speed > settings.current.with(|settings| settings.speed) {
            said.push(words::block::blocked_and_faster(&format!("{min_speed:.1}")));
        } else {
            said.push(
                "This page's own thread is blocked, and the page with it: so the schedules run one \
                 after the other."
                    .into(),
            );
        }
        said.join(" ")
    })
}

/// What the agents that block do to the others.
fn consequence(playhead: PlayheadState, plan: &Plan, blocking: &[usize]) -> String {
    let names = |agents: &[usize]| {
        let named = agents.iter().map(|agent| plan.pipeline().agents()[*agent].name.as_str());
        named.collect::<Vec<_>>().join(", ")
    };
    let [agent] = blocking else {
        return "Whoever computes does not let go of the thread: the next one cannot even start, \
            nobody who waits can be resumed, and side by side becomes one after the other."
            .into();
    };
    let name = names(&[*agent]);
    let blockage = playhead.frame.with(|frame| {
        let place = plan.shown();
        let actual = frame.timelines.get(place);
        let expected = plan.lineup.get(place).and_then(|planned| planned.expected.as_deref());
        let of = |timeline: &Timeline| event_loop::blockage(timeline, *agent);
        let fits = |timeline: &&Timeline| timeline.lanes().len() == plan.agents();
        actual
            .filter(fits)
            .filter(|timeline| timeline.run().ended.is_some())
            .or(expected)
            .and_then(of)
    });
    let Some(found) = blockage else { return words::block::computes(&name) };
    let moment = |at: Instant| seconds(at.since(Instant::ZERO));
    let (from, to) = (moment(found.poll.since), moment(found.poll.until));
    let mut said = words::block::keeps_the_thread(&name, &from, &to);
    if !found.held_up.is_empty() {
        said += &words::block::cannot_start(&names(&found.held_up));
    }
    if !found.waiting.is_empty() {
        said += &words::block::goes_on_coming(&names(&found.waiting));
    }
    said
}

/// What both schedules come to if every agent keeps to its script.
fn planned(plan: &Plan, scripts: &[Script]) -> Option<(Duration, Duration)> {
    let of = |kind| {
        let planned = plan.lineup.get(plan.place(kind)?)?;
        Some(expected(&plan.experiment, scripts, planned.schedule).makespan())
    };
    Some((of(Kind::Sequential)?, of(Kind::Parallel)?))
}

/// One row of the article's table.
struct Case {
    label: &'static str,
    helps: &'static str,
    /// Milliseconds of a branch and of what comes after the branches; as the preset has it if not
    /// given.
    latency: Option<(u64, u64)>,
    computes: bool,
}

const CASES: [Case; 4] = [
    Case {
        label: "Run network calls",
        helps: "Yes: I/O-bound, nearly all of it is waiting",
        latency: Some((500, 100)),
        computes: false,
    },
    Case {
        label: "Run LLM calls",
        helps: "Yes: the way to the model and back dominates",
        latency: None,
        computes: false,
    },
    Case {
        label: "Run heavy computation",
        helps: "No: CPU-bound, no idle time to fill",
        latency: None,
        computes: true,
    },
    Case {
        label: "Run reading files",
        helps: "Yes: a disk keeps you waiting too",
        latency: Some((200, 40)),
        computes: false,
    },
];

#[component]
fn Cases() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let runs = expect_context::<RunsState>();
    let settings = expect_context::<SettingsState>();
    let rows = CASES.iter().map(|case| {
        let run = move |_| {
            prepare(plan, settings, case);
            // It computes, so that it is the simulation's, whatever is chosen.
            runs.start(By::Page);
        };
        view! {
            <tr>
                <th scope="row">
                    <Button control="block" on_click=run>{case.label}</Button>
                </th>
                <td>{case.helps}</td>
            </tr>
        }
    });
    view! {
        <table class="cases">
            <caption class="visually-hidden">"Waiting and computing"</caption>
            <thead>
                <tr>
                    <th scope="col">"Many of them at once"</th>
                    <th scope="col">"Does an event loop help?"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

fn prepare(plan: PlanState, settings: SettingsState, case: &Case) {
    let ends: Vec<String> = plan.current.with_untracked(|plan| {
        let pipeline = plan.pipeline();
        let branches = pipeline.branches();
        let rest = (0..pipeline.agents().len()).filter(|agent| !branches.contains(agent));
        rest.map(|agent| pipeline.agents()[agent].name.clone()).collect()
    });
    settings.current.update(|settings| {
        settings.schedule = ScheduleChoice::Race;
        settings.block = if case.computes { vec![ALL_BRANCHES.into()] } else { Vec::new() };
        settings.latency.clear();
        if let Some((branch, end)) = case.latency {
            settings.latency.push(("*".into(), Duration::from_millis(branch)));
            let ends = ends.into_iter().map(|name| (name, Duration::from_millis(end)));
            settings.latency.extend(ends);
        }
    });
}
