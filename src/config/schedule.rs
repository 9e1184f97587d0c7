//! How the runs go under some settings, and what holds where nothing is set.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use super::Settings;
use crate::engine::{Retry, Schedule, Timeouts};

impl Settings {
    /// How the sequential run goes.
    pub fn sequential(&self) -> Schedule {
        Schedule { width: NonZeroUsize::MIN, ..self.parallel() }
    }

    /// How the parallel run goes.
    pub fn parallel(&self) -> Schedule {
        Schedule {
            width: self.limit.unwrap_or(NonZeroUsize::MAX),
            on_failure: self.on_failure(),
            timeouts: Timeouts {
                first: self.first_timeout.or(self.usual_patience()),
                between: self.read_timeout.or(self.usual_patience()),
                run: self.run_timeout,
            },
            retry: Retry { seed: self.seed, ..Retry::up_to(self.attempts()) },
        }
    }

    /// How long a piece of an answer may take unless it is set: a script needs no limit.
    pub fn usual_patience(&self) -> Option<Duration> {
        self.provider.map(|_| LIVE_PATIENCE)
    }

    /// How often an agent is asked again: a script that fails was asked to, and shows it.
    pub fn usual_retries(&self) -> u32 {
        if self.provider.is_some() { LIVE_RETRIES } else { 0 }
    }

    /// How often an agent is asked at most.
    fn attempts(&self) -> NonZeroU32 {
        let retries = self.retries.unwrap_or(self.usual_retries());
        NonZeroU32::MIN.saturating_add(retries)
    }
}

/// Three attempts at most, unless it is set: as the vendors' own libraries have it.
const LIVE_RETRIES: u32 = 2;

/// How long a live model may take for a piece of its answer, unless it is set.
const LIVE_PATIENCE: Duration = Duration::from_secs(60);
