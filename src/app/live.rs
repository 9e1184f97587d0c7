//! What a reader gives to reach a live model, and what the page says before it spends anything.

use super::dom::{Node, el};
use leptos::prelude::*;

use super::built_in::built_in;
use super::connection::{MODELS, connection};
use super::controls::setter;
use super::demo::Demo;
use super::keys;
use super::repeat::repeat;
use super::spent::after_the_run;
use super::ui::{Field, button, listed, part, shown, text};
use crate::config::{ScheduleChoice, Settings};
use crate::decimal;
use crate::llm::notes::notes;
use crate::llm::{ProviderId, Url, UrlError, prices};
use crate::model::Usage;
use crate::words;

/// A setting that is a number: what it is called in full, above its field, and in the address; what
/// it is, and what stands there while it is not set.
struct Number {
    name: &'static str,
    label: &'static str,
    key: &'static str,
    of: fn(&Settings) -> Option<f64>,
    usual: fn(&Settings) -> String,
}

const HEAT: Number = Number {
    name: words::live::TEMPERATURE,
    label: words::live::TEMPERATURE,
    key: "temperature",
    of: |settings| settings.temperature,
    usual: |_| words::live::NOT_SENT.into(),
};

const LENGTH: Number = Number {
    name: words::live::MOST_TOKENS,
    label: words::live::MOST_TOKENS_LABEL,
    key: "max_tokens",
    of: |settings| settings.max_tokens.map(|most| f64::from(most.get())),
    usual: |_| words::live::NOT_SENT.into(),
};

const FIRST: Number = Number {
    name: words::live::FIRST_WORD,
    label: words::live::FIRST_WORD_LABEL,
    key: "first_timeout",
    of: |settings| settings.first_timeout.map(|longest| longest.as_secs_f64()),
    usual: usual_patience,
};

const BETWEEN: Number = Number {
    name: words::live::NEXT_WORDS,
    label: words::live::NEXT_WORDS_LABEL,
    key: "read_timeout",
    of: |settings| settings.read_timeout.map(|longest| longest.as_secs_f64()),
    usual: usual_patience,
};

fn usual_patience(settings: &Settings) -> String {
    let usual = settings.usual_patience();
    usual.map(|longest| decimal::short(longest.as_secs_f64())).unwrap_or_default()
}

/// Base URL, model and key of a live model, and how many calls a run will make.
pub fn live(demo: Demo) -> Node {
    let is_built_in =
        move || demo.settings.with(|s| s.provider.is_some_and(ProviderId::is_built_in));
    let is_elsewhere = move || !is_built_in();
    el("div")
        .class("live")
        .attr("role", "group")
        .attr("aria-label", words::live::LIVE_MODEL)
        .child(shown(is_built_in, move || built_in(demo)))
        .child(
            el("div").class("settings").child(shown(is_elsewhere, move || {
                (base_url(demo), model(demo), keys::field(demo))
            })),
        )
        .child(el("p").class("problem").child(text(move || problem(demo).unwrap_or_default())))
        .child(part(move || trap(demo).map(|url| trap_view(demo, url))))
        .child(shown(is_elsewhere, move || keys::keeping(demo)))
        .child(
            el("div")
                .class("settings")
                .child(shown(is_elsewhere, move || (number(demo, HEAT), number(demo, LENGTH))))
                .child(number(demo, FIRST))
                .child(number(demo, BETWEEN)),
        )
        .child(connection(demo))
        .child(el("p").class("bill").child(text(move || bill(demo))))
        .child(shown(
            move || !good_to_know(demo).is_empty(),
            move || {
                el("ul")
                    .class("fine")
                    .attr("aria-label", words::live::GOOD_TO_KNOW)
                    .child(listed(move || good_to_know(demo)))
            },
        ))
        .child(repeat(demo))
        .child(after_the_run(demo))
        .node()
}

/// The provider, and where its calls go or why they cannot.
pub fn target(demo: Demo) -> Option<(ProviderId, Result<Url, UrlError>)> {
    demo.settings.with(|settings| {
        let id = settings.provider?;
        Some((id, settings.reach(id).map(|reach| reach.base_url)))
    })
}

/// What is wrong with the base URL; an empty one is only not there yet.
fn problem(demo: Demo) -> Option<String> {
    let given = demo.settings.with(|settings| settings.base_url.is_some());
    match target(demo)? {
        (_, Err(error)) if given => Some(words::live::base_url_is_wrong(&error.to_string())),
        _ => None,
    }
}

/// The host to accept by hand before a key goes there.
fn trap(demo: Demo) -> Option<Url> {
    let (id, url) = target(demo)?;
    url.ok().filter(|url| demo.must_accept(id, url))
}

fn trap_view(demo: Demo, url: Url) -> Node {
    let origin = url.origin().to_owned();
    let host = url.host().to_owned();
    let label = words::live::send_my_key(&host);
    el("div")
        .class("trap")
        .attr("role", "alert")
        .child(
            el("p")
                .child(words::live::TRAP_BEFORE_THE_HOST)
                .child(el("strong").child(host))
                .child(words::live::TRAP_AFTER_THE_HOST),
        )
        .child(button("", "accept", text(move || label.clone()), move || {
            demo.access.accepted.set(Some(origin.clone()));
        }))
        .node()
}

/// How many calls Run makes, and to whom.
fn bill(demo: Demo) -> String {
    let calls = demo.stage.with(|stage| stage.experiment.preset.pipeline.calls());
    let host = match target(demo) {
        Some((id, _)) if id.is_built_in() => words::live::OWN_MODEL.into(),
        Some((_, Ok(url))) => url.host().to_owned(),
        _ => words::live::THE_MODEL.into(),
    };
    let retries = demo.settings.with(|s| s.retries.unwrap_or(s.usual_retries()));
    let plan = match demo.settings.with(|settings| settings.schedule) {
        ScheduleChoice::Race => words::live::run_makes_both(2 * calls, &host, calls),
        ScheduleChoice::Parallel => words::live::run_makes_in_parallel(calls, &host),
        ScheduleChoice::Sequential => words::live::run_makes_in_sequence(calls, &host),
    };
    plan + &words::live::is_made_again(retries) + " " + &price(demo)
}

/// What Run will use and cost, as far as anyone can say.
fn price(demo: Demo) -> String {
    let Some((id, Ok(url))) = target(demo) else { return String::new() };
    let (runs, model, limit) = demo.settings.with(|settings| {
        let runs = if settings.schedule == ScheduleChoice::Race { 2 } else { 1 };
        let model = settings.model.clone().unwrap_or_else(|| id.model().to_owned());
        (runs, model, settings.max_tokens)
    });
    let one = demo.stage.with(|stage| stage.experiment.expected_usage());
    let calls = demo.stage.with(|stage| stage.experiment.preset.pipeline.calls() as u64);
    let most = limit.map_or(u64::MAX, |most| calls * u64::from(most.get()));
    let usage = Usage {
        input_tokens: runs * one.input_tokens,
        output_tokens: runs * one.output_tokens.min(most),
        thinking_tokens: 0,
    };
    let tokens = prices::roughly(usage.input_tokens + usage.output_tokens);
    let tokens = words::live::about_tokens(tokens);
    match prices::price(id, &model).filter(|_| id.owns(&url)) {
        Some(price) => {
            let sum = prices::dollars(prices::cost(usage, price));
            words::live::at_the_prices_of(&tokens, &sum, prices::AS_OF)
        }
        None if url.is_loopback() || id.is_built_in() => words::live::on_your_machine(&tokens),
        None => words::live::cost_unknown(&tokens),
    }
}

/// What will not go as the picture suggests.
fn good_to_know(demo: Demo) -> Vec<String> {
    let Some((id, Ok(url))) = target(demo) else { return Vec::new() };
    let settings = demo.settings.get();
    demo.stage.with(|stage| {
        let pipeline = stage.pipeline();
        let width = match settings.schedule {
            ScheduleChoice::Sequential => 1,
            _ => pipeline.branches().len().min(settings.parallel().width.get()),
        };
        let searches = pipeline.agents().iter().any(|agent| agent.searches());
        notes(id, &url, width, searches)
    })
}

/// The text of an optional setting.
fn setting(demo: Demo, of: fn(&Settings) -> &Option<String>) -> Signal<String> {
    text(move || demo.settings.with(|settings| of(settings).clone().unwrap_or_default()))
}

fn given(value: String) -> Option<String> {
    (!value.trim().is_empty()).then_some(value)
}

fn base_url(demo: Demo) -> Node {
    let value = setting(demo, |settings| &settings.base_url);
    let placeholder = text(move || {
        let own = demo.settings.with(|s| s.provider.map_or("", ProviderId::base_url));
        if own.is_empty() { "http://localhost:11434/v1" } else { own }.into()
    });
    let field = Field::new(words::live::BASE_URL, "base_url", value);
    Field { kind: "url", width: "field wide", placeholder, ..field }.view(move |value| {
        demo.access.from_address.set(false);
        demo.settings.update(|settings| settings.base_url = given(value));
    })
}

fn model(demo: Demo) -> Node {
    let value = setting(demo, |settings| &settings.model);
    let placeholder =
        text(move || demo.settings.with(|s| s.provider.map_or("", ProviderId::model)).into());
    Field { placeholder, list: Some(MODELS), ..Field::new(words::live::MODEL, "model", value) }
        .view(move |value| {
            demo.settings.update(|settings| settings.model = given(value));
        })
}

fn number(demo: Demo, Number { name, label, key, of, usual }: Number) -> Node {
    let value = text(move || demo.settings.with(of).map(decimal::short).unwrap_or_default());
    let placeholder = text(move || demo.settings.with(usual));
    let field = Field {
        label,
        width: "field narrow",
        eager: false,
        placeholder,
        ..Field::new(name, key, value)
    };
    field.view(setter(demo, key))
}
