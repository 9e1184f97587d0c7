//! The same live run several times, since one is an anecdote: both schedules in turn, and in turn
//! which of them goes first, so that a service that slows down slows both.

use std::time::Duration;

use super::dom::{Node, el};
use super::signals::RwSignal;
use wasm_bindgen_futures::spawn_local;

use super::demo::Demo;
use super::stage::Kind;
use super::ui::{Field, button, listed, shown, text};
use crate::time::seconds;
use crate::timeline::{Phase, Timeline, metrics};
use crate::web::page::Sight;
use crate::words;

/// How often, unless the reader says otherwise, and at most.
const USUAL: usize = 3;
const MOST: usize = 20;

/// One time.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// How long each schedule took.
    times: Vec<(Kind, Duration)>,
    /// Whether the tab was hidden meanwhile, where browsers slow a page's timers down.
    hidden: bool,
}

impl Demo {
    fn repeat(self, times: usize) {
        self.access.repeats.set(Vec::new());
        spawn_local(async move {
            for round in 0..times {
                let sight = Sight::new();
                let Some(over) = self.start(&[], round % 2 == 1) else { break };
                // Stopped runs end too, and then they have no times.
                let _ = over.await;
                let Some(times) = self.times() else { break };
                let hidden = sight.was_lost();
                self.access.repeats.update(|rounds| rounds.push(Round { times, hidden }));
            }
        });
    }

    /// How long each schedule took, if all have their answer.
    fn times(self) -> Option<Vec<(Kind, Duration)>> {
        self.stage.with_untracked(|stage| {
            self.runs.with_value(|runs| {
                let all = stage.lineup.iter().enumerate().map(|(place, planned)| {
                    let trace = runs.logs.get(place)?.trace.borrow();
                    let run = Timeline::at(&trace, stage.agents(), trace.end());
                    let done = run.run().phase() == Phase::Done;
                    done.then(|| (planned.kind, run.makespan()))
                });
                all.collect()
            })
        })
    }
}

/// The button, how often, and what came of it.
pub fn repeat(demo: Demo) -> Node {
    let times = RwSignal::new(USUAL);
    let field = Field {
        kind: "number",
        label: words::live::TIMES,
        width: "field narrow",
        eager: false,
        ..Field::new(words::live::HOW_MANY_TIMES, "repeat", text(move || times.get().to_string()))
    };
    let field = field.view(move |value| {
        let number = value.trim().parse().unwrap_or(USUAL);
        times.set(number.clamp(2, MOST));
    });
    let label = text(move || {
        let calls =
            demo.stage.with(|stage| stage.experiment.preset.pipeline.calls() * stage.lineup.len());
        words::live::repeat(times.get(), calls * times.get())
    });
    let rounds = demo.access.repeats;
    let some = move || rounds.with(|rounds| !rounds.is_empty());
    el("div")
        .class("repeat")
        .attr("role", "group")
        .attr("aria-label", words::live::REPEAT)
        .child(field)
        .child(button("", "repeat", label, move || demo.repeat(times.get_untracked())))
        .child(shown(some, move || {
            (
                el("ul")
                    .attr("aria-label", words::live::OVER_ALL_RUNS)
                    .child(listed(move || rounds.with(|all| sums(all)))),
                el("ol")
                    .attr("aria-label", words::live::EACH_TIME)
                    .child(listed(move || rounds.with(|all| lines(all)))),
            )
        }))
        .node()
}

/// "parallel: median 2.3 s, from 2.1 to 2.6 s in 3 runs", for each schedule. Runs in a hidden tab
/// count only where there are no others.
fn sums(rounds: &[Round]) -> Vec<String> {
    let seen = rounds.iter().any(|round| !round.hidden);
    let counted = rounds.iter().filter(|round| !seen || !round.hidden);
    let times: Vec<(Kind, Duration)> = counted.flat_map(|round| round.times.clone()).collect();
    let sum = |kind: Kind| {
        let own = times.iter().filter(|(other, _)| *other == kind).map(|(_, time)| *time);
        let own: Vec<Duration> = own.collect();
        let found = metrics::spread(&own)?;
        Some(words::live::spread(
            words::called(kind.word()),
            &seconds(found.median),
            &seconds(found.least),
            &seconds(found.most),
            own.len(),
        ))
    };
    let hidden = rounds.iter().filter(|round| round.hidden).count();
    let left_out = (hidden > 0 && seen).then(|| words::live::left_out(hidden));
    [Kind::Parallel, Kind::Sequential].into_iter().filter_map(sum).chain(left_out).collect()
}

fn lines(rounds: &[Round]) -> Vec<String> {
    let line = |round: &Round| {
        let times = round
            .times
            .iter()
            .map(|(kind, t)| words::live::took(words::called(kind.word()), &seconds(*t)));
        let hidden = round.hidden.then(|| words::live::TAB_WAS_HIDDEN.to_owned());
        times.chain(hidden).collect::<Vec<_>>().join(", ")
    };
    rounds.iter().map(line).collect()
}
