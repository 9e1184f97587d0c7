//! The parts that only a browser has, in a browser, which wasm-bindgen's test runner starts.
#![cfg(target_arch = "wasm32")]
// A test may unwrap; clippy does not know these for tests.
#![allow(clippy::unwrap_used)]

mod clock;
mod page;
mod signals;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
