//! Chrome's trace events, which many tools write and Perfetto reads: complete events, begin and end
//! pairs, asynchronous pairs, flows. The list may be in any order, and need not be closed.
//!
//! A thread and a process are containers without times of their own. The outermost stretch of a thread
//! is the piece; what is nested in it is a part of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::span::{Found, Kind, Note, Span};
use super::values;

/// The events so far, until all of them are there: an end may come before its beginning.
#[derive(Default)]
pub struct Events {
    /// By thread: what is known to the end, and begins and ends that are still to be paired.
    threads: BTreeMap<Thread, Stretches>,
    /// Asynchronous begins and ends, by what ties them together.
    pairs: HashMap<Box<str>, Vec<Mark>>,
    names: HashMap<Thread, Box<str>>,
    processes: HashMap<Box<str>, Box<str>>,
    /// Where arrows begin and end, by their id.
    flows: HashMap<Box<str>, Vec<(bool, Thread, i64)>>,
    made: HashSet<Box<str>>,
    /// When a process began and ended, where the file says so.
    runs: HashMap<Box<str>, (i64, i64)>,
}

type Thread = (Box<str>, Box<str>);

#[derive(Default)]
struct Stretches {
    whole: Vec<Stretch>,
    marks: Vec<Mark>,
}

struct Stretch {
    name: Box<str>,
    start: i64,
    end: Option<i64>,
    args: Args,
}

struct Mark {
    begins: bool,
    at: i64,
    name: Box<str>,
    thread: Thread,
    args: Args,
}

/// What a piece's arguments say, as our own files have it.
#[derive(Clone, Default)]
struct Args {
    kind: Option<Kind>,
    queued: Option<i64>,
    first: Option<i64>,
    error: Option<Box<str>>,
    tokens: Option<(u64, u64)>,
    model: Option<Box<str>>,
    agent: Option<Box<str>>,
}

impl Events {
    /// One event.
    pub fn read(&mut self, value: &Value, found: &mut Found) {
        let id = |key: &str| value.get(key).map(plain).unwrap_or_default();
        let thread: Thread = (id("pid"), id("tid"));
        let name: Box<str> = values::text(value, &["name"]).unwrap_or_default().into();
        let phase = values::text(value, &["ph"]).unwrap_or_default();
        if phase == "M" {
            let given = value.pointer("/args/name").and_then(Value::as_str).unwrap_or_default();
            match &*name {
                "thread_name" => drop(self.names.insert(thread, given.into())),
                "process_name" => drop(self.processes.insert(thread.0, given.into())),
                _ => {}
            }
            return;
        }
        let Some(at) = value.get("ts").and_then(values::micros) else {
            return found.note(Note::Other);
        };
        let args = || Args::new(value.get("args"), at);
        let own = |threads: &mut BTreeMap<Thread, Stretches>, thread: Thread, begins| {
            let mark =
                Mark { begins, at, name: name.clone(), thread: thread.clone(), args: args() };
            threads.entry(thread).or_default().marks.push(mark);
        };
        match phase {
            // In our own files one slice stands for the run, which the process is.
            "X" if value.pointer("/args/converge.run") == Some(&Value::Bool(true)) => {
                let length = value.get("dur").and_then(values::micros).unwrap_or_default();
                self.runs.insert(thread.0, (at, at.saturating_add(length)));
            }
            "X" => {
                let length = value.get("dur").and_then(values::micros);
                let end = length.and_then(|length| at.checked_add(length));
                let whole = Stretch { name, start: at, end, args: args() };
                self.threads.entry(thread).or_default().whole.push(whole);
            }
            "B" => own(&mut self.threads, thread, true),
            "E" => own(&mut self.threads, thread, false),
            "b" | "e" | "S" | "F" => {
                let category = values::text(value, &["cat"]).unwrap_or_default();
                let local = value.pointer("/id2/local").map(plain);
                let global = value.pointer("/id2/global").map(plain);
                let id = local.map(|local| format!("{}/{local}", thread.0));
                let id = id.or_else(|| global.map(String::from)).unwrap_or_else(|| id_text(value));
                let key = format!("{category}/{id}/{}", if phase > "Z" { "nested" } else { "" });
                let begins = matches!(phase, "b" | "S");
                let mark = Mark { begins, at, name, thread, args: args() };
                self.pairs.entry(key.into()).or_default().push(mark);
            }
            "s" | "t" | "f" => {
                let ends = phase != "s";
                self.flows.entry(id_text(value).into()).or_default().push((ends, thread, at));
            }
            _ => {}
        }
    }

    /// The spans, once all events are read.
    pub fn finish(&mut self, found: &mut Found) {
        let mut threads = std::mem::take(&mut self.threads);
        for (thread, stretches) in &mut threads {
            let marks = std::mem::take(&mut stretches.marks);
            stretches.whole.extend(paired(marks, found).into_iter().map(|(_, stretch)| stretch));
            stretches
                .whole
                .sort_by_key(|s| (s.start, std::cmp::Reverse(s.end.unwrap_or(i64::MAX))));
            let container = self.container(thread, found);
            nest(&stretches.whole, &container, found);
        }
        let mut pairs: Vec<_> = std::mem::take(&mut self.pairs).into_iter().collect();
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, marks) in pairs {
            let mut by_thread: BTreeMap<Thread, Vec<Stretch>> = BTreeMap::new();
            for (thread, stretch) in paired(marks, found) {
                by_thread.entry(thread).or_default().push(stretch);
            }
            for (thread, mut stretches) in by_thread {
                stretches.sort_by_key(|s| (s.start, std::cmp::Reverse(s.end.unwrap_or(i64::MAX))));
                let container = self.container(&thread, found);
                nest(&stretches, &container, found);
            }
        }
        self.link(found);
    }

    /// The id of a thread's container, which is made when it is first asked for. A thread without a name
    /// says nothing of what runs in it.
    fn container(&mut self, thread: &Thread, found: &mut Found) -> Box<str> {
        let process: Box<str> = format!("process {}", thread.0).into();
        let id: Box<str> = format!("thread {} {}", thread.0, thread.1).into();
        if self.made.insert(id.clone()) {
            let name = self.names.get(thread).cloned().unwrap_or_default();
            found.spans.push(container(id.clone(), name, Some(process.clone())));
        }
        if self.made.insert(process.clone()) {
            let name = self.processes.get(&thread.0).cloned().unwrap_or_default();
            let (start, end) = self.runs.get(&thread.0).copied().unzip();
            found.spans.push(Span { start, end, ..container(process, name, None) });
        }
        id
    }

    /// Arrows between stretches are dependencies that the file knows of.
    fn link(&mut self, found: &mut Found) {
        let flows = std::mem::take(&mut self.flows);
        if flows.is_empty() {
            return;
        }
        let mut threads: HashMap<Box<str>, Vec<(i64, usize)>> = HashMap::new();
        for (place, span) in found.spans.iter().enumerate() {
            if let (Some(parent), Some(start)) = (&span.parent, span.start) {
                threads.entry(parent.clone()).or_default().push((start, place));
            }
        }
        threads.values_mut().for_each(|stretches| stretches.sort_unstable());
        let around = |(_, thread, at): &(bool, Thread, i64), found: &Found| {
            let stretches = threads.get(format!("thread {} {}", thread.0, thread.1).as_str())?;
            let begun = stretches.partition_point(|(start, _)| start <= at);
            let (_, place) = stretches[..begun].last()?;
            found.spans[*place].end.is_none_or(|end| end >= *at).then_some(*place)
        };
        for (_, mut ends) in flows {
            ends.sort_by_key(|(ends, _, at)| (*at, *ends));
            for pair in ends.windows(2) {
                let places = around(&pair[0], found).zip(around(&pair[1], found));
                if let Some((from, to)) = places.filter(|(from, to)| from != to) {
                    let from = found.spans[from].id.clone();
                    found.spans[to].links.push(from);
                }
            }
        }
    }
}

fn container(id: Box<str>, name: Box<str>, parent: Option<Box<str>>) -> Span {
    Span { id, name, parent, ..Span::default() }
}

/// An id or a number as a text.
fn plain(value: &Value) -> Box<str> {
    match value {
        Value::String(text) => text.as_str().into(),
        other => other.to_string().into(),
    }
}

fn id_text(value: &Value) -> String {
    let scope = values::text(value, &["scope"]).unwrap_or_default();
    let id = value.get("id").map(plain).unwrap_or_default();
    format!("{scope}{id}")
}

/// Begins and ends as stretches, each with its thread. An end closes the last begin that is open.
fn paired(mut marks: Vec<Mark>, found: &mut Found) -> Vec<(Thread, Stretch)> {
    // At one moment, what ends makes room for what begins.
    marks.sort_by_key(|mark| (mark.at, mark.begins));
    let (mut open, mut done): (Vec<Mark>, Vec<(Thread, Stretch)>) = (Vec::new(), Vec::new());
    let close = |mark: Mark, end: Option<i64>| {
        let stretch = Stretch { name: mark.name, start: mark.at, end, args: mark.args };
        (mark.thread, stretch)
    };
    for mark in marks {
        if mark.begins {
            open.push(mark);
            continue;
        }
        match open.pop() {
            Some(mut begun) => {
                begun.args.merge(mark.args);
                done.push(close(begun, Some(mark.at)));
            }
            None => found.note(Note::StrayEnd),
        }
    }
    done.extend(open.into_iter().map(|mark| close(mark, None)));
    done
}

/// Puts stretches into each other: each is a part of the last one that goes on around it.
fn nest(stretches: &[Stretch], container: &str, found: &mut Found) {
    let mut around: Vec<(Box<str>, i64)> = Vec::new();
    for stretch in stretches {
        let end = stretch.end.unwrap_or(i64::MAX);
        let is_in = |until: i64| stretch.start < until && end <= until;
        while around.last().is_some_and(|(_, until)| !is_in(*until)) {
            around.pop();
        }
        let parent = around.last().map_or(container, |(id, _)| id);
        let id: Box<str> = format!("event {}", found.spans.len()).into();
        let args = &stretch.args;
        found.spans.push(Span {
            id: id.clone(),
            parent: Some(parent.into()),
            name: stretch.name.clone(),
            kind: args.kind,
            agent: args.agent.clone(),
            queued: args.queued,
            start: Some(stretch.start),
            first: args.first,
            end: stretch.end,
            error: args.error.clone(),
            tokens: args.tokens,
            model: args.model.clone(),
            ..Span::default()
        });
        around.push((id, end));
    }
}

impl Args {
    fn new(value: Option<&Value>, at: i64) -> Self {
        let Some(value) = value else { return Self::default() };
        let text = |key: &str| values::text(value, &[key]);
        let after = |key: &str| {
            let length = values::micros(value.get(key)?)?;
            Some(length)
        };
        let tokens = |key: &str| value.get(key).and_then(values::whole);
        let (input, output) = (tokens("input_tokens"), tokens("output_tokens"));
        Self {
            kind: match text("converge.kind") {
                Some("model") => Some(Kind::Model),
                Some("tool") => Some(Kind::Tool),
                Some("retriever") => Some(Kind::Retriever),
                Some("agent") => Some(Kind::Agent),
                _ => None,
            },
            queued: after("converge.queued_us").and_then(|wait| at.checked_sub(wait)),
            first: after("converge.first_us").and_then(|first| at.checked_add(first)),
            error: text("error").map(Into::into),
            tokens: (input.is_some() || output.is_some())
                .then(|| (input.unwrap_or_default(), output.unwrap_or_default())),
            model: text("model").map(Into::into),
            agent: text("converge.agent").map(Into::into),
        }
    }

    fn merge(&mut self, other: Self) {
        self.error = self.error.take().or(other.error);
        self.tokens = self.tokens.or(other.tokens);
    }
}
