//! What went wrong, a card for each agent that failed on a live model, and the way to its cause.
//!
//! What a card says comes from [`llm::doctor`](crate::llm::doctor); here are the page's own facts for
//! it. Simulated failures are made on purpose, so that they get no card.

use super::dom::{Node, Nodes, el, nothing};
use super::signals::{Memo, effect};
use leptos::prelude::untrack;
use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::keys::outside;
use super::ui::{button, flag, part, text};
use crate::llm::doctor::{Case, Context, Diagnosis, Probe, diagnose};
use crate::llm::{ProviderId, Url};
use crate::model::ModelError;
use crate::pipeline::{Agent, Work};
use crate::timeline::{Lane, sentences};
use crate::trace::Outcome;
use crate::web::{fetch, page};
use crate::words;

/// More cards than these tell nothing new.
const MOST_CARDS: usize = 12;

/// Whom a run has called. The fields may say something else since.
#[derive(Clone, Debug, PartialEq)]
pub struct Called {
    /// The API.
    pub id: ProviderId,
    /// Its address.
    pub base_url: Url,
    /// The model of all agents that want no other.
    pub model: String,
    /// Whether it went without a key.
    pub key_is_empty: bool,
}

impl Called {
    /// What the doctor needs to know of such a call besides its error.
    /// `has_answered`: whether it has said something to this page before.
    pub fn context(&self, probe: Probe, has_answered: bool) -> Context {
        Context {
            id: self.id,
            base_url: Some(self.base_url.clone()),
            model: self.model.clone(),
            page_origin: page::origin(),
            page_is_https: page::is_https(),
            in_iframe: page::in_iframe(),
            on_windows: page::on_windows(),
            online: page::online(),
            probe,
            key_is_empty: self.key_is_empty,
            has_answered,
        }
    }
}

/// An agent that failed, or the run as a whole.
#[derive(Clone, PartialEq)]
struct Failed {
    who: String,
    /// Its own model, if it wants one.
    model: Option<String>,
    /// The schedule, where there are several.
    schedule: Option<&'static str>,
    error: ModelError,
    /// Why nobody tried again.
    gave_up: Option<String>,
}

/// The cards of all schedules; nothing where nothing has failed.
pub fn doctor(demo: Demo) -> Node {
    let failed = Memo::new(move |_| failed(demo));
    let has_answered = Memo::new(move |_| demo.has_answered());
    let called = Memo::new(move |_| demo.called());
    effect(move || {
        let lost = failed.with(|failed| {
            failed.iter().find(|f| matches!(f.error, ModelError::Unreachable { .. })).cloned()
        });
        if let (Some(lost), Some(called)) = (lost, demo.access.called.get())
            && demo.settings.with_untracked(|settings| settings.provider.is_some())
            && demo.access.probe.get_untracked() == Probe::NotTried
        {
            spawn_local(async move {
                let has_answered = has_answered.get_untracked();
                let probe = demo.probe(&lost.error, &called, has_answered).await;
                // Another run may have begun since.
                if demo.access.called.get_untracked().as_ref() == Some(&called) {
                    demo.access.probe.set(probe);
                }
            });
        }
    });
    let cards = part(move || {
        let Some(called) = called.get() else { return nothing() };
        let probe = demo.access.probe.get();
        let all = failed.get();
        let more = all.len().saturating_sub(MOST_CARDS);
        let cards = all.into_iter().take(MOST_CARDS).map(|failed| {
            let context = called.context(probe, has_answered.get());
            let context = Context { model: failed.model.unwrap_or(context.model), ..context };
            let who = match failed.schedule {
                Some(schedule) => format!("{}, {schedule}", failed.who),
                None => failed.who,
            };
            card(demo, Some(who), failed.gave_up, diagnose(&failed.error, &context))
        });
        let more =
            (more > 0).then(|| el("p").class("fine").child(words::doctor::more_failed(more)));
        (el("div").class("doctor-cards").child(cards.nodes()), more).into()
    });
    let there = Memo::new(move |_| {
        called.with(Option::is_some) && failed.with(|failed| !failed.is_empty())
    });
    (
        outside(demo),
        el("section")
            .class("doctor")
            .attr("aria-labelledby", "doctor-title")
            .attr("hidden", flag(move || !there.get()))
            .child(el("h2").attr("id", "doctor-title").child(words::doctor::TITLE))
            .child(cards),
    )
        .into()
}

fn failed(demo: Demo) -> Vec<Failed> {
    demo.stage.with(|stage| {
        demo.frame.with(|frame| {
            let several = stage.lineup.len() > 1;
            let runs = stage.lineup.iter().zip(&frame.timelines);
            let all = runs.flat_map(|(planned, timeline)| {
                let schedule = several.then(|| words::called(planned.kind.word()));
                let lanes = timeline.lanes().iter().zip(stage.pipeline().agents());
                let agents = lanes.filter_map(move |(lane, agent)| match &lane.ended {
                    Some((_, Outcome::Failed(error) | Outcome::FellBack(error))) => Some(Failed {
                        who: agent.name.clone(),
                        model: agent.model.clone(),
                        schedule,
                        error: error.clone(),
                        gave_up: sentences::gave_up(lane),
                    }),
                    _ => None,
                });
                // Its time being up is nobody's failure but its own.
                let run = match &timeline.run().ended {
                    Some((_, Outcome::Failed(error @ ModelError::RunTooLong { .. }))) => {
                        Some(Failed {
                            who: words::doctor::THE_RUN.into(),
                            model: None,
                            schedule,
                            error: error.clone(),
                            gave_up: None,
                        })
                    }
                    _ => None,
                };
                agents.chain(run)
            });
            all.collect()
        })
    })
}

/// One diagnosis, under the name of whom it is about.
pub fn card(
    demo: Demo,
    who: Option<String>,
    gave_up: Option<String>,
    diagnosis: Diagnosis,
) -> Node {
    let Diagnosis { title, happened, side, advice, line_to_copy, .. } = diagnosis;
    let line = line_to_copy.map(|line| {
        let copied = line.clone();
        let copy = move || {
            let note = match page::copy(&copied) {
                true => words::doctor::COPIED,
                false => words::doctor::CANNOT_COPY,
            };
            demo.notice.set(Some(note.into()));
        };
        el("p")
            .class("doctor-line")
            .child(el("code").child(line))
            .child(button("quiet", "copy", text(|| words::doctor::COPY.into()), copy))
            .node()
    });
    let who = who.map(|who| el("p").class("doctor-who").child(who).node());
    el("article")
        .class("doctor-card")
        .child(who)
        .child(el("h3").child(title))
        .child(el("p").class("doctor-happened").child(happened))
        .child(gave_up.map(|why| el("p").child(why).node()))
        .child(el("p").child(side.words()))
        .child(el("p").child(advice))
        .child(line)
        .node()
}

impl Demo {
    /// Whom the runs on screen have called; of a run that is over since long, whom its settings
    /// name.
    pub fn called(self) -> Option<Called> {
        let id = self.settings.with(|settings| settings.provider)?;
        self.access.called.get().or_else(|| {
            self.settings.with(|settings| {
                let reach = settings.reach(id).ok()?;
                let (base_url, model) = (reach.base_url, reach.model);
                Some(Called { id, base_url, model, key_is_empty: false })
            })
        })
    }

    /// Whether the server that the runs on screen call has said anything that could be read.
    fn has_answered(self) -> bool {
        self.stage.with(|stage| {
            let agents = stage.pipeline().agents();
            let asks =
                |(lane, agent): (&Lane, &Agent)| agent.work == Work::Model && lane.was_answered();
            self.frame.with(|frame| {
                let mut runs = frame.timelines.iter();
                runs.any(|timeline| timeline.lanes().iter().zip(agents).any(asks))
            })
        })
    }

    /// Knocks at a server that a call has not reached, where that can tell more. It brings nothing:
    /// no key and no content.
    pub async fn probe(self, error: &ModelError, called: &Called, has_answered: bool) -> Probe {
        let case = diagnose(error, &called.context(Probe::NotTried, has_answered)).case;
        let tells = matches!(case, Case::Unreachable | Case::LocalNetwork | Case::ConnectionLost);
        let is_strange = untrack(|| self.must_accept(called.id, &called.base_url));
        if !tells || is_strange {
            return Probe::NotTried;
        }
        match fetch::answers(called.base_url.origin()).await {
            true => Probe::Reached,
            false => Probe::NotReached,
        }
    }
}
