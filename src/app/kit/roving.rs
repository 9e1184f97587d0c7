//! Arrow keys in a group of controls that is one stop of the Tab key.

/// Where a key leads to from `here`: arrows go around, Home and End to the ends. `None` for other keys.
pub fn key_leads_to<T: Copy + PartialEq>(key: &str, items: &[T], here: T) -> Option<T> {
    let at = items.iter().position(|item| *item == here).unwrap_or_default();
    match key {
        "ArrowRight" => items.get(at + 1).or(items.first()).copied(),
        "ArrowLeft" => items[..at].last().or(items.last()).copied(),
        "Home" => items.first().copied(),
        "End" => items.last().copied(),
        _ => None,
    }
}
