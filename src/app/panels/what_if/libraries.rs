//! What would your library do: each library's primitive with the pipeline, latencies and fault at hand,
//! as a row of a table, from its own run of the engine.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::small_timeline::SmallTimeline;
use crate::app::kit::{distinct, go_to_tab};
use crate::app::state::plan::run_relevant;
use crate::app::state::{PlanState, SettingsState};
use crate::config::{Experiment, Settings, Tab, View};
use crate::engine::Schedule;
use crate::library::{Line, Primitive, Rows, lines};
use crate::llm::prices::{Price, price};
use crate::plan::Plan;
use crate::web::clock::TimeSlice;
use crate::words;

/// Wider pipelines would take too long for each change of a setting.
const MOST_AGENTS: usize = 128;

/// See the module.
#[component]
pub fn Libraries() -> impl IntoView {
    let plan = expect_context::<PlanState>().current;
    let is_too_wide = distinct(move || plan.with(|plan| plan.agents() > MOST_AGENTS));
    let fails = distinct(move || {
        plan.with(|plan| plan.experiment.scripts.iter().any(|script| script.fault.is_some()))
    });
    let branches = move || plan.with(|plan| plan.pipeline().branches().len());
    let note = move || match (is_too_wide.get(), fails.get()) {
        (true, _) => words::library::too_many_agents(MOST_AGENTS),
        (false, true) => String::new(),
        (false, false) => words::library::without_failure(branches()).to_owned(),
    };
    view! {
        <section class="libraries" aria-labelledby="libraries-title" data-control="libraries">
            <h3 id="libraries-title">"What would your library do?"</h3>
            <p class="fine">
                "Each row is a run on this page's engine, with the latencies and the fault set above. \
                 Choose one to set the policy for Run and to open its program. "
                {note}
            </p>
            <Show when=move || !is_too_wide.get()>
                <Table />
            </Show>
        </section>
    }
}

/// A row for each primitive.
#[component]
fn Table() -> impl IntoView {
    let lines = follow_plan();
    let has_cost = distinct(move || lines.with(|all| all.iter().any(|line| line.cost.is_some())));
    view! {
        <div
            class="scroller"
            tabindex="0"
            role="group"
            aria-label="What would your library do, scrollable"
        >
            <table aria-labelledby="libraries-title">
                <thead>
                    <tr>
                        <th scope="col">"Primitive"</th>
                        <th scope="col" class="timeline">
                            "Timeline"
                        </th>
                        <th scope="col">"The caller gets"</th>
                        <th scope="col" class="number">
                            "At"
                        </th>
                        <th scope="col">"Other branches"</th>
                        <th scope="col">"Answers kept"</th>
                        <th scope="col" class="number">
                            "Calls"
                        </th>
                        <th scope="col" class="number">
                            "Tokens"
                        </th>
                        <Show when=move || has_cost.get()>
                            <th scope="col" class="number">
                                "Cost"
                            </th>
                        </Show>
                        <th scope="col" class="number">
                            "Wasted"
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {Primitive::ALL
                        .map(|primitive| view! { <Row primitive lines has_cost /> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The row of a primitive. A click anywhere on it chooses it; its button does the same for the keyboard.
#[component]
fn Row(
    primitive: Primitive,
    lines: ReadSignal<Vec<Line>>,
    has_cost: ReadSignal<bool>,
) -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let line = distinct(move || {
        lines.with(|all| all.iter().find(|line| line.primitive == primitive).cloned())
    });
    let is_chosen = distinct(move || settings.current.with(|own| is_set_to(own, primitive)));
    let cells = move || {
        line.get().map(|line| {
            let Line {
                picture, sees, at, siblings, survivors, calls, tokens, cost, wasted, ..
            } = line;
            view! {
                <td class="timeline">
                    <SmallTimeline picture />
                </td>
                <td>{sees}</td>
                <td class="number">{at}</td>
                <td>{siblings}</td>
                <td>{survivors}</td>
                <td class="number">{calls}</td>
                <td class="number">{tokens}</td>
                {has_cost.get().then(|| view! { <td class="number">{cost}</td> })}
                <td class="number wasted">{wasted}</td>
            }
        })
    };
    view! {
        <tr
            class:chosen=is_chosen
            aria-current=move || is_chosen.get().then_some("true")
            on:click=move |_| choose(settings, primitive)
        >
            <th scope="row">
                <button type="button" class="quiet primitive">
                    {primitive.code()}
                </button>
                <span class="fine">{primitive.language().label()}</span>
            </th>
            {cells}
        </tr>
    }
}

/// Whether the settings are what choosing the primitive makes of them.
fn is_set_to(settings: &Settings, primitive: Primitive) -> bool {
    let mut chosen = settings.clone();
    primitive.choose(&mut chosen) && chosen == *settings
}

/// Sets the policy for Run, and opens the primitive's program.
fn choose(settings: SettingsState, primitive: Primitive) {
    let mut chosen = settings.current.get_untracked();
    let is_all = primitive.choose(&mut chosen);
    let note = match primitive {
        _ if is_all => None,
        Primitive::WithRetryAroundMap => Some(words::library::around_the_map(primitive.code())),
        Primitive::WithRetry => Some(words::library::RETRIES_ALL.to_owned()),
        Primitive::WaitFor => Some(words::library::NEEDS_A_TIMEOUT.to_owned()),
        _ => Some(words::library::HAS_A_TIMEOUT.to_owned()),
    };
    let opens_tab = chosen.view == View::All;
    if opens_tab {
        chosen.tab = Tab::Code;
    }
    // A note stands until the plan that comes with it is on screen, or the next one.
    if settings.current.with_untracked(run_relevant) == run_relevant(&chosen) {
        settings.current.set(chosen);
        settings.notice.set(note);
    } else {
        settings.replace(chosen, note.into_iter().collect());
    }
    if opens_tab {
        go_to_tab(Tab::Code.as_str());
    }
}

/// What the rows follow from.
#[derive(Clone)]
struct Conditions {
    experiment: Rc<Experiment>,
    /// Limit, run timeout and seed.
    schedule: Schedule,
    price: Option<Price>,
}

impl Conditions {
    /// Those of a plan; `None` where it has too many agents.
    fn of(plan: &Plan) -> Option<Self> {
        let settings = plan.settings();
        let is_narrow = plan.agents() <= MOST_AGENTS;
        is_narrow.then(|| Self {
            experiment: plan.experiment.clone(),
            schedule: settings.parallel(plan.pipeline()),
            price: price_of_all(settings, plan),
        })
    }

    fn are_as(&self, other: &Self) -> bool {
        let same = |one: &Experiment, other: &Experiment| {
            Rc::ptr_eq(&one.preset, &other.preset)
                && one.scripts == other.scripts
                && one.inputs == other.inputs
        };
        same(&self.experiment, &other.experiment)
            && (self.schedule, self.price) == (other.schedule, other.price)
    }
}

/// The price of every call, where a live model is set, all agents ask it, and its price is known.
fn price_of_all(settings: &Settings, plan: &Plan) -> Option<Price> {
    let (id, url) = settings.target()?;
    let is_own = url.is_ok_and(|url| id.owns(&url));
    let has_own = plan.pipeline().agents().iter().any(|agent| agent.model.is_some());
    price(id, settings.model.as_deref().unwrap_or(id.model())).filter(|_| is_own && !has_own)
}

/// The lines of the plan at hand, computed in slices after each change: what is shown until then is
/// what was there before.
fn follow_plan() -> ReadSignal<Vec<Line>> {
    let plan = expect_context::<PlanState>().current;
    let (shown, show) = signal(Vec::new());
    let latest = StoredValue::new_local(None::<Rc<Conditions>>);
    Effect::new(move |_| {
        let Some(conditions) = plan.with(Conditions::of) else { return };
        let is_known = |latest: &Option<Rc<Conditions>>| {
            latest.as_ref().is_some_and(|latest| latest.are_as(&conditions))
        };
        if latest.with_value(is_known) {
            return;
        }
        let conditions = Rc::new(conditions);
        latest.set_value(Some(conditions.clone()));
        spawn_local(async move {
            let is_current = || {
                let is_it = |latest: &Option<Rc<Conditions>>| {
                    latest.as_ref().is_some_and(|latest| Rc::ptr_eq(latest, &conditions))
                };
                latest.try_with_value(is_it) == Some(true)
            };
            let slice = TimeSlice::begin();
            let Experiment { preset, scripts, inputs } = &*conditions.experiment;
            let pipeline = &preset.pipeline;
            let mut source = Rows::of(pipeline, inputs, scripts, conditions.schedule);
            let mut rows = Vec::new();
            for primitive in Primitive::ALL {
                slice.pause().await;
                if !is_current() {
                    return;
                }
                rows.push(source.row(primitive));
            }
            show.set(lines(&rows, pipeline, conditions.price));
        });
    });
    shown
}
