//! How the runs go under some settings, and what holds where nothing is set.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use super::{ScheduleChoice, Settings};
use crate::engine::{OnFailure, Retry, Schedule, Timeouts};
use crate::pipeline::Pipeline;
use crate::timeline::crowd::grouped;
use crate::words;

impl OnFailure {
    /// Its name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Leave => "leave",
            Self::Wait => "wait",
            Self::Collect => "collect",
            Self::Fallback => "fallback",
        }
    }

    /// What the menu calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cancel => "Cancel the rest",
            Self::Leave => "Fail now, leave the rest running",
            Self::Wait => "Wait for the rest, then fail",
            Self::Collect => "Continue without it",
            Self::Fallback => "Use a fallback",
        }
    }
}

impl Settings {
    /// How the sequential run of a pipeline goes.
    pub fn sequential(&self, pipeline: &Pipeline) -> Schedule {
        Schedule { width: NonZeroUsize::MIN, ..self.parallel(pipeline) }
    }

    /// How the parallel run of a pipeline goes, which knows the agents that conditions name.
    pub fn parallel(&self, pipeline: &Pipeline) -> Schedule {
        let find = |name: &str| pipeline.find(name);
        Schedule {
            width: self.limit.unwrap_or(NonZeroUsize::MAX),
            on_failure: self.on_failure(),
            timeouts: Timeouts {
                first: self.first_timeout.or(self.default_first_timeout()),
                between: self.read_timeout.or(self.default_stall_timeout()),
                run: self.run_timeout,
            },
            retry: Retry { seed: self.seed, ..Retry::up_to(self.attempts()) },
            hedge: self.hedge.as_ref().and_then(|hedge| hedge.of(find)),
            quorum: self.quorum.as_ref().and_then(|quorum| quorum.of(find)),
        }
    }

    /// Why the pipeline cannot be run on a live model as it is set: it would have more calls out at
    /// once than a browser opens or an API takes. A limit of one's own is the way out.
    pub fn too_wide(&self, pipeline: &Pipeline) -> Option<String> {
        let widest = pipeline.by_level().iter().map(Vec::len).max().unwrap_or_default();
        let at_once = widest.min(self.limit.map_or(usize::MAX, NonZeroUsize::get));
        let live = self.provider.is_some() && self.schedule != ScheduleChoice::Sequential;
        (live && at_once > MOST_CALLS_AT_ONCE)
            .then(|| words::settings::too_many_at_once(&grouped(at_once), MOST_CALLS_AT_ONCE))
    }

    /// How long a model may take to its first token unless it is set: a script needs no limit.
    pub fn default_first_timeout(&self) -> Option<Duration> {
        self.provider.map(|_| FIRST_TIMEOUT)
    }

    /// How long an answer may stall unless it is set.
    pub fn default_stall_timeout(&self) -> Option<Duration> {
        self.provider.map(|_| STALL_TIMEOUT)
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

/// A live model may think for a minute and send nothing meanwhile, as OpenAI's do in Chat
/// Completions. To give up then is to pay for the thinking, and to pay for it again.
const FIRST_TIMEOUT: Duration = Duration::from_secs(120);

/// How long a live model's answer may stall: the silence between two signs of life.
const STALL_TIMEOUT: Duration = Duration::from_secs(60);

/// Live calls that may be out at once. Chromium gives up on new requests where a page has some
/// thousand open (`ERR_INSUFFICIENT_RESOURCES`), and no key is allowed as many by its provider.
const MOST_CALLS_AT_ONCE: usize = 500;
