//! What the same work takes under another schedule: runs of the engine over the [order](super::order) of a file.

use std::time::Duration;

use super::order::Order;
use super::pieces::Piece;
use super::{Import, figures, log, order, ready};
use crate::engine::Schedule;
use crate::simulate::{predict_in_parts, scripts_of};
use crate::state::State;
use crate::time::Instant;
use crate::timeline::Timeline;
use crate::trace::Trace;

impl Import {
    /// The pieces whose order could go: candidates, and those that a limit held back.
    fn loose(&self) -> Vec<Vec<usize>> {
        let limited = self.limit.iter().map(|limit| limit.pieces.clone());
        self.needless.iter().cloned().chain(limited).collect()
    }

    /// The same work one piece after another, as the engine runs it. `None` where `pause` answered that
    /// the result is not wanted any more.
    pub async fn sequential_in_parts(&self, pause: impl AsyncFn() -> bool) -> Option<Trace> {
        self.run(Schedule::sequential(), &[], pause).await
    }

    /// The same work with everything overlapping that could: without the candidates' order and without
    /// the limit. For this page's own files that is the pipeline itself, run in parallel.
    pub async fn overlapped_in_parts(&self, pause: impl AsyncFn() -> bool) -> Option<Trace> {
        let loose = self.loose();
        let trace = self.run(Schedule::parallel(), &loose, &pause).await?;
        // What came between two candidates comes after all of them, and where something else ran beside
        // them that can take longer than it took: then nothing is to be had from it.
        let is_longer = trace.end() - Instant::ZERO > self.figures.makespan;
        if is_longer && !loose.is_empty() {
            return self.run(Schedule::parallel(), &[], &pause).await;
        }
        Some(trace)
    }

    async fn run(
        &self,
        schedule: Schedule,
        without: &[Vec<usize>],
        pause: impl AsyncFn() -> bool,
    ) -> Option<Trace> {
        if self.own.is_some() {
            let timeline = Timeline::at(&self.log, self.pipeline.agents().len(), self.log.end());
            let scripts = scripts_of(&timeline);
            return predict_in_parts(&self.pipeline, &State::new(), &scripts, schedule, pause)
                .await;
        }
        let needs = order::predecessors(&self.pieces, figures::TOLERANCE);
        pause().await.then_some(())?;
        let makespan = Instant::ZERO + self.figures.makespan;
        let order = Order::new(&self.pieces, &needs, makespan).without(without);
        order.run(schedule, pause).await.ok().flatten()
    }

    /// Takes the order that an overlapped run did without out of the pipeline, so that what is shown as
    /// overlapping does not read as a chain. `None` where `pause` answered that it is not wanted any more.
    pub async fn loosen_in_parts(
        &mut self,
        overlapped: &Trace,
        pause: impl AsyncFn() -> bool,
    ) -> Option<()> {
        let end = overlapped.end();
        let timeline = Timeline::at_in_parts(overlapped, self.pieces.len(), end, &pause).await?;
        let mut pieces: Vec<(usize, Piece)> = self.pieces.iter().cloned().enumerate().collect();
        for ((_, piece), lane) in pieces.iter_mut().zip(timeline.lanes()) {
            piece.start = lane.started.unwrap_or(piece.start);
            piece.end = lane.end().filter(|_| piece.end.is_some());
        }
        pieces.sort_by_key(|(place, piece)| (piece.start, *place));
        let (places, pieces): (Vec<usize>, Vec<Piece>) = pieces.into_iter().unzip();
        let mut needs = vec![Vec::new(); places.len()];
        for (at, own) in order::predecessors(&pieces, Duration::ZERO).into_iter().enumerate() {
            needs[places[at]] = own.into_iter().map(|need| places[need]).collect();
        }
        if let Ok(pipeline) = log::pipeline(&self.pieces, &needs, pause).await? {
            self.pipeline = pipeline;
        }
        Some(())
    }

    /// [`sequential_in_parts`](Self::sequential_in_parts) in one go.
    pub fn sequential(&self) -> Trace {
        ready(self.sequential_in_parts(async || true)).flatten().unwrap_or_default()
    }

    /// [`overlapped_in_parts`](Self::overlapped_in_parts) in one go.
    pub fn overlapped(&self) -> Trace {
        ready(self.overlapped_in_parts(async || true)).flatten().unwrap_or_default()
    }

    /// How long it takes with everything overlapping that could, where that is shorter than it was. The
    /// outer `None` where `pause` answered that the result is not wanted any more.
    pub async fn could_take_in_parts(
        &self,
        pause: impl AsyncFn() -> bool,
    ) -> Option<Option<Duration>> {
        if self.own.is_none() && self.loose().is_empty() {
            return Some(None);
        }
        let took = self.overlapped_in_parts(pause).await?.end() - Instant::ZERO;
        Some((took + figures::TOLERANCE < self.figures.makespan).then_some(took))
    }

    /// [`could_take_in_parts`](Self::could_take_in_parts) in one go.
    pub fn could_take(&self) -> Option<Duration> {
        ready(self.could_take_in_parts(async || true)).flatten().flatten()
    }
}
