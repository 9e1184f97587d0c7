//! What a run comes to in tokens: guessed before anything is sent, and added up afterwards.

use std::cmp::Reverse;
use std::num::NonZeroU32;

use super::Experiment;
use crate::llm::ProviderId;
use crate::llm::prices::{self, tokens};
use crate::model::Usage;
use crate::pipeline::{Agent, Pipeline, Work};
use crate::state::Key;
use crate::template::{Part, Template};
use crate::timeline::Timeline;

/// As long as an answer mostly is, in tokens: some two hundred words.
const ANSWER: u64 = 300;

/// What one run of a pipeline asks of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The model's name, as it is sent.
    pub model: String,
    /// How many calls go to it.
    pub calls: u64,
    /// The tokens of those calls: the prompts as they are, and answers of usual length.
    pub usage: Usage,
}

impl Experiment {
    /// What one run asks of each model, the one of most calls first. `model` is the one that agents
    /// without a model of their own ask; no answer has more than `max_tokens`.
    pub fn asked(&self, model: &str, max_tokens: Option<NonZeroU32>) -> Vec<Asked> {
        let answer = max_tokens.map_or(ANSWER, |most| ANSWER.min(u64::from(most.get())));
        let length = |key: &Key| self.inputs.get(key).map_or(answer, |text| tokens(text));
        let mut models: Vec<Asked> = Vec::new();
        let agents = self.preset.pipeline.agents().iter();
        for agent in agents.filter(|agent| agent.work == Work::Model) {
            let name = agent.model.as_deref().unwrap_or(model);
            let usage = Usage {
                input_tokens: prompt_tokens(agent, length),
                output_tokens: answer,
                thinking_tokens: 0,
            };
            match models.iter_mut().find(|asked| asked.model == name) {
                Some(asked) => {
                    asked.calls += 1;
                    asked.usage = add(asked.usage, usage);
                }
                None => models.push(Asked { model: name.to_owned(), calls: 1, usage }),
            }
        }
        models.sort_by_key(|asked| Reverse(asked.calls));
        models
    }

    /// The tokens of one run in which each agent is asked once and answers what its script says, by the
    /// texts themselves.
    pub fn scripted(&self) -> Usage {
        let pipeline = &self.preset.pipeline;
        let mut texts = self.inputs.clone();
        let mut sum = Usage::default();
        for place in pipeline.by_level().into_iter().flatten() {
            let agent = &pipeline.agents()[place];
            let text = |key: &Key, _| texts.get(key).cloned().unwrap_or_default();
            let answer = match agent.work {
                Work::Model => {
                    let answer = self.scripts[place].answer.fill(text);
                    sum.input_tokens += prompt_tokens(agent, |key| tokens(&text(key, false)));
                    sum.output_tokens += tokens(&answer);
                    answer
                }
                Work::PassThrough => agent.prompt.fill(text),
            };
            texts.set(agent.output_key.clone(), answer);
        }
        sum
    }
}

/// The tokens of what an agent is asked, where the text of a key has so many.
pub(crate) fn prompt_tokens(agent: &Agent, length: impl Fn(&Key) -> u64) -> u64 {
    let part = |part: &Part| match part {
        Part::Text(text) => tokens(text),
        Part::Hole { key, .. } => length(key),
    };
    [&agent.instruction, &agent.prompt].into_iter().flat_map(Template::parts).map(part).sum()
}

/// What it costs to ask all of them that often, or whose price is not known.
///
/// # Errors
/// The names of the models without a known price: then the sum is unknown too.
pub fn expected_cost(asked: &[Asked], id: ProviderId, runs: u64) -> Result<f64, Vec<&str>> {
    let price = |asked: &Asked| prices::price(id, &asked.model);
    let unknown = asked.iter().filter(|asked| price(asked).is_none());
    let unknown: Vec<&str> = unknown.map(|asked| asked.model.as_str()).collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let costs = asked.iter().filter_map(|asked| Some(prices::cost(asked.usage, price(asked)?)));
    Ok(costs.sum::<f64>() * runs as f64)
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
        let second = lane.second.as_ref().and_then(|second| second.usage);
        let own: Vec<Usage> = attempts.chain([lane.usage, second]).flatten().collect();
        let sum = own.iter().fold(Usage::default(), |sum, usage| add(sum, *usage));
        spent.total = add(spent.total, sum);
        spent.agents.push((!own.is_empty()).then_some(sum));
        spent.calls += lane.calls(agent.work);
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
