//! The article's lessons, one click each; the advice that follows from durations; a guess.

use converge::config::Settings;
use converge::presets::{LESSONS, PresetId, preset};
use converge::simulate::predict;
use converge::timeline::sentences::{Entrant, advice, guessed, status};
use converge::timeline::{Timeline, metrics, sentences};

use crate::fixtures::{ms, pipeline};

/// What the page says of a race under these settings, and the advice that goes with it.
fn race(address: &str) -> (String, Vec<String>) {
    let (settings, notes) = Settings::read("", address);
    let (experiment, about_agents) = settings.experiment();
    assert_eq!([notes, about_agents].concat(), [""; 0], "{address}");
    let pipeline = &experiment.preset.pipeline;
    let [sequential, parallel] = [settings.sequential(), settings.parallel()].map(|schedule| {
        let trace = predict(pipeline, &experiment.inputs, &experiment.scripts, schedule);
        Timeline::at(&trace, pipeline.agents().len(), trace.end())
    });
    let entrants = [
        Entrant { schedule: "sequential", timeline: &sequential },
        Entrant { schedule: "parallel", timeline: &parallel },
    ];
    let advice = advice(pipeline, &metrics::durations(&parallel));
    (status(pipeline, &entrants), advice)
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
            "However many run at once, it cannot be more than 3.0 times faster: task1 takes 2.0 s.",
            "No one agent decides: speeding up one alone saves nothing.",
        ],
    );
    check(
        straggler,
        "Finished: sequential 10.2 s, parallel 10.0 s, 1.0 times faster",
        &[
            "However many run at once, it cannot be more than 1.0 times faster: task1 takes 10.0 s.",
            "Speed up task1 first: that alone could save up to 9.9 s.",
            "task2 could be 9.9 s slower for free.",
        ],
    );
    check(
        stays,
        "Finished: sequential 6.0 s, parallel 4.0 s, 1.5 times faster",
        &[
            "However many run at once, it cannot be more than 1.5 times faster: task1, then \
             synthesis take 4.0 s.",
            "Speed up synthesis first: that alone could save up to 3.0 s.",
        ],
    );
}

#[test]
fn the_company_could_wait_for_social() {
    let (_, advice) = race("preset=company");
    assert_eq!(
        advice,
        [
            "However many run at once, it cannot be more than 2.2 times faster: internal, then \
             synthesis take 2.3 s.",
            "Speed up synthesis first: that alone could save up to 0.8 s.",
            "social could be 0.8 s slower for free.",
        ]
    );
}

#[test]
fn however_wide_or_long_advice_can_be_followed() {
    let (_, advice) = race("preset=fanout&n=2000");
    assert_eq!(
        advice,
        [
            "However many run at once, it cannot be more than 769.8 times faster: task1, then \
             synthesis take 1.3 s.",
            "Speed up synthesis first: that alone could save up to 0.8 s.",
        ]
    );
    let names = ["a", "b", "c", "d", "e", "f"];
    let reads: Vec<[&str; 1]> =
        std::iter::once("topic").chain(names).map(|reads| [reads]).collect();
    let chain = std::iter::zip(names, &reads).map(|(name, reads)| (name, &reads[..], 1000));
    let (plan, _) = pipeline(&chain.collect::<Vec<_>>());
    assert_eq!(
        sentences::advice(&plan, &[ms(1000); 6])[0],
        "However many run at once, it cannot be more than 1.0 times faster: a, then …, then f \
         take 6.0 s."
    );
}

#[test]
fn where_nothing_takes_time_there_is_no_advice() {
    let company = preset(PresetId::Company, 1);
    assert_eq!(advice(&company.pipeline, &[ms(0); 5]), [""; 0]);
}

#[test]
fn dragging_a_bar_is_a_setting_like_any_other() {
    let mut settings = Settings::default();
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
    check(3000, 2304, "You guessed 3.0 s; it took 2.3 s, 0.7 s less.");
    check(1000, 2304, "You guessed 1.0 s; it took 2.3 s, 1.3 s more.");
    check(2300, 2304, "You guessed 2.3 s, and it took 2.3 s.");
}
