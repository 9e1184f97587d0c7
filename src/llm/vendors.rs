//! Which APIs there are, as data: names, addresses, default models. The codecs are elsewhere.
//!
//! Models and addresses change without notice. The reader can overwrite both, so that an old one
//! here costs a clear error and no more. As of November 2026.

use super::anthropic::Anthropic;
use super::gemini::Gemini;
use super::openai::{Dialect, OpenAi};
use super::picture::Look;
use super::provider::{Provider, Settings};
use super::url::{Url, UrlError};

/// An API that Converge can speak to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProviderId {
    /// OpenAI's Chat Completions.
    OpenAi,
    /// Anthropic's Messages.
    Anthropic,
    /// Google's Gemini.
    Gemini,
    /// Many vendors' models behind one key.
    OpenRouter,
    /// Mistral.
    Mistral,
    /// Groq.
    Groq,
    /// DeepSeek.
    DeepSeek,
    /// Together.
    Together,
    /// xAI.
    Xai,
    /// Cerebras.
    Cerebras,
    /// Ollama on the reader's own machine.
    Ollama,
    /// LM Studio on the reader's own machine.
    LmStudio,
    /// The model that comes with the browser itself.
    Chrome,
    /// Whatever else speaks OpenAI's format: vLLM, llama.cpp, most hosts.
    Compatible,
}

/// Whether an API's models take pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vision {
    /// The ones in use today all do.
    All,
    /// It depends on the model.
    Some,
    /// As this page calls it, none does.
    None,
}

/// What there is to know about one of them.
struct Vendor {
    name: &'static str,
    label: &'static str,
    base_url: &'static str,
    model: &'static str,
    /// Where keys are made; empty when none is needed.
    keys: &'static str,
    codec: Codec,
}

/// What it speaks.
enum Codec {
    OpenAi(Dialect),
    Anthropic,
    Gemini,
}

const PLAIN: Dialect =
    Dialect { completion_limit: false, no_stream_options: false, attribution: false };

impl ProviderId {
    /// All of them, in the order in which the page offers them.
    pub const ALL: [Self; 14] = [
        Self::OpenAi,
        Self::Anthropic,
        Self::Gemini,
        Self::OpenRouter,
        Self::Mistral,
        Self::Groq,
        Self::DeepSeek,
        Self::Together,
        Self::Xai,
        Self::Cerebras,
        Self::Ollama,
        Self::LmStudio,
        Self::Chrome,
        Self::Compatible,
    ];

    fn vendor(self) -> Vendor {
        let vendor = |name, label, base_url, model, keys, codec| Vendor {
            name,
            label,
            base_url,
            model,
            keys,
            codec,
        };
        match self {
            Self::OpenAi => vendor(
                "openai",
                "OpenAI",
                "https://api.openai.com/v1",
                "gpt-6-luna",
                "platform.openai.com/api-keys",
                Codec::OpenAi(Dialect { completion_limit: true, ..PLAIN }),
            ),
            Self::Anthropic => vendor(
                "anthropic",
                "Anthropic",
                "https://api.anthropic.com/v1",
                "claude-haiku-5-5",
                "console.anthropic.com/settings/keys",
                Codec::Anthropic,
            ),
            Self::Gemini => vendor(
                "gemini",
                "Google Gemini",
                "https://generativelanguage.googleapis.com/v1beta",
                "gemini-3.5-flash-lite",
                "aistudio.google.com/apikey",
                Codec::Gemini,
            ),
            Self::OpenRouter => vendor(
                "openrouter",
                "OpenRouter",
                "https://openrouter.ai/api/v1",
                "openai/gpt-oss-20b",
                "openrouter.ai/keys",
                Codec::OpenAi(Dialect { attribution: true, ..PLAIN }),
            ),
            Self::Mistral => vendor(
                "mistral",
                "Mistral",
                "https://api.mistral.ai/v1",
                "mistral-small-latest",
                "console.mistral.ai/api-keys",
                Codec::OpenAi(Dialect { no_stream_options: true, ..PLAIN }),
            ),
            Self::Groq => vendor(
                "groq",
                "Groq",
                "https://api.groq.com/openai/v1",
                "openai/gpt-oss-20b",
                "console.groq.com/keys",
                Codec::OpenAi(PLAIN),
            ),
            Self::DeepSeek => vendor(
                "deepseek",
                "DeepSeek",
                "https://api.deepseek.com/v1",
                "deepseek-v4-flash",
                "platform.deepseek.com/api_keys",
                Codec::OpenAi(PLAIN),
            ),
            Self::Together => vendor(
                "together",
                "Together",
                "https://api.together.xyz/v1",
                "openai/gpt-oss-20b",
                "api.together.ai/settings/api-keys",
                Codec::OpenAi(PLAIN),
            ),
            Self::Xai => vendor(
                "xai",
                "xAI",
                "https://api.x.ai/v1",
                "grok-4-fast",
                "console.x.ai",
                Codec::OpenAi(PLAIN),
            ),
            Self::Cerebras => vendor(
                "cerebras",
                "Cerebras",
                "https://api.cerebras.ai/v1",
                "gpt-oss-120b",
                "cloud.cerebras.ai",
                Codec::OpenAi(PLAIN),
            ),
            Self::Ollama => vendor(
                "ollama",
                "Ollama",
                "http://localhost:11434/v1",
                "qwen3:4b",
                "",
                Codec::OpenAi(PLAIN),
            ),
            Self::LmStudio => vendor(
                "lmstudio",
                "LM Studio",
                "http://localhost:1234/v1",
                "",
                "",
                Codec::OpenAi(PLAIN),
            ),
            // No address: no host has a name like that, and its calls never leave the browser.
            Self::Chrome => vendor(
                "chrome",
                "This browser's own model",
                "https://this-browser",
                "",
                "",
                Codec::OpenAi(PLAIN),
            ),
            Self::Compatible => {
                vendor("compatible", "OpenAI-compatible server", "", "", "", Codec::OpenAi(PLAIN))
            }
        }
    }

    /// Its name in the address of the page.
    pub fn name(self) -> &'static str {
        self.vendor().name
    }

    /// The one of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.name() == name)
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        self.vendor().label
    }

    /// Its own base URL; empty when the reader has to give one.
    pub fn base_url(self) -> &'static str {
        self.vendor().base_url
    }

    /// A small model of it, as the default; empty when the reader has to give one, or the server
    /// has one loaded.
    pub fn model(self) -> &'static str {
        self.vendor().model
    }

    /// Whether no call can succeed without a key.
    pub fn needs_key(self) -> bool {
        !self.vendor().keys.is_empty()
    }

    /// The page where keys are made, without its scheme; `None` when none is needed.
    pub fn key_page(self) -> Option<&'static str> {
        Some(self.vendor().keys).filter(|page| !page.is_empty())
    }

    /// Whether it is not known that it lets web pages call it, and what its answers look like there.
    pub fn is_untried(self) -> bool {
        matches!(self, Self::Groq | Self::Together | Self::Xai | Self::Cerebras)
    }

    /// Whether its models take pictures.
    pub fn sight(self) -> Vision {
        match self {
            Self::OpenAi | Self::Anthropic | Self::Gemini => Vision::All,
            Self::Chrome => Vision::None,
            _ => Vision::Some,
        }
    }

    /// Whether its calls stay in the browser, so that there is no address and no key.
    pub fn is_built_in(self) -> bool {
        self == Self::Chrome
    }

    /// Whether a key sent to `url` goes where this API's keys belong.
    pub fn owns(self, url: &Url) -> bool {
        Url::parse(self.base_url()).is_ok_and(|own| own.origin() == url.origin())
    }

    /// Whether `url` names a vendor's own machine without encryption. No vendor answers there, and a
    /// key on its way there can be read and used by others.
    fn exposes_a_key(url: &Url) -> bool {
        let is_own = |id: &Self| {
            Url::parse(id.base_url()).is_ok_and(|own| own.host_name() == url.host_name())
        };
        url.is_exposed() && Self::ALL.iter().any(is_own)
    }

    /// Settings from the page's fields; an empty field stands for the default.
    ///
    /// # Errors
    /// When the base URL is none, or calls a vendor's own host without encryption.
    pub fn settings(
        self,
        base_url: &str,
        model: &str,
        temperature: Option<f64>,
    ) -> Result<Settings, UrlError> {
        let or = |given: &str, own: &str| match given.trim() {
            "" => own.to_owned(),
            given => given.to_owned(),
        };
        let base_url = if self.is_built_in() { "" } else { base_url };
        let base_url = Url::parse(&or(base_url, self.base_url()))?;
        if Self::exposes_a_key(&base_url) {
            return Err(UrlError::Unencrypted);
        }
        let model = or(model, self.model());
        let look = Look::Nothing;
        Ok(Settings { base_url, model, temperature, max_tokens: None, page: None, look })
    }

    /// The codec of this API.
    pub fn provider(self, settings: Settings) -> Box<dyn Provider> {
        match self.vendor().codec {
            Codec::OpenAi(dialect) => Box::new(OpenAi::new(settings, dialect)),
            Codec::Anthropic => Box::new(Anthropic::new(settings)),
            Codec::Gemini => Box::new(Gemini::new(settings)),
        }
    }
}
