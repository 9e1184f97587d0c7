//! Generated programs as a person runs them: the real libraries, the real languages, and a server of
//! ours that speaks the API. `cargo xtask test --programs` installs what that takes and runs this.
//!
//! The server measures no time. It answers in the order of the engine's own run, and only once those calls
//! have come that were in flight there at that moment: so a program passes when its calls overlap
//! where the engine's do and nowhere else, however fast the machine is.
#![cfg(not(target_arch = "wasm32"))]
// The exception for tests in clippy.toml does not reach their helpers.
#![allow(clippy::unwrap_used)]

mod case;
mod check;
mod conditions;
mod expect;
#[allow(dead_code, unused_imports)]
#[path = "../host/fixtures.rs"]
mod fixtures;
mod grid;
mod runners;
mod server;

use std::time::Duration;

use converge::codegen::Language;

use case::{
    Case, collecting, failing, keys, mistakes, patient, policies, presets, random, retrying,
};
use check::{check, check_as, check_folders, slips, slips_without};
use conditions::{early_mistakes, hedged, losers, quorums};

/// Every kind of case, for a library that runs in an interpreter.
fn all(language: Language) {
    let random = random(language, 8);
    let (failing, collecting) = (failing(language), collecting(language));
    let failing = [failing, collecting, policies(language)].concat();
    let all = [presets(), random, failing, keys(language), retrying(), patient()].concat();
    check(language, &all);
}

/// That each of these programs is seen to be wrong, in that way.
fn check_mistakes(
    language: Language,
    mistakes: impl IntoIterator<Item = (Case, Case, &'static str)>,
) {
    let (meant, rest): (Vec<_>, Vec<_>) =
        mistakes.into_iter().map(|(meant, written, slip)| (meant, (written, slip))).unzip();
    let (written, expected): (Vec<_>, Vec<_>) = rest.into_iter().unzip();
    let times = [Duration::from_millis(500), Duration::from_secs(3)];
    let folder = format!("{}-wrong", language.as_str());
    let slips = slips(language, &folder, &meant, &written, times);
    assert_eq!(slips.len(), expected.len(), "{}", slips.join("\n\n"));
    for (slip, expected) in slips.iter().zip(expected) {
        assert!(slip.contains(expected), "not {expected}: {slip}");
    }
}

#[test]
fn a_program_that_is_wrong_is_seen_to_be() {
    check_mistakes(Language::Js, mistakes());
}

#[test]
fn a_program_that_asks_or_begins_at_another_time_is_seen_to_be() {
    for language in [Language::Asyncio, Language::Js] {
        check_mistakes(language, early_mistakes());
        for (case, cancels) in losers(language) {
            let slips = slips_without(language, &case, cancels).concat();
            assert!(slips.contains("waits for what never came"), "{cancels}: {slips}");
        }
    }
}

#[test]
fn asyncio() {
    all(Language::Asyncio);
}

/// Second calls and joins that begin early, where programs have them.
fn early(language: Language) {
    check_as("early", language, &[hedged(), quorums()].concat());
}

#[test]
fn asyncio_early() {
    early(Language::Asyncio);
}

#[test]
fn js_early() {
    early(Language::Js);
}

#[test]
fn langchain() {
    all(Language::LangChain);
}

#[test]
fn langgraph() {
    all(Language::LangGraph);
}

#[test]
fn adk() {
    all(Language::Adk);
}

#[test]
fn adk2() {
    all(Language::Adk2);
}

/// The presets without a limit, which a deployed graph gets from its caller.
fn deployed(language: Language) {
    let wide = presets().into_iter().filter(|case| case.schedule.width.get() == usize::MAX);
    check_folders(language, &wide.collect::<Vec<_>>());
}

#[test]
fn langgraph_folder() {
    deployed(Language::LangGraph);
}

#[test]
fn adk2_folder() {
    deployed(Language::Adk2);
}

#[test]
fn ray() {
    all(Language::Ray);
}

#[test]
fn js() {
    all(Language::Js);
}

#[test]
fn rust() {
    all(Language::Rust);
}

#[test]
fn rust_early() {
    early(Language::Rust);
}

#[test]
fn rust_engine() {
    all(Language::RustEngine);
}

#[test]
fn rust_engine_early() {
    early(Language::RustEngine);
}
