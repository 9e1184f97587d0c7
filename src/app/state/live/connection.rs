//! Testing the connection before a run spends anything.

use futures::StreamExt;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::LiveState;
use crate::app::state::permit::Permit;
use crate::config::Settings;
use crate::llm::doctor::{Diagnosis, diagnose};
use crate::llm::{LiveModel, ProviderId};
use crate::model::{Model, ModelError, Prompt};

/// A test of the connection. Its result holds as long as the provider, the base URL and the key.
#[derive(Clone, PartialEq)]
pub struct ConnectionTest {
    subject: Subject,
    result: TestResult,
}

/// What was tested.
#[derive(Clone, PartialEq)]
struct Subject {
    id: ProviderId,
    base_url: Option<String>,
    key: String,
}

/// How a test of the connection stands, or how it ended.
#[derive(Clone, PartialEq)]
pub enum TestResult {
    /// Nothing yet.
    Waiting,
    /// Something was missing to try it at all.
    Missing(String),
    /// It works; with the models that there are, where the API lists them.
    Connected(Vec<String>),
    /// It does not work.
    Failed(Diagnosis),
}

impl LiveState {
    fn test_subject(self) -> Option<Subject> {
        let subject = |settings: &Settings| Some((settings.provider?, settings.base_url.clone()));
        let (id, base_url) = self.settings.current.with(subject)?;
        Some(Subject { id, base_url, key: self.key() })
    }

    /// What came of testing what the settings and the key say now; follows them.
    pub fn test_result(self) -> Option<TestResult> {
        let subject = self.test_subject()?;
        self.tested.with(|tested| {
            let tested = tested.as_ref().filter(|tested| tested.subject == subject)?;
            Some(tested.result.clone())
        })
    }

    /// Tests the connection. For event handlers.
    pub fn test_connection(self, permit: Option<Permit>) {
        let settings = self.settings.current.get();
        let Some(subject) = self.test_subject() else { return };
        let id = subject.id;
        let tell = move |result| {
            self.tested.set(Some(ConnectionTest { subject: subject.clone(), result }));
        };
        // Only a simulated model needs none.
        let Some(permit) = permit else { return };
        let (model, called) = match self.reach(id, &settings, Some(1), permit) {
            Ok(reached) => reached,
            Err(missing) => return tell(TestResult::Missing(missing.problem)),
        };
        tell(TestResult::Waiting);
        spawn_local(async move {
            let result = match try_out(&model, id).await {
                Ok(models) => TestResult::Connected(models),
                Err(error) => {
                    let probe = match error {
                        ModelError::Unreachable { .. } => self.knock(&error, &called, false).await,
                        _ => Default::default(),
                    };
                    TestResult::Failed(diagnose(&error, &called.context(probe, false)))
                }
            };
            tell(result);
        });
    }
}

/// Asks for the list of models, which costs nothing. A server without one is asked for a single
/// token, and so is OpenRouter, which shows its list to everybody, whatever the key.
async fn try_out(model: &LiveModel, id: ProviderId) -> Result<Vec<String>, ModelError> {
    let models = match model.models().await {
        // A server without a list; what its words say of a call, a call will say as well.
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
