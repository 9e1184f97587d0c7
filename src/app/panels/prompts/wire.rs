//! The call as it is sent to the API.

use leptos::prelude::*;

use super::{read, shortened};
use crate::app::panels::shown_run::RunByPhase;
use crate::app::state::{LiveState, SettingsState};
use crate::llm::{ApiKey, Look, ProviderId};
use crate::model::Prompt;
use crate::web::page;
use crate::words;

/// The call as it goes to the API; without a live model, as it would go to OpenAI's. The key in it
/// is no key.
pub fn over_the_wire(
    run: RunByPhase,
    settings: SettingsState,
    live: LiveState,
    agent: usize,
) -> String {
    let prompt = read(run, |data, agents| {
        let asked = agents.get(agent)?;
        let system = data.filled(&asked.instruction);
        let user = data.filled(&asked.prompt);
        let (model, tools) = (asked.model.clone(), asked.tools.clone());
        Some(Prompt { agent, system, user, reads: Vec::new(), model, tools })
    });
    let prompt = prompt.flatten();
    let request = settings.current.with(|settings| {
        let id = settings.provider.unwrap_or(ProviderId::OpenAi);
        let mut reach = settings.reach(id).ok()?;
        reach.page = Some(page::origin());
        reach.look = match live.pictures.look(id) {
            Look::Picture(picture) => Look::Picture(picture.stand_in()),
            words => words,
        };
        Some((settings.provider, id.provider(reach).request(&prompt?, &stand_in()?)))
    });
    let Some((provider, request)) = request else {
        return "There is no address to call yet.".into();
    };
    if provider.is_some_and(ProviderId::is_built_in) {
        return words::data::asked_here(&request.body);
    }
    let head = match provider {
        Some(_) => "",
        None => "Simulated: nothing is sent. To OpenAI it would be\n\n",
    };
    let headers = request.headers.iter().map(|(name, value)| format!("\n{name}: {value}"));
    let headers: String = headers.collect();
    format!("{head}POST {}{headers}\n\n{}", request.url, shortened(&request.body))
}

fn stand_in() -> Option<ApiKey> {
    ApiKey::new("[your-key]").ok()
}
