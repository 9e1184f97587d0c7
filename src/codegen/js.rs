//! Programs for JavaScript: sequential awaits, and `Promise.all`, with nothing but `fetch`.
//!
//! The shape is that of the `asyncio` programs: a `Promise.all` for a level where that waits no
//! longer than the engine does, otherwise a promise for each agent that awaits what it reads. No
//! promise can be canceled: what is on the wire is, by one signal that every call listens to.

mod ask;
mod conditions;
mod end;

use super::python::{Names, Pieces, WIDEST, comment_name, literal, wrapped};
use super::{Form, Line, Plan, Writer, levels_wait_no_longer, one_by_one, unsaid};
use crate::engine::OnFailure;
use crate::pipeline::Work;
use crate::template::{Part, Template};

/// JavaScript's own words, the strict ones too.
#[rustfmt::skip]
pub(super) const KEYWORDS: &[&str] = &[
    "arguments", "async", "await", "break", "case", "catch", "class", "const", "continue",
    "debugger", "default", "delete", "do", "else", "enum", "export", "extends", "false",
    "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface",
    "let", "new", "null", "of", "package", "private", "protected", "public", "return", "static",
    "super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void",
    "while", "with", "yield",
];

/// What `main` calls things itself.
#[rustfmt::skip]
const OWN_NAMES: &[&str] = &[
    "Promise", "console", "ask", "attempt", "given", "main", "quorum", "together",
    "withPicture",
];

const OPENAI: &str = "https://api.openai.com/v1";

pub(super) fn lines(form: Form, plan: &Plan<'_>) -> Vec<Line> {
    let own: Vec<&str> = KEYWORDS.iter().chain(OWN_NAMES).copied().collect();
    let collects = plan.collects();
    let out = Writer::default();
    let mut js =
        Js { plan, names: Names::new(plan.pipeline, &own), collects, form, has_signal: false, out };
    js.head();
    match form {
        Form::Sequential => js.sequential(),
        Form::Parallel if levels_wait_no_longer(plan.pipeline) => js.levels(),
        Form::Parallel => js.promises(),
    }
    js.all(0, &["}", ""]);
    js.run();
    js.out.lines
}

struct Js<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    /// Whether a failure leaves a gap and everything else goes on.
    collects: bool,
    form: Form,
    /// Whether the calls being written can be aborted by the quorum that they are for.
    has_signal: bool,
    out: Writer,
}

impl Js<'_> {
    fn all(&mut self, indent: usize, lines: &[&str]) {
        lines.iter().for_each(|line| self.out.line(indent, line));
    }

    fn head(&mut self) {
        let plan = self.plan;
        let base_url = plan.endpoint.base_url().unwrap_or(OPENAI).trim_end_matches('/');
        let key = plan.endpoint.key_variable();
        let node = if plan.sees() { "20.16" } else { "20.3" };
        let told = "or later, and for browsers, which have no environment and ask.";
        self.out.line(0, format!("// For Node {node} {told}"));
        self.out.line(0, "const KEY =");
        self.out
            .line(1, format!("globalThis.process?.env.{key} ?? globalThis.prompt(\"API key\");"));
        self.out.line(0, format!("const BASE_URL = {};", literal(base_url)));
        self.out.line(0, format!("const MODEL = {};", literal(&plan.endpoint.model)));
        if let Some(hedge) = plan.hedge().filter(|hedge| hedge.agent.is_none()) {
            let after = hedge.after.as_millis();
            let told = "// milliseconds without an answer before a second call";
            self.out.line(0, format!("const HEDGE = {after}; {told}"));
        }
        if self.cancels() {
            self.out.line(0, "const stop = new AbortController();");
        }
        if let Some(limit) = plan.limit(self.form) {
            self.out.blank(1);
            self.out.line(0, "// Promise.all knows no limit, so each call waits for its turn.");
            self.out.line(0, format!("let free = {limit}; // calls in flight, at most"));
            self.all(
                0,
                &[
                    "const queue = [];",
                    "async function enter() {",
                    "    if (free > 0) free -= 1;",
                    "    else await new Promise((go) => queue.push(go));",
                    "}",
                    "function leave() {",
                    "    if (queue.length > 0) queue.shift()();",
                    "    else free += 1;",
                    "}",
                ],
            );
        }
        self.ask();
        self.hedged();
        self.attempt();
        self.given();
        self.quorum();
        self.all(0, &["", "async function main() {"]);
        for input in plan.pipeline.inputs() {
            let text = literal(plan.input(input));
            self.out.line(1, format!("const {} = {text};", self.names.of(input)));
        }
    }

    fn sequential(&mut self) {
        self.out.blank(1);
        self.out.line(1, "// Each await ends before the next line begins, needed or not.");
        for agent in one_by_one(self.plan.pipeline) {
            match self.plan.may_be_late(self.form, agent) {
                true => self.not_asked(agent),
                false => self.alone(agent),
            }
        }
        self.print("");
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
                        self.tell_of_quorum(enough);
                    } else if !std::mem::replace(&mut told, true) {
                        self.tell();
                    }
                    self.together(together, quorum);
                }
            }
        }
        self.print("");
    }

    fn tell(&mut self) {
        self.out.line(
            1,
            match self.plan.schedule.on_failure {
                OnFailure::Collect => {
                    "// All of these start at once; allSettled waits for the slowest, failed or not."
                }
                OnFailure::Wait => "// All of these start at once, and this waits for the slowest.",
                _ => "// All of these start at once, and Promise.all waits for the slowest.",
            },
        );
        let told = match self.plan.schedule.on_failure {
            OnFailure::Collect => "// (The page skips an agent none of whose needs has an answer.)",
            OnFailure::Cancel => {
                "// When one fails, it rejects at once but cancels nothing: stop.abort() does."
            }
            OnFailure::Leave => {
                "// When one fails, it rejects at once but cancels nothing: the rest run on."
            }
            OnFailure::Wait | OnFailure::Fallback => return,
        };
        self.out.line(1, told);
    }

    /// What waits for several.
    fn several(&self) -> &'static str {
        match self.plan.schedule.on_failure {
            OnFailure::Collect => "Promise.allSettled",
            OnFailure::Wait => "together",
            _ => "Promise.all",
        }
    }

    /// Waits for all of these agents, or for so many answers.
    fn together(&mut self, agents: &[usize], quorum: Option<usize>) {
        let names: Vec<&str> = agents.iter().map(|agent| self.names.written_by(*agent)).collect();
        let targets = names.join(", ");
        let aborts = quorum.is_some() && self.aborts_late();
        let opening = match quorum {
            None => format!("] = await {}([", self.several()),
            Some(enough) if aborts => format!("] = await quorum({enough}, (signal) => ["),
            Some(enough) => format!("] = await quorum({enough}, ["),
        };
        if targets.len() + opening.len() < WIDEST {
            self.out.waits(1, format!("const [{targets}{opening}"), agents.to_vec());
        } else {
            let rows = wrapped(&names);
            self.out.line(1, "const [");
            rows.iter().for_each(|row| self.out.line(2, row));
            self.out.waits(1, opening, agents.to_vec());
        }
        let attempts = self.plan.falls_back() || self.collects && quorum.is_some();
        let asking = if attempts { "attempt(" } else { "ask(" };
        self.has_signal = aborts;
        agents.iter().for_each(|agent| self.asked(*agent, 2, asking, "),", ""));
        self.has_signal = false;
        self.out.line(1, "]);");
    }

    fn promises(&mut self) {
        self.out.blank(1);
        self.all(
            1,
            &[
                "// Not a Promise.all for each level: some agents would wait there for answers",
                "// that they do not read. So each one is a promise and awaits what it reads.",
            ],
        );
        self.tell();
        let order = one_by_one(self.plan.pipeline);
        for agent in &order {
            let name = self.names.written_by(*agent).to_owned();
            self.name_agent(*agent);
            self.out.part_of = Some(*agent);
            self.out.line(1, format!("const {name} = (async () => {{"));
            match self.plan.agent(*agent).work {
                Work::Model => {
                    let opening = format!("return {}(", self.asking());
                    self.asked(*agent, 2, &opening, ");", "await ");
                }
                Work::PassThrough => {
                    for need in unsaid(self.plan.pipeline, *agent) {
                        self.out.line(2, format!("await {};", self.names.written_by(need)));
                    }
                    self.pass(*agent, 2, "return", "await ");
                }
            }
            self.out.part_of = Some(*agent);
            self.out.line(1, "})();");
            self.out.part_of = None;
        }
        self.out.blank(1);
        let names: Vec<&str> = order.iter().map(|agent| self.names.written_by(*agent)).collect();
        let rows = wrapped(&names);
        // Where failures are collected, none is seen here.
        let all = if self.plan.waits(self.form) { "together" } else { "Promise.all" };
        self.out.waits(1, format!("await {all}(["), order);
        rows.iter().for_each(|row| self.out.line(2, row));
        self.out.line(1, "]);");
        self.print("await ");
    }

    /// The function that asks when nothing else catches what goes wrong.
    fn asking(&self) -> &'static str {
        if self.collects || self.plan.falls_back() { "attempt" } else { "ask" }
    }

    /// One agent, awaited where it stands.
    fn alone(&mut self, agent: usize) {
        let name = self.names.written_by(agent).to_owned();
        self.name_agent(agent);
        match self.plan.agent(agent).work {
            Work::Model => {
                let opening = format!("const {name} = await {}(", self.asking());
                self.asked(agent, 1, &opening, ");", "");
            }
            Work::PassThrough => self.pass(agent, 1, &format!("const {name} ="), ""),
        }
    }

    /// A call in its lines: the first one is the agent's wait.
    fn asked(&mut self, agent: usize, indent: usize, opening: &str, closing: &str, awaits: &str) {
        let own = self.plan.agent(agent).clone();
        self.out.part_of = Some(agent);
        self.out.waits(indent, opening, vec![agent]);
        if let Some(otherwise) = self.plan.fallback(agent) {
            self.out.line(indent + 1, format!("{},", literal(&otherwise)));
        }
        self.text(&own.instruction, indent + 1, ",", awaits);
        if own.sees() {
            self.out.line(indent + 1, "withPicture(");
            self.text(&own.prompt, indent + 2, ",", awaits);
            self.out.line(indent + 1, "),");
        } else {
            self.text(&own.prompt, indent + 1, ",", awaits);
        }
        let model = own.model.as_deref().map(literal);
        if self.has_options() {
            self.options(agent, indent + 1, model);
        } else if let Some(model) = model {
            self.out.line(indent + 1, format!("{model},"));
        }
        self.out.line(indent, closing);
        self.out.part_of = None;
    }

    /// An answer that is the prompt itself.
    fn pass(&mut self, agent: usize, indent: usize, opening: &str, awaits: &str) {
        let prompt = self.plan.agent(agent).prompt.clone();
        let [before, after] = match self.collects {
            true => [" { status: \"fulfilled\", value:", "};"],
            false => ["", ";"],
        };
        self.out.part_of = Some(agent);
        // With a bracket, since nothing may follow a return in its line but what it returns.
        self.out.waits(indent, format!("{opening}{before} ("), vec![agent]);
        self.text(&prompt, indent + 1, "", awaits);
        self.out.line(indent, format!("){after}"));
        self.out.part_of = None;
    }

    /// Says whose call follows, where its answer's name does not.
    fn name_agent(&mut self, agent: usize) {
        let name = self.plan.agent(agent).name.clone();
        self.out.blank(1);
        self.out.part_of = Some(agent);
        comment_name(&mut self.out, 1, "//", &name, self.names.written_by(agent));
        self.out.part_of = None;
    }

    fn print(&mut self, awaits: &str) {
        self.out.blank(1);
        for agent in self.plan.finals() {
            let key = literal(self.plan.agent(agent).output_key.as_str());
            let answer = format!("{awaits}{}", self.names.written_by(agent));
            self.out.line(
                1,
                match self.collects {
                    true => format!("console.log(given({answer}, {key}));"),
                    false => format!("console.log({answer});"),
                },
            );
        }
    }

    /// A template as literals that are added up.
    fn text(&mut self, template: &Template, indent: usize, end: &str, awaits: &str) {
        let mut pieces = Pieces::backticks();
        for part in template.parts() {
            match part {
                Part::Text(text) => pieces.text(text),
                Part::Hole { key, optional } => {
                    // A key that no agent writes can only be optional, and then it is empty.
                    let Some(name) = self.names.get(key) else { continue };
                    if self.plan.pipeline.inputs().contains(key) {
                        pieces.hole(name);
                    } else if self.has_gap(key) && *optional {
                        pieces.hole(&format!("given({awaits}{name})"));
                    } else if self.has_gap(key) {
                        pieces.hole(&format!("given({awaits}{name}, '{key}')"));
                    } else {
                        pieces.hole(&format!("{awaits}{name}"));
                    }
                }
            }
        }
        let pieces = pieces.finish();
        let last = pieces.len() - 1;
        for (at, piece) in pieces.iter().enumerate() {
            let after = if at == last { end } else { " +" };
            self.out.line(indent, format!("{piece}{after}"));
        }
    }
}
