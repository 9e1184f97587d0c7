//! The editor: its fields and buttons, what is wrong with a pipeline while it is written, why agents
//! wait for each other, and what that costs.

// The panel.

pub fn too_wide(most: usize) -> String {
    format!(
        "This pipeline has more than {most} agents, too many to edit here: set fewer Branches, or \
         choose another scenario."
    )
}

// Whether it is a pipeline.

pub fn fields(count: usize) -> String {
    match count {
        1 => "Fix 1 field.".into(),
        some => format!("Fix {some} fields."),
    }
}

pub fn invalid(what: &str) -> String {
    format!("{what} Until then, Run uses the last valid version.")
}

pub fn takes(schedule: &str, seconds: &str) -> String {
    format!("{schedule} {seconds} s")
}

/// No times are expected of a live model.
pub const VALID: &str = "Valid. Run uses this pipeline.";

pub fn valid(times: &str) -> String {
    format!("{VALID} Expected: {times}.")
}

// An agent.

pub fn problems(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 problem".into(),
        some => format!("{some} problems"),
    }
}

// What an edited pipeline says of itself.

pub fn title(agents: usize) -> String {
    format!("An edited pipeline of {}", super::counted(agents, "agent", "agents"))
}

// What is wrong; keys are shown in braces, as prompts have them.

pub fn too_many_agents(most: usize) -> String {
    format!("A pipeline can have at most {most} agents here.")
}

pub fn texts_too_long(most: usize) -> String {
    format!("The texts are too long: {most} bytes at most in all.")
}

pub fn too_long(most: usize) -> String {
    format!("Too long: {most} characters at most.")
}

pub fn name_taken(own: &str) -> String {
    format!("“{own}” stands for all branches in settings: choose another name.")
}

pub fn name_twice(own: &str) -> String {
    format!("Another agent is called {own}: rename one of them.")
}

pub fn key_of_the_input(key: &str) -> String {
    format!("{{{key}}} is the pipeline's input: choose another key.")
}

pub fn key_twice(other: &str, key: &str) -> String {
    format!("{other} writes {{{key}}} already: choose another key.")
}

pub fn latency_range(longest: u64) -> String {
    format!("A latency is a number of seconds from 0 to {longest}, such as 1.2.")
}

pub fn did_you_mean(key: &str, near: &str) -> String {
    format!("No agent writes {{{key}}}: did you mean {{{near}}}?")
}

pub fn no_agent_writes(key: &str) -> String {
    format!("No agent writes {{{key}}}: remove it, or give an agent that key.")
}

pub fn reads_its_own(key: &str) -> String {
    format!("It reads its own answer {{{key}}}, so it could never start.")
}

pub fn circle(names: &str, key: &str) -> String {
    format!("These wait for each other: {names}. Removing {{{key}}} here breaks the cycle.")
}

// Why the pipeline of a link is not shown.

pub fn link_cannot_run(why: &str) -> String {
    format!("cannot run: {why}")
}

pub fn link_not_shown(why: &str) -> String {
    format!("The pipeline in this link {why}. The scenario is shown instead.")
}

// Why agents wait, or do not.

pub fn starts_at_once(one: &str) -> String {
    format!("{one} starts immediately.")
}

pub fn are_independent(names: &str) -> String {
    format!("{names} are independent: none reads the output of another, directly or indirectly.")
}

pub fn waits_for(own: &str, names: &str, keys: &str) -> String {
    format!("{own} waits for {names}: its prompt reads {keys}.")
}

pub fn is_independent(own: &str, others: &str) -> String {
    format!("{own} is also independent of {others}.")
}

// What waiting costs.

pub fn waiting_costs(name: &str, with: &str, without: &str) -> String {
    format!("Waiting for {name}: parallel takes {with} s with it, {without} s without.")
}

pub fn waiting_is_free(names: &str) -> String {
    format!("Waiting for {names} costs no time: something else takes longer.")
}
