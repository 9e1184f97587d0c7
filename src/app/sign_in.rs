//! Signing in with OpenRouter: away from the page, and back with a key that is kept in memory only.
//!
//! For the trip, the tab's session storage holds the secret and the settings; both are erased when
//! the reader comes back, and the code that came along leaves the address before anything is drawn.

use super::dom::Node;
use futures::StreamExt;
use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::live::target;
use super::ui::{button, shown, text};
use crate::llm::http::Transport;
use crate::llm::{ProviderId, sign_in};
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
/// address. A code without a trip is somebody else's, and comes to nothing.
pub fn arrive(query: &str) -> Option<(Arrival, String)> {
    let Some(code) = sign_in::code(query) else {
        // Of a trip that was broken off. To open the storage takes a while, and the race comes first.
        page::when_idle(|| session::erase(TRIP));
        return None;
    };
    let trip = session::get(TRIP);
    session::erase(TRIP);
    let trip = trip.as_deref().and_then(|trip| trip.split_once('\n'));
    let fragment = trip.map(|(_, fragment)| fragment.to_owned());
    let (_, own) = page::address();
    page::write_address(fragment.as_deref().unwrap_or(own.trim_start_matches('#')));
    let (verifier, fragment) = (trip?.0.to_owned(), fragment?);
    Some((Arrival { code, verifier }, fragment))
}

async fn depart(demo: Demo) -> Option<()> {
    let verifier = secret::random()?;
    let challenge = secret::digest(&verifier).await?;
    let fragment = demo.settings.with_untracked(|settings| settings.fragment());
    let callback = page::link("");
    if !session::put(TRIP, &format!("{verifier}\n{fragment}")) {
        return None;
    }
    page::go(&sign_in::consent_page(&callback, &challenge));
    Some(())
}

async fn collect(arrival: Arrival) -> Result<String, String> {
    let unreachable = || words::live::OPENROUTER_NOT_REACHED.to_owned();
    let request = sign_in::exchange(&arrival.code, &arrival.verifier).ok_or_else(unreachable)?;
    let mut answer = BrowserTransport.send(request).await.map_err(|_| unreachable())?;
    let mut body = Vec::new();
    while let Some(bytes) = answer.body.next().await {
        body.extend(bytes.map_err(|_| unreachable())?);
    }
    let key = sign_in::key(&String::from_utf8_lossy(&body));
    key.ok_or_else(|| words::live::openrouter_answered(answer.status))
}

/// The button, where OpenRouter's own address is called from a page of its own.
pub fn sign_in_button(demo: Demo) -> Node {
    if let Some(arrival) = demo.access.arrival.get_untracked() {
        demo.access.arrival.set(None);
        spawn_local(async move {
            let note = match collect(arrival).await {
                Ok(key) => {
                    demo.take_key(key);
                    words::live::SIGNED_IN.into()
                }
                Err(problem) => words::live::sign_in_failed(&problem),
            };
            demo.notice.set(Some(note));
        });
    }
    let offered = move || match target(demo) {
        Some((ProviderId::OpenRouter, Ok(url))) => {
            ProviderId::OpenRouter.owns(&url) && !page::in_iframe()
        }
        _ => false,
    };
    let leave = move || {
        spawn_local(async move {
            if depart(demo).await.is_none() {
                let problem = words::live::CANNOT_SIGN_IN;
                demo.notice.set(Some(problem.into()));
            }
        });
    };
    shown(offered, move || button("", "sign_in", text(|| words::live::SIGN_IN.into()), leave))
}
