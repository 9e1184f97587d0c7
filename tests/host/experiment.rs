//! What settings come to: scripts, inputs and schedules.

use std::num::NonZeroUsize;

use converge::config::Settings;
use converge::engine::{Hedge, OnFailure};
use converge::plan::Plan;
use converge::simulate::Fault;
use proptest::prelude::*;

use crate::fixtures::{key, ms};

proptest! {
    /// The spread stays within its bounds and is the same for the same seed.
    #[test]
    fn jitter_is_bounded_and_repeats(seed in any::<u64>(), jitter in 0.0..=1.0_f64) {
        let settings = Settings { seed, jitter, ..Settings::default() };
        let (spread, plain) = (settings.experiment().0, Settings::default().experiment().0);
        for (script, plain) in spread.scripts.iter().zip(&plain.scripts) {
            let off = script.latency.as_secs_f64() / plain.latency.as_secs_f64() - 1.0;
            prop_assert!(off.abs() <= jitter + 1e-6, "{}", off);
        }
        prop_assert_eq!(&spread.scripts, &settings.experiment().0.scripts);
        if jitter > 0.01 {
            prop_assert!(spread.scripts != plain.scripts);
        }
    }
}

#[test]
fn agents_that_are_not_there_are_noted() {
    let (settings, _) =
        Settings::read("", "preset=company&latency=nws:1,news:9,*:0.2&fail=stok:hang,stock:hang");
    let (experiment, notes) = settings.experiment();
    assert_eq!(
        notes,
        ["latency: there is no agent called nws.", "fail: there is no agent called stok."]
    );
    // In the order they are written; the synthesis is not a branch.
    let latencies: Vec<_> = experiment.scripts.iter().map(|script| script.latency).collect();
    assert_eq!(latencies, [ms(200), ms(200), ms(200), ms(200), ms(800)]);
    assert_eq!(experiment.scripts[1].fault, Some(Fault::Hang.into()));
}

#[test]
fn settings_become_schedules() {
    let (settings, _) = Settings::read("", "limit=2&on_error=collect");
    let pipeline = settings.build().pipeline.clone();
    let (slow, fast) = (settings.sequential(&pipeline), settings.parallel(&pipeline));
    assert_eq!((slow.width.get(), fast.width.get()), (1, 2));
    assert_eq!((slow.on_failure, fast.on_failure), (OnFailure::Collect, OnFailure::Collect));
    assert_eq!(Settings::default().parallel(&pipeline).width, NonZeroUsize::MAX);
}

/// A condition for one agent finds it in the pipeline, and goes with it when it is renamed.
#[test]
fn conditions_name_an_agent() {
    let (mut settings, _) = Settings::read("", "preset=company&quorum=synthesis:3&hedge=news:0.8");
    let (plan, notes) = Plan::of(&settings, None);
    assert_eq!(notes, Vec::<String>::new());
    let schedule = plan.lineup[1].schedule;
    assert_eq!(schedule.quorum.unwrap().join, Some(4));
    assert_eq!(schedule.hedge.unwrap(), Hedge { after: ms(800), agent: Some(0) });
    let renamed = [("news".to_owned(), Some("press".to_owned())), ("synthesis".into(), None)];
    settings.edit(None, &renamed.to_vec());
    assert_eq!(settings.hedge.as_ref().unwrap().to_string(), "press:0.8");
    assert_eq!(settings.quorum, None);
    let (_, notes) = settings.experiment();
    assert_eq!(notes, ["hedge: there is no agent called press."]);
}

#[test]
fn a_topic_of_ones_own_is_what_is_asked_about() {
    let topic = |address| {
        let (experiment, _) = Settings::read("", address).0.experiment();
        experiment.inputs.get(&key("topic")).unwrap().to_string()
    };
    assert_eq!(topic("topic=Acme"), "Acme");
    assert_eq!(topic("preset=company"), "Lumen Robotics");
}
