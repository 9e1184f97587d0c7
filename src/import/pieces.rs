//! Which spans are pieces of work, and whose.
//!
//! A piece is the innermost span that says that it is a model call, a tool call, a retrieval or an
//! agent. What says nothing and hangs below one, an HTTP request or a query, is a part of it; what is
//! around one is a container and no work. Where no span of a file says anything, the outermost
//! stretches of each thread or request are the pieces.

use super::span::{Found, Kind, Note, Order, Span};
use super::tree::Tree;
use super::{drop_in_parts, pause_now_and_then};
use crate::model::Usage;
use crate::time::Instant;
use crate::words;

/// A piece of work. Times are counted from the first moment of the file that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Whose work it is. Several pieces may have one lane.
    pub lane: String,
    /// What it is called in the file.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// When it began to wait for a connection or a slot, where the file says so.
    pub queued: Option<Instant>,
    /// When it began.
    pub start: Instant,
    /// When the first piece of its answer came.
    pub first: Option<Instant>,
    /// When it ended; `None` where the file does not say: it is left out of every sum.
    pub end: Option<Instant>,
    /// What it failed with.
    pub error: Option<String>,
    /// The HTTP status that it failed with.
    pub status: Option<u16>,
    /// What it cost.
    pub usage: Option<Usage>,
    /// Which model was called.
    pub model: Option<String>,
    /// What it was asked.
    pub input: String,
    /// What it answered.
    pub output: String,
    /// The number of the container that it shares with other pieces.
    pub container: Option<usize>,
    /// The pieces that the file says it depends on.
    pub links: Vec<usize>,
    /// Whether it had a connection to itself that carries one request at a time.
    pub one_at_a_time: bool,
}

impl Piece {
    /// How it ended, in a word.
    pub fn outcome(&self) -> &'static str {
        match (self.end, &self.error) {
            (None, _) => "no end",
            (_, Some(_)) => "failed",
            (_, None) => "done",
        }
    }
}

/// A container that more than one piece is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// What it is called.
    pub name: String,
    /// What it says about the order of its parts.
    pub order: Order,
}

/// What a file comes to.
pub struct Pieces {
    /// In the order in which they began.
    pub pieces: Vec<Piece>,
    /// The containers that pieces share.
    pub containers: Vec<Container>,
    /// From the first start to the last end, or to the start of what has no end.
    pub makespan: Instant,
    /// The first moment, in nanoseconds since 1970.
    pub zero: i64,
}

impl Pieces {
    /// Finds them, awaiting `pause` often; `None` where there are none with a start.
    pub async fn new(mut tree: Tree, found: &mut Found, pause: impl AsyncFn()) -> Option<Self> {
        pause().await;
        let kinds = kinds(&tree);
        let count = tree.spans.len();
        // How many pieces are in each span, itself included.
        let mut holds = vec![0_usize; count];
        let mut is_piece = vec![false; count];
        for place in tree.order.iter().rev() {
            let says = kinds[*place].is_some();
            if says && holds[*place] == 0 {
                match tree.spans[*place].start {
                    Some(_) => (is_piece[*place], holds[*place]) = (true, 1),
                    None => found.note(Note::NoStart),
                }
            }
            if let Some(parent) = tree.parents[*place] {
                holds[parent] += holds[*place];
            }
        }
        let shown = || (0..count).filter(|place| holds[*place] > 0);
        pause().await;
        for place in shown().filter(|place| !is_piece[*place]) {
            let span = &tree.spans[place];
            if span.start.is_some() && span.end.is_none() {
                found.note(Note::OpenContainer);
            }
        }
        let begins = shown().filter_map(|place| {
            let span = &tree.spans[place];
            match (span.queued, span.start) {
                (Some(queued), Some(start)) => Some(queued.min(start)),
                (_, start) => start,
            }
        });
        let zero = begins.min()?;
        let last = shown().filter_map(|place| {
            let span = &tree.spans[place];
            let end = span.end.filter(|end| span.start.is_none_or(|start| *end >= start));
            end.or(span.start)
        });
        let last = last.max().unwrap_or(zero);
        if last.saturating_sub(zero) > LONGEST {
            return None;
        }
        pause().await;
        let at = |nanos: i64| {
            Instant::from_micros((nanos.saturating_sub(zero).max(0) as u64 + 500) / 1000)
        };

        let mut containers = Containers::default();
        let mut listed: Vec<usize> = (0..count).filter(|place| is_piece[*place]).collect();
        listed.sort_by_cached_key(|place| (tree.spans[*place].start, *place));
        let mut number = vec![None; count];
        listed.iter().enumerate().for_each(|(index, place)| number[*place] = Some(index));
        let mut pieces = Vec::with_capacity(listed.len());
        for (index, place) in listed.iter().enumerate() {
            pause_now_and_then(index, &pause).await;
            let kind = kinds[*place].unwrap_or(Kind::Span);
            let (lane, around) = lane(&tree, &holds, *place, kind);
            // Nothing else is called after a piece, so that its texts can move.
            let span = std::mem::take(&mut tree.spans[*place]);
            let start = span.start.unwrap_or(zero);
            let end = match span.end {
                Some(end) if end < start => {
                    found.note(Note::Negative);
                    None
                }
                None => {
                    found.note(Note::NoEnd);
                    None
                }
                end => end,
            };
            let fits = |moment: &i64| *moment >= start && end.is_none_or(|end| *moment <= end);
            pieces.push(Piece {
                lane,
                name: span.name.into(),
                kind,
                queued: span.queued.filter(|queued| *queued <= start).map(at),
                start: at(start),
                first: span.first.filter(fits).map(at),
                end: end.map(at),
                error: span.error.as_ref().map(|error| told(error, span.status)),
                status: span.status,
                usage: span.tokens.map(|(input_tokens, output_tokens)| Usage {
                    input_tokens,
                    output_tokens,
                    thinking_tokens: 0,
                }),
                model: span.model.map(Into::into),
                input: span.input.unwrap_or_default().into(),
                output: span.output.unwrap_or_default().into(),
                container: around.map(|around| containers.number(&tree, around)),
                links: links(&tree, &number, span.trace, &span.links),
                one_at_a_time: span.one_at_a_time,
            });
        }
        let makespan = at(last);
        drop_in_parts(tree.spans, pause).await;
        Some(Self { pieces, containers: containers.list, makespan, zero })
    }
}

/// No run that is shown takes longer than 30 days, in nanoseconds.
const LONGEST: i64 = 30 * 24 * 3600 * 1_000_000_000;

/// What each span says that it is, or, where none says anything, what the outermost ones are.
fn kinds(tree: &Tree) -> Vec<Option<Kind>> {
    let says = |span: &Span| span.kind.filter(|kind| *kind != Kind::Span);
    if tree.spans.iter().any(|span| says(span).is_some()) {
        return tree.spans.iter().map(says).collect();
    }
    let mut kinds: Vec<Option<Kind>> = tree.spans.iter().map(|span| span.kind).collect();
    if kinds.iter().any(Option::is_some) {
        return kinds;
    }
    // Whether a span with a length is around it: those with a moment only do no work.
    let lasts = |span: &Span| span.start.is_some() && span.start != span.end;
    let mut covered = vec![false; tree.spans.len()];
    for place in &tree.order {
        let parent = tree.parents[*place];
        covered[*place] = parent.is_some_and(|p| covered[p] || lasts(&tree.spans[p]));
    }
    let mut outer: Vec<usize> =
        tree.order.iter().copied().filter(|p| !covered[*p] && lasts(&tree.spans[*p])).collect();
    // One stretch around everything is a container.
    while let [only] = outer.as_slice() {
        let inside =
            |place: &usize| tree.parents[*place] == Some(*only) && lasts(&tree.spans[*place]);
        let inner: Vec<usize> = (0..tree.spans.len()).filter(inside).collect();
        if inner.is_empty() {
            break;
        }
        outer = inner;
    }
    outer.into_iter().for_each(|place| kinds[place] = Some(Kind::Span));
    kinds
}

/// What a piece's lane is called, and the innermost container that it shares with others.
fn lane(tree: &Tree, holds: &[usize], place: usize, kind: Kind) -> (String, Option<usize>) {
    let span = &tree.spans[place];
    let (mut outermost, mut around) = (None, tree.parents[place]);
    while let Some(container) = around.filter(|container| holds[*container] == 1) {
        // One without a name, as an unnamed thread, says nothing.
        if !display_name(&tree.spans[container]).is_empty() {
            outermost = Some(container);
        }
        around = tree.parents[container];
    }
    let own = span.name.as_ref();
    let lane = match (&span.agent, outermost) {
        (Some(agent), _) => agent,
        (None, _) if matches!(kind, Kind::Tool) => own,
        (None, Some(container)) => display_name(&tree.spans[container]),
        (None, None) if kind == Kind::Agent => display_name(span),
        (None, None) => own,
    };
    let lane = if lane.trim().is_empty() { kind.as_str() } else { lane };
    (lane.chars().take(MOST_NAME).collect(), around)
}

/// A longer name is cut.
const MOST_NAME: usize = 200;

fn display_name(span: &Span) -> &str {
    span.label.as_deref().unwrap_or(&span.name)
}

/// The pieces of a trace that have these ids.
fn links(tree: &Tree, number: &[Option<usize>], trace: u32, ids: &[Box<str>]) -> Vec<usize> {
    let ids = ids.iter().take(MOST_LINKS);
    ids.filter_map(|id| number[*tree.places.get(&(trace, id.clone()))?]).collect()
}

/// More links of one span than this are not followed.
const MOST_LINKS: usize = 64;

fn told(error: &str, status: Option<u16>) -> String {
    match (error.is_empty(), status) {
        (true, Some(status)) => words::import::http_status(status),
        (true, None) => "no reason given".into(),
        (false, _) => error.chars().take(500).collect(),
    }
}

/// The containers that pieces share, each with a number.
#[derive(Default)]
struct Containers {
    list: Vec<Container>,
    numbers: std::collections::HashMap<usize, usize>,
}

impl Containers {
    fn number(&mut self, tree: &Tree, place: usize) -> usize {
        *self.numbers.entry(place).or_insert_with(|| {
            let span = &tree.spans[place];
            self.list.push(Container { name: display_name(span).into(), order: span.order });
            self.list.len() - 1
        })
    }
}
