//! Messages of the page around this one, many of which may come in a moment: what they amount to.
//!
//! They are read the newest first, since of two values for one setting the newer counts, and only so
//! much of them is read at a time: a page that sends megabytes a second must not keep this one's
//! thread. What is left unread then is older than all that was read.

use super::message::{Message, Shown, Wish};

/// The most bytes of messages that are read at a time.
pub const MOST_BYTES: usize = 200_000;

/// The most settings that are changed at a time. Names that no setting has add up to nothing.
const MOST_WISHES: usize = 100;

/// What messages amount to.
#[derive(Debug, Default)]
pub struct Inbox {
    /// The newest first, each setting once.
    wishes: Vec<Wish>,
    shown: Option<Shown>,
    command: Option<Message>,
    bytes: usize,
}

impl Inbox {
    /// Whether no more is read.
    pub fn is_full(&self) -> bool {
        self.bytes >= MOST_BYTES
    }

    /// Whether a trace that came before the messages taken in would still be shown.
    pub fn takes_trace(&self) -> bool {
        self.shown.is_none()
    }

    /// Takes in a message that came before those that it has taken in already. `bytes` is how much
    /// there was to read.
    pub fn take(&mut self, message: Option<Message>, bytes: usize) {
        // What is empty has to be looked at as well.
        self.bytes += bytes + 100;
        match message {
            Some(Message::Set(wishes)) => {
                for wish in wishes.into_iter().rev() {
                    let is_new = self.wishes.iter().all(|(key, _)| *key != wish.0);
                    if is_new && self.wishes.len() < MOST_WISHES {
                        self.wishes.push(wish);
                    }
                }
            }
            Some(Message::Show(shown)) => drop(self.shown.get_or_insert(shown)),
            Some(command) => drop(self.command.get_or_insert(command)),
            None => {}
        }
    }

    /// What to do: first what is to be set, then what is to be shown and done.
    pub fn messages(mut self) -> impl Iterator<Item = Message> {
        self.wishes.reverse();
        let wishes = (!self.wishes.is_empty()).then_some(Message::Set(self.wishes));
        wishes.into_iter().chain(self.shown.map(Message::Show)).chain(self.command)
    }
}
