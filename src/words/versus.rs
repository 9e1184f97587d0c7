//! LangChain and ADK compared, row by row: what each of them does with the pipeline at hand.

// What is compared.

pub fn more(more: usize) -> String {
    format!("{more} more")
}

// What the dictionary and the session's state hold.

fn results(count: usize) -> String {
    match count {
        1 => "1 result".to_owned(),
        some => format!("{some} results"),
    }
}

pub fn lost(count: usize) -> String {
    let (results, are) = (results(count), if count == 1 { "is" } else { "are" });
    format!("The caller gets only the exception: {results} that had arrived {are} lost.")
}

pub fn held(count: usize) -> String {
    let results = results(count);
    format!("The map holds {results} and passes none on until its last chain ends.")
}

pub fn written_and_stay(written: usize, all: usize) -> String {
    format!("{written} of {all} keys are written and stay, whatever happens to the other agents.")
}

pub fn none_written(all: usize) -> String {
    format!("None of {all} keys is written yet.")
}

pub fn written_since(written: usize, all: usize, last: &str) -> String {
    format!("{written} of {all} keys are there, the last since {last} s.")
}

pub fn written_each(written: usize, all: usize, last: &str) -> String {
    format!("{written} of {all} keys are written, each when its agent ended, the last at {last} s.")
}

// What a failure does by itself.

pub fn ran_on(names: &str) -> String {
    format!(" {names} ran on unused.")
}

pub fn would_run_on(names: &str) -> String {
    format!(" {names} would run on.")
}

pub fn would_be_canceled(names: &str) -> String {
    format!(" {names} would be canceled then.")
}

pub fn lost_keys(keys: &str) -> String {
    format!(" Lost: {keys}.")
}

pub fn kept_keys(keys: &str) -> String {
    format!(" Kept: {keys}.")
}

pub fn here(who: &str, when: &str, others: &str, results: &str) -> String {
    format!("Here {who} failed at {when} s.{others}{results}")
}

// What it takes to do what is set; each continues "To cancel the rest:" and the like.

pub fn to_do(label: &str, says: &str) -> String {
    format!("To {}: {says}", super::in_sentence(label))
}

// The primitive.

pub fn is_a_passthrough(names: &str) -> String {
    format!(" {names} is a RunnablePassthrough: no call, only its input.")
}

pub fn parallel_agent(edges: &str) -> String {
    format!(
        "A ParallelAgent waits for its slowest agent. Both are deprecated in ADK 2: a Workflow, \
         {edges}, takes their place."
    )
}

pub fn parallel_agent_with_edges() -> String {
    parallel_agent("with an edge wherever one reads what another writes")
}

pub fn needs_no_agent(names: &str) -> String {
    format!(" {names} needs no agent: its value is in the state already.")
}

// How results travel.

pub fn in_the_dictionary(reader: &str, keys: &str) -> String {
    format!("In the dictionary, key by key; {reader}'s prompt reads {keys} from it.")
}

pub fn in_the_dictionary_at_once(reader: &str, keys: &str) -> String {
    format!(
        "In the dictionary that a map returns, all at once; {reader}'s prompt reads {keys} from \
         it."
    )
}

pub fn handed_on(keys: &str, several: bool) -> String {
    let has = if several { "have" } else { "has" };
    format!(
        " What no map writes is lost after it: {keys} {has} to be passed on (RunnablePassthrough, or \
         itemgetter)."
    )
}

pub fn in_the_state(reader: &str, keys: &str) -> String {
    format!(
        "In the session's state, each as soon as its agent has ended; {reader}'s instruction \
         reads {keys} from it. What is in the state stays there: nothing has to be passed on."
    )
}

// In which order.

pub fn as_written(names: &str) -> String {
    format!("In the order of the keys in the program, whichever ends first: {names}.")
}

pub fn as_they_ended(names: &str) -> String {
    format!("As the agents ended in this run: {names}.")
}

pub fn as_they_end(names: &str) -> String {
    format!("As the agents end, so far: {names}.")
}

// Waits that serve no agent.

pub fn one_for_others(one: &str, others: &str) -> String {
    format!("{one} for {others}")
}

pub fn costs_nothing(free: &str) -> String {
    format!(" In this run that costs nothing: {free} s either way.")
}

pub fn makes(barred: &str, free: &str) -> String {
    format!(" With this run's lengths that makes {barred} s instead of {free} s.")
}

// How many at once.

fn all(wide: usize) -> String {
    match wide {
        1 => "the one".to_owned(),
        2 => "both".to_owned(),
        some => format!("all {some}"),
    }
}
fn all_at_once(wide: usize) -> String {
    match wide {
        1 => "One".to_owned(),
        2 => "Both at once".to_owned(),
        some => format!("All {some} at once"),
    }
}

pub fn passed_over(wide: usize) -> String {
    let at_once = all_at_once(wide);
    format!("{at_once}. ainvoke ignores max_concurrency; invoke keeps to it, with threads.")
}

pub fn invoke_keeps(limit: usize, wide: usize) -> String {
    format!("invoke keeps to {limit}, with threads; ainvoke would start {}.", all(wide))
}

pub fn no_limit(wide: usize) -> String {
    let at_once = all_at_once(wide);
    format!("{at_once}: ParallelAgent has no limit. ADK 2's Workflow has max_concurrency.")
}

pub fn workflow_keeps(limit: usize, wide: usize) -> String {
    format!("Workflow keeps to {limit}; ParallelAgent would start {}.", all(wide))
}

// A key that no agent wrote.

pub fn before_any_call(key: &str) -> String {
    format!(
        "Before any call: the prompt names what it expected, {key}, and what it received. There \
         is no optional key."
    )
}

pub fn when_its_agent_begins(key: &str) -> String {
    format!("When its agent begins. With {{{key}?}} it is empty instead.")
}

pub fn hedged(who: &str, after: &str, says: &str) -> String {
    format!("To ask {who} again after {after} s: {says}")
}

pub fn quorum(who: &str, answers: usize, says: &str) -> String {
    let answers = super::counted(answers, "answer", "answers");
    format!("For {who} to begin with {answers}: {says}")
}
