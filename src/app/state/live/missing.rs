//! What is missing to call a live model, and where the reader puts that right.

use leptos::prelude::*;

use super::LiveState;

/// What is missing to call a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// Where the reader can put it right; `None` where no field helps.
    pub field: Option<MissingField>,
    /// What is wrong, in a sentence.
    pub problem: String,
}

/// Where what is missing is put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingField {
    /// The base URL.
    BaseUrl,
    /// The warning about a host that a link has set.
    Host,
    /// The key.
    Key,
}

impl MissingField {
    /// That with a sentence about it.
    pub(super) fn problem(self, problem: String) -> Missing {
        Missing { field: Some(self), problem }
    }
}

impl From<&str> for Missing {
    fn from(problem: &str) -> Self {
        Self { field: None, problem: problem.into() }
    }
}

impl LiveState {
    /// Whether the reader wanted to call it without that; follows it.
    pub fn lacks(self, field: MissingField) -> bool {
        self.missing.with(|missing| missing.as_ref().is_some_and(|m| m.field == Some(field)))
    }

    /// Takes back what was said to be missing: the reader has changed something, or tries again.
    pub fn forget_missing(self) {
        let Some(missing) = self.missing.get_untracked() else { return };
        self.missing.set(None);
        if self.settings.notice.with_untracked(|now| now.as_ref() == Some(&missing.problem)) {
            self.settings.notice.set(None);
        }
    }

    /// Says what is missing, and shows the field where that can be put right.
    pub fn refuse(self, missing: Missing) {
        self.settings.notice.set(Some(missing.problem.clone()));
        self.missing.set(Some(missing));
    }
}
