//! Programs for Rust with the combinators of the `futures` crate: sequential awaits, and
//! `try_join_all`.
//!
//! The shape is that of the `asyncio` programs: a `try_join_all` for a level where that waits no
//! longer than the engine does, otherwise a shared future for each agent that awaits what it reads.
//! Dropping a future cancels it, its request included: that is what the first failure does here.

mod ask;
mod conditions;

use super::python::{Names, WIDEST, comment_name, rust_literal, wrapped};
use super::rust::{KEYWORDS, argument, joined, main, packages, pieces};
use super::{Form, Line, Plan, Writer, levels_wait_no_longer, one_by_one, unsaid};
use crate::pipeline::Work;
use crate::state::Key;
use crate::template::Template;
use conditions::duration;

/// What `main` calls things itself.
const OWN_NAMES: &[&str] = &[
    "ask",
    "attempt",
    "call",
    "given",
    "joined",
    "shared",
    "main",
    "run",
    "try_join_all",
    "join_all",
    "quorum",
    "Duration",
    "BASE_URL",
    "KEY",
    "MODEL",
    "CLIENT",
    "LIMIT",
];

pub(super) fn lines(form: Form, plan: &Plan<'_>) -> Vec<Line> {
    let own: Vec<&str> = KEYWORDS.iter().chain(OWN_NAMES).copied().collect();
    // The other name of an agent is for readers that can do without it.
    let names = Names::with(plan.pipeline, &own, ["", "_or_empty"]);
    let mut rust = Rust { plan, names, collects: plan.collects(), form, out: Writer::default() };
    main(&mut rust.out, plan);
    for input in plan.pipeline.inputs() {
        let (name, text) = (rust.names.of(input).to_owned(), rust_literal(plan.input(input)));
        rust.out.line(1, format!("let {name} = {text};"));
    }
    match form {
        Form::Sequential => rust.sequential(),
        Form::Parallel if levels_wait_no_longer(plan.pipeline) => rust.levels(),
        Form::Parallel => rust.shared(),
    }
    rust.print();
    let mut lines = rust.head();
    joined(&mut rust.out);
    lines.extend(rust.out.lines);
    lines
}

struct Rust<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    /// Whether a failure leaves a gap and everything else goes on.
    collects: bool,
    form: Form,
    out: Writer,
}

impl Rust<'_> {
    fn sequential(&mut self) {
        self.out.blank(1);
        self.out.line(1, "// Each await ends before the next line begins, needed or not.");
        for agent in one_by_one(self.plan.pipeline) {
            match self.plan.may_be_late(self.form, agent) {
                true => self.not_asked(agent),
                false => self.alone(agent),
            }
        }
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
    }

    fn tell(&mut self) {
        let name = self.all();
        self.out.line(1, format!("// {name} polls all of these and waits for the slowest."));
        self.out.line(
            1,
            match self.collects {
                true => "// (The page skips an agent none of whose needs has an answer.)",
                false if self.plan.waits(self.form) => {
                    "// When one fails, the others end first; then comes the first error in the list."
                }
                false if self.plan.falls_back() => {
                    "// None of these fails: something stands in for an answer that never came."
                }
                false => "// When one fails, the others are dropped, and that cancels them.",
            },
        );
    }

    fn all(&self) -> &'static str {
        match self.collects || self.plan.waits(self.form) {
            true => "join_all",
            false => "try_join_all",
        }
    }

    /// What ends a wait for several.
    fn all_done(&self) -> &'static [&'static str] {
        match (self.collects, self.plan.waits(self.form)) {
            (true, _) => &[".await"],
            (false, true) => &[".await", ".into_iter()", ".collect::<Result<Vec<_>, _>>()?"],
            (false, false) => &[".await?"],
        }
    }

    fn asking(&self) -> &'static str {
        if self.plan.falls_back() { "attempt(" } else { "ask(" }
    }

    /// What ends a wait for an answer.
    fn done(&self) -> &'static str {
        if self.collects { ".await" } else { ".await?" }
    }

    /// Waits for all of these agents, or for so many answers.
    fn together(&mut self, agents: &[usize], quorum: Option<usize>) {
        let names: Vec<&str> = agents.iter().map(|agent| self.names.written_by(*agent)).collect();
        let answer = if self.collects || quorum.is_some() { "Answer" } else { "String" };
        let waiting = match quorum {
            Some(enough) => format!("quorum({enough}, ["),
            None => format!("{}([", self.all()),
        };
        let opening = format!("]: [{answer}; {}] = {waiting}", agents.len());
        let targets = names.join(", ");
        if targets.len() + opening.len() < WIDEST {
            self.out.waits(1, format!("let [{targets}{opening}"), agents.to_vec());
        } else {
            let rows = wrapped(&names);
            self.out.line(1, "let [");
            rows.iter().for_each(|row| self.out.line(2, row));
            self.out.waits(1, opening, agents.to_vec());
        }
        let asking = self.asking();
        agents.iter().for_each(|agent| self.call(*agent, 2, asking, "),"));
        self.out.line(1, "])");
        if quorum.is_some() {
            self.out.line(1, if self.collects { ".await;" } else { ".await?;" });
        } else {
            self.all_done().iter().for_each(|line| self.out.line(1, line));
            self.out.line(1, ".try_into()");
            self.out.line(1, ".expect(\"an answer for each call\");");
        }
        agents.iter().for_each(|agent| self.give(*agent, 1, ""));
    }

    /// One agent, awaited where it stands.
    fn alone(&mut self, agent: usize) {
        let name = self.names.written_by(agent).to_owned();
        self.out.blank(1);
        self.name_agent(agent);
        if self.plan.asks(agent) {
            let closing = format!("){};", self.done());
            let opening = format!("let {name} = {}", self.asking());
            self.call(agent, 1, &opening, &closing);
            self.give(agent, 1, "");
        } else {
            self.pass(agent, 1, &format!("let {name} = joined(&["), "]);");
        }
    }

    fn shared(&mut self) {
        self.out.blank(1);
        self.out.line(
            1,
            format!("// Not a {} for each level: some agents would wait there", self.all()),
        );
        self.out.line(
            1,
            "// for answers that they do not read. So each one is a future that others can",
        );
        self.out.line(1, "// wait for too, and that awaits what it reads.");
        self.tell();
        let order = one_by_one(self.plan.pipeline);
        for agent in &order {
            let name = self.names.written_by(*agent).to_owned();
            self.out.blank(1);
            self.name_agent(*agent);
            self.out.part_of = Some(*agent);
            let needs = self.plan.pipeline.needs(*agent);
            let needs: Vec<&str> = needs.iter().map(|need| self.names.written_by(*need)).collect();
            let inside = 1 + usize::from(!needs.is_empty());
            if needs.is_empty() {
                self.out.line(1, format!("let {name} = shared(async move {{"));
            } else {
                let clones: Vec<String> =
                    needs.iter().map(|need| format!("let {need} = {need}.clone();")).collect();
                self.out.line(1, format!("let {name} = shared({{"));
                clones.iter().for_each(|line| self.out.line(2, line));
                self.out.line(2, "async move {");
                self.await_needs(*agent);
            }
            match self.plan.agent(*agent).work {
                Work::Model => {
                    let asking = self.asking();
                    self.call(*agent, inside + 1, asking, ").await");
                }
                Work::PassThrough => self.pass(*agent, inside + 1, "Ok(joined(&[", "]))"),
            }
            self.out.part_of = Some(*agent);
            if inside > 1 {
                self.out.line(2, "}");
            }
            self.out.line(1, "});");
            self.out.part_of = None;
        }
        self.out.blank(1);
        let futures: Vec<String> = order
            .iter()
            .map(|agent| format!("{}.clone()", self.names.written_by(*agent)))
            .collect();
        let rows = wrapped(&futures.iter().map(String::as_str).collect::<Vec<_>>());
        let all = self.all();
        self.out.waits(1, format!("{all}(["), order);
        rows.iter().for_each(|row| self.out.line(2, row));
        self.out.line(1, "])");
        self.all_done().iter().for_each(|line| self.out.line(1, line));
        if let Some(last) = self.out.lines.last_mut() {
            last.text.push(';');
        }
        for agent in self.plan.finals() {
            if self.collects {
                self.give(agent, 1, ".await");
            } else {
                let name = self.names.written_by(agent);
                self.out.line(1, format!("let {name} = {name}.await?;"));
            }
        }
    }

    /// Within an agent's future: the answers that it reads.
    fn await_needs(&mut self, agent: usize) {
        let unsaid = match self.plan.asks(agent) {
            true => Vec::new(),
            false => unsaid(self.plan.pipeline, agent),
        };
        for need in self.plan.pipeline.needs(agent) {
            let name = self.names.written_by(*need).to_owned();
            if unsaid.contains(need) {
                let done = self.done();
                let ignored = if self.collects { "let _ = " } else { "" };
                self.out.line(3, format!("{ignored}{name}{done};"));
            } else if self.collects {
                self.give_to(*need, Some(agent), 3, ".await");
            } else {
                self.out.line(3, format!("let {name} = {name}.await?;"));
            }
        }
    }

    /// A call in its lines: the first one is the agent's wait.
    fn call(&mut self, agent: usize, indent: usize, opening: &str, closing: &str) {
        let own = self.plan.agent(agent);
        let texts = [&own.instruction, &own.prompt].map(|text| self.pieces(text));
        self.out.part_of = Some(agent);
        self.out.waits(indent, opening, vec![agent]);
        if let Some(otherwise) = self.plan.fallback(agent) {
            self.out.line(indent + 1, format!("{},", rust_literal(&otherwise)));
        }
        texts.iter().for_each(|pieces| argument(&mut self.out, indent + 1, pieces));
        if self.plan.has_models() {
            let model = own.model.as_deref().map_or("MODEL".to_owned(), rust_literal);
            self.out.line(indent + 1, format!("{model},"));
        }
        if self.plan.sees() {
            let looks = if own.sees() { "true, // looks at the picture" } else { "false," };
            self.out.line(indent + 1, looks);
        }
        if self.hedges_one() {
            let hedge = self.plan.hedge().filter(|hedge| hedge.agent == Some(agent));
            let hedge = hedge.map(|hedge| format!("Some({}),", duration(hedge.after)));
            self.out.line(indent + 1, hedge.as_deref().unwrap_or("None,"));
        }
        self.out.line(indent, closing);
        self.out.part_of = None;
    }

    /// An answer that is the prompt itself.
    fn pass(&mut self, agent: usize, indent: usize, opening: &str, closing: &str) {
        let pieces = self.pieces(&self.plan.agent(agent).prompt);
        self.out.part_of = Some(agent);
        self.out.waits(indent, opening, vec![agent]);
        pieces.iter().for_each(|piece| self.out.line(indent + 1, format!("{piece},")));
        self.out.line(indent, closing);
        self.out.part_of = None;
    }

    /// Puts a mark where an answer is missing.
    fn give(&mut self, agent: usize, indent: usize, awaited: &str) {
        self.give_to(agent, None, indent, awaited);
    }

    /// The same for one reader, or for all of them.
    fn give_to(&mut self, agent: usize, reader: Option<usize>, indent: usize, awaited: &str) {
        if !self.collects && !self.plan.may_be_late(self.form, agent) {
            return;
        }
        let key = &self.plan.agent(agent).output_key;
        let does_without = self.does_without(agent, reader);
        let (name, empty) = (self.names.written_by(agent), self.names.task(agent));
        let mut lines = Vec::new();
        if does_without {
            lines.push(format!("let {empty} = {name}.clone(){awaited}.unwrap_or_default();"));
        }
        lines.push(format!("let {name} = given({name}{awaited}, {});", rust_literal(key.as_str())));
        self.out.part_of = Some(agent);
        lines.iter().for_each(|line| self.out.line(indent, line));
        self.out.part_of = None;
    }

    /// Whether that reader, or one of all, reads an agent's answer only if there is one.
    fn does_without(&self, agent: usize, reader: Option<usize>) -> bool {
        let key = &self.plan.agent(agent).output_key;
        let readers = match reader {
            Some(reader) => vec![reader],
            None => self.plan.pipeline.needed_by(agent).to_vec(),
        };
        readers.into_iter().any(|reader| {
            let own = self.plan.agent(reader);
            let mut holes = own.instruction.holes().chain(own.prompt.holes());
            holes.any(|hole| hole == (key, true))
        })
    }

    /// Says whose call follows, where its answer's name does not.
    fn name_agent(&mut self, agent: usize) {
        let name = &self.plan.agent(agent).name;
        self.out.part_of = Some(agent);
        comment_name(&mut self.out, 1, "//", name, self.names.written_by(agent));
        self.out.part_of = None;
    }

    fn pieces(&self, template: &Template) -> Vec<String> {
        pieces(template, |key, optional| self.value(key, optional))
    }

    /// The variable that fills a hole. A key that no agent writes can only be optional, and then it is
    /// empty.
    fn value(&self, key: &Key, optional: bool) -> Option<String> {
        let name = self.names.get(key)?;
        let agents = self.plan.pipeline.agents();
        let writer = agents.iter().position(|agent| agent.output_key == *key);
        Some(match writer.filter(|agent| optional && self.has_gap(*agent)) {
            Some(agent) => self.names.task(agent).to_owned(),
            None => name.to_owned(),
        })
    }

    /// Whether an agent's answer can be missing: in a line of its own it is a text already.
    fn has_gap(&self, agent: usize) -> bool {
        let shared = self.form == Form::Parallel && !levels_wait_no_longer(self.plan.pipeline);
        self.collects && (self.plan.asks(agent) || shared)
            || self.plan.may_be_late(self.form, agent)
    }

    fn print(&mut self) {
        self.out.blank(1);
        for agent in self.plan.finals() {
            let name = self.names.written_by(agent);
            self.out.line(1, format!("println!(\"{{{name}}}\");"));
        }
        self.out.line(1, "Ok(())");
        self.out.line(0, "}");
    }
}
