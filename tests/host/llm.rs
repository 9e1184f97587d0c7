//! Live models, on a transport that plays bodies from memory.
//!
//! Every body is decoded at each chunk size from one byte to all of them, and must read the same.

mod answers;
mod doctor;
mod failures;
mod hints;
mod keyring;
mod keys;
mod notes;
mod pictures;
mod prices;
mod random;
mod requests;
mod resent;
mod servers;
mod sign_in;
mod streams;
mod trust;
mod vendors;

use std::cell::{Cell, RefCell};
use std::ops::RangeInclusive;
use std::rc::Rc;

use converge::clock::VirtualClock;
use converge::llm::http::{HttpRequest, HttpResponse, Transport, TransportError};
use converge::llm::{ApiKey, LiveModel, ProviderId};
use converge::model::{Chunk, Model, ModelError, Prompt};
use futures::future::{FutureExt, LocalBoxFuture};
use futures::stream::{self, StreamExt};

const KEY: &str = "sk-proj-Zq81fJd0aLr7vXe2TnYw";

fn prompt() -> Prompt {
    Prompt { system: "Be brief.".into(), user: "Solar?".into(), ..Prompt::default() }
}

/// An answer that is played, and what was seen while it was.
#[derive(Clone)]
struct Played {
    id: ProviderId,
    status: u16,
    content_type: &'static str,
    /// What headers there are besides that.
    headers: Vec<(&'static str, String)>,
    temperature: Option<f64>,
    /// What is played to the first request in place of this.
    first: Option<Box<Played>>,
    /// What is played to requests with that word in their body in place of this.
    refuses: Option<(&'static str, Box<Played>)>,
    body: Vec<Result<Vec<u8>, TransportError>>,
    /// What happens instead of an end.
    then: Then,
    requests: Rc<RefCell<Vec<HttpRequest>>>,
    /// Whether the request was dropped: an abort on the wire.
    dropped: Rc<Cell<bool>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Then {
    End,
    Hang,
    HangBeforeHeaders,
    RefuseBeforeHeaders,
}

impl Played {
    fn new(status: u16, content_type: &'static str, body: &[u8]) -> Self {
        Self {
            id: ProviderId::OpenAi,
            status,
            content_type,
            headers: Vec::new(),
            temperature: None,
            first: None,
            refuses: None,
            body: vec![Ok(body.into())],
            then: Then::End,
            requests: Rc::default(),
            dropped: Rc::default(),
        }
    }

    fn events(body: &str) -> Self {
        Self::new(200, "text/event-stream; charset=utf-8", body.as_bytes())
    }

    fn of(self, id: ProviderId) -> Self {
        Self { id, ..self }
    }

    fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }

    /// The connection breaks after the body.
    fn broken(mut self) -> Self {
        self.body.push(Err(TransportError));
        self
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn in_chunks_of(&self, size: usize) -> Self {
        let chunks = self.body.iter().flat_map(|part| match part {
            Ok(bytes) => bytes.chunks(size).map(|bytes| Ok(bytes.to_vec())).collect(),
            Err(error) => vec![Err(*error)],
        });
        Self { body: chunks.collect(), ..self.clone() }
    }

    fn length(&self) -> usize {
        self.body.iter().flatten().map(Vec::len).sum()
    }

    fn model(&self) -> LiveModel {
        let base_url = if self.id.base_url().is_empty() { "http://localhost:8000/v1" } else { "" };
        let settings = self.id.settings(base_url, "", self.temperature).unwrap();
        let provider = self.id.provider(settings);
        LiveModel::new(Rc::new(self.clone()), provider, ApiKey::new(KEY).unwrap())
    }

    /// Everything the model says, read to the end.
    ///
    /// Without the signs of life, which depend on how the bytes were cut.
    fn answer(&self) -> Vec<Result<Chunk, ModelError>> {
        let model = self.model();
        let prompt = prompt();
        let pieces = model.generate(&prompt);
        let said = pieces.filter(|piece| std::future::ready(*piece != Ok(Chunk::Alive)));
        VirtualClock::new().run(said.collect())
    }
}

impl Transport for Played {
    fn send(
        &self,
        request: HttpRequest,
    ) -> LocalBoxFuture<'static, Result<HttpResponse, TransportError>> {
        let refuses = self.refuses.as_ref().filter(|(word, _)| request.body.contains(word));
        let refusal = refuses.map(|(_, refusal)| refusal.as_ref());
        self.requests.borrow_mut().push(request);
        let is_first = self.requests.borrow().len() == 1 && self.refuses.is_none();
        let first = self.first.as_deref().filter(|_| is_first);
        let played = refusal.or(first).unwrap_or(self).clone();
        let flag = Flag(self.dropped.clone());
        async move {
            match played.then {
                Then::HangBeforeHeaders => {
                    let _held = flag;
                    return futures::future::pending().await;
                }
                Then::RefuseBeforeHeaders => return Err(TransportError),
                Then::End | Then::Hang => {}
            }
            let rest = match played.then {
                Then::Hang => stream::pending().boxed_local(),
                _ => stream::empty().boxed_local(),
            };
            let body = stream::iter(played.body).chain(rest).map(move |part| {
                let _held = &flag;
                part
            });
            let mut headers = vec![("Content-Type".to_owned(), played.content_type.to_owned())];
            headers.extend(played.headers.into_iter().map(|(name, value)| (name.into(), value)));
            Ok(HttpResponse {
                status: played.status,
                headers: headers.into_iter().collect(),
                body: body.boxed_local(),
            })
        }
        .boxed_local()
    }
}

struct Flag(Rc<Cell<bool>>);

impl Drop for Flag {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// One line a chunk; an error is its sentence, and must be the last line.
fn picture(answer: &[Result<Chunk, ModelError>]) -> String {
    let line = |part: &Result<Chunk, ModelError>| match part {
        Ok(Chunk::Text(text)) => format!("{text:?}"),
        Ok(Chunk::Finish(reason)) => format!("finish {reason:?}"),
        Ok(Chunk::Usage(usage)) => match usage.thinking_tokens {
            0 => format!("usage {} {}", usage.input_tokens, usage.output_tokens),
            thinking => {
                format!("usage {} {} thinking {thinking}", usage.input_tokens, usage.output_tokens)
            }
        },
        Ok(Chunk::Grounding(found)) => format!("grounding: {found:?}"),
        Ok(Chunk::Resent(error)) => format!("resent: {error}"),
        Ok(Chunk::Without(part)) => format!("without {part:?}"),
        Ok(Chunk::WasThinking) => "all of that was thinking".into(),
        Ok(Chunk::Thinking | Chunk::Alive) => String::new(),
        Err(error) => format!("error: {error}"),
    };
    let errors = answer.iter().filter(|part| part.is_err()).count();
    assert!(errors == 0 || answer.last().is_some_and(Result::is_err), "went on after an error");
    assert!(errors <= 1);
    let lines = answer.iter().map(line).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Plays the body at every chunk size and compares each answer with the picture.
#[track_caller]
fn check(played: &Played, expected: &str) {
    check_in_chunks_of(1..=played.length(), played, expected);
}

/// The same at the sizes at which every edge inside an event is a chunk's edge too.
#[track_caller]
fn check_in_small_chunks(played: &Played, expected: &str) {
    check_in_chunks_of(1..=16, played, expected);
}

#[track_caller]
fn check_in_chunks_of(sizes: RangeInclusive<usize>, played: &Played, expected: &str) {
    let expected = expected.lines().map(str::trim).filter(|line| !line.is_empty());
    let expected = expected.collect::<Vec<_>>().join("\n");
    for size in sizes.rev() {
        let answer = picture(&played.in_chunks_of(size).answer());
        assert_eq!(answer, expected, "in chunks of {size} bytes");
    }
    assert_eq!(picture(&played.answer()), expected);
}
