//! What went wrong, a card for each agent that failed on a live model, and the way to its cause.
//!
//! What a card says comes from [`llm::doctor`](crate::llm::doctor); here are the page's own facts for
//! it. Simulated failures are made on purpose, so that they get no card.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::keys::outside;
use super::ui::{button, flag, part, text};
use crate::llm::doctor::{Case, Context, Diagnosis, Probe, diagnose};
use crate::llm::{ProviderId, Url};
use crate::model::ModelError;
use crate::trace::Outcome;
use crate::web::{fetch, page};

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
    pub fn context(&self, probe: Probe) -> Context {
        Context {
            id: self.id,
            base_url: Some(self.base_url.clone()),
            model: self.model.clone(),
            page_origin: page::origin(),
            page_is_https: page::is_https(),
            in_iframe: page::in_iframe(),
            online: page::online(),
            probe,
            key_is_empty: self.key_is_empty,
        }
    }
}

/// An agent that failed.
#[derive(Clone, PartialEq)]
struct Failed {
    agent: String,
    /// Its own model, if it wants one.
    model: Option<String>,
    /// The schedule, where there are several.
    schedule: Option<&'static str>,
    error: ModelError,
}

/// The cards of all schedules; nothing where nothing has failed.
pub fn doctor(demo: Demo) -> AnyView {
    let failed = Memo::new(move |_| failed(demo));
    let called = Memo::new(move |_| demo.called());
    Effect::new(move || {
        let lost = failed.with(|failed| {
            failed.iter().find(|f| matches!(f.error, ModelError::Unreachable { .. })).cloned()
        });
        if let (Some(lost), Some(called)) = (lost, demo.access.called.get())
            && demo.settings.with_untracked(|settings| settings.provider.is_some())
            && demo.access.probe.get_untracked() == Probe::NotTried
        {
            spawn_local(async move {
                let probe = demo.probe(&lost.error, &called).await;
                // Another run may have begun since.
                if demo.access.called.get_untracked().as_ref() == Some(&called) {
                    demo.access.probe.set(probe);
                }
            });
        }
    });
    let cards = part(move || {
        let Some(called) = called.get() else { return ().into_any() };
        let probe = demo.access.probe.get();
        let all = failed.get();
        let more = all.len().saturating_sub(MOST_CARDS);
        let cards = all.into_iter().take(MOST_CARDS).map(|failed| {
            let context = called.context(probe);
            let context = Context { model: failed.model.unwrap_or(context.model), ..context };
            let who = match failed.schedule {
                Some(schedule) => format!("{}, {schedule}", failed.agent),
                None => failed.agent,
            };
            card(demo, Some(who), diagnose(&failed.error, &context))
        });
        let more = (more > 0)
            .then(|| view! { <p class="fine">{format!("{more} more agents failed.")}</p> });
        view! { <div class="doctor-cards">{cards.collect_view()}</div> {more} }.into_any()
    });
    let there = Memo::new(move |_| {
        called.with(Option::is_some) && failed.with(|failed| !failed.is_empty())
    });
    view! {
        {outside(demo)}
        <section class="doctor" aria-labelledby="doctor-title" hidden=flag(move || !there.get())>
            <h2 id="doctor-title">"What went wrong"</h2>
            {cards}
        </section>
    }
    .into_any()
}

fn failed(demo: Demo) -> Vec<Failed> {
    demo.stage.with(|stage| {
        demo.frame.with(|frame| {
            let several = stage.lineup.len() > 1;
            let runs = stage.lineup.iter().zip(&frame.timelines);
            let all = runs.flat_map(|(planned, timeline)| {
                let lanes = timeline.lanes().iter().zip(stage.pipeline().agents());
                lanes.filter_map(move |(lane, agent)| match &lane.ended {
                    Some((_, Outcome::Failed(error))) => Some(Failed {
                        agent: agent.name.clone(),
                        model: agent.model.clone(),
                        schedule: several.then(|| planned.kind.word()),
                        error: error.clone(),
                    }),
                    _ => None,
                })
            });
            all.collect()
        })
    })
}

/// One diagnosis, under the name of whom it is about.
pub fn card(demo: Demo, who: Option<String>, diagnosis: Diagnosis) -> AnyView {
    let Diagnosis { title, happened, side, advice, line_to_copy, .. } = diagnosis;
    let line = line_to_copy.map(|line| {
        let copied = line.clone();
        let copy = move || {
            let note = match page::copy(&copied) {
                true => "The line is in the clipboard.",
                false => "This browser does not let the page copy: select the line instead.",
            };
            demo.notice.set(Some(note.into()));
        };
        view! {
            <p class="doctor-line">
                <code>{line}</code>
                {button("quiet", "copy", text(|| "Copy".into()), copy)}
            </p>
        }
        .into_any()
    });
    let who = who.map(|who| view! { <p class="doctor-who">{who}</p> }.into_any());
    view! {
        <article class="doctor-card">
            {who}
            <h3>{title}</h3>
            <p class="doctor-happened">{happened}</p>
            <p>{side.words()}</p>
            <p>{advice}</p>
            {line}
        </article>
    }
    .into_any()
}

impl Demo {
    /// Whom the runs on screen have called; of a run that is over since long, whom its settings
    /// name.
    pub fn called(self) -> Option<Called> {
        let id = self.settings.with(|settings| settings.provider)?;
        self.access.called.get().or_else(|| {
            self.settings.with(|settings| {
                let base_url = settings.base_url.as_deref().unwrap_or_default();
                let model = settings.model.as_deref().unwrap_or_default();
                let reach = id.settings(base_url, model, None).ok()?;
                let (base_url, model) = (reach.base_url, reach.model);
                Some(Called { id, base_url, model, key_is_empty: false })
            })
        })
    }

    /// Knocks at a server that a call has not reached, where that can tell more. It brings nothing:
    /// no key and no content.
    pub async fn probe(self, error: &ModelError, called: &Called) -> Probe {
        let case = diagnose(error, &called.context(Probe::NotTried)).case;
        let tells = matches!(case, Case::Unreachable | Case::LocalNetwork);
        if !tells || self.must_accept(called.id, &called.base_url) {
            return Probe::NotTried;
        }
        match fetch::answers(called.base_url.origin()).await {
            true => Probe::Reached,
            false => Probe::NotReached,
        }
    }
}
