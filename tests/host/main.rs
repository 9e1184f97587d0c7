//! The host's tests: one crate, a module an area, all of it without a browser.
#![cfg(not(target_arch = "wasm32"))]
// The exception for tests in clippy.toml does not reach their helpers.
#![allow(clippy::unwrap_used)]

mod advice;
mod again;
mod clock;
mod clock_contract;
mod codegen;
mod crowd;
mod data;
mod docs;
mod edit;
mod embed;
mod event_loop;
mod experiment;
mod export;
mod faults;
mod figures;
mod fixtures;
mod flow;
mod fuzz;
mod geometry;
mod import;
mod laws;
mod lessons;
mod limits;
mod llm;
mod long_answers;
mod metrics;
mod panels;
mod pipeline;
mod plan;
mod playback;
mod policies;
mod poster;
mod presets;
mod record;
mod retries;
mod scripts;
mod security;
mod sentences;
mod settings;
mod simulated;
mod stage;
mod template;
mod thinking;
mod tidy;
mod timeline;
mod tour;
mod verdict;
mod verdict_line;
mod versus;
mod words;
