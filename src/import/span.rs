//! What every format comes to: one neutral list of spans, and notes on what was odd about them.
//!
//! A span here is only what its file says of it. Which of them are pieces of work, and whose, is
//! worked out in [`pieces`](super::pieces), the same way for all formats.

use std::collections::{BTreeMap, HashMap};

use crate::words;

/// What a span says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A call of a model.
    Model,
    /// A call of a tool.
    Tool,
    /// A search in documents.
    Retriever,
    /// An agent of which the file does not say what it did.
    Agent,
    /// A stretch of time in a file that says nothing of models.
    Span,
}

impl Kind {
    /// Its name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Tool => "tool",
            Self::Retriever => "retriever",
            Self::Agent => "agent",
            Self::Span => "span",
        }
    }
}

/// What a container says about the order of what is in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Nothing.
    #[default]
    Unsaid,
    /// Its name says that its parts run in parallel.
    Parallel,
    /// Its name says that its parts run one after another.
    Sequence,
    /// It is an agent, or a turn of one: its model's answers decide what comes next.
    Agent,
    /// It is a conversation: each turn waits for the one before it.
    Conversation,
}

/// One span of a file. Times are nanoseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Span {
    /// The number of its trace: ids are unique in one trace only.
    pub trace: u32,
    /// Its id; empty where the format has none.
    pub id: Box<str>,
    /// The id of the span that it is a part of.
    pub parent: Option<Box<str>>,
    /// What it is called.
    pub name: Box<str>,
    /// What it says that it is; `None` for a container, or a part of a piece.
    pub kind: Option<Kind>,
    /// The agent whose work it says it is; for a tool, which tool.
    pub agent: Option<Box<str>>,
    /// What a container is called, where that is not its name.
    pub label: Option<Box<str>>,
    /// What a container says about the order of its parts.
    pub order: Order,
    /// When it began to wait, for a connection or a slot.
    pub queued: Option<i64>,
    /// When it began.
    pub start: Option<i64>,
    /// When the first piece of its answer came.
    pub first: Option<i64>,
    /// When it ended.
    pub end: Option<i64>,
    /// What it failed with.
    pub error: Option<Box<str>>,
    /// The HTTP status that it failed with, where the file says so.
    pub status: Option<u16>,
    /// Tokens of the prompt and of the answer.
    pub tokens: Option<(u64, u64)>,
    /// Which model was called.
    pub model: Option<Box<str>>,
    /// What it was asked, where the file has it.
    pub input: Option<Box<str>>,
    /// What it answered, where the file has it.
    pub output: Option<Box<str>>,
    /// Ids of spans that the file says it depends on.
    pub links: Vec<Box<str>>,
    /// Whether it went over a connection that carries one request at a time (HTTP/1.x).
    pub one_at_a_time: bool,
}

/// Something odd in a file that was opened all the same. A note never changes what is shown: it says
/// what was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Note {
    /// Spans that are in the file more than once; one of each is shown.
    Twice,
    /// Different spans with one id.
    SameId,
    /// Calls without an end.
    NoEnd,
    /// Calls that end before they begin.
    Negative,
    /// Calls without a start, which cannot be shown.
    NoStart,
    /// Containers without an end.
    OpenContainer,
    /// Parents that are not in the file.
    NoParent,
    /// Spans that are their own ancestors.
    Circle,
    /// Spans that begin before the span that they are a part of: two clocks.
    Skew,
    /// An end without a beginning (Chrome traces).
    StrayEnd,
    /// Entries that are no spans.
    Other,
    /// The last line is not whole.
    CutLine,
    /// The list is not closed, as Chrome leaves it.
    Unclosed,
    /// Texts that were left out, for there is too much of them.
    LongTexts,
    /// More than one run is in the file.
    Traces,
}

impl Note {
    /// The note as a sentence. `call`: how the format calls what has no end.
    pub fn sentence(self, count: usize, call: bool) -> String {
        words::import::note(self.as_str(), count, call)
    }

    /// Its name on the page and in style sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Twice => "twice",
            Self::SameId => "same-id",
            Self::NoEnd => "no-end",
            Self::Negative => "negative",
            Self::NoStart => "no-start",
            Self::OpenContainer => "open-container",
            Self::NoParent => "no-parent",
            Self::Circle => "circle",
            Self::Skew => "skew",
            Self::StrayEnd => "stray-end",
            Self::Other => "other",
            Self::CutLine => "cut-line",
            Self::Unclosed => "unclosed",
            Self::LongTexts => "long-texts",
            Self::Traces => "traces",
        }
    }
}

/// All texts of a file together, in bytes: what is beyond is left out, and that is noted.
const MOST_TEXT: usize = 16_000_000;
/// One text, in bytes.
const LONGEST_TEXT: usize = 20_000;

/// What has been read so far.
#[derive(Default)]
pub struct Found {
    /// The spans, in the order of the file.
    pub spans: Vec<Span>,
    /// How often each odd thing was met.
    pub notes: BTreeMap<Note, usize>,
    traces: HashMap<Box<str>, u32>,
    text: usize,
}

impl Found {
    /// Notes one more of them.
    pub fn note(&mut self, note: Note) {
        *self.notes.entry(note).or_default() += 1;
    }

    /// The number of the trace of that id.
    pub fn trace(&mut self, id: &str) -> u32 {
        if let Some(known) = self.traces.get(id) {
            return *known;
        }
        let number = u32::try_from(self.traces.len()).unwrap_or(u32::MAX);
        self.traces.insert(id.into(), number);
        number
    }

    /// A text of the file, cut where it is very long; nothing once there is too much of it.
    pub fn text(&mut self, text: String) -> Option<Box<str>> {
        if text.is_empty() {
            return None;
        }
        let fits = text.len().min(LONGEST_TEXT);
        let cut = (0..=fits).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        if self.text + cut > MOST_TEXT {
            self.note(Note::LongTexts);
            return None;
        }
        self.text += cut;
        Some(text[..cut].into())
    }
}

impl Span {
    /// Whether it is not in the file, but made to hold what is.
    pub fn is_made_up(&self) -> bool {
        self.order == Order::Conversation
    }
}
