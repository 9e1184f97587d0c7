//! The settings that are a number, as a field on the page shows them and takes them.

use std::time::Duration;

use super::{NamedHedge, NamedQuorum, Settings};
use crate::engine::Late;
use crate::time::exact_seconds;

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

    /// Takes a number that was typed. Nothing is the default, where there is one; what is not a
    /// number, or out of range, changes nothing.
    pub fn type_number(&mut self, number: Number, text: &str) {
        let text = text.trim();
        match number {
            // No limit is a sensible answer to a limit that makes no sense.
            Number::Limit => self.limit = text.parse().ok(),
            _ if text.is_empty() => self.clear_number(number),
            // What becomes of late branches has a menu of its own.
            Number::Quorum => {
                let late = self.quorum.as_ref().map_or_else(Late::default, |quorum| quorum.late);
                let typed = NamedQuorum::parse(text);
                self.quorum =
                    typed.map(|typed| NamedQuorum { late, ..typed }).or(self.quorum.take());
            }
            _ => drop(self.set(number.key(), text)),
        }
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
