//! Programs for Ray: a task an agent, which Ray runs in a process of its own on any machine of a
//! cluster, and starts when the answers that it is given are there, as the engine does.
//!
//! Ray cancels nothing by itself when a task fails, so the program says what becomes of the others.
//! A limit is a resource that each call takes one of. Texts are f-strings; answers are passed on as
//! values and never taken for code or for templates.

mod ask;

use super::python::{
    Names, Pieces, WIDEST, import, literal, name_comment, query_arguments, wrapped,
};
use super::{Form, Line, Plan, Writer, one_by_one, seconds};
use crate::engine::OnFailure;
use crate::state::Key;
use crate::template::{Part, Template};

/// What the program calls things itself.
const OWN_NAMES: &[&str] = &[
    "base64",
    "os",
    "ray",
    "sys",
    "time",
    "OpenAI",
    "OpenAIError",
    "MODEL",
    "PICTURE",
    "ENDS",
    "client",
    "run_query",
    "with_picture",
    "attempt",
    "given",
    "get",
    "tasks",
    "task",
    "inputs",
    "hold_back",
    "main",
    "print",
    "max",
    "len",
    "reversed",
    "str",
    "open",
    "dict",
    "isinstance",
    "error",
    "Exception",
    "RuntimeError",
];

pub(super) fn lines(form: Form, plan: &Plan<'_>) -> Vec<Line> {
    // Ray 2.60 fails to run a function whose name has other letters.
    let names = Names::with_ascii_tasks(plan.pipeline, OWN_NAMES);
    let mut ray = Ray { plan, names, form, out: Writer::default() };
    ray.head();
    one_by_one(plan.pipeline).into_iter().for_each(|agent| ray.task(agent));
    ray.main();
    let (mut out, body) = (Writer::default(), ray.out);
    import(&mut out, &body, "", &["base64", "os", "sys", "time"]);
    out.blank(1);
    import(&mut out, &body, "", &["ray"]);
    import(&mut out, &body, "openai", &["OpenAI", "OpenAIError"]);
    out.blank(1);
    out.lines.extend(body.lines);
    out.lines
}

struct Ray<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    form: Form,
    out: Writer,
}

impl Ray<'_> {
    /// An agent as a function that runs as a task. Its arguments are what it reads.
    fn task(&mut self, agent: usize) {
        let own = self.plan.agent(agent);
        let function = self.names.task(agent).to_owned();
        self.out.blank(2);
        self.out.part_of = Some(agent);
        name_comment(&mut self.out, 0, &own.name, self.names.written_by(agent));
        self.out.line(0, self.decorator(agent));
        self.listed(0, &format!("def {function}("), &self.arguments(agent), "):", None);
        if self.plan.asks(agent) {
            self.call(agent);
        } else {
            self.out.line(1, "# No call: the text is passed on.");
            self.out.line(1, "return (");
            let pieces = self.pieces(&own.prompt);
            pieces.iter().for_each(|piece| self.out.line(2, piece));
            self.out.line(1, ")");
        }
        self.out.part_of = None;
    }

    fn decorator(&self, agent: usize) -> String {
        let slot = self.plan.limit(self.form).filter(|_| self.plan.asks(agent));
        let slot = slot.map_or("", |_| ", resources={\"slot\": 1}");
        format!("@ray.remote(num_cpus=0, max_retries={}{slot})", self.plan.attempts() - 1)
    }

    fn call(&mut self, agent: usize) {
        let own = self.plan.agent(agent);
        let otherwise = self.plan.fallback(agent);
        let tries = self.plan.collects() || otherwise.is_some();
        let indent = 1 + usize::from(tries);
        if tries {
            self.out.line(1, "try:");
        }
        self.out.line(indent, "return run_query(");
        let texts = [&own.instruction, &own.prompt].map(|template| self.pieces(template));
        query_arguments(&mut self.out, indent + 1, own, texts);
        self.out.line(indent, ")");
        if tries {
            self.out.line(1, "except Exception:");
            let answer = otherwise.map_or("None".to_owned(), |text| literal(&text));
            self.out.line(2, format!("return {answer}  # in place of the answer"));
        }
    }

    /// What an agent's task is given: the inputs and answers that it reads.
    fn arguments(&self, agent: usize) -> Vec<String> {
        let keys = self.plan.pipeline.reads(agent);
        let names = keys.iter().filter_map(|key| self.names.get(key));
        names.map(str::to_owned).collect()
    }

    /// Names between two brackets, on one line where it is not too long. The first line waits for
    /// the agent, if one is given.
    fn listed(
        &mut self,
        indent: usize,
        opening: &str,
        names: &[String],
        closing: &str,
        waits_for: Option<usize>,
    ) {
        let agents: Vec<usize> = waits_for.into_iter().collect();
        let line = format!("{opening}{}{closing}", names.join(", "));
        if line.len() < WIDEST || names.is_empty() {
            return self.out.waits(indent, line, agents);
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.out.waits(indent, opening, agents);
        wrapped(&names).iter().for_each(|row| self.out.line(indent + 1, row));
        self.out.line(indent, closing);
    }

    fn main(&mut self) {
        self.out.blank(2);
        self.out.line(0, "def main():");
        self.out
            .line(1, "# A Ray of its own on this machine, or the cluster that RAY_ADDRESS names.");
        match self.plan.limit(self.form) {
            None => self.out.line(1, "ray.init()"),
            Some(limit) => {
                self.out.line(1, "# On a cluster the slots are its nodes': leave them out here, and start one with");
                self.out.line(1, format!("# ray start --resources='{{\"slot\": {limit}}}'"));
                self.out.line(1, format!("ray.init(resources={{\"slot\": {limit}}})"));
            }
        }
        for input in self.plan.pipeline.inputs() {
            let text = literal(self.plan.input(input));
            self.out.line(1, format!("{} = {text}", self.names.of(input)));
        }
        self.out.blank(1);
        match self.form {
            Form::Sequential => self.sequential(),
            Form::Parallel => self.parallel(),
        }
        self.out.blank(2);
        self.out.line(0, "main()");
    }

    fn sequential(&mut self) {
        self.out.line(1, "# Each get ends before the next task begins, needed or not.");
        let get = if self.plan.deadline().is_some() { "get" } else { "ray.get" };
        for agent in one_by_one(self.plan.pipeline) {
            let (name, task) = (self.names.written_by(agent), self.names.task(agent));
            let opening = format!("{name} = {get}({task}.remote(");
            self.out.part_of = Some(agent);
            self.listed(1, &opening, &self.arguments(agent), "))", Some(agent));
            self.out.part_of = None;
        }
        self.print(|name| name);
    }

    fn parallel(&mut self) {
        let order = one_by_one(self.plan.pipeline);
        self.out.line(1, "# remote() returns at once. A task begins when the answers that it is given are there.");
        if self.plan.collects() {
            self.out.line(1, "# (The page skips an agent none of whose needs has an answer.)");
        }
        for agent in &order {
            let (name, task) = (self.names.written_by(*agent), self.names.task(*agent));
            let opening = format!("{name} = {task}.remote(");
            self.out.part_of = Some(*agent);
            self.listed(1, &opening, &self.arguments(*agent), ")", Some(*agent));
            self.out.part_of = None;
        }
        self.tasks(&order);
        self.wait(order);
        self.print(|name| format!("ray.get({name})"));
    }

    /// All tasks by name; with what each is given, where those that have not begun are to be found.
    fn tasks(&mut self, order: &[usize]) {
        let name = |agent: &usize| self.names.written_by(*agent).to_owned();
        if self.plan.holds_back(self.form) {
            let inputs = |agent: &usize| {
                let needs: Vec<String> =
                    self.plan.pipeline.needs(*agent).iter().map(name).collect();
                format!("{}: [{}],", name(agent), needs.join(", "))
            };
            let rows: Vec<String> = order.iter().map(inputs).collect();
            self.out.line(1, "tasks = {  # and the answers that each waits for");
            rows.iter().for_each(|row| self.out.line(2, row));
            self.out.line(1, "}");
        } else {
            let names: Vec<String> = order.iter().map(name).collect();
            self.listed(1, "tasks = [", &names, "]", None);
        }
    }

    fn wait(&mut self, all: Vec<usize>) {
        let plan = self.plan;
        let listed = if plan.holds_back(self.form) { "list(tasks)" } else { "tasks" };
        let timeout = plan.deadline().map(seconds);
        let timeout = timeout.map_or(String::new(), |timeout| format!(", timeout={timeout}"));
        let get = format!("ray.get({listed}{timeout})");
        let raises = plan.schedule.on_failure.raises();
        if !raises && plan.deadline().is_none() {
            return self.out.waits(1, get, all);
        }
        self.out.line(1, "try:");
        self.out.waits(2, get, all);
        let cancels = plan.schedule.on_failure == OnFailure::Cancel;
        if plan.deadline().is_some() && !cancels {
            self.out.line(1, "except ray.exceptions.GetTimeoutError:");
            self.cancel(listed);
        }
        if !raises {
            return;
        }
        match plan.schedule.on_failure {
            OnFailure::Cancel => {
                self.out.line(1, "except Exception:");
                self.out.line(
                    2,
                    "# get raises as soon as one task fails. That cancels nothing by itself.",
                );
                self.cancel(listed);
            }
            OnFailure::Leave => {
                self.out.line(1, "except Exception as error:");
                self.out.line(
                    2,
                    "# get raises as soon as one task fails. That cancels nothing: the rest runs",
                );
                self.out.line(2, "# on, and its answers go unused, as long as this program does.");
                self.out.line(2, "print(\"failed:\", error, file=sys.stderr)");
                self.rest(listed);
            }
            _ => {
                self.out.line(1, "except Exception:");
                self.out.line(
                    2,
                    "# get raises as soon as one task fails. This waits for what has begun.",
                );
                self.rest(listed);
            }
        }
    }

    fn cancel(&mut self, listed: &str) {
        // Ray 2.60 may abort a program that cancels a task which has just ended.
        let wait = format!("ray.wait({listed}, num_returns=len(tasks), timeout=0)");
        self.out.line(2, format!("_, unfinished = {wait}"));
        // A task must not begin because one that it waits for is canceled before it.
        self.out.line(2, "for task in reversed(unfinished):");
        self.out.line(3, "ray.cancel(task, force=True)");
        self.out.line(2, "raise");
    }

    /// Waits for what runs, and raises.
    fn rest(&mut self, listed: &str) {
        if self.plan.holds_back(self.form) {
            self.out.line(2, "hold_back(tasks)");
        }
        self.out.line(2, format!("ray.wait({listed}, num_returns=len(tasks))"));
        self.out.line(2, "raise");
    }

    fn print(&mut self, answer: impl Fn(String) -> String) {
        self.out.blank(1);
        for agent in self.plan.finals() {
            let key = literal(self.plan.agent(agent).output_key.as_str());
            let answer = answer(self.names.written_by(agent).to_owned());
            let answer = match self.plan.collects() {
                true => format!("given({answer}, {key})"),
                false => answer,
            };
            self.out.line(1, format!("print({answer})"));
        }
    }

    fn pieces(&self, template: &Template) -> Vec<String> {
        let mut pieces = Pieces::default();
        for part in template.parts() {
            match part {
                Part::Text(text) => pieces.text(text),
                Part::Hole { key, optional } => {
                    // A key that no agent writes can only be optional, and then it is empty.
                    if let Some(value) = self.value(key, *optional) {
                        pieces.hole(&value);
                    }
                }
            }
        }
        pieces.finish()
    }

    /// What fills a hole, as an expression without a backslash or a double quote: before Python
    /// 3.12 neither may stand inside the braces.
    fn value(&self, key: &Key, optional: bool) -> Option<String> {
        let name = self.names.get(key)?;
        if self.plan.pipeline.inputs().contains(key) || !self.plan.collects() {
            return Some(name.into());
        }
        Some(match optional {
            true => format!("given({name})"),
            false => format!("given({name}, '{key}')"),
        })
    }
}
