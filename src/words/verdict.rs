//! Was it really parallel? The answer, and what kept it from being so.

pub fn parallel(at_once: usize) -> String {
    format!("Yes, parallel: {at_once} at once.")
}

pub fn partly(at_once: usize) -> String {
    format!("Partly: {at_once} at once, and something was held back.")
}

pub fn saved(took: &str, would: &str, times: &str) -> String {
    format!(
        "It took {took} s; one after another, the same work takes {would} s ({times} times as long)."
    )
}

pub fn and_more(names: &str, more: usize) -> String {
    format!("{names} and {more} more")
}

pub fn own_limit(limit: usize, names: &str, cost: &str) -> String {
    match limit {
        1 => format!("This run starts one agent at a time: {names} waited {cost} s in all."),
        _ => {
            format!("The concurrency limit is {limit}: {names} waited {cost} s in all for a slot.")
        }
    }
}

pub fn limit(at_once: usize, names: &str) -> String {
    format!(
        "Never more than {at_once} at once: {names} began just as another call ended. That looks like \
         a concurrency limit."
    )
}

pub fn slots(at_once: usize, names: &str) -> String {
    let answers = match at_once {
        1 => "one answer at a time".to_owned(),
        some => format!("{some} answers at once"),
    };
    // A page cannot see what its requests waited for on their way to another host.
    let connections = match at_once {
        6 => {
            " Or the browser does: it opens six connections to one host over HTTP/1.1, one request \
             each."
        }
        _ => "",
    };
    format!(
        "The server works on {answers}: the first tokens of {names} came only as another answer \
         ended, though they had been asked before.{connections}"
    )
}

pub fn connections(one_at_a_time: bool, names: &str, cost: &str) -> String {
    let why = match one_at_a_time {
        true => " Over HTTP/1.1 a browser opens six connections to one host, one request each.",
        false => "",
    };
    format!("{names} waited {cost} s in all for a connection.{why}")
}

pub fn back_off(names: &str, cost: &str) -> String {
    format!(
        "The server refused calls (429, too many): {names} waited {cost} s in all before the next attempt."
    )
}

pub fn dependency(names: &str) -> String {
    format!("Each agent needs what the one before it writes: {names}. None of them could overlap.")
}

pub fn needless(names: &str) -> String {
    format!(
        "Candidates for overlapping: {names} ran one after another, and nothing in the file says that \
         one needs the other. A file cannot prove that they are independent."
    )
}

pub fn blocked(names: &str, cost: &str) -> String {
    format!("{names} blocked the event loop for {cost} s, so no other agent could start or resume.")
}

pub fn could_take(could: &str, took: &str) -> String {
    format!("Without that, it would have taken {could} s instead of {took} s.")
}

pub fn could_take_if(could: &str, took: &str) -> String {
    format!("If they can overlap, it takes {could} s instead of {took} s.")
}
