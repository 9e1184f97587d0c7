//! Asks a live model: sends a provider's request, and reads what comes back as chunks or as one
//! named error.
//!
//! There is no retry and no timeout here; waiting is the engine's business. The one call that is made
//! twice is one of which the API has refused a part that an answer can do without, such as the
//! temperature. It says so, and what one call has learned holds for all calls of the same model.

use std::cell::RefCell;
use std::rc::Rc;

use futures::future::TryFutureExt;
use futures::stream::{self, LocalBoxStream, StreamExt, TryStreamExt};

use super::error::presentable;
use super::http::{HttpRequest, HttpResponse, Transport, TransportError};
use super::key::ApiKey;
use super::provider::{Provider, not_this};
use super::reading::Reading;
use super::redact;
use crate::model::{CallPart, Chunk, FailureKind, Model, ModelError, Prompt};
use crate::words;

/// As much of an error's body as is read, in bytes.
const ERROR_BODY: usize = 64 * 1024;

/// As much of a list of models as is read, in bytes: OpenRouter's is long.
const MODEL_LIST: usize = 8 * 1024 * 1024;

/// More names than these are no list to choose from.
const MOST_MODELS: usize = 2_000;

const REDIRECT: &str = "a redirect to another address";

/// An answer that has begun.
type Answer<'a> = LocalBoxStream<'a, Result<Chunk, ModelError>>;

/// A model behind an API. It holds the key, in memory only.
pub struct LiveModel {
    transport: Rc<dyn Transport>,
    provider: Box<dyn Provider>,
    key: ApiKey,
    /// Parts of a call that models have refused, by the name that agents call the model by.
    lessons: RefCell<Vec<(Option<String>, CallPart)>>,
}

impl LiveModel {
    /// A model that is asked through `transport` in the provider's words.
    pub fn new(transport: Rc<dyn Transport>, provider: Box<dyn Provider>, key: ApiKey) -> Self {
        Self { transport, provider, key, lessons: RefCell::default() }
    }

    /// The names of the models that the key can call, in the API's order.
    ///
    /// # Errors
    /// As for a call.
    pub async fn models(&self) -> Result<Vec<String>, ModelError> {
        let mut names = self.list_models().await.map_err(|error| presentable(error, &self.key))?;
        names.truncate(MOST_MODELS);
        let said = names.clone();
        self.key.redact_all(&mut names);
        // No model is called like a part of the reader's key.
        let is_name = |(name, said): &(String, String)| name == said;
        Ok(names.into_iter().zip(said).filter(is_name).map(|(name, _)| name).collect())
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
            200..=299 if headers.media_type() == "text/html" => {
                Err(not_this(words::api::AN_HTML_PAGE))
            }
            200..=299 => {
                read.map_err(|TransportError| ModelError::Cut)?;
                self.provider.model_names(&body)
            }
            _ => Err(self.provider.error(status, &headers, &body)),
        }
    }

    /// Calls, and once more without each part that is refused. Only a refusal says what a server does
    /// not take. Calls that were out by then may each be refused once; later ones go without at once.
    fn open<'a>(&'a self, prompt: &'a Prompt) -> Answer<'a> {
        let without = self.learned(prompt);
        let spared = without.iter().filter(|part| self.changes(&without, **part, prompt));
        let told: Vec<_> = spared.map(|part| Ok(Chunk::Without(*part))).collect();
        stream::iter(told).chain(self.open_without(without, prompt)).boxed_local()
    }

    fn open_without<'a>(&'a self, without: Vec<CallPart>, prompt: &'a Prompt) -> Answer<'a> {
        let request = self.provider.request_without(&without, prompt, &self.key);
        let answer = self.call(request).try_flatten_stream().boxed_local();
        // A refusal may come under status 200 as well, and is one before there is an answer.
        let watched =
            stream::unfold((answer, Some(without)), move |(mut answer, open)| async move {
                let (next, open) = match (answer.next().await?, open) {
                    (Err(error), Some(without)) => {
                        answer = self.answer_to(error, without, prompt);
                        (answer.next().await?, None)
                    }
                    (Ok(Chunk::Alive), open) => (Ok(Chunk::Alive), open),
                    (next, _) => (next, None),
                };
                Some((next, (answer, open)))
            });
        watched.boxed_local()
    }

    /// The same call without what was refused, or the refusal, where it has no such part.
    fn answer_to<'a>(
        &'a self,
        error: ModelError,
        mut without: Vec<CallPart>,
        prompt: &'a Prompt,
    ) -> Answer<'a> {
        let refused = match error.kind() {
            FailureKind::PartRefused(part) if !without.contains(&part) => {
                without.push(part);
                self.changes(&without, part, prompt).then_some(part)
            }
            _ => None,
        };
        let Some(part) = refused else { return stream::iter([Err(error)]).boxed_local() };
        let lesson = (prompt.model.clone(), part);
        let mut lessons = self.lessons.borrow_mut();
        if !lessons.contains(&lesson) {
            lessons.push(lesson);
        }
        drop(lessons);
        // Others may have learned something in the meantime.
        for part in self.learned(prompt) {
            if !without.contains(&part) {
                without.push(part);
            }
        }
        let resent = Chunk::Resent(presentable(error, &self.key));
        let again = self.open_without(without, prompt);
        stream::iter([Ok(resent)]).chain(again).boxed_local()
    }

    /// What the model that this prompt is for is known not to take.
    fn learned(&self, prompt: &Prompt) -> Vec<CallPart> {
        let lessons = self.lessons.borrow();
        let own = lessons.iter().filter(|(model, _)| *model == prompt.model);
        own.map(|(_, part)| *part).collect()
    }

    /// Whether a call has that part, so that leaving it out makes another call of it.
    fn changes(&self, without: &[CallPart], part: CallPart, prompt: &Prompt) -> bool {
        let others: Vec<CallPart> = without.iter().copied().filter(|own| *own != part).collect();
        let request = |without: &[CallPart]| {
            let HttpRequest { url, body, .. } =
                self.provider.request_without(without, prompt, &self.key);
            (url.to_string(), body)
        };
        request(&others) != request(without)
    }

    /// Sends the request and settles whether it was accepted.
    async fn call(&self, request: HttpRequest) -> Result<Answer<'_>, ModelError> {
        let origin = request.url.origin().to_owned();
        let response = (self.transport.send(request).await)
            .map_err(|TransportError| ModelError::Unreachable { origin })?;
        let provider = self.provider.as_ref();
        match (response.status, response.headers.media_type().as_str()) {
            (0, _) => Err(not_this(REDIRECT)),
            (200..=299, "text/html") => Err(not_this(words::api::AN_HTML_PAGE)),
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
        // All that a server says passes here, so that it is made safe in one place.
        let safe = |error| presentable(error, &self.key);
        // Nothing is sent, and no lesson is looked up, before it is asked for.
        let answer = async { Ok(self.open(prompt)) };
        let answer = answer.try_flatten_stream().map_err(safe).boxed_local();
        redact::answer(answer, &self.key)
    }
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
