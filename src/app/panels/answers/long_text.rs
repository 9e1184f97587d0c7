//! What is beyond the beginning of a long text: how much of it is shown and, once its card is opened,
//! the rest, drawn a slice at a time, so that the page can be used and a run be stopped meanwhile.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::web::clock::TimeSlice;
use crate::words;
use crate::words::size;

/// Whether the card around a text is open; in the context of each card.
#[derive(Clone, Copy)]
pub struct Opened(pub RwSignal<bool>);

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

/// Says that only the beginning of a text is shown, and shows the rest in an open card; nothing for a
/// text that is shown as a whole. Another text is cut again.
#[component]
pub fn Rest(
    extent: ReadSignal<Extent>,
    /// Reads all slices of the text, the first one too.
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
    let is_open = expect_context::<Opened>().0;
    let is_whole = Memo::new(move |_| !grows && is_open.get());
    let rest = RwSignal::new(0..0);
    let texts = StoredValue::new(Vec::<String>::new());
    Effect::new(move |_| {
        if !is_whole.get() {
            return rest.set(0..0);
        }
        let all = slices();
        let count = all.len();
        texts.set_value(all);
        spawn_local(async move {
            let thread = TimeSlice::begin();
            for end in 2..=count {
                // It is gone when another text has come or the card was closed.
                if is_whole.try_get_untracked() != Some(true) {
                    break;
                }
                // Drawn when the thread is given back.
                rest.set(1..end);
                thread.give_back().await;
            }
        });
    });
    let told = move || match is_whole.get() {
        true => words::page::shown_whole(&size(all)),
        false => words::page::shown_first(&size(shown), &size(all), grows),
    };
    let draw = move |number: usize| {
        let text = texts.with_value(|texts| texts.get(number).cloned().unwrap_or_default());
        view! { <div class="slice">{slice(text)}</div> }
    };
    view! {
        <For each=move || rest.get() key=|number| *number children=draw />
        <p class="fine">{told}</p>
    }
}
