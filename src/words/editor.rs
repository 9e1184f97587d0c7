//! The editor: its fields and buttons, what is wrong with a pipeline while it is written, why agents
//! wait for each other, and what that costs.

// The panel.

pub const EDITOR: &str = "Editor";
pub const CLOSE: &str = "Close";
pub const EDIT: &str = "Edit the pipeline";
pub const WRITE_BEFORE_THE_KEY: &str = "Write ";
pub const WRITE_AFTER_THE_KEY: &str =
    " into a prompt and an edge appears; take it out and it goes.";

pub fn too_wide(most: usize) -> String {
    format!(
        "This pipeline has more than {most} agents, which is too many to edit by hand: set how \
         many there are with Branches, or choose another."
    )
}

pub const EDITING: &str = "Editing";
pub const UNDO: &str = "Undo";
pub const REDO: &str = "Redo";
pub const ADD: &str = "Add agent";
pub const RESET: &str = "Reset to preset";
pub const WHO_IS_INDEPENDENT: &str = "Who is independent, and why";
pub const NAME: &str = "Name";

// Whether it is a pipeline.

pub fn fields(count: usize) -> String {
    match count {
        1 => "One field is to be put right.".into(),
        some => format!("{some} fields are to be put right."),
    }
}

pub const UNTIL_THEN: &str = " Until then Run runs the last pipeline that was whole.";

pub fn takes(schedule: &str, seconds: &str) -> String {
    format!("{schedule} {seconds} s")
}

pub const WHOLE: &str = "It is a pipeline, and Run runs it.";

pub fn whole(times: &str) -> String {
    format!("It is a pipeline, and Run runs it. Expected: {times}.")
}

// An agent.

pub const NAMELESS: &str = "an agent without a name";

pub fn problems(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 problem".into(),
        some => format!("{some} problems"),
    }
}

pub const MOVE_UP: &str = "Move up";
pub const MOVE_DOWN: &str = "Move down";
pub const REMOVE: &str = "Remove";
pub const KEY: &str = "Output key";
pub const LATENCY: &str = "Simulated latency (s)";
pub const INSTRUCTION: &str = "Instruction";
pub const PROMPT: &str = "Prompt";
pub const ANSWER: &str = "Simulated answer";
pub const MODEL: &str = "Own live model";
pub const MAY_SEARCH: &str = "May search the web (Gemini)";
pub const LOOKS: &str = "Looks at the picture";
pub const ASKS: &str = "asks a model";
pub const PASSES_ON: &str = "passes its prompt on";
pub const HOW_IT_ANSWERS: &str = "How it answers";
pub const NEEDS: &str = "Needs";
pub const COSTS: &str = "What waiting costs";

// What an edited pipeline says of itself.

pub fn question(agents: usize) -> String {
    let agents = match agents {
        1 => "one agent".to_owned(),
        some => format!("these {some} agents"),
    };
    format!("How long will {agents} take if whatever can start, starts?")
}

pub const SOURCE: &str = "The pipeline is edited: latencies and answers are as they were typed.";

// What is wrong; keys are shown in braces, as prompts have them.

pub const NO_AGENTS: &str = "The pipeline has no agents: add one.";

pub fn too_many_agents(most: usize) -> String {
    format!("A pipeline has at most {most} agents here.")
}

pub fn texts_too_long(most: usize) -> String {
    format!("The texts are too long together: {most} bytes is the most.")
}

pub fn too_long(most: usize) -> String {
    format!("Too long: {most} characters are the most.")
}

pub const NAME_MISSING: &str = "Give the agent a name.";
pub const NAME_WITH_COMMA: &str =
    "A name has no comma and no colon, since settings list agents by name.";

pub fn name_taken(own: &str) -> String {
    format!("“{own}” means every branch in settings: choose another name.")
}

pub fn name_twice(own: &str) -> String {
    format!("Another agent is called {own}: rename one of them.")
}

pub const KEY_MISSING: &str = "Give its answer a key, so that others can read it.";
pub const KEY_LETTERS: &str = "A key is letters, digits and _, and begins with no digit.";

pub fn key_of_the_input(key: &str) -> String {
    format!("{{{key}}} is the pipeline's input: choose another key.")
}

pub fn key_twice(other: &str, key: &str) -> String {
    format!("{other} writes {{{key}}} already: choose another key.")
}

pub fn latency_range(longest: u64) -> String {
    format!("A latency is a number of seconds from 0 to {longest}, such as 1.2.")
}

pub const PROMPT_MISSING: &str = "Write what it is asked.";

pub fn did_you_mean(key: &str, near: &str) -> String {
    format!("No agent writes {{{key}}}: did you mean {{{near}}}?")
}

pub fn nobody_writes(key: &str) -> String {
    format!("No agent writes {{{key}}}: take it out, or give an agent that key.")
}

pub fn reads_its_own(key: &str) -> String {
    format!("It reads its own answer {{{key}}}, so it could never start.")
}

pub fn circle(names: &str, key: &str) -> String {
    format!("These wait for each other: {names}. Taking {{{key}}} out here ends it.")
}

// Why the pipeline of a link is not shown.

pub const LINK_VERSION: &str = "is in a form that this page does not know";
pub const LINK_PRESET: &str = "began with a preset that is not here";
pub const LINK_TOO_LONG: &str = "is too long";
pub const LINK_DAMAGED: &str = "is damaged or cut short";

pub fn link_cannot_run(why: &str) -> String {
    format!("cannot run: {why}")
}

pub fn link_not_shown(why: &str) -> String {
    format!("The pipeline in this link {why}: the preset is shown instead.")
}

// Why agents wait, or do not.

pub fn starts_at_once(one: &str) -> String {
    format!("{one} starts at once.")
}

pub fn are_independent(names: &str) -> String {
    format!(
        "{names} are independent: none of them reads what another one writes, not even through \
         others."
    )
}

pub fn waits_for(own: &str, names: &str, keys: &str) -> String {
    format!("{own} waits for {names}, since its prompt reads {keys}.")
}

pub fn is_independent(own: &str, others: &str) -> String {
    format!("{own} is independent of {others} too: no text goes between them.")
}

// What waiting costs.

pub fn waiting_costs(name: &str, with: &str, without: &str) -> String {
    format!("Waiting for {name}: parallel takes {with} s with it and {without} s without.")
}

pub fn waiting_is_free(names: &str) -> String {
    format!("Waiting for {names} costs no time: something else takes longer.")
}
