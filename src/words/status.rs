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

pub fn running(done: usize, of: usize) -> String {
    format!("Running: {done} of {of} branches done")
}

pub fn at_work(names: &str) -> String {
    format!(", {names} at work")
}

pub fn waits_for_try(name: &str, number: u32, of: u32) -> String {
    format!("{name} waits for try {number} of {of}")
}

pub fn many_wait(agents: usize) -> String {
    format!(", {agents} wait for another try")
}

pub fn limited(limit: usize) -> String {
    format!(", at most {limit} at once since a refusal")
}

// The status line at the end.

pub fn kept(answers: usize) -> String {
    match answers {
        0 => String::new(),
        1 => ", with 1 answer kept from before".into(),
        many => format!(", with {many} answers kept from before"),
    }
}

pub fn failed_after(seconds: &str, sentence: &str) -> String {
    format!("{FAILED} after {seconds} s: {sentence}")
}

pub fn took(schedule: &str, seconds: &str) -> String {
    format!("{schedule} {seconds} s")
}

pub fn gaps(gap: &str) -> String {
    format!(". Not everything is in it: {gap}")
}

pub fn in_vain(agents: usize, work: &str) -> String {
    let agents = match agents {
        1 => "one agent".to_owned(),
        some => format!("{some} agents"),
    };
    format!(" Nobody was left to wait for {agents}: {work} s of work in vain.")
}

pub fn in_vain_so_far(agents: usize, work: &str) -> String {
    let run = match agents {
        1 => "One agent still runs".to_owned(),
        some => format!("{some} agents still run"),
    };
    format!(" {run}, for nobody: {work} s of work in vain so far.")
}

pub fn times_faster(times: &str) -> String {
    format!(", {times} times faster")
}

// What became of an agent.

pub fn failed(name: &str, tries: Option<u32>, error: &str) -> String {
    match tries {
        Some(tries) => format!("{name} failed {tries} times: {error}"),
        None => format!("{name} failed: {error}"),
    }
}

pub fn ran_on(name: &str) -> String {
    format!("{name} ran on for nobody: the run had failed before its answer came.")
}

pub fn stopped_before_its_end(name: &str) -> String {
    format!("{name} was stopped before it had finished.")
}

pub fn stopped_before_its_start(name: &str) -> String {
    format!("{name} was stopped before it had started.")
}

pub fn not_started(name: &str, needs: &str) -> String {
    format!("{name} was not started: it needs {needs}.")
}

pub fn out_of_tokens(name: &str, thinking: u64) -> String {
    let spent = match thinking {
        0 => String::new(),
        some => format!(" {some} tokens went into thinking: raise Max output tokens."),
    };
    format!("{name} reached its limit on tokens: the answer is incomplete.{spent}")
}

pub fn no_reason(name: &str) -> String {
    format!("The server did not say why {name} stopped; its answer ended properly.")
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
    format!("The model declined to answer {name}: ask in other words.")
}

pub fn called_a_tool(name: &str) -> String {
    format!(
        "{name} ended with a call of a tool that this page does not have: the answer is \
         incomplete."
    )
}

pub fn failed_in_a_row(tries: u32) -> String {
    format!("It failed {tries} times in a row.")
}

pub fn asks_to_wait(asked: &str, limit: &str) -> String {
    format!("It asks to wait {asked} s; a run waits {limit} s at most.")
}

pub fn tokens(input: u64, output: u64, thinking: u64) -> String {
    let thinking = match thinking {
        0 => String::new(),
        some => format!(" ({some} thinking)"),
    };
    format!("{input} tokens in, {output} out{thinking}")
}

// Attempts.

pub fn try_waits_for_a_slot(number: u32, of: u32) -> String {
    format!("try {number} of {of} waits for a free slot")
}

pub fn try_in(number: u32, of: u32, seconds: &str) -> String {
    format!("try {number} of {of} in {seconds} s")
}

pub fn before_try(number: u32, of: u32) -> String {
    format!("before try {number} of {of}")
}

pub fn at_try(number: u32, of: u32) -> String {
    format!("try {number} of {of}")
}

pub fn waits_for(number: u32, of: u32) -> String {
    format!("waits for try {number} of {of}")
}

pub fn sent_again_without(part: &str) -> String {
    format!("It was sent again at once, without {part}.")
}

/// Part of a list of facts about a call.
pub fn without(parts: &str) -> String {
    format!("without {parts}, which the server refused")
}

pub fn then_a_wait(seconds: &str) -> String {
    format!("Then a wait of {seconds} s.")
}

pub fn try_failed(number: usize, after: &str, error: &str, then: &str) -> String {
    format!("Try {number} failed after {after} s: {error} {then}")
}

// A guess beside the truth.

pub fn guessed_right(said: &str, took: &str) -> String {
    format!("You guessed {said} s, and it took {took} s.")
}

pub fn guessed_too_little(said: &str, took: &str, off: &str) -> String {
    format!("You guessed {said} s; it took {took} s, {off} s more.")
}

pub fn guessed_too_much(said: &str, took: &str, off: &str) -> String {
    format!("You guessed {said} s; it took {took} s, {off} s less.")
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
    format!("queued since {at}")
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

pub fn first_word_at(at: &str) -> String {
    format!(", first word at {at}")
}

pub fn queued_for(seconds: &str) -> String {
    format!(", queued for {seconds} s")
}
