//! The stage: the schedules of one pipeline on one axis, with what starts and moves them and what comes
//! of it. Where things are is geometry (`crate::timeline::stage`); the views in here draw it.

mod axis;
mod block;
mod crowd_tools;
mod drawing;
mod fan_out;
mod guess;
mod handle;
mod joins;
mod lane;
mod legend;
mod limits;
mod mini_race;
mod picture;
mod report_card;
mod retry_failed;
mod status;
mod track;
mod transport;
mod verdict;
mod why;

use leptos::html;
use leptos::prelude::*;

pub use crowd_tools::CrowdTools;
pub use why::Why;

use self::guess::{GuessButton, GuessStep};
use self::picture::Picture;
use self::status::Status;
use self::transport::Transport;
use self::verdict::Verdict;
use super::lazy::Lazy;
use super::state::{LazySection, SettingsState};
use crate::config::{Tab, View};
use crate::web::observe::InView;
use crate::web::page;

/// See the module.
#[component]
pub fn Stage() -> impl IntoView {
    let guess = GuessStep::follow();
    let section = NodeRef::<html::Section>::new();
    let transport_room = NodeRef::<html::Div>::new();
    let is_in_view = RwSignal::new(true);
    // While the transport floats, its room stays as high as it was, or all below would jump.
    let room_height = RwSignal::new(0.0);
    let watch = StoredValue::new_local(None);
    Effect::new(move |_| {
        let Some(section) = section.get() else { return };
        let in_view = InView::of(&section, move |is_seen| {
            if is_in_view.get_untracked()
                && let Some(room) = transport_room.get_untracked()
            {
                room_height.set(room.get_bounding_client_rect().height());
            }
            is_in_view.set(is_seen);
        });
        watch.set_value(in_view);
    });
    let settings = expect_context::<SettingsState>().current;
    // A frame in another page is as high as what is in it: nothing in it is ever out of sight.
    let floats = Signal::derive(move || !is_in_view.get() && settings.with(|s| !s.embed));
    let has_tabs = move || settings.with(|s| s.view == View::All && !s.embed);
    view! {
        <section node_ref=section class="race stage panel" aria-labelledby="race-title">
            <h2 id="race-title" class="visually-hidden">
                "Race"
            </h2>
            <div
                node_ref=transport_room
                class="transport-room"
                style:min-height=move || floats.get().then(|| format!("{}px", room_height.get()))
            >
                <Transport floats>
                    <GuessButton step=guess />
                    <Show when=has_tabs>
                        <WhatIfButton />
                    </Show>
                </Transport>
            </div>
            <Lazy section=LazySection::Crowd />
            <Picture guess />
            <Verdict guess />
        </section>
    }
}

/// What starts and moves a run, for the views that have no stage.
#[component]
pub fn SmallStage() -> impl IntoView {
    view! {
        <section class="stage panel" aria-label="Transport">
            <Transport floats=false has_race=true />
            <Status />
        </section>
    }
}

/// Goes to the conditions of a run.
#[component]
fn WhatIfButton() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let open = move |_| {
        settings.update(|settings| settings.tab = Tab::WhatIf);
        page::lead_to("#tab-whatif");
    };
    view! {
        <button type="button" class="to-what-if" on:click=open>
            "What if…"
        </button>
    }
}
