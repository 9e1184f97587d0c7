//! The settings that are a number, as a field on the page shows them and takes them.

use std::time::Duration;

use super::{NamedHedge, NamedQuorum, Settings};
use crate::engine::Late;
use crate::pipeline::Pipeline;
use crate::presets::MOST_FANOUT;
use crate::simulate::MOST_RETRIES;
use crate::time::{LONGEST_TYPED, exact_seconds};
use crate::timeline::crowd::grouped;
use crate::words;

/// A setting that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Branches of the fan-out preset.
    Branches,
    /// The concurrency limit.
    Limit,
    /// Retries of a failed call.
    Retries,
    /// Seconds to the first token.
    FirstTokenTimeout,
    /// Seconds from one token to the next.
    StallTimeout,
    /// Seconds for the whole run.
    RunTimeout,
    /// Answers with which a join begins; with the join's name before it where it is for one alone.
    Quorum,
    /// Seconds to an agent's second call; with the agent's name before it where it is for one alone.
    Hedge,
    /// The live model's temperature.
    Temperature,
    /// Tokens of an answer.
    MaxOutputTokens,
}

impl Number {
    /// Its key in the address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Branches => "n",
            Self::Limit => "limit",
            Self::Retries => "retries",
            Self::FirstTokenTimeout => "first_timeout",
            Self::StallTimeout => "read_timeout",
            Self::RunTimeout => "run_timeout",
            Self::Quorum => "quorum",
            Self::Hedge => "hedge",
            Self::Temperature => "temperature",
            Self::MaxOutputTokens => "max_tokens",
        }
    }

    /// What a field for it accepts, in a sentence.
    fn accepted(self, pipeline: &Pipeline) -> String {
        match self {
            Self::Branches => words::settings::whole_number(1, Some(&grouped(MOST_FANOUT))),
            Self::Limit | Self::MaxOutputTokens => words::settings::whole_number(1, None),
            Self::Retries => words::settings::whole_number(0, Some(&MOST_RETRIES.to_string())),
            Self::FirstTokenTimeout | Self::StallTimeout | Self::RunTimeout => {
                words::settings::seconds_above_zero(&grouped(LONGEST_TYPED))
            }
            Self::Hedge => words::settings::seconds_from_zero(&grouped(LONGEST_TYPED)),
            Self::Quorum => {
                let joins = (0..pipeline.agents().len()).map(|join| pipeline.needs(join).len());
                words::settings::answers_of(joins.max().unwrap_or_default().max(1))
            }
            Self::Temperature => words::settings::TEMPERATURE_RANGE.to_owned(),
        }
    }
}

impl Settings {
    /// A number as text; empty while it is not set.
    pub fn number(&self, number: Number) -> String {
        let text = match number {
            Number::Branches => Some(self.n.to_string()),
            Number::Limit => self.limit.map(|limit| limit.to_string()),
            Number::Retries => self.retries.map(|retries| retries.to_string()),
            Number::FirstTokenTimeout => self.first_timeout.map(in_seconds),
            Number::StallTimeout => self.read_timeout.map(in_seconds),
            Number::RunTimeout => self.run_timeout.map(in_seconds),
            Number::Quorum => self.quorum.as_ref().map(NamedQuorum::without_late),
            Number::Hedge => self.hedge.as_ref().map(NamedHedge::to_string),
            Number::Temperature => self.temperature.map(|temperature| temperature.to_string()),
            Number::MaxOutputTokens => self.max_tokens.map(|most| most.to_string()),
        };
        text.unwrap_or_default()
    }

    /// What holds while the number is not set; empty where no number does.
    pub fn default_number(&self, number: Number) -> String {
        let text = match number {
            Number::Retries => Some(self.usual_retries().to_string()),
            Number::FirstTokenTimeout => self.default_first_timeout().map(in_seconds),
            Number::StallTimeout => self.default_stall_timeout().map(in_seconds),
            _ => None,
        };
        text.unwrap_or_default()
    }

    /// Takes a number that was typed for that pipeline. Nothing is the default, where there is one.
    ///
    /// # Errors
    /// What is accepted, in a sentence: what was typed is none of it, and the setting stays as it was.
    pub fn type_number(
        &mut self,
        number: Number,
        text: &str,
        pipeline: &Pipeline,
    ) -> Result<(), String> {
        let text = text.trim();
        let is_accepted = match number {
            Number::Branches if text.is_empty() => false,
            _ if text.is_empty() => {
                self.clear_number(number);
                true
            }
            Number::Quorum => self.type_quorum(text, pipeline),
            _ => self.set(number.key(), text).is_some(),
        };
        if is_accepted { Ok(()) } else { Err(number.accepted(pipeline)) }
    }

    /// Takes a quorum, unless it is of more answers than its join has branches: it would change nothing.
    /// What becomes of late branches has a menu of its own, so it stays.
    fn type_quorum(&mut self, text: &str, pipeline: &Pipeline) -> bool {
        let late = self.quorum.as_ref().map_or_else(Late::default, |quorum| quorum.late);
        let Some(typed) = NamedQuorum::parse(text) else { return false };
        let quorum = typed.of(|name| pipeline.find(name));
        let is_possible =
            quorum.is_some_and(|quorum| quorum.answers.get() <= quorum.most_answers(pipeline));
        if is_possible {
            self.quorum = Some(NamedQuorum { late, ..typed });
        }
        is_possible
    }

    fn clear_number(&mut self, number: Number) {
        match number {
            Number::Branches => {}
            Number::Limit => self.limit = None,
            Number::Retries => self.retries = None,
            Number::FirstTokenTimeout => self.first_timeout = None,
            Number::StallTimeout => self.read_timeout = None,
            Number::RunTimeout => self.run_timeout = None,
            Number::Quorum => self.quorum = None,
            Number::Hedge => self.hedge = None,
            Number::Temperature => self.temperature = None,
            Number::MaxOutputTokens => self.max_tokens = None,
        }
    }
}

fn in_seconds(time: Duration) -> String {
    exact_seconds(time)
}
