//! Runs that are over: the history, two runs compared, files of runs.

// The history.

pub fn too_many_events(events: &str, most: &str) -> String {
    format!(
        "This run is not in the history: its log has {events} entries, more than the {most} that \
         are kept."
    )
}

/// Both are sizes, as in "12 MB".
pub fn too_much_text(said: &str, most: &str) -> String {
    format!(
        "This run is not in the history: its answers have {said} of text, more than the {most} that \
         are kept."
    )
}

pub fn run_of(when: &str) -> String {
    format!("This is the run of {when}. Run starts a new one.")
}

pub fn storage_has_not_answered(seconds: &str) -> String {
    format!(
        "This browser\u{2019}s storage did not answer within {seconds} s. Runs are kept on this \
         page only."
    )
}

pub fn told(kept: &str, most: usize) -> String {
    format!("{kept}: the last {most} at most, with the models' answers, never with API keys.")
}

/// The outcome of an agent whose run is a prediction.
pub const EXPECTED: &str = "expected";

// A run in the list: "parallel 2.3 s (failed)".

pub fn took(schedule: &str, seconds: &str) -> String {
    format!("{schedule} {seconds} s")
}

pub fn took_and_ended(took: &str, phase: &str) -> String {
    format!("{took} ({phase})")
}

pub fn measured(took: &str, summary: &str) -> String {
    format!("{took}; {summary}")
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

pub fn then_and_now(schedule: &str, then: &str, now: &str, change: &str) -> String {
    format!("{schedule} {then} s then, {now} s now: {change}")
}

// Files.

pub fn save_run(schedule: &str) -> String {
    format!("Save the {schedule} run")
}

pub fn saved(name: &str) -> String {
    format!("Saved {name}: the run as JSON, without API keys.")
}

pub fn saved_as(name: &str) -> String {
    format!("Saved {name}.")
}

// Why a file cannot be opened; each continues "run.json was not opened:".

pub fn file_too_long(megabytes: usize) -> String {
    format!("the file is too large: {megabytes} MB at most")
}

pub fn file_version(version: u32, own: u32) -> String {
    format!("it is version {version}, and this page reads version {own}: use a newer Converge")
}

pub fn file_pipeline(why: &str) -> String {
    format!("its pipeline cannot be shown: {why}")
}

pub fn too_many_agents(count: usize, most: usize) -> String {
    format!("it has {count} agents, and only scenarios may have more than {most}")
}
