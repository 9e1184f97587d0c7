//! Cuts a body into events, as tolerantly as can be without losing anything.
//!
//! Servers break the standard for event streams in ways that their own clients do not notice: one line
//! end between two events in place of two, an error as bare JSON, an error in a comment, a field called
//! `error`. So an event ends here as soon as its JSON is whole, and whatever is no field of an event
//! stream is kept for a second look. Libraries for event streams do as the standard says, and drop it.

use std::collections::VecDeque;

use super::json::Depth;
use crate::model::LONGEST_ANSWER;

/// The most bytes of one event, and of an answer in one piece: twice the longest answer, since JSON
/// takes more bytes than the text in it. It has to be in memory as a whole to be read: without a limit
/// a server could fill the page's memory, or keep its thread, with a single one.
pub const LONGEST_PIECE: usize = 2 * LONGEST_ANSWER;

/// What a body has next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// An event, or a document that stands by itself.
    Event(Event),
    /// A line that is neither a part of an event nor JSON.
    Stray(String),
    /// Longer than anything that an API sends.
    TooLong,
}

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// Its name; mostly empty.
    pub name: String,
    /// Its data.
    pub data: String,
    /// Whether some of its bytes were no text.
    pub is_broken: bool,
    /// Whether the body ended inside of it.
    pub is_cut: bool,
    /// Whether it stood by itself, without the form of an event.
    pub is_bare: bool,
}

/// Cuts bytes into frames.
#[derive(Default)]
pub(super) struct Frames {
    line: Vec<u8>,
    /// Whether the last line ended with a carriage return, whose line feed may follow.
    after_return: bool,
    /// Whether the first line has been seen, which may begin with a byte order mark.
    begun: bool,
    name: String,
    /// What has come of the present event's data.
    data: Option<Event>,
    data_depth: Depth,
    /// The comments of the present event.
    comments: String,
    bare: Option<Event>,
    bare_depth: Depth,
    frames: VecDeque<Frame>,
}

impl Frames {
    /// Takes the next bytes of the body.
    pub fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let after_return = std::mem::take(&mut self.after_return);
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => {
                    self.after_return = *byte == b'\r';
                    let line = std::mem::take(&mut self.line);
                    self.take_line(&line);
                }
                _ => self.line.push(*byte),
            }
        }
        if self.line.len() > LONGEST_PIECE {
            self.line.clear();
            self.frames.push_back(Frame::TooLong);
        }
    }

    /// Takes the end of the body: what is not whole then was cut.
    pub fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        // In the middle of a character, the line was cut too.
        if !line.is_empty() && std::str::from_utf8(&line).is_ok() {
            self.take_line(&line);
        }
        let whole = (self.data.take(), self.bare.take());
        for event in [whole.0, whole.1].into_iter().flatten() {
            self.frames.push_back(Frame::Event(Event { is_cut: true, ..event }));
        }
        self.end_event();
    }

    /// The next frame that is whole.
    pub fn next(&mut self) -> Option<Frame> {
        self.frames.pop_front()
    }

    fn take_line(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let is_broken = matches!(text, std::borrow::Cow::Owned(_));
        let line = match std::mem::replace(&mut self.begun, true) {
            false => text.strip_prefix('\u{feff}').unwrap_or(&text),
            true => &text,
        };
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" | "event" if self.bare.is_some() => {
                // What had begun by itself never ended.
                let event = self.bare.take().unwrap_or_default();
                self.frames.push_back(Frame::Event(event));
                self.take_line(bytes);
            }
            _ if self.bare.is_some() => self.more_bare(line, is_broken),
            "" if line.is_empty() => self.end_event(),
            "" => {
                if self.comments.len() < ERROR_COMMENT {
                    self.comments.push_str(value);
                    self.comments.push('\n');
                }
            }
            "event" => self.name = value.trim().to_owned(),
            "id" | "retry" => {}
            "data" => self.more_data(value, is_broken),
            "error" => {
                self.bare = Some(Event { name: field.into(), is_bare: true, ..Event::default() });
                self.bare_depth = Depth::default();
                self.more_bare(value, is_broken);
                // A sentence has no end of its own.
                if !self.bare_depth.is_open() {
                    self.end_bare();
                }
            }
            _ if line.trim_start().starts_with(['{', '[']) && self.data.is_none() => {
                self.bare = Some(Event { is_bare: true, ..Event::default() });
                self.bare_depth = Depth::default();
                self.more_bare(line, is_broken);
            }
            // JSON that goes on over lines without the field's name before each.
            _ if self.data.is_some() && self.data_depth.is_open() => {
                self.more_data(line, is_broken);
            }
            _ if line.trim().is_empty() => {}
            _ => self.frames.push_back(Frame::Stray(line.into())),
        }
    }

    fn more_data(&mut self, value: &str, is_broken: bool) {
        if self.data.is_none() {
            self.data_depth = Depth::default();
        }
        let event = self.data.get_or_insert_default();
        if !event.data.is_empty() {
            event.data.push('\n');
        }
        event.data.push_str(value);
        event.is_broken |= is_broken;
        let is_json = event.data.trim_start().starts_with(['{', '[']);
        if event.data.len() > LONGEST_PIECE {
            self.data = None;
            self.frames.push_back(Frame::TooLong);
            return;
        }
        self.data_depth.feed(value);
        self.data_depth.feed("\n");
        if is_json && self.data_depth.is_whole() {
            // The blank line may be missing, and what follows is an event of its own.
            self.end_data();
        }
    }

    fn end_data(&mut self) {
        if let Some(event) = self.data.take() {
            let name = self.name.clone();
            self.comments.clear();
            self.frames.push_back(Frame::Event(Event { name, ..event }));
        }
    }

    fn more_bare(&mut self, line: &str, is_broken: bool) {
        let Some(event) = &mut self.bare else { return };
        event.data.push_str(line);
        event.data.push('\n');
        event.is_broken |= is_broken;
        if event.data.len() > LONGEST_PIECE {
            self.bare = None;
            self.frames.push_back(Frame::TooLong);
            return;
        }
        self.bare_depth.feed(line);
        if self.bare_depth.is_whole() {
            self.end_bare();
        }
    }

    fn end_bare(&mut self) {
        self.frames.extend(self.bare.take().map(Frame::Event));
    }

    /// A blank line.
    fn end_event(&mut self) {
        self.end_data();
        let (name, comments) = (std::mem::take(&mut self.name), std::mem::take(&mut self.comments));
        if name == "error" && !comments.trim().is_empty() {
            let event = Event { name, data: comments, ..Event::default() };
            self.frames.push_back(Frame::Event(event));
        }
    }
}

/// No more of an event's comments is kept after that many bytes.
const ERROR_COMMENT: usize = 4096;
