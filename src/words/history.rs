//! Runs that are over: the history, two runs compared, files of runs.

// The history.

pub fn too_many_events(events: &str, most: &str) -> String {
    format!(
        "This run is not kept in the history: its log has {events} entries, and {most} are the \
         most."
    )
}

pub fn run_of(when: &str) -> String {
    format!("This is the run of {when}; Run starts a new one.")
}

pub const NO_SUCH_PIPELINE: &str = "That run is of a pipeline that this version no longer has.";
pub const IS_GONE: &str =
    "The browser no longer has that run: it was erased, perhaps in another tab.";
pub const KEPT_HERE: &str = "Kept by this browser only";
pub const KEPT_NOWHERE: &str = "This browser keeps nothing, so they go when the page does";

pub fn told(kept: &str, most: usize) -> String {
    format!("{kept}: at most the last {most}, with what the models said, and never a key.")
}

pub const HISTORY: &str = "History";
pub const LAID_OVER: &str = "Laid over";
/// Behind the name of a scenario.
pub const EDITED: &str = ", edited";
pub const EARLIER_RUNS: &str = "Earlier runs";
pub const ERASE_ALL: &str = "Erase all";
pub const OPEN: &str = "Open";
pub const LAY_OVER: &str = "Lay over";
pub const ERASE: &str = "Erase";

// A run in the list: "parallel 2.3 s (failed)".

pub fn took(schedule: &str, seconds: &str) -> String {
    format!("{schedule} {seconds} s")
}

pub fn took_and_ended(took: &str, phase: &str) -> String {
    format!("{took} ({phase})")
}

pub fn times_faster(times: &str) -> String {
    format!("{times} times faster")
}

// An earlier run beside the present one.

pub fn slower(seconds: &str) -> String {
    format!("{seconds} s slower")
}

pub fn faster(seconds: &str) -> String {
    format!("{seconds} s faster")
}

pub const NO_DIFFERENT: &str = "no different";

pub fn then_and_now(schedule: &str, then: &str, now: &str, change: &str) -> String {
    format!("{schedule} {then} s then, {now} s now: {change}")
}

// Files.

pub const EXPORT: &str = "Export";

pub fn save_run(schedule: &str) -> String {
    format!("Save the {schedule} run")
}

pub fn not_opened(error: &str) -> String {
    format!("That file was not opened: {error}.")
}

pub const FILES: &str = "Files";
pub const OPEN_A_FILE: &str = "Open a trace file";
pub const CLOSE: &str = "Close";
pub const ABOUT_FILES: &str = "A file holds one schedule\u{2019}s run as JSON: the pipeline, when \
    each agent began and ended, and what it said; never a key. An opened one stays on this \
    machine, and asks nobody.";

pub fn saved(name: &str) -> String {
    format!("{name} is saved: the run as JSON, without any key.")
}

pub const CANNOT_SAVE: &str = "This browser does not let the page save a file.";
pub const NOTHING_TO_SAVE: &str = "There is no run to save yet: press Run first.";

pub fn from_a_file(schedule: &str, started: &str, provider: &str, model: Option<&str>) -> String {
    let model = model.map(|model| format!(" ({model})")).unwrap_or_default();
    format!(
        "From a file: the {schedule} run of {started} by {provider}{model}. Run starts a new one, \
         simulated, that takes as long."
    )
}

// Why a file cannot be opened; each continues "That file was not opened:".

pub fn file_too_long(megabytes: usize) -> String {
    format!("the file is too long: {megabytes} MB is the most")
}

pub const NOT_A_TRACE: &str = "it is not a trace file, or it was cut: Export writes one, with \
    “converge-trace” at its beginning";

pub fn file_version(version: u32, own: u32) -> String {
    format!("it is of version {version}, and this page reads version {own}: open it in a newer one")
}

pub fn file_pipeline(why: &str) -> String {
    format!("its pipeline cannot be shown: {why}")
}

pub const TIMES_DO_NOT_FIT: &str =
    "its times do not fit together: it was changed by something else";

pub fn too_many_agents(count: usize, most: usize) -> String {
    format!("it has {count} agents, and {most} is the most for one that is no preset")
}

pub const NO_REASON: &str = "no reason given";
