//! This app's own trace file, as [`export::read`](crate::export) has it: the one format with
//! dependencies, so nothing is inferred.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Import;
use super::error::ImportError;
use super::figures::Figures;
use super::format::Format;
use super::pieces::Piece;
use super::span::Kind;
use crate::export::{self, TraceFile};
use crate::model::Usage;
use crate::pipeline::Pipeline;
use crate::time::Instant;

/// The file as a run.
pub fn read(text: &str) -> Result<Import, ImportError> {
    let whole = export::open(text).map_err(ImportError::Own)?;
    let export::Whole { file, pipeline, log } = whole;
    let pieces = pieces(&file);
    let makespan = Duration::from_micros(file.metrics.makespan_us);
    let figures = Figures::new(&pieces, makespan);
    Ok(Import {
        format: Format::Converge,
        spans: file.spans.len(),
        agents: places(&file, &pipeline),
        pieces,
        containers: Vec::new(),
        notes: BTreeMap::new(),
        figures,
        needless: Vec::new(),
        limit: None,
        pipeline,
        log,
        started: file.started.chars().take(40).collect(),
        own: Some(Box::new(file)),
    })
}

/// Its agents as pieces; those that never started are none.
pub fn pieces(file: &TraceFile) -> Vec<Piece> {
    let spans = file.spans.iter().filter(|span| span.outcome != "kept");
    spans
        .filter_map(|span| {
            let at = |micros: Option<u64>| micros.map(Instant::from_micros);
            let start = at(span.start_us)?;
            let failed = matches!(span.outcome.as_str(), "failed" | "fallback");
            let usage = Usage {
                input_tokens: span.input_tokens,
                output_tokens: span.output_tokens,
                thinking_tokens: 0,
            };
            Some(Piece {
                lane: span.name.clone(),
                name: span.name.clone(),
                kind: Kind::Model,
                queued: at(span.queued_us),
                start,
                first: at(span.first_us),
                end: at(span.end_us),
                error: failed.then(|| span.error.clone().unwrap_or_default()),
                status: None,
                usage: (usage != Usage::default()).then_some(usage),
                model: file.model.clone(),
                input: String::new(),
                output: span.output.clone(),
                container: None,
                links: Vec::new(),
                one_at_a_time: false,
            })
        })
        .collect()
}

/// The place in the pipeline of each piece.
pub fn places(file: &TraceFile, pipeline: &Pipeline) -> Vec<usize> {
    let spans = file.spans.iter().filter(|span| span.outcome != "kept" && span.start_us.is_some());
    spans.filter_map(|span| pipeline.find(&span.name)).collect()
}
