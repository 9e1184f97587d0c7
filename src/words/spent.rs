//! What a live run has used and cost, and what the other schedule would have taken.

// Tokens and sums.

pub fn sum(tokens: u64, cost: Option<&str>, gaps: &str) -> String {
    match cost {
        Some(cost) => format!("{tokens} tokens, {cost}{gaps}"),
        None => format!("{tokens} tokens{gaps}"),
    }
}

pub const NOT_REPORTED: &str = "not reported";
pub const AS_FAR_AS_REPORTED: &str = " as far as the server reported it";

pub fn not_reported(calls: usize) -> String {
    format!("{calls} calls. The server reported no token usage.")
}

// The two schedules beside each other; "one" and "other" are such sums.

pub fn the_same_calls(calls: usize) -> String {
    format!("the same {calls} calls")
}

pub fn the_same_calls_but_length(calls: usize) -> String {
    format!("the same {calls} calls, with answers of different length")
}

pub fn calls_and_calls(parallel: usize, sequential: usize) -> String {
    format!("{parallel} calls and {sequential}, retries included")
}

pub fn compared(one: &str, other: &str, why: &str) -> String {
    format!("Parallel used {one}; sequential {other}: {why}.")
}

pub fn parallel_used(sum: &str, calls: usize) -> String {
    format!("Parallel used {sum} for {calls} calls.")
}

pub fn parallel_used_and_sequence_would(sum: &str, calls: usize) -> String {
    format!(
        "Parallel used {sum} for {calls} calls. Sequentially, the same calls read and write the \
         same, so they cost the same."
    )
}

pub fn sequential_used(sum: &str, calls: usize) -> String {
    format!("Sequential used {sum} for {calls} calls.")
}

pub fn sequential_took(measured: &str, estimate: &str) -> String {
    format!(
        "Sequential took {measured} s; the latencies of the parallel run add up to {estimate} s."
    )
}

pub fn sequential_would(estimate: &str) -> String {
    format!("Sequential would have taken {estimate} s (estimated from the measured latencies).")
}

pub fn measure(calls: usize) -> String {
    format!("Measure it: {calls} calls")
}

// The table.

pub fn tokens_in_out(schedule: &str) -> String {
    format!("{schedule} (tokens in, out)")
}

pub fn prices_of(as_of: &str) -> String {
    format!("Prices of {as_of}.")
}

pub fn thinking(tokens: u64) -> String {
    format!(" ({tokens} thinking)")
}
