//! Blocking the loop: what happens to all agents when one computes instead of awaiting.

use std::time::Duration;

use leptos::prelude::*;

use crate::app::kit::{Button, Choice, Menu};
use crate::app::state::permit::By;
use crate::app::state::{PlanState, PlayheadState, RunsState, SettingsState};
use crate::config::{ALL_BRANCHES, ScheduleChoice};
use crate::plan::blocking;
use crate::words;

/// More branches than this are not in the menu; the address can still name them.
const MOST_CHOICES: usize = 24;

/// Which agents block, what comes of it, and the cases of the article's table.
#[component]
pub fn Block(is_open: bool) -> impl IntoView {
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
    let explanation = move || {
        // What a run took is known once it is over, so not every frame matters.
        playhead.phases.track();
        let speed = settings.current.with(|settings| settings.speed);
        let told = |plan: &_| {
            playhead.frame.with_untracked(|frame| blocking::explanation(plan, frame, speed))
        };
        plan.current.with(told)
    };
    view! {
        <details class="block" open=is_open>
            <summary>
                <h3>"Does an event loop help?"</h3>
            </summary>
            <Show when=move || !settings.is_live() fallback=live>
                <BlockMenu />
                {move || explanation().map(|text| view! { <p class="why">{text}</p> })}
                <Cases />
            </Show>
        </details>
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
                let agent = &plan.pipeline().agents()[branch];
                Choice::new(&agent.name, words::block::only(agent.title()))
            });
            let whole =
                [Choice::new("", "None"), Choice::new(ALL_BRANCHES, "All branches")].into_iter();
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
            name="Block the event loop"
            control="block"
            choices=Signal::derive(choices)
            value=Signal::derive(move || settings.with(|settings| settings.block.join(",")))
            on_change=change
        />
    }
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
        helps: "Yes: I/O-bound, nearly all of the time is waiting",
        latency: Some((500, 100)),
        computes: false,
    },
    Case {
        label: "Run LLM calls",
        helps: "Yes: I/O-bound, the round trip to the model dominates",
        latency: None,
        computes: false,
    },
    Case {
        label: "Run heavy computation",
        helps: "No: CPU-bound, there is no idle time to fill",
        latency: None,
        computes: true,
    },
    Case {
        label: "Run file reads",
        helps: "Yes: I/O-bound, reading a disk is mostly waiting",
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
                    <th scope="col">"Many at once"</th>
                    <th scope="col">"I/O or CPU"</th>
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
