//! The keyboard shortcuts, listed.

use leptos::prelude::*;

use super::kit::Dialog;
use super::state::PanelsState;

/// Each with what it does, and where.
const SHORTCUTS: [(&str, &str); 9] = [
    ("Space", "Pause or play the run, anywhere outside a control"),
    ("\u{2190} \u{2192}", "On the time axis: move the playhead by 0.1 s; with Shift by 1 s"),
    ("Home, End", "On the time axis: go to the start or the end"),
    ("\u{2190} \u{2192}", "On a bar\u{2019}s end: change the latency by 0.1 s; with Shift by 1 s"),
    ("Page Up, Page Down", "On a bar\u{2019}s end: change the latency by 1 s"),
    ("\u{2190} \u{2192}, Home, End", "On the tabs: open another one"),
    ("Ctrl+Z", "In the editor: undo"),
    ("Ctrl+Shift+Z, Ctrl+Y", "In the editor: redo"),
    ("Escape", "Close a dialog, a menu or the tour"),
];

/// See the module.
#[component]
pub fn ShortcutsDialog() -> impl IntoView {
    let is_open = expect_context::<PanelsState>().shortcuts;
    let rows = || {
        let row = |(keys, effect)| view! { <dt><kbd>{keys}</kbd></dt> <dd>{effect}</dd> };
        SHORTCUTS.map(row).collect_view()
    };
    view! {
        <Dialog id="shortcuts-title" title="Keyboard shortcuts" is_open>
            <dl class="shortcuts">{rows()}</dl>
        </Dialog>
    }
}
