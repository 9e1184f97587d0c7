//! What every program here is made of, in Python's words: names, literals and how a client is set up.
//! JavaScript's and Rust's differ in little, and that is here too.

use std::collections::{BTreeMap, BTreeSet};

use super::{Plan, Writer, seconds};
use crate::pipeline::{Agent, Pipeline};
use crate::state::Key;

/// Python's keywords, and the one name that cannot be assigned to.
pub(super) const KEYWORDS: &[&str] = &[
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "__debug__",
];

/// From this length on, a text goes on in another literal at the next word.
const WIDE: usize = 60;
/// The length of a line that holds names only.
pub(super) const WIDEST: usize = 80;

/// How a text with holes is written.
#[derive(Clone, Copy, Default, PartialEq)]
enum Style {
    #[default]
    FString,
    /// For a library that fills the holes itself: no f-string, and every brace doubled.
    Template,
    /// JavaScript's, between backticks.
    Backticks,
    /// Rust's, which are references to what `format!` makes.
    Rust,
}

/// Literals while they are being written: as plain text and as an f-string, since only a hole
/// decides which of the two it will be.
#[derive(Default)]
pub(super) struct Pieces {
    done: Vec<String>,
    plain: String,
    braced: String,
    has_hole: bool,
    style: Style,
    last: Option<char>,
}

impl Pieces {
    /// Of a text whose holes the program's library fills.
    pub(super) fn template() -> Self {
        Self { style: Style::Template, ..Self::default() }
    }

    /// Of a text for JavaScript.
    pub(super) fn backticks() -> Self {
        Self { style: Style::Backticks, ..Self::default() }
    }

    /// Of a text for Rust.
    pub(super) fn rust() -> Self {
        Self { style: Style::Rust, ..Self::default() }
    }

    pub(super) fn text(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c));
    }

    fn push(&mut self, c: char) {
        let new_line = self.last == Some('\n') && c != '\n';
        let wide = self.braced.len() >= WIDE && self.last == Some(' ') && c != ' ';
        if new_line || wide {
            self.flush();
        }
        let escape = if self.style == Style::Rust { escape_in_rust } else { escape };
        escape(c, &mut self.plain);
        match (self.style, c) {
            (Style::Backticks, '"') => self.braced.push(c),
            (Style::Backticks, '`' | '$') => self.braced.extend(['\\', c]),
            (Style::FString | Style::Template | Style::Rust, '{' | '}') => {
                self.braced.extend([c, c])
            }
            _ => escape(c, &mut self.braced),
        }
        self.last = Some(c);
    }

    pub(super) fn hole(&mut self, value: &str) {
        if self.last == Some('\n') || self.braced.len() >= WIDE {
            self.flush();
        }
        let dollar = if self.style == Style::Backticks { "$" } else { "" };
        self.braced += &format!("{dollar}{{{value}}}");
        self.has_hole = true;
        self.last = None;
    }

    /// A hole that stays one in a plain text.
    pub(super) fn bare_hole(&mut self, key: &str) {
        let hole = format!("{{{key}}}");
        self.plain += &hole;
        self.braced += &hole;
        self.last = None;
    }

    fn flush(&mut self) {
        let (plain, braced) = (std::mem::take(&mut self.plain), std::mem::take(&mut self.braced));
        let piece = match (self.style, std::mem::take(&mut self.has_hole)) {
            (Style::Template, _) => format!("\"{braced}\""),
            (Style::FString, true) => format!("f\"{braced}\""),
            (Style::Backticks, true) => format!("`{braced}`"),
            (Style::Rust, true) => format!("&format!(\"{braced}\")"),
            (_, false) => format!("\"{plain}\""),
        };
        self.done.push(piece);
        self.last = None;
    }

    pub(super) fn finish(mut self) -> Vec<String> {
        if !self.braced.is_empty() || self.done.is_empty() {
            self.flush();
        }
        self.done
    }
}

/// Imports those of a module's names that stand in the lines of a program; without a module, those
/// modules themselves.
pub(super) fn import(out: &mut Writer, body: &Writer, module: &str, names: &[&str]) {
    let code = || body.lines.iter().filter(|line| !line.text.trim_start().starts_with('#'));
    let stands = |name: &&str| {
        code().any(|line| {
            let mut words = line.text.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.any(|word| word == *name)
        })
    };
    let names: Vec<&str> = names.iter().copied().filter(stands).collect();
    if module.is_empty() {
        names.iter().for_each(|name| out.line(0, format!("import {name}")));
    } else if !names.is_empty() {
        out.line(0, format!("from {module} import {}", names.join(", ")));
    }
}

/// How OpenAI's own client and LangChain's are set up, as arguments in a list of them.
pub(super) fn client_lines(out: &mut Writer, indent: usize, plan: &Plan<'_>) {
    let endpoint = plan.endpoint;
    out.line(indent, format!("api_key=os.environ[\"{}\"],", endpoint.key_variable()));
    if let Some(base_url) = endpoint.base_url() {
        out.line(indent, format!("base_url={},", literal(base_url)));
    }
    if let Some(patience) = plan.patience() {
        out.line(indent, format!("timeout={},  # seconds, for a whole answer", seconds(patience)));
    }
    // Their own default is 2.
    out.line(indent, format!("max_retries={},", plan.attempts() - 1));
}

/// The lines that run it all. `leaves`: whether what runs on after a failure is let do so; `keeps`:
/// whether late calls are, too.
pub(super) fn run_line(out: &mut Writer, main: &str, [leaves, keeps]: [bool; 2], plan: &Plan<'_>) {
    let mut main = match plan.deadline() {
        None => main.to_owned(),
        Some(deadline) => format!("asyncio.wait_for({main}, timeout={})", seconds(deadline)),
    };
    if leaves || keeps {
        out.blank(2);
        out.line(0, "async def service():");
        out.line(1, "# One whose event loop lives on: those who were left running end in it.");
        let left = "left = asyncio.all_tasks() - {asyncio.current_task()}";
        let end = "await asyncio.gather(*left, return_exceptions=True)";
        if leaves {
            out.line(1, "try:");
            out.line(2, format!("await {main}"));
            out.line(1, "except Exception as error:");
            out.line(2, "print(\"failed:\", error, file=sys.stderr)");
            [left, end, "raise"].iter().for_each(|line| out.line(2, line));
        } else {
            out.line(1, format!("await {main}"));
        }
        if keeps {
            [left, end].iter().for_each(|line| out.line(1, line));
        }
        main = "service()".to_owned();
    }
    out.blank(2);
    out.line(0, format!("asyncio.run({main})"));
}

/// A text as an argument: adjacent literals are one text.
pub(super) fn argument(out: &mut Writer, indent: usize, mut pieces: Vec<String>) {
    if let Some(last) = pieces.last_mut() {
        last.push(',');
    }
    pieces.iter().for_each(|piece| out.line(indent, piece));
}

/// What `run_query` is called with: the agent's instruction, its prompt, with the picture if it sees
/// one, and a model of its own.
pub(super) fn query_arguments(
    out: &mut Writer,
    indent: usize,
    agent: &Agent,
    [instruction, prompt]: [Vec<String>; 2],
) {
    argument(out, indent, instruction);
    if agent.sees() {
        out.line(indent, "with_picture(");
        argument(out, indent + 1, prompt);
        out.line(indent, "),");
    } else {
        argument(out, indent, prompt);
    }
    if let Some(model) = &agent.model {
        out.line(indent, format!("model={},", literal(model)));
    }
}

/// Says whose lines follow, where `known` does not.
pub(super) fn name_comment(out: &mut Writer, indent: usize, name: &str, known: &str) {
    comment_name(out, indent, "#", name, known);
}

/// The same after another mark.
pub(super) fn comment_name(out: &mut Writer, indent: usize, mark: &str, name: &str, known: &str) {
    if name != known {
        let name: String = name.chars().map(|c| if is_odd(c) { ' ' } else { c }).collect();
        out.line(indent, format!("{mark} {name}"));
    }
}

/// A text as Python writes it, in double quotes.
pub fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    text.chars().for_each(|c| escape(c, &mut out));
    out.push('"');
    out
}

fn escape(c: char, out: &mut String) {
    match c {
        '\\' => out.push_str("\\\\"),
        '"' => out.push_str("\\\""),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if is_odd(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => out.push(c),
    }
}

fn escape_in_rust(c: char, out: &mut String) {
    match c {
        '\\' | '"' | '\n' | '\r' | '\t' => escape(c, out),
        c if is_odd(c) => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        c => out.push(c),
    }
}

/// A text as Rust writes it.
pub(super) fn rust_literal(text: &str) -> String {
    let mut out = String::from("\"");
    text.chars().for_each(|c| escape_in_rust(c, &mut out));
    out.push('"');
    out
}

/// Characters that no reader sees, or that change the order in which the others are seen. The
/// joiner of emoji stays: it is seen in what it joins. None is beyond four digits.
pub(super) fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Names in rows of some length, each with a comma.
pub(super) fn wrapped(names: &[&str]) -> Vec<String> {
    let mut rows = vec![String::new()];
    for name in names {
        match rows.last_mut() {
            Some(row) if row.is_empty() => *row = format!("{name},"),
            Some(row) if row.len() + name.len() < WIDEST - 8 => *row += &format!(" {name},"),
            _ => rows.push(format!("{name},")),
        }
    }
    rows
}

/// What each key is called in the program.
pub(super) struct Names {
    of: BTreeMap<Key, String>,
    written: Vec<String>,
    tasks: Vec<String>,
}

impl Names {
    /// `own` holds the names that the program uses itself.
    pub(super) fn new(pipeline: &Pipeline, own: &[&str]) -> Self {
        Self::with(pipeline, own, ["ask_", ""])
    }

    /// With what stands before and after a name for the agent that writes it.
    pub(super) fn with(pipeline: &Pipeline, own: &[&str], [before, after]: [&str; 2]) -> Self {
        Self::named(pipeline, own, |name| format!("{before}{name}{after}"))
    }

    /// With ASCII letters only in the names of what does an agent's work.
    pub(super) fn with_ascii_tasks(pipeline: &Pipeline, own: &[&str]) -> Self {
        let ascii = |name: &str| name.replace(|c: char| !c.is_ascii(), "_");
        Self::named(pipeline, own, |name| format!("ask_{}", ascii(name)))
    }

    fn named(pipeline: &Pipeline, own: &[&str], task: impl Fn(&str) -> String) -> Self {
        let mut taken: BTreeSet<String> =
            KEYWORDS.iter().chain(own).map(|name| (*name).to_owned()).collect();
        let (inputs, agents) = (pipeline.inputs(), pipeline.agents());
        let keys = inputs.iter().chain(agents.iter().map(|agent| &agent.output_key));
        let of: BTreeMap<Key, String> =
            keys.map(|key| (key.clone(), fresh(key.as_str(), &mut taken))).collect();
        let written: Vec<String> =
            agents.iter().map(|agent| of[&agent.output_key].clone()).collect();
        let tasks = written.iter().map(|name| fresh(&task(name), &mut taken)).collect();
        Self { of, written, tasks }
    }

    pub(super) fn get(&self, key: &Key) -> Option<&str> {
        self.of.get(key).map(String::as_str)
    }

    pub(super) fn of(&self, key: &Key) -> &str {
        self.get(key).unwrap_or_default()
    }

    pub(super) fn written_by(&self, agent: usize) -> &str {
        &self.written[agent]
    }

    /// The name of what does an agent's work.
    pub(super) fn task(&self, agent: usize) -> &str {
        &self.tasks[agent]
    }
}

/// A name that Python takes and nothing else has. Letters stay where Python is sure to take them
/// for themselves; it reads others as something else, or not as letters.
fn fresh(key: &str, taken: &mut BTreeSet<String>) -> String {
    let safe = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' | 'А'..='я' | '一'..='\u{9fa5}')
    };
    let mut name: String = key.chars().map(|c| if safe(c) { c } else { '_' }).collect();
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}
