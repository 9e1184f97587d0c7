//! Requests and answers in neutral words, and the one port through which they pass.
//!
//! Providers write [`HttpRequest`]s and [`LiveModel`](super::LiveModel) reads [`HttpResponse`]s.
//! Nothing here touches a network: the page's transport is `web::fetch`, the tests have their own.

use std::fmt;

use futures::future::LocalBoxFuture;
use futures::stream::LocalBoxStream;

use super::url::Url;

/// What a request asks of its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A list of models. It has no body.
    Get,
    /// A call to a model.
    Post,
}

/// What goes to an API.
pub struct HttpRequest {
    /// Whether it asks for something or brings something.
    pub method: Method,
    /// Where it goes.
    pub url: Url,
    /// Names and values. One of them may hold a key.
    pub headers: Vec<(&'static str, String)>,
    /// What it carries.
    pub body: String,
}

/// Leaves out what may be secret (the headers' values) and what is long (the body).
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        f.debug_struct("HttpRequest")
            .field("url", &self.url)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

/// An answer whose headers have come and whose body may still be on its way.
pub struct HttpResponse {
    /// The HTTP status; 0 for a redirect, which a transport never follows: the key was meant for
    /// the address that was asked, and a browser does not tell where the redirect leads.
    pub status: u16,
    /// What the browser lets the page see of the headers.
    pub headers: Headers,
    /// The body as it comes. Dropping it abandons the request, on the wire too.
    pub body: LocalBoxStream<'static, Result<Vec<u8>, TransportError>>,
}

/// The headers of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The value of a header, whatever the case of its name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The media type of the body in lower case, without its parameters; empty when not given.
    pub fn media_type(&self) -> String {
        let value = self.get("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

impl FromIterator<(String, String)> for Headers {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(headers: I) -> Self {
        Self(headers.into_iter().collect())
    }
}

/// The request or its answer was lost on the way. Browsers do not tell a page why, on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransportError;

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection failed")
    }
}

impl std::error::Error for TransportError {}

/// What sends requests.
pub trait Transport {
    /// Sends a request; ready when the headers of the answer are there. Dropping the future
    /// abandons the request, on the wire too.
    fn send(
        &self,
        request: HttpRequest,
    ) -> LocalBoxFuture<'static, Result<HttpResponse, TransportError>>;
}
