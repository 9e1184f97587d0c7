//! After a live run: what it used, agent by agent, what the other schedule would have taken, and a
//! button that measures that for real.
//!
//! It is about runs that are over and reads their whole logs, so that the playhead changes nothing.

use std::time::Duration;

use leptos::prelude::*;

use crate::app::kit::Button;
use crate::app::state::live::CalledServer;
use crate::app::state::log::Log;
use crate::app::state::permit::By;
use crate::app::state::{LiveState, PlanState, PlayheadState, RunsState, SettingsState};
use crate::config::{Spent, spent};
use crate::llm::prices::{self, Price};
use crate::model::Usage;
use crate::pipeline::Work;
use crate::plan::{Kind, Plan, expected};
use crate::simulate;
use crate::time::seconds;
use crate::timeline::{Phase, Timeline};
use crate::words;

/// More agents than this get no row of their own.
const MOST_ROWS: usize = 50;

/// What a live run has come to; nothing before one is over.
#[component]
pub fn Spending() -> impl IntoView {
    let settings = expect_context::<SettingsState>();
    let plan = expect_context::<PlanState>();
    let playhead = expect_context::<PlayheadState>();
    let runs = expect_context::<RunsState>();
    let live = expect_context::<LiveState>();
    let after = Memo::new(move |_| After::read(settings, plan, playhead, live));
    let says = move |of: fn(&After) -> String| move || after.with(|after| after.as_ref().map(of));
    let is_measurable = move || {
        after.with(|after| {
            after
                .as_ref()
                .is_some_and(|a| a.estimate.is_some() && a.run(Kind::Sequential).is_none())
        })
    };
    let measure = move |event: web_sys::MouseEvent| {
        live.act(By::of(&event), move |permit| runs.measure_sequential(permit));
    };
    let measure_label = move || {
        words::spent::measure(after.with(|after| after.as_ref().map_or(0, |after| after.calls)))
    };
    view! {
        <Show when=move || after.with(Option::is_some)>
            <div class="spent" role="group" aria-label="After the run">
                <p>
                    {says(After::timed)} " " <Show when=is_measurable>
                        <Button control="measure" one_click_a_press=true on_click=measure>
                            {measure_label}
                        </Button>
                    </Show>
                </p>
                <p>{says(After::compared)}</p>
                {move || after.get().map(|after| view! { <SpendingTable after /> })}
            </div>
        </Show>
    }
}

#[component]
fn SpendingTable(after: After) -> impl IntoView {
    let heads = after.runs.iter().map(|(kind, _)| {
        let head = words::spent::tokens_in_out(words::display_name(kind.as_str()));
        view! {
            <th scope="col" class="number">
                {head}
            </th>
        }
    });
    let row = |(agent, name): &(usize, String)| {
        let price = after.prices.get(*agent).copied().flatten();
        let cells = after.runs.iter().map(|(_, spent)| {
            let usage = spent.agents.get(*agent).copied().flatten();
            let said = usage.map_or("not reported".into(), |usage| used(usage, price));
            view! { <td class="number">{said}</td> }
        });
        view! {
            <tr>
                <th scope="row">{name.clone()}</th>
                {cells.collect_view()}
            </tr>
        }
    };
    let is_priced = after.prices.iter().any(Option::is_some);
    view! {
        <div
            class="scroller"
            tabindex="0"
            role="group"
            aria-label="Tokens and cost, scrollable"
        >
            <table aria-label="Tokens and cost">
                <thead>
                    <tr>
                        <th scope="col">"Agent"</th>
                        {heads.collect_view()}
                    </tr>
                </thead>
                <tbody>{after.agents.iter().take(MOST_ROWS).map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="fine">{is_priced.then(|| words::spent::prices_of(prices::AS_OF))}</p>
    }
}

/// What is known when the runs are over.
#[derive(Clone, PartialEq)]
struct After {
    /// Who calls a model, by place.
    agents: Vec<(usize, String)>,
    /// Of each agent, where it is known.
    prices: Vec<Option<Price>>,
    runs: Vec<(Kind, Spent)>,
    /// What the sequential run would take, by the latencies of the parallel one.
    estimate: Option<Duration>,
    /// What it took.
    measured: Option<Duration>,
    /// How many calls one run of the pipeline makes.
    calls: usize,
}

impl After {
    /// Reads the runs; `None` while one goes on, and where none of them called a model.
    fn read(
        settings: SettingsState,
        plan: PlanState,
        playhead: PlayheadState,
        live: LiveState,
    ) -> Option<Self> {
        if playhead.running.get() {
            return None;
        }
        // The edge moves with every frame of a run, and stands once all is over.
        playhead.edge.track();
        let called = live.called_server()?;
        plan.current.with(|plan| {
            let runs = playhead.logs.with_value(|logs| {
                let begun = plan.lineup.iter().zip(&logs.logs);
                let begun = begun.filter(|(_, log)| !log.trace.borrow().events().is_empty());
                let over = |log: &Log| {
                    let trace = log.trace.borrow();
                    Timeline::at(&trace, plan.agents(), trace.end())
                };
                begun.map(|(planned, log)| (planned.kind, over(log))).collect::<Vec<_>>()
            });
            if runs.is_empty() {
                return None;
            }
            let whole = |kind: Kind| {
                let run = runs.iter().find(|(own, _)| *own == kind).map(|(_, run)| run);
                run.filter(|run| run.run().phase() == Phase::Done && !run.keeps_answers())
            };
            // Each agent one after the other, each as long as it took.
            let in_sequence = |run: &Timeline| {
                let schedule = settings.current.with_untracked(|settings| settings.sequential());
                expected(&plan.experiment, &simulate::scripts_of(run), schedule).makespan()
            };
            Some(Self {
                agents: callers(plan),
                prices: prices_of(plan, &called),
                estimate: whole(Kind::Parallel).map(in_sequence),
                measured: whole(Kind::Sequential).map(Timeline::makespan),
                calls: plan.experiment.preset.pipeline.calls(),
                runs: runs.iter().map(|(kind, run)| (*kind, spent(plan.pipeline(), run))).collect(),
            })
        })
    }

    /// What all calls of a run have cost, where every price is known.
    fn cost(&self, spent: &Spent) -> Option<f64> {
        let each = spent.agents.iter().zip(&self.prices);
        each.map(|(usage, price)| Some(prices::cost(usage.unwrap_or_default(), (*price)?))).sum()
    }

    /// "1,234 tokens, $0.0012" of a run.
    fn sum(&self, spent: &Spent) -> String {
        let said =
            |(agent, _): &(usize, String)| spent.agents.get(*agent).is_some_and(Option::is_some);
        let counted = self.agents.iter().filter(|agent| said(agent)).count();
        if counted == 0 {
            return "tokens that nobody has counted".into();
        }
        let gaps = if counted < self.agents.len() { " as far as it was said" } else { "" };
        let tokens = spent.total.input_tokens.saturating_add(spent.total.output_tokens);
        let cost = self.cost(spent).map(prices::dollars);
        words::spent::sum(tokens, cost.as_deref(), gaps)
    }

    fn run(&self, kind: Kind) -> Option<&Spent> {
        self.runs.iter().find(|(own, _)| *own == kind).map(|(_, spent)| spent)
    }

    /// What the two schedules cost against each other.
    fn compared(&self) -> String {
        match (self.run(Kind::Parallel), self.run(Kind::Sequential)) {
            (Some(parallel), Some(sequential)) => {
                let (one, other) = (self.sum(parallel), self.sum(sequential));
                let why = match parallel.calls == sequential.calls {
                    true if one == other => words::spent::the_same_calls(parallel.calls),
                    true => words::spent::the_same_calls_but_length(parallel.calls),
                    false => words::spent::calls_and_calls(parallel.calls, sequential.calls),
                };
                words::spent::compared(&one, &other, &why)
            }
            // Half a run is not what the other schedule would pay for.
            (Some(parallel), None) if self.estimate.is_none() => {
                words::spent::parallel_used(&self.sum(parallel), parallel.calls)
            }
            (Some(parallel), None) => {
                words::spent::parallel_used_and_sequence_would(&self.sum(parallel), parallel.calls)
            }
            (None, Some(sequential)) => {
                words::spent::sequential_used(&self.sum(sequential), sequential.calls)
            }
            (None, None) => String::new(),
        }
    }

    /// What the sequential run takes, or would.
    fn timed(&self) -> String {
        match (self.estimate.map(seconds), self.measured.map(seconds)) {
            (Some(estimate), Some(measured)) => words::spent::sequential_took(&measured, &estimate),
            (Some(estimate), None) => words::spent::sequential_would(&estimate),
            (None, _) => String::new(),
        }
    }
}

fn callers(plan: &Plan) -> Vec<(usize, String)> {
    let agents = plan.pipeline().agents().iter().enumerate();
    let calls = agents.filter(|(_, agent)| agent.work == Work::Model);
    calls.map(|(place, agent)| (place, agent.name.clone())).collect()
}

fn prices_of(plan: &Plan, called: &CalledServer) -> Vec<Option<Price>> {
    let agents = plan.pipeline().agents().iter();
    let price = |model: &Option<String>| {
        let model = model.as_deref().unwrap_or(&called.model);
        prices::price(called.id, model).filter(|_| called.id.owns(&called.base_url))
    };
    agents.map(|agent| price(&agent.model)).collect()
}

/// "120, 34, $0.0001".
fn used(usage: Usage, price: Option<Price>) -> String {
    let thought = match usage.thinking_tokens {
        0 => String::new(),
        thinking => words::spent::thinking(thinking),
    };
    let cost = price.map(|price| format!(", {}", prices::dollars(prices::cost(usage, price))));
    format!("{}, {}{thought}{}", usage.input_tokens, usage.output_tokens, cost.unwrap_or_default())
}
