//! What the doctor says: plain sentences, one set for each case.

use super::{Case, Context, Probe, Side};
use crate::llm::ProviderId;
use crate::model::ModelError;
use crate::time::seconds;

pub(super) fn happened(error: &ModelError, context: &Context) -> String {
    let who = context.who();
    match error {
        ModelError::Status { message, .. } if context.id.is_built_in() && !message.is_empty() => {
            format!("This browser says: {message}.")
        }
        ModelError::Status { status, message, .. } if message.is_empty() => {
            format!("{who} answered with error {status} and no explanation.")
        }
        ModelError::Status { status, message, .. } => {
            format!("{who} answered with error {status}: {message}")
        }
        ModelError::Unreachable { .. } => match context.probe {
            Probe::NotTried => format!("The request to {who} did not get through."),
            Probe::Reached if context.has_answered => {
                format!("The request to {who} did not get through, though a plain one does.")
            }
            Probe::Reached => {
                format!("{who} can be reached, but the browser may not read its answer.")
            }
            Probe::NotReached => {
                format!("The request to {who} did not get through, and neither did a plain one.")
            }
        },
        ModelError::Told(words) => format!("{words}."),
        ModelError::NotThisApi { found } => format!("{who} answered with {found}."),
        ModelError::Cut => format!("The answer of {who} ended before the model had finished."),
        ModelError::Garbled => {
            format!("A piece of the answer of {who} could not be read.")
        }
        ModelError::TimedOut { after, mid_answer: false } => {
            format!("{who} said nothing for {} s.", seconds(*after))
        }
        ModelError::TimedOut { after, mid_answer: true } => {
            format!("{who} began to answer and then said nothing for {} s.", seconds(*after))
        }
        ModelError::RunTooLong { after } => {
            format!("The whole run had {} s, and they are over.", seconds(*after))
        }
    }
}

/// Title, side, advice and the line to copy.
type Said = (String, Side, String, Option<String>);

pub(super) fn say(case: Case, context: &Context) -> Said {
    let who = context.who();
    let page = context.page_origin.as_str();
    let model = match context.model.trim() {
        "" => "the model".to_owned(),
        model => format!("the model {model}"),
    };
    let key_page = context.id.key_page();
    let where_keys_are = key_page.map(|page| format!(" from {page}")).unwrap_or_default();
    let line = |line: &str| Some(line.to_owned());
    let ollama = context.is_ollama();
    let lm_studio = context.id == ProviderId::LmStudio;
    let (title, side, advice, line): (&str, Side, String, Option<String>) = match case {
        Case::KeyMissing => (
            "An API key is missing",
            Side::Yours,
            format!("Type a key{where_keys_are} into the field API key, then run again."),
            None,
        ),
        Case::KeyWrong => (
            "The API key is wrong",
            Side::Yours,
            format!(
                "Copy the key again{where_keys_are}, whole and without spaces, and check that it \
                 belongs to {who}."
            ),
            None,
        ),
        Case::NotPermitted => (
            "The key may not do this",
            Side::Yours,
            format!(
                "Check in your account that this key may use {model} and may be used from this \
                 page, or choose another model."
            ),
            None,
        ),
        Case::BrowserForbidden => (
            "The organisation forbids calls from browsers",
            Side::Yours,
            "The key itself may be fine. Use a key of an organisation that allows calls from web \
             pages, ask whoever runs this one to allow them, or choose another provider."
                .into(),
            None,
        ),
        Case::ModelUnknown if ollama => (
            "The model is not there",
            Side::Yours,
            "Fetch it with the line below, or choose one that Ollama has.".into(),
            (!context.model.trim().is_empty())
                .then(|| format!("ollama pull {}", context.model.trim())),
        ),
        Case::ModelUnknown => (
            "The model is unknown or retired",
            Side::Yours,
            format!(
                "Check the spelling of {model}. Test connection fills the field Model with the \
                 names that your key can use."
            ),
            None,
        ),
        Case::QuotaExhausted => (
            "No credit or quota is left",
            Side::Yours,
            format!(
                "Waiting does not help: add credit or raise the limit in your account with {who}, \
                 or use another key."
            ),
            None,
        ),
        Case::RateLimited => (
            "Too many calls in too short a time",
            Side::Yours,
            "Wait a minute and run again, set a concurrency limit so that fewer calls go out at \
             once, or raise your rate limit; free plans have low ones."
                .into(),
            None,
        ),
        Case::PromptTooLong => (
            "The prompt is too long",
            Side::Yours,
            "Ask for less, give the synthesis fewer or shorter texts, or choose a model that takes \
             more."
                .into(),
            None,
        ),
        Case::ContentRefused => (
            "The content was refused",
            Side::Service,
            "A safety filter objects to the prompt or to the answer. Change the topic or the \
             words, or choose another model."
                .into(),
            None,
        ),
        Case::BadRequest => (
            "The request was not understood",
            Side::Page,
            format!(
                "What {who} says above tells what it objects to. Check the model's name and the \
                 base URL; a server of an older version may not know every field."
            ),
            None,
        ),
        Case::Overloaded => (
            "The service is overloaded",
            Side::Service,
            "Run again in a minute, or choose another model: your settings are fine.".into(),
            None,
        ),
        Case::ServerError => (
            "The service is in trouble",
            Side::Service,
            "Run again in a moment. If it stays so, look at the service's status page.".into(),
            None,
        ),
        Case::Offline => (
            "This browser is offline",
            Side::Network,
            "Connect to a network and run again. The simulated models need none.".into(),
            None,
        ),
        Case::OllamaOrigins => (
            "Ollama does not accept this page",
            Side::Yours,
            format!(
                "Quit Ollama and start it with the line below{}, which lets {page} call it.",
                if context.on_windows { ", in PowerShell" } else { "" }
            ),
            Some(match context.on_windows {
                true => format!("$env:OLLAMA_ORIGINS=\"{page}\"; ollama serve"),
                false => format!("OLLAMA_ORIGINS={page} ollama serve"),
            }),
        ),
        Case::CorsRefused => (
            "The server does not let web pages call it",
            Side::Service,
            match lm_studio {
                true => "Start its server with the line below, or turn CORS on in its settings.".into(),
                false => format!(
                    "Browsers call only servers that allow it (CORS). Check the base URL; if the \
                     server is yours, let it accept the origin {page}."
                ),
            },
            lm_studio.then(|| "lms server start --cors".into()),
        ),
        Case::LocalNetwork if context.in_iframe => (
            "This page may not reach your own network",
            Side::Page,
            format!(
                "It is part of another page, and only that page can allow it, with the attribute \
                 below on its iframe. Or open this page by itself. Check too that {who} is running."
            ),
            line("allow=\"local-network-access\""),
        ),
        Case::LocalNetwork => (
            "This page may not reach your own network",
            Side::Page,
            format!(
                "Check that {who} is running. If it is, allow Local network access for this page: \
                 the icon beside the address opens its permissions. Run again then."
            ),
            None,
        ),
        Case::MixedContent => (
            "A secure page may not call an insecure address",
            Side::Page,
            "Use an address that begins with https, or open this page from your own machine over \
             http."
                .into(),
            None,
        ),
        Case::NobodyThere => (
            "Nothing answers at that address",
            if context.is_local() { Side::Yours } else { Side::Network },
            match context.is_local() {
                true => format!("Start the server, and check that {who} is its host and port."),
                false => format!("Check the base URL for a mistake, and whether {who} is up."),
            },
            match () {
                () if ollama => line("ollama serve"),
                () if lm_studio => line("lms server start --cors"),
                () => None,
            },
        ),
        Case::ConnectionLost => (
            "The connection was lost",
            Side::Network,
            format!(
                "{who} has answered this page before, so that neither the base URL nor CORS is to \
                 blame. {}",
                match context.probe {
                    Probe::NotReached => {
                        "Check that it still runs and that your network does, then run again."
                    }
                    Probe::Reached | Probe::NotTried => {
                        "Run again; if it happens with many calls at once, set a concurrency \
                         limit: a gateway that refuses calls can look like this."
                    }
                }
            ),
            None,
        ),
        Case::Unreachable => (
            "The server could not be reached",
            Side::Network,
            "Either nothing answers there, or the server does not let web pages call it (CORS). \
             Check the base URL and that the server is running."
                .into(),
            None,
        ),
        Case::TimedOut => (
            "The answer took too long",
            if context.is_local() { Side::Yours } else { Side::Service },
            match context.is_local() {
                true => "A model that is loaded for the first time takes its time, and many calls at \
                         once queue. Run again, allow longer waits, or set a concurrency limit.",
                false => "Run again, or allow longer waits in the settings.",
            }
            .into(),
            None,
        ),
        Case::RunTooLong => (
            "The whole run took too long",
            Side::Yours,
            "Allow more time in the field Run at most, or ask for less. Run again keeps the \
             answers that there are."
                .into(),
            None,
        ),
        Case::CutStream => (
            "The answer was cut off",
            Side::Network,
            "The connection or the server broke off. Nothing of yours is wrong: run again.".into(),
            None,
        ),
        Case::GarbledStream => (
            "The answer was garbled",
            Side::Network,
            "The server, or something on the way such as a proxy, broke the answer: run again. If \
             it stays so, try without the proxy."
                .into(),
            None,
        ),
        Case::NotThisApi => (
            "This is not the API that was expected",
            Side::Yours,
            match context.id.base_url() {
                "" => "Check the base URL: it usually ends in /v1. A sign-in page of a network \
                       answers like this too."
                    .into(),
                own => format!(
                    "Check the base URL: for {} it is {own}. A sign-in page of a network answers \
                     like this too.",
                    context.id.label()
                ),
            },
            None,
        ),
        Case::NoBuiltIn => (
            "This browser has no model of its own",
            Side::Yours,
            "Use Chrome 148 or newer on a desktop computer with room for the model, or choose \
             another provider. Inside another page, its frame needs the attribute below."
                .into(),
            line("allow=\"language-model\""),
        ),
        Case::NotDownloaded => (
            "The browser's model is not downloaded yet",
            Side::Yours,
            "Press Download the model beside the provider, and run again when it is there.".into(),
            None,
        ),
        Case::Other => (
            "The call was refused",
            Side::Service,
            "What the service says above is all that is known. Check the settings, then run again."
                .into(),
            None,
        ),
    };
    (title.into(), side, advice, line)
}
