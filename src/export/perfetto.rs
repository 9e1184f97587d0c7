//! A run as Chrome trace events, for ui.perfetto.dev and chrome://tracing: a thread an agent, named after
//! it, and one for the turns that the agents had on the event loop. Arrows lead from each agent to those
//! that read what it wrote. A second call of an agent has a thread of its own, since it overlaps the first.

use serde_json::{Map, Value, json};

use super::TraceFile;
use crate::pipeline::Pipeline;
use crate::time::Instant;
use crate::timeline::{Lane, Timeline};
use crate::words;

const PROCESS: u32 = 1;
/// The thread that the run as a whole is on: the process's first one. Agents come after it.
const RUN: usize = 1;

/// The thread of the agent at that place.
fn thread(place: usize) -> usize {
    RUN + 1 + place
}

/// The file's text. `timeline` is the whole run, for what a summary has not: attempts and turns.
pub fn perfetto(file: &TraceFile, pipeline: &Pipeline, timeline: &Timeline) -> String {
    let mut events = vec![
        meta("process_name", RUN, json!({ "name": words::export::process(&file.schedule.name) })),
        meta("thread_name", RUN, json!({ "name": words::export::RUN })),
    ];
    let agents = pipeline.agents();
    for (place, agent) in agents.iter().enumerate() {
        events.push(meta("thread_name", thread(place), json!({ "name": agent.name })));
        events.push(meta(
            "thread_sort_index",
            thread(place),
            json!({ "sort_index": thread(place) }),
        ));
    }
    let event_loop = thread(agents.len());
    if !timeline.polls().is_empty() {
        events.push(meta("thread_name", event_loop, json!({ "name": "event loop" })));
        events.push(meta("thread_sort_index", event_loop, json!({ "sort_index": event_loop })));
    }
    let makespan = file.metrics.makespan_us;
    let whole = json!({ "converge.run": true, "started": file.started, "provider": file.provider });
    events.push(slice(words::export::RUN, RUN, 0, makespan, whole));
    for (place, span) in file.spans.iter().enumerate() {
        let Some(lane) = timeline.lanes().get(place) else { continue };
        let (Some(start), Some(end)) = (span.start_us, span.end_us) else { continue };
        let queued = span.queued_us.filter(|queued| *queued < start);
        if let Some(queued) = queued {
            events.push(slice("queued", thread(place), queued, start, json!({})));
        }
        let mut args = Map::new();
        let mut say = |key: &str, value: Value| drop(args.insert(key.into(), value));
        say("converge.kind", "model".into());
        say("converge.agent", span.name.as_str().into());
        say("outcome", span.outcome.as_str().into());
        if let Some(queued) = queued {
            say("converge.queued_us", (start - queued).into());
        }
        if let Some(first) = span.first_us.filter(|first| *first >= start) {
            say("converge.first_us", (first - start).into());
        }
        match &span.error {
            Some(error) => say("error", error.as_str().into()),
            None if span.outcome == "done" => {}
            None => say("error", span.outcome.as_str().into()),
        }
        if (span.input_tokens, span.output_tokens) != (0, 0) {
            say("input_tokens", span.input_tokens.into());
            say("output_tokens", span.output_tokens.into());
        }
        if let Some(model) = agents[place].model.as_ref().or(file.model.as_ref()) {
            say("model", model.as_str().into());
        }
        events.push(slice(&span.name, thread(place), start, end, Value::Object(args)));
        events.extend(parts(lane, thread(place), start, end));
        events.extend(second_call(lane, &span.name, event_loop + 1 + place));
    }
    for (place, _) in agents.iter().enumerate() {
        events.extend(arrows(file, pipeline, place));
    }
    // A turn too short for the clock is no stretch of time.
    for poll in timeline.polls().iter().filter(|poll| poll.until > poll.since) {
        let name = &agents[poll.agent.min(agents.len() - 1)].name;
        let (since, until) = (poll.since.as_micros(), poll.until.as_micros());
        events.push(slice(name, event_loop, since, until, json!({})));
    }
    json!({
        "traceEvents": events,
        "displayTimeUnit": "ms",
        "otherData": { "writer": "converge", "version": file.version.to_string() },
    })
    .to_string()
}

fn meta(name: &str, thread: usize, args: Value) -> Value {
    json!({ "name": name, "ph": "M", "pid": PROCESS, "tid": thread, "args": args })
}

fn slice(name: &str, thread: usize, from: u64, to: u64, args: Value) -> Value {
    json!({
        "name": name, "cat": "agent", "ph": "X", "pid": PROCESS, "tid": thread,
        "ts": from, "dur": to.saturating_sub(from), "args": args,
    })
}

/// What an agent's time was spent on: attempts that failed, waits, and the last attempt's two halves.
fn parts(lane: &Lane, thread: usize, start: u64, end: u64) -> Vec<Value> {
    let mut parts = Vec::new();
    let mut put = |name: &str, from: Instant, to: Instant, args: Value| {
        let (from, to) = (from.as_micros().max(start), to.as_micros().min(end));
        if to > from {
            parts.push(slice(name, thread, from, to, args));
        }
    };
    for (number, attempt) in lane.failed.iter().enumerate() {
        let name = words::export::attempt(number + 1);
        put(&name, attempt.started, attempt.failed, json!({ "failed": attempt.error.to_string() }));
        let until = attempt.resumed.unwrap_or(Instant::from_micros(end));
        put("waits for the next attempt", attempt.failed, until, json!({}));
    }
    let Some(began) = lane.attempt_started() else { return parts };
    let until = Instant::from_micros(end);
    for (name, from, to) in halves(began, lane.first_call().first, until) {
        put(name, from, to, json!({}));
    }
    parts
}

/// A call before and after its first token.
fn halves(
    began: Instant,
    first: Option<Instant>,
    until: Instant,
) -> Vec<(&'static str, Instant, Instant)> {
    match first {
        Some(first) => {
            vec![("waiting for first token", began, first), ("streaming", first, until)]
        }
        None => vec![("waiting", began, until)],
    }
}

/// The second call of a hedge on a thread of its own; none where there was none.
fn second_call(lane: &Lane, agent: &str, thread: usize) -> Vec<Value> {
    let Some(second) = &lane.second else { return Vec::new() };
    let (Some(began), Some(ended)) = (second.started, second.end()) else { return Vec::new() };
    let name = words::export::second_call(agent);
    let outcome = json!({ "outcome": second.phase().as_str() });
    let (from, to) = (began.as_micros(), ended.as_micros());
    let mut events = vec![
        meta("thread_name", thread, json!({ "name": name })),
        meta("thread_sort_index", thread, json!({ "sort_index": thread })),
        slice(&name, thread, from, to, outcome),
    ];
    let first = if lane.second_won() { lane.first } else { second.first };
    let halves = halves(began, first, ended).into_iter().filter(|(_, from, to)| to > from);
    events.extend(
        halves.map(|(name, from, to)| {
            slice(name, thread, from.as_micros(), to.as_micros(), json!({}))
        }),
    );
    events
}

/// Arrows from what an agent reads. Each begins inside the slice that it comes from.
fn arrows(file: &TraceFile, pipeline: &Pipeline, reader: usize) -> Vec<Value> {
    let Some(start) = file.spans[reader].start_us else { return Vec::new() };
    let arrow = |writer: &usize| {
        let (from, to) = (file.spans[*writer].start_us?, file.spans[*writer].end_us?);
        let leaves = to.saturating_sub(1).min(start);
        let id = writer * pipeline.agents().len() + reader + 1;
        let event = |phase: &str, thread: usize, at: u64| {
            let mut event = json!({
                "name": "reads", "cat": "flow", "ph": phase, "id": id,
                "pid": PROCESS, "tid": thread, "ts": at,
            });
            if phase == "f" {
                event["bp"] = "e".into();
            }
            event
        };
        (to > from && leaves >= from && file.spans[reader].end_us > Some(start))
            .then(|| [event("s", thread(*writer), leaves), event("f", thread(reader), start)])
    };
    pipeline.needs(reader).iter().filter_map(arrow).flatten().collect()
}
