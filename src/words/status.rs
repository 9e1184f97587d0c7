//! What a run comes to, in sentences: how it goes, how it ended, who did what and why it failed.

/// How the status of a run that failed begins.
pub const FAILED: &str = "Failed";
/// How the status of a run that is whole begins, before its times.
pub const FINISHED: &str = "Finished: ";

// What stands where an answer would.

pub fn missing(key: &str) -> String {
    format!("[{key} is missing: the agent that writes it gave no answer]")
}

pub fn fallback(agent: &str) -> String {
    format!("No answer from {agent} this time.")
}

pub fn missing_from_a_script(key: &str) -> String {
    format!("*({key} is missing)*")
}

// The status line, while it goes on.

pub fn idle(runs: usize) -> &'static str {
    match runs {
        2.. => "Press Run. Both runs start together.",
        _ => "Press Run.",
    }
}

pub fn running(done: usize, of: usize) -> String {
    format!("Running: {done} of {of} branches done")
}

pub fn waiting_for(agents: &str) -> String {
    format!(", waiting for {agents}")
}

pub fn retrying(agent: &str, number: u32, of: u32) -> String {
    format!("{agent} is retrying (attempt {number} of {of})")
}

pub fn many_retrying(agents: usize) -> String {
    format!(", {agents} agents are retrying")
}

pub fn limited(limit: usize) -> String {
    format!(", limited to {limit} at once after a rate limit")
}

// The status line at the end.

pub fn kept(answers: usize) -> String {
    match answers {
        0 => String::new(),
        1 => ", reused 1 answer from the last run".into(),
        many => format!(", reused {many} answers from the last run"),
    }
}

pub fn failed_after(seconds: &str, sentence: &str) -> String {
    format!("{FAILED} after {seconds} s: {sentence}")
}

pub fn all_failed_after(times: &str, sentence: &str) -> String {
    format!("{FAILED}: {times}. {sentence}")
}

pub fn took(schedule: &str, length: &str) -> String {
    format!("{schedule} {length}")
}

pub fn predicted(length: &str) -> String {
    format!("{length} (predicted)")
}

pub fn gaps(gap: &str) -> String {
    format!(". The report is missing an answer. {gap}")
}

pub fn ran_on_unused(agents: usize, work: &str) -> String {
    let agents = super::counted(agents, "agent", "agents");
    format!(" {agents} ran on, but nothing used the answers ({work} s wasted).")
}

pub fn runs_on_unused(agents: usize, work: &str) -> String {
    let running = match agents {
        1 => "1 agent is".to_owned(),
        some => format!("{some} agents are"),
    };
    format!(" {running} still running, but nothing will use the answers ({work} s wasted).")
}

pub const NO_SPEEDUP: &str = ", no speedup";

pub fn times_faster(times: &str) -> String {
    format!(", {times} times faster")
}

// What became of an agent.

pub fn failed(name: &str, attempts: Option<u32>, is_injected: bool, error: &str) -> String {
    let times = attempts.map(|attempts| format!(" {attempts} times")).unwrap_or_default();
    let injected = super::outcome::injected(is_injected);
    format!("{name} failed{times}{injected}: {error}")
}

pub fn ran_on(name: &str) -> String {
    format!("The answer of {name} was not used: the run had failed or gone on before it came.")
}

pub fn began_without(name: &str, missing: &str, answers: usize, of: usize) -> String {
    format!("{name} began without {missing}: {answers} of {of} answers were enough.")
}

pub fn second_call(after: &str) -> String {
    format!("Asked a second time after {after} s.")
}

pub fn second_call_won(after: &str) -> String {
    format!("Asked a second time after {after} s. The second answer came first.")
}

pub fn first_call_won(after: &str) -> String {
    format!("Asked a second time after {after} s. The first answer came first.")
}

pub fn second_call_failed(after: &str, error: &str) -> String {
    format!("Asked a second time after {after} s. The second call failed: {error}")
}

pub fn canceled_before_its_end(name: &str) -> String {
    format!("{name} was canceled before it finished.")
}

pub fn canceled_before_its_start(name: &str) -> String {
    format!("{name} was canceled before it started.")
}

pub fn not_started(name: &str, needs: &str) -> String {
    format!("{name} was skipped: it needs {needs}.")
}

pub fn out_of_tokens(name: &str, thinking: u64) -> String {
    let spent = match thinking {
        0 => String::new(),
        some => format!(" {some} tokens went into thinking: raise Max output tokens."),
    };
    format!("{name} reached the limit on output tokens: the answer is incomplete.{spent}")
}

pub fn no_reason(name: &str) -> String {
    format!("The server gave no reason why {name} stopped. The answer ended properly.")
}

/// `limit`: "2 MB", `pieces`: "100,000".
pub fn answer_too_long(name: &str, limit: &str, pieces: &str) -> String {
    format!(
        "{name} reached the limit of {limit} or {pieces} pieces for one answer. The call was ended, \
         and the answer is incomplete."
    )
}

pub fn filtered(name: &str) -> String {
    format!("A content filter ended the answer of {name}.")
}

pub fn declined(name: &str) -> String {
    format!("The model declined to answer {name}. Rephrase the prompt.")
}

pub fn called_a_tool(name: &str) -> String {
    format!(
        "{name} ended with a call to a tool that this page does not have. The answer is \
         incomplete."
    )
}

pub fn failed_in_a_row(attempts: u32) -> String {
    format!("It failed {attempts} times in a row.")
}

pub fn asks_to_wait(asked: &str, limit: &str) -> String {
    format!("The server asked for {asked} s; the maximum is {limit} s.")
}

pub fn tokens(input: u64, output: u64, thinking: u64) -> String {
    let thinking = match thinking {
        0 => String::new(),
        some => format!(" ({some} thinking)"),
    };
    format!("{input} tokens in, {output} out{thinking}")
}

// Attempts.

pub fn attempt_waits_for_a_slot(number: u32, of: u32) -> String {
    format!("attempt {number} of {of} is waiting for a slot")
}

pub fn attempt_in(number: u32, of: u32, seconds: &str) -> String {
    format!("attempt {number} of {of} in {seconds} s")
}

pub fn before_attempt(number: u32, of: u32) -> String {
    format!("before attempt {number} of {of}")
}

pub fn at_attempt(number: u32, of: u32) -> String {
    format!("attempt {number} of {of}")
}

pub fn retrying_at(number: u32, of: u32) -> String {
    format!("retrying: attempt {number} of {of}")
}

pub fn sent_again_without(part: &str) -> String {
    format!("It was sent again at once without {part}.")
}

/// Part of a list of facts about a call.
pub fn without(parts: &str) -> String {
    format!("without {parts} (refused by the server)")
}

pub fn then_a_wait(seconds: &str) -> String {
    format!("The next attempt came {seconds} s later.")
}

pub fn try_failed(number: usize, after: &str, error: &str, then: &str) -> String {
    format!("Attempt {number} failed after {after} s: {error} {then}")
}

// A guess beside the truth.

pub fn guessed_right(said: &str, took: &str) -> String {
    format!("You guessed {said} s. Actual: {took} s.")
}

pub fn guessed_too_little(said: &str, took: &str, off: &str) -> String {
    format!("You guessed {said} s. Actual: {took} s, {off} s slower.")
}

pub fn guessed_too_much(said: &str, took: &str, off: &str) -> String {
    format!("You guessed {said} s. Actual: {took} s, {off} s faster.")
}

// Figures.

pub fn more_terms(more: usize) -> String {
    format!("… {more} more")
}

pub fn page(first: &str, last: &str, all: &str) -> String {
    format!("{first} to {last} of {all}")
}

// When an agent began and ended.

pub fn queued_since(at: &str) -> String {
    format!("waiting for a slot since {at}")
}

pub fn from_to(from: &str, to: &str) -> String {
    format!("{from} to {to}")
}

pub fn since(at: &str) -> String {
    format!("since {at}")
}

pub fn thinks_since(at: &str) -> String {
    format!(", thinking since {at}")
}

pub fn first_token_at(at: &str) -> String {
    format!(", first token at {at}")
}

pub fn waited_for_a_slot(seconds: &str) -> String {
    format!(", waited {seconds} s for a slot")
}
