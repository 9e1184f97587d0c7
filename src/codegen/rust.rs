//! What both kinds of Rust programs have in common: Rust's words, packages and texts.

use super::python::Pieces;
use super::{Plan, Writer, seconds};
use crate::state::Key;
use crate::template::{Part, Template};

/// Rust's own words, the ones that it keeps, and the values that a name would be taken for.
#[rustfmt::skip]
pub(super) const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut",
    "pub", "ref", "return", "self", "Self", "static", "struct", "super", "trait", "true", "type",
    "unsafe", "use", "where", "while", "abstract", "become", "box", "do", "final", "macro",
    "override", "priv", "try", "typeof", "unsized", "virtual", "yield", "_", "Some", "None", "Ok",
    "Err",
];

/// The packages that a program needs, in a comment.
pub(super) fn packages(out: &mut Writer, packages: &[&str]) {
    out.line(0, "// Cargo.toml, with edition = \"2024\":");
    packages.iter().for_each(|package| out.line(0, format!("//     {package}")));
    out.blank(1);
}

/// A template as references to texts, one a line: `value` says what fills a hole, if anything.
pub(super) fn pieces(
    template: &Template,
    value: impl Fn(&Key, bool) -> Option<String>,
) -> Vec<String> {
    let mut pieces = Pieces::rust();
    for part in template.parts() {
        match part {
            Part::Text(text) => pieces.text(text),
            Part::Hole { key, optional } => {
                value(key, *optional).into_iter().for_each(|name| pieces.hole(&name));
            }
        }
    }
    pieces.finish()
}

/// Those references as one, in lines of their own.
pub(super) fn argument(out: &mut Writer, indent: usize, pieces: &[String]) {
    match pieces {
        [piece] => out.line(indent, format!("{piece},")),
        pieces => {
            out.line(indent, "&joined(&[");
            pieces.iter().for_each(|piece| out.line(indent + 1, format!("{piece},")));
            out.line(indent, "]),");
        }
    }
}

/// The function that those lines call, if they do.
pub(super) fn joined(out: &mut Writer) {
    if out.lines.iter().any(|line| line.text.contains("joined(&[")) {
        out.blank(1);
        out.line(0, "fn joined(pieces: &[&str]) -> String {");
        out.line(1, "pieces.concat()");
        out.line(0, "}");
    }
}

/// How `main` begins: where the whole run has a limit, it is another function that does the work.
pub(super) fn main(out: &mut Writer, plan: &Plan<'_>) {
    out.blank(1);
    out.line(0, "#[tokio::main(flavor = \"current_thread\")]");
    out.line(0, "async fn main() -> Result<(), String> {");
    if let Some(deadline) = plan.deadline() {
        let deadline = seconds(deadline);
        out.line(1, format!("let longest = Duration::from_secs_f64({deadline}_f64);"));
        out.line(1, "tokio::time::timeout(longest, run()).await.unwrap_or_else(|_| {");
        out.line(2, format!("Err(\"the run took longer than {deadline} s\".into())"));
        out.line(1, "})");
        out.line(0, "}");
        out.blank(1);
        out.line(0, "async fn run() -> Result<(), String> {");
    }
}
