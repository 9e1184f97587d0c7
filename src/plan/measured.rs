//! A run that was measured elsewhere, and what the same work takes under the other schedule.
//!
//! It is shown like a run of this page: its log is the file's. Which agent needs which is the file's own
//! word only in this page's trace files; in others it is inferred from time, so that the expected run
//! beside it repeats the measured order with a limit of one, or without the order that only time suggests.

use std::rc::Rc;

use super::{Kind, Plan, Planned};
use crate::config::{Experiment, Settings};
use crate::export;
use crate::import::pieces::Piece;
use crate::import::{Import, drop_in_parts};
use crate::llm::{ProviderId, prices};
use crate::model::Usage;
use crate::pipeline::PipelineError;
use crate::presets::Preset;
use crate::simulate::scripts_of;
use crate::state::State;
use crate::timeline::Timeline;
use crate::timeline::checkpoints::Checkpoints;
use crate::trace::Trace;
use crate::verdict::{Answer, Reason, Verdict};
use crate::words;

/// See the module.
pub struct Measured {
    /// Tells it from other runs on this page.
    pub number: u64,
    /// The name of its file.
    pub title: String,
    /// What was read: "OTLP, 14 spans, 4 agents, 2 notes".
    pub summary: String,
    /// Its token usage, and what that costs where the prices of all its models are known.
    pub tokens: Option<String>,
    /// What was odd in the file, a sentence each.
    pub notes: Vec<String>,
    /// Whether it was really parallel.
    pub verdict: Vec<Reason>,
    /// The schedule that it counts as.
    pub kind: Kind,
    /// What happened.
    pub log: Trace,
    /// The log read to its end, which takes long for a large one.
    pub at_end: Timeline,
    /// Where that can go back to.
    pub checkpoints: Checkpoints,
    /// What it takes to save it as a trace file.
    pub about: MeasuredBy,
    /// Whether it is this page's own trace file.
    pub is_own: bool,
    /// Whether the log has the turns that agents had on a thread.
    pub has_turns: bool,
    /// The settings that simulate it, or why none do.
    pub simulated: Result<Settings, String>,
    experiment: Rc<Experiment>,
    expected: Rc<Timeline>,
}

/// With which provider and model a run was measured, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasuredBy {
    /// The provider, or the format that the file has.
    pub provider: String,
    /// The model, where the file has one.
    pub model: Option<String>,
    /// When it began, as in `2026-11-22T10:00:00Z`.
    pub started: String,
}

impl Measured {
    /// A file that was read, under that name. `page` is what is set on the page. Awaits `pause` often.
    ///
    /// # Errors
    /// Where its order is no pipeline's.
    pub async fn of(
        mut import: Import,
        number: u64,
        title: String,
        page: &Settings,
        pause: impl AsyncFn(),
    ) -> Result<Self, PipelineError> {
        let overlapped = match import.could_overlap() {
            true => Some(import.overlapped_in_parts(&pause).await?),
            false => None,
        };
        let could_take = overlapped.as_ref().and_then(|run| import.could_take_by(run));
        let verdict = Verdict::of_import_with(&import, could_take);
        pause().await;
        let is_sequential = match &import.own {
            Some(own) => own.schedule.width == Some(1),
            None => verdict.answer == Answer::Sequential,
        };
        let verdict = verdict.reasons();
        let (kind, expected) = match (is_sequential, overlapped) {
            (true, Some(overlapped)) => (Kind::Sequential, overlapped),
            (true, None) => (Kind::Sequential, import.overlapped_in_parts(&pause).await?),
            (false, _) => (Kind::Parallel, import.sequential_in_parts(&pause).await?),
        };
        if kind == Kind::Sequential && import.own.is_none() {
            import.loosen_in_parts(&expected, &pause).await;
        }
        let agents = import.pipeline.agents().len();
        let (at_end, checkpoints) = Checkpoints::at_end_in_parts(&import.log, agents, &pause).await;
        let simulated = simulated(&import, page);
        let mut inputs = State::new();
        let given = import.own.iter().flat_map(|own| &own.pipeline.given);
        given.for_each(|(key, text)| inputs.set(key.clone(), text.clone()));
        let own = import.own.as_deref();
        let model = import.pieces.iter().find_map(|piece| piece.model.clone());
        let about = MeasuredBy {
            provider: own.map_or(import.format.as_str().into(), |own| own.provider.clone()),
            model: own.map_or(model, |own| own.model.clone()),
            started: import.started.clone(),
        };
        pause().await;
        let (summary, tokens) = (import.summary(), tokens(&import.pieces));
        let (notes, is_own) = (import.notes(), own.is_some());
        pause().await;
        let scripts = scripts_of(&at_end);
        let has_turns = !at_end.polls().is_empty();
        drop_in_parts(import.pieces, &pause).await;
        let preset = Preset {
            id: simulated.as_ref().unwrap_or(page).preset,
            title: title.clone(),
            topic: "",
            source: "The latencies were measured elsewhere.",
            pipeline: import.pipeline,
            scripts: scripts.clone(),
        };
        Ok(Self {
            number,
            summary,
            tokens,
            notes,
            verdict,
            kind,
            about,
            is_own,
            has_turns,
            simulated,
            experiment: Rc::new(Experiment { scripts, preset: Rc::new(preset), inputs }),
            expected: Rc::new(expected),
            log: import.log,
            at_end,
            checkpoints,
            title,
        })
    }

    /// The names of its agents, by place.
    pub fn agents(&self) -> Vec<String> {
        let agents = self.experiment.preset.pipeline.agents();
        agents.iter().map(|agent| agent.name.clone()).collect()
    }
}

fn tokens(pieces: &[Piece]) -> Option<String> {
    let price = |model: &str| ProviderId::ALL.iter().find_map(|id| prices::price(*id, model));
    let used = || pieces.iter().filter_map(|piece| Some((piece.usage?, piece.model.as_deref())));
    used().next()?;
    let sum =
        |of: fn(&Usage) -> u64| used().fold(0, |sum, (usage, _)| of(&usage).saturating_add(sum));
    let costs = used().map(|(usage, model)| Some(prices::cost(usage, price(model?)?)));
    let cost = costs.sum::<Option<f64>>().map(prices::dollars);
    let (input, output) = (sum(|usage| usage.input_tokens), sum(|usage| usage.output_tokens));
    Some(words::import::tokens(&input.to_string(), &output.to_string(), cost.as_deref()))
}

/// The settings under which the page runs the same pipeline, each agent as long as it was measured.
fn simulated(import: &Import, page: &Settings) -> Result<Settings, String> {
    if let Some(own) = &import.own {
        return export::settings(own, &import.pipeline).map_err(|error| error.to_string());
    }
    let edited = import.edited()?;
    let mut settings = page.clone();
    settings.choose(page.preset);
    settings.edited = Some(edited);
    settings.provider = None;
    Ok(settings)
}

impl Plan {
    /// What the stage shows of a measured run: its log, and the other schedule as it is expected.
    pub fn of_measured(settings: &Settings, measured: Rc<Measured>) -> Self {
        let planned = |kind: Kind| Planned {
            kind,
            schedule: kind.schedule(settings, &measured.experiment.preset.pipeline),
            expected: (kind != measured.kind).then(|| measured.expected.clone()),
            is_due: false,
            is_plain: false,
        };
        let lineup = vec![planned(Kind::Sequential), planned(Kind::Parallel)];
        let experiment = measured.experiment.clone();
        let (settings, injected) = (settings.clone(), Vec::new());
        Self { settings, experiment, lineup, measured: Some(measured), injected }
    }

    /// The place of the run that is told step by step: the one that took place, where only one did.
    pub fn told(&self) -> usize {
        let measured = self.measured.as_ref().and_then(|measured| self.place(measured.kind));
        measured.unwrap_or_else(|| self.shown())
    }
}
