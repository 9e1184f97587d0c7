//! What settings come to: a pipeline, how its agents behave, and what it is asked about.

use std::rc::Rc;
use std::time::Duration;

use super::{ALL_BRANCHES, Settings};
use crate::presets::{self, Preset};
use crate::simulate::{Script, predict};
use crate::state::State;
use crate::tail::{Distribution, Shape, Study};
use crate::timeline::Timeline;
use crate::words;

/// What settings come to.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The preset, with the edited pipeline in place of its own if there is one.
    pub preset: Rc<Preset>,
    /// How each agent behaves under these settings, by place.
    pub scripts: Vec<Script>,
    /// The texts of the pipeline's input keys.
    pub inputs: State,
}

impl Experiment {
    /// How long each agent's calls take, by place, if their latencies are spread like that.
    pub fn distributions(&self, spread: Option<Shape>) -> Vec<Distribution> {
        let of = |script: &Script| match spread {
            Some(shape) => shape.of(script.latency),
            None => Distribution::Exact(script.latency.as_secs_f64()),
        };
        self.scripts.iter().map(of).collect()
    }
}

impl Settings {
    /// What these settings come to: a pipeline, scripts and inputs. The second part holds a
    /// sentence for each agent that a setting names and the pipeline does not have.
    pub fn experiment(&self) -> (Experiment, Vec<String>) {
        self.experiment_with(self.build())
    }

    /// The pipeline that these settings name, as it is without the other settings.
    pub fn build(&self) -> Rc<Preset> {
        // A wide one is not built only to be replaced.
        Rc::new(match &self.edited {
            Some(edited) => edited.replace(presets::preset(self.preset, 1)),
            None => presets::preset(self.preset, self.n),
        })
    }

    /// Whether [`build`](Self::build) comes to the same under both.
    pub fn builds_like(&self, other: &Self) -> bool {
        let built = |s: &Self| (s.preset, s.n, s.edited.clone());
        built(self) == built(other)
    }

    /// The same as [`experiment`](Self::experiment) where the pipeline is there already: building
    /// one of thousands of agents takes longer than a frame.
    pub fn experiment_with(&self, preset: Rc<Preset>) -> (Experiment, Vec<String>) {
        let mut scripts = preset.scripts.clone();
        let mut notes = Vec::new();
        for (name, latency) in &self.latency {
            let agents = match name.as_str() {
                "*" => preset.pipeline.branches(),
                name => preset.pipeline.find(name).into_iter().collect(),
            };
            if agents.is_empty() {
                notes.push(words::settings::no_agent_for_latency(name));
            }
            for agent in agents {
                scripts[agent].latency = *latency;
            }
        }
        for (name, fault) in &self.fail {
            match preset.pipeline.find(name) {
                Some(agent) => scripts[agent].fault = Some(*fault),
                None => notes.push(words::settings::no_agent_to_fail(name)),
            }
        }
        for name in &self.block {
            let agents = match name.as_str() {
                ALL_BRANCHES => preset.pipeline.branches(),
                name => preset.pipeline.find(name).into_iter().collect(),
            };
            if agents.is_empty() {
                notes.push(words::settings::no_agent_to_block(name));
            }
            for agent in agents {
                scripts[agent].blocking = true;
            }
        }
        notes.extend(self.unknown_in_conditions(&preset.pipeline));
        self.add_jitter(&mut scripts);
        let mut inputs = State::new();
        let topic = self.topic.clone().unwrap_or_else(|| preset.topic.into());
        inputs.set(presets::topic_key(), topic);
        (Experiment { preset, scripts, inputs }, notes)
    }

    /// Many runs of the parallel schedule, to be drawn: each agent takes as long as its script says,
    /// spread by the setting. No spread is exact.
    pub fn study(&self, experiment: &Experiment) -> Study {
        let pipeline = &experiment.preset.pipeline;
        let schedule = self.parallel(pipeline);
        Study::new(pipeline, experiment.distributions(self.spread), schedule, self.seed)
    }

    /// How long the parallel run takes if every agent keeps to its script.
    pub fn parallel_time(&self) -> Duration {
        let (experiment, _) = self.experiment();
        let Experiment { preset, scripts, inputs } = &experiment;
        let schedule = self.parallel(&preset.pipeline);
        let trace = predict(&preset.pipeline, inputs, scripts, schedule);
        Timeline::at(&trace, scripts.len(), trace.end()).makespan()
    }

    /// Spreads latencies by the jitter, the same way for the same seed.
    fn add_jitter(&self, scripts: &mut [Script]) {
        if self.jitter == 0.0 {
            return;
        }
        let mut random = fastrand::Rng::with_seed(self.seed);
        for script in scripts {
            let factor = 1.0 + self.jitter * (2.0 * random.f64() - 1.0);
            let micros = (script.latency.as_secs_f64() * factor * 1e6).round();
            script.latency = Duration::from_micros(micros as u64);
        }
    }
}
