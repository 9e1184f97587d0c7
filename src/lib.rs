//! Converge runs a fan-out / fan-in pipeline of agents and shows what running it in parallel saves.

#[cfg(target_arch = "wasm32")]
pub mod app;
