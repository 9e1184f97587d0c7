//! What the figures of a run teach: the best possible speedup, the biggest win, and who has slack.
//!
//! Nothing is said that a second run would refute. Where every agent starts as soon as it can, the
//! critical path answers exactly. Under a concurrency limit, or with an agent that blocks the event
//! loop, it does not: there each answer is a prediction that has been run again.

use std::time::Duration;

use crate::engine::{Schedule, Timeouts};
use crate::pipeline::{Pipeline, Work};
use crate::simulate::{Script, predict, without_text};
use crate::state::State;
use crate::time::seconds;
use crate::timeline::metrics::{self, CriticalPath};
use crate::words::advice as words;

/// What a run of these agents under this schedule teaches.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// How long the run takes.
    pub makespan: Duration,
    /// The chain that no number of slots makes shorter. `None` with an agent that blocks the event
    /// loop: then the order of turns matters too.
    pub path: Option<CriticalPath>,
    /// The agent without whose time the run would be shortest, and by how much it would be shorter.
    /// `None` where no single agent's time matters.
    pub biggest_win: Option<(usize, Duration)>,
    /// By how much each agent, by place, could be slower and the run take as long.
    pub slack: Vec<Duration>,
    /// How long each agent takes, by place.
    latencies: Vec<Duration>,
    has_limit: bool,
}

/// What is known of one agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Insight {
    /// Whether the run's length hangs on it.
    pub is_critical: bool,
    /// By how much it could be slower and the run take as long.
    pub slack: Option<Duration>,
}

/// Above this many agents, predictions under a limit or with a blocked event loop take longer than a
/// frame may.
const MOST_PREDICTED: usize = 40;

/// How exactly slack is looked for. What is found has been run, so it is never too much.
const PRECISION: Duration = Duration::from_millis(10);

/// Two runs whose lengths differ by less take equally long.
const EQUAL: Duration = Duration::from_millis(1);

/// Works out what a run of `pipeline` under `schedule` teaches, with agents as in `scripts`. `None`
/// where nothing takes time, and where too many predictions would be needed.
pub fn advise(pipeline: &Pipeline, scripts: &[Script], schedule: Schedule) -> Option<Advice> {
    // What is passed through takes no time, whatever its script says.
    let asks = |agent: usize| pipeline.agents()[agent].work == Work::Model;
    let latency = |(agent, script): (usize, &Script)| match asks(agent) {
        true => script.latency,
        false => Duration::ZERO,
    };
    let latencies: Vec<Duration> = scripts.iter().enumerate().map(latency).collect();
    if metrics::work(&latencies).is_zero() {
        return None;
    }
    let blocks = scripts.iter().any(|script| script.blocking);
    let has_limit = schedule.width.get() < scripts.len();
    let path = (!blocks).then(|| metrics::critical_path(pipeline, &latencies));
    // An agent that is slower by its slack may run into a timeout, which only a prediction tells.
    let has_timeout = schedule.timeouts != Timeouts::default() && scripts.len() <= MOST_PREDICTED;
    if let Some(path) = path.clone().filter(|_| !has_limit && !has_timeout) {
        let gain = |agent: usize| {
            let mut without = latencies.clone();
            without[agent] = Duration::ZERO;
            path.length - metrics::critical_path(pipeline, &without).length
        };
        // The other agents end before the last one does, however fast they are.
        let gains = path.agents.iter().map(|agent| (*agent, gain(*agent)));
        return Some(Advice {
            makespan: path.length,
            biggest_win: biggest(gains),
            slack: (path.slack.iter().enumerate())
                .map(|(agent, slack)| if asks(agent) { *slack } else { Duration::ZERO })
                .collect(),
            path: Some(path),
            latencies,
            has_limit,
        });
    }
    if scripts.len() > MOST_PREDICTED {
        return None;
    }
    let predicted = |agent: usize, latency: Duration| {
        let mut changed = scripts.to_vec();
        changed[agent].latency = latency;
        makespan(pipeline, &changed, schedule)
    };
    let makespan = makespan(pipeline, scripts, schedule);
    let gains = (0..scripts.len())
        .map(|agent| (agent, makespan.saturating_sub(predicted(agent, Duration::ZERO))));
    let slack = latencies.iter().enumerate().map(|(agent, latency)| {
        let is_free =
            |slack: Duration| predicted(agent, *latency + slack).abs_diff(makespan) <= EQUAL;
        let (mut free, mut too_much) = (Duration::ZERO, makespan);
        if !asks(agent) {
            return free;
        }
        while too_much - free > PRECISION {
            let middle = free + (too_much - free) / 2;
            if is_free(middle) { free = middle } else { too_much = middle }
        }
        free
    });
    let (biggest_win, slack) = (biggest(gains), slack.collect());
    Some(Advice { makespan, path, biggest_win, slack, latencies, has_limit })
}

/// The largest gain that can be printed; among equals the first in the list.
fn biggest(gains: impl Iterator<Item = (usize, Duration)>) -> Option<(usize, Duration)> {
    let printable = gains.filter(|(_, gain)| seconds(*gain) != seconds(Duration::ZERO));
    printable.max_by_key(|(agent, gain)| (*gain, std::cmp::Reverse(*agent)))
}

fn makespan(pipeline: &Pipeline, scripts: &[Script], schedule: Schedule) -> Duration {
    let trace = predict(pipeline, &State::new(), &without_text(scripts, schedule), schedule);
    trace.end().since(crate::time::Instant::ZERO)
}

/// Agents of a critical path that are named.
const MOST_CHAINED: usize = 5;

impl Advice {
    /// As sentences for a reader.
    pub fn sentences(&self, pipeline: &Pipeline) -> Vec<String> {
        let name = |agent: usize| pipeline.agents()[agent].title();
        let mut said: Vec<String> = self.best_possible(&name).into_iter().collect();
        said.push(match self.biggest_win {
            Some((agent, gain)) => words::biggest_win(name(agent), &seconds(gain)),
            None => "Several agents tie: speeding up one alone won't help.".into(),
        });
        let most = (0..self.slack.len()).rev().max_by_key(|agent| self.slack[*agent]);
        if let Some(agent) = most.filter(|agent| self.has_slack(*agent)) {
            said.push(words::has_slack(name(agent), &seconds(self.slack[agent])));
        }
        said
    }

    /// Whether agents wait for a slot, so that more than the critical path decides.
    pub fn has_limit(&self) -> bool {
        self.has_limit
    }

    /// Whether an agent has slack that can be printed.
    pub fn has_slack(&self, agent: usize) -> bool {
        let slack = self.slack.get(agent).copied().unwrap_or_default();
        seconds(slack) != seconds(Duration::ZERO)
    }

    /// What it says of one agent.
    pub fn insight(&self, agent: usize) -> Insight {
        let is_on_path = self.path.as_ref().is_some_and(|path| path.agents.contains(&agent));
        let slack = self.slack.get(agent).filter(|_| self.has_slack(agent)).copied();
        Insight { is_critical: is_on_path && !self.has_limit, slack }
    }

    fn best_possible<'a>(&self, name: &impl Fn(usize) -> &'a str) -> Option<String> {
        let path = self.path.as_ref()?;
        let times =
            format!("{:.1}", metrics::speedup(metrics::work(&self.latencies), path.length)?);
        let takes_time = |agent: &&usize| !self.latencies[**agent].is_zero();
        let mut chain: Vec<&str> =
            path.agents.iter().filter(takes_time).map(|agent| name(*agent)).collect();
        if let [first, .., last] = chain[..]
            && chain.len() > MOST_CHAINED
        {
            // Its ends tell which one is meant; a longer sentence would be hard to follow.
            chain = vec![first, "…", last];
        }
        Some(words::best_possible(&times, self.has_limit, &chain, &seconds(path.length)))
    }
}
