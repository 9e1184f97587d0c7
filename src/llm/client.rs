//! Asks a live model: sends a provider's request, and reads what comes back as chunks or as one
//! named error.
//!
//! An answer is complete only when the model said why it stopped. A body that ends before that was
//! cut, however much text had arrived: that is the case which the vendors' own libraries pass over
//! in silence. There is no retry and no timeout here; waiting is the engine's business. The one call
//! that is made twice is one whose temperature was refused, and it says so.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::Cursor;
use std::rc::Rc;

use futures::future::TryFutureExt;
use futures::stream::{self, LocalBoxStream, StreamExt, TryStreamExt};
use sse_stream::SseByteStream;

use super::error::presentable;
use super::http::{HttpRequest, HttpResponse, Transport, TransportError};
use super::key::ApiKey;
use super::provider::{Decoded, NOT_JSON, Provider, not_this};
use crate::model::{Chunk, Model, ModelError, Prompt, Usage};
use crate::words;

/// As much of an error's body as is read, in bytes.
const ERROR_BODY: usize = 64 * 1024;

/// As much of a list of models as is read, in bytes: OpenRouter's is long.
const MODEL_LIST: usize = 8 * 1024 * 1024;

const REDIRECT: &str = words::api::A_REDIRECT;

/// An answer that has begun.
type Answer<'a> = LocalBoxStream<'a, Result<Chunk, ModelError>>;

/// A model behind an API. It holds the key, in memory only.
pub struct LiveModel {
    transport: Rc<dyn Transport>,
    provider: Box<dyn Provider>,
    key: ApiKey,
}

impl LiveModel {
    /// A model that is asked through `transport` in the provider's words.
    pub fn new(transport: Rc<dyn Transport>, provider: Box<dyn Provider>, key: ApiKey) -> Self {
        Self { transport, provider, key }
    }

    /// The names of the models that the key can call, in the API's order.
    ///
    /// # Errors
    /// As for a call.
    pub async fn models(&self) -> Result<Vec<String>, ModelError> {
        self.list_models().await.map_err(|error| presentable(error, &self.key))
    }

    async fn list_models(&self) -> Result<Vec<String>, ModelError> {
        let request = self.provider.models(&self.key);
        let origin = request.url.origin().to_owned();
        let response = (self.transport.send(request).await)
            .map_err(|TransportError| ModelError::Unreachable { origin })?;
        let (status, headers) = (response.status, response.headers.clone());
        let (body, read) = read(response, MODEL_LIST).await;
        match status {
            0 => Err(not_this(REDIRECT)),
            200..=299 => {
                read.map_err(|TransportError| ModelError::Cut)?;
                self.provider.model_names(&body)
            }
            _ => Err(self.provider.error(status, &headers, &body)),
        }
    }

    /// Calls, and once more without the temperature when it was refused because of that. Newer
    /// models take none, and only their refusal says which ones those are.
    async fn open(&self, prompt: &Prompt) -> Result<Answer<'_>, ModelError> {
        let refused = match self.call(self.provider.request(prompt, &self.key)).await {
            Err(error) if names_temperature(&error) => error,
            answer => return answer,
        };
        match self.provider.request_without_temperature(prompt, &self.key) {
            Some(request) => {
                let resent = Chunk::Resent(presentable(refused, &self.key));
                let again = self.call(request).try_flatten_stream();
                Ok(stream::once(async { Ok(resent) }).chain(again).boxed_local())
            }
            None => Err(refused),
        }
    }

    /// Sends the request and settles what kind of body the answer has.
    async fn call(&self, request: HttpRequest) -> Result<Answer<'_>, ModelError> {
        let origin = request.url.origin().to_owned();
        let response = (self.transport.send(request).await)
            .map_err(|TransportError| ModelError::Unreachable { origin })?;
        let provider = self.provider.as_ref();
        match (response.status, response.headers.media_type().as_str()) {
            (0, _) => Err(not_this(REDIRECT)),
            (200..=299, "text/html") => Err(not_this(words::api::AN_HTML_PAGE)),
            (200..=299, "application/json") => whole(provider, response).await,
            (200..=299, _) => {
                let reading = Reading::new(provider, response);
                Ok(stream::try_unfold(reading, |mut reading| async move {
                    Ok(reading.next().await?.map(|chunk| (chunk, reading)))
                })
                .boxed_local())
            }
            (status, _) => {
                // Whatever came before a connection failed is the best that there is.
                let headers = response.headers.clone();
                let (body, _) = read(response, ERROR_BODY).await;
                Err(provider.error(status, &headers, &body))
            }
        }
    }
}

impl Model for LiveModel {
    fn generate<'a>(&'a self, prompt: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
        // Every error passes here, so that a server's words are made safe in one place.
        let safe = |error| presentable(error, &self.key);
        self.open(prompt).try_flatten_stream().map_err(safe).boxed_local()
    }
}

/// Whether the API refused the call because of its temperature.
fn names_temperature(error: &ModelError) -> bool {
    let ModelError::Status { status: 400 | 422, message, .. } = error else { return false };
    message.to_ascii_lowercase().contains("temperature")
}

/// Reads a body, or its first `limit` bytes and a few more.
async fn read(mut response: HttpResponse, limit: usize) -> (String, Result<(), TransportError>) {
    let mut bytes = Vec::new();
    let mut read = Ok(());
    while bytes.len() < limit {
        match response.body.next().await {
            Some(Ok(more)) => bytes.extend(more),
            Some(Err(error)) => {
                read = Err(error);
                break;
            }
            None => break,
        }
    }
    (String::from_utf8_lossy(&bytes).into_owned(), read)
}

/// A server that does not stream answers in one piece, and that is as good an answer.
async fn whole<'a>(
    provider: &dyn Provider,
    response: HttpResponse,
) -> Result<Answer<'a>, ModelError> {
    let (body, read) = read(response, usize::MAX).await;
    read.map_err(|TransportError| ModelError::Cut)?;
    let Decoded { chunks, .. } = provider.decode(&body).map_err(|error| match error {
        ModelError::Garbled => not_this(NOT_JSON),
        error => error,
    })?;
    if !chunks.iter().any(|chunk| matches!(chunk, Chunk::Finish(_))) {
        return Err(ModelError::Cut);
    }
    Ok(stream::iter(chunks).map(Ok).boxed_local())
}

type Bytes = LocalBoxStream<'static, Result<Cursor<Vec<u8>>, TransportError>>;

/// A stream of events that is being read.
struct Reading<'a> {
    provider: &'a dyn Provider,
    events: SseByteStream<Bytes>,
    /// Whether all bytes of the body have come.
    at_end: Rc<Cell<bool>>,
    /// Whether the server called it an event stream, or sent an event all the same.
    is_event_stream: bool,
    /// Whether an event was what this API sends.
    begun: bool,
    /// What the call has cost so far. Anthropic says a part of it at a time.
    usage: Usage,
    /// Decoded and not yet handed on.
    chunks: VecDeque<Chunk>,
    /// Whether the model has said why it stopped.
    finished: bool,
    /// Whether the API has said that nothing more will follow.
    last: bool,
}

impl<'a> Reading<'a> {
    fn new(provider: &'a dyn Provider, response: HttpResponse) -> Self {
        let at_end = Rc::new(Cell::new(false));
        let ended = at_end.clone();
        // The parser forgets an event that no blank line ends, as the standard for browsers has
        // it. Some servers leave that line out after their last event, so every body gets one.
        let blank_line = stream::once(async move {
            ended.set(true);
            Ok(Cursor::new(b"\n\n".to_vec()))
        });
        let bytes: Bytes = response.body.map_ok(Cursor::new).chain(blank_line).boxed_local();
        Self {
            provider,
            events: SseByteStream::new(bytes),
            at_end,
            is_event_stream: response.headers.media_type() == "text/event-stream",
            begun: false,
            usage: Usage::default(),
            chunks: VecDeque::new(),
            finished: false,
            last: false,
        }
    }

    /// The next piece of the answer; `None` at the end of a complete one.
    async fn next(&mut self) -> Result<Option<Chunk>, ModelError> {
        loop {
            if let Some(chunk) = self.chunks.pop_front() {
                return Ok(Some(chunk));
            }
            let data = match self.events.next().await {
                Some(Ok(event)) => event.data.unwrap_or_default(),
                None | Some(Err(sse_stream::Error::Body(_))) => return self.end(),
                Some(Err(_)) if self.at_end.get() => return self.end(),
                Some(Err(_)) => return Err(self.odd(not_this(words::api::NOT_TEXT))),
            };
            // After the last event the body is still read to its end: breaking off here would cost
            // the connection, which the next call can use.
            if !self.last && !data.trim().is_empty() {
                match self.provider.decode(&data) {
                    Ok(decoded) => self.take(decoded),
                    // An event that only our blank line completed was cut in the middle.
                    Err(ModelError::NotThisApi { .. } | ModelError::Garbled)
                        if self.at_end.get() =>
                    {
                        return self.end();
                    }
                    Err(error) => return Err(self.odd(error)),
                }
            }
        }
    }

    /// What a piece that cannot be read says: of an answer that had begun well, that it broke on the
    /// way; as the first thing that comes, that something else answers there.
    fn odd(&self, error: ModelError) -> ModelError {
        match error {
            ModelError::NotThisApi { .. } if self.begun => ModelError::Garbled,
            ModelError::Garbled if !self.begun => not_this(NOT_JSON),
            error => error,
        }
    }

    fn take(&mut self, decoded: Decoded) {
        self.is_event_stream = true;
        self.begun = true;
        self.last = decoded.last;
        for chunk in decoded.chunks {
            let chunk = match chunk {
                Chunk::Usage(more) => Chunk::Usage(self.count(more)),
                chunk => chunk,
            };
            // A model stops once; some servers repeat the reason beside the usage.
            let is_finish = matches!(chunk, Chunk::Finish(_));
            if !(is_finish && self.finished) {
                self.chunks.push_back(chunk);
            }
            self.finished |= is_finish;
        }
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
    fn end(&self) -> Result<Option<Chunk>, ModelError> {
        match self.finished {
            true => Ok(None),
            false if self.is_event_stream => Err(ModelError::Cut),
            false => Err(not_this(words::api::NOT_AN_EVENT_STREAM)),
        }
    }
}
