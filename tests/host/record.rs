//! Runs that are kept: everything that a picture is made of survives, and nothing else is needed.

use std::time::Duration;

use converge::config::Settings;
use converge::engine::Schedule;
use converge::presets::PresetId;
use converge::record::{Overlay, Record, RecordError, RecordedRun};
use converge::timeline::Timeline;
use futures::FutureExt;
use proptest::prelude::*;

use crate::fixtures::{conditions, faulty_cases, ms, pipeline, run};

fn recorded(schedule: &str, log: converge::trace::Trace) -> RecordedRun {
    RecordedRun { schedule: schedule.into(), log }
}

fn text(record: &Record) -> String {
    record.text(async || {}).now_or_never().unwrap()
}

proptest! {
    #[test]
    fn a_kept_run_is_the_run(case in faulty_cases(), schedule in conditions()) {
        let ran = run(&case.pipeline, &case.scripts, schedule);
        let names = case.pipeline.agents().iter().map(|agent| agent.name.clone()).collect();
        let runs = vec![recorded("parallel", ran.trace.clone())];
        let record = Record::new(7, "preset=topic".into(), "A topic".into(), names, runs);
        prop_assert_eq!(text(&record), serde_json::to_string(&record).unwrap());
        let read = Record::read(&text(&record)).unwrap();
        prop_assert_eq!(&read, &record);
        let end = Timeline::at(&ran.trace, case.len(), ran.trace.end());
        let timelines: Vec<_> = read.timelines().collect();
        prop_assert_eq!(timelines, vec![("parallel", end)]);
    }

    #[test]
    fn no_text_is_too_strange_to_be_refused(strange in ".*", cut in 0..400_usize) {
        prop_assert!(Record::read(&strange).is_err());
        let whole = Record::new(1, String::new(), "é".into(), vec!["a".into()], vec![]);
        let whole = text(&whole);
        if let Some(part) = whole.get(..cut).filter(|part| part.len() < whole.len()) {
            prop_assert_eq!(Record::read(part), Err(RecordError::Unreadable));
        }
    }
}

#[test]
fn a_record_of_another_version_says_so() {
    let empty = Record::new(1, String::new(), String::new(), vec![], vec![]);
    let other = text(&empty).replace("\"version\":2", "\"version\":3");
    assert_eq!(Record::read(&other), Err(RecordError::Version(3)));
}

/// Records of version 1 leave out the preset that was the default then.
#[test]
fn a_record_of_version_1_is_of_its_own_preset() {
    let settings = |left_out: &str| {
        let record = Record::new(1, left_out.into(), String::new(), vec![], vec![]);
        let old = text(&record).replace("\"version\":2", "\"version\":1");
        Settings::read("", &Record::read(&old).unwrap().settings).0.preset
    };
    assert_eq!(settings("limit=2"), PresetId::Company);
    assert_eq!(settings("preset=travel"), PresetId::Travel);
}

/// Two agents after each other, of these milliseconds each.
fn two(first: u64, second: u64) -> converge::trace::Trace {
    let (plan, scripts) = pipeline(&[("a", &["topic"], first), ("b", &["a"], second)]);
    run(&plan, &scripts, Schedule::parallel()).trace
}

#[test]
fn an_earlier_run_is_compared_schedule_by_schedule() {
    let names = vec!["a".to_owned(), "b".to_owned()];
    let runs = vec![recorded("parallel", two(1000, 2000)), recorded("sequential", two(1000, 4000))];
    let overlay = Overlay::of(&Record::new(3, String::new(), String::new(), names, runs));
    assert_eq!(overlay.end().as_micros(), 5_000_000);
    assert_eq!((overlay.place("b"), overlay.place("c")), (Some(1), None));
    assert_eq!(overlay.run("parallel").unwrap().makespan(), ms(3000));
    let now: [(&str, Duration); 3] =
        [("parallel", ms(2000)), ("sequential", ms(5500)), ("other", ms(1))];
    assert_eq!(
        overlay.compare(&now),
        [
            "parallel 3.0 s then, 2.0 s now: 1.0 s faster",
            "sequential 5.0 s then, 5.5 s now: 0.5 s slower",
        ]
    );
    // As the printed figures have it, not as the exact ones do: those differ by 0.08 s.
    assert_eq!(
        overlay.compare(&[("parallel", ms(3080))]),
        ["parallel 3.0 s then, 3.1 s now: 0.1 s slower"]
    );
    assert_eq!(
        overlay.compare(&[("parallel", ms(3040))]),
        ["parallel 3.0 s then, 3.0 s now: no change"]
    );
}

/// Long logs are written down in parts that follow each other, with pauses in between.
#[test]
fn a_long_run_is_kept_whole() {
    let names: Vec<String> = (0..400).map(|at| format!("a{at}")).collect();
    let agents: Vec<_> = names.iter().map(|name| (name.as_str(), &["topic"][..], 10)).collect();
    let (plan, scripts) = pipeline(&agents);
    let log = run(&plan, &scripts, Schedule::parallel()).trace;
    let events = log.events().len();
    let runs = vec![recorded("sequential", log.clone()), recorded("parallel", log)];
    let record = Record::new(7, String::new(), String::new(), names, runs);
    let pauses = std::cell::Cell::new(0);
    let pause = async || pauses.set(pauses.get() + 1);
    let text = record.text(pause).now_or_never().unwrap();
    assert_eq!(Record::read(&text), Ok(record));
    assert!(events > 1_500 && pauses.get() >= 2 * events / 256, "{events} {}", pauses.get());
}
