//! What the engine may ask of a language model, and every way that can go wrong.
//!
//! A model answers a prompt with a stream of chunks. The simulated one is in
//! [`simulate`](crate::simulate), live ones in [`llm`](crate::llm); the engine cannot tell them apart.

mod failure;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use futures::stream::LocalBoxStream;
use serde::{Deserialize, Serialize};

use crate::state::Key;
use crate::time::{as_micros, seconds};
use crate::words;

pub use self::failure::{CallPart, FailureKind};

/// One call to a model: an agent's templates with their holes filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Which agent asks: its place in the pipeline's list.
    pub agent: usize,
    /// The role that the model is given (the system message). Empty when the agent has no instruction.
    pub system: String,
    /// What it is asked (the user message).
    pub user: String,
    /// What filled the holes, in order of first appearance. `None`: nothing was there.
    pub reads: Vec<(Key, Option<Rc<str>>)>,
    /// The model that this agent wants; `None`: the one that all others ask.
    pub model: Option<String>,
    /// Tools that the model may use, for APIs that have them.
    pub tools: Vec<Tool>,
}

/// A tool that an API offers its models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// Gemini's grounding with Google Search, which the article's researchers use.
    GoogleSearch,
    /// Not the model's to use but its own to see: the picture that goes with the prompt.
    Picture,
}

/// A language model, or something that answers like one.
pub trait Model {
    /// Answers a prompt, piece by piece. Dropping the stream abandons the call, on the wire too.
    /// The stream ends after its first error.
    fn generate<'a>(&'a self, prompt: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>>;
}

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// More text.
    Text(String),
    /// What the call has cost so far; a later one replaces an earlier one.
    Usage(Usage),
    /// Why the model stopped.
    Finish(FinishReason),
    /// What on the web the answer rests on.
    Grounding(Grounding),
    /// The call was refused with this error, and the model has sent it again without what was
    /// refused.
    Resent(ModelError),
    /// The call goes without this, since the server has refused it before.
    Without(CallPart),
    /// The model thinks: what it says then is no part of the answer.
    Thinking,
    /// What the model has said so far was thinking, as it turns out.
    WasThinking,
    /// A sign of life, and nothing else.
    Alive,
}

/// What on the web an answer rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounding {
    /// The pages, in the order in which the API lists them.
    pub sources: Vec<Source>,
    /// What was searched for.
    pub queries: Vec<String>,
    /// Search suggestions as HTML, which Google wants shown unmodified: for a sandboxed frame only.
    /// Empty when there are none.
    pub suggestions: String,
}

/// The most that is taken of what an answer rests on. More is no search result, and the page would
/// draw all of it.
const MOST_SOURCES: usize = 100;
const MOST_QUERIES: usize = 20;
const LONGEST_SOURCE: usize = 2_000;
const LONGEST_SUGGESTIONS: usize = 100_000;

impl Grounding {
    /// As much of it as is shown: no source, query or suggestions beyond the limits above.
    #[must_use]
    pub fn limited(mut self) -> Self {
        self.sources.retain(|source| source.title.len().max(source.uri.len()) <= LONGEST_SOURCE);
        self.sources.truncate(MOST_SOURCES);
        self.queries.retain(|query| query.len() <= LONGEST_SOURCE);
        self.queries.truncate(MOST_QUERIES);
        if self.suggestions.len() > LONGEST_SUGGESTIONS {
            self.suggestions.clear();
        }
        self
    }
}

/// A page that an answer rests on. Both are a stranger's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What it calls itself.
    pub title: String,
    /// Its address.
    pub uri: String,
}

impl Source {
    /// Whether its address is a web page's. Any other one may be a script's, and is not followed.
    pub fn leads_to_the_web(&self) -> bool {
        let begins = |scheme: &str| {
            self.uri.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        begins("https://") || begins("http://")
    }
}

/// Tokens that a call was billed for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt.
    pub input_tokens: u64,
    /// Tokens of the answer, thinking included.
    pub output_tokens: u64,
    /// How many of those went into thinking, where the API says so.
    pub thinking_tokens: u64,
}

/// The longest answer of one call, in bytes of text. At this length the engine ends the call and
/// uses what came until then: a server that never stops would fill the page's memory, and several
/// hundred pages of text are no report.
pub const LONGEST_ANSWER: usize = 2_000_000;

/// The most pieces of one answer, each of which is an entry in the log, which takes more memory
/// than a short piece itself. Ten times as many as the longest answers of today's models.
pub const MOST_PIECES: usize = 100_000;

/// Why a model stopped, in one vocabulary for all APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// It had said what it had to say.
    Stop,
    /// It reached the limit on tokens: the answer is incomplete.
    Length,
    /// A safety filter ended the answer.
    Filtered,
    /// The model declined to answer.
    Refused,
    /// It wanted to call a tool.
    ToolCall,
    /// The answer reached [`LONGEST_ANSWER`] or [`MOST_PIECES`], and the engine ended the call: it is
    /// incomplete.
    TooLong,
    /// It ended its answer properly and gave no reason.
    NotGiven,
}

/// Why a call gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelError {
    /// The API answered with an error.
    Status {
        /// The HTTP status, or the one that an error inside an answer stands for. 200 where that
        /// says none.
        status: u16,
        /// What the API said about it; may be empty.
        message: String,
        /// What kind of failure its own fields and words make it; `None` where only the status
        /// tells.
        #[serde(default)]
        kind: Option<FailureKind>,
        /// How long the API asks to wait before the next attempt, where it says so.
        #[serde(with = "optional_micros")]
        retry_after: Option<Duration>,
    },
    /// The request did not get through, or the browser may not read the answer.
    Unreachable {
        /// Where it went: scheme, host and port.
        origin: String,
    },
    /// The answer is not what this kind of API sends.
    NotThisApi {
        /// What came instead, as a noun phrase: "an HTML page".
        found: String,
    },
    /// The stream ended before the model said that it had finished.
    Cut,
    /// One piece of the answer, or an answer that comes in one piece, was longer than any answer may
    /// be. Nothing of that piece could be read.
    TooLong {
        /// How long it may be, in bytes.
        limit: usize,
    },
    /// The model finished without a word.
    Empty {
        /// Whether it has thought before that.
        thought: bool,
    },
    /// The limit on output tokens was reached before the first word.
    LimitSpent {
        /// How many tokens went into thinking, where the API says so.
        thinking_tokens: u64,
    },
    /// A piece of an answer that had begun well was not what this kind of API sends.
    Garbled,
    /// Nothing came for as long as one read may take.
    TimedOut {
        /// How long it waited.
        #[serde(with = "as_micros")]
        after: Duration,
        /// Whether part of the answer had come before.
        mid_answer: bool,
    },
    /// An error read from a file, of which only the message is known.
    #[serde(rename = "told")]
    Imported(String),
    /// The run as a whole took longer than it may.
    RunTooLong {
        /// How long it had.
        #[serde(with = "as_micros")]
        after: Duration,
    },
}

impl ModelError {
    /// The API's answer to a call, with nothing said about waiting.
    pub fn status(status: u16, message: impl Into<String>) -> Self {
        Self::Status { status, message: message.into(), kind: None, retry_after: None }
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::Status { status, kind, .. } => kind.unwrap_or(FailureKind::of_status(*status)),
            Self::Unreachable { .. } => FailureKind::Unreachable,
            Self::NotThisApi { .. } => FailureKind::WrongUrl,
            Self::Cut => FailureKind::Cut,
            Self::Empty { .. } => FailureKind::EmptyAnswer,
            Self::LimitSpent { .. } => FailureKind::LimitSpent,
            Self::TooLong { .. } => FailureKind::AnswerTooLong,
            Self::Garbled => FailureKind::Garbled,
            Self::TimedOut { .. } => FailureKind::TimedOut,
            Self::Imported(_) => FailureKind::Unknown,
            Self::RunTooLong { .. } => FailureKind::RunTooLong,
        }
    }

    /// Whether nothing but an HTTP status tells what kind of failure it is.
    pub fn is_a_guess(&self) -> bool {
        matches!(self, Self::Status { kind: None, .. })
    }

    /// What probably caused it and what to do, as one sentence.
    pub fn likely_cause(&self) -> &'static str {
        match self {
            Self::Imported(_) => "The file says no more about it.",
            error => error.kind().likely_cause(),
        }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { status: 200..=299, message, .. } => {
                f.write_str(&words::errors::answered_with_an_error(message))
            }
            Self::Status { status, message, .. } if message.is_empty() => {
                f.write_str(&words::errors::answered_with_error(*status))
            }
            Self::Status { status, message, .. } => {
                f.write_str(&words::errors::answered_with(*status, message))
            }
            Self::Unreachable { origin } => f.write_str(&words::errors::could_not_reach(origin)),
            Self::NotThisApi { found } => f.write_str(&words::errors::answered_with_other(found)),
            Self::Empty { thought: false } => f.write_str("the model answered with no text"),
            Self::Empty { thought: true } => {
                f.write_str("the model only thought and answered with no text")
            }
            Self::LimitSpent { thinking_tokens } => {
                f.write_str(&words::errors::limit_spent(*thinking_tokens))
            }
            Self::Garbled => f.write_str("part of the answer was garbled"),
            Self::Cut => f.write_str("the answer was cut off"),
            Self::TooLong { limit } => {
                f.write_str(&words::errors::piece_too_long(&words::size(*limit)))
            }
            Self::TimedOut { after, mid_answer: false } => {
                f.write_str(&words::errors::no_answer_within(&seconds(*after)))
            }
            Self::TimedOut { after, mid_answer: true } => {
                f.write_str(&words::errors::stalled(&seconds(*after)))
            }
            Self::Imported(words) => f.write_str(words),
            Self::RunTooLong { after } => {
                f.write_str(&words::errors::run_too_long(&seconds(*after)))
            }
        }
    }
}

impl std::error::Error for ModelError {}

/// Lengths in files are whole microseconds, also where one may be missing.
mod optional_micros {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(length: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
        length.map(crate::time::micros).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(from)?.map(Duration::from_micros))
    }
}
