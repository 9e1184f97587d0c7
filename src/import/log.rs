//! Pieces as this app's own pipeline and log, so that every view shows them like a run of its own.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::pause_now_and_then;
use super::pieces::Piece;
use crate::model::ModelError;
use crate::pipeline::{Agent, Pipeline, PipelineError, Work};
use crate::state::Key;
use crate::template::Template;
use crate::time::Instant;
use crate::trace::{Event, EventKind, Outcome, SpanId, Trace};

/// Names for pieces, no two alike: each one's lane, with a number where that is taken.
#[derive(Default)]
struct Names<'p> {
    taken: HashSet<String>,
    next: HashMap<&'p str, usize>,
}

impl<'p> Names<'p> {
    fn name(&mut self, lane: &'p str) -> String {
        // Commas and colons part names in settings; breaks and the like are no part of a name.
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        let plain: String = lane.trim().chars().map(plain).collect();
        let count = self.next.entry(lane).or_insert(1);
        let mut name = if *count == 1 { plain.clone() } else { format!("{plain} {count}") };
        while !self.taken.insert(name.clone()) {
            *count += 1;
            name = format!("{plain} {count}");
        }
        *count += 1;
        name
    }
}

/// Keys for names: their letters and digits, and no two alike.
#[derive(Default)]
struct Keys {
    taken: HashSet<String>,
}

impl Keys {
    fn key(&mut self, place: usize, name: &str) -> Option<Key> {
        let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
        let mut key: String = letters.take(MOST_KEY).collect::<String>().to_lowercase();
        if !key.starts_with(|c: char| c.is_ascii_alphabetic()) {
            key.insert(0, 'k');
        }
        // The reader's own input has that one.
        if key == "topic" || !self.taken.insert(key.clone()) {
            key = format!("{key}_{place}");
            while !self.taken.insert(key.clone()) {
                key.push('_');
            }
        }
        Key::new(&key)
    }
}

const MOST_KEY: usize = 30;

/// The pieces as agents, each after those that `needs` lists for it. Awaits `pause`
/// often.
pub async fn pipeline(
    pieces: &[Piece],
    needs: Vec<Vec<usize>>,
    pause: impl AsyncFn(),
) -> Result<Pipeline, PipelineError> {
    let (mut names, mut keys) = (Names::default(), Keys::default());
    let nothing = Template::new("");
    let mut agents = Vec::with_capacity(pieces.len());
    for (place, piece) in pieces.iter().enumerate() {
        pause_now_and_then(place, &pause).await;
        let name = names.name(&piece.lane);
        let Some(output_key) = keys.key(place, &name) else { continue };
        agents.push(Agent {
            name,
            label: None,
            instruction: nothing.clone(),
            prompt: nothing.clone(),
            output_key,
            model: piece.model.clone(),
            tools: Vec::new(),
            work: Work::Model,
        });
    }
    drop((names, keys));
    // A piece may need one that comes after it.
    for (place, piece) in pieces.iter().enumerate() {
        pause_now_and_then(place, &pause).await;
        let holes = needs[place].iter().map(|need| format!("{{{}}}", agents[*need].output_key));
        let mut prompt = holes.collect::<Vec<_>>().join(" ");
        if !piece.input.is_empty() {
            prompt.push_str(if prompt.is_empty() { "" } else { "\n\n" });
            // A brace in an imported prompt is a brace, not a hole.
            prompt.push_str(&harmless(&piece.input));
        }
        agents[place].prompt = prompt.into();
    }
    // What the prompts read is known, so that none of them has to be parsed.
    Pipeline::reading(agents, needs, pause).await
}

/// The text with doubled braces around what would be a hole.
fn harmless(text: &str) -> String {
    let template = Template::new(text);
    if template.holes().next().is_none() && !text.contains("{{") {
        return text.to_owned();
    }
    text.replace('{', "(").replace('}', ")")
}

/// The log of the run that was measured. Awaits `pause` often.
pub async fn log(pieces: &[Piece], makespan: Instant, pause: impl AsyncFn()) -> Trace {
    let began = |piece: &Piece| piece.queued.unwrap_or(piece.start);
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    // They are in the order of their starts, so that there is little to sort.
    order.sort_by_key(|place| began(&pieces[*place]));
    let run = |at, kind| Event { at, span: SpanId::RUN, kind };
    let event = |(at, _, place, step): (Instant, bool, usize, Step)| Event {
        at,
        span: SpanId::agent(place),
        kind: step.kind(&pieces[place]),
    };
    let steps = |piece: &Piece| Step::ALL.iter().filter(|step| step.at(piece).is_some()).count();
    let mut log = Trace::with_capacity(2 + pieces.iter().map(steps).sum::<usize>());
    log.push(run(Instant::ZERO, EventKind::Start));
    // What is still to come of the pieces that have begun, the earliest first. At one moment, what goes on
    // comes before what begins: slots are freed before they are taken.
    let mut ahead: BinaryHeap<Reverse<(Instant, bool, usize, Step)>> = BinaryHeap::new();
    for (count, place) in order.into_iter().enumerate() {
        pause_now_and_then(count, &pause).await;
        let piece = &pieces[place];
        let began = began(piece);
        while let Some(Reverse(next)) = ahead.peek().copied().filter(|Reverse(next)| next.0 < began)
        {
            log.push(event(next));
            ahead.pop();
        }
        let steps = Step::ALL.into_iter().filter_map(|step| Some((step.at(piece)?, step)));
        ahead.extend(steps.map(|(at, step)| Reverse((at, began >= at, place, step))));
    }
    while let Some(Reverse(next)) = ahead.pop() {
        log.push(event(next));
        pause_now_and_then(ahead.len(), &pause).await;
    }
    log.push(run(makespan, EventKind::End(Outcome::Done)));
    log
}

/// What a log tells of a piece, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Queued,
    Start,
    First,
    Output,
    Usage,
    End,
}

impl Step {
    const ALL: [Self; 6] =
        [Self::Queued, Self::Start, Self::First, Self::Output, Self::Usage, Self::End];

    /// When it is; `None` where the piece has nothing of it.
    fn at(self, piece: &Piece) -> Option<Instant> {
        match self {
            Self::Queued => piece.queued.or(Some(piece.start)),
            Self::Start => Some(piece.start),
            // What has no end has no length, and tells nothing.
            Self::First => piece.first.filter(|_| piece.end.is_some()),
            Self::Output => piece.end.filter(|_| !piece.output.is_empty()),
            Self::Usage => piece.end.filter(|_| piece.usage.is_some()),
            // It is shown as the moment in which it began: any length would be invented.
            Self::End => piece.end.or(Some(piece.start)),
        }
    }

    fn kind(self, piece: &Piece) -> EventKind {
        match self {
            Self::Queued => EventKind::Queued,
            Self::Start => EventKind::Start,
            Self::First => EventKind::Delta(String::new()),
            Self::Output => EventKind::Delta(piece.output.clone()),
            Self::Usage => EventKind::Usage(piece.usage.unwrap_or_default()),
            Self::End => EventKind::End(match (&piece.end, &piece.error) {
                (None, _) => Outcome::Cancelled,
                (_, Some(error)) => Outcome::Failed(ModelError::Imported(error.clone())),
                (_, None) => Outcome::Done,
            }),
        }
    }
}
