//! Programs for LangChain: one `RunnableParallel` a level, joined by pipes, as the article has it.
//!
//! A map waits for all of its chains, so an agent may start later here than on the page; the
//! program says so where that is the case. Texts are LangChain's templates, with every brace that
//! is not a hole doubled; answers are filled in and never read as templates.

mod chain;

use std::collections::BTreeSet;

use super::picture::{FILE, MEDIA};
use super::python::{Names, client_lines, import, literal, run_line};
use super::{Form, Line, Plan, Writer, one_by_one};
use crate::engine::OnFailure;
use crate::pipeline::Work;
use crate::state::Key;
use crate::template::Template;

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
    "RunnablePassthrough",
    "ChatOpenAI",
    "llm",
    "PICTURE",
    "run",
    "service",
    "given",
    "response",
    "full_chain",
    "map_chain",
    "print",
];

pub(super) fn lines(form: Form, plan: &Plan<'_>) -> Vec<Line> {
    let names = Names::with(plan.pipeline, OWN_NAMES, ["", "_chain"]);
    let collects = plan.collects();
    let mut chains = LangChain { plan, names, collects, out: Writer::default() };
    chains.llm();
    for agent in one_by_one(plan.pipeline) {
        if !chains.is_passed_by_map(agent, form) {
            chains.chain(agent);
        }
    }
    match form {
        Form::Sequential => chains.sequential(),
        Form::Parallel => chains.parallel(),
    }
    let mut lines = head(&chains.out);
    lines.extend(chains.out.lines);
    lines
}

/// The imports of what the lines name.
fn head(body: &Writer) -> Vec<Line> {
    let mut out = Writer::default();
    import(&mut out, body, "", &["asyncio", "base64", "os", "sys"]);
    import(&mut out, body, "operator", &["itemgetter"]);
    out.blank(1);
    import(&mut out, body, "langchain_core.output_parsers", &["StrOutputParser"]);
    import(&mut out, body, "langchain_core.prompts", &["ChatPromptTemplate", "PromptTemplate"]);
    let runnables = ["RunnableLambda", "RunnableParallel", "RunnablePassthrough"];
    import(&mut out, body, "langchain_core.runnables", &runnables);
    import(&mut out, body, "langchain_openai", &["ChatOpenAI"]);
    out.blank(1);
    out.lines
}

struct LangChain<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    collects: bool,
    out: Writer,
}

impl LangChain<'_> {
    fn llm(&mut self) {
        let out = &mut self.out;
        out.line(0, "llm = ChatOpenAI(");
        out.line(1, format!("model={},", literal(&self.plan.endpoint.model)));
        client_lines(out, 1, self.plan);
        if let Some(temperature) = self.plan.temperature() {
            out.line(1, format!("temperature={temperature},"));
        }
        out.line(0, ")");
        if self.plan.has_tools() {
            out.line(0, "# The agents' search tool is left out: this API has none.");
        }
        if self.plan.sees() {
            out.blank(1);
            out.line(0, "# The picture that agents look at, in the folder in which this runs.");
            out.line(0, format!("with open(\"{FILE}\", \"rb\") as file:"));
            out.line(1, "data = base64.b64encode(file.read()).decode()");
            out.line(0, format!("PICTURE = f\"data:{MEDIA};base64,{{data}}\""));
        }
    }

    /// The one input, where it is given as it is.
    fn bare(&self) -> Option<String> {
        let input = self.plan.pipeline.inputs().first().filter(|_| self.takes_bare())?;
        Some(literal(self.plan.input(input)))
    }

    /// What is known before the first call, as the entries of a dictionary.
    fn inputs(&mut self, indent: usize) {
        for input in self.plan.pipeline.inputs() {
            let text = literal(self.plan.input(input));
            self.out.line(indent, format!("{}: {text},", literal(self.argument(input))));
        }
    }

    /// The key of a dictionary for a key of the state. LangChain passes some entries on as keyword
    /// arguments of its own functions, so `self` cannot be one.
    fn argument<'k>(&self, key: &'k Key) -> &'k str {
        if key.as_str() == "self" { "self_" } else { key.as_str() }
    }

    fn key(&self, agent: usize) -> &Key {
        &self.plan.agent(agent).output_key
    }

    fn sequential(&mut self) {
        self.out.blank(2);
        self.out.line(0, "async def run():");
        self.out.line(1, "given = {");
        self.inputs(2);
        self.out.line(1, "}");
        self.out.line(1, "# Each await ends before the next line begins, needed or not.");
        for agent in one_by_one(self.plan.pipeline) {
            let key = literal(self.argument(self.key(agent)));
            let line = format!("given[{key}] = await {}.ainvoke(given)", self.names.task(agent));
            self.out.part_of = Some(agent);
            self.out.waits(1, line, vec![agent]);
            self.out.part_of = None;
        }
        for agent in self.plan.finals() {
            let key = literal(self.argument(self.key(agent)));
            self.out.line(1, format!("print(given[{key}])"));
        }
        run_line(&mut self.out, "run()", [false; 2], self.plan);
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
        let bare = self.takes_bare();
        let last = &levels[levels.len() - 1];
        let maps = levels.len() - usize::from(self.ends_alone());
        let map = |depth: usize| match maps {
            1 => "map_chain".to_owned(),
            _ => format!("map_chain_{}", depth + 1),
        };
        let mut written: BTreeSet<&Key> = pipeline.inputs().iter().collect();
        for (depth, level) in levels.iter().take(maps).enumerate() {
            if depth > 0 {
                self.out.blank(1);
            }
            self.out.waits(0, format!("{} = RunnableParallel({{", map(depth)), level.clone());
            for agent in level {
                let key = literal(self.argument(self.key(*agent)));
                let chain = match self.is_passed_by_map(*agent, Form::Parallel) {
                    true => "RunnablePassthrough()",
                    false => self.names.task(*agent),
                };
                let line = format!("{key}: {chain},");
                self.out.part_of = Some(*agent);
                self.out.waits(1, line, vec![*agent]);
                self.out.part_of = None;
            }
            let later = levels[depth + 1..].iter().flatten();
            let later: BTreeSet<&Key> = later
                .flat_map(|agent| pipeline.agents()[*agent].reads())
                .map(|(key, _)| key)
                .chain(self.plan.finals().map(|agent| &pipeline.agents()[agent].output_key))
                .collect();
            for key in written.intersection(&later) {
                let key = literal(self.argument(key));
                let kept = match bare && depth == 0 {
                    true => "RunnablePassthrough()".to_owned(),
                    false => format!("itemgetter({key})"),
                };
                self.out.line(1, format!("{key}: {kept},  # kept for those below"));
            }
            self.out.line(0, "})");
            written.extend(level.iter().map(|agent| &pipeline.agents()[*agent].output_key));
        }
        self.out.blank(1);
        let mut steps: Vec<(String, Vec<usize>)> =
            (0..maps).map(|depth| (map(depth), levels[depth].clone())).collect();
        if self.ends_alone() {
            steps.push((self.names.task(last[0]).to_owned(), last.clone()));
        }
        self.out.line(0, "full_chain = (");
        for (at, (step, agents)) in steps.into_iter().enumerate() {
            let pipe = if at == 0 { "" } else { "| " };
            self.out.part_of = Some(last[0]).filter(|_| at == maps);
            self.out.waits(1, format!("{pipe}{step}"), agents);
        }
        self.out.part_of = None;
        self.out.line(0, ")");
        let all = one_by_one(pipeline);
        self.out.blank(1);
        let (limit, leaves) = (self.plan.limit(Form::Parallel), self.plan.leaves(Form::Parallel));
        match (limit, self.plan.schedule.on_failure) {
            (Some(_), _) | (None, OnFailure::Wait) => {
                let told: &[&str] = match limit {
                    Some(_) => &[
                        "# invoke runs the branches in threads and keeps to max_concurrency;",
                        "# ainvoke would pass over it.",
                    ],
                    None => &[
                        "# invoke runs the branches in threads. When one fails, it waits for the",
                        "# others and then raises; ainvoke would raise at once.",
                    ],
                };
                told.iter().for_each(|line| self.out.line(0, line));
                self.out.waits(0, "response = full_chain.invoke(", all);
                match self.bare() {
                    Some(text) => self.out.line(1, format!("{text},")),
                    None => {
                        self.out.line(1, "{");
                        self.inputs(2);
                        self.out.line(1, "},");
                    }
                }
                if let Some(limit) = limit {
                    self.out.line(1, format!("config={{\"max_concurrency\": {limit}}},"));
                }
                self.out.line(0, ")");
                self.print(0);
            }
            (None, policy) => {
                if policy.raises() {
                    self.out.line(
                        0,
                        "# When one fails, ainvoke raises at once but cancels nothing: the rest",
                    );
                    self.out.line(
                        0,
                        match leaves {
                            true => "# run on unused for as long as the event loop does.",
                            false => {
                                "# stop because run() ends, and asyncio.run() then cancels them."
                            }
                        },
                    );
                }
                self.out.blank(2);
                self.out.line(0, "async def run():");
                match self.bare() {
                    Some(text) => {
                        let line = format!("response = await full_chain.ainvoke({text})");
                        self.out.waits(1, line, all);
                    }
                    None => {
                        self.out.waits(1, "response = await full_chain.ainvoke({", all);
                        self.inputs(2);
                        self.out.line(1, "})");
                    }
                }
                self.print(1);
                run_line(&mut self.out, "run()", [leaves, false], self.plan);
            }
        }
    }

    /// Whether the chain can be given its one input as it is, as the article has it: then every agent
    /// at the beginning takes that and nothing else.
    fn takes_bare(&self) -> bool {
        let [input] = self.plan.pipeline.inputs() else { return false };
        let first = &self.plan.pipeline.by_level()[0];
        first.iter().map(|agent| self.plan.agent(*agent)).all(|agent| match agent.work {
            Work::Model => agent.reads().iter().map(|(key, _)| *key).eq([input]),
            Work::PassThrough => agent.prompt.parts() == Template::hole(input).parts(),
        })
    }

    /// Whether the map itself passes the input on, so that it takes no chain.
    fn is_passed_by_map(&self, agent: usize, form: Form) -> bool {
        let first = form == Form::Parallel && self.plan.pipeline.level(agent) == 0;
        first && !self.plan.asks(agent) && self.takes_bare()
    }

    /// Whether the last level is the one agent whose answer is the pipeline's.
    fn ends_alone(&self) -> bool {
        let last = self.plan.pipeline.by_level().pop().unwrap_or_default();
        last.len() == 1 && self.plan.finals().eq(last)
    }

    fn print(&mut self, indent: usize) {
        if self.ends_alone() {
            self.out.line(indent, "print(response)");
            return;
        }
        for agent in self.plan.finals() {
            let key = literal(self.argument(self.key(agent)));
            self.out.line(indent, format!("print(response[{key}])"));
        }
    }
}
