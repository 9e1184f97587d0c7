//! What the live runs of a plan have used and cost once they are over, and what the other schedule
//! would have taken.

use std::time::Duration;

use super::{Kind, Plan, expected};
use crate::config::{Spent, spent};
use crate::engine::Schedule;
use crate::llm::prices::{self, Price};
use crate::model::Usage;
use crate::pipeline::Work;
use crate::simulate;
use crate::time::seconds;
use crate::timeline::{Phase, Timeline};
use crate::words;

/// More agents than this get no row of their own.
const MOST_ROWS: usize = 50;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Spending {
    /// The agents that call a model, by place, with what people call them.
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

impl Spending {
    /// Adds up the runs that have begun; `None` where there are none. `price` is that of a model, the
    /// run's own where an agent has none.
    pub fn of(
        plan: &Plan,
        runs: &[(Kind, Timeline)],
        sequential: Schedule,
        price: impl Fn(Option<&str>) -> Option<Price>,
    ) -> Option<Self> {
        if runs.is_empty() {
            return None;
        }
        let whole = |kind: Kind| {
            let run = runs.iter().find(|(own, _)| *own == kind).map(|(_, run)| run);
            run.filter(|run| run.run().phase() == Phase::Done && !run.keeps_answers())
        };
        // Each agent one after the other, each as long as it took.
        let in_sequence = |run: &Timeline| {
            expected(&plan.experiment, &simulate::scripts_of(run), sequential).makespan()
        };
        let agents = plan.pipeline().agents();
        let callers = agents.iter().enumerate().filter(|(_, agent)| agent.work == Work::Model);
        Some(Self {
            agents: callers.map(|(place, agent)| (place, agent.title().to_owned())).collect(),
            prices: agents.iter().map(|agent| price(agent.model.as_deref())).collect(),
            estimate: whole(Kind::Parallel).map(in_sequence),
            measured: whole(Kind::Sequential).map(Timeline::makespan),
            calls: plan.experiment.preset.pipeline.calls(),
            runs: runs.iter().map(|(kind, run)| (*kind, spent(plan.pipeline(), run))).collect(),
        })
    }

    /// Whether the sequential run is estimated, so that it can be measured.
    pub fn is_measurable(&self) -> bool {
        self.estimate.is_some() && self.run(Kind::Sequential).is_none()
    }

    /// How many calls measuring it makes.
    pub fn calls(&self) -> usize {
        self.calls
    }

    /// What the sequential run takes, or would.
    pub fn timed(&self) -> String {
        match (self.estimate.map(seconds), self.measured.map(seconds)) {
            (Some(estimate), Some(measured)) => words::spent::sequential_took(&measured, &estimate),
            (Some(estimate), None) => words::spent::sequential_would(&estimate),
            (None, _) => String::new(),
        }
    }

    /// What the two schedules cost against each other.
    pub fn compared(&self) -> String {
        match (self.run(Kind::Parallel), self.run(Kind::Sequential)) {
            (Some(parallel), Some(sequential)) => {
                let (one, other) = (self.sum(parallel), self.sum(sequential));
                let (Some(one), Some(other)) = (one, other) else {
                    return words::spent::not_reported(parallel.calls + sequential.calls);
                };
                let why = match parallel.calls == sequential.calls {
                    true if one == other => words::spent::the_same_calls(parallel.calls),
                    true => words::spent::the_same_calls_but_length(parallel.calls),
                    false => words::spent::calls_and_calls(parallel.calls, sequential.calls),
                };
                words::spent::compared(&one, &other, &why)
            }
            (Some(parallel), None) => match (self.sum(parallel), self.estimate) {
                (None, _) => words::spent::not_reported(parallel.calls),
                // Half a run is not what the other schedule would pay for.
                (Some(sum), None) => words::spent::parallel_used(&sum, parallel.calls),
                (Some(sum), Some(_)) => {
                    words::spent::parallel_used_and_sequence_would(&sum, parallel.calls)
                }
            },
            (None, Some(sequential)) => match self.sum(sequential) {
                Some(sum) => words::spent::sequential_used(&sum, sequential.calls),
                None => words::spent::not_reported(sequential.calls),
            },
            (None, None) => String::new(),
        }
    }

    /// The head of the table: a column for each run.
    pub fn columns(&self) -> Vec<String> {
        let head = |kind: Kind| words::spent::tokens_in_out(words::display_name(kind.as_str()));
        self.runs.iter().map(|(kind, _)| head(*kind)).collect()
    }

    /// The rows of the table: an agent, and what it has used in each run.
    pub fn rows(&self) -> Vec<(String, Vec<String>)> {
        let row = |(agent, title): &(usize, String)| {
            let price = self.prices.get(*agent).copied().flatten();
            let cells = self.runs.iter().map(|(_, spent)| {
                let usage = spent.agents.get(*agent).copied().flatten();
                usage.map_or(words::spent::NOT_REPORTED.into(), |usage| used(usage, price))
            });
            (title.clone(), cells.collect())
        };
        self.agents.iter().take(MOST_ROWS).map(row).collect()
    }

    /// When the prices were read, where one is known.
    pub fn prices_of(&self) -> Option<String> {
        let is_priced = self.prices.iter().any(Option::is_some);
        is_priced.then(|| words::spent::prices_of(prices::AS_OF))
    }

    fn run(&self, kind: Kind) -> Option<&Spent> {
        self.runs.iter().find(|(own, _)| *own == kind).map(|(_, spent)| spent)
    }

    /// What all calls of a run have cost, where every price is known.
    fn cost(&self, spent: &Spent) -> Option<f64> {
        let each = spent.agents.iter().zip(&self.prices);
        each.map(|(usage, price)| Some(prices::cost(usage.unwrap_or_default(), (*price)?))).sum()
    }

    /// "1,234 tokens, $0.0012" of a run; `None` where the server reported nothing.
    fn sum(&self, spent: &Spent) -> Option<String> {
        let is_reported =
            |(agent, _): &&(usize, String)| spent.agents.get(*agent).is_some_and(Option::is_some);
        let counted = self.agents.iter().filter(is_reported).count();
        if counted == 0 {
            return None;
        }
        let gaps = if counted < self.agents.len() { words::spent::AS_FAR_AS_REPORTED } else { "" };
        let tokens = spent.total.input_tokens.saturating_add(spent.total.output_tokens);
        let cost = self.cost(spent).map(prices::dollars);
        Some(words::spent::sum(tokens, cost.as_deref(), gaps))
    }
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
