//! The page's furniture: its head, the question, and the settings.

use super::dom::{Node, Nodes, el, svg};

use super::demo::Demo;
use super::export::export_button;
use super::fault::fault;
use super::rest::{Place, later};
use super::share::share_button;
use super::snippet::embed_button;
use super::tour::tour_button;
use super::ui::{Choice, Field, button, menu, shown, text};
use crate::config::{SIMULATED, ScheduleChoice, Settings, Theme};
use crate::decimal;
use crate::engine::OnFailure;
use crate::llm::ProviderId;
use crate::presets::{LESSONS, PresetId};
use crate::words;

/// The name, the theme and a link to this very state.
pub fn header(demo: Demo) -> Node {
    let theme = move || demo.settings.with(|settings| settings.theme);
    let next_theme = move || {
        let at = Theme::ALL.iter().position(|choice| *choice == theme()).unwrap_or_default();
        let next = Theme::ALL[(at + 1) % Theme::ALL.len()];
        demo.settings.update(|settings| settings.theme = next);
    };
    el("header")
        .class("masthead")
        .child(
            el("p")
                .class("brand")
                .child(
                    svg("svg")
                        .attr("viewBox", "0 0 32 32")
                        .attr("width", "28")
                        .attr("height", "28")
                        .attr("aria-hidden", "true")
                        .child(
                            svg("path")
                                .attr("d", "M3 6c10 0 10 10 20 10M3 16h20M3 26c10 0 10-10 20-10")
                                .attr("fill", "none")
                                .attr("stroke", "currentColor")
                                .attr("stroke-width", "2.6")
                                .attr("stroke-linecap", "round"),
                        )
                        .child(
                            svg("circle")
                                .attr("cx", "25")
                                .attr("cy", "16")
                                .attr("r", "4.5")
                                .attr("fill", "currentColor"),
                        ),
                )
                .child(words::page::CONVERGE),
        )
        .child(el("p").class("tagline").child(words::page::TAGLINE))
        .child(
            el("div")
                .class("masthead-actions")
                .child(button(
                    "quiet",
                    "theme",
                    text(move || words::page::theme(words::called(theme().word()))),
                    next_theme,
                ))
                .child(tour_button(demo))
                .child(share_button(demo))
                .child(embed_button(demo))
                .child(export_button(demo)),
        )
        .node()
}

/// The question, and the settings that decide what it is about and who answers.
pub fn opening(demo: Demo) -> Node {
    let settings = demo.settings;
    let question = text(move || demo.stage.with(|stage| stage.experiment.preset.question.clone()));
    let is_live = move || settings.with(|settings| settings.provider.is_some());
    el("section")
        .class("opening")
        .attr("aria-labelledby", "question")
        .child(el("h1").attr("id", "question").child(question))
        .child(
            el("div")
                .class("settings")
                .child(preset_menu(demo))
                .child(branches(demo))
                .child(provider_menu(demo))
                .child(topic(demo)),
        )
        .child(shown(is_live, move || later(demo, Place::Live)))
        .child(later(demo, Place::Picture))
        .node()
}

/// The settings that decide how it runs, and where the figures come from. Below the race, so that
/// the race is what a reader meets first.
pub fn conditions(demo: Demo) -> Node {
    let source = text(move || {
        if demo.settings.with(|settings| settings.provider.is_some()) {
            return String::new();
        }
        demo.stage.with(|stage| {
            let source = stage.experiment.preset.source;
            words::controls::simulated(source)
        })
    });
    el("section")
        .class("conditions")
        .attr("aria-label", words::controls::LAB)
        .child(
            el("div")
                .class("settings")
                .child(schedule_menu(demo))
                .child(limit(demo))
                .child(fault(demo))
                .child(failure_menu(demo))
                .child(retries(demo))
                .child(run_timeout(demo)),
        )
        .child(lessons(demo))
        .child(el("p").class("fine").child(source))
        .node()
}

/// Takes over a value that a control has to offer. An empty one is the default, where there is one.
pub fn setter(demo: Demo, key: &'static str) -> impl Fn(String) + Copy + 'static {
    move |value| {
        demo.settings.update(|settings| {
            if value.trim().is_empty() {
                settings.unset(key);
            }
            // Controls offer nothing that makes no sense; a field that a person typed nonsense
            // into shows again what still holds.
            settings.set(key, &value);
        });
    }
}

fn preset_menu(demo: Demo) -> Node {
    let settings = demo.settings;
    let choices = PresetId::ALL
        .into_iter()
        .map(|preset| {
            let selected = move || settings.with(|settings| settings.preset == preset);
            Choice::new(preset.id(), preset.label(), selected)
        })
        .collect();
    menu(words::controls::PRESET, "preset", choices, move |value| {
        if let Some(preset) = PresetId::find(&value) {
            settings.update(|settings| settings.choose(preset));
        }
    })
}

fn branches(demo: Demo) -> Node {
    let settings = demo.settings;
    shown(
        move || settings.with(|settings| settings.preset == PresetId::Fanout),
        move || {
            let n = text(move || settings.with(|settings| settings.n.to_string()));
            let field = Field::new(words::controls::BRANCHES, "n", n);
            Field { kind: "number", width: "field narrow", eager: false, ..field }
                .view(setter(demo, "n"))
        },
    )
}

fn topic(demo: Demo) -> Node {
    let usual = move || demo.stage.with(|stage| stage.experiment.preset.topic);
    let topic = text(move || {
        let own = demo.settings.with(|settings| settings.topic.clone());
        own.unwrap_or_else(|| usual().into())
    });
    Field { width: "field wide", ..Field::new(words::controls::TOPIC, "topic", topic) }.view(
        move |value| {
            // Not trimmed: the next word is still to come.
            let own = (value != usual()).then_some(value);
            demo.settings.update(|settings| settings.topic = own);
        },
    )
}

fn provider_menu(demo: Demo) -> Node {
    let settings = demo.settings;
    let simulated = Choice::new(SIMULATED, words::controls::SIMULATED, move || {
        settings.with(|settings| settings.provider.is_none())
    });
    let live = ProviderId::ALL.into_iter().map(|id| {
        let selected = move || settings.with(|settings| settings.provider == Some(id));
        Choice::new(id.name(), id.label(), selected)
    });
    let choices = std::iter::once(simulated).chain(live).collect();
    menu(words::controls::PROVIDER, "provider", choices, move |value| demo.choose_provider(&value))
}

fn schedule_menu(demo: Demo) -> Node {
    let choices = (ScheduleChoice::ALL.iter())
        .map(|choice| {
            let selected = move || demo.settings.with(|settings| settings.schedule == *choice);
            let label = match choice {
                ScheduleChoice::Race => words::controls::RACE,
                ScheduleChoice::Sequential => words::controls::SEQUENTIAL,
                ScheduleChoice::Parallel => words::controls::PARALLEL,
            };
            Choice::new(choice.word(), label, selected)
        })
        .collect();
    menu(words::controls::SCHEDULE, "schedule", choices, setter(demo, "schedule"))
}

fn limit(demo: Demo) -> Node {
    let value = text(move || {
        demo.settings.with(|s| s.limit.map(|limit| limit.to_string()).unwrap_or_default())
    });
    let field = Field {
        kind: "number",
        width: "field narrow",
        placeholder: text(|| words::controls::NO_LIMIT.into()),
        eager: false,
        ..Field::new(words::controls::LIMIT, "limit", value)
    };
    field.view(move |value| {
        demo.settings.update(|settings| settings.limit = value.trim().parse().ok());
    })
}

/// How often an agent is asked again; empty for the usual.
fn retries(demo: Demo) -> Node {
    let value = text(move || {
        demo.settings.with(|s| s.retries.map(|retries| retries.to_string()).unwrap_or_default())
    });
    let usual = text(move || demo.settings.with(Settings::usual_retries).to_string());
    let field = Field {
        kind: "number",
        width: "field narrow",
        placeholder: usual,
        eager: false,
        ..Field::new(words::controls::RETRIES, "retries", value)
    };
    field.view(setter(demo, "retries"))
}

/// How long the whole run may take.
fn run_timeout(demo: Demo) -> Node {
    let value = text(move || {
        let longest = demo.settings.with(|settings| settings.run_timeout);
        longest.map(|longest| decimal::short(longest.as_secs_f64())).unwrap_or_default()
    });
    let field = Field {
        label: words::controls::RUN_AT_MOST_LABEL,
        width: "field narrow",
        placeholder: text(|| words::controls::ANY_TIME.into()),
        eager: false,
        ..Field::new(words::controls::RUN_AT_MOST, "run_timeout", value)
    };
    field.view(setter(demo, "run_timeout"))
}

/// What the article's formula teaches, one click each.
fn lessons(demo: Demo) -> Node {
    let buttons = LESSONS.map(|(name, address)| {
        button("quiet lesson", "lessons", text(move || name.into()), move || {
            let (lesson, _) = Settings::read("", address);
            demo.choose_provider(SIMULATED);
            demo.settings.update(|settings| {
                settings.preset = lesson.preset;
                settings.edited = None;
                settings.n = lesson.n;
                settings.latency = lesson.latency;
                settings.topic = None;
                settings.fail.clear();
                settings.limit = None;
                settings.schedule = ScheduleChoice::Race;
            });
        })
    });
    el("div")
        .class("lessons")
        .attr("role", "group")
        .attr("aria-label", words::controls::LESSONS)
        .child(el("span").child(words::controls::TRY))
        .child(buttons.into_iter().nodes())
        .node()
}

fn failure_menu(demo: Demo) -> Node {
    let choice = |policy: OnFailure| {
        let selected = move || demo.settings.with(|settings| settings.on_failure() == policy);
        Choice::new(policy.word(), policy.label(), selected)
    };
    let choices = OnFailure::ALL.map(choice).into_iter().collect();
    menu(words::controls::WHEN_A_BRANCH_FAILS, "on_error", choices, setter(demo, "on_error"))
}

/// What the page promises.
pub fn footer() -> Node {
    el("footer")
        .class("colophon")
        .child(
            el("p").child(words::page::COMPUTED_FROM_THE_LOG).child(words::page::NO_OTHER_REQUEST),
        )
        .child(
            el("p")
                .child(words::page::FOR_AUTHORS_BEFORE_THE_LINK)
                .child(el("a").attr("href", "article.html").child(words::page::AN_ARTICLE))
                .child(words::page::FOR_AUTHORS_AFTER_THE_LINK),
        )
        .node()
}
