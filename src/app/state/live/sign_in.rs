//! Signing in with OpenRouter: away from the page, and back with a key that is kept in memory only.
//!
//! For the trip, the tab's session storage holds the secret and the settings; both are erased when
//! the reader comes back, and the code that came along leaves the address before anything is drawn.

use futures::StreamExt;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::LiveState;
use crate::llm::http::Transport;
use crate::llm::sign_in::{self, Trip};
use crate::web::fetch::BrowserTransport;
use crate::web::{page, secret, session};
use crate::words;

/// The name under which the tab keeps what is needed after the trip.
const TRIP: &str = "converge.sign-in";

/// A code that is worth a key, with the secret that it takes.
#[derive(Clone, PartialEq)]
pub struct Arrival {
    code: String,
    verifier: String,
}

/// What the reader has come back with, and the settings from before; takes the code out of the
/// address. A code without a trip, or without the state that this one began with, is somebody
/// else's, and comes to nothing: the trip may still come back with its own.
pub fn arrive(query: &str) -> Option<(Arrival, String)> {
    let Some(back) = sign_in::back(query) else {
        // Of a trip that was broken off. To open the storage takes a while, and the race comes first.
        page::when_idle(|| session::erase(TRIP));
        return None;
    };
    let trip = session::get(TRIP).and_then(|trip| Trip::read(&trip));
    let trip = trip.filter(|trip| trip.is_own(&back) && !page::in_iframe());
    let (_, own) = page::address();
    let Some(Trip { verifier, fragment, .. }) = trip else {
        page::write_address(own.trim_start_matches('#'));
        return None;
    };
    session::erase(TRIP);
    page::write_address(&fragment);
    Some((Arrival { code: back.code, verifier }, fragment))
}

/// Sends the reader off to sign in, from a page with these settings; `None` where this browser cannot.
pub async fn depart(fragment: String) -> Option<()> {
    let (verifier, state) = (secret::random()?, secret::random()?);
    let challenge = secret::digest(&verifier).await?;
    let consent = sign_in::consent_page(&page::link(""), &challenge, &state);
    if !session::put(TRIP, &Trip { verifier, state, fragment }.text()) {
        return None;
    }
    page::go(&consent);
    Some(())
}

async fn collect(arrival: Arrival) -> Result<String, String> {
    let unreachable = || "OpenRouter could not be reached".to_owned();
    let request = sign_in::exchange(&arrival.code, &arrival.verifier).ok_or_else(unreachable)?;
    let mut answer = BrowserTransport.send(request).await.map_err(|_| unreachable())?;
    let mut body = Vec::new();
    while let Some(bytes) = answer.body.next().await {
        body.extend(bytes.map_err(|_| unreachable())?);
    }
    let key = sign_in::key(&String::from_utf8_lossy(&body));
    key.ok_or_else(|| words::live::openrouter_answered(answer.status))
}

impl LiveState {
    /// Gets the key that the code of a trip is worth, once, if the reader has come back from one.
    pub fn collect_arrival(self) {
        let arrival = self.arrival.try_update_value(Option::take).flatten();
        let Some(arrival) = arrival else { return };
        spawn_local(async move {
            let note = match collect(arrival).await {
                Ok(key) => {
                    self.take_signed_in(key);
                    "Signed in: OpenRouter gave this page a key of its own, which you can revoke \
                     there."
                        .into()
                }
                Err(problem) => words::live::sign_in_failed(&problem),
            };
            self.settings.notice.set(Some(note));
        });
    }
}
