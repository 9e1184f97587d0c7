//! Generated programs as a person runs them: the real libraries, the real languages, and a server of
//! ours that speaks the API. `cargo xtask test --programs` installs what that takes and runs this.
//!
//! The server has no clock. It answers in the order of the engine's own run, and only once those calls
//! have come that were in flight there at that moment: so a program passes when its calls overlap
//! where the engine's do and nowhere else, however fast the machine is.
#![cfg(not(target_arch = "wasm32"))]
// The exception for tests in clippy.toml does not reach their helpers.
#![allow(clippy::unwrap_used)]

mod case;
mod check;
mod expect;
#[allow(dead_code, unused_imports)]
#[path = "../host/fixtures.rs"]
mod fixtures;
mod runners;
mod server;

use converge::codegen::Language;

use case::{collecting, failing, keys, patient, presets, random, retrying};
use check::check;

/// Every kind of case, for a library that runs in an interpreter.
fn all(language: Language) {
    let random = random(language, 8);
    check(
        language,
        [presets(), random, failing(language), collecting(language), keys(), retrying(), patient()]
            .concat(),
    );
}

#[test]
fn asyncio() {
    all(Language::Asyncio);
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

#[test]
fn js() {
    all(Language::Js);
}

#[test]
fn rust() {
    all(Language::Rust);
}

#[test]
fn rust_engine() {
    all(Language::RustEngine);
}
