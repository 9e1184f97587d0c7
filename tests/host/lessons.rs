//! The article's lessons, one click each, with the advice that goes with them; a guess.

use converge::advice::advise;
use converge::config::Settings;
use converge::presets::LESSONS;
use converge::simulate::predict;
use converge::timeline::Timeline;
use converge::timeline::sentences::{ScheduleRun, guessed, status};

use crate::fixtures::ms;

/// What the page says of a race under these settings, and the advice that goes with it.
fn race(address: &str) -> (String, Vec<String>) {
    let (settings, notes) = Settings::read("", address);
    let (experiment, about_agents) = settings.experiment();
    assert_eq!([notes, about_agents].concat(), [""; 0], "{address}");
    let pipeline = &experiment.preset.pipeline;
    let [sequential, parallel] =
        [settings.sequential(pipeline), settings.parallel(pipeline)].map(|schedule| {
            let trace = predict(pipeline, &experiment.inputs, &experiment.scripts, schedule);
            Timeline::at(&trace, pipeline.agents().len(), trace.end())
        });
    let runs = [
        ScheduleRun { schedule: "sequential", timeline: &sequential, injected: &[] },
        ScheduleRun { schedule: "parallel", timeline: &parallel, injected: &[] },
    ];
    let advice = advise(pipeline, &experiment.scripts, settings.parallel(pipeline)).unwrap();
    (status(pipeline, &runs), advice.sentences(pipeline))
}

fn check(address: &str, said: &str, advised: &[&str]) {
    let (status, advice) = race(address);
    assert_eq!(status, said);
    assert_eq!(advice, advised);
}

#[test]
fn the_three_lessons() {
    let [equal, straggler, stays] = LESSONS.map(|(_, address)| address);
    check(
        equal,
        "Finished: sequential 6.0 s, parallel 2.0 s, 3.0 times faster",
        &[
            "Best possible speedup: 3.0×. Task 1 alone takes 2.0 s.",
            "Several agents tie: speeding up one alone won't help.",
        ],
    );
    check(
        straggler,
        "Finished: sequential 10.2 s, parallel 10.0 s, no speedup",
        &[
            "Best possible speedup: 1.0×. Task 1 alone takes 10.0 s.",
            "Biggest win: a faster Task 1 (up to 9.9 s).",
            "Task 2 has 9.9 s of slack.",
        ],
    );
    check(
        stays,
        "Finished: sequential 6.0 s, parallel 4.0 s, 1.5 times faster",
        &[
            "Best possible speedup: 1.5×. Task 1 and Synthesis must run back to back (4.0 s).",
            "Biggest win: a faster Synthesis (up to 3.0 s).",
        ],
    );
}

#[test]
fn dragging_a_bar_is_a_setting_like_any_other() {
    let mut settings = Settings::read("", "preset=company").0;
    settings.set_latency("news", ms(2500));
    settings.set_latency("stock", ms(300));
    settings.set_latency("news", ms(2600));
    assert_eq!(settings.latency, [("stock".into(), ms(300)), ("news".into(), ms(2600))]);
    let (again, notes) = Settings::read("", &settings.fragment());
    assert_eq!((again.latency, notes.len()), (settings.latency.clone(), 0));
    let (experiment, _) = settings.experiment();
    assert_eq!(experiment.scripts[0].latency, ms(2600));
    assert_eq!(experiment.scripts[1].latency, ms(300));
}

#[test]
fn a_guess_is_judged_as_it_is_printed() {
    let check = |guess, truth, said| assert_eq!(guessed(ms(guess), ms(truth)), said);
    check(3000, 2304, "You guessed 3.0 s. Actual: 2.3 s, 0.7 s faster.");
    check(1000, 2304, "You guessed 1.0 s. Actual: 2.3 s, 1.3 s slower.");
    // Not 0.2 s, which 2.57 s less 2.34 s would be: the reader subtracts what is printed.
    check(2570, 2340, "You guessed 2.6 s. Actual: 2.3 s, 0.3 s faster.");
    check(2300, 2304, "You guessed 2.3 s. Actual: 2.3 s.");
}
