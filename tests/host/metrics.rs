//! The figures of a run.

use std::time::Duration;

use converge::engine::Schedule;
use converge::pipeline::Pipeline;
use converge::time::{Instant, parse_seconds, seconds, seconds_between};
use converge::timeline::metrics::{
    critical_path, durations, parallel_formula, sequential_formula, spread, work,
};
use proptest::prelude::*;

use crate::fixtures::{agent, cases, key, ms, pipeline, run, width};

proptest! {
    #[test]
    fn the_critical_path_is_a_chain_that_takes_that_long(case in cases()) {
        let latencies = case.latencies();
        let path = critical_path(&case.pipeline, &latencies);
        prop_assert_eq!(path.length, case.longest_chain());
        let along: Duration = path.agents.iter().map(|agent| latencies[*agent]).sum();
        prop_assert_eq!(along, path.length);
        for pair in path.agents.windows(2) {
            prop_assert!(case.pipeline.needs(pair[1]).contains(&pair[0]));
        }
        for agent in &path.agents {
            prop_assert_eq!(path.slack[*agent], Duration::ZERO);
        }
    }

    /// Slack is what it says: that much slower costs nothing, a microsecond more does.
    #[test]
    fn slack_is_free_and_not_a_microsecond_more(case in cases()) {
        let latencies = case.latencies();
        let path = critical_path(&case.pipeline, &latencies);
        for (agent, slack) in path.slack.iter().enumerate() {
            let mut slower = latencies.clone();
            slower[agent] += *slack;
            prop_assert_eq!(critical_path(&case.pipeline, &slower).length, path.length);
            slower[agent] += Duration::from_micros(1);
            let later = path.length + Duration::from_micros(1);
            prop_assert_eq!(critical_path(&case.pipeline, &slower).length, later);
        }
    }

    #[test]
    fn the_log_gives_back_what_each_agent_took(case in cases()) {
        let ran = run(&case.pipeline, &case.scripts, Schedule::sequential());
        let measured = durations(&ran.timeline(&case.pipeline));
        prop_assert_eq!(&measured, &case.latencies());
        prop_assert_eq!(work(&measured), ran.makespan());
    }

    /// One agent after another is always a sum, and everything at once always a formula.
    #[test]
    fn unlimited_runs_have_a_formula(case in cases()) {
        let latencies = case.latencies();
        let sequential = sequential_formula(work(&latencies), &latencies);
        let parallel = parallel_formula(case.longest_chain(), &case.pipeline, &latencies);
        let nothing = work(&latencies).is_zero();
        prop_assert_eq!(sequential.is_none(), nothing);
        prop_assert_eq!(parallel.is_none(), nothing);
    }

    #[test]
    fn what_people_write_as_seconds_is_read_to_the_microsecond(micros in 0..=86_400_000_000_u64) {
        let length = Duration::from_micros(micros);
        prop_assert_eq!(parse_seconds(&length.as_secs_f64().to_string()), Some(length));
    }
}

#[test]
fn among_equals_the_critical_path_takes_the_first_in_the_list() {
    let agents = vec![
        agent("a", "{topic}", "a"),
        agent("b", "{topic}", "b"),
        agent("c", "{b} {a}", "c"),
        agent("d", "{a}", "d"),
    ];
    let pipeline = Pipeline::new(vec![key("topic")], agents).unwrap();
    assert_eq!(critical_path(&pipeline, &[ms(10); 4]).agents, [0, 2]);
}

fn check_parallel(agents: &[(&str, &[&str], u64)], total: u64, expected: Option<&str>) {
    let (pipeline, scripts) = pipeline(agents);
    let latencies: Vec<Duration> = scripts.iter().map(|script| script.latency).collect();
    let formula = parallel_formula(ms(total), &pipeline, &latencies);
    assert_eq!(formula.as_deref(), expected);
}

const DIAMOND: &[(&str, &[&str], u64)] =
    &[("a", &[], 1000), ("b", &["a"], 2000), ("c", &["a"], 500), ("d", &["b", "c"], 700)];

#[test]
fn a_formula_goes_level_by_level() {
    check_parallel(DIAMOND, 3700, Some("3.7 = 1.0 + max(2.0, 0.5) + 0.7"));
}

/// Two chains side by side do not wait for each other level by level.
#[test]
fn chains_side_by_side_add_up_along_the_longer_one() {
    let chains: &[(&str, &[&str], u64)] =
        &[("a", &[], 1000), ("b", &["a"], 300), ("c", &[], 200), ("d", &["c"], 900)];
    check_parallel(chains, 1300, Some("1.3 = 1.0 + 0.3"));
}

#[test]
fn an_agent_that_takes_no_time_is_not_a_term() {
    let through: &[(&str, &[&str], u64)] =
        &[("a", &[], 1000), ("through", &[], 0), ("c", &["a", "through"], 500)];
    check_parallel(through, 1500, Some("1.5 = 1.0 + 0.5"));
}

#[test]
fn a_limit_that_decides_leaves_no_formula() {
    let tasks: &[(&str, &[&str], u64)] = &[("a", &[], 2000), ("b", &[], 2000), ("c", &[], 2000)];
    let (plan, scripts) = pipeline(tasks);
    let total = |limit| run(&plan, &scripts, width(limit)).makespan().as_millis() as u64;
    assert_eq!((total(2), total(3)), (4000, 2000));
    check_parallel(tasks, 4000, None);
    check_parallel(tasks, 2000, Some("2.0 = max(2.0, 2.0, 2.0)"));
    assert_eq!(sequential_formula(ms(4000), &[ms(2000); 3]), None);
}

/// An equals sign is a promise about the figures as printed.
#[test]
fn rounded_figures_that_do_not_add_up_are_only_about_equal() {
    let exact = sequential_formula(ms(300), &[ms(100), ms(200)]).unwrap();
    assert_eq!(exact, "0.3 = 0.1 + 0.2");
    let rounded = sequential_formula(ms(2300), &[ms(1150), ms(1150)]).unwrap();
    assert!(rounded.starts_with("2.3 ≈ ") || rounded == "2.3 = 1.1 + 1.2", "{rounded}");
    let rounded = sequential_formula(ms(480), &[ms(240), ms(240)]).unwrap();
    assert_eq!(rounded, "0.5 ≈ 0.2 + 0.2");
    // Real timers are a little late: that is not a reason to say nothing.
    let late = sequential_formula(ms(5130), &[ms(1200), ms(900), ms(700), ms(1500), ms(800)]);
    assert_eq!(late.unwrap(), "5.1 = 1.2 + 0.9 + 0.7 + 1.5 + 0.8");
}

#[test]
fn long_formulas_are_cut_short() {
    let formula = sequential_formula(ms(1000), &[ms(100); 10]).unwrap();
    assert_eq!(formula, "1.0 ≈ 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + … 4 more".replace('≈', "="));
    let eight = sequential_formula(ms(800), &[ms(100); 8]).unwrap();
    assert_eq!(eight, "0.8 = 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1");
}

#[test]
fn seconds_as_people_read_them() {
    let check =
        |micros, expected: &str| assert_eq!(seconds(Duration::from_micros(micros)), expected);
    check(300, "0");
    check(0, "0");
    check(1_000, "0.001");
    check(9_400, "0.009");
    check(9_500, "0.01");
    check(94_000, "0.09");
    check(95_000, "0.1");
    check(100_000, "0.1");
    check(2_300_000, "2.3");
    check(86_400_000_000, "86400.0");
    assert_eq!(Instant::from_micros(5_100_000).to_string(), "5.1 s");
}

#[test]
fn only_lengths_of_time_are_seconds() {
    for text in ["", "x", "-1", "NaN", "inf", "1e9", "1e-3", "86400.1", "1,5", "1 s"] {
        assert_eq!(parse_seconds(text), None, "{text}");
    }
    assert_eq!(parse_seconds(" 0.7 "), Some(ms(700)));
    assert_eq!(parse_seconds("0.001"), Some(ms(1)));
}

#[test]
fn median_and_spread() {
    let found = |all: &[u64]| {
        let all: Vec<_> = all.iter().map(|millis| ms(*millis)).collect();
        spread(&all).map(|s| [s.median, s.least, s.most])
    };
    assert_eq!(found(&[]), None);
    assert_eq!(found(&[7]), Some([ms(7), ms(7), ms(7)]));
    assert_eq!(found(&[9, 1, 5]), Some([ms(5), ms(1), ms(9)]));
    assert_eq!(found(&[9, 1, 5, 6]), Some([Duration::from_micros(5500), ms(1), ms(9)]));
}

#[test]
fn a_difference_is_that_of_the_printed_lengths() {
    let check = |one: u64, other: u64, apart: &str| {
        assert_eq!(seconds_between(ms(one), ms(other)), apart, "{one} and {other}");
        assert_eq!(seconds_between(ms(other), ms(one)), apart, "{other} and {one}");
    };
    // 5.3 s and 2.3 s, although 2.9 s apart.
    check(5_260, 2_340, "3.0");
    check(2_570, 2_340, "0.3");
    check(2_340, 2_260, "0");
    check(2_300, 50, "2.25");
    check(100, 0, "0.1");
    check(4, 0, "0.004");
}
