//! The browser's fetch as a [`Transport`]: the only place in Converge that talks to a network.
//!
//! Dropping a request aborts it on the wire, before the headers and while the body comes. gloo-net
//! does not do that by itself, so each request has an `AbortController` whose guard travels with
//! the future first and with the body then.

use std::time::Duration;

use futures::future::{Either, FutureExt, LocalBoxFuture, select};
use futures::stream::{self, StreamExt};
use gloo_net::http::Request;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult,
    ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestMode, RequestRedirect,
    Response,
};

use super::clock::BrowserClock;
use crate::clock::Clock;
use crate::llm::http::{HttpRequest, HttpResponse, Method, Transport, TransportError};

/// Sends requests by the browser's fetch.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserTransport;

impl Transport for BrowserTransport {
    fn send(
        &self,
        request: HttpRequest,
    ) -> LocalBoxFuture<'static, Result<HttpResponse, TransportError>> {
        send(request).boxed_local()
    }
}

async fn send(request: HttpRequest) -> Result<HttpResponse, TransportError> {
    let abort = AbortOnDrop::new().map_err(lost)?;
    let headers = Headers::new().map_err(lost)?;
    for (name, value) in &request.headers {
        headers.set(name, value).map_err(lost)?;
    }
    // Nothing but the request itself: no cookie, no referrer, no cache; and no redirect, which
    // could carry the key to another host: unfollowed, it has status 0 and no body. No browser keeps
    // the answer to a POST; told not to, Chromium forgets the server's leave as well (the preflight),
    // and asks for it anew before every call: one more way to the server and back.
    let asked = RequestInit::new();
    match request.method {
        Method::Get => asked.set_cache(RequestCache::NoStore),
        Method::Post => {
            asked.set_method("POST");
            asked.set_body(&request.body.into());
        }
    }
    asked.set_headers(&headers);
    asked.set_mode(RequestMode::Cors);
    asked.set_credentials(RequestCredentials::Omit);
    asked.set_referrer_policy(ReferrerPolicy::NoReferrer);
    asked.set_redirect(RequestRedirect::Manual);
    asked.set_signal(Some(&abort.controller.signal()));
    // Not by gloo-net, whose `send` makes a `Request` of it first, out of which the browser makes
    // another: a seventh of a millisecond for each call.
    let window = web_sys::window().ok_or(TransportError)?;
    let answer = window.fetch_with_str_and_init(request.url.as_str(), &asked);
    let answer: Response = JsFuture::from(answer).await.map_err(lost)?.unchecked_into();
    let reader = match answer.body() {
        Some(body) => Some(ReadableStreamDefaultReader::new(&body).map_err(lost)?),
        None => None,
    };
    let body = stream::try_unfold((reader, abort), |(reader, mut abort)| async move {
        let Some(reader) = reader else { return Ok(None) };
        match read(&reader).await.map_err(lost)? {
            Some(bytes) => Ok(Some((bytes, (Some(reader), abort)))),
            None => {
                abort.stand_down();
                Ok(None)
            }
        }
    });
    Ok(HttpResponse {
        status: answer.status(),
        headers: gloo_net::http::Headers::from_raw(answer.headers()).entries().collect(),
        body: body.boxed_local(),
    })
}

/// How long a server has to show that it is there, in real time.
const LONGEST_KNOCK: Duration = Duration::from_secs(5);

/// Whether anything answers at an origin, whatever it answers. A request without any content that
/// asks for nothing readable passes where CORS refuses a call, so that this tells a server that is
/// not there from one that does not want to be called.
pub async fn answers(origin: &str) -> bool {
    let Ok(abort) = AbortOnDrop::new() else { return false };
    // Such a request must follow redirects; there is nothing in it that could be carried away.
    let request = Request::get(origin)
        .mode(RequestMode::NoCors)
        .credentials(RequestCredentials::Omit)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .cache(RequestCache::NoStore)
        .abort_signal(Some(&abort.controller.signal()))
        .build();
    let Ok(request) = request else { return false };
    let knock = std::pin::pin!(request.send());
    match select(knock, BrowserClock::new(1.0).sleep(LONGEST_KNOCK)).await {
        Either::Left((answer, _)) => answer.is_ok(),
        Either::Right(_) => false,
    }
}

/// A file of this site, whole; `None` where it does not come.
pub async fn own_file(name: &str) -> Option<Vec<u8>> {
    let answer = Request::get(name).credentials(RequestCredentials::Omit).send().await.ok()?;
    if !answer.ok() {
        return None;
    }
    answer.binary().await.ok()
}

/// The next bytes of a body; `None` at its end.
async fn read(reader: &ReadableStreamDefaultReader) -> Result<Option<Vec<u8>>, JsValue> {
    let read = JsFuture::from(reader.read()).await?.unchecked_into::<ReadableStreamReadResult>();
    if read.get_done() == Some(true) {
        return Ok(None);
    }
    Ok(Some(read.get_value().dyn_into::<Uint8Array>()?.to_vec()))
}

/// Whatever the browser says is about the connection, and more than that it does not say.
fn lost(_: JsValue) -> TransportError {
    TransportError
}

/// Aborts its request when dropped, which also errors the body and so frees its reader.
struct AbortOnDrop {
    controller: AbortController,
    is_over: bool,
}

impl AbortOnDrop {
    fn new() -> Result<Self, JsValue> {
        Ok(Self { controller: AbortController::new()?, is_over: false })
    }

    /// What could be aborted is over. To abort it all the same is nothing to the network, but takes a
    /// tenth of a millisecond.
    fn stand_down(&mut self) {
        self.is_over = true;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if !self.is_over {
            // Without a reason: the default one is an `Error`, and gloo-net panics on anything else.
            self.controller.abort();
        }
    }
}
