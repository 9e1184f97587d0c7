//! Converge runs a fan-out / fan-in pipeline of agents and shows what running it in parallel saves.
//!
//! [`engine::run`] interprets a [`pipeline::Pipeline`] and leaves a [`trace::Trace`]; everything on
//! screen is computed from that. ARCHITECTURE.md has the map and the rules.

pub mod advice;
pub mod clock;
pub mod codegen;
pub mod config;
pub mod drawing;
pub mod edit;
pub mod engine;
pub mod excerpt;
pub mod export;
pub mod import;
pub mod library;
pub mod llm;
pub mod markdown;
pub mod model;
pub mod pipeline;
pub mod plan;
pub mod poster;
pub mod presets;
pub mod record;
pub mod simulate;
pub mod state;
pub mod tail;
pub mod template;
pub mod time;
pub mod timeline;
pub mod tour;
pub mod trace;
pub mod verdict;
pub mod versus;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
pub mod web;
