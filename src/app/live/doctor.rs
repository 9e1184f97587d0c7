//! What went wrong, a card for each agent that failed on a live model, and the way to its cause.
//!
//! What a card says comes from [`llm::doctor`](crate::llm::doctor). Simulated failures are made on
//! purpose, so that they get no card.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::standalone::StandaloneLink;
use crate::app::kit::Button;
use crate::app::state::{LiveState, PlanState, PlayheadState, SettingsState};
use crate::llm::doctor::{Context, Diagnosis, Probe, diagnose};
use crate::model::ModelError;
use crate::pipeline::{Agent, Work};
use crate::plan::{Frame, Plan};
use crate::timeline::{Lane, sentences};
use crate::trace::Outcome;
use crate::web::page;
use crate::words;

/// More cards than these tell nothing new.
const MOST_CARDS: usize = 12;

/// An agent that failed, or the run as a whole.
#[derive(Clone, PartialEq)]
struct Failure {
    /// What failed, by name.
    name: String,
    /// The agent's own model, if it has one.
    model: Option<String>,
    /// The schedule, where there are several.
    schedule: Option<&'static str>,
    error: ModelError,
    /// Why it was not tried again.
    gave_up: Option<String>,
}

/// What has failed, as far as the playhead shows.
fn failures(plan: &Plan, frame: &Frame) -> Vec<Failure> {
    let several = plan.lineup.len() > 1;
    let runs = plan.lineup.iter().zip(&frame.timelines);
    let all = runs.flat_map(|(planned, timeline)| {
        let schedule = several.then(|| words::display_name(planned.kind.as_str()));
        let lanes = timeline.lanes().iter().zip(plan.pipeline().agents());
        let agents = lanes.filter_map(move |(lane, agent)| match &lane.ended {
            Some((_, Outcome::Failed(error) | Outcome::FellBack(error))) => Some(Failure {
                name: agent.name.clone(),
                model: agent.model.clone(),
                schedule,
                error: error.clone(),
                gave_up: sentences::gave_up(lane),
            }),
            _ => None,
        });
        // Of the ways in which a run fails, only this one is not an agent's.
        let run = match &timeline.run().ended {
            Some((_, Outcome::Failed(error @ ModelError::RunTooLong { .. }))) => Some(Failure {
                name: "The run".into(),
                model: None,
                schedule,
                error: error.clone(),
                gave_up: None,
            }),
            _ => None,
        };
        agents.chain(run)
    });
    all.collect()
}

/// Whether the server that the runs on screen call has said anything that could be read.
fn has_answered(plan: &Plan, frame: &Frame) -> bool {
    let agents = plan.pipeline().agents();
    let was_answered =
        |(lane, agent): (&Lane, &Agent)| agent.work == Work::Model && lane.was_answered();
    let mut runs = frame.timelines.iter();
    runs.any(|timeline| timeline.lanes().iter().zip(agents).any(was_answered))
}

/// The cards of all schedules; nothing where nothing has failed. In a figure, the way to the page
/// itself as well.
#[component]
pub fn Doctor() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    let plan = expect_context::<PlanState>().current;
    let frame = expect_context::<PlayheadState>().frame;
    let failures = Memo::new(move |_| plan.with(|plan| frame.with(|frame| failures(plan, frame))));
    let has_answered =
        Memo::new(move |_| plan.with(|plan| frame.with(|frame| has_answered(plan, frame))));
    let called = Memo::new(move |_| live.called_server());
    probe_what_was_lost(failures, has_answered);
    let has_cards = Memo::new(move |_| {
        called.with(Option::is_some) && failures.with(|failures| !failures.is_empty())
    });
    let is_live_figure = move || settings.with(|s| s.embed && s.provider.is_some());
    let cards = move || {
        let called = called.get()?;
        let probe = live.probe.get();
        let has_answered = has_answered.get();
        let all = failures.get();
        let more = all.len().saturating_sub(MOST_CARDS);
        let cards = all.into_iter().take(MOST_CARDS).map(|failed: Failure| {
            let context = called.context(probe, has_answered);
            let context = Context { model: failed.model.unwrap_or(context.model), ..context };
            let who = match failed.schedule {
                Some(schedule) => format!("{}, {schedule}", failed.name),
                None => failed.name,
            };
            let diagnosis = diagnose(&failed.error, &context);
            view! { <DiagnosisCard who gave_up=failed.gave_up diagnosis /> }
        });
        let cards = cards.collect_view();
        let more =
            (more > 0).then(|| view! { <p class="fine">{words::doctor::more_failed(more)}</p> });
        Some(view! {
            <div class="doctor-cards">{cards}</div>
            {more}
        })
    };
    view! {
        <Show when=is_live_figure>
            <StandaloneLink />
        </Show>
        <section class="doctor" aria-labelledby="doctor-title" hidden=move || !has_cards.get()>
            <h2 id="doctor-title">"What went wrong"</h2>
            {cards}
        </section>
    }
}

/// Knocks at a server that was not reached, once a run, so that a card can say whose fault it is.
fn probe_what_was_lost(failures: Memo<Vec<Failure>>, has_answered: Memo<bool>) {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    Effect::new(move |_| {
        let lost = failures.with(|failures| {
            failures.iter().find(|f| matches!(f.error, ModelError::Unreachable { .. })).cloned()
        });
        if let (Some(lost), Some(called)) = (lost, live.last_called.get())
            && settings.with_untracked(|settings| settings.provider.is_some())
            && live.probe.get_untracked() == Probe::NotTried
        {
            spawn_local(async move {
                let has_answered = has_answered.try_get_untracked().unwrap_or_default();
                let probe = live.knock(&lost.error, &called, has_answered).await;
                // Another run may have begun since.
                if live.last_called.get_untracked().as_ref() == Some(&called) {
                    live.probe.set(probe);
                }
            });
        }
    });
}

/// One diagnosis, under the name of the agent that it is about.
#[component]
pub fn DiagnosisCard(
    #[prop(optional)] who: Option<String>,
    /// Why the call was not tried again.
    #[prop(optional_no_strip)]
    gave_up: Option<String>,
    diagnosis: Diagnosis,
) -> impl IntoView {
    let Diagnosis { title, happened, side, advice, line_to_copy, .. } = diagnosis;
    view! {
        <article class="doctor-card">
            {who.map(|who| view! { <p class="doctor-who">{who}</p> })} <h3>{title}</h3>
            <p class="doctor-happened">{happened}</p> {gave_up.map(|why| view! { <p>{why}</p> })}
            <p>{side.words()}</p> <p>{advice}</p>
            {line_to_copy.map(|line| view! { <LineToCopy line /> })}
        </article>
    }
}

#[component]
fn LineToCopy(line: String) -> impl IntoView {
    let notice = expect_context::<SettingsState>().notice;
    let copied = line.clone();
    let copy = move |_| {
        let note = match page::copy(&copied) {
            true => "The line is in the clipboard.",
            false => "This browser does not let the page copy: select the line instead.",
        };
        notice.set(Some(note.into()));
    };
    view! {
        <p class="doctor-line">
            <code>{line}</code>
            <Button class="quiet" control="copy" on_click=copy>
                "Copy"
            </Button>
        </p>
    }
}
