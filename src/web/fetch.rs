//! Requests by gloo-net, as a [`Transport`]: the only place in Converge that talks to a network.
//!
//! Dropping a request aborts it on the wire, before the headers and while the body comes. gloo-net
//! does not do that by itself, so each request has a guard that travels with the future first and with
//! the body then.

use std::time::Duration;

use futures::future::{Either, FutureExt, LocalBoxFuture, select};
use futures::stream::{self, Stream, StreamExt};
use gloo_net::http::{Headers, Request};
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use web_sys::{ReferrerPolicy, RequestCache, RequestCredentials, RequestMode, RequestRedirect};

use super::clock::{BrowserClock, TimeSlice};
use super::stream::{AbortOnDrop, pieces};
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
    // gloo-net panics on a header that is none, and a key that was typed wrong makes one.
    let headers = web_sys::Headers::new().map_err(lost)?;
    for (name, value) in &request.headers {
        headers.set(name, value).map_err(lost)?;
    }
    // gloo-net leaves a query open for more (`?a=b&`) unless it has written all of it.
    let (address, query) =
        request.url.as_str().split_once('?').unwrap_or((request.url.as_str(), ""));
    let query: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let asked = match request.method {
        Method::Get => Request::get(address).cache(RequestCache::NoStore),
        // No browser keeps the answer to a POST. Told not to, Chromium forgets the server's leave as
        // well (the preflight) and asks for it before every call: one more way there and back.
        Method::Post => Request::post(address),
    };
    // Nothing but the request itself: no cookie, no referrer, no cache; and no redirect, which could
    // carry the key to another host: unfollowed, it has status 0 and no body.
    let asked = asked
        .query(query.iter().map(|(name, value)| (name.as_ref(), value)))
        .headers(Headers::from_raw(headers))
        .mode(RequestMode::Cors)
        .credentials(RequestCredentials::Omit)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .redirect(RequestRedirect::Manual)
        .abort_signal(Some(&abort.signal()));
    let asked = match request.method {
        Method::Get => asked.build(),
        Method::Post => asked.body(request.body),
    };
    let answer = asked.map_err(lost)?.send().await.map_err(lost)?;
    let body = match answer.body() {
        Some(body) => pieces(&body, abort).map_err(lost)?.left_stream(),
        None => stream::empty().right_stream(),
    };
    let body = body.flat_map(|piece| match piece.and_then(JsCast::dyn_into::<Uint8Array>) {
        Ok(bytes) => in_parts(bytes.to_vec()).map(Ok).left_stream(),
        Err(error) => stream::iter([Err(lost(error))]).right_stream(),
    });
    Ok(HttpResponse {
        status: answer.status(),
        headers: answer.headers().entries().collect(),
        body: body.boxed_local(),
    })
}

/// The most bytes of a body that are handed on without a look at how long that takes.
const PART: usize = 16 * 1024;

/// What one read has brought. A server that is faster than the page can fill a read with thousands
/// of events, so between its parts others have the thread.
fn in_parts(bytes: Vec<u8>) -> impl Stream<Item = Vec<u8>> {
    stream::unfold((0, None::<TimeSlice>), move |(from, slice)| {
        let to = bytes.len().min(from + PART);
        let part = (from < to).then(|| bytes[from..to].to_vec());
        async move {
            let part = part?;
            let slice = match slice {
                Some(slice) => {
                    slice.pause().await;
                    slice
                }
                None => TimeSlice::begin(),
            };
            Some((part, (to, Some(slice))))
        }
    })
}

/// How long a server has to show that it is there, in real time.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

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
        .abort_signal(Some(&abort.signal()))
        .build();
    let Ok(request) = request else { return false };
    let probe = std::pin::pin!(request.send());
    match select(probe, BrowserClock::new(1.0).sleep(PROBE_TIMEOUT)).await {
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

/// Browsers do not say why a connection failed, so the error is dropped.
fn lost<E>(_: E) -> TransportError {
    TransportError
}
