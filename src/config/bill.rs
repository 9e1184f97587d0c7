//! What a run would come to in tokens, guessed before anything is sent.

use super::Experiment;
use crate::llm::prices::tokens;
use crate::model::Usage;
use crate::pipeline::Work;
use crate::template::{Part, Template};

/// As long as an answer mostly is, in tokens: some two hundred words.
const ANSWER: u64 = 300;

impl Experiment {
    /// The tokens of one run of the pipeline: its prompts as they are, and answers of usual length.
    pub fn expected_usage(&self) -> Usage {
        let length = |template: &Template| -> u64 {
            let part = |part: &Part| match part {
                Part::Text(text) => tokens(text),
                Part::Hole { key, .. } => self.inputs.get(key).map_or(ANSWER, |text| tokens(text)),
            };
            template.parts().iter().map(part).sum()
        };
        let agents = self.preset.pipeline.agents().iter();
        let calls = agents.filter(|agent| agent.work == Work::Model);
        calls.fold(Usage::default(), |sum, agent| Usage {
            input_tokens: sum.input_tokens + length(&agent.instruction) + length(&agent.prompt),
            output_tokens: sum.output_tokens + ANSWER,
            thinking_tokens: 0,
        })
    }
}
