//! How the runs of a race have ended, in a message for the page around.

use std::time::Duration;

use crate::app::state::Race;
use crate::app::state::permit::around;
use crate::config::{Ending, SIMULATED};
use crate::export::{About, TraceFile};
use crate::time::micros;
use crate::web::clock::universal_time;

/// How runs have ended, as JSON, with the reader's guess.
pub type DescribeEnding = fn(&Race, Option<Duration>) -> String;

/// See [`DescribeEnding`].
pub fn ending(race: &Race, guess: Option<Duration>) -> String {
    let settings = &race.settings;
    let pipeline = &race.experiment.preset.pipeline;
    let started = universal_time(race.started);
    let begun = race.logs.iter().filter(|(_, log)| log.has_begun());
    let runs = begun.map(|(kind, log)| {
        let outcome = log.finished(pipeline.agents().len()).run().phase().as_str().to_owned();
        let about = About {
            pipeline,
            schedule: kind.schedule(settings, pipeline),
            provider: settings.provider.map_or(SIMULATED, |provider| provider.name()),
            model: settings.provider.and(settings.model.as_deref()),
            started: &started,
            hidden: race.visibility.was_hidden(),
        };
        (kind.as_str(), outcome, TraceFile::new(&log.trace.borrow(), about))
    });
    let guess = guess.map(|guess| micros(guess) as f64 / 1e3);
    Ending::new(settings, runs.collect(), guess, around()).text()
}
