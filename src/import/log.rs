//! Pieces as this app's own pipeline and log, so that every view shows them like a run of its own.

use std::collections::{HashMap, HashSet};

use super::AT_ONCE;
use super::pieces::Piece;
use crate::model::ModelError;
use crate::pipeline::{Agent, Pipeline, PipelineError, Work};
use crate::state::Key;
use crate::template::Template;
use crate::time::Instant;
use crate::trace::{Event, EventKind, Outcome, SpanId, Trace};

/// A name for each piece that no other one has: its lane, with a number where that is taken.
fn names(pieces: &[Piece]) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::with_capacity(pieces.len());
    let mut next: HashMap<&str, usize> = HashMap::new();
    let name = |piece| {
        let Piece { lane, .. }: &Piece = piece;
        // Commas and colons part names in settings; breaks and the like are no part of a name.
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        let plain: String = lane.trim().chars().map(plain).collect();
        let count = next.entry(lane.as_str()).or_insert(1);
        let mut name = if *count == 1 { plain.clone() } else { format!("{plain} {count}") };
        while !taken.insert(name.clone()) {
            *count += 1;
            name = format!("{plain} {count}");
        }
        *count += 1;
        name
    };
    pieces.iter().map(name).collect()
}

/// A key for each name: its letters and digits, and no two alike.
pub fn keys(names: &[String]) -> Vec<Key> {
    let mut taken: HashSet<String> = HashSet::with_capacity(names.len());
    let key = |(place, name): (usize, &String)| {
        let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
        let mut key: String = letters.take(MOST_KEY).collect::<String>().to_lowercase();
        if !key.starts_with(|c: char| c.is_ascii_alphabetic()) {
            key.insert(0, 'k');
        }
        // The reader's own input has that one.
        if key == "topic" || !taken.insert(key.clone()) {
            key = format!("{key}_{place}");
            while !taken.insert(key.clone()) {
                key.push('_');
            }
        }
        Key::new(&key)
    };
    names.iter().enumerate().filter_map(key).collect()
}

const MOST_KEY: usize = 30;

/// The pieces as agents, each after those that had ended just before it began. `None` where `pause`,
/// which is awaited often, answered that they are not wanted any more.
pub async fn pipeline(
    pieces: &[Piece],
    needs: &[Vec<usize>],
    pause: impl AsyncFn() -> bool,
) -> Option<Result<Pipeline, PipelineError>> {
    let names = names(pieces);
    pause().await.then_some(())?;
    let keys = keys(&names);
    let nothing = Template::new("");
    let mut agents = Vec::with_capacity(pieces.len());
    for ((place, piece), name) in pieces.iter().enumerate().zip(names) {
        if place % AT_ONCE == 0 {
            pause().await.then_some(())?;
        }
        let holes = needs[place].iter().map(|need| format!("{{{}}}", keys[*need]));
        let mut prompt = holes.collect::<Vec<_>>().join(" ");
        if !piece.input.is_empty() {
            prompt.push_str(if prompt.is_empty() { "" } else { "\n\n" });
            // A brace in an imported prompt is a brace, not a hole.
            prompt.push_str(&harmless(&piece.input));
        }
        agents.push(Agent {
            name,
            label: None,
            instruction: nothing.clone(),
            prompt: Template::new(&prompt),
            output_key: keys[place].clone(),
            model: piece.model.clone(),
            tools: Vec::new(),
            work: Work::Model,
        });
    }
    Pipeline::new_in_parts(Vec::new(), agents, pause).await
}

/// The text with doubled braces around what would be a hole.
fn harmless(text: &str) -> String {
    let template = Template::new(text);
    if template.holes().next().is_none() && !text.contains("{{") {
        return text.to_owned();
    }
    text.replace('{', "(").replace('}', ")")
}

/// The log of the run that was measured. `None` where `pause`, which is awaited often, answered that it
/// is not wanted any more.
pub async fn log(
    pieces: &[Piece],
    makespan: Instant,
    pause: impl AsyncFn() -> bool,
) -> Option<Trace> {
    let mut events: Vec<Option<Event>> = Vec::with_capacity(pieces.len() * 5);
    // By number, since sorting moves what it sorts, and so that each span's events stay in their order.
    let mut order: Vec<(Instant, bool, usize)> = Vec::with_capacity(pieces.len() * 5);
    for (place, piece) in pieces.iter().enumerate() {
        if place % AT_ONCE == 0 {
            pause().await.then_some(())?;
        }
        let span = SpanId::agent(place);
        let began = piece.queued.unwrap_or(piece.start);
        let mut put = |at: Instant, kind: EventKind| {
            // At one moment, what goes on comes before what begins: slots are freed before they are taken.
            order.push((at, began >= at, events.len()));
            events.push(Some(Event { at, span, kind }));
        };
        put(began, EventKind::Queued);
        put(piece.start, EventKind::Start);
        // What has no end is shown as the moment in which it began: any length would be invented.
        let end = piece.end.unwrap_or(piece.start);
        if piece.end.is_some() {
            if let Some(first) = piece.first {
                put(first, EventKind::Delta(String::new()));
            }
            if !piece.output.is_empty() {
                put(end, EventKind::Delta(piece.output.clone()));
            }
            piece.usage.iter().for_each(|usage| put(end, EventKind::Usage(*usage)));
        }
        let outcome = match (&piece.end, &piece.error) {
            (None, _) => Outcome::Cancelled,
            (_, Some(error)) => Outcome::Failed(ModelError::Imported(error.clone())),
            (_, None) => Outcome::Done,
        };
        put(end, EventKind::End(outcome));
    }
    order.sort_unstable();
    let run = |at, kind| Event { at, span: SpanId::RUN, kind };
    pause().await.then_some(())?;
    let mut log = Trace::new();
    log.push(run(Instant::ZERO, EventKind::Start));
    for (count, (_, _, number)) in order.into_iter().enumerate() {
        if count % AT_ONCE == 0 {
            pause().await.then_some(())?;
        }
        events[number].take().into_iter().for_each(|event| log.push(event));
    }
    log.push(run(makespan, EventKind::End(Outcome::Done)));
    Some(log)
}
