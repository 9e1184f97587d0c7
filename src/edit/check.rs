//! What keeps texts from being a pipeline, each told at the field where it can be put right.

use super::{AgentText, Field, MOST_AGENTS, MOST_TEXT};
use crate::pipeline::{Agent, Pipeline, PipelineError, Work, closest};
use crate::presets;
use crate::state::Key;
use crate::template::Template;
use crate::time::parse_seconds;
use crate::words;

/// Something that is wrong with what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// At which field of which agent, by place; `None`: with the list as a whole.
    pub at: Option<(usize, Field)>,
    /// What is wrong, and what to do.
    pub says: String,
}

/// Words that mean every branch where agents are named in settings.
const TAKEN: [&str; 2] = ["all", "*"];
/// The longest a simulated agent may take, in seconds.
const LONGEST: u64 = 60;

/// Everything that is wrong, in the order of agents and fields.
pub fn problems(agents: &[AgentText]) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut whole = |says: String| found.push(Problem { at: None, says });
    if agents.is_empty() {
        whole("The pipeline has no agents: add one.".into());
    }
    if agents.len() > MOST_AGENTS {
        whole(words::editor::too_many_agents(MOST_AGENTS));
    }
    if agents.iter().flat_map(|agent| &agent.texts).map(String::len).sum::<usize>() > MOST_TEXT {
        whole(words::editor::texts_too_long(MOST_TEXT));
    }
    // Nothing that follows is of use on a list of that size, and a stranger's link may hold one.
    if !found.is_empty() {
        return found;
    }
    let writers = Writers::of(agents);
    let circle = circle(agents, &writers);
    for (place, agent) in agents.iter().enumerate() {
        for field in Field::ALL {
            let says = match field {
                _ if agent.get(field).chars().count() > field.most() => {
                    Some(words::editor::too_long(field.most()))
                }
                Field::Name => name(agents, place),
                Field::Key => key(agents, &writers, place),
                Field::Latency if agent.work == Work::Model => latency(agent),
                Field::Latency => None,
                Field::Model => None,
                Field::Instruction | Field::Prompt => {
                    prompt(agent, field, &writers).or_else(|| waits(agents, &circle, place, field))
                }
                Field::Answer => None,
            };
            found.extend(says.map(|says| Problem { at: Some((place, field)), says }));
        }
    }
    found
}

/// The agent that writes each key first. A list, since there are few.
struct Writers(Vec<(Key, usize)>);

impl Writers {
    fn of(agents: &[AgentText]) -> Self {
        let mut writers = Self(Vec::new());
        for (place, agent) in agents.iter().enumerate() {
            let key = agent.key().filter(|key| *key != presets::topic_key());
            writers.0.extend(key.filter(|key| writers.get(key).is_none()).map(|key| (key, place)));
        }
        writers
    }

    fn get(&self, key: &Key) -> Option<usize> {
        self.0.iter().find(|(own, _)| own == key).map(|(_, place)| *place)
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        self.0.iter().map(|(key, _)| key)
    }
}

fn display_name(agent: &AgentText) -> &str {
    agent.get(Field::Name).trim()
}

fn name(agents: &[AgentText], place: usize) -> Option<String> {
    let own = display_name(&agents[place]);
    if own.is_empty() {
        return Some("Give the agent a name.".into());
    }
    if own.contains([',', ':']) || own.contains(char::is_control) {
        return Some(
            "A name has no comma and no colon, since settings list agents by name.".into(),
        );
    }
    if TAKEN.contains(&own) {
        return Some(words::editor::name_taken(own));
    }
    let same = agents[..place].iter().any(|other| display_name(other) == own);
    same.then(|| words::editor::name_twice(own))
}

fn key(agents: &[AgentText], writers: &Writers, place: usize) -> Option<String> {
    let typed = agents[place].get(Field::Key).trim();
    if typed.is_empty() {
        return Some("Give its answer a key, so that others can read it.".into());
    }
    let Some(key) = Key::new(typed) else {
        return Some("A key is letters, digits and _, and begins with no digit.".into());
    };
    match writers.get(&key) {
        None => Some(words::editor::key_of_the_input(key.as_str())),
        Some(first) if first != place => {
            let other = display_name(&agents[first]);
            Some(words::editor::key_twice(other, key.as_str()))
        }
        Some(_) => None,
    }
}

fn latency(agent: &AgentText) -> Option<String> {
    let read = parse_seconds(agent.get(Field::Latency));
    let fits = read.is_some_and(|latency| latency.as_secs_f64() <= LONGEST as f64);
    (!fits).then(|| words::editor::latency_range(LONGEST))
}

fn prompt(agent: &AgentText, field: Field, writers: &Writers) -> Option<String> {
    let text = agent.get(field);
    if field == Field::Prompt && text.trim().is_empty() {
        return Some("Write what it is asked.".into());
    }
    let topic = presets::topic_key();
    let unknown =
        |key: &Key, optional: bool| !optional && *key != topic && writers.get(key).is_none();
    let template = Template::new(text);
    let (key, _) = template.holes().find(|(key, optional)| unknown(key, *optional))?;
    let own = agent.key().unwrap_or_else(|| topic.clone());
    let near = closest(key, writers.keys().chain([&topic]), &own);
    Some(match near {
        Some(near) => words::editor::did_you_mean(key.as_str(), near.as_str()),
        None => words::editor::no_agent_writes(key.as_str()),
    })
}

/// The agents of one circle, each of which reads what the one before it writes.
fn circle(agents: &[AgentText], writers: &Writers) -> Vec<usize> {
    // The rest must not hide it: each has a name and a key of its own, and every key that no agent
    // writes is there from the beginning.
    let spare = "_".repeat(writers.keys().map(|key| key.as_str().len()).max().unwrap_or(0) + 1);
    let mut inputs = vec![presets::topic_key()];
    let mut plain = Vec::new();
    for (place, agent) in agents.iter().enumerate() {
        let own = agent.key().filter(|key| writers.get(key) == Some(place));
        let Some(output_key) = own.or_else(|| Key::new(&format!("{spare}{place}"))) else {
            continue;
        };
        let [instruction, prompt] =
            [Field::Instruction, Field::Prompt].map(|field| Template::new(agent.get(field)));
        let unwritten = instruction.holes().chain(prompt.holes()).map(|(key, _)| key);
        inputs.extend(unwritten.filter(|key| writers.get(key).is_none()).cloned());
        plain.push(Agent {
            name: place.to_string(),
            label: None,
            instruction,
            prompt,
            output_key,
            model: None,
            tools: Vec::new(),
            work: Work::Model,
        });
    }
    match Pipeline::new(inputs, plain) {
        Err(PipelineError::Cycle(names)) => names.iter().filter_map(|n| n.parse().ok()).collect(),
        _ => Vec::new(),
    }
}

fn waits(agents: &[AgentText], circle: &[usize], place: usize, field: Field) -> Option<String> {
    let at = circle.iter().position(|member| *member == place)?;
    let before = circle[(at + circle.len() - 1) % circle.len()];
    let key = agents[before].key()?;
    let reads = Template::new(agents[place].get(field)).holes().any(|(read, _)| *read == key);
    if !reads {
        return None;
    }
    if before == place {
        return Some(words::editor::reads_its_own(key.as_str()));
    }
    let names =
        (circle[at..].iter().chain(&circle[..=at])).map(|member| display_name(&agents[*member]));
    let names = names.collect::<Vec<_>>().join(" → ");
    Some(words::editor::circle(&names, key.as_str()))
}
