//! A session of Claude Code, one JSON object a line: a call of a tool lasts from the line with its
//! `tool_use` to the one with its `tool_result`. Between them is the model's own time, which the file
//! does not tell from waiting, so that it counts as idle.

use std::collections::HashMap;

use serde_json::Value;

use super::span::{Found, Kind, Order, Span};
use super::values;

/// What is known of the session so far.
#[derive(Default)]
pub struct Session {
    calls: HashMap<Box<str>, usize>,
    first: Option<i64>,
    last: Option<i64>,
    /// Lines of subagents, which are a part of the call that started them.
    side: Vec<Value>,
    has_main: bool,
}

/// The id of the span that stands for the session.
const SESSION: &str = "session";

impl Session {
    /// One line.
    pub fn read(&mut self, value: &Value, found: &mut Found) {
        let is_message = matches!(values::text(value, &["type"]), Some("user" | "assistant"));
        if !is_message {
            return;
        }
        if value.get("isSidechain") == Some(&Value::Bool(true)) {
            // Shown only where there is nothing else: a subagent's own file.
            if !self.has_main && self.side.len() < MOST_SIDE {
                self.side.push(slim(value));
            }
            return;
        }
        self.has_main = true;
        self.side = Vec::new();
        self.message(value, found);
    }

    /// The session itself, once all lines are read.
    pub fn finish(&mut self, found: &mut Found) {
        for line in std::mem::take(&mut self.side) {
            self.message(&line, found);
        }
        if self.first.is_some() {
            found.spans.push(Span {
                id: SESSION.into(),
                name: SESSION.into(),
                start: self.first,
                end: self.last,
                order: Order::Conversation,
                ..Span::default()
            });
        }
    }

    fn message(&mut self, value: &Value, found: &mut Found) {
        let Some(at) = value.get("timestamp").and_then(values::moment) else { return };
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.last = Some(self.last.map_or(at, |last| last.max(at)));
        let cwd = values::text(value, &["cwd"]).unwrap_or_default();
        let content = value.pointer("/message/content").and_then(Value::as_array);
        for part in content.into_iter().flatten() {
            match values::text(part, &["type"]) {
                Some("tool_use" | "server_tool_use") => self.begin(part, at, cwd, found),
                Some("tool_result") => self.end(part, at, found),
                _ => {}
            }
        }
    }

    fn begin(&mut self, part: &Value, at: i64, cwd: &str, found: &mut Found) {
        let Some(id) = values::id_of(part, &["id"]) else { return };
        // A line may be there again, after a session was taken up once more.
        if self.calls.contains_key(&id) {
            return;
        }
        let name = values::text(part, &["name"]).unwrap_or("tool");
        let input = part.get("input").unwrap_or(&Value::Null);
        let text = values::text(input, &["prompt", "command", "query", "url", "pattern"]);
        let is_agent = matches!(name, "Agent" | "Task");
        let asked = found.text(text.unwrap_or_default().to_owned());
        self.calls.insert(id.clone(), found.spans.len());
        found.spans.push(Span {
            id,
            parent: Some(SESSION.into()),
            name: name.into(),
            kind: Some(if is_agent { Kind::Agent } else { Kind::Tool }),
            agent: Some(display_name(name, input, cwd).into()),
            start: Some(at),
            input: asked,
            ..Span::default()
        });
    }

    fn end(&mut self, part: &Value, at: i64, found: &mut Found) {
        let Some(id) = values::id_of(part, &["tool_use_id"]) else { return };
        let Some(place) = self.calls.get(&id).copied() else { return };
        let failed = part.get("is_error") == Some(&Value::Bool(true));
        let said = part.get("content").map(values::readable).unwrap_or_default();
        let output = found.text(said);
        let Some(span) = found.spans.get_mut(place).filter(|span| span.end.is_none()) else {
            return;
        };
        span.end = Some(at);
        span.error = failed.then(|| "".into());
        span.output = output;
    }
}

/// More lines of a subagent than this are not kept.
const MOST_SIDE: usize = 100_000;

/// A line without what is not looked at.
fn slim(value: &Value) -> Value {
    serde_json::json!({
        "timestamp": value["timestamp"], "cwd": value["cwd"],
        "message": { "content": value.pointer("/message/content") },
    })
}

/// What a call is called: what it is for, or the tool and what it was called with.
fn display_name(name: &str, input: &Value, cwd: &str) -> String {
    if let Some(description) = values::text(input, &["description"]) {
        return short(description);
    }
    let path = values::text(input, &["file_path", "notebook_path", "path"]);
    let inside = path.map(|path| {
        let inside = path.strip_prefix(cwd).map(|rest| rest.trim_start_matches('/'));
        inside.filter(|rest| !cwd.is_empty() && !rest.is_empty()).unwrap_or(path)
    });
    let what = match name {
        "Grep" | "Glob" => values::text(input, &["pattern"]).or(inside),
        _ => inside.or_else(|| values::text(input, &["url", "query", "pattern", "skill"])),
    };
    match what {
        Some(what) => short(&format!("{name} {what}")),
        None => name.to_owned(),
    }
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(80).collect()
}

/// Tools that only read: several of them could have been asked for at once.
pub fn only_reads(tool: &str) -> bool {
    let changes =
        ["Bash", "Edit", "MultiEdit", "Write", "NotebookEdit", "TodoWrite", "ExitPlanMode"];
    let asks = ["AskUserQuestion", "EnterPlanMode", "KillShell", "SlashCommand", "Skill"];
    !changes.contains(&tool) && !asks.contains(&tool)
}
