//! The same live run several times, since one is an anecdote: how often, and what came of it.

use std::time::Duration;

use leptos::prelude::*;

use crate::app::kit::{Button, Field, Items};
use crate::app::state::live::Round;
use crate::app::state::permit::By;
use crate::app::state::{LiveState, PlanState, RunsState};
use crate::plan::Kind;
use crate::time::seconds;
use crate::timeline::metrics;
use crate::words;

/// How often, unless the reader says otherwise, and at most.
const USUAL: usize = 3;
const MOST: usize = 20;

/// The button, how often, and what came of it.
#[component]
pub fn Repeat() -> impl IntoView {
    let plan = expect_context::<PlanState>();
    let runs = expect_context::<RunsState>();
    let live = expect_context::<LiveState>();
    let rounds = live.repeats;
    let times = RwSignal::new(USUAL);
    let change_times = move |typed: String| {
        let number = typed.trim().parse().unwrap_or(USUAL);
        times.set(number.clamp(2, MOST));
    };
    let label = move || {
        let calls =
            plan.current.with(|plan| plan.experiment.preset.pipeline.calls() * plan.lineup.len());
        words::live::repeat(times.get(), calls * times.get())
    };
    let repeat = move |event: web_sys::MouseEvent| {
        let times = times.get_untracked();
        live.act(By::of(&event), move |permit| runs.repeat(times, permit));
    };
    view! {
        <div class="repeat" role="group" aria-label="Repeat">
            <Field
                name="How many times to repeat"
                label="Times"
                control="repeat"
                kind="number"
                class="field narrow"
                eager=false
                value=Signal::derive(move || times.get().to_string())
                on_change=change_times
            />
            <Button control="repeat" one_click_a_press=true on_click=repeat>
                {label}
            </Button>
            <Show when=move || rounds.with(|rounds| !rounds.is_empty())>
                <ul aria-label="Over all runs">
                    <Items lines=Signal::derive(move || rounds.with(|rounds| sums(rounds))) />
                </ul>
                <ol aria-label="Each time">
                    <Items lines=Signal::derive(move || rounds.with(|rounds| lines(rounds))) />
                </ol>
            </Show>
        </div>
    }
}

/// "parallel: median 2.3 s, from 2.1 to 2.6 s in 3 runs", for each schedule. Runs in a hidden tab
/// count only where there are no others.
fn sums(rounds: &[Round]) -> Vec<String> {
    let seen = rounds.iter().any(|round| !round.hidden);
    let counted = rounds.iter().filter(|round| !seen || !round.hidden);
    let times: Vec<(Kind, Duration)> = counted.flat_map(|round| round.times.clone()).collect();
    let sum = |kind: Kind| {
        let own = times.iter().filter(|(other, _)| *other == kind).map(|(_, time)| *time);
        let own: Vec<Duration> = own.collect();
        let found = metrics::spread(&own)?;
        Some(words::live::spread(
            words::display_name(kind.as_str()),
            &seconds(found.median),
            &seconds(found.least),
            &seconds(found.most),
            own.len(),
        ))
    };
    let hidden = rounds.iter().filter(|round| round.hidden).count();
    let left_out = (hidden > 0 && seen).then(|| words::live::left_out(hidden));
    [Kind::Parallel, Kind::Sequential].into_iter().filter_map(sum).chain(left_out).collect()
}

fn lines(rounds: &[Round]) -> Vec<String> {
    let line = |round: &Round| {
        let times = round
            .times
            .iter()
            .map(|(kind, t)| words::live::took(words::display_name(kind.as_str()), &seconds(*t)));
        let hidden = round.hidden.then(|| "the tab was hidden".to_owned());
        times.chain(hidden).collect::<Vec<_>>().join(", ")
    };
    rounds.iter().map(line).collect()
}
