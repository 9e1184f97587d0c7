//! What the same work takes under another schedule: runs of the engine over the [order](super::order) of a file.

use std::cell::RefCell;
use std::time::Duration;

use super::order::Order;
use super::pieces::Piece;
use super::{Import, figures, in_one_go, log, order};
use crate::engine::Schedule;
use crate::pipeline::PipelineError;
use crate::simulate::{predict_into, scripts_of};
use crate::state::State;
use crate::time::Instant;
use crate::timeline::Timeline;

impl Import {
    /// The pieces whose order could go: candidates, and those that a limit held back.
    fn loose(&self) -> Vec<Vec<usize>> {
        let limited = self.limit.iter().map(|limit| limit.pieces.clone());
        self.needless.iter().cloned().chain(limited).collect()
    }

    /// The same work one piece after another, as the engine runs it.
    ///
    /// # Errors
    /// Where its order is no pipeline's.
    pub async fn sequential_in_parts(
        &self,
        pause: impl AsyncFn(),
    ) -> Result<Timeline, PipelineError> {
        self.run(Schedule::sequential(), &[], pause).await
    }

    /// The same work with everything overlapping that could: without the candidates' order and without
    /// the limit. For this page's own files that is the pipeline itself, run in parallel.
    ///
    /// # Errors
    /// Where its order is no pipeline's.
    pub async fn overlapped_in_parts(
        &self,
        pause: impl AsyncFn(),
    ) -> Result<Timeline, PipelineError> {
        let loose = self.loose();
        let run = self.run(Schedule::parallel(), &loose, &pause).await?;
        // What came between two candidates comes after all of them, and where something else ran beside
        // them that can take longer than it took: then nothing is to be had from it.
        let is_longer = run.cursor() - Instant::ZERO > self.figures.makespan;
        if is_longer && !loose.is_empty() {
            return self.run(Schedule::parallel(), &[], &pause).await;
        }
        Ok(run)
    }

    /// A run at its end, without its log: nothing is read of that.
    async fn run(
        &self,
        schedule: Schedule,
        without: &[Vec<usize>],
        pause: impl AsyncFn(),
    ) -> Result<Timeline, PipelineError> {
        if self.own.is_some() {
            let agents = self.pipeline.agents().len();
            let scripts = scripts_of(&Timeline::at(&self.log, agents, self.log.end()));
            let run = RefCell::new(Timeline::new(agents));
            predict_into(&self.pipeline, &State::new(), scripts, schedule, &run, pause).await;
            return Ok(run.into_inner());
        }
        let needs = order::predecessors(&self.pieces, figures::TOLERANCE, &pause).await;
        let makespan = Instant::ZERO + self.figures.makespan;
        let order = Order::new(&self.pieces, needs, makespan);
        pause().await;
        order.without(without).run(schedule, pause).await
    }

    /// Takes the order that an overlapped run did without out of the pipeline, so that what is shown as
    /// overlapping does not read as a chain.
    pub async fn loosen_in_parts(&mut self, overlapped: &Timeline, pause: impl AsyncFn()) {
        let mut pieces: Vec<(usize, Piece)> = self.pieces.iter().cloned().enumerate().collect();
        for ((_, piece), lane) in pieces.iter_mut().zip(overlapped.lanes()) {
            piece.start = lane.started.unwrap_or(piece.start);
            piece.end = lane.end().filter(|_| piece.end.is_some());
        }
        pieces.sort_by_key(|(place, piece)| (piece.start, *place));
        let (places, pieces): (Vec<usize>, Vec<Piece>) = pieces.into_iter().unzip();
        let mut needs = vec![Vec::new(); places.len()];
        let found = order::predecessors(&pieces, Duration::ZERO, &pause).await;
        for (at, own) in found.into_iter().enumerate() {
            needs[places[at]] = own.into_iter().map(|need| places[need]).collect();
        }
        if let Ok(pipeline) = log::pipeline(&self.pieces, needs, pause).await {
            self.pipeline = pipeline;
        }
    }

    /// [`sequential_in_parts`](Self::sequential_in_parts) in one go.
    ///
    /// # Errors
    /// As that.
    pub fn sequential(&self) -> Result<Timeline, PipelineError> {
        in_one_go(self.sequential_in_parts(async || ()))
    }

    /// [`overlapped_in_parts`](Self::overlapped_in_parts) in one go.
    ///
    /// # Errors
    /// As that.
    pub fn overlapped(&self) -> Result<Timeline, PipelineError> {
        in_one_go(self.overlapped_in_parts(async || ()))
    }

    /// Whether there is an order in it that could go.
    pub fn could_overlap(&self) -> bool {
        self.own.is_some() || !self.loose().is_empty()
    }

    /// How long it takes with everything overlapping that could, where that is shorter than it was.
    pub fn could_take(&self) -> Option<Duration> {
        if !self.could_overlap() {
            return None;
        }
        self.could_take_by(&self.overlapped().ok()?)
    }

    /// The same by that run, which is the [overlapped](Self::overlapped) one.
    pub fn could_take_by(&self, overlapped: &Timeline) -> Option<Duration> {
        let took = overlapped.cursor() - Instant::ZERO;
        (took + figures::TOLERANCE < self.figures.makespan).then_some(took)
    }
}
