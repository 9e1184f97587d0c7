//! One agent as a chain: prompt, model, parser, and what stands in for an answer that never came.

use super::LangChain;
use crate::codegen::missing;
use crate::codegen::python::{Pieces, literal, name_comment};
use crate::pipeline::Work;
use crate::template::{Part, Template};

impl LangChain<'_> {
    /// One agent: prompt, model, parser.
    pub(super) fn chain(&mut self, agent: usize) {
        let own = self.plan.agent(agent);
        let chain = self.names.task(agent).to_owned();
        self.out.blank(1);
        self.out.part_of = Some(agent);
        name_comment(&mut self.out, 0, &own.name, own.output_key.as_str());
        self.out.line(0, format!("{chain} = ("));
        if own.work == Work::PassThrough {
            self.text("PromptTemplate.from_template(", &own.prompt, ")", 1);
            self.out.line(1, "| RunnableLambda(lambda text: text.to_string())");
        } else {
            self.out.line(1, "ChatPromptTemplate.from_messages([");
            if own.instruction.to_string() != "" {
                self.text("(\"system\",", &own.instruction, "),", 2);
            }
            if own.sees() {
                self.out.line(2, "(\"user\", [");
                self.text("{\"type\": \"text\", \"text\":", &own.prompt, "},", 3);
                self.out.line(3, "{\"type\": \"image_url\", \"image_url\": {\"url\": PICTURE}},");
                self.out.line(2, "]),");
            } else {
                self.text("(\"user\",", &own.prompt, "),", 2);
            }
            self.out.line(1, "])");
            match own.model.as_deref() {
                Some(model) => {
                    self.out.line(
                        1,
                        format!("| llm.model_copy(update={{\"model_name\": {}}})", literal(model)),
                    );
                }
                None => self.out.line(1, "| llm"),
            }
            self.out.line(1, "| StrOutputParser()");
        }
        self.out.line(0, ")");
        let otherwise = match self.collects {
            true => {
                let told =
                    "# A failed call leaves a mark in the prompts that read it, optional or not.";
                Some((told, missing(own.output_key.as_str())))
            }
            false => self
                .plan
                .fallback(agent)
                .map(|text| ("# Where the call fails, something stands in for its answer.", text)),
        };
        if let Some((told, text)) = otherwise.filter(|_| own.work == Work::Model) {
            let text = literal(&text);
            self.out.line(0, told);
            self.out.line(
                0,
                format!("{chain} = {chain}.with_fallbacks([RunnableLambda(lambda _: {text})])"),
            );
        }
        self.out.part_of = None;
    }

    /// A template in lines of its own.
    fn text(&mut self, opening: &str, template: &Template, closing: &str, indent: usize) {
        let mut pieces = Pieces::template();
        for part in template.parts() {
            match part {
                Part::Text(text) => pieces.text(text),
                // A key that no agent writes can only be optional, and then it is empty.
                Part::Hole { key, .. } if self.names.get(key).is_some() => {
                    pieces.hole(self.argument(key))
                }
                Part::Hole { .. } => {}
            }
        }
        match pieces.finish().as_slice() {
            [piece] => {
                let space = if opening.ends_with([',', ':']) { " " } else { "" };
                self.out.line(indent, format!("{opening}{space}{piece}{closing}"));
            }
            pieces => {
                self.out.line(indent, opening);
                pieces.iter().for_each(|piece| self.out.line(indent + 1, piece));
                self.out.line(indent, closing);
            }
        }
    }
}
