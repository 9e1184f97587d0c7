//! What many views are made of. Nothing in here knows what the page is about.

mod button;
mod dialog;
mod distinct;
mod field;
mod icon;
mod items;
mod menu;
mod pager;
mod popover;
mod range;
mod roving;
mod tabs;

pub use button::Button;
pub use dialog::Dialog;
pub use distinct::{distinct, unsubscribe_on_cleanup};
pub use field::Field;
pub use icon::Icon;
pub use items::Items;
pub use menu::{Choice, Menu};
pub use pager::Pager;
pub use popover::Popover;
pub use range::follow_range;
pub use roving::key_leads_to;
pub use tabs::{TabLabel, Tabs, go_to_tab};

/// Whether a key that was pressed closes what is open.
pub fn is_escape(event: &web_sys::KeyboardEvent) -> bool {
    event.key() == "Escape" && !event.is_composing()
}

/// Lets a long name break where a word in it begins.
pub fn breakable(name: &str) -> String {
    let mut out = String::new();
    let mut last_lower = false;
    for letter in name.chars() {
        if last_lower && letter.is_uppercase() {
            out.push('\u{200b}');
        }
        out.push(letter);
        if letter == '_' {
            out.push('\u{200b}');
        }
        last_lower = letter.is_lowercase();
    }
    out
}
