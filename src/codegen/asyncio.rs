//! Programs for Python's event loop: sequential awaits, and `asyncio.gather`.
//!
//! A level of agents is one `gather` where that waits no longer than the engine does; otherwise each
//! agent is a task that awaits what it reads. Any text may be in a prompt: it becomes a literal that
//! Python reads back as that very text, and answers are never taken for code or for templates.

mod ask;
mod conditions;

use super::picture::in_python;
use super::python::{
    Names, Pieces, WIDEST, argument, client_lines, import, literal, name_comment, run_line, wrapped,
};
use super::{Form, Line, Plan, Writer, levels_wait_no_longer, one_by_one, seconds, unsaid};
use crate::engine::OnFailure;
use crate::state::Key;
use crate::template::{Part, Template};

/// What the program calls things itself.
const OWN_NAMES: &[&str] = &[
    "asyncio",
    "os",
    "AsyncOpenAI",
    "client",
    "MODEL",
    "limit",
    "run_query",
    "with_picture",
    "attempt",
    "together",
    "given",
    "quorum",
    "main",
    "print",
    "isinstance",
    "Exception",
];

pub(super) fn lines(form: Form, plan: &Plan<'_>) -> Vec<Line> {
    let mut python = Python {
        plan,
        names: Names::new(plan.pipeline, OWN_NAMES),
        collects: plan.collects(),
        form,
        out: Writer::default(),
    };
    python.head();
    match form {
        Form::Sequential => python.sequential(),
        Form::Parallel if levels_wait_no_longer(plan.pipeline) => python.levels(),
        Form::Parallel => python.tasks(),
    }
    run_line(&mut python.out, "main()", [plan.leaves(form), plan.keeps_late(form)], plan);
    let (mut out, body) = (Writer::default(), python.out);
    import(&mut out, &body, "", &["asyncio", "base64", "os", "sys"]);
    import(&mut out, &body, "itertools", &["islice"]);
    out.blank(1);
    import(&mut out, &body, "openai", &["AsyncOpenAI"]);
    out.blank(1);
    out.lines.extend(body.lines);
    out.lines
}

struct Python<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    /// Whether a failure leaves a gap and everything else goes on.
    collects: bool,
    form: Form,
    out: Writer,
}

impl Python<'_> {
    fn head(&mut self) {
        let plan = self.plan;
        let limit = plan.limit(self.form);
        let out = &mut self.out;
        out.line(0, "client = AsyncOpenAI(");
        client_lines(out, 1, plan);
        out.line(0, ")");
        out.line(0, format!("MODEL = {}", literal(&plan.endpoint.model)));
        if let Some(hedge) = plan.hedge().filter(|hedge| hedge.agent.is_none()) {
            let after = seconds(hedge.after);
            out.line(
                0,
                format!("HEDGE = {after}  # seconds without an answer before a second call"),
            );
        }
        if let Some(limit) = limit {
            out.line(0, format!("limit = asyncio.Semaphore({limit})  # calls in flight, at most"));
        }
        if plan.holds_back(self.form) {
            out.line(0, "failed = []  # once an agent has failed, no other starts");
        }
        self.run_query();
        self.hedged();
        if plan.sees() {
            in_python(&mut self.out);
        }
        self.attempt();
        self.given();
        self.quorum();
        self.out.blank(2);
        self.out.line(0, "async def main():");
        for input in plan.pipeline.inputs() {
            let text = literal(plan.input(input));
            self.out.line(1, format!("{} = {text}", self.names.of(input)));
        }
    }

    fn sequential(&mut self) {
        self.out.blank(1);
        self.out.line(1, "# Each await ends before the next line begins, needed or not.");
        for agent in one_by_one(self.plan.pipeline) {
            match self.plan.may_be_late(self.form, agent) {
                true => self.not_asked(agent),
                false => self.alone(agent),
            }
        }
        self.print(|name| name);
    }

    fn levels(&mut self) {
        let mut told = false;
        for group in self.plan.groups() {
            match group.as_slice() {
                [agent] => self.alone(*agent),
                together => {
                    self.out.blank(1);
                    let quorum = self.plan.quorum_of(self.form, together);
                    if let Some(enough) = quorum {
                        self.tell_of_quorum(enough, std::mem::replace(&mut told, true));
                    } else if !std::mem::replace(&mut told, true) {
                        self.tell_of_gather();
                    }
                    self.gather(together, quorum);
                }
            }
        }
        self.print(|name| name);
    }

    fn tell_of_gather(&mut self) {
        match self.plan.waits(self.form) {
            true => self.out.line(1, "# This starts all of them and waits for the slowest."),
            false => self.out.line(1, "# gather starts all of these and waits for the slowest."),
        }
        if self.collects {
            self.out.line(1, "# A failed call comes back as its exception, in its place.");
            self.out.line(1, "# (The page skips an agent none of whose needs has an answer.)");
        } else {
            self.tell_of_failure("gather");
            self.tell_of_groups();
        }
    }

    fn tell_of_failure(&mut self, waiting: &str) {
        let raises =
            format!("# When one fails, {waiting} raises at once but cancels nothing: the rest");
        let told: &[&str] = match self.plan.schedule.on_failure {
            OnFailure::Cancel => {
                &[&raises, "# stop because main() ends, and asyncio.run() then cancels them."]
            }
            OnFailure::Leave => &[&raises, "# run on unused for as long as the event loop does."],
            _ => &[],
        };
        told.iter().for_each(|line| self.out.line(1, line));
    }

    fn tell_of_groups(&mut self) {
        if self.plan.schedule.on_failure == OnFailure::Cancel {
            self.out.line(1, "# asyncio.TaskGroup (Python 3.11) would cancel them itself.");
        }
    }

    /// What waits for several.
    fn all(&self) -> &'static str {
        if self.plan.waits(self.form) { "together(" } else { "asyncio.gather(" }
    }

    /// Waits for all of these agents, or for so many answers.
    fn gather(&mut self, agents: &[usize], quorum: Option<usize>) {
        let names: Vec<&str> = agents.iter().map(|agent| self.names.written_by(*agent)).collect();
        let targets = names.join(", ");
        let waiting = if quorum.is_some() { "quorum(" } else { self.all() };
        let opening = format!("= await {waiting}");
        if targets.len() + opening.len() < WIDEST {
            self.out.waits(1, format!("{targets} {opening}"), agents.to_vec());
        } else {
            let rows = wrapped(&names);
            self.out.line(1, "(");
            rows.iter().for_each(|row| self.out.line(2, row));
            self.out.waits(1, format!(") {opening}"), agents.to_vec());
        }
        let attempts = self.plan.falls_back() || self.collects && quorum.is_some();
        let asking = if attempts { "attempt(" } else { "run_query(" };
        quorum.iter().for_each(|enough| self.out.line(2, format!("{enough},")));
        for agent in agents {
            self.call(*agent, 2, asking, "),", Holes::Answers);
        }
        if self.collects && quorum.is_none() {
            self.out.line(2, "return_exceptions=True,");
        }
        self.out.line(1, ")");
    }

    fn tasks(&mut self) {
        self.out.blank(1);
        self.out.line(1, "# Not a gather for each level: some agents would wait there for answers");
        self.out
            .line(1, "# that they do not read. So each one is a task and awaits what it reads.");
        if self.collects {
            self.out.line(1, "# (The page skips an agent none of whose needs has an answer.)");
        } else {
            self.tell_of_failure("gather");
            self.tell_of_groups();
        }
        let order = one_by_one(self.plan.pipeline);
        for agent in &order {
            let name = self.names.written_by(*agent).to_owned();
            let task = self.names.task(*agent).to_owned();
            self.out.blank(1);
            self.out.part_of = Some(*agent);
            self.name_agent(*agent);
            self.out.line(1, format!("async def {task}():"));
            if self.plan.asks(*agent) {
                let opening = format!("return await {}(", self.asking());
                self.call(*agent, 2, &opening, ")", Holes::Tasks);
            } else {
                for need in unsaid(self.plan.pipeline, *agent) {
                    self.out.line(2, format!("await {}", self.names.written_by(need)));
                }
                self.pass(*agent, 2, "return", Holes::Tasks);
            }
            self.out.part_of = Some(*agent);
            self.out.line(1, format!("{name} = asyncio.create_task({task}())"));
            self.out.part_of = None;
        }
        self.out.blank(1);
        let names: Vec<&str> = order.iter().map(|agent| self.names.written_by(*agent)).collect();
        let rows = wrapped(&names);
        let all = self.all();
        self.out.waits(1, format!("await {all}"), order);
        rows.iter().for_each(|row| self.out.line(2, row));
        self.out.line(1, ")");
        self.print(|name| format!("{name}.result()"));
    }

    /// The function that asks when nothing else catches what goes wrong.
    fn asking(&self) -> &'static str {
        if self.collects || self.plan.falls_back() { "attempt" } else { "run_query" }
    }

    /// One agent, awaited where it stands.
    fn alone(&mut self, agent: usize) {
        let name = self.names.written_by(agent).to_owned();
        self.out.blank(1);
        self.out.part_of = Some(agent);
        self.name_agent(agent);
        if self.plan.asks(agent) {
            let opening = format!("{name} = await {}(", self.asking());
            self.call(agent, 1, &opening, ")", Holes::Answers);
        } else {
            self.pass(agent, 1, &format!("{name} ="), Holes::Answers);
        }
    }

    /// A call in its lines: the first one is the agent's wait.
    fn call(&mut self, agent: usize, indent: usize, opening: &str, closing: &str, holes: Holes) {
        let own = self.plan.agent(agent);
        let model = own.model.as_deref().map(|model| format!("model={},", literal(model)));
        let otherwise = self.plan.fallback(agent);
        let otherwise = otherwise.map(|text| format!("otherwise={},", literal(&text)));
        self.out.part_of = Some(agent);
        self.out.waits(indent, opening, vec![agent]);
        self.text(&own.instruction, indent + 1, holes);
        if own.sees() {
            self.out.line(indent + 1, "with_picture(");
            self.text(&own.prompt, indent + 2, holes);
            self.out.line(indent + 1, "),");
        } else {
            self.text(&own.prompt, indent + 1, holes);
        }
        let hedge = self.plan.hedge().filter(|hedge| hedge.agent == Some(agent));
        let hedge = hedge.map(|hedge| format!("hedge={},", seconds(hedge.after)));
        otherwise
            .iter()
            .chain(&model)
            .chain(&hedge)
            .for_each(|named| self.out.line(indent + 1, named));
        self.out.line(indent, closing);
        self.out.part_of = None;
    }

    /// A template as an argument: adjacent literals are one text.
    fn text(&mut self, template: &Template, indent: usize, holes: Holes) {
        let pieces = self.pieces(template, holes);
        argument(&mut self.out, indent, pieces);
    }

    /// An answer that is the prompt itself.
    fn pass(&mut self, agent: usize, indent: usize, opening: &str, holes: Holes) {
        let prompt = &self.plan.agent(agent).prompt;
        self.out.part_of = Some(agent);
        match self.pieces(prompt, holes).as_slice() {
            [piece] => self.out.waits(indent, format!("{opening} {piece}"), vec![agent]),
            pieces => {
                self.out.waits(indent, format!("{opening} ("), vec![agent]);
                pieces.iter().for_each(|piece| self.out.line(indent + 1, piece));
                self.out.line(indent, ")");
            }
        }
        self.out.part_of = None;
    }

    /// Says whose call follows, where its answer's name does not.
    fn name_agent(&mut self, agent: usize) {
        let name = &self.plan.agent(agent).name;
        name_comment(&mut self.out, 1, name, self.names.written_by(agent));
    }

    fn print<T: Into<String>>(&mut self, answer: impl Fn(String) -> T) {
        let prints: Vec<String> = (self.plan.finals())
            .map(|agent| {
                let key = &self.plan.agent(agent).output_key;
                let answer = answer(self.names.written_by(agent).to_owned()).into();
                match self.collects {
                    true => format!("print(given({answer}, {}))", literal(key.as_str())),
                    false => format!("print({answer})"),
                }
            })
            .collect();
        self.out.blank(1);
        prints.iter().for_each(|print| self.out.line(1, print));
    }

    /// A template as literals that follow each other: a new one after each line break, and within
    /// long lines.
    fn pieces(&self, template: &Template, holes: Holes) -> Vec<String> {
        let mut pieces = Pieces::default();
        for part in template.parts() {
            match part {
                Part::Text(text) => pieces.text(text),
                Part::Hole { key, optional } => {
                    // A key that no agent writes can only be optional, and then it is empty.
                    if let Some(value) = self.value(key, *optional, holes) {
                        pieces.hole(&value);
                    }
                }
            }
        }
        pieces.finish()
    }

    /// What fills a hole, as an expression without a backslash or a double quote: before Python
    /// 3.12 neither may stand inside the braces.
    fn value(&self, key: &Key, optional: bool, holes: Holes) -> Option<String> {
        let name = self.names.get(key)?;
        if self.plan.pipeline.inputs().contains(key) {
            return Some(name.into());
        }
        let answer = match holes {
            Holes::Answers => name.to_owned(),
            Holes::Tasks => format!("await {name}"),
        };
        let agents = self.plan.pipeline.agents();
        let writer = agents.iter().position(|agent| agent.output_key == *key);
        let is_late = writer.is_some_and(|agent| self.plan.may_be_late(self.form, agent));
        Some(match (self.collects || is_late, optional) {
            (false, _) => answer,
            (true, true) => format!("given({answer})"),
            (true, false) => format!("given({answer}, '{key}')"),
        })
    }
}

/// What the variables hold that prompts are filled from.
#[derive(Clone, Copy)]
enum Holes {
    Answers,
    Tasks,
}
