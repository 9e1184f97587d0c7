//! Reads the body of an answer: events, or a document that is the whole answer.
//!
//! The body says what it is; what a server calls it counts only where the body says nothing. Whatever
//! loses no text is read as the vendors' own clients read it. What loses text is a failure: a body that
//! ends before the model has finished was cut, and a piece that cannot be read was garbled.

use std::collections::VecDeque;

use futures::stream::StreamExt;

use super::error;
use super::frames::{Event, Frame, Frames, LONGEST_PIECE};
use super::http::HttpResponse;
use super::json;
use super::provider::{Decoded, NOT_JSON, Provider, not_this};
use super::thoughts::Thoughts;
use crate::model::{Chunk, FinishReason, ModelError, Usage};
use crate::words;

/// Lines that are no events are kept up to that many bytes, to look for an error in them.
const STRAY: usize = 4096;

/// An answer that is being read.
pub(super) struct Reading<'a> {
    provider: &'a dyn Provider,
    response: HttpResponse,
    frames: Frames,
    /// How the body ended, once it has.
    ended: Option<Ended>,
    /// Whether the server called it an event stream, or sent an event all the same.
    is_event_stream: bool,
    /// Whether the server called it JSON.
    is_json: bool,
    /// Whether it is one document with the whole answer.
    is_document: bool,
    /// Whether something in it was what this API sends.
    begun: bool,
    /// What was as good as nothing, where nothing better comes.
    odd: Option<ModelError>,
    /// Lines that are no events.
    stray: String,
    /// What the call has cost so far. Anthropic says a part of it at a time.
    usage: Usage,
    /// Decoded and not yet handed on.
    chunks: VecDeque<Chunk>,
    thoughts: Thoughts,
    /// Half of a character that the next text may complete.
    half: Option<char>,
    /// Whether it has any text.
    has_text: bool,
    /// Why the model said that it stopped.
    finished: Option<FinishReason>,
    /// Whether text came after that: then the reason comes with every piece, and says nothing.
    says_stop_always: bool,
    /// Whether the API has said that nothing more will follow.
    last: bool,
    /// Whether what was held back has been handed on.
    is_flushed: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Ended {
    /// As a body ends.
    Whole,
    /// By a failure of the connection, or inside an event.
    Cut,
}

impl<'a> Reading<'a> {
    pub fn new(provider: &'a dyn Provider, response: HttpResponse) -> Self {
        let media_type = response.headers.media_type();
        Self {
            provider,
            response,
            frames: Frames::default(),
            ended: None,
            is_event_stream: media_type == "text/event-stream",
            is_json: media_type == "application/json",
            is_document: false,
            begun: false,
            odd: None,
            stray: String::new(),
            usage: Usage::default(),
            chunks: VecDeque::new(),
            thoughts: Thoughts::default(),
            half: None,
            has_text: false,
            finished: None,
            says_stop_always: false,
            last: false,
            is_flushed: false,
        }
    }

    /// The next piece of the answer; `None` at the end of a complete one.
    pub async fn next(&mut self) -> Result<Option<Chunk>, ModelError> {
        loop {
            if let Some(chunk) = self.chunks.pop_front() {
                return Ok(Some(chunk));
            }
            if let Some(frame) = self.frames.next() {
                self.take_frame(frame)?;
                continue;
            }
            if self.ended.is_some() {
                return self.end();
            }
            match self.response.body.next().await {
                Some(Ok(bytes)) => {
                    self.frames.push(&bytes);
                    // Comments, pings and pieces of an event: the server lives.
                    if !bytes.is_empty() {
                        self.chunks.push_back(Chunk::Alive);
                    }
                }
                end => {
                    self.ended = Some(if end.is_none() { Ended::Whole } else { Ended::Cut });
                    self.frames.end();
                }
            }
        }
    }

    fn take_frame(&mut self, frame: Frame) -> Result<(), ModelError> {
        // After the last event the body is still read to its end: breaking off here would cost the
        // connection, which the next call can use.
        if self.last {
            return Ok(());
        }
        match frame {
            Frame::Event(event) => self.take_event(event),
            Frame::Stray(line) => {
                if self.stray.len() < STRAY {
                    self.stray.push_str(&line);
                    self.stray.push('\n');
                }
                Ok(())
            }
            Frame::TooLong => Err(ModelError::TooLong { limit: LONGEST_PIECE }),
        }
    }

    fn take_event(&mut self, event: Event) -> Result<(), ModelError> {
        let data = event.data.trim();
        let is_error = matches!(event.name.as_str(), "error" | "exception");
        // A gateway may make data of a comment, or of a ping.
        if data.is_empty() || data.starts_with(':') || is_ping(data) && !is_error {
            return Ok(());
        }
        let error = match self.provider.decode(data) {
            Ok(_)
                if is_error
                    && json::parse(data).is_some_and(|value| error::stated(&value).is_none()) =>
            {
                error::inside_text(data)
            }
            Ok(decoded) => {
                self.is_event_stream |= !event.is_bare;
                self.is_document |= event.is_bare && decoded.is_whole;
                self.take(decoded);
                return Ok(());
            }
            Err(error) => error,
        };
        // Nothing spoils an answer that is finished.
        if self.finished.is_some() && !self.says_stop_always {
            return Ok(());
        }
        let error = match error {
            ModelError::NotThisApi { .. } | ModelError::Garbled if event.is_cut => {
                self.ended = Some(Ended::Cut);
                self.is_json |= event.is_bare;
                return Ok(());
            }
            ModelError::NotThisApi { .. } | ModelError::Garbled if is_error => {
                return Err(match json::parse(data) {
                    Some(value) => error::inside(&value),
                    None => error::inside_text(data),
                });
            }
            ModelError::Garbled if event.is_broken => {
                return Err(self.unreadable(not_this("something that is not text")));
            }
            ModelError::Garbled if json::parse(data).is_some() => match self.begun {
                true => ModelError::Garbled,
                false => return Err(not_this(words::api::NO_CHAT_COMPLETION)),
            },
            ModelError::Garbled if error::begins_as_one(data) => {
                return Err(error::inside_text(data));
            }
            error @ (ModelError::NotThisApi { .. } | ModelError::Garbled) => error,
            // What the API says about it.
            error => return Err(error),
        };
        let is_json = matches!(error, ModelError::NotThisApi { .. });
        // An event of another name is another program's, and so is foreign JSON in an answer that has
        // begun. A piece that is no JSON may have been a piece of the answer.
        let is_foreign = !event.name.is_empty() && !is_own_name(&event.name);
        if self.begun && is_json || is_foreign {
            self.odd.get_or_insert(self.unreadable(error));
            return Ok(());
        }
        Err(self.unreadable(error))
    }

    /// What a piece that cannot be read says: of an answer that had begun well, that it broke on the
    /// way; as the first thing that comes, that something else answers there.
    fn unreadable(&self, error: ModelError) -> ModelError {
        match error {
            ModelError::NotThisApi { .. } if self.begun => ModelError::Garbled,
            ModelError::Garbled if !self.begun => not_this(NOT_JSON),
            error => error,
        }
    }

    fn take(&mut self, decoded: Decoded) {
        self.begun = true;
        self.last = decoded.last;
        // Some end their stream with the whole message once more.
        let repeats = decoded.is_whole && self.has_text;
        for chunk in decoded.chunks {
            match chunk {
                Chunk::Text(_) if repeats => {}
                Chunk::Text(text) => {
                    let text = json::join_halves(&mut self.half, &text);
                    self.says_stop_always |= self.finished.is_some();
                    let chunks = self.thoughts.take(&text);
                    self.hand_on(chunks);
                }
                Chunk::Usage(more) => {
                    let usage = self.count(more);
                    self.chunks.push_back(Chunk::Usage(usage));
                }
                // A model stops once; some servers repeat the reason, and the last one counts.
                Chunk::Finish(reason) if self.finished == Some(reason) => {}
                Chunk::Finish(reason) => {
                    self.flush();
                    self.finished = Some(reason);
                    self.chunks.push_back(Chunk::Finish(reason));
                }
                chunk => self.chunks.push_back(chunk),
            }
        }
    }

    fn hand_on(&mut self, chunks: impl IntoIterator<Item = Chunk>) {
        for chunk in chunks {
            self.has_text |= matches!(chunk, Chunk::Text(_));
            self.chunks.push_back(chunk);
        }
    }

    /// Hands on what was held back.
    fn flush(&mut self) {
        let half = self.half.take().map(|_| char::REPLACEMENT_CHARACTER.to_string());
        if let Some(half) = half {
            let chunks = self.thoughts.take(&half);
            self.hand_on(chunks);
        }
        let held = self.thoughts.end();
        self.hand_on(held);
    }

    /// Adds up what is known of the cost: counts only grow.
    fn count(&mut self, more: Usage) -> Usage {
        let Usage { input_tokens, output_tokens, thinking_tokens } = self.usage;
        self.usage = Usage {
            input_tokens: input_tokens.max(more.input_tokens),
            output_tokens: output_tokens.max(more.output_tokens),
            thinking_tokens: thinking_tokens.max(more.thinking_tokens),
        };
        self.usage
    }

    /// Judges the answer when nothing more comes, for whatever reason.
    fn end(&mut self) -> Result<Option<Chunk>, ModelError> {
        if !std::mem::replace(&mut self.is_flushed, true) {
            self.flush();
            // A document that is whole cannot have been cut, and [DONE] is an end too: then the
            // model has finished, whatever its reason was.
            let is_whole = self.last || self.is_document && self.ended == Some(Ended::Whole);
            if self.finished.is_none() && is_whole {
                self.finished = Some(FinishReason::NotGiven);
                self.chunks.push_back(Chunk::Finish(FinishReason::NotGiven));
            }
            if let Some(chunk) = self.chunks.pop_front() {
                return Ok(Some(chunk));
            }
        }
        if self.finished.is_some() {
            return Ok(None);
        }
        // Before it is called cut, what was not understood is looked through for an error.
        let stray = std::mem::take(&mut self.stray);
        if error::is_told(&stray) {
            return Err(error::inside_text(&stray));
        }
        Err(match self.odd.take() {
            Some(odd) if !self.begun => odd,
            _ if self.is_event_stream || self.begun => ModelError::Cut,
            _ if self.ended == Some(Ended::Cut) && self.is_json => ModelError::Cut,
            _ if self.is_json => not_this(NOT_JSON),
            _ => not_this("something that is not an event stream"),
        })
    }
}

/// The names that the APIs give to their own events.
fn is_own_name(name: &str) -> bool {
    let own = ["message", "content_block", "ping", "completion", "chunk", "data", "error"];
    own.iter().any(|own| name.starts_with(own))
}

/// What servers send, as data, only to keep a connection open.
fn is_ping(data: &str) -> bool {
    let word = data.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
    match data.starts_with('{') {
        true => matches!(word.replace([' ', '"'], "").as_str(), "type:ping" | "type:keepalive"),
        false => matches!(word.as_str(), "ping" | "keepalive" | "keep-alive" | "heartbeat"),
    }
}
