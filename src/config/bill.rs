//! What a run comes to in tokens: guessed before anything is sent, and added up afterwards.

use super::Experiment;
use crate::llm::prices::tokens;
use crate::model::Usage;
use crate::pipeline::{Pipeline, Work};
use crate::template::{Part, Template};
use crate::timeline::Timeline;

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

/// What a run has used, as far as the API said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Of each agent, by place, with the tries that came to nothing; `None` where nothing was said.
    pub agents: Vec<Option<Usage>>,
    /// Of all together.
    pub total: Usage,
    /// How many calls were made.
    pub calls: usize,
}

/// Adds up what the calls of a run have used, up to its cursor.
pub fn spent(pipeline: &Pipeline, timeline: &Timeline) -> Spent {
    let mut spent = Spent::default();
    for (agent, lane) in pipeline.agents().iter().zip(timeline.lanes()) {
        if agent.work != Work::Model {
            spent.agents.push(None);
            continue;
        }
        let attempts = lane.failed.iter().map(|attempt| attempt.usage);
        let own: Vec<Usage> = attempts.chain([lane.usage]).flatten().collect();
        let sum = own.iter().fold(Usage::default(), |sum, usage| add(sum, *usage));
        spent.total = add(spent.total, sum);
        spent.agents.push((!own.is_empty()).then_some(sum));
        // A wait for the next try, at whose end the run was stopped, is no call.
        let last = usize::from(lane.started.is_some() && !lane.waits());
        spent.calls += lane.failed.len() + last;
    }
    spent
}

fn add(sum: Usage, more: Usage) -> Usage {
    Usage {
        input_tokens: sum.input_tokens.saturating_add(more.input_tokens),
        output_tokens: sum.output_tokens.saturating_add(more.output_tokens),
        thinking_tokens: sum.thinking_tokens.saturating_add(more.thinking_tokens),
    }
}
