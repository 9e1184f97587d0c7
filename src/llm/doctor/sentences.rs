//! What the doctor says: plain sentences, one set for each case.
//! It is over 400 lines because it is one table, a card a case.

use super::{Case, Context, Probe, Side};
use crate::llm::ProviderId;
use crate::model::{FailureKind, ModelError};
use crate::time::seconds;
use crate::words;

pub(super) fn happened(error: &ModelError, context: &Context) -> String {
    let who = context.who();
    match error {
        ModelError::Status { message, .. } if context.id.is_built_in() && !message.is_empty() => {
            words::doctor::browser_says(message)
        }
        ModelError::Status { status: 200..=299, message, .. } => {
            words::doctor::answered_with_an_error(who, message)
        }
        ModelError::Status { status, message, .. } if message.is_empty() => {
            words::doctor::answered_with_error(who, *status)
        }
        ModelError::Status { status, message, .. } => {
            words::doctor::answered_with(who, *status, message)
        }
        ModelError::Unreachable { .. } => match context.probe {
            Probe::NotTried => words::doctor::did_not_get_through(who),
            Probe::Reached if context.has_answered => {
                words::doctor::only_a_plain_one_gets_through(who)
            }
            Probe::Reached => words::doctor::may_not_be_read(who),
            Probe::NotReached => words::doctor::nothing_gets_through(who),
        },
        ModelError::Imported(words) => format!("{words}."),
        ModelError::NotThisApi { found } => words::doctor::answered_with_other(who, found),
        ModelError::TooLong { limit } => words::doctor::piece_too_long(who, &words::size(*limit)),
        ModelError::Cut => words::doctor::cut(who),
        ModelError::Empty { thought } => words::doctor::empty(who, *thought),
        ModelError::LimitSpent { thinking_tokens } => {
            words::doctor::limit_spent(who, *thinking_tokens)
        }
        ModelError::Garbled => words::doctor::garbled(who),
        ModelError::TimedOut { after, mid_answer: false } => {
            words::doctor::silent(who, &seconds(*after))
        }
        ModelError::TimedOut { after, mid_answer: true } => {
            words::doctor::silent_after_a_beginning(who, &seconds(*after))
        }
        ModelError::RunTooLong { after } => words::doctor::run_too_long(&seconds(*after)),
    }
}

/// Title, side, advice and the line to copy.
type Said = (String, Side, String, Option<String>);

pub(super) fn say(case: Case, error: &ModelError, context: &Context) -> Said {
    let (who, kind) = (context.who(), error.kind());
    let is_a_guess = error.is_a_guess();
    let explains = matches!(error, ModelError::Status { message, .. } if !message.is_empty());
    let page = context.page_origin.as_str();
    let model = match context.model.trim() {
        "" => "the model".to_owned(),
        model => words::doctor::the_model(model),
    };
    let key_page = context.id.key_page();
    let from_page = key_page.map(words::doctor::from_page).unwrap_or_default();
    let line = |line: &str| Some(line.to_owned());
    let ollama = context.is_ollama();
    let lm_studio = context.id == ProviderId::LmStudio;
    let (title, side, advice, line): (&str, Side, String, Option<String>) = match case {
        Case::KeyMissing => {
            ("An API key is missing", Side::Yours, words::doctor::type_a_key(&from_page), None)
        }
        Case::KeyWrong => (
            "The API key is wrong",
            Side::Yours,
            words::doctor::copy_the_key(&from_page, who),
            None,
        ),
        Case::NotPermitted => match kind {
            FailureKind::DataPolicy => (
                words::doctor::NOT_PERMITTED,
                Side::Yours,
                words::doctor::data_policy(&model),
                None,
            ),
            FailureKind::NotVerified => (
                words::doctor::NOT_PERMITTED,
                Side::Yours,
                "Verify your organization in its settings with the provider, or choose a model \
                 that needs no verification. The key is fine."
                    .into(),
                None,
            ),
            FailureKind::KeyRestricted => (
                words::doctor::NOT_PERMITTED,
                Side::Yours,
                "The key is restricted to some websites, addresses or APIs. This page sends no \
                 referrer, so a key for certain websites never works here: use a key without that \
                 restriction."
                    .into(),
                None,
            ),
            FailureKind::Region => (
                "The provider does not serve your region",
                Side::Service,
                "The key, the model and your settings are not to blame. Use another provider, or a \
                 server on your own machine."
                    .into(),
                None,
            ),
            _ => (
                words::doctor::NOT_PERMITTED,
                Side::Yours,
                words::doctor::check_permission(&model, is_a_guess),
                None,
            ),
        },
        Case::Blocked => (
            "Something on the way refused the call",
            Side::Network,
            words::doctor::blocked(who),
            None,
        ),
        Case::BrowserForbidden => (
            "The organization forbids calls from browsers",
            Side::Yours,
            "The key itself may be fine. Use a key of an organization that allows calls from web \
             pages, ask its administrator to allow them, or choose another provider."
                .into(),
            None,
        ),
        Case::ModelUnknown if kind == FailureKind::NoModelLoaded => (
            "No model is loaded",
            Side::Yours,
            "The server runs, but it has no model in memory. Load one there, then run again."
                .into(),
            lm_studio.then(|| match context.model.trim() {
                "" => "lms load".into(),
                model => format!("lms load {model}"),
            }),
        ),
        Case::ModelUnknown if kind == FailureKind::NotForChat => (
            "The model is not a chat model",
            Side::Yours,
            words::doctor::choose_a_chat_model(&model),
            None,
        ),
        Case::ModelUnknown if context.is_azure() => (
            words::doctor::MODEL_UNKNOWN,
            Side::Yours,
            "On Azure, the field Model takes the name of your deployment, which may differ from \
             the model's. The base URL ends in /openai/v1. A new deployment takes some minutes."
                .into(),
            None,
        ),
        Case::ModelUnknown if ollama => (
            "Model not installed",
            Side::Yours,
            "Fetch it with the line below, or choose one that Ollama has.".into(),
            (!context.model.trim().is_empty())
                .then(|| format!("ollama pull {}", context.model.trim())),
        ),
        Case::ModelUnknown => (
            words::doctor::MODEL_UNKNOWN,
            Side::Yours,
            words::doctor::check_the_model(&model),
            None,
        ),
        Case::QuotaExhausted => (
            "No credit or quota is left",
            Side::Yours,
            match kind {
                FailureKind::QuotaOfTheDay => words::doctor::wait_for_the_day(who),
                _ => words::doctor::add_credit(who),
            },
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
        Case::BadRequest if kind == FailureKind::LimitTooHigh => (
            "Max output tokens is too high",
            Side::Yours,
            "Set Max output tokens to what the message allows, or leave it empty, then run again."
                .into(),
            None,
        ),
        Case::BadRequest => (
            "The request was not accepted",
            Side::Unknown,
            words::doctor::see_its_objection(who, explains),
            None,
        ),
        Case::OutOfMemory => (
            "The model does not fit into memory",
            if context.is_local() { Side::Yours } else { Side::Service },
            "The server has too little memory for this model. Choose a smaller one, or one with a \
             smaller context, or close other programs there."
                .into(),
            None,
        ),
        Case::EmptyAnswer => (
            "The model answered with no text",
            Side::Service,
            match error {
                ModelError::Empty { thought: true } => {
                    "All of it went into thinking, and none of it into the answer. Run again, \
                     choose another model, or turn its thinking off in the server."
                }
                _ if context.is_local() => {
                    "Run again, or choose another model. A prompt that is longer than the context \
                     with which the model was loaded can end like this too."
                }
                _ => "Run again, ask in other words, or choose another model.",
            }
            .into(),
            None,
        ),
        Case::LimitSpent => (
            "No tokens were left for the answer",
            Side::Yours,
            words::doctor::raise_the_limit(matches!(
                error,
                ModelError::LimitSpent { thinking_tokens: 1.. }
            )),
            None,
        ),
        Case::Overloaded if kind == FailureKind::ModelLoading => (
            "The model is being loaded",
            Side::Service,
            "Wait until the server has it in memory, then run again."
                .into(),
            None,
        ),
        Case::Overloaded => (
            "The service is overloaded",
            Side::Service,
            "Run again in a minute, or choose another model: your settings are fine."
                .into(),
            None,
        ),
        Case::ServerError => (
            "The service has a problem",
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
            words::doctor::restart_ollama(page, context.on_windows),
            Some(match context.on_windows {
                true => format!("$env:OLLAMA_ORIGINS=\"{page}\"; ollama serve"),
                false => format!("OLLAMA_ORIGINS={page} ollama serve"),
            }),
        ),
        Case::CorsRefused => (
            "The server does not let web pages call it",
            Side::Service,
            match lm_studio {
                true => {
                    "Start its server with the line below, or turn CORS on in its settings.".into()
                }
                false => words::doctor::allow_the_origin(page),
            },
            lm_studio.then(|| "lms server start --cors".into()),
        ),
        Case::LocalNetwork if context.in_iframe => (
            words::doctor::LOCAL_NETWORK,
            Side::Page,
            words::doctor::allow_in_the_frame(who),
            line("allow=\"local-network-access\""),
        ),
        Case::LocalNetwork => (
            words::doctor::LOCAL_NETWORK,
            Side::Page,
            words::doctor::allow_local_network(who),
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
                true => words::doctor::start_the_server(who),
                false => words::doctor::check_the_base_url(who),
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
            words::doctor::it_answered_before(
                who,
                match context.probe {
                    Probe::NotReached => {
                        "Check that it still runs and that your network does, then run again."
                    }
                    Probe::Reached | Probe::NotTried => {
                        "Run again; if it happens with many calls at once, set a concurrency \
                         limit: a gateway that refuses calls can look like this."
                    }
                },
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
                true => {
                    "A model that is loaded for the first time takes its time, and many calls at \
                     once queue. Run again, allow longer waits, or set a concurrency limit."
                }
                false => "Run again, or allow longer waits in the settings.",
            }
            .into(),
            None,
        ),
        Case::RunTooLong => (
            "The whole run took too long",
            Side::Yours,
            "Raise the run timeout under What if, or ask for less. Retry failed keeps the answers that \
             there are."
                .into(),
            None,
        ),
        Case::CutStream => (
            "The answer was cut off",
            Side::Network,
            "The connection or the server broke off. Nothing of yours is wrong: run again."
                .into(),
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
            not_this_api(context, is_a_guess),
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
            "Press Download the model beside the provider, and run again when it is there."
                .into(),
            None,
        ),
        Case::Other => (
            "The call was refused",
            Side::Unknown,
            match explains {
                true => {
                    "What the server says above is all that is known. Run again; if it fails \
                     again, look it up in the server's documentation."
                }
                false => {
                    "The server gives no reason. Run again; if it fails again, check the base URL, \
                     the model and the server's own log."
                }
            }
            .into(),
            None,
        ),
    };
    (title.into(), side, advice, line)
}

/// What to look at where something else answers than the API.
fn not_this_api(context: &Context, is_a_guess: bool) -> String {
    let own = context.id.base_url();
    let advice = match context.with_version() {
        _ if context.is_azure() => "Check the base URL: on Azure it ends in /openai/v1, and the \
            field Model takes the name of your deployment."
            .to_owned(),
        Some(with_version) => words::doctor::add_the_version(&with_version),
        None if own.is_empty() => "Check the base URL: it usually ends in /v1.".into(),
        None => words::doctor::own_base_url(context.id.label(), own),
    };
    match is_a_guess {
        true => words::doctor::or_the_model(&advice),
        false => advice + " A sign-in page of a network answers like this too.",
    }
}
