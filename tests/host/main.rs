//! The host's tests: one crate, a module an area, all of it without a browser.
#![cfg(not(target_arch = "wasm32"))]
// The exception for tests in clippy.toml does not reach their helpers.
#![allow(clippy::unwrap_used)]

mod llm;
