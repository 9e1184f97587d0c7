//! The reader's key: the field, how long it is kept, and why there is none inside another site.
//!
//! A key is in memory. Only whoever asks for it has it kept by the tab as well, with the origin that
//! it is for, so that no link can send it elsewhere.

use super::dom::{Node, el, nothing};
use super::signals::{Memo, effect};
use leptos::prelude::*;

use super::demo::Demo;
use super::live::target;
use super::sign_in::sign_in_button;
use super::ui::{Field, button, flag, part, shown, text};
use crate::config::{Autoplay, Settings, View};
use crate::web::{page, session};
use crate::words;

/// The name under which a tab keeps a key.
const KEPT: &str = "converge.key";

/// The key that this tab keeps for an origin.
fn kept(origin: &str) -> Option<String> {
    let kept = session::get(KEPT)?;
    let (own, key) = kept.split_once('\n')?;
    (own == origin).then(|| key.to_owned())
}

/// Where a key would go.
fn origin(demo: Demo) -> Option<String> {
    target(demo).and_then(|(_, url)| url.ok()).map(|url| url.origin().to_owned())
}

impl Demo {
    /// Takes a key that was typed or brought by signing in.
    pub fn take_key(self, key: String) {
        self.access.key.set(key);
        if self.access.remembered.get_untracked() {
            self.remember_key(true);
        }
    }

    fn remember_key(self, remember: bool) {
        let key = self.access.key.get_untracked();
        let kept = match untrack(|| origin(self)) {
            Some(origin) if remember => session::put(KEPT, &format!("{origin}\n{key}")),
            _ => {
                session::erase(KEPT);
                false
            }
        };
        self.access.remembered.set(kept);
        if remember && !kept {
            self.notice.set(Some(words::live::KEEPS_NOTHING.into()));
        }
    }

    fn forget_key(self) {
        session::erase(KEPT);
        self.access.remembered.set(false);
        self.access.forget();
        self.access.tested.set(None);
        self.notice.set(Some(words::live::FORGOTTEN.into()));
    }
}

/// The field for the key; inside another site's page there is none.
pub fn field(demo: Demo) -> Node {
    if page::in_foreign_frame() {
        return nothing();
    }
    let at = Memo::new(move |_| origin(demo));
    // A key that the tab keeps is there again with the address that it is for.
    effect(move || {
        let kept = at.with(|at| kept(at.as_deref()?));
        demo.access.remembered.set(kept.is_some());
        if let Some(key) = kept {
            demo.access.key.set(key);
        }
    });
    let value = text(move || demo.access.key.get());
    Field { kind: "password", ..Field::new(words::live::API_KEY, "key", value) }
        .view(move |value| demo.take_key(value))
}

/// How long the key is kept, or the way to a page that takes one.
pub fn keeping(demo: Demo) -> Node {
    if page::in_foreign_frame() {
        return way_out(demo);
    }
    let remembered = flag(move || demo.access.remembered.get());
    let has_key = move || demo.access.key.with(|key| !key.is_empty());
    let told = text(move || {
        let kept = match remembered.get() {
            true => words::live::KEPT_FOR_THE_TAB,
            false => words::live::KEPT_IN_MEMORY,
        };
        words::live::kept_and_sent(kept)
    });
    el("div")
        .class("keeping")
        .attr("role", "group")
        .attr("aria-label", words::live::YOUR_KEY)
        .child(
            el("label")
                .class("check")
                .attr("data-control", "remember")
                .child(
                    el("input")
                        .attr("type", "checkbox")
                        .prop("checked", remembered)
                        .on("change", move |event| demo.remember_key(event_target_checked(&event))),
                )
                .child(el("span").child(words::live::REMEMBER)),
        )
        .child(sign_in_button(demo))
        .child(shown(has_key, move || {
            button("quiet", "forget", text(|| words::live::FORGET.into()), move || {
                demo.forget_key()
            })
        }))
        .child(el("p").class("fine").child(told))
        .node()
}

/// In a figure, which has no settings, the way to the page that takes a key.
pub fn outside(demo: Demo) -> Node {
    let live = move || demo.settings.with(|s| s.embed && s.provider.is_some());
    shown(live, move || way_out(demo))
}

/// A reader of somebody's article cannot see whose field it is, so that the page itself is opened.
fn way_out(demo: Demo) -> Node {
    let link = part(move || {
        let settings = demo.settings.with(alone);
        let address = page::link(&settings.fragment());
        el("a")
            .attr("href", address)
            .attr("target", "_blank")
            .attr("rel", "noopener")
            .child(words::live::OPEN_WITH_SETTINGS)
            .node()
    });
    el("p")
        .class("fine")
        .child(words::live::FIGURE_TAKES_NO_KEY)
        .child(link)
        .child(words::live::TO_USE_YOURS)
        .node()
}

/// The same settings, for a page of its own.
fn alone(settings: &Settings) -> Settings {
    Settings {
        embed: false,
        view: View::All,
        autoplay: Autoplay::Off,
        hide: Vec::new(),
        ..settings.clone()
    }
}
