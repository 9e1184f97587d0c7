//! What is beyond the beginning of a long text: how much of it is shown, and a button that draws the
//! rest, a slice at a time, so that the page can be used and a run be stopped meanwhile.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::kit::Button;
use crate::web::clock::TimeSlice;
use crate::words;
use crate::words::size;

/// How much of a text is shown at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Bytes of its beginning.
    pub shown: usize,
    /// Bytes of all of it.
    pub all: usize,
    /// Whether more of it may come.
    pub grows: bool,
}

/// Says that only the beginning of a text is shown and offers the rest; nothing for a text that is
/// shown as a whole. Another text is cut again.
#[component]
pub fn Rest(
    extent: ReadSignal<Extent>,
    /// Reads all slices of the text, the first one too, when the reader asks for the rest.
    slices: impl Fn() -> Vec<String> + Copy + Send + Sync + 'static,
    /// Draws a slice.
    slice: impl Fn(String) -> AnyView + Copy + Send + Sync + 'static,
) -> impl IntoView {
    move || {
        let extent = extent.get();
        (extent.shown < extent.all).then(|| view! { <CutText extent slices slice /> })
    }
}

#[component]
fn CutText(
    extent: Extent,
    slices: impl Fn() -> Vec<String> + Copy + Send + Sync + 'static,
    slice: impl Fn(String) -> AnyView + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let Extent { shown, all, grows } = extent;
    let (is_open, set_open) = signal(false);
    let rest = RwSignal::new(0..0);
    let texts = StoredValue::new(Vec::<String>::new());
    let open = move || {
        set_open.set(true);
        let all = slices();
        let count = all.len();
        texts.set_value(all);
        spawn_local(async move {
            let thread = TimeSlice::begin();
            for end in 2..=count {
                // Drawn when the thread is given back. It is gone when another text has come.
                if rest.try_set(1..end).is_some() {
                    break;
                }
                thread.give_back().await;
            }
        });
    };
    let told = move || match is_open.get() {
        true => words::page::shown_whole(&size(all)),
        false => words::page::shown_first(&size(shown), &size(all), grows),
    };
    let draw = move |number: usize| {
        let text = texts.with_value(|texts| texts.get(number).cloned().unwrap_or_default());
        view! { <div class="slice">{slice(text)}</div> }
    };
    view! {
        <For each=move || rest.get() key=|number| *number children=draw />
        <p class="fine">
            {told} " "
            <Show when=move || !grows && !is_open.get()>
                <Button control="show-all" class="quiet" on_click=move |_| open()>
                    "Show all"
                </Button>
            </Show>
        </p>
    }
}
