//! The warning about a host that a link has set, until the reader accepts that a key goes there.

use leptos::prelude::*;

use crate::app::kit::Button;
use crate::app::state::{LiveState, PanelsState, SettingsState};
use crate::config::Settings;
use crate::llm::Url;
use crate::words;

/// The id of the button that accepts the host.
pub const ACCEPT: &str = "accept-host";

/// The warning, where there is such a host. It opens the sheet that it stands in.
pub fn untrusted_host() -> Memo<Option<Url>> {
    let settings = expect_context::<SettingsState>();
    let live = expect_context::<LiveState>();
    let is_open = expect_context::<PanelsState>().provider;
    let host = Memo::new(move |_| {
        let (id, url) = settings.current.with(Settings::target)?;
        let url = url.ok()?;
        live.trust.with(|trust| trust.must_accept(id, &url)).then_some(url)
    });
    Effect::new(move |_| {
        if host.with(Option::is_some) && !settings.is_embedded() {
            is_open.set(true);
        }
    });
    host
}

/// Names the host as it will be accepted, and says so where others can read along.
#[component]
pub fn HostWarning(url: Url) -> impl IntoView {
    let live = expect_context::<LiveState>();
    let host = url.shown().to_owned();
    let label = words::live::trust(&host);
    let unencrypted = url
        .is_exposed()
        .then_some(", which is not encrypted: others on the network can read the key on its way");
    view! {
        <div class="confirmation" role="alert">
            <p>
                "This link sends your API key to " <strong>{host}</strong> {unencrypted}
                ". Continue only if you trust it."
            </p>
            <Button
                control="accept"
                id=ACCEPT
                on_click=move |_| live.trust.update(|trust| trust.accept(&url))
            >
                {label}
            </Button>
        </div>
    }
}
