//! What is drawn: the shape of latencies, the number of branches, the hedge, the quorum and the seed.

use std::num::NonZeroUsize;
use std::time::Duration;

use leptos::prelude::*;

use super::draw::Drawing;
use super::slider::{Slider, nearest};
use crate::app::kit::{Button, Choice, Field, Menu, distinct};
use crate::app::state::{PlanState, SettingsState};
use crate::config::{NamedHedge, NamedQuorum};
use crate::engine::Late;
use crate::plan::tail::reach;
use crate::presets::PresetId;
use crate::tail::Shape;
use crate::time::seconds;
use crate::words;

const EXACT: &str = "exact";
const LOG_NORMAL: &str = "lognormal";
const SLOW: &str = "slow";
const MEASURED: &str = "measured";

/// The shapes that a choice begins with.
const USUAL_LOG_NORMAL: Shape = Shape::LogNormal { sigma: 0.5 };
const USUAL_SLOW: Shape = Shape::Slow { share: 0.01, times: 10.0 };

const SIGMAS: [f64; 16] =
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 3.0];
const ONE_IN: [f64; 9] = [1000.0, 500.0, 200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0];
const TIMES: [f64; 9] = [1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0];
const BRANCHES: [f64; 20] = [
    1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 75.0, 100.0, 150.0, 200.0,
    300.0, 500.0, 750.0, 1000.0,
];
/// Steps of the hedge's slider.
const HEDGE_STEPS: usize = 50;

/// See the module.
#[component]
pub fn Controls() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let shape = move || settings.with(|settings| settings.spread);
    let drawing = expect_context::<Drawing>();
    let is =
        move |of: fn(Shape) -> bool| move || !drawing.is_measured.get() && shape().is_some_and(of);
    view! {
        <div class="tail-controls" role="group" aria-label="What is drawn">
            <Latencies />
            <Show when=is(|shape| matches!(shape, Shape::LogNormal { .. }))>
                <Sigma />
            </Show>
            <Show when=is(|shape| matches!(shape, Shape::Slow { .. }))>
                <SlowCalls />
            </Show>
            <Branches />
            <HedgeSlider />
            <QuorumSlider />
            <Seed />
        </div>
    }
}

#[component]
fn Latencies() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let drawing = expect_context::<Drawing>();
    let has_measured = distinct(move || drawing.measurements.with(Option::is_some));
    let choices = Signal::derive(move || {
        let mut choices = vec![
            Choice::new(EXACT, "Exact"),
            Choice::new(LOG_NORMAL, "Log-normal"),
            Choice::new(SLOW, "Some are slow"),
        ];
        if has_measured.get() {
            choices.push(Choice::new(MEASURED, "As measured"));
        }
        choices
    });
    let value = Signal::derive(move || {
        let word = match settings.with(|settings| settings.spread) {
            _ if drawing.is_measured.get() => MEASURED,
            None => EXACT,
            Some(Shape::LogNormal { .. }) => LOG_NORMAL,
            Some(Shape::Slow { .. }) => SLOW,
        };
        word.to_owned()
    });
    let choose = move |word: String| {
        drawing.is_measured.set(word == MEASURED);
        let spread = match word.as_str() {
            LOG_NORMAL => Some(USUAL_LOG_NORMAL),
            SLOW => Some(USUAL_SLOW),
            EXACT => None,
            _ => return,
        };
        settings.update(|settings| settings.spread = spread);
    };
    view! { <Menu name="Latencies" control="spread" choices value on_change=choose /> }
}

#[component]
fn Sigma() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let sigma = move || match settings.with(|settings| settings.spread) {
        Some(Shape::LogNormal { sigma }) => sigma,
        _ => 0.0,
    };
    let value = move || {
        let p95 = Shape::LogNormal { sigma: sigma() }.of(Duration::from_secs(1)).quantile(0.95);
        words::tail::sigma(sigma(), &words::times(&format!("{p95:.1}")))
    };
    let set = move |place: usize| {
        let sigma = SIGMAS[place.min(SIGMAS.len() - 1)];
        settings.update(|settings| settings.spread = Some(Shape::LogNormal { sigma }));
    };
    view! {
        <Slider
            name="Sigma"
            control="spread"
            last=Signal::stored(SIGMAS.len() - 1)
            place=Signal::derive(move || nearest(&SIGMAS, sigma()))
            value=Signal::derive(value)
            on_move=set
        />
    }
}

#[component]
fn SlowCalls() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let figures = move || match settings.with(|settings| settings.spread) {
        Some(Shape::Slow { share, times }) => (share, times),
        _ => (0.01, 10.0),
    };
    let set = move |change: fn(&mut f64, &mut f64, usize)| {
        move |place: usize| {
            settings.update(|settings| {
                if let Some(Shape::Slow { share, times }) = &mut settings.spread {
                    change(share, times, place);
                }
            });
        }
    };
    let set_share = set(|share, _, place| *share = 1.0 / ONE_IN[place.min(ONE_IN.len() - 1)]);
    let set_times = set(|_, times, place| *times = TIMES[place.min(TIMES.len() - 1)]);
    view! {
        <Slider
            name="Slow calls"
            control="spread"
            last=Signal::stored(ONE_IN.len() - 1)
            place=Signal::derive(move || nearest(&ONE_IN, 1.0 / figures().0.max(1e-6)))
            value=Signal::derive(move || words::tail::slow_share(figures().0))
            on_move=set_share
        />
        <Slider
            name="How slow"
            control="spread"
            last=Signal::stored(TIMES.len() - 1)
            place=Signal::derive(move || nearest(&TIMES, figures().1))
            value=Signal::derive(move || words::times(&figures().1.to_string()))
            on_move=set_times
        />
    }
}

/// The number of branches, where the scenario has a choice, and the way to one that has.
#[component]
fn Branches() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>();
    let is_fan_out = distinct(move || {
        settings.with(|s| s.preset == PresetId::Fanout && s.edited.is_none()) && !plan.is_measured()
    });
    view! {
        <Show when=move || is_fan_out.get() fallback=OwnBranches>
            <Slider
                name="Number of branches"
                control="n"
                last=Signal::stored(BRANCHES.len() - 1)
                place=Signal::derive(move || {
                    settings.with(|settings| nearest(&BRANCHES, settings.n as f64))
                })
                value=Signal::derive(move || settings.with(|settings| settings.n.to_string()))
                on_move=move |place: usize| {
                    let n = BRANCHES[place.min(BRANCHES.len() - 1)] as usize;
                    settings.update(|settings| settings.n = n);
                }
            />
        </Show>
    }
}

#[component]
fn OwnBranches() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let plan = expect_context::<PlanState>().current;
    let branches = move || plan.with(|plan| plan.pipeline().branches().len());
    let change = move |_| {
        let n = untrack(branches).max(1);
        settings.update(|settings| {
            settings.choose(PresetId::Fanout);
            settings.n = n;
        });
    };
    view! {
        <p class="field tail-branches">
            <span>{move || words::tail::branches_here(branches())}</span>
            <Button control="n" on_click=change>
                "Choose how many"
            </Button>
        </p>
    }
}

#[component]
fn HedgeSlider() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let drawing = expect_context::<Drawing>();
    let longest = distinct(move || drawing.question.with(|question| reach(question).0));
    let step = move || longest.get().as_secs_f64() / HEDGE_STEPS as f64;
    let place = move || {
        settings.with(|settings| match &settings.hedge {
            Some(hedge) => {
                let place = (hedge.after.as_secs_f64() / step()).round() as usize;
                place.clamp(1, HEDGE_STEPS)
            }
            None => 0,
        })
    };
    let value = move || {
        settings.with(|settings| match &settings.hedge {
            Some(hedge) => words::tail::after(&seconds(hedge.after), hedge.agent.as_deref()),
            None => words::tail::OFF.into(),
        })
    };
    let set = move |place: usize| {
        let after = untrack(step) * place as f64;
        // In hundredths, so that the address stays short.
        let after = Duration::from_millis((after * 100.0).round() as u64 * 10);
        settings.update(|settings| {
            let agent = settings.hedge.take().and_then(|hedge| hedge.agent);
            settings.hedge = (place > 0).then_some(NamedHedge { agent, after });
        });
    };
    view! {
        <Slider
            name="Hedge"
            control="hedge"
            last=Signal::stored(HEDGE_STEPS)
            place=Signal::derive(place)
            value=Signal::derive(value)
            on_move=set
        />
    }
}

#[component]
fn QuorumSlider() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let drawing = expect_context::<Drawing>();
    let of = distinct(move || drawing.question.with(|question| reach(question).1.max(1)));
    let answers = move || {
        let own = settings.with(|s| s.quorum.as_ref().map(|quorum| quorum.answers.get()));
        own.unwrap_or(usize::MAX).min(of.get())
    };
    let set = move |answers: usize| {
        let is_all = answers >= of.get_untracked();
        settings.update(|settings| {
            let before = settings.quorum.take();
            let late = before.as_ref().map_or(Late::Cancel, |quorum| quorum.late);
            let join = before.and_then(|quorum| quorum.join);
            settings.quorum = NonZeroUsize::new(answers)
                .filter(|_| !is_all)
                .map(|answers| NamedQuorum { join, answers, late });
        });
    };
    view! {
        <Slider
            name="Quorum"
            control="quorum"
            first=1
            last=Signal::derive(move || of.get())
            place=Signal::derive(answers)
            value=Signal::derive(move || words::tail::answers(answers(), of.get()))
            on_move=set
        />
    }
}

#[component]
fn Seed() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let set = move |seed: Option<u64>| {
        if let Some(seed) = seed {
            settings.update(|settings| settings.seed = seed);
        }
    };
    view! {
        <div class="tail-seed">
            <Field
                name="Seed"
                control="seed"
                kind="number"
                class="field"
                eager=false
                value=Signal::derive(move || settings.with(|settings| settings.seed.to_string()))
                on_change=move |typed: String| set(typed.trim().parse().ok())
            />
            <Button
                control="seed"
                on_click=move |_| set(settings.with_untracked(|s| s.seed.checked_add(1)))
            >
                "Redraw"
            </Button>
        </div>
    }
}
