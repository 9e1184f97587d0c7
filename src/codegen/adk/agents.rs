//! The agents of a program for ADK.
//!
//! An agent's prompt is told in its instruction, since all agents of a session share the reader's
//! message. ADK fills every `{name}` of an instruction, doubled or not: a text with braces of its
//! own is therefore made by a function, which ADK leaves alone.

use super::{Adk, Edition};
use crate::codegen::python::{Pieces, literal, name_comment};
use crate::codegen::{Form, missing, one_by_one};
use crate::pipeline::Work;
use crate::template::{Part, Template};

impl<'a> Adk<'a> {
    /// Whether an agent's prompt is the message that ADK gives it anyway, so that its instruction
    /// need not hold it.
    fn is_message(&self, agent: usize) -> bool {
        let [input, ..] = self.plan.pipeline.inputs() else { return false };
        let same = self.plan.agent(agent).prompt.parts() == Template::hole(input).parts();
        let first = match self.form {
            Form::Sequential => one_by_one(self.plan.pipeline).first() == Some(&agent),
            Form::Parallel => self.plan.pipeline.needs(agent).is_empty(),
        };
        same && self.plan.asks(agent) && (self.edition == Edition::One || first)
    }

    /// What an agent is told, as what ADK fills, or as an f-string over the state of `context`.
    fn pieces(&self, agent: usize, context: Option<&str>) -> Vec<String> {
        let mut pieces = Pieces::default();
        for part in &self.told(agent) {
            match part {
                Part::Text(text) => pieces.text(text),
                Part::Hole { key, optional } => match (context, optional) {
                    (Some(context), true) => {
                        pieces.hole(&format!("{context}.state.get('{key}', '')"))
                    }
                    (Some(context), false) => pieces.hole(&format!("{context}.state['{key}']")),
                    (None, true) => pieces.bare_hole(&format!("{key}?")),
                    (None, false) => pieces.bare_hole(key.as_str()),
                },
            }
        }
        pieces.finish()
    }

    /// The instruction and, where it is not the message anyway, the prompt.
    fn told(&self, agent: usize) -> Vec<Part> {
        let own = self.plan.agent(agent);
        let mut told = match own.work {
            Work::Model => own.instruction.parts().to_vec(),
            Work::PassThrough => Vec::new(),
        };
        if !self.is_message(agent) {
            if !told.is_empty() && !own.prompt.parts().is_empty() {
                told.push(Part::Text("\n\n".into()));
            }
            told.extend_from_slice(own.prompt.parts());
        }
        told
    }

    /// The variable that holds an agent or a node.
    pub(super) fn variable(&self, agent: usize) -> &str {
        self.names.task(agent)
    }

    /// What ADK calls it.
    fn name(&self, agent: usize) -> String {
        let own = &self.plan.agent(agent).name;
        if self.named { own.clone() } else { self.names.written_by(agent).to_owned() }
    }

    pub(super) fn agent(&mut self, agent: usize) {
        self.out.blank(2);
        self.out.part_of = Some(agent);
        let name = self.name(agent);
        name_comment(&mut self.out, 0, &self.plan.agent(agent).name, &name);
        match (self.plan.agent(agent).work, self.edition) {
            (Work::Model, _) => self.asking(agent, &name),
            (Work::PassThrough, Edition::One) => self.passing_on(agent, &name),
            (Work::PassThrough, Edition::Two) => self.passing_node(agent),
        }
        self.out.part_of = None;
    }

    fn asking(&mut self, agent: usize, name: &str) {
        let (own, variable) = (self.plan.agent(agent), self.variable(agent).to_owned());
        let key = literal(own.output_key.as_str());
        self.out.line(0, format!("{variable} = LlmAgent("));
        self.out.line(1, format!("name={},", literal(name)));
        let model = match (&own.model, self.has_client()) {
            (Some(model), true) => format!("gemini({})", literal(model)),
            (Some(model), false) => literal(model),
            (None, true) => "gemini()".to_owned(),
            (None, false) => "GEMINI_MODEL".to_owned(),
        };
        self.out.line(1, format!("model={model},"));
        // What ADK would fill though it is no hole, and what it might not though it is one.
        let by_hand = self.told(agent).iter().any(|part| match part {
            Part::Text(text) => text.contains(['{', '}']),
            Part::Hole { key, .. } => !key.as_str().is_ascii(),
        });
        let opening = if by_hand { "instruction=lambda context: (" } else { "instruction=(" };
        self.out.line(1, opening);
        let pieces = self.pieces(agent, by_hand.then_some("context"));
        pieces.iter().for_each(|piece| self.out.line(2, piece));
        self.out.line(1, "),");
        if self.plan.temperature().is_some() || self.plan.patience().is_some() {
            self.out.line(1, "generate_content_config=CONFIG,");
        }
        if own.searches() {
            self.out.line(1, "tools=[google_search],");
        }
        if own.sees() {
            self.out.line(1, "before_model_callback=with_picture,");
        }
        let otherwise = match self.plan.collects() {
            true => {
                let told = "# A failed call leaves a mark in the prompts that read it.";
                Some((told, missing(own.output_key.as_str())))
            }
            false => self
                .plan
                .fallback(agent)
                .map(|text| ("# Where the call fails, something stands in for its answer.", text)),
        };
        if let Some((told, text)) = otherwise {
            self.out.line(1, told);
            self.out
                .line(1, "on_model_error_callback=lambda callback_context, llm_request, error: (");
            self.out.line(2, format!("LlmResponse(content=said({}))", literal(&text)));
            self.out.line(1, "),");
        }
        self.out.line(1, format!("output_key={key},"));
        self.out.line(0, ")");
    }

    /// In ADK 1, an agent that answers before it asks anybody.
    fn passing_on(&mut self, agent: usize, name: &str) {
        let key = literal(self.plan.agent(agent).output_key.as_str());
        let variable = self.variable(agent).to_owned();
        let function = format!("{variable}_answers");
        self.out.line(
            0,
            format!("def {function}(callback_context):  # no call: the text is passed on"),
        );
        self.out.line(1, format!("callback_context.state[{key}] = ("));
        let pieces = self.pieces(agent, Some("callback_context"));
        pieces.iter().for_each(|piece| self.out.line(2, piece));
        self.out.line(1, ")");
        self.out.line(1, format!("return said(callback_context.state[{key}])"));
        self.out.blank(2);
        self.out.line(0, format!("{variable} = LlmAgent("));
        self.out.line(1, format!("name={},", literal(name)));
        self.out.line(1, format!("before_agent_callback={function},"));
        self.out.line(0, ")");
    }

    /// In ADK 2, a function is a node.
    fn passing_node(&mut self, agent: usize) {
        let key = literal(self.plan.agent(agent).output_key.as_str());
        let variable = self.variable(agent).to_owned();
        self.out.line(0, format!("def {variable}(ctx):  # no call: the text is passed on"));
        self.out.line(1, format!("ctx.state[{key}] = ("));
        let pieces = self.pieces(agent, Some("ctx"));
        pieces.iter().for_each(|piece| self.out.line(2, piece));
        self.out.line(1, ")");
        self.out.line(1, format!("return ctx.state[{key}]"));
    }

    /// An agent's own line among others'.
    pub(super) fn entry(&mut self, indent: usize, agent: usize) {
        self.out.part_of = Some(agent);
        let line = format!("{},", self.variable(agent));
        self.out.waits(indent, line, vec![agent]);
        self.out.part_of = None;
    }
}
