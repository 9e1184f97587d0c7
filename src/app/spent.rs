//! After a live run: what it used, agent by agent, what the other schedule would have taken, and a
//! button that measures that for real.
//!
//! It is about runs that are over and reads their whole logs, so that the cursor changes nothing.

use std::time::Duration;

use super::dom::{Node, el};
use super::signals::Memo;

use super::again::Before;
use super::demo::Demo;
use super::doctor::Called;
use super::runs::Log;
use super::stage::{Kind, Stage, expected};
use super::ui::{button, part, shown, text};
use crate::config::{ScheduleChoice, Spent, spent};
use crate::engine::Resume;
use crate::llm::prices::{self, Price};
use crate::model::Usage;
use crate::pipeline::Work;
use crate::simulate::{self, Calls};
use crate::time::seconds;
use crate::timeline::{Phase, Timeline};
use crate::web::clock::BrowserClock;
use crate::words;

/// More agents than this get no row of their own.
const MOST_ROWS: usize = 50;

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

fn after(demo: Demo) -> Option<After> {
    // The edge moves with every frame of a run, and stands once all is over.
    if demo.running.get() {
        return None;
    }
    demo.edge.with(|_| ());
    let called = demo.called()?;
    demo.stage.with(|stage| {
        let runs = demo.runs.with_value(|runs| {
            let begun = stage.lineup.iter().zip(&runs.logs);
            let begun = begun.filter(|(_, log)| !log.trace.borrow().events().is_empty());
            let over = |log: &Log| {
                let trace = log.trace.borrow();
                Timeline::at(&trace, stage.agents(), trace.end())
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
        Some(After {
            agents: callers(stage),
            prices: prices_of(stage, &called),
            estimate: whole(Kind::Parallel).map(|run| demo.estimate(stage, run)),
            measured: whole(Kind::Sequential).map(Timeline::makespan),
            calls: stage.experiment.preset.pipeline.calls(),
            runs: runs.iter().map(|(kind, run)| (*kind, spent(stage.pipeline(), run))).collect(),
        })
    })
}

fn callers(stage: &Stage) -> Vec<(usize, String)> {
    let agents = stage.pipeline().agents().iter().enumerate();
    let calls = agents.filter(|(_, agent)| agent.work == Work::Model);
    calls.map(|(place, agent)| (place, agent.name.clone())).collect()
}

fn prices_of(stage: &Stage, called: &Called) -> Vec<Option<Price>> {
    let agents = stage.pipeline().agents().iter();
    let price = |model: &Option<String>| {
        let model = model.as_deref().unwrap_or(&called.model);
        prices::price(called.id, model).filter(|_| called.id.owns(&called.base_url))
    };
    agents.map(|agent| price(&agent.model)).collect()
}

impl Demo {
    /// Runs in sequence, beside it, what has run in parallel.
    pub fn measure_sequential(self) {
        let Some(log) = self.stage.with_untracked(|stage| {
            let place = stage.place(Kind::Parallel)?;
            self.runs.with_value(|runs| runs.logs.get(place).cloned())
        }) else {
            return;
        };
        let mut settings = self.settings.get_untracked();
        let reached = settings.provider.map(|id| self.reach(id, &settings, None));
        if let Some(Err(problem)) = reached {
            self.notice.set(Some(problem));
            return;
        }
        settings.schedule = ScheduleChoice::Race;
        self.settle(settings);
        let left = Some(Resume::default());
        let anew = Log::new(BrowserClock::new(1.0));
        let calls = Calls::default;
        self.start(
            &[
                Before { kind: Kind::Sequential, log: anew, left, calls: calls() },
                Before { kind: Kind::Parallel, log, left: None, calls: calls() },
            ],
            false,
        );
        self.expect_sequential();
    }

    /// How long the agents of that run would take one after the other, each as long as it took.
    fn estimate(self, stage: &Stage, run: &Timeline) -> Duration {
        let schedule = self.settings.with_untracked(|settings| settings.sequential());
        expected(&stage.experiment, &simulate::scripts_of(run), schedule).makespan()
    }
}

impl After {
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
            return words::spent::NOBODY_COUNTED.into();
        }
        let gaps = if counted < self.agents.len() { words::spent::AS_FAR_AS_SAID } else { "" };
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

/// What a live run has come to; nothing before one is over.
pub fn after_the_run(demo: Demo) -> Node {
    let after = Memo::new(move |_| after(demo));
    let says = move |of: fn(&After) -> String| {
        text(move || after.with(|after| after.as_ref().map(of).unwrap_or_default()))
    };
    let measurable = move || {
        after.with(|after| {
            after
                .as_ref()
                .is_some_and(|a| a.estimate.is_some() && a.run(Kind::Sequential).is_none())
        })
    };
    let measure = text(move || {
        let calls = after.with(|after| after.as_ref().map_or(0, |after| after.calls));
        words::spent::measure(calls)
    });
    shown(
        move || after.with(Option::is_some),
        move || {
            el("div")
                .class("spent")
                .attr("role", "group")
                .attr("aria-label", words::spent::AFTER_THE_RUN)
                .child(
                    el("p")
                        .child(says(After::timed))
                        .child(" ")
                        .child(shown(measurable, move || {
                            button("", "measure", measure, move || demo.measure_sequential())
                        })),
                )
                .child(el("p").child(says(After::compared)))
                .child(part(move || after.get().map(table)))
                .node()
        },
    )
}

fn table(after: After) -> Node {
    let head: Vec<Node> = (after.runs.iter())
        .map(|(kind, _)| {
            el("th")
                .attr("scope", "col")
                .class("number")
                .child(words::spent::tokens_in_out(words::called(kind.word())))
                .node()
        })
        .collect();
    let rows: Vec<Node> = (after.agents.iter().take(MOST_ROWS))
        .map(|(agent, name)| row(&after, *agent, name.clone()))
        .collect();
    let dated = after.prices.iter().any(Option::is_some);
    let dated = dated.then(|| words::spent::prices_of(prices::AS_OF));
    (
        el("div")
            .class("scroller")
            .attr("tabindex", "0")
            .attr("role", "group")
            .attr("aria-label", words::spent::TABLE_SCROLLABLE)
            .child(
                el("table")
                    .attr("aria-label", words::spent::TABLE)
                    .child(
                        el("thead").child(
                            el("tr")
                                .child(el("th").attr("scope", "col").child(words::spent::AGENT))
                                .child(head),
                        ),
                    )
                    .child(el("tbody").child(rows)),
            ),
        el("p").class("fine").child(dated),
    )
        .into()
}

fn row(after: &After, agent: usize, name: String) -> Node {
    let price = after.prices.get(agent).copied().flatten();
    let cells: Vec<Node> = (after.runs.iter())
        .map(|(_, spent)| {
            let usage = spent.agents.get(agent).copied().flatten();
            let said = usage.map_or(words::spent::NOT_SAID.into(), |usage| used(usage, price));
            el("td").class("number").child(said).node()
        })
        .collect();
    el("tr").child(el("th").attr("scope", "row").child(name)).child(cells).node()
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
