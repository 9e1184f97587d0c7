//! A modal dialog. The browser keeps the focus inside it, closes it on Escape and gives the focus
//! back; the page behind stays where it is.

use leptos::html;
use leptos::prelude::*;
use web_sys::MouseEvent;

/// A `dialog` element with its title and a button that closes it. Its content is there only while it
/// is open.
#[component]
pub fn Dialog(
    /// The id of its title.
    id: &'static str,
    /// What is written above its content, and what assistive technology and tests call it.
    #[prop(into)]
    title: Signal<String>,
    #[prop(optional)] class: &'static str,
    is_open: RwSignal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let is_open = is_open.get();
        let Some(dialog) = dialog.get().filter(|dialog| dialog.open() != is_open) else { return };
        if is_open {
            // It fails only for a dialog that is open already.
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    // The content fills the element, so that a click on the element itself is one on the backdrop.
    let close_on_backdrop = move |event: MouseEvent| {
        let target = event.target();
        if dialog.get_untracked().is_some_and(|dialog| target == Some(dialog.into())) {
            is_open.set(false);
        }
    };
    let children = StoredValue::new(children);
    view! {
        <dialog
            node_ref=dialog
            class=format!("dialog {class}")
            aria-labelledby=id
            on:close=move |_| is_open.set(false)
            on:click=close_on_backdrop
        >
            <Show when=move || is_open.get()>
                <div class="dialog-body">
                    <div class="dialog-top">
                        <h2 id=id>{move || title.get()}</h2>
                        <button type="button" class="quiet" on:click=move |_| is_open.set(false)>
                            "Close"
                        </button>
                    </div>
                    {children.with_value(|children| children())}
                </div>
            </Show>
        </dialog>
    }
}
