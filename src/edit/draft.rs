//! The agents as they stand in their fields, and what can be done to them.

use super::{AgentText, Edited, Field, MOST_AGENTS, Problem, problems};
use crate::pipeline::Work;
use crate::presets;
use crate::state::Key;
use crate::template::rekey;

/// An agent in its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Identifies it, also after it was moved or renamed.
    pub id: u32,
    /// Its texts.
    pub text: AgentText,
    /// The key that the others' prompts have for its answer. It lags behind the one that is typed as
    /// long as that is none, or another agent's.
    known: Option<Key>,
}

/// All agents in their fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    agents: Vec<Typed>,
    next: u32,
}

/// A change of a draft. Agents are given by id; a command for one that is gone does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Adds one at the end.
    Add,
    /// Removes one, and its key from the prompts that read it.
    Remove(u32),
    /// Moves one towards the beginning of the list.
    Up(u32),
    /// Moves one towards its end.
    Down(u32),
    /// Writes into a field. A new output key is written into the prompts that read the old one.
    Write(u32, Field, String),
    /// Whether it may search the web.
    Search(u32, bool),
    /// Whether a picture goes with its prompt.
    Sees(u32, bool),
    /// Says how its answer comes about.
    Work(u32, Work),
    /// Replaces all agents.
    Reset(Vec<AgentText>),
    /// Adds or removes the dependency of the first agent on the second.
    Need(u32, u32),
}

impl Draft {
    /// The agents of a pipeline.
    pub fn new(agents: Vec<AgentText>) -> Self {
        let agents: Vec<Typed> = (0..).zip(agents).map(|(id, text)| Typed::new(id, text)).collect();
        Self { next: agents.len() as u32, agents }
    }

    /// The agents, in list order.
    pub fn agents(&self) -> &[Typed] {
        &self.agents
    }

    /// The place of an agent.
    pub fn place(&self, id: u32) -> Option<usize> {
        self.agents.iter().position(|agent| agent.id == id)
    }

    /// The texts of an agent.
    pub fn text(&self, id: u32) -> Option<&AgentText> {
        Some(&self.agents[self.place(id)?].text)
    }

    fn texts(&self) -> Vec<AgentText> {
        self.agents.iter().map(|agent| agent.text.clone()).collect()
    }

    /// What keeps it from being a pipeline.
    pub fn problems(&self) -> Vec<Problem> {
        problems(&self.texts())
    }

    /// The pipeline that it is, if it is one.
    pub fn edited(&self) -> Option<Edited> {
        Edited::new(self.texts()).ok()
    }

    /// Whether one agent's prompts read another one's answer.
    pub fn needs(&self, reader: u32, writer: u32) -> bool {
        let key = self.text(writer).and_then(AgentText::key);
        key.zip(self.text(reader)).is_some_and(|(key, reader)| reader.reads(&key))
    }

    /// Whether one agent waits for another one, at once or through others.
    pub fn waits_for(&self, reader: u32, writer: u32) -> bool {
        let mut known = vec![reader];
        let mut next = 0;
        while let Some(id) = known.get(next).copied() {
            next += 1;
            let needed = self.agents.iter().map(|agent| agent.id);
            let new: Vec<u32> =
                needed.filter(|other| !known.contains(other) && self.needs(id, *other)).collect();
            known.extend(new);
        }
        reader != writer && known.contains(&writer)
    }

    /// Applies the command. The caller compares to find out whether anything changed.
    pub fn apply(&mut self, command: &Command) {
        match command {
            Command::Add => self.add(),
            Command::Remove(id) => self.remove(*id),
            Command::Up(id) => {
                if let Some(place) = self.place(*id).filter(|place| *place > 0) {
                    self.agents.swap(place, place - 1);
                }
            }
            Command::Down(id) => {
                if let Some(place) = self.place(*id).filter(|at| at + 1 < self.agents.len()) {
                    self.agents.swap(place, place + 1);
                }
            }
            Command::Write(id, field, text) => {
                if let Some(place) = self.place(*id) {
                    self.agents[place].text.set(*field, text.as_str());
                    if *field == Field::Key {
                        self.follow_keys();
                    }
                }
            }
            Command::Search(id, search) => {
                if let Some(place) = self.place(*id) {
                    self.agents[place].text.search = *search;
                }
            }
            Command::Sees(id, sees) => {
                if let Some(place) = self.place(*id) {
                    self.agents[place].text.sees = *sees;
                }
            }
            Command::Work(id, work) => {
                if let Some(place) = self.place(*id) {
                    self.agents[place].text.work = *work;
                }
            }
            Command::Reset(agents) => {
                let agents: Vec<Typed> = (self.next..)
                    .zip(agents)
                    .map(|(id, text)| Typed::new(id, text.clone()))
                    .collect();
                self.next += agents.len() as u32;
                self.agents = agents;
            }
            Command::Need(reader, writer) => self.need(*reader, *writer),
        }
    }

    fn add(&mut self) {
        if self.agents.len() >= MOST_AGENTS {
            return;
        }
        let free = |word: &str, field| {
            let taken = |name: &String| {
                self.agents.iter().any(|other| other.text.get(field).trim() == name)
            };
            (self.agents.len() + 1..).map(|n| format!("{word}{n}")).find(|name| !taken(name))
        };
        let mut text = AgentText::default();
        text.set(Field::Name, free("agent", Field::Name).unwrap_or_default());
        text.set(Field::Key, free("result", Field::Key).unwrap_or_default());
        text.set(Field::Latency, "1");
        text.set(Field::Prompt, "What is there to say about {topic}?");
        text.set(Field::Answer, "There is this to say about {topic}.");
        self.agents.push(Typed::new(self.next, text));
        self.next += 1;
    }

    fn remove(&mut self, id: u32) {
        let Some(place) = self.place(id) else { return };
        let gone = self.agents.remove(place);
        let Some(key) = gone.known else { return };
        // Another agent may have taken the key meanwhile.
        if self.agents.iter().all(|agent| agent.text.key().as_ref() != Some(&key)) {
            self.rekey(&key, None);
        }
    }

    fn need(&mut self, reader: u32, writer: u32) {
        let Some(key) = self.text(writer).and_then(AgentText::key) else { return };
        let Some(place) = self.place(reader).filter(|_| reader != writer) else { return };
        let agent = &mut self.agents[place].text;
        let added = format!("\n\n{{{key}}}");
        let prompt = agent.get(Field::Prompt);
        if !agent.reads(&key) {
            let prompt = format!("{prompt}{added}");
            agent.set(Field::Prompt, prompt);
            return;
        }
        let prompt = prompt.strip_suffix(&added).unwrap_or(prompt);
        let prompt = rekey(prompt, &key, None);
        let instruction = rekey(agent.get(Field::Instruction), &key, None);
        agent.set(Field::Prompt, prompt);
        agent.set(Field::Instruction, instruction);
    }

    /// Writes keys that were renamed into the prompts that read them.
    fn follow_keys(&mut self) {
        while let Some((place, typed)) = self.renamed_key() {
            if let Some(known) = self.agents[place].known.replace(typed.clone()) {
                self.rekey(&known, Some(&typed));
            }
        }
    }

    /// An agent whose typed key differs from the one in its readers' prompts, and is free.
    fn renamed_key(&self) -> Option<(usize, Key)> {
        self.agents.iter().enumerate().find_map(|(place, agent)| {
            let typed = agent.text.key().filter(|typed| agent.known.as_ref() != Some(typed))?;
            let is_its = |other: &Typed| {
                other.known.as_ref() == Some(&typed) || other.text.key().as_ref() == Some(&typed)
            };
            let taken = self.agents.iter().any(|other| other.id != agent.id && is_its(other));
            (!taken && typed != presets::topic_key()).then_some((place, typed))
        })
    }

    fn rekey(&mut self, key: &Key, to: Option<&Key>) {
        for agent in &mut self.agents {
            for field in [Field::Instruction, Field::Prompt, Field::Answer] {
                let text = agent.text.get(field);
                if text.contains(key.as_str()) {
                    let text = rekey(text, key, to);
                    agent.text.set(field, text);
                }
            }
        }
    }
}

impl Typed {
    fn new(id: u32, text: AgentText) -> Self {
        Self { id, known: text.key(), text }
    }
}
