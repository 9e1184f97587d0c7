//! Programs for LangChain: one `RunnableParallel` a level, joined by pipes, as the article has it.
//!
//! A map waits for all of its chains, so an agent may start later here than on the page; the
//! program says so where that is the case. Texts are LangChain's templates, with every brace that
//! is not a hole doubled; answers are filled in and never read as templates.

use std::collections::BTreeSet;

use super::python::{Names, Pieces, endpoint_lines, literal, name_comment};
use super::{Form, Line, Plan, Writer, missing, one_by_one};
use crate::engine::OnFailure;
use crate::pipeline::Work;
use crate::state::Key;
use crate::template::{Part, Template};

/// What the program calls things itself.
const OWN_NAMES: &[&str] = &[
    "asyncio",
    "os",
    "itemgetter",
    "StrOutputParser",
    "ChatPromptTemplate",
    "PromptTemplate",
    "RunnableLambda",
    "RunnableParallel",
    "ChatOpenAI",
    "llm",
    "run",
    "given",
    "response",
    "full_chain",
    "print",
];

const ITEMGETTER: &str = "from operator import itemgetter";

pub(super) fn lines(form: Form, plan: &Plan<'_>) -> Vec<Line> {
    let names = Names::with(plan.pipeline, OWN_NAMES, ["", "_chain"]);
    let collects = plan.schedule.on_failure == OnFailure::Collect;
    let mut chains = LangChain { plan, names, collects, out: Writer::default() };
    chains.head(form);
    for agent in one_by_one(plan.pipeline) {
        chains.chain(agent);
    }
    match form {
        Form::Sequential => chains.sequential(),
        Form::Parallel => chains.parallel(),
    }
    let mut lines = chains.out.lines;
    if !lines.iter().any(|line| line.text.contains(": itemgetter(")) {
        lines.retain(|line| line.text != ITEMGETTER);
    }
    lines
}

struct LangChain<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    collects: bool,
    out: Writer,
}

impl LangChain<'_> {
    fn limit(&self) -> Option<usize> {
        Some(self.plan.schedule.width.get()).filter(|limit| *limit != usize::MAX)
    }

    fn passes(&self) -> bool {
        self.plan.pipeline.agents().iter().any(|agent| agent.work == Work::PassThrough)
    }

    fn head(&mut self, form: Form) {
        let (passes, collects) = (self.passes(), self.collects);
        let threads = form == Form::Parallel && self.limit().is_some();
        let out = &mut self.out;
        if !threads {
            out.line(0, "import asyncio");
        }
        out.line(0, "import os");
        if form == Form::Parallel {
            out.line(0, ITEMGETTER);
        }
        out.blank(1);
        out.line(0, "from langchain_core.output_parsers import StrOutputParser");
        let plain = if passes { ", PromptTemplate" } else { "" };
        out.line(0, format!("from langchain_core.prompts import ChatPromptTemplate{plain}"));
        let lambda = passes || collects;
        match (form, lambda) {
            (Form::Parallel, true) => {
                out.line(
                    0,
                    "from langchain_core.runnables import RunnableLambda, RunnableParallel",
                );
            }
            (Form::Parallel, false) => {
                out.line(0, "from langchain_core.runnables import RunnableParallel");
            }
            (Form::Sequential, true) => {
                out.line(0, "from langchain_core.runnables import RunnableLambda");
            }
            (Form::Sequential, false) => {}
        }
        out.line(0, "from langchain_openai import ChatOpenAI");
        out.blank(1);
        out.line(0, "llm = ChatOpenAI(");
        out.line(1, format!("model={},", literal(&self.plan.endpoint.model)));
        endpoint_lines(out, self.plan.endpoint);
        out.line(1, "max_retries=0,");
        out.line(0, ")");
        if self.plan.pipeline.agents().iter().any(|agent| !agent.tools.is_empty()) {
            out.line(0, "# The agents' search tool is left out: this API has none.");
        }
    }

    /// One agent: prompt, model, parser.
    fn chain(&mut self, agent: usize) {
        let own = self.plan.pipeline.agents()[agent].clone();
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
            self.text("(\"user\",", &own.prompt, "),", 2);
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
        if self.collects && own.work == Work::Model {
            let mark = literal(&missing(own.output_key.as_str()));
            self.out.line(
                0,
                "# A failed call leaves a mark in the prompts that read it, optional or not.",
            );
            self.out.line(
                0,
                format!("{chain} = {chain}.with_fallbacks([RunnableLambda(lambda _: {mark})])"),
            );
        }
        self.out.part_of = None;
    }

    /// A template in lines of its own.
    fn text(&mut self, opening: &str, template: &Template, closing: &str, indent: usize) {
        let mut pieces = Pieces::template();
        for part in template.parts() {
            match part {
                Part::Text(text) => text.chars().for_each(|c| pieces.push(c)),
                // A key that nobody writes can only be optional, and then it is empty.
                Part::Hole { key, .. } if self.names.get(key).is_some() => {
                    pieces.hole(key.as_str())
                }
                Part::Hole { .. } => {}
            }
        }
        match pieces.finish().as_slice() {
            [piece] => {
                let space = if opening.ends_with(',') { " " } else { "" };
                self.out.line(indent, format!("{opening}{space}{piece}{closing}"));
            }
            pieces => {
                self.out.line(indent, opening);
                pieces.iter().for_each(|piece| self.out.line(indent + 1, piece));
                self.out.line(indent, closing);
            }
        }
    }

    /// What is known before the first call, as the entries of a dictionary.
    fn inputs(&mut self, indent: usize) {
        for input in self.plan.pipeline.inputs() {
            let text = self.plan.inputs.get(input).map_or("", |text| text);
            self.out.line(indent, format!("{}: {},", literal(input.as_str()), literal(text)));
        }
    }

    fn finals(&self) -> Vec<usize> {
        let pipeline = self.plan.pipeline;
        (0..pipeline.agents().len()).filter(|agent| pipeline.is_final(*agent)).collect()
    }

    fn key(&self, agent: usize) -> &Key {
        &self.plan.pipeline.agents()[agent].output_key
    }

    fn sequential(&mut self) {
        self.out.blank(2);
        self.out.line(0, "async def run():");
        self.out.line(1, "given = {");
        self.inputs(2);
        self.out.line(1, "}");
        self.out.line(1, "# Each await ends before the next line begins, needed or not.");
        for agent in one_by_one(self.plan.pipeline) {
            let key = literal(self.key(agent).as_str());
            let line = format!("given[{key}] = await {}.ainvoke(given)", self.names.task(agent));
            self.out.part_of = Some(agent);
            self.out.waits(1, line, vec![agent]);
            self.out.part_of = None;
        }
        for agent in self.finals() {
            let key = literal(self.key(agent).as_str());
            self.out.line(1, format!("print(given[{key}])"));
        }
        self.out.blank(2);
        self.out.line(0, "asyncio.run(run())");
    }

    fn parallel(&mut self) {
        let pipeline = self.plan.pipeline;
        let levels = pipeline.by_level();
        let uneven = levels.windows(2).any(|pair| {
            pair[1]
                .iter()
                .any(|agent| pair[0].iter().any(|need| !pipeline.needs(*agent).contains(need)))
        });
        self.out.blank(1);
        self.out.line(
            0,
            "# A RunnableParallel runs all of its chains at once and waits for the slowest.",
        );
        if uneven {
            self.out.line(0, "# So some wait here for answers that they do not read; the page starts them sooner.");
        }
        self.out.line(0, "full_chain = (");
        let mut written: BTreeSet<Key> = pipeline.inputs().iter().cloned().collect();
        for (depth, level) in levels.iter().enumerate() {
            let pipe = if depth == 0 { "" } else { "| " };
            if let [agent] = level.as_slice()
                && depth + 1 == levels.len()
                && self.ends_alone()
            {
                self.out.part_of = Some(*agent);
                let line = format!("{pipe}{}", self.names.task(*agent));
                self.out.waits(1, line, vec![*agent]);
                self.out.part_of = None;
                break;
            }
            self.out.waits(1, format!("{pipe}RunnableParallel({{"), level.clone());
            for agent in level {
                let key = literal(self.key(*agent).as_str());
                self.out.part_of = Some(*agent);
                self.out.waits(2, format!("{key}: {},", self.names.task(*agent)), vec![*agent]);
                self.out.part_of = None;
            }
            let later: BTreeSet<&Key> = (levels[depth + 1..].iter().flatten())
                .flat_map(|agent| pipeline.agents()[*agent].reads())
                .map(|(key, _)| key)
                .collect();
            let last: BTreeSet<&Key> = self
                .finals()
                .into_iter()
                .map(|agent| &pipeline.agents()[agent].output_key)
                .collect();
            for key in written.iter().filter(|key| later.contains(key) || last.contains(key)) {
                let key = literal(key.as_str());
                self.out.line(2, format!("{key}: itemgetter({key}),  # kept for those below"));
            }
            self.out.line(1, "})");
            written.extend(level.iter().map(|agent| pipeline.agents()[*agent].output_key.clone()));
        }
        self.out.line(0, ")");
        let all = one_by_one(pipeline);
        self.out.blank(1);
        match self.limit() {
            Some(limit) => {
                self.out
                    .line(0, "# invoke runs the branches in threads and keeps to max_concurrency;");
                self.out.line(0, "# ainvoke would pass over it.");
                self.out.waits(0, "response = full_chain.invoke(", all);
                self.out.line(1, "{");
                self.inputs(2);
                self.out.line(1, "},");
                self.out.line(1, format!("config={{\"max_concurrency\": {limit}}},"));
                self.out.line(0, ")");
                self.print(0);
            }
            None => {
                if !self.collects {
                    self.out.line(
                        0,
                        "# When one fails, ainvoke raises at once but cancels nobody: the rest",
                    );
                    self.out
                        .line(0, "# stop because run() ends, and asyncio.run() then cancels them.");
                }
                self.out.blank(2);
                self.out.line(0, "async def run():");
                self.out.waits(1, "response = await full_chain.ainvoke({", all);
                self.inputs(2);
                self.out.line(1, "})");
                self.print(1);
                self.out.blank(2);
                self.out.line(0, "asyncio.run(run())");
            }
        }
    }

    /// Whether the last level is the one agent whose answer is the pipeline's.
    fn ends_alone(&self) -> bool {
        let last = self.plan.pipeline.by_level().pop().unwrap_or_default();
        last.len() == 1 && last == self.finals()
    }

    fn print(&mut self, indent: usize) {
        if self.ends_alone() {
            self.out.line(indent, "print(response)");
            return;
        }
        for agent in self.finals() {
            let key = literal(self.key(agent).as_str());
            self.out.line(indent, format!("print(response[{key}])"));
        }
    }
}
