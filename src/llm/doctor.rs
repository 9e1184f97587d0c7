//! What went wrong with a call, whose side it is on, and what to do about it.
//!
//! [`diagnose`] is a pure function of the error and of what the page knows about itself. What kind of
//! failure it is was judged where the answer was read ([`ModelError::kind`]), and decides about another
//! attempt as well. Here a [`Case`] follows from it, the card's title, with what only the page can know;
//! what there is to say is in `sentences`.

mod sentences;

use crate::model::{FailureKind, ModelError};

use super::url::Url;
use super::vendors::ProviderId;

/// What the page knows when a call has failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The API that was called.
    pub id: ProviderId,
    /// Its address, as far as it is one.
    pub base_url: Option<Url>,
    /// The model that was asked for; may be empty.
    pub model: String,
    /// The scheme and host of the page itself.
    pub page_origin: String,
    /// Whether the page came over https.
    pub page_is_https: bool,
    /// Whether the page is a part of another one.
    pub in_iframe: bool,
    /// Whether the browser runs on Windows, whose terminals want other lines.
    pub on_windows: bool,
    /// Whether the browser says that it has a network.
    pub online: bool,
    /// What came of knocking at the server.
    pub probe: Probe,
    /// Whether the call went out without a key.
    pub key_is_empty: bool,
    /// Whether the same server has answered this page before, so that browsers let it.
    pub has_answered: bool,
}

/// What a request without any content found at a server, whose answer the page may not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Probe {
    /// Not tried yet.
    #[default]
    NotTried,
    /// Something answers there.
    Reached,
    /// Nothing came back.
    NotReached,
}

/// The kinds of trouble that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// A call without a key, where one is needed.
    KeyMissing,
    /// A key that the API does not know.
    KeyWrong,
    /// A key, an account or a place that may not do this.
    NotPermitted,
    /// Something on the way refused the call, not the API.
    Blocked,
    /// The organization lets no web page call the API.
    BrowserForbidden,
    /// A model that is not there, or no longer.
    ModelUnknown,
    /// Nothing is left of what was paid for.
    QuotaExhausted,
    /// Too many calls in too short a time.
    RateLimited,
    /// More text than the model takes.
    PromptTooLong,
    /// The content was refused.
    ContentRefused,
    /// A request that the API does not understand.
    BadRequest,
    /// Too many others call the API at the moment.
    Overloaded,
    /// The model is too large for the server.
    OutOfMemory,
    /// Any other trouble inside the service.
    ServerError,
    /// The browser has no network.
    Offline,
    /// The server does not let this page read its answers.
    CorsRefused,
    /// The same of Ollama, which one line settles.
    OllamaOrigins,
    /// An https page may not reach the reader's own machine or network.
    LocalNetwork,
    /// An https page may not call an http address elsewhere.
    MixedContent,
    /// Nothing answers at that address.
    NobodyThere,
    /// Not reached, though it has answered before.
    ConnectionLost,
    /// Not reached, and nothing tells why.
    Unreachable,
    /// No answer in the time that it had.
    TimedOut,
    /// The run as a whole has used up its time.
    RunTooLong,
    /// The answer ended too early.
    CutStream,
    /// A piece of the answer was not readable.
    GarbledStream,
    /// The model finished without a word.
    EmptyAnswer,
    /// The limit on output tokens was used up before the first word.
    LimitSpent,
    /// Something else than this kind of API answers.
    NotThisApi,
    /// The browser has no model of its own that it would let this page use.
    NoBuiltIn,
    /// The browser's own model is not there yet.
    NotDownloaded,
    /// Anything else.
    Other,
}

/// On whose side the trouble is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The reader's: a setting, a key, an account.
    Yours,
    /// The service's.
    Service,
    /// Somewhere between the two.
    Network,
    /// The page's, or the rules by which browsers run pages.
    Page,
    /// Nothing tells.
    Unknown,
}

impl Side {
    /// Whose it is, as a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Yours => "You can fix this.",
            Self::Service => "This is a problem of the service.",
            Self::Network => "The problem is between you and the service.",
            Self::Page => "This is a problem of this page.",
            Self::Unknown => "It is not clear who can fix this.",
        }
    }
}

/// What there is to say of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What kind of trouble it is.
    pub case: Case,
    /// The trouble in a few words.
    pub title: String,
    /// What happened, with the API's own words.
    pub happened: String,
    /// Whose trouble it is.
    pub side: Side,
    /// What to do.
    pub advice: String,
    /// A line to copy into a terminal or a page, where one settles it.
    pub line_to_copy: Option<String>,
}

/// Says what went wrong. The error must have been made presentable: its words are shown.
pub fn diagnose(error: &ModelError, context: &Context) -> Diagnosis {
    let case = sort(error, context);
    let (title, side, advice, line) = sentences::say(case, error, context);
    let happened = sentences::happened(error, context);
    Diagnosis { case, title, happened, side, advice, line_to_copy: line }
}

fn sort(error: &ModelError, context: &Context) -> Case {
    use FailureKind as Kind;
    if let ModelError::Status { status, .. } = error
        && context.id.is_built_in()
    {
        match status {
            404 => return Case::NoBuiltIn,
            428 => return Case::NotDownloaded,
            _ => {}
        }
    }
    match error.kind() {
        Kind::KeyWrong if context.key_is_empty => Case::KeyMissing,
        Kind::KeyMissing => Case::KeyMissing,
        Kind::KeyWrong => Case::KeyWrong,
        // Ollama says nothing to a page that it does not know.
        Kind::NotPermitted if error.is_a_guess() && context.is_ollama() => Case::OllamaOrigins,
        Kind::NotPermitted
        | Kind::KeyRestricted
        | Kind::DataPolicy
        | Kind::NotVerified
        | Kind::Region => Case::NotPermitted,
        Kind::BrowserForbidden => Case::BrowserForbidden,
        Kind::Blocked => Case::Blocked,
        Kind::ModelUnknown | Kind::NoModelLoaded | Kind::NotForChat => Case::ModelUnknown,
        Kind::NoCredit | Kind::QuotaOfTheDay => Case::QuotaExhausted,
        Kind::RateLimited => Case::RateLimited,
        Kind::PromptTooLong => Case::PromptTooLong,
        Kind::ContentRefused => Case::ContentRefused,
        Kind::LimitTooHigh | Kind::PartRefused(_) | Kind::BadRequest => Case::BadRequest,
        Kind::Overloaded | Kind::ModelLoading => Case::Overloaded,
        Kind::OutOfMemory => Case::OutOfMemory,
        Kind::ServerError => Case::ServerError,
        Kind::TimedOut => Case::TimedOut,
        Kind::WrongUrl | Kind::AnswerTooLong => Case::NotThisApi,
        Kind::Unreachable => unreachable(context),
        Kind::Cut => Case::CutStream,
        Kind::Garbled => Case::GarbledStream,
        Kind::EmptyAnswer => Case::EmptyAnswer,
        Kind::LimitSpent => Case::LimitSpent,
        Kind::RunTooLong => Case::RunTooLong,
        Kind::Conflict | Kind::Unknown => Case::Other,
    }
}

/// Browsers say nothing about why a request was lost. What the page knows narrows it down.
fn unreachable(context: &Context) -> Case {
    let local = context.is_local();
    let plain = context.base_url.as_ref().is_some_and(|url| url.as_str().starts_with("http:"));
    match context.probe {
        _ if !context.online && !local => Case::Offline,
        // No rule of browsers lets one call through and not the next.
        _ if context.has_answered => Case::ConnectionLost,
        _ if context.page_is_https && plain && !local => Case::MixedContent,
        Probe::Reached if context.is_ollama() => Case::OllamaOrigins,
        Probe::Reached => Case::CorsRefused,
        // The browser's rule refuses the probe too.
        _ if local && context.page_is_https => Case::LocalNetwork,
        Probe::NotReached => Case::NobodyThere,
        Probe::NotTried => Case::Unreachable,
    }
}

impl Context {
    fn is_local(&self) -> bool {
        self.base_url.as_ref().is_some_and(Url::is_local)
    }

    /// Whether it is Ollama that was called, under any name.
    fn is_ollama(&self) -> bool {
        let port = |url: &Url| url.is_local() && url.host().ends_with(":11434");
        self.id == ProviderId::Ollama || self.base_url.as_ref().is_some_and(port)
    }

    /// Whether it is one of Azure's, where a model is called by the name of its deployment.
    fn is_azure(&self) -> bool {
        let host = |url: &Url| {
            [".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com"]
                .iter()
                .any(|domain| url.host().ends_with(domain))
        };
        self.base_url.as_ref().is_some_and(host)
    }

    /// The base URL with the path that is usual, where it has none.
    fn with_version(&self) -> Option<String> {
        let url = self.base_url.as_ref()?;
        let has_path = url.as_str().len() > url.origin().len();
        let is_anywhere =
            matches!(self.id, ProviderId::Ollama | ProviderId::LmStudio | ProviderId::Compatible);
        let path = match Url::parse(self.id.base_url()) {
            Ok(own) if own.origin() == url.origin() => {
                own.as_str()[own.origin().len()..].to_owned()
            }
            _ if is_anywhere => "/v1".to_owned(),
            _ => return None,
        };
        (!has_path).then(|| format!("{}{path}", url.origin()))
    }

    /// The provider that was called, as sentences name it.
    fn who(&self) -> &str {
        self.base_url.as_ref().map_or("the server", Url::host)
    }
}
