//! Why a call, a pipeline or a key is not what it should be, in the words of errors.

// What happened.

pub fn answered_with_error(status: u16) -> String {
    format!("the server answered with error {status}")
}

pub fn answered_with(status: u16, message: &str) -> String {
    format!("the server answered with error {status}: {message}")
}

pub fn answered_with_an_error(message: &str) -> String {
    match message {
        "" => "the server answered with an error".into(),
        message => format!("the server answered with an error: {message}"),
    }
}

pub fn could_not_reach(origin: &str) -> String {
    format!("could not reach {origin}")
}

pub fn answered_with_other(found: &str) -> String {
    format!("the server answered with {found}")
}

pub fn limit_spent(thinking_tokens: u64) -> String {
    match thinking_tokens {
        0 => "the limit on output tokens was reached before the answer began".into(),
        spent => format!(
            "the limit on output tokens was reached before the answer began: {spent} tokens went \
             into thinking"
        ),
    }
}

pub fn piece_too_long(limit: &str) -> String {
    format!("one piece of the answer is longer than {limit}, and the call was ended")
}

pub fn no_answer_within(seconds: &str) -> String {
    format!("no answer within {seconds} s")
}

pub fn stalled(seconds: &str) -> String {
    format!("the answer stalled for {seconds} s")
}

pub fn run_too_long(seconds: &str) -> String {
    format!("the run hit its {seconds} s timeout")
}

// Why a list of agents is no pipeline.

pub fn same_name(name: &str) -> String {
    format!("two agents are called {name}: rename one of them")
}

pub fn reads_its_own(name: &str) -> String {
    format!("{name} reads its own output: it could never start")
}

pub fn circle(names: &str, first: &str) -> String {
    format!("these agents wait for each other: {names} → {first}")
}

pub fn unwritten(agent: &str, key: &str, near: Option<&str>) -> String {
    let near = near.map(|near| format!(": did you mean {{{near}}}?")).unwrap_or_default();
    format!("{agent} reads {{{key}}}, which no agent writes{near}")
}

pub fn written_twice(first: &str, second: &str, key: &str) -> String {
    format!("{first} and {second} both write {{{key}}}: give one another output key")
}

pub fn writes_an_input(second: &str, key: &str) -> String {
    format!("{second} writes {{{key}}}, which is an input: give it another output key")
}

pub fn not_a_key(name: &str) -> String {
    format!("`{name}` is not a key: use letters, digits and _")
}
