//! The address of an API: checked once, so that everything after it may trust it.
//!
//! It is stricter than a browser where a browser is generous (`\` for `/`, names and passwords,
//! tabs that vanish), because the page names the host to the reader before it sends a key there:
//! both have to read the same host. It is not a general URL parser, which would cost the page more
//! than the rest of this layer.

use crate::words;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// An absolute http or https address without query or fragment.
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    text: String,
    /// Where the host starts and where the origin ends in `text`.
    host_at: usize,
    path_at: usize,
}

impl Url {
    /// Reads an address as people type it: spaces around it and slashes at its end do not matter.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let text = text.trim().trim_end_matches('/');
        if text.is_empty() {
            return Err(UrlError::Empty);
        }
        let lower = text.to_ascii_lowercase();
        let scheme = ["https://", "http://"].into_iter().find(|scheme| lower.starts_with(scheme));
        let host_at = scheme.ok_or(UrlError::Scheme)?.len();
        let refused = |c: &char| !c.is_ascii_graphic() || "\\?#@<>\"'{}|^`".contains(*c);
        if let Some(found) = text.chars().find(refused) {
            return Err(UrlError::Character(found));
        }
        let path_at = text[host_at..].find('/').map_or(text.len(), |length| host_at + length);
        if !is_authority(&text[host_at..path_at]) {
            return Err(UrlError::Host);
        }
        let text = format!("{}{}", &lower[..path_at], &text[path_at..]);
        Ok(Self { text, host_at, path_at })
    }

    /// The address of `path` below this one. One that ends in it already stays as it is: people
    /// paste the whole address of a call.
    pub fn join(&self, path: &str) -> Self {
        let mut joined = self.clone();
        if !self.text[self.path_at..].ends_with(&format!("/{path}")) {
            joined.text = format!("{}/{path}", self.text);
        }
        joined
    }

    /// The address of `path` where `call` is below this one, whether or not it ends in `call`.
    pub fn beside(&self, call: &str, path: &str) -> Self {
        let mut base = self.clone();
        let path_of_call = self.text[self.path_at..].strip_suffix(&format!("/{call}"));
        if let Some(above) = path_of_call {
            base.text.truncate(self.path_at + above.len());
        }
        base.join(path)
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port: what decides who gets the key.
    pub fn origin(&self) -> &str {
        &self.text[..self.path_at]
    }

    /// Host and port, as the page names them to the reader.
    pub fn host(&self) -> &str {
        &self.text[self.host_at..self.path_at]
    }

    /// The host without its port, and without the dot that may end it: the machine's name.
    pub fn host_name(&self) -> &str {
        split_port(self.host()).0.trim_end_matches('.')
    }

    /// Whether what is sent there is encrypted on the way.
    pub fn is_encrypted(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// Whether others on the network can read what is sent there: plain http that leaves the
    /// reader's own machine.
    pub fn is_exposed(&self) -> bool {
        !self.is_encrypted() && !self.is_loopback()
    }

    /// How a warning names it: host and port, and the scheme too where it does not encrypt.
    pub fn shown(&self) -> &str {
        if self.is_exposed() { self.origin() } else { self.host() }
    }

    /// Whether it is the reader's own machine or network, where browsers have rules of their own.
    pub fn is_local(&self) -> bool {
        let name = split_port(self.host()).0;
        let private = |address: Ipv4Addr| address.is_private() || address.is_link_local();
        self.is_loopback() || name.ends_with(".local") || name.parse().is_ok_and(private)
    }

    /// Whether it is the reader's own machine, so that a key sent there stays there. When in doubt
    /// it is not.
    pub fn is_loopback(&self) -> bool {
        let name = split_port(self.host()).0;
        let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        name == "localhost"
            || name.ends_with(".localhost")
            || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
            || name.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Splits off a port. The colons of an IPv6 address are inside its brackets.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (authority, None),
    }
}

fn is_authority(authority: &str) -> bool {
    let (name, port) = split_port(authority);
    let host_ok = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            // ASCII only: a name in another script has a twin that looks like another name.
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        }
    };
    // Digits only: a sign before them is no number to a browser.
    let is_port =
        |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    host_ok && port.is_none_or(is_port)
}

/// Why a text is not the address of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// There is none.
    Empty,
    /// It is neither http nor https.
    Scheme,
    /// A character that the base URL of an API does not have.
    Character(char),
    /// What follows the scheme is not a host, or its port is not a number.
    Host,
    /// A service of that name is called over plain http, where anyone on the way reads the key.
    Unencrypted,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the base URL is missing: it usually ends in /v1"),
            Self::Scheme => f.write_str("the base URL must start with https:// or http://"),
            Self::Character(found) => f.write_str(&words::api::url_character(*found)),
            Self::Host => f.write_str("the base URL needs a host, such as api.openai.com"),
            Self::Unencrypted => f.write_str(
                "this service is called over https:// only; http:// would send your key \
                 unencrypted",
            ),
        }
    }
}

impl std::error::Error for UrlError {}
