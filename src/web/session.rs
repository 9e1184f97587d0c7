//! What the browser keeps for this tab alone, until the tab is closed: its session storage.
//!
//! Callers ask the reader before they put a secret here. Where the browser keeps nothing (some frames
//! of another site), nothing is found.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// What was kept under that name.
pub fn get(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps a text; `false` where the browser does not.
pub fn put(name: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name, text).is_ok())
}

/// Erases it.
pub fn erase(name: &str) {
    if let Some(storage) = storage() {
        // It fails only where nothing could have been kept.
        let _ = storage.remove_item(name);
    }
}

/// Erases everything whose name begins like that.
pub fn erase_all(prefix: &str) {
    let Some(storage) = storage() else { return };
    let count = storage.length().unwrap_or_default();
    let names: Vec<String> = (0..count).filter_map(|at| storage.key(at).ok().flatten()).collect();
    names.iter().filter(|name| name.starts_with(prefix)).for_each(|name| erase(name));
}
