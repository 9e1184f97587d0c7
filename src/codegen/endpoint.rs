//! Who the programs ask, and where they find the key: in their environment, never in their text.

use crate::llm::ProviderId;

/// Who is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// Whose API it is.
    pub provider: ProviderId,
    /// The model's name.
    pub model: String,
    /// Where it is, if not at the provider's own address.
    pub base_url: Option<String>,
    /// Sent only when it is set.
    pub temperature: Option<f64>,
}

impl Endpoint {
    /// Where it speaks OpenAI's format; `None` at OpenAI's own address, which libraries know.
    pub(super) fn base_url(&self) -> Option<&str> {
        if self.base_url.is_some() {
            return self.base_url.as_deref();
        }
        match self.provider {
            ProviderId::OpenAi => None,
            // These two have another format of their own, and OpenAI's at an address beside it.
            ProviderId::Anthropic => Some("https://api.anthropic.com/v1/"),
            ProviderId::Gemini => Some("https://generativelanguage.googleapis.com/v1beta/openai/"),
            other => Some(other.base_url()).filter(|url| !url.is_empty()),
        }
    }

    /// Where a program finds the key. The names are those of the vendors' own pages.
    pub fn key_variable(&self) -> &'static str {
        match self.provider {
            ProviderId::Anthropic => "ANTHROPIC_API_KEY",
            ProviderId::Gemini => "GEMINI_API_KEY",
            ProviderId::OpenRouter => "OPENROUTER_API_KEY",
            ProviderId::Mistral => "MISTRAL_API_KEY",
            ProviderId::Groq => "GROQ_API_KEY",
            ProviderId::DeepSeek => "DEEPSEEK_API_KEY",
            ProviderId::Together => "TOGETHER_API_KEY",
            ProviderId::Xai => "XAI_API_KEY",
            ProviderId::Cerebras => "CEREBRAS_API_KEY",
            // Servers of one's own want none, and their clients want some word.
            ProviderId::OpenAi
            | ProviderId::Ollama
            | ProviderId::LmStudio
            | ProviderId::Chrome
            | ProviderId::Compatible => "OPENAI_API_KEY",
        }
    }
}
