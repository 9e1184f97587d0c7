//! A run as a Mermaid gantt, and its pipeline as a Mermaid flowchart, for Markdown files.
//!
//! Mermaid reads names as part of its own language: a colon ends one, a semicolon ends a line, and a
//! first word such as `title` makes it something else. Such characters give way to ones that look alike.

use std::fmt::Write;

use super::TraceFile;
use crate::pipeline::Pipeline;
use crate::words;

/// Words that begin a line of another meaning in a gantt.
const RESERVED: &[&str] = &[
    "gantt",
    "title",
    "section",
    "click",
    "call",
    "href",
    "dateformat",
    "axisformat",
    "tickinterval",
    "excludes",
    "includes",
    "todaymarker",
    "weekday",
    "weekend",
    "acctitle",
    "accdescr",
    "topaxis",
    "inclusiveenddates",
    "displaymode",
    "done",
    "active",
    "crit",
    "milestone",
    "vert",
];

/// The run as a gantt: a section an agent, in it one task from its start to its end, in milliseconds.
pub fn gantt(file: &TraceFile) -> String {
    let mut out = String::from("gantt\n");
    let title = words::export::gantt_title(&file.schedule.name);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "    title {}", plain(&title));
    let _ = writeln!(out, "    dateFormat x\n    axisFormat %M:%S.%L");
    for (place, span) in file.spans.iter().enumerate() {
        let (Some(start), Some(end)) = (span.start_us, span.end_us) else { continue };
        let name = task(&span.name);
        let millis = |micros: u64| (micros + 500) / 1000;
        let (start, end) = (millis(start), millis(end));
        // Mermaid swaps a task that ends where it begins for one of no length: a milestone.
        let tag = match (span.outcome.as_str(), start == end) {
            (_, true) => "milestone, ",
            ("done" | "kept", _) => "",
            _ => "crit, ",
        };
        let _ = writeln!(out, "    section {name}\n    {name} :{tag}a{place}, {start}, {end}");
    }
    out
}

/// The pipeline as a flowchart: an arrow leads to each agent from those it needs.
pub fn flowchart(pipeline: &Pipeline) -> String {
    let mut out = String::from("flowchart LR\n");
    for (place, agent) in pipeline.agents().iter().enumerate() {
        let _ = writeln!(out, "    a{place}[\"{}\"]", quoted(&agent.name));
    }
    for reader in 0..pipeline.agents().len() {
        for writer in pipeline.needs(reader) {
            let _ = writeln!(out, "    a{writer} --> a{reader}");
        }
    }
    out
}

/// A name as that of a task.
fn task(name: &str) -> String {
    let plain = plain(name);
    let first: String = plain.chars().take_while(|c| c.is_alphanumeric()).collect();
    match RESERVED.contains(&first.to_ascii_lowercase().as_str()) {
        true => format!("“{plain}”"),
        false => plain,
    }
}

/// A text without what Mermaid would take for its own: each such sign gives way to its wide twin, or to one
/// that looks like it.
fn plain(text: &str) -> String {
    let alike = |c: char| match c {
        ':' => '\u{a789}',
        ';' => '\u{ff1b}',
        '#' => '\u{ff03}',
        '<' => '\u{2039}',
        '>' => '\u{203a}',
        c if c.is_control() => ' ',
        c => c,
    };
    let plain: String = text.chars().map(alike).collect();
    // Two of them begin a comment.
    let plain = plain.replace("%%", "\u{ff05}\u{ff05}");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain.is_empty() { "–".into() } else { plain }
}

/// A text inside the quotes of a node: what is special there is written by its number.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            c if c.is_alphanumeric() || c == ' ' || "-_.()/+=!?'".contains(c) => out.push(c),
            c if c.is_control() => out.push(' '),
            c => {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    if out.trim().is_empty() { "–".into() } else { out }
}
