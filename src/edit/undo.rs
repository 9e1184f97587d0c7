//! The draft with its past: undo, redo, and what of it runs.

use super::{AgentText, Command, Draft, Edited, Field};

/// So many steps can be undone.
const MOST_STEPS: usize = 200;

/// A draft with its past.
#[derive(Clone, Debug)]
pub struct Editor {
    draft: Draft,
    past: Vec<Draft>,
    future: Vec<Draft>,
    /// The field that is being typed into, and how many words it had.
    typing: Option<(u32, Field, usize)>,
    /// The ids and names of the agents when they were a pipeline last.
    valid: Vec<(u32, String)>,
}

/// Agents that have another name now, or are gone.
pub type Renamed = Vec<(String, Option<String>)>;

impl Editor {
    /// Begins with the agents of a pipeline.
    pub fn new(agents: Vec<AgentText>) -> Self {
        let draft = Draft::new(agents);
        let valid = names(&draft);
        Self { draft, past: Vec::new(), future: Vec::new(), typing: None, valid }
    }

    /// As it stands.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Does something, as a step that can be undone. Typing in one field is a step a word.
    pub fn apply(&mut self, command: &Command) {
        let before = self.draft.clone();
        self.draft.apply(command);
        if self.draft == before {
            return;
        }
        let typing = match command {
            Command::Write(id, field, text) => Some((*id, *field, text.split_whitespace().count())),
            _ => None,
        };
        if typing.is_none() || typing != self.typing {
            self.past.push(before);
            let surplus = self.past.len().saturating_sub(MOST_STEPS);
            self.past.drain(..surplus);
        }
        self.typing = typing;
        self.future.clear();
    }

    /// Ends the step that is being typed: the field was left.
    pub fn leave_field(&mut self) {
        self.typing = None;
    }

    /// Whether there is a step to undo.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is a step to do again.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Takes the last step back.
    pub fn undo(&mut self) {
        self.typing = None;
        if let Some(before) = self.past.pop() {
            self.future.push(std::mem::replace(&mut self.draft, before));
        }
    }

    /// Does the step again that was taken back last.
    pub fn redo(&mut self) {
        self.typing = None;
        if let Some(after) = self.future.pop() {
            self.past.push(std::mem::replace(&mut self.draft, after));
        }
    }

    /// Takes over what was set elsewhere on the page, such as a dragged latency, which is no step.
    pub fn take(&mut self, name: &str, field: Field, text: &str) {
        let agents = self.draft.agents().iter();
        let ids: Vec<u32> = (agents.filter(|agent| agent.text.get(Field::Name).trim() == name))
            .map(|agent| agent.id)
            .collect();
        for id in ids {
            self.draft.apply(&Command::Write(id, field, text.into()));
        }
    }

    /// The pipeline that the draft is, and who is called otherwise than when it was one last.
    pub fn settle(&mut self) -> Option<(Edited, Renamed)> {
        let edited = self.draft.edited()?;
        let now = names(&self.draft);
        let renamed = (self.valid.iter())
            .map(|(id, name)| {
                // After a reset another one may be there under the same name.
                let same = now.iter().find(|(own, _)| own == id);
                let same = same.or_else(|| now.iter().find(|(_, other)| other == name));
                let new = same.map(|(_, name)| name.clone());
                (name.clone(), new)
            })
            .filter(|(old, new)| new.as_ref() != Some(old))
            .collect();
        self.valid = now;
        Some((edited, renamed))
    }
}

fn names(draft: &Draft) -> Vec<(u32, String)> {
    let agents = draft.agents().iter();
    agents.map(|agent| (agent.id, agent.text.get(Field::Name).trim().to_owned())).collect()
}
