//! A hedge and a quorum in a trace file: fields that are there only where a run has them, so that files
//! without them are what they were.

use serde::{Deserialize, Serialize};

use super::SpanFile;
use crate::config::{NamedHedge, NamedQuorum, Settings};
use crate::engine::Schedule;
use crate::model::{ModelError, Usage};
use crate::pipeline::Pipeline;
use crate::time::Instant;
use crate::timeline::Lane;
use crate::trace::{EventKind, Hedged, Outcome, SpanId};

/// The conditions of a run, in the words of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionsFile {
    /// When an agent is asked a second time: `1.5` or `news:0.8`, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hedge: Option<String>,
    /// With how many answers a join begins: `3`, `synthesis:3` or `3,keep`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<String>,
}

/// What they made of one agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanConditions {
    /// The second call of a hedge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<SecondFile>,
    /// The ids of the spans whose answers it began without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<u32>,
}

/// The second call. Where its answer counts, the span has that answer, and this has what the first call
/// had said and cost by then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFile {
    /// When it was made.
    pub start_us: u64,
    /// When the first text came that is in `output`.
    pub first_us: Option<u64>,
    /// When it ended.
    pub end_us: Option<u64>,
    /// `done` if its answer counts, `cancelled` if the first call's does, or `failed`.
    pub outcome: String,
    /// What it met, where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What the call cost whose text is in `output`.
    pub input_tokens: u64,
    /// The same of what it said.
    pub output_tokens: u64,
    /// What the call said that does not count.
    pub output: String,
}

impl ConditionsFile {
    pub(super) fn new(schedule: Schedule, pipeline: &Pipeline) -> Self {
        let name = |agent: usize| Some(pipeline.agents().get(agent)?.name.clone());
        let hedge = schedule.hedge.map(|hedge| {
            NamedHedge { agent: hedge.agent.and_then(name), after: hedge.after }.to_string()
        });
        let quorum = schedule.quorum.map(|quorum| {
            let (answers, late) = (quorum.answers, quorum.late);
            NamedQuorum { join: quorum.join.and_then(name), answers, late }.to_string()
        });
        Self { hedge, quorum }
    }

    /// Sets them on the page; what is not readable is passed over.
    pub(super) fn set(&self, settings: &mut Settings) {
        settings.hedge = self.hedge.as_deref().and_then(NamedHedge::parse);
        settings.quorum = self.quorum.as_deref().and_then(NamedQuorum::parse);
    }
}

impl SpanConditions {
    pub(super) fn new(lane: &Lane) -> Self {
        let missing = lane.missing.iter().map(|agent| SpanId::agent(*agent).number()).collect();
        let second = lane.second.as_ref().map(|second| {
            let usage = second.usage.unwrap_or_default();
            let error = match &second.ended {
                Some((_, Outcome::Failed(error))) => Some(error.to_string()),
                _ => None,
            };
            SecondFile {
                start_us: second.started.unwrap_or_default().as_micros(),
                first_us: second.first.map(Instant::as_micros),
                end_us: second.end().map(Instant::as_micros),
                outcome: second.phase().as_str().into(),
                error,
                input_tokens: usage.input_tokens,
                output_tokens: usage.output_tokens,
                output: second.text.clone(),
            }
        });
        Self { second, missing }
    }

    /// The agents whose answers it began without, by place.
    pub(super) fn missing(&self, agents: usize) -> Vec<usize> {
        let places = self.missing.iter().filter_map(|id| (*id as usize).checked_sub(1));
        places.filter(|place| *place < agents).collect()
    }

    /// Whether the second call's answer counts.
    pub(super) fn second_won(&self) -> bool {
        self.second.as_ref().is_some_and(|second| second.outcome == Outcome::Done.as_str())
    }
}

impl SecondFile {
    /// Whether its times can be those of a part of the span.
    pub(super) fn fits(&self, span: &SpanFile) -> bool {
        let end = self.end_us.unwrap_or(self.start_us);
        let is_inside = |at: u64| {
            span.start_us.is_some_and(|start| start <= at)
                && span.end_us.is_none_or(|end| at <= end)
        };
        is_inside(self.start_us)
            && is_inside(end)
            && self.start_us <= end
            && self.first_us.is_none_or(is_inside)
    }

    /// The events of the second call, but for the texts of the call that counts.
    pub(super) fn log(&self, span: &SpanFile, mut put: impl FnMut(u64, EventKind)) {
        let second = |kind| EventKind::Second(Box::new(kind));
        let end = self.end_us.or(span.end_us).unwrap_or(self.start_us);
        let usage = Usage {
            input_tokens: self.input_tokens,
            output_tokens: self.output_tokens,
            thinking_tokens: 0,
        };
        let has_usage = usage != Usage::default();
        put(self.start_us, EventKind::Hedge);
        // The text that does not count is the first call's where the second one won.
        let won = self.outcome == Outcome::Done.as_str();
        let own = |kind| if won { kind } else { second(kind) };
        if let Some(first) = self.first_us {
            put(first, own(EventKind::Delta(String::new())));
            put(first.max(end), own(EventKind::Delta(self.output.clone())));
        }
        if has_usage {
            put(end, own(EventKind::Usage(usage)));
        }
        if won {
            let first = span.first_us.unwrap_or(end);
            put(first, second(EventKind::Delta(String::new())));
            put(end, second(EventKind::Delta(span.output.clone())));
            let usage = Usage {
                input_tokens: span.input_tokens,
                output_tokens: span.output_tokens,
                thinking_tokens: 0,
            };
            if usage != Usage::default() {
                put(end, second(EventKind::Usage(usage)));
            }
            put(end, EventKind::Hedged(Hedged::SecondWon));
        } else if self.outcome == "failed" {
            let error = self.error.clone().unwrap_or_else(|| "no reason given".into());
            put(end, EventKind::Hedged(Hedged::SecondFailed(ModelError::Imported(error))));
        } else if self.end_us.is_some() && span.outcome == Outcome::Done.as_str() {
            put(end, EventKind::Hedged(Hedged::FirstWon));
        }
    }
}
