//! What the engine may ask of a language model, and every way that can go wrong.
//!
//! A model answers a prompt with a stream of chunks. The simulated one is in
//! [`simulate`](crate::simulate), live ones in [`llm`](crate::llm); the engine cannot tell them apart.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use futures::stream::LocalBoxStream;
use serde::{Deserialize, Serialize};

use crate::state::Key;
use crate::time::{as_micros, seconds};
use crate::words;

/// One call to a model: an agent's templates with their holes filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Which agent asks: its place in the pipeline's list.
    pub agent: usize,
    /// Who the model is to be (the system message). Empty when the agent has no instruction.
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
    /// The call was refused with this error, and the model has sent it again in another form.
    Resent(ModelError),
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
}

/// Why a call gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelError {
    /// The API answered with an error.
    Status {
        /// The HTTP status, or the one that an error inside a stream stands for.
        status: u16,
        /// What the API said about it; may be empty.
        message: String,
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
    /// Something that is known by its words only: it was read from a file.
    Told(String),
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
        Self::Status { status, message: message.into(), retry_after: None }
    }

    /// Whether the same call may well succeed a little later: the vendors' own rule for statuses,
    /// and for whatever a broken connection can do to an answer.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status, 408 | 409 | 429 | 500..),
            Self::Unreachable { .. } | Self::Cut | Self::Garbled | Self::TimedOut { .. } => true,
            Self::NotThisApi { .. } | Self::Told(_) | Self::RunTooLong { .. } => false,
        }
    }

    /// What probably caused it and what to do, as one sentence.
    pub fn likely_cause(&self) -> &'static str {
        match self {
            Self::Status { status: 401, .. } => words::errors::CHECK_THE_KEY,
            Self::Status { status: 403, .. } => words::errors::KEY_MAY_NOT,
            Self::Status { status: 404, .. } => words::errors::MODEL_OR_URL,
            Self::Status { status: 408 | 504, .. } => words::errors::SERVER_TOOK_TOO_LONG,
            Self::Status { status: 400 | 422, .. } => words::errors::NOT_ACCEPTED,
            Self::Status { status: 429, .. } => words::errors::TOO_MANY,
            Self::Status { status: 500.., .. } => words::errors::SERVER_IN_TROUBLE,
            Self::Status { .. } => words::errors::REFUSED,
            Self::Unreachable { .. } => words::errors::NOTHING_ANSWERS,
            Self::NotThisApi { .. } => words::errors::NOT_THIS_API,
            Self::Garbled => words::errors::BROKEN_ANSWER,
            Self::Cut => words::errors::BROKEN_OFF,
            Self::TimedOut { .. } => words::errors::SLOW_OR_STUCK,
            Self::Told(_) => words::errors::FILE_SAYS_NO_MORE,
            Self::RunTooLong { .. } => words::errors::ALLOW_MORE_TIME,
        }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { status, message, .. } if message.is_empty() => {
                f.write_str(&words::errors::answered_with_error(*status))
            }
            Self::Status { status, message, .. } => {
                f.write_str(&words::errors::answered_with(*status, message))
            }
            Self::Unreachable { origin } => f.write_str(&words::errors::could_not_reach(origin)),
            Self::NotThisApi { found } => f.write_str(&words::errors::answered_with_other(found)),
            Self::Garbled => f.write_str(words::errors::GARBLED),
            Self::Cut => f.write_str(words::errors::CUT),
            Self::TimedOut { after, mid_answer: false } => {
                f.write_str(&words::errors::no_answer_within(&seconds(*after)))
            }
            Self::TimedOut { after, mid_answer: true } => {
                f.write_str(&words::errors::stalled(&seconds(*after)))
            }
            Self::Told(words) => f.write_str(words),
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
