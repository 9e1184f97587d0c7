//! The model that comes with some browsers (Chrome's `LanguageModel`), as a [`Transport`].
//!
//! It stands where a server would: it takes a call in the Chat Completions format and answers with a
//! stream of the same, so that retries, time-outs, Stop and the doctor need to know nothing of it.
//! Nothing of that leaves the machine. Dropping a call aborts it and frees its session.

use futures::future::{FutureExt, LocalBoxFuture};
use futures::stream::{self, StreamExt};
use js_sys::{Array, Function, Object, Promise, Reflect, global};
use serde_json::{Value, json};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStream};

use super::stream::{AbortOnDrop, pieces};
use crate::llm::http::{HttpRequest, HttpResponse, Method, Transport, TransportError};
use crate::words;

/// Whether there is a model to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// The browser does not know of such a thing.
    Missing,
    /// It does, but not on this machine.
    Unavailable,
    /// It can be downloaded.
    Downloadable,
    /// It is on its way.
    Downloading,
    /// It is there.
    Available,
}

/// Calls go to the browser's own model.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltIn;

impl Transport for BuiltIn {
    fn send(
        &self,
        request: HttpRequest,
    ) -> LocalBoxFuture<'static, Result<HttpResponse, TransportError>> {
        async move { Ok(answer(request).await.unwrap_or_else(Refusal::response)) }.boxed_local()
    }
}

/// Why there is no answer, as a server would say it.
struct Refusal {
    status: u16,
    message: String,
}

impl Refusal {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// What the browser threw. Its names are those of the Prompt API's specification.
    fn thrown(error: JsValue) -> Self {
        let text = |name: &str| get(&error, name).as_string().unwrap_or_default();
        let status = match text("name").as_str() {
            "QuotaExceededError" => 413,
            "NotAllowedError" => 428,
            "NotSupportedError" => 400,
            "NotReadableError" => {
                return Self::new(422, words::api::content_filter(&text("message")));
            }
            _ => 500,
        };
        Self::new(status, text("message"))
    }

    fn body(&self) -> Value {
        json!({ "error": { "message": self.message, "code": self.status } })
    }

    fn response(self) -> HttpResponse {
        respond(self.status, "application/json", self.body().to_string())
    }
}

fn respond(status: u16, kind: &str, body: String) -> HttpResponse {
    HttpResponse {
        status,
        headers: [("content-type".to_owned(), kind.to_owned())].into_iter().collect(),
        body: stream::once(async { Ok(body.into_bytes()) }).boxed_local(),
    }
}

async fn answer(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    match availability().await {
        Availability::Missing => {
            return Err(Refusal::new(404, "it has no LanguageModel for web pages"));
        }
        Availability::Unavailable => {
            return Err(Refusal::new(404, "its model does not run on this machine"));
        }
        Availability::Downloadable => {
            return Err(Refusal::new(428, "its model has to be downloaded first"));
        }
        Availability::Downloading => {
            return Err(Refusal::new(428, "its model is still being downloaded"));
        }
        Availability::Available => {}
    }
    if request.method == Method::Get {
        let list = json!({ "data": [{ "id": "built-in" }] });
        return Ok(respond(200, "application/json", list.to_string()));
    }
    let call: Value = serde_json::from_str(&request.body)
        .map_err(|_| Refusal::new(400, "the call is not JSON"))?;
    let said = |role: &str| {
        let messages = call["messages"].as_array().into_iter().flatten();
        let own = messages.filter(|message| message["role"] == role);
        own.filter_map(|message| message["content"].as_str()).collect::<Vec<_>>().join("\n\n")
    };
    let abort = AbortOnDrop::new().map_err(Refusal::thrown)?;
    let session = Session::begin(&said("system"), &abort.signal()).await?;
    let answer = session.ask(&said("user"), &abort.signal())?;
    let pieces = pieces(&answer, abort).map_err(Refusal::thrown)?.boxed_local();
    let events = stream::unfold(Some((pieces, session)), |reading| async {
        let (mut pieces, session) = reading?;
        let (event, goes_on) = match pieces.next().await {
            Some(Ok(piece)) => {
                let text = piece.as_string().unwrap_or_default();
                (json!({ "choices": [{ "delta": { "content": text } }] }), true)
            }
            Some(Err(error)) => (Refusal::thrown(error).body(), false),
            None => (json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] }), false),
        };
        let event = Ok(format!("data: {event}\n\n").into_bytes());
        Some((event, goes_on.then_some((pieces, session))))
    });
    let headers = [("content-type".to_owned(), "text/event-stream".to_owned())];
    Ok(HttpResponse {
        status: 200,
        headers: headers.into_iter().collect(),
        body: events.boxed_local(),
    })
}

/// One conversation, which is freed when it is dropped.
struct Session(JsValue);

impl Drop for Session {
    fn drop(&mut self) {
        // One that is aborted already is freed.
        let _ = call(&self.0, "destroy", &Array::new());
    }
}

impl Session {
    async fn begin(system: &str, abort: &AbortSignal) -> Result<Self, Refusal> {
        let options = languages();
        set(&options, "signal", abort);
        if !system.is_empty() {
            let prompt = Object::new();
            set(&prompt, "role", &"system".into());
            set(&prompt, "content", &system.into());
            set(&options, "initialPrompts", &Array::of1(&prompt));
        }
        create(&options).await.map(Self).map_err(Refusal::thrown)
    }

    fn ask(&self, prompt: &str, abort: &AbortSignal) -> Result<ReadableStream, Refusal> {
        let options = Object::new();
        set(&options, "signal", abort);
        call(&self.0, "promptStreaming", &Array::of2(&prompt.into(), &options))
            .and_then(JsCast::dyn_into)
            .map_err(Refusal::thrown)
    }
}

/// Asks the browser whether there is a model.
pub async fn availability() -> Availability {
    let said = settle("availability", &languages()).await;
    match said.ok().and_then(|said| said.as_string()).as_deref() {
        Some("available") => Availability::Available,
        Some("downloading") => Availability::Downloading,
        Some("downloadable") => Availability::Downloadable,
        Some(_) => Availability::Unavailable,
        None => Availability::Missing,
    }
}

/// Downloads the model. The browser wants it to begin with something that a person did. `progress`
/// hears what part of it is there, from 0 to 1.
///
/// # Errors
/// What the browser says about why not.
pub async fn download(progress: impl Fn(f64) + 'static) -> Result<(), String> {
    let on_progress = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        progress(get(&event, "loaded").as_f64().unwrap_or_default());
    });
    let listener = on_progress.as_ref().clone();
    let monitor = Closure::<dyn FnMut(JsValue)>::new(move |monitor: JsValue| {
        let listen = Array::of2(&"downloadprogress".into(), &listener);
        // Without it, the download goes on unseen.
        let _ = call(&monitor, "addEventListener", &listen);
    });
    let options = languages();
    set(&options, "monitor", monitor.as_ref());
    let session = create(&options).await.map_err(|error| Refusal::thrown(error).message)?;
    // It was only made for the download's sake.
    let _ = call(&session, "destroy", &Array::new());
    Ok(())
}

async fn create(options: &Object) -> Result<JsValue, JsValue> {
    settle("create", options).await
}

/// Calls a function of `LanguageModel` and waits for what it promises.
async fn settle(name: &str, options: &Object) -> Result<JsValue, JsValue> {
    let promised = call(&get(&global(), "LanguageModel"), name, &Array::of1(options))?;
    JsFuture::from(Promise::resolve(&promised)).await
}

/// Chrome wants to know which languages come and go; these are those of the presets.
fn languages() -> Object {
    let text = Object::new();
    set(&text, "type", &"text".into());
    set(&text, "languages", &Array::of1(&"en".into()));
    let options = Object::new();
    set(&options, "expectedInputs", &Array::of1(&text));
    set(&options, "expectedOutputs", &Array::of1(&text));
    options
}

fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object takes everything.
    let _ = Reflect::set(object, &name.into(), value);
}

fn call(of: &JsValue, name: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    get(of, name).dyn_into::<Function>()?.apply(of, arguments)
}
