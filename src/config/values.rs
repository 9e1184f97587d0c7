//! Values of settings that are numbers, lists by agent or lengths of time: reading and writing them.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::edit::Renamed;
use crate::time::{parse_seconds, plain_number};
use crate::words;

pub(super) fn complaint(key: &str, value: &str) -> String {
    let value: String = value.chars().take(40).collect();
    words::settings::no_sense(key, &value)
}

pub(super) fn text(value: &str) -> Option<String> {
    let value = value.trim();
    (!value.is_empty()).then(|| value.into())
}

/// Reads a number that lies in `range`.
pub(super) fn number(text: &str, range: RangeInclusive<f64>) -> Option<f64> {
    plain_number(text).filter(|number| range.contains(number))
}

/// Reads `name:value,name:value`.
pub(super) fn list<T>(text: &str, value: impl Fn(&str) -> Option<T>) -> Option<Vec<(String, T)>> {
    (text.split(',').filter(|item| !item.is_empty()))
        .map(|item| {
            let (name, rest) = item.rsplit_once(':')?;
            Some((name.to_owned(), value(rest)?))
        })
        .collect()
}

/// Renames the agents in a list, and drops those that are gone.
pub(super) fn rename<T>(
    list: &mut Vec<T>,
    renamed: &Renamed,
    name: impl Fn(&mut T) -> &mut String,
) {
    list.retain_mut(|item| {
        let name = name(item);
        match renamed.iter().find(|(old, _)| old == name) {
            Some((_, Some(new))) => new.clone_into(name),
            Some((_, None)) => return false,
            None => {}
        }
        true
    });
}

pub(super) fn join<T>(list: &[(String, T)], value: impl Fn(&T) -> String) -> String {
    let items = list.iter().map(|(name, item)| format!("{name}:{}", value(item)));
    items.collect::<Vec<_>>().join(",")
}

/// A length of time that something may take; nothing can be done in none.
pub(super) fn timeout(text: &str) -> Option<Duration> {
    parse_seconds(text).filter(|length| !length.is_zero())
}

/// The new name of an agent, where there is still such an agent.
pub(super) fn renamed_agent(name: &str, renamed: &Renamed) -> Option<String> {
    match renamed.iter().find(|(old, _)| old == name) {
        Some((_, new)) => new.clone(),
        None => Some(name.to_owned()),
    }
}

/// A value as the address has it; nothing for none.
pub(super) fn written<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}
