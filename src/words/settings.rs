//! Settings: where the latencies come from, and values that are not valid or ask for too much.

pub fn no_agent_for_latency(name: &str) -> String {
    format!("latency: there is no agent called {name}.")
}

pub fn no_agent_to_fail(name: &str) -> String {
    format!("fail: there is no agent called {name}.")
}

pub fn no_agent_to_block(name: &str) -> String {
    format!("block: there is no agent called {name}.")
}

pub fn no_agent_for_quorum(name: &str) -> String {
    format!("quorum: there is no agent called {name}.")
}

pub fn no_agent_to_hedge(name: &str) -> String {
    format!("hedge: there is no agent called {name}.")
}

pub fn quorum(join: Option<&str>, answers: usize, of: usize, late_run_on: bool) -> String {
    let join = join.unwrap_or("A join");
    let answers = super::counted(answers, "answer", "answers");
    let late = match late_run_on {
        true => "Late branches run on, and nothing uses their answers.",
        false => "Late branches are canceled.",
    };
    format!("{join} begins with {answers} of {of}. {late}")
}

pub fn quorum_of_all(answers: usize, most: usize) -> String {
    match most {
        0 | 1 => {
            "No agent of this pipeline reads several others, so a quorum changes nothing.".into()
        }
        _ => format!(
            "No join has more than {most} branches, so a quorum of {answers} changes nothing."
        ),
    }
}

pub fn hedge(agent: Option<&str>, after: &str, is_simulated: bool) -> String {
    let agent = agent.unwrap_or("An agent");
    let exact = match is_simulated {
        true => {
            " Simulated calls of one agent take equally long, so the second call wins only where the \
             first one hangs or fails."
        }
        false => "",
    };
    format!(
        "{agent} is asked a second time if it has not answered after {after} s. The first answer \
         counts, and the other call is canceled.{exact}"
    )
}

pub fn too_many_at_once(calls: &str, most: usize) -> String {
    format!(
        "{calls} calls at once are more than browsers and APIs allow: set a concurrency \
         limit of at most {most}."
    )
}

pub fn no_sense(key: &str, value: &str) -> String {
    format!("Ignored {key}={value}: not a valid value.")
}

pub fn simulated(source: &str) -> String {
    format!("Simulated: scripted answers, real timers in your browser. {source}")
}

pub fn fanout_title(branches: usize, figure: &str) -> String {
    match branches {
        1 => "One branch, then one synthesis".to_owned(),
        _ => format!("{figure} identical branches, then one synthesis"),
    }
}

// What a field accepts.

pub const TEMPERATURE_RANGE: &str = "Enter a number from 0 to 2.";

pub fn whole_number(least: usize, most: Option<&str>) -> String {
    match most {
        Some(most) => format!("Enter a whole number from {least} to {most}."),
        None => format!("Enter a whole number of at least {least}."),
    }
}

pub fn seconds_above_zero(most: &str) -> String {
    format!("Enter seconds: more than 0, at most {most}.")
}

pub fn seconds_from_zero(most: &str) -> String {
    format!("Enter seconds: from 0 to {most}.")
}

pub fn answers_of(branches: usize) -> String {
    match branches {
        1 => "Enter 1: no agent reads several others.".to_owned(),
        _ => format!("Enter a number of answers from 1 to {branches}."),
    }
}
