//! What a program depends on.

use crate::codegen::{self, Endpoint, Folder, Form, Language, Plan, Program};
use crate::config::Settings;
use crate::engine::Schedule;
use crate::llm::ProviderId;
use crate::plan::{self, MOST_AT_ONCE, Structure};
use crate::presets::{PresetId, preset, topic_key};
use crate::state::State;

/// Branches that are written out, of a pipeline with more agents than [`MOST_AT_ONCE`].
pub const WRITTEN: usize = 24;

/// All that a program depends on, so that it is written anew only when it must be.
#[derive(Clone, PartialEq)]
pub struct Request {
    structure: Structure,
    /// The language to write it in.
    pub language: Language,
    schedules: [Schedule; 2],
    /// The API that it calls.
    pub endpoint: Endpoint,
    topic: Option<String>,
}

impl Request {
    /// What these settings ask for.
    pub fn of(settings: &Settings, plan: &plan::Plan) -> Self {
        let pipeline = plan.pipeline();
        // What is in the browser only cannot be asked from elsewhere.
        let asked = settings.provider.filter(|provider| !provider.is_built_in());
        let provider = asked.unwrap_or(ProviderId::OpenAi);
        let own_url = settings.base_url.clone().filter(|_| asked.is_some());
        let model = settings.model.clone().filter(|_| asked.is_some());
        Self {
            structure: plan.structure(),
            language: settings.lang,
            schedules: [settings.sequential(pipeline), settings.parallel(pipeline)],
            endpoint: Endpoint {
                provider,
                model: model.unwrap_or_else(|| provider.model().into()),
                base_url: own_url,
                temperature: settings.temperature,
            },
            topic: settings.topic.clone(),
        }
    }

    /// Writes the program.
    pub fn program(&self, plan: &plan::Plan, form: Form) -> Program {
        let agents = plan.agents();
        let mut program =
            self.written(plan, form, |plan| codegen::program(self.language, form, plan));
        if agents > MOST_AT_ONCE {
            // The last agent is still the last one.
            let place = |agent: &mut usize| {
                *agent = if *agent == WRITTEN { agents - 1 } else { *agent };
            };
            for line in &mut program.lines {
                line.agents.iter_mut().chain(&mut line.part_of).for_each(place);
            }
        }
        program
    }

    /// Writes the folder for the library's deployment tool, if it has one.
    pub fn folder(&self, plan: &plan::Plan) -> Option<Folder> {
        self.written(plan, Form::Parallel, |plan| codegen::folder(self.language, plan))
    }

    /// What is written of a plan; of a wide one, with fewer branches.
    fn written<T>(&self, plan: &plan::Plan, form: Form, write: impl FnOnce(&Plan<'_>) -> T) -> T {
        let short =
            (plan.agents() > MOST_AT_ONCE).then(|| preset(PresetId::Fanout, WRITTEN).pipeline);
        let mut inputs = State::new();
        let usual = plan.experiment.preset.topic;
        inputs.set(topic_key(), self.topic.as_deref().unwrap_or(usual));
        let [sequential, parallel] = self.schedules;
        write(&Plan {
            pipeline: short.as_ref().unwrap_or(plan.pipeline()),
            inputs: &inputs,
            schedule: if form == Form::Sequential { sequential } else { parallel },
            endpoint: &self.endpoint,
        })
    }
}
