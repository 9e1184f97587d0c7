//! Programs for LangGraph: a `StateGraph` with a node an agent, and an edge where one reads what
//! another writes.
//!
//! The graph runs in supersteps: all nodes that can run do, and the next ones start when the slowest
//! is done. So an agent may start later here than on the page, and the program says so where that is
//! the case. Texts are f-strings over the state; answers are never taken for code or for templates.

use super::picture::in_python;
use super::python::{
    Names, Pieces, client_lines, import, literal, name_comment, query_arguments, run_line,
};
use super::{Form, Line, Plan, Writer, levels_wait_no_longer, missing, one_by_one};
use crate::state::Key;
use crate::template::{Part, Template};

/// What the program calls things itself.
const OWN_NAMES: &[&str] = &[
    "asyncio",
    "os",
    "TypedDict",
    "ChatOpenAI",
    "START",
    "END",
    "StateGraph",
    "State",
    "llm",
    "run_query",
    "with_picture",
    "given",
    "state",
    "builder",
    "graph",
    "main",
    "print",
    "Exception",
    "str",
];

/// As many supersteps as LangGraph has taken in every version; longer graphs have to ask for more.
const USUAL_STEPS: usize = 25;

pub(super) fn lines(form: Form, plan: &Plan<'_>) -> Vec<Line> {
    let names = Names::new(plan.pipeline, OWN_NAMES);
    let mut graph = Graph { plan, names, out: Writer::default() };
    graph.setup();
    one_by_one(plan.pipeline).into_iter().for_each(|agent| graph.node(agent));
    graph.build(form);
    graph.run(form);
    let (mut out, body) = (Writer::default(), graph.out);
    import(&mut out, &body, "", &["asyncio", "base64", "os"]);
    import(&mut out, &body, "typing", &["TypedDict"]);
    out.blank(1);
    import(&mut out, &body, "langchain_openai", &["ChatOpenAI"]);
    import(&mut out, &body, "langgraph.graph", &["END", "START", "StateGraph"]);
    out.blank(1);
    out.lines.extend(body.lines);
    out.lines
}

struct Graph<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    out: Writer,
}

impl Graph<'_> {
    fn setup(&mut self) {
        let (plan, out) = (self.plan, &mut self.out);
        out.line(0, "llm = ChatOpenAI(");
        out.line(1, format!("model={},", literal(&plan.endpoint.model)));
        client_lines(out, 1, plan);
        if let Some(temperature) = plan.temperature() {
            out.line(1, format!("temperature={temperature},"));
        }
        out.line(0, ")");
        if plan.has_tools() {
            out.line(0, "# The agents' search tool is left out: this API has none.");
        }
        out.blank(1);
        out.line(0, "# What every node can read; each writes under a key of its own.");
        out.line(0, "State = TypedDict(\"State\", {");
        let agents = plan.pipeline.agents().iter().map(|agent| &agent.output_key);
        for key in plan.pipeline.inputs().iter().chain(agents) {
            out.line(1, format!("{}: str,", literal(key.as_str())));
        }
        out.line(0, "})");
        out.blank(2);
        let [named, model] = match plan.has_models() {
            true => [
                ", model=None",
                "(llm.model_copy(update={\"model_name\": model}) if model else llm)",
            ],
            false => ["", "llm"],
        };
        out.line(0, format!("async def run_query(instruction, prompt{named}):"));
        out.line(1, "messages = [(\"user\", prompt)]");
        out.line(1, "if instruction:");
        out.line(2, "messages.insert(0, (\"system\", instruction))");
        out.line(1, format!("response = await {model}.ainvoke(messages)"));
        out.line(1, "return response.text");
        if plan.sees() {
            in_python(out);
        }
        if plan.collects() {
            out.blank(2);
            out.line(0, "def given(state, key):");
            out.line(
                1,
                "# A failed call writes nothing: a mark stands in the prompts that read it.",
            );
            let mark = missing("{key}");
            out.line(1, format!("return state.get(key, f\"{mark}\")"));
        }
    }

    /// An agent as a function of the state.
    fn node(&mut self, agent: usize) {
        let own = self.plan.agent(agent);
        let (node, key) = (self.names.task(agent).to_owned(), literal(own.output_key.as_str()));
        self.out.blank(2);
        self.out.part_of = Some(agent);
        name_comment(&mut self.out, 0, &own.name, own.output_key.as_str());
        self.out.line(0, format!("async def {node}(state):"));
        if !self.plan.asks(agent) {
            self.out.line(1, "# No call: the text is passed on.");
            self.out.waits(1, format!("return {{{key}: ("), vec![agent]);
            let pieces = self.pieces(&own.prompt);
            pieces.iter().for_each(|piece| self.out.line(2, piece));
            self.out.line(1, ")}");
            self.out.part_of = None;
            return;
        }
        let otherwise = self.plan.fallback(agent);
        let tries = self.plan.collects() || otherwise.is_some();
        let indent = 1 + usize::from(tries);
        if tries {
            self.out.line(1, "try:");
        }
        self.out.waits(indent, "answer = await run_query(", vec![agent]);
        let texts = [&own.instruction, &own.prompt].map(|template| self.pieces(template));
        query_arguments(&mut self.out, indent + 1, own, texts);
        self.out.line(indent, ")");
        if tries {
            self.out.line(1, "except Exception:");
        }
        if let Some(otherwise) = otherwise {
            let otherwise = literal(&otherwise);
            self.out.line(2, format!("answer = {otherwise}  # stands in for the answer"));
        } else if tries {
            self.out.line(2, "return {}");
        }
        self.out.line(1, format!("return {{{key}: answer}}"));
        self.out.part_of = None;
    }

    fn pieces(&self, template: &Template) -> Vec<String> {
        let mut pieces = Pieces::default();
        for part in template.parts() {
            match part {
                Part::Text(text) => pieces.text(text),
                // A key that no agent writes can only be optional, and then it is empty.
                Part::Hole { key, optional } => match (self.names.get(key), self.plan.collects()) {
                    (None, _) => {}
                    (_, false) => pieces.hole(&format!("state['{key}']")),
                    (_, true) if *optional => pieces.hole(&format!("state.get('{key}', '')")),
                    (_, true) => pieces.hole(&format!("given(state, '{key}')")),
                },
            }
        }
        pieces.finish()
    }

    fn build(&mut self, form: Form) {
        let pipeline = self.plan.pipeline;
        let order = one_by_one(pipeline);
        self.out.blank(2);
        self.out.line(0, "builder = StateGraph(State)");
        for agent in &order {
            let node = self.names.task(*agent);
            let line = format!("builder.add_node(\"{node}\", {node})");
            self.out.part_of = Some(*agent);
            self.out.line(0, line);
            self.out.part_of = None;
        }
        self.out.blank(1);
        match form {
            Form::Sequential => {
                self.out.line(0, "# Each node runs after the one before it, needed or not.");
            }
            Form::Parallel => {
                self.out.line(
                    0,
                    "# All nodes that can run do so at once, in steps: the next ones start",
                );
                self.out.line(0, "# when the slowest is done.");
                if !levels_wait_no_longer(pipeline) {
                    self.out.line(0, "# So some wait here for answers that they do not read; the page starts them sooner.");
                }
                if self.plan.limit(form).is_some() {
                    self.out.line(0, "# Of more than may run, those whose names come first do.");
                }
                if self.plan.schedule.on_failure.raises() {
                    self.out
                        .line(0, "# When a node fails, its step is canceled and the graph raises.");
                }
            }
        }
        let mut before: Option<usize> = None;
        for agent in order {
            let needs: Vec<usize> = match form {
                Form::Sequential => before.into_iter().collect(),
                Form::Parallel => pipeline.needs(agent).to_vec(),
            };
            let quoted = |agent: &usize| format!("\"{}\"", self.names.task(*agent));
            let from = match needs.as_slice() {
                [] => "START".to_owned(),
                [need] => quoted(need),
                needs => format!("[{}]", needs.iter().map(quoted).collect::<Vec<_>>().join(", ")),
            };
            let line = format!("builder.add_edge({from}, {})", quoted(&agent));
            self.out.part_of = Some(agent);
            self.out.line(0, line);
            self.out.part_of = None;
            before = Some(agent);
        }
        let ends: Vec<usize> = match form {
            Form::Sequential => before.into_iter().collect(),
            Form::Parallel => self.plan.finals().collect(),
        };
        for end in ends {
            self.out.line(0, format!("builder.add_edge(\"{}\", END)", self.names.task(end)));
        }
        self.out.line(0, "graph = builder.compile()");
    }

    fn run(&mut self, form: Form) {
        let (plan, pipeline) = (self.plan, self.plan.pipeline);
        self.out.blank(2);
        self.out.line(0, "async def main():");
        let all = one_by_one(pipeline);
        let steps = match form {
            Form::Sequential => all.len(),
            Form::Parallel => pipeline.by_level().len(),
        };
        self.out.waits(1, "state = await graph.ainvoke(", all);
        let inputs: Vec<String> = pipeline.inputs().iter().map(|key| self.input(key)).collect();
        self.out.line(2, "{");
        inputs.iter().for_each(|input| self.out.line(3, input));
        self.out.line(2, "},");
        let limit = plan.limit(form).map(|limit| format!("\"max_concurrency\": {limit}"));
        let steps = Some(steps + 1).filter(|steps| *steps > USUAL_STEPS);
        let steps = steps.map(|steps| format!("\"recursion_limit\": {steps}"));
        let config: Vec<String> = limit.into_iter().chain(steps).collect();
        if !config.is_empty() {
            self.out.line(2, format!("config={{{}}},", config.join(", ")));
        }
        self.out.line(1, ")");
        for agent in plan.finals() {
            let key = literal(plan.agent(agent).output_key.as_str());
            self.out.line(
                1,
                match plan.collects() {
                    true => format!("print(given(state, {key}))"),
                    false => format!("print(state[{key}])"),
                },
            );
        }
        run_line(&mut self.out, "main()", [false; 2], plan);
    }

    fn input(&self, key: &Key) -> String {
        format!("{}: {},", literal(key.as_str()), literal(self.plan.input(key)))
    }
}
