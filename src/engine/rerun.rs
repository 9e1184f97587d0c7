//! A retry around the whole run: where it fails, all of it runs again, and is paid for again.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt;
use futures::channel::oneshot;
use futures::future::{Either, FutureExt, LocalBoxFuture, select};
use futures::stream::FuturesUnordered;

use super::{Retry, RunResult, Schedule, run};
use crate::clock::Clock;
use crate::model::Model;
use crate::pipeline::Pipeline;
use crate::state::State;
use crate::trace::{Event, EventKind, Outcome, Sink, SpanId, Trace};

/// One of the runs that a retry around all of it makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rerun {
    /// When it began, counted from the beginning of the first one.
    pub began: Duration,
    /// Its log, whose times count from its own beginning.
    pub trace: Trace,
}

/// The logs of the runs so far, which can be read also where the last one does not end.
pub type Reruns = RefCell<Vec<Rerun>>;

/// Runs the pipeline again while its map fails, as `again` has it: LangChain's `with_retry` around a
/// map. A join that fails is no failure of the map, which was over when it began. What a failed run has
/// left running goes on beside the next one, so this resolves when the last call has ended. The result is
/// the last run's.
pub async fn rerun(
    pipeline: &Pipeline,
    inputs: State,
    (schedule, again): (Schedule, Retry),
    clock: &dyn Clock,
    model: &dyn Model,
    logs: &Reruns,
) -> Option<RunResult> {
    let zero = clock.now();
    let mut running: Running<'_> = FuturesUnordered::new();
    let mut last = None;
    for number in 0.. {
        let (end, ended) = oneshot::channel();
        let log = Rc::new(Log { logs, number, end: RefCell::new(Some(end)) });
        logs.borrow_mut().push(Rerun { began: clock.now().since(zero), trace: Trace::new() });
        let inputs = inputs.clone();
        running.push(
            async move { (number, run(pipeline, inputs, schedule, clock, model, &*log).await) }
                .boxed_local(),
        );
        let outcome = until(ended, &mut running, &mut last).await;
        let Ok(Outcome::Failed(error)) = outcome else { break };
        if is_map_over(pipeline, &logs.borrow()[number].trace) {
            break;
        }
        // The wait is the run's own: no agent has that place.
        let attempt = u32::try_from(number + 1).unwrap_or(u32::MAX);
        let Ok(wait) = again.after(&error, pipeline.agents().len(), attempt) else { break };
        until(clock.sleep(wait), &mut running, &mut last).await;
    }
    while let Some(result) = running.next().await {
        keep_last(&mut last, result);
    }
    last.map(|(_, result)| result)
}

fn is_map_over(pipeline: &Pipeline, trace: &Trace) -> bool {
    pipeline.is_map_over(|join| {
        let own = SpanId::agent(join);
        trace.events().iter().any(|event| event.span == own && event.kind == EventKind::Queued)
    })
}

/// Runs with their numbers.
type Running<'a> = FuturesUnordered<LocalBoxFuture<'a, (usize, RunResult)>>;

/// A run that was left running may end after a later one.
fn keep_last(last: &mut Option<(usize, RunResult)>, ended: (usize, RunResult)) {
    if last.as_ref().is_none_or(|(number, _)| *number < ended.0) {
        *last = Some(ended);
    }
}

/// Waits for `future` while what runs goes on.
async fn until<T>(
    future: impl Future<Output = T>,
    running: &mut Running<'_>,
    last: &mut Option<(usize, RunResult)>,
) -> T {
    let mut future = pin!(future);
    while !running.is_empty() {
        match select(future.as_mut(), running.next()).await {
            Either::Left((done, _)) => return done,
            Either::Right((ended, _)) => {
                ended.into_iter().for_each(|ended| keep_last(last, ended));
            }
        }
    }
    future.await
}

/// Keeps a run's log, and says when the run itself is over.
struct Log<'a> {
    logs: &'a Reruns,
    number: usize,
    end: RefCell<Option<oneshot::Sender<Outcome>>>,
}

impl Sink for Log<'_> {
    fn emit(&self, event: Event) {
        if let (SpanId::RUN, EventKind::End(outcome)) = (event.span, &event.kind) {
            // The other side may be gone: a run that is dropped closes its spans.
            let end = self.end.borrow_mut().take();
            end.into_iter().for_each(|end| drop(end.send(outcome.clone())));
        }
        if let Some(rerun) = self.logs.borrow_mut().get_mut(self.number) {
            rerun.trace.push(event);
        }
    }
}
