//! The question before a live run inside another site's page: a button that names who is called and
//! works only after it has been in plain sight for half a second.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::MouseEvent;

use crate::app::kit::Button;
use crate::app::state::permit::Permit;
use crate::app::state::{LiveState, SettingsState};
use crate::config::Settings;
use crate::web::exposure::{Exposure, LONG_ENOUGH};
use crate::web::press::Press;
use crate::words;

/// The id of the button that answers the question, by which its exposure is watched.
const ANSWER: &str = "second-press";

/// The question; nothing while there is none, and none about settings that have changed since.
#[component]
pub fn Question() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    let host = Memo::new(move |_| {
        let is_due = live.asked.with(|asked| {
            asked.as_ref().is_some_and(|asked| settings.with(|now| asked.is_about(now)))
        });
        match settings.with(Settings::target).filter(|_| is_due)? {
            (id, _) if id.is_built_in() => Some(words::live::OWN_MODEL.to_owned()),
            (_, url) => Some(url.ok()?.shown().to_owned()),
        }
    });
    move || host.get().map(|host| view! { <SecondPress host /> })
}

#[component]
fn SecondPress(host: String) -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let live = expect_context::<LiveState>();
    let is_ready = RwSignal::new(false);
    let exposure = StoredValue::new_local(None::<Exposure>);
    // How often the button has come into sight or gone out of it.
    let changes = Rc::new(Cell::new(0_u32));
    Effect::new(move |_| {
        let changes = changes.clone();
        exposure.set_value(Exposure::of(ANSWER, move |is_seen| {
            changes.set(changes.get() + 1);
            is_ready.try_set(false);
            if is_seen {
                let (changes, now) = (changes.clone(), changes.get());
                let still_seen = move || {
                    if changes.get() == now {
                        is_ready.try_set(true);
                    }
                };
                set_timeout(still_seen, LONG_ENOUGH);
            }
        }));
    });
    let press = move |event: MouseEvent| {
        let Some(asked) = live.asked.get() else { return };
        let permit = exposure.with_value(|exposure| {
            Permit::by_sight(Press::of(&event)?, &event, exposure.as_ref()?)
        });
        let is_due = settings.with(|now| asked.is_about(now));
        if let Some(permit) = permit.filter(|_| is_due) {
            live.asked.set(None);
            asked.act(permit);
        }
    };
    let label = words::live::call(&host);
    view! {
        <div class="confirmation" role="group" aria-label="Confirm the call">
            <p role="alert">
                "Another site shows this page. Continue only if you want to call "
                <strong>{host}</strong>
                ". The button works once it has been in full view for half a second."
            </p>
            <button
                type="button"
                id=ANSWER
                data-control="call"
                disabled=move || !is_ready.get()
                on:click=press
            >
                {label}
            </button>
            <Button class="quiet" control="call" on_click=move |_| live.asked.set(None)>
                "Cancel"
            </Button>
        </div>
    }
}
