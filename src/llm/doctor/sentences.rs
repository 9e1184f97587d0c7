//! What the doctor says: plain sentences, one set for each case.

use super::{Case, Context, Probe, Side};
use crate::llm::ProviderId;
use crate::model::ModelError;
use crate::time::seconds;
use crate::words;

pub(super) fn happened(error: &ModelError, context: &Context) -> String {
    let who = context.who();
    match error {
        ModelError::Status { message, .. } if context.id.is_built_in() && !message.is_empty() => {
            words::doctor::browser_says(message)
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
        ModelError::Told(words) => format!("{words}."),
        ModelError::NotThisApi { found } => words::doctor::answered_with_other(who, found),
        ModelError::Cut => words::doctor::cut(who),
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

pub(super) fn say(case: Case, context: &Context) -> Said {
    let who = context.who();
    let page = context.page_origin.as_str();
    let model = match context.model.trim() {
        "" => words::doctor::THE_MODEL.to_owned(),
        model => words::doctor::the_model(model),
    };
    let key_page = context.id.key_page();
    let from_page = key_page.map(words::doctor::from_page).unwrap_or_default();
    let line = |line: &str| Some(line.to_owned());
    let ollama = context.is_ollama();
    let lm_studio = context.id == ProviderId::LmStudio;
    let (title, side, advice, line): (&str, Side, String, Option<String>) = match case {
        Case::KeyMissing => {
            (words::doctor::KEY_MISSING, Side::Yours, words::doctor::type_a_key(&from_page), None)
        }
        Case::KeyWrong => (
            words::doctor::KEY_WRONG,
            Side::Yours,
            words::doctor::copy_the_key(&from_page, who),
            None,
        ),
        Case::NotPermitted => (
            words::doctor::NOT_PERMITTED,
            Side::Yours,
            words::doctor::check_permission(&model),
            None,
        ),
        Case::BrowserForbidden => (
            words::doctor::BROWSER_FORBIDDEN,
            Side::Yours,
            words::doctor::USE_ANOTHER_KEY.into(),
            None,
        ),
        Case::ModelUnknown if ollama => (
            words::doctor::MODEL_NOT_THERE,
            Side::Yours,
            words::doctor::FETCH_THE_MODEL.into(),
            (!context.model.trim().is_empty())
                .then(|| format!("ollama pull {}", context.model.trim())),
        ),
        Case::ModelUnknown => (
            words::doctor::MODEL_UNKNOWN,
            Side::Yours,
            words::doctor::check_the_model(&model),
            None,
        ),
        Case::QuotaExhausted => {
            (words::doctor::QUOTA_EXHAUSTED, Side::Yours, words::doctor::add_credit(who), None)
        }
        Case::RateLimited => {
            (words::doctor::RATE_LIMITED, Side::Yours, words::doctor::WAIT_A_MINUTE.into(), None)
        }
        Case::PromptTooLong => {
            (words::doctor::PROMPT_TOO_LONG, Side::Yours, words::doctor::ASK_FOR_LESS.into(), None)
        }
        Case::ContentRefused => (
            words::doctor::CONTENT_REFUSED,
            Side::Service,
            words::doctor::CHANGE_THE_TOPIC.into(),
            None,
        ),
        Case::BadRequest => {
            (words::doctor::BAD_REQUEST, Side::Page, words::doctor::see_its_objection(who), None)
        }
        Case::Overloaded => {
            (words::doctor::OVERLOADED, Side::Service, words::doctor::RUN_IN_A_MINUTE.into(), None)
        }
        Case::ServerError => (
            words::doctor::SERVER_ERROR,
            Side::Service,
            words::doctor::RUN_IN_A_MOMENT.into(),
            None,
        ),
        Case::Offline => (
            words::doctor::OFFLINE,
            Side::Network,
            words::doctor::CONNECT_TO_A_NETWORK.into(),
            None,
        ),
        Case::OllamaOrigins => (
            words::doctor::OLLAMA_ORIGINS,
            Side::Yours,
            words::doctor::restart_ollama(page, context.on_windows),
            Some(match context.on_windows {
                true => format!("$env:OLLAMA_ORIGINS=\"{page}\"; ollama serve"),
                false => format!("OLLAMA_ORIGINS={page} ollama serve"),
            }),
        ),
        Case::CorsRefused => (
            words::doctor::CORS_REFUSED,
            Side::Service,
            match lm_studio {
                true => words::doctor::START_WITH_CORS.into(),
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
        Case::MixedContent => {
            (words::doctor::MIXED_CONTENT, Side::Page, words::doctor::USE_HTTPS.into(), None)
        }
        Case::NobodyThere => (
            words::doctor::NOBODY_THERE,
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
            words::doctor::CONNECTION_LOST,
            Side::Network,
            words::doctor::it_answered_before(
                who,
                match context.probe {
                    Probe::NotReached => words::doctor::CHECK_THE_NETWORK,
                    Probe::Reached | Probe::NotTried => words::doctor::LIMIT_CALLS,
                },
            ),
            None,
        ),
        Case::Unreachable => (
            words::doctor::UNREACHABLE,
            Side::Network,
            words::doctor::CHECK_THE_SERVER.into(),
            None,
        ),
        Case::TimedOut => (
            words::doctor::TIMED_OUT,
            if context.is_local() { Side::Yours } else { Side::Service },
            match context.is_local() {
                true => words::doctor::FIRST_LOAD_TAKES_TIME,
                false => words::doctor::ALLOW_LONGER_WAITS,
            }
            .into(),
            None,
        ),
        Case::RunTooLong => {
            (words::doctor::RUN_OVER, Side::Yours, words::doctor::ALLOW_MORE_TIME.into(), None)
        }
        Case::CutStream => {
            (words::doctor::CUT_OFF, Side::Network, words::doctor::BROKEN_OFF.into(), None)
        }
        Case::GarbledStream => (
            words::doctor::ANSWER_GARBLED,
            Side::Network,
            words::doctor::WITHOUT_THE_PROXY.into(),
            None,
        ),
        Case::NotThisApi => (
            words::doctor::NOT_THIS_API,
            Side::Yours,
            match context.id.base_url() {
                "" => words::doctor::ENDS_IN_V1.into(),
                own => words::doctor::own_base_url(context.id.label(), own),
            },
            None,
        ),
        Case::NoBuiltIn => (
            words::doctor::NO_BUILT_IN,
            Side::Yours,
            words::doctor::USE_CHROME.into(),
            line("allow=\"language-model\""),
        ),
        Case::NotDownloaded => {
            (words::doctor::NOT_DOWNLOADED, Side::Yours, words::doctor::PRESS_DOWNLOAD.into(), None)
        }
        Case::Other => (words::doctor::OTHER, Side::Service, words::doctor::SEE_ABOVE.into(), None),
    };
    (title.into(), side, advice, line)
}
