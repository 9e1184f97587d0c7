//! What the page says before a run spends anything. Fixed by the settings and the plan alone.

use crate::config::{Asked, ScheduleChoice, Settings, expected_cost};
use crate::llm::notes::notes;
use crate::llm::prices;
use crate::plan::Plan;
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
    run + &words::live::is_made_again(retries) + " " + &price(settings, plan)
}

/// Which models Run asks, and what it will use and cost, as far as that is known.
fn price(settings: &Settings, plan: &Plan) -> String {
    let Some((id, Ok(url))) = settings.target() else { return String::new() };
    let runs = if settings.schedule == ScheduleChoice::Race { 2 } else { 1 };
    let model = settings.model.as_deref().unwrap_or(id.model());
    let asked = plan.experiment.asked(model, settings.max_tokens);
    let named = asked.iter().filter(|asked| !asked.model.is_empty());
    let named: Vec<_> = named.map(|asked| (asked.model.as_str(), runs * asked.calls)).collect();
    let models = if id.is_built_in() { String::new() } else { words::live::models(&named) };
    let tokens = |asked: &Asked| asked.usage.input_tokens + asked.usage.output_tokens;
    let tokens = runs * asked.iter().map(tokens).sum::<u64>();
    let tokens = words::live::about_tokens(prices::roughly(tokens));
    let cost = match expected_cost(&asked, id, runs) {
        Ok(sum) if id.owns(&url) => {
            words::live::at_the_prices_of(&tokens, &prices::dollars(sum), prices::AS_OF)
        }
        _ if url.is_loopback() || id.is_built_in() => words::live::on_your_machine(&tokens),
        // Of one model it goes without saying which one.
        Err(unknown) if id.owns(&url) && asked.len() > 1 => {
            words::live::cost_unknown_of(&tokens, &unknown.join(", "))
        }
        _ => words::live::cost_unknown(&tokens),
    };
    models + &cost
}

/// What will not go as the picture suggests.
pub fn good_to_know(settings: &Settings, plan: &Plan) -> Vec<String> {
    let Some((id, Ok(url))) = settings.target() else { return Vec::new() };
    let pipeline = plan.pipeline();
    let width = match settings.schedule {
        ScheduleChoice::Sequential => 1,
        _ => pipeline.branches().len().min(settings.parallel().width.get()),
    };
    let searches = pipeline.agents().iter().any(|agent| agent.searches());
    notes(id, &url, width, searches)
}
