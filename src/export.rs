//! A run that is over as other programs read it: the trace file of the contract, one JSON object a
//! schedule; and made of that, files for spreadsheets, Perfetto, OpenTelemetry and Mermaid. The stage as a
//! picture is [`drawing`](crate::drawing)'s.
//!
//! A summary, one entry a span, computed from the log like everything else; the log itself, event by
//! event, is what [`record`](crate::record) keeps. Times are whole microseconds of model time since
//! the run began. Nothing secret is in it: neither keys nor addresses ever reach a log.

mod conditions;
mod formats;
mod mermaid;
mod opentelemetry;
mod perfetto;
mod read;
mod sheet;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::Schedule;
use crate::pipeline::{Agent, Pipeline};
use crate::state::{Key, State};
use crate::time::{Instant, micros};
use crate::timeline::{Lane, Timeline, metrics};
use crate::trace::{Outcome, SpanId, Trace};

pub use conditions::{ConditionsFile, SecondFile, SpanConditions};
pub use formats::Format;
pub use mermaid::{flowchart, gantt};
pub use opentelemetry::{SCHEMA, opentelemetry};
pub use perfetto::perfetto;
pub use read::{LONGEST, Opened, ReadError, Whole, is_own, open, read, settings};
pub use sheet::{COLUMNS, csv};

/// What says that a file is one of these.
pub const FORMAT: &str = "converge-trace";
/// The form below; it grows only on purpose.
pub const VERSION: u32 = 1;

/// What a log does not know about its run.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// What was run.
    pub pipeline: &'a Pipeline,
    /// How.
    pub schedule: Schedule,
    /// Who answered, as the address names it: `simulated`, `openai` and so on.
    pub provider: &'a str,
    /// Which live model; `None` for a simulated run.
    pub model: Option<&'a str>,
    /// When it began, as in `2026-11-22T10:00:00Z`.
    pub started: &'a str,
    /// Whether the page was out of sight meanwhile, when browsers slow down timers.
    pub hidden: bool,
}

/// One schedule's run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraceFile {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// What was run.
    pub pipeline: PlanFile,
    /// How.
    pub schedule: ScheduleFile,
    /// Who answered.
    pub provider: String,
    /// Which live model.
    pub model: Option<String>,
    /// When it began.
    pub started: String,
    /// Whether the page was out of sight meanwhile.
    pub hidden: bool,
    /// The agents' spans in list order. Their parent, 0, is the run itself.
    pub spans: Vec<SpanFile>,
    /// What they come to.
    pub metrics: MetricsFile,
}

/// What was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFile {
    /// The keys that are there before the run.
    pub inputs: Vec<Key>,
    /// The texts of those keys, where they were given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<Key, String>,
    /// The agents in list order. What each reads is in its texts.
    pub agents: Vec<Agent>,
}

/// How it was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleFile {
    /// `sequential` where one agent may be in flight, otherwise `parallel`.
    pub name: String,
    /// How many agents may be in flight; `None` for any number.
    pub width: Option<usize>,
    /// What a failure does to the others, in the word of the address.
    pub on_error: String,
    /// How often an agent is asked again at most.
    pub retries: u32,
    /// The hedge and the quorum, where there are any.
    #[serde(flatten)]
    pub conditions: ConditionsFile,
}

/// One agent's part in it. What has not happened is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanFile {
    /// Its number: 1 for the first agent.
    pub id: u32,
    /// The number of the span it is a part of: 0, the run.
    pub parent: u32,
    /// The agent's name.
    pub name: String,
    /// `agent`.
    pub kind: String,
    /// When everything it reads was written.
    pub queued_us: Option<u64>,
    /// When it got a slot.
    pub start_us: Option<u64>,
    /// When the first text of its last attempt came.
    pub first_us: Option<u64>,
    /// When it ended.
    pub end_us: Option<u64>,
    /// How: [`Outcome::as_str`], or `running` where the log ends before it does.
    pub outcome: String,
    /// What it met, where it failed.
    pub error: Option<String>,
    /// Attempts that failed and were followed by another one.
    pub retries: u32,
    /// Where its answer went.
    pub output_key: String,
    /// What the call cost, by the API's own count; 0 where it does not say.
    pub input_tokens: u64,
    /// The same of the answer.
    pub output_tokens: u64,
    /// How often it was polled.
    pub polls: u32,
    /// How long it kept the thread, in real time.
    pub busy_us: u64,
    /// What it said.
    pub output: String,
    /// What a hedge and a quorum made of it.
    #[serde(flatten)]
    pub conditions: SpanConditions,
}

/// What a run comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricsFile {
    /// From start to end.
    pub makespan_us: u64,
    /// The sum of all agents' durations.
    pub work_us: u64,
    /// The names of the agents that decide how long it takes, in the order they run.
    pub critical_path: Vec<String>,
    /// The most agents that were in flight at once.
    pub max_in_flight: usize,
}

impl TraceFile {
    /// The whole log of a run, summed up.
    pub fn new(trace: &Trace, about: About<'_>) -> Self {
        let agents = about.pipeline.agents();
        let timeline = Timeline::at(trace, agents.len(), trace.end());
        let spans = agents.iter().zip(timeline.lanes()).enumerate();
        Self {
            format: FORMAT.into(),
            version: VERSION,
            pipeline: PlanFile {
                inputs: about.pipeline.inputs().to_vec(),
                given: BTreeMap::new(),
                agents: agents.to_vec(),
            },
            schedule: ScheduleFile::new(about.schedule, about.pipeline),
            provider: about.provider.into(),
            model: about.model.map(Into::into),
            started: about.started.into(),
            hidden: about.hidden,
            spans: spans.map(|(place, (agent, lane))| SpanFile::new(place, agent, lane)).collect(),
            metrics: MetricsFile::new(&timeline, about.pipeline),
        }
    }

    /// Says what the run was about.
    pub fn given(mut self, inputs: &State) -> Self {
        let own = &self.pipeline.inputs;
        let given = inputs.iter().filter(|(key, _)| own.contains(key));
        self.pipeline.given =
            given.map(|(key, text)| (key.clone(), text.as_ref().into())).collect();
        self
    }

    /// The file's text.
    pub fn text(&self) -> String {
        // Texts, whole numbers and lists of them: nothing in there can fail to become JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl ScheduleFile {
    fn new(schedule: Schedule, pipeline: &Pipeline) -> Self {
        let width = schedule.width.get();
        Self {
            name: if width == 1 { "sequential" } else { "parallel" }.into(),
            width: (width != usize::MAX).then_some(width),
            on_error: schedule.on_failure.as_str().into(),
            retries: schedule.retry.attempts.get() - 1,
            conditions: ConditionsFile::new(schedule, pipeline),
        }
    }
}

impl SpanFile {
    fn new(place: usize, agent: &Agent, lane: &Lane) -> Self {
        let usage = lane.usage.unwrap_or_default();
        let error = match &lane.ended {
            Some((_, Outcome::Failed(error) | Outcome::FellBack(error))) => Some(error.to_string()),
            _ => None,
        };
        Self {
            id: SpanId::agent(place).number(),
            parent: SpanId::RUN.number(),
            name: agent.name.clone(),
            kind: "agent".into(),
            queued_us: lane.queued.map(Instant::as_micros),
            start_us: lane.started.map(Instant::as_micros),
            first_us: lane.first.map(Instant::as_micros),
            end_us: lane.end().map(Instant::as_micros),
            outcome: lane.phase().as_str().into(),
            error,
            retries: u32::try_from(lane.failed.len()).unwrap_or(u32::MAX),
            output_key: agent.output_key.as_str().into(),
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            polls: lane.polls,
            busy_us: micros(lane.busy),
            output: lane.text.clone(),
            conditions: SpanConditions::new(lane),
        }
    }
}

impl MetricsFile {
    fn new(timeline: &Timeline, pipeline: &Pipeline) -> Self {
        let durations = metrics::durations(timeline);
        let path = metrics::critical_path(pipeline, &durations);
        let name = |agent: usize| pipeline.agents()[agent].name.clone();
        Self {
            makespan_us: micros(timeline.makespan()),
            work_us: micros(metrics::work(&durations)),
            critical_path: path.agents.into_iter().map(name).collect(),
            max_in_flight: timeline.max_in_flight(),
        }
    }
}
