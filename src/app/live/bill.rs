//! What the page says before a run spends anything. Fixed by the settings and the plan alone.

use std::num::NonZeroUsize;

use crate::config::{Asked, ScheduleChoice, Settings, expected_cost};
use crate::llm::notes::notes;
use crate::llm::{ProviderId, prices};
use crate::plan::Plan;
use crate::timeline::crowd::grouped;
use crate::words;

/// How many calls Run makes, and to whom.
pub fn bill(settings: &Settings, plan: &Plan) -> String {
    let calls = plan.experiment.preset.pipeline.calls();
    let host = match settings.target() {
        Some((id, _)) if id.is_built_in() => words::live::OWN_MODEL.into(),
        Some((_, Ok(url))) => url.host().to_owned(),
        _ => "the model".into(),
    };
    let retries = settings.retries.unwrap_or(settings.usual_retries());
    let run = match settings.schedule {
        ScheduleChoice::Race => words::live::run_makes_both(2 * calls, &host, calls),
        ScheduleChoice::Parallel => words::live::run_makes_in_parallel(calls, &host),
        ScheduleChoice::Sequential => words::live::run_makes_in_sequence(calls, &host),
    };
    run + &price(settings, plan) + &words::live::retries(retries) + &models(settings, plan)
}

/// How often each schedule that runs asks the models.
fn runs(settings: &Settings) -> u64 {
    if settings.schedule == ScheduleChoice::Race { 2 } else { 1 }
}

/// Which models Run asks, by name.
fn models(settings: &Settings, plan: &Plan) -> String {
    let Some((id, _)) = settings.target().filter(|(id, _)| !id.is_built_in()) else {
        return String::new();
    };
    let asked = asked(settings, plan, id);
    let named = asked.iter().filter(|asked| !asked.model.is_empty());
    let named: Vec<_> =
        named.map(|asked| (asked.model.as_str(), runs(settings) * asked.calls)).collect();
    words::live::models(&named)
}

fn asked(settings: &Settings, plan: &Plan, id: ProviderId) -> Vec<Asked> {
    let model = settings.model.as_deref().unwrap_or(id.model());
    plan.experiment.asked(model, settings.max_tokens)
}

/// What Run will use and cost, as far as that is known.
fn price(settings: &Settings, plan: &Plan) -> String {
    let Some((id, Ok(url))) = settings.target() else { return ".".into() };
    let (runs, asked) = (runs(settings), asked(settings, plan, id));
    let tokens = |asked: &Asked| asked.usage.input_tokens + asked.usage.output_tokens;
    let tokens = runs * asked.iter().map(tokens).sum::<u64>();
    let tokens = usize::try_from(prices::roughly(tokens)).unwrap_or(usize::MAX);
    let tokens = words::live::about_tokens(&grouped(tokens));
    let cost = match expected_cost(&asked, id, runs) {
        Ok(sum) if id.owns(&url) => words::live::cost(&prices::dollars(sum), prices::AS_OF),
        _ if url.is_loopback() || id.is_built_in() => words::live::ON_YOUR_MACHINE.into(),
        // Of one model it goes without saying which one.
        Err(unknown) if id.owns(&url) && asked.len() > 1 => {
            words::live::cost_unknown_of(&unknown.join(", "))
        }
        Err(_) if id.owns(&url) => words::live::COST_UNKNOWN_OF_MODEL.into(),
        _ => words::live::COST_UNKNOWN.into(),
    };
    tokens + &cost
}

/// What will not go as the picture suggests.
pub fn good_to_know(settings: &Settings, plan: &Plan) -> Vec<String> {
    let Some((id, Ok(url))) = settings.target() else { return Vec::new() };
    let pipeline = plan.pipeline();
    let width = match settings.schedule {
        ScheduleChoice::Sequential => 1,
        _ => pipeline.branches().len().min(settings.limit.map_or(usize::MAX, NonZeroUsize::get)),
    };
    let searches = pipeline.agents().iter().any(|agent| agent.searches());
    notes(id, &url, width, searches)
}
