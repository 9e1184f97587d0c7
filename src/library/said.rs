//! A row in words, for the table that stands beside the pictures.

use super::{Row, Sees, Siblings};
use crate::pipeline::Pipeline;
use crate::words::{self, library as said};

impl Row {
    /// What the caller of the map gets: "the error of Stock".
    pub fn sees_in_words(&self, pipeline: &Pipeline) -> String {
        let title = |agent: &usize| pipeline.agents()[*agent].title().to_owned();
        let titles = |agents: &[usize]| words::list(&agents.iter().map(title).collect::<Vec<_>>());
        match &self.sees {
            Sees::Answers => said::ANSWERS.to_owned(),
            Sees::Errors(agents) => said::errors(&titles(agents)),
            Sees::Fallbacks(agents) => said::fallbacks(&titles(agents)),
            Sees::First(agent) => said::first(&title(agent)),
            Sees::Error(agent, _) => said::error(&title(agent)),
            Sees::Group(agents) => said::group(&titles(agents)),
            Sees::Timeout => said::TIMEOUT.to_owned(),
            Sees::Never => said::NEVER.to_owned(),
        }
    }
}

impl Sees {
    /// Whether the caller gets no answer.
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Error(..) | Self::Group(_) | Self::Timeout | Self::Never)
    }
}

impl Siblings {
    /// What they do, in words: "keep running, unused".
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => said::NO_SIBLINGS,
            Self::Awaited => said::AWAITED,
            Self::RunOn => said::RUN_ON,
            Self::Canceled => said::CANCELED,
        }
    }
}
