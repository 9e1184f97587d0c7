//! What kind of failure a call met. This one judgment decides the card that the reader gets, whether
//! asking again helps, and what may be left out of the call.
//!
//! The codecs of [`llm`](crate::llm) judge an API's own words. Where there are none, the HTTP status is
//! all that is known, and [`FailureKind::of_status`] is the usual meaning of it.

use serde::{Deserialize, Serialize};

/// A part of a call that some servers refuse and that an answer can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallPart {
    /// The temperature, which newer models do not take.
    Temperature,
    /// The wish to be told the token usage of a streamed answer.
    StreamOptions,
    /// The name of the field with the most output tokens: it goes under its other name.
    LimitName,
    /// The system role: the instruction goes in front of the user's message.
    SystemRole,
    /// Streaming: the answer comes in one piece.
    Streaming,
}

impl CallPart {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Temperature,
        Self::StreamOptions,
        Self::LimitName,
        Self::SystemRole,
        Self::Streaming,
    ];
}

/// The kinds of failure that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// A call without a key, where one is needed.
    KeyMissing,
    /// A key that the API does not know.
    KeyWrong,
    /// The key works only for some websites, addresses or APIs.
    KeyRestricted,
    /// The key or its account may not do this.
    NotPermitted,
    /// The account's privacy settings leave no server that may answer.
    DataPolicy,
    /// The organization has to prove who it is first.
    NotVerified,
    /// The API is not offered where the reader is.
    Region,
    /// The organization lets no web page call the API.
    BrowserForbidden,
    /// A page of a firewall, a proxy or a network refused the call, not the API.
    Blocked,
    /// A model that is not there, or no longer.
    ModelUnknown,
    /// The server has no model loaded.
    NoModelLoaded,
    /// A model that does something other than chat.
    NotForChat,
    /// No credit is left, or the account does not pay.
    NoCredit,
    /// A quota that opens again tomorrow or later.
    QuotaOfTheDay,
    /// Too many calls or tokens in a minute or a second.
    RateLimited,
    /// More text than the model or the plan takes at once.
    PromptTooLong,
    /// The limit on output tokens is higher than the model allows.
    LimitTooHigh,
    /// A safety filter objected to the prompt.
    ContentRefused,
    /// A part of the call that an answer can do without.
    PartRefused(CallPart),
    /// Something else about the request.
    BadRequest,
    /// Too many others call the API at the moment.
    Overloaded,
    /// The model is being loaded.
    ModelLoading,
    /// The model does not fit into the server's memory.
    OutOfMemory,
    /// Trouble inside the service.
    ServerError,
    /// The same thing is being changed by another call.
    Conflict,
    /// No answer in time.
    TimedOut,
    /// Something other than this API is at the base URL.
    WrongUrl,
    /// The request did not get through.
    Unreachable,
    /// The answer ended too early.
    Cut,
    /// A piece of the answer was not readable.
    Garbled,
    /// One piece of the answer was longer than any answer may be.
    AnswerTooLong,
    /// The model finished without a word.
    EmptyAnswer,
    /// The limit on output tokens was used up before the first word.
    LimitSpent,
    /// The run as a whole used up its time.
    RunTooLong,
    /// Nothing tells.
    Unknown,
}

impl FailureKind {
    /// What an HTTP status means where nothing else tells: a default, which may be wrong.
    pub fn of_status(status: u16) -> Self {
        match status {
            400 | 422 => Self::BadRequest,
            401 => Self::KeyWrong,
            402 => Self::NoCredit,
            403 => Self::NotPermitted,
            404 | 405 | 410 | 501 => Self::WrongUrl,
            408 | 504 | 522 | 524 => Self::TimedOut,
            409 | 425 => Self::Conflict,
            413 => Self::PromptTooLong,
            429 => Self::RateLimited,
            451 => Self::Region,
            503 | 529 => Self::Overloaded,
            500.. => Self::ServerError,
            _ => Self::Unknown,
        }
    }

    /// Whether the same call may well succeed a little later.
    pub fn is_temporary(self) -> bool {
        matches!(
            self,
            Self::RateLimited
                | Self::Overloaded
                | Self::ModelLoading
                | Self::ServerError
                | Self::Conflict
                | Self::TimedOut
                | Self::Unreachable
                | Self::Cut
                | Self::Garbled
                | Self::EmptyAnswer
        )
    }

    /// As many attempts as make sense, where that is fewer than a run allows: a model that has twice
    /// finished without a word will do so again, and each time is paid for.
    pub fn most_attempts(self) -> u32 {
        match self {
            Self::EmptyAnswer => 2,
            _ => u32::MAX,
        }
    }

    /// What probably caused it and what to do, as one sentence.
    pub fn likely_cause(self) -> &'static str {
        match self {
            Self::KeyMissing | Self::KeyWrong => "The API key is missing or wrong: check it.",
            Self::KeyRestricted | Self::NotPermitted => {
                "The key is not allowed to do this: check its permissions, or use another key or \
                 model."
            }
            Self::BrowserForbidden | Self::NotVerified | Self::DataPolicy => {
                "A setting of your account with the provider forbids this call."
            }
            Self::Region => {
                "The provider does not serve your country or region: choose another provider."
            }
            Self::Blocked => {
                "A firewall, proxy or network refused the call before it reached the API."
            }
            Self::ModelUnknown | Self::NotForChat => {
                "Check the model name, or choose another model."
            }
            Self::NoModelLoaded => "Load a model in the server, then run again.",
            Self::NoCredit => "Waiting does not help: add credit or use another key.",
            Self::QuotaOfTheDay => {
                "A quota of a day or longer is used up: run again later, or use another model or \
                 key."
            }
            Self::RateLimited => {
                "Too many calls in a short time: wait a little, or set a concurrency limit."
            }
            Self::PromptTooLong => "Shorten the prompt, or choose a model with a larger context.",
            Self::LimitTooHigh => "Lower Max output tokens.",
            Self::ContentRefused => {
                "A content filter rejected the prompt: change the topic or the wording."
            }
            Self::PartRefused(_) | Self::BadRequest => "The server did not accept the request.",
            Self::Overloaded | Self::ModelLoading | Self::ServerError | Self::Conflict => {
                "The server has a problem: run again in a moment."
            }
            Self::OutOfMemory => "The server has too little memory: choose a smaller model.",
            Self::TimedOut => "The server is slow or stuck: run again, or raise the timeout.",
            Self::WrongUrl => {
                "The base URL probably points to something other than a chat completions API: it \
                 usually ends in /v1."
            }
            Self::Unreachable => {
                "Either nothing answers there, or the server does not allow calls from web pages \
                 (CORS): check the base URL and that the server is running."
            }
            Self::Cut => "The connection was lost: run again.",
            Self::Garbled => "The answer was damaged on the way: run again.",
            Self::AnswerTooLong => {
                "That is longer than any model's answer: check the base URL, or set max output tokens."
            }
            Self::EmptyAnswer => {
                "The model finished without any text: run again, or choose another model."
            }
            Self::LimitSpent => "Raise Max output tokens, or choose a model that thinks less.",
            Self::RunTooLong => "Raise the run timeout, or ask for less.",
            Self::Unknown => "The cause is unknown.",
        }
    }
}
