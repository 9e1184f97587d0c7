//! The button that tries the connection before a run spends anything, and the list of models that
//! it brings.

use super::dom::{Node, Nodes, el, nothing};
use super::signals::Memo;
use futures::StreamExt;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::doctor::{Called, card};
use super::ui::{button, part, text};
use crate::llm::doctor::{Diagnosis, diagnose};
use crate::llm::{LiveModel, ProviderId};
use crate::model::{Model, ModelError, Prompt};
use crate::words;

/// The id of the list of models.
pub const MODELS: &str = "models";

/// More names than these are of no use in a list to choose from.
const MOST_MODELS: usize = 500;

/// With what the connection is tried. A result holds as long as this does.
#[derive(Clone, PartialEq)]
struct Means {
    id: ProviderId,
    base_url: Option<String>,
    key: String,
}

/// What came of trying.
#[derive(Clone, PartialEq)]
pub struct Tested {
    means: Means,
    result: Found,
}

#[derive(Clone, PartialEq)]
enum Found {
    /// Nothing yet.
    Waiting,
    /// Something was missing to try it at all.
    Missing(String),
    /// It works; with the models that there are, where the API lists them.
    Connected(Vec<String>),
    Failed(Diagnosis),
}

impl Demo {
    fn means(self) -> Option<Means> {
        let key = self.access.key.get();
        self.settings.with(|settings| {
            let base_url = settings.base_url.clone();
            Some(Means { id: settings.provider?, base_url, key })
        })
    }

    fn test_connection(self) {
        let settings = self.settings.get_untracked();
        let Some(means) = untrack(|| self.means()) else { return };
        let asked = means.clone();
        let tell = move |result| {
            self.access.tested.set(Some(Tested { means: asked.clone(), result }));
        };
        let (model, called) = match self.reach(means.id, &settings, Some(1)) {
            Ok(reached) => reached,
            Err(missing) => return tell(Found::Missing(missing)),
        };
        tell(Found::Waiting);
        spawn_local(async move {
            let found = match try_out(&model, means.id).await {
                Ok(models) => Found::Connected(models),
                Err(error) => {
                    let probe = match error {
                        ModelError::Unreachable { .. } => self.probe(&error, &called, false).await,
                        _ => Default::default(),
                    };
                    let called: &Called = &called;
                    Found::Failed(diagnose(&error, &called.context(probe, false)))
                }
            };
            tell(found);
        });
    }
}

/// Asks for the list of models, which costs nothing. A server without one is asked for a single
/// token, and so is OpenRouter, which shows its list to everybody, whatever the key.
async fn try_out(model: &LiveModel, id: ProviderId) -> Result<Vec<String>, ModelError> {
    let models = match model.models().await {
        Err(ModelError::Status { status: 404 | 405 | 501, .. }) => Vec::new(),
        models => models?,
    };
    if models.is_empty() || id == ProviderId::OpenRouter {
        let prompt = Prompt { user: "Hi".into(), ..Prompt::default() };
        let mut answer = model.generate(&prompt);
        while let Some(piece) = answer.next().await {
            piece?;
        }
    }
    Ok(models)
}

/// The button, what came of it, and the list.
pub fn connection(demo: Demo) -> Node {
    let found = Memo::new(move |_| {
        let means = demo.means()?;
        let holds = |tested: &Tested| tested.means == means;
        demo.access.tested.with(|tested| Some(tested.as_ref().filter(|t| holds(t))?.result.clone()))
    });
    let says = text(move || {
        found.with(|found| match found {
            Some(Found::Waiting) => words::live::CONNECTING.into(),
            Some(Found::Missing(missing)) => missing.clone(),
            Some(Found::Connected(models)) => words::live::connected(models.len()),
            _ => String::new(),
        })
    });
    let diagnosis = part(move || match found.get() {
        Some(Found::Failed(diagnosis)) => card(demo, None, None, diagnosis),
        _ => nothing(),
    });
    let models = part(move || {
        let models = match found.get() {
            Some(Found::Connected(models)) => models,
            _ => Vec::new(),
        };
        let option = |name: String| el("option").attr("value", name).node();
        models.into_iter().take(MOST_MODELS).map(option).nodes()
    });
    (
        el("div")
            .class("connection")
            .attr("role", "group")
            .attr("aria-label", words::live::CONNECTION)
            .child(button("", "test", text(|| words::live::TEST_CONNECTION.into()), move || {
                demo.test_connection()
            }))
            .child(el("p").attr("aria-live", "polite").child(says))
            .child(diagnosis),
        el("datalist").attr("id", MODELS).child(models),
    )
        .into()
}
