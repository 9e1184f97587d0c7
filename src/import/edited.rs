//! A run that was measured elsewhere as a pipeline to edit.

use std::time::Duration;

use super::Import;
use crate::edit::{AgentText, Edited, Field, MOST_AGENTS};
use crate::time::exact_seconds;
use crate::words;

impl Import {
    /// The run as a pipeline to edit: each agent takes as long as it was measured to.
    ///
    /// # Errors
    /// With what keeps it from being one: it may have too many agents for the editor.
    pub fn edited(&self) -> Result<Edited, String> {
        let count = self.pipeline.agents().len();
        if count > MOST_AGENTS {
            return Err(words::import::too_many_to_simulate(count, MOST_AGENTS));
        }
        let texts = self.pipeline.agents().iter().enumerate().map(|(place, agent)| {
            let piece = self.agents.iter().position(|own| *own == place).map(|at| &self.pieces[at]);
            let mut text = AgentText::default();
            text.work = agent.work;
            // Commas and colons part names in addresses.
            let name: String =
                agent.name.chars().map(|c| if ",:".contains(c) { ' ' } else { c }).collect();
            text.set(Field::Name, name.chars().take(Field::Name.most()).collect::<String>());
            text.set(Field::Key, agent.output_key.as_str());
            text.set(Field::Model, agent.model.clone().unwrap_or_default());
            text.set(Field::Instruction, agent.instruction.to_string());
            let prompt = agent.prompt.to_string();
            let prompt = if prompt.trim().is_empty() { "{topic}".into() } else { prompt };
            text.set(Field::Prompt, prompt.chars().take(Field::Prompt.most()).collect::<String>());
            let took = piece.and_then(|piece| Some(piece.end? - piece.start)).unwrap_or_default();
            let took = took.min(Duration::from_secs(60));
            text.set(Field::Latency, exact_seconds(took));
            let answer = piece.map(|piece| piece.output.as_str()).unwrap_or_default();
            // A simulated agent that says nothing would fail.
            let is_empty = answer.trim().is_empty();
            let answer = if is_empty { words::import::NO_ANSWER } else { answer };
            let answer: String = answer.chars().take(Field::Answer.most()).collect();
            text.set(Field::Answer, answer.replace('{', "(").replace('}', ")"));
            text
        });
        Edited::new(texts.collect()).map_err(|problems| {
            problems.into_iter().next().map(|problem| problem.says).unwrap_or_default()
        })
    }
}
