//! The tail: what is drawn against exact formulas, and the graph against the engine.

use std::num::NonZeroUsize;
use std::time::Duration;

use converge::config::Settings;
use converge::engine::{Hedge, Late, Quorum, Schedule};
use converge::pipeline::{Pipeline, Work};
use converge::presets::{PresetId, preset};
use converge::tail::{
    Distribution, Draws, Growth, Histogram, Shape, Study, cdf_of_hedged, cdf_of_kth,
    share_of_runs_with_a_slow_branch, study,
};
use proptest::prelude::*;

use crate::fixtures::{Case, cases, hedges, ms, pipeline, quorums, widths};

/// So many like branches and nothing that waits for all of them but the run.
fn branches(count: usize) -> Pipeline {
    let names: Vec<String> = (0..count).map(|branch| format!("b{branch}")).collect();
    let agents: Vec<(&str, &[&str], u64)> =
        names.iter().map(|name| (name.as_str(), &["topic"][..], 0)).collect();
    pipeline(&agents).0
}

/// The same with a join that takes no time.
fn joined(count: usize) -> Pipeline {
    let names: Vec<String> = (0..count).map(|branch| format!("b{branch}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut agents: Vec<(&str, &[&str], u64)> =
        names.iter().map(|name| (*name, &["topic"][..], 0)).collect();
    agents.push(("join", &names, 0));
    pipeline(&agents).0
}

fn like(of: &Distribution, count: usize) -> Vec<Distribution> {
    let mut all = vec![of.clone(); count];
    all.push(Distribution::Exact(0.0));
    all
}

fn log_normal() -> Distribution {
    Distribution::LogNormal { median: 1.0, sigma: 0.5 }
}

/// Where the Kolmogorov-Smirnov statistic of so many draws lies in 999 of 1,000 cases. The seeds are
/// fixed, so that a test that has passed goes on to pass.
fn bound(draws: f64) -> f64 {
    1.95 / draws.sqrt()
}

/// The largest difference between what was counted and a cumulative distribution function, at the
/// upper ends of the counted bins.
fn distance(counted: &Histogram, cdf: impl Fn(f64) -> f64) -> f64 {
    // Ends of bins: the float whose low bits are all ones, so that a bin is in or out as a whole.
    let ends = (1..2000).map(|step| {
        let bits = (0.01 * step as f32).to_bits() | 0x7fff;
        f64::from(f32::from_bits(bits))
    });
    ends.map(|end| {
        let share = counted.share_up_to(Duration::from_secs_f64(end - 1e-9));
        (share - cdf(end)).abs()
    })
    .fold(0.0, f64::max)
}

const RUNS: usize = 100_000;

fn studied(plan: &Pipeline, of: &Distribution, schedule: Schedule) -> Study {
    let agents = plan.agents().len();
    let joins = plan.find("join").is_some();
    let distributions = if joins { like(of, agents - 1) } else { vec![of.clone(); agents] };
    let mut study = Study::new(plan, distributions, schedule, 7);
    study.advance(RUNS);
    study
}

/// Values of Python's `statistics.NormalDist`, by way of the log-normal distribution.
#[test]
fn quantiles_and_shares_are_those_of_the_normal_distribution() {
    let of = Distribution::LogNormal { median: 1.0, sigma: 1.0 };
    for (p, z) in [
        (1e-10, -6.361340902404056),
        (1e-6, -4.753424308822899),
        (0.001, -3.090232306167813),
        (0.0242, -1.9738394633131993),
        (0.025, -1.9599639845400539),
        (0.2, -0.8416212335729142),
        (0.5, 0.0),
        (0.9, 1.2815515655446008),
        (0.95, 1.6448536269514715),
        (0.99, 2.3263478740408408),
        (0.9999, 3.719016485455709),
    ] {
        assert!((of.quantile(p).ln() - z).abs() < 1e-8, "{p}");
    }
    for (z, p) in [
        (-6.0, 9.865876449133282e-10),
        (-3.0, 0.0013498980316300957),
        (-1.5, 0.06680720126885809),
        (-0.1, 0.460172162722971),
        (0.7, 0.758036347776927),
        (2.0, 0.9772498680518208),
        (4.0, 0.9999683287581669),
    ] {
        assert!((of.cdf(f64::exp(z)) - p).abs() < 2e-7 * p.max(1e-3), "{z}");
    }
}

/// Exact fractions, by Python's `fractions`.
#[test]
fn order_statistics_are_sums_of_binomials() {
    for (ended, k, n, expected) in [
        (0.5, 3, 4, 0.3125),
        (0.9, 3, 4, 0.9477),
        (0.99, 100, 100, 0.3660323412732292),
        (0.99, 98, 100, 0.9206267977478196),
        (0.97, 980, 1000, 0.03328078413519505),
        (0.1, 1, 7, 0.5217031),
    ] {
        let found = cdf_of_kth(ended, k, n);
        assert!((found - expected).abs() < 1e-9, "{k} of {n}: {found}");
    }
    assert_eq!(
        (cdf_of_kth(0.0, 1, 4), cdf_of_kth(1.0, 4, 4), cdf_of_kth(0.3, 5, 4)),
        (0.0, 1.0, 0.0)
    );
    assert!((share_of_runs_with_a_slow_branch(0.01, 100) - 0.6339676587267709).abs() < 1e-12);
}

#[test]
fn draws_are_distributed_as_they_say() {
    let measured: Vec<Duration> = (1..=41).map(|n| ms(n * n)).collect();
    for of in [
        Distribution::Exact(1.5),
        log_normal(),
        Distribution::log_normal(ms(800), ms(2400)),
        Distribution::Slow { usual: 0.5, share: 0.02, times: 10.0 },
        Distribution::measured(&measured).unwrap(),
    ] {
        let (mut draws, mut counted) = (Draws::new(3, 0), Histogram::new());
        (0..RUNS).for_each(|_| counted.add(draws.draw(&of)));
        let found = distance(&counted, |t| of.cdf(t));
        assert!(found < bound(RUNS as f64), "{of:?}: {found}");
        // A percentile is off by a bin at most, and by what chance does.
        for p in [0.5, 0.95, 0.99] {
            let (found, exact) = (counted.percentile(p).as_secs_f64(), of.quantile(p));
            assert!((found / exact - 1.0).abs() < 0.02, "{of:?} at {p}: {found} and {exact}");
        }
    }
    let of = Distribution::log_normal(ms(800), ms(2400));
    assert!((of.quantile(0.95) - 2.4).abs() < 1e-6);
    assert_eq!(Distribution::measured(&[]), None);
}

/// P(max <= t) = F(t)^n.
#[test]
fn the_slowest_branch_is_a_power() {
    for count in [1, 4, 30] {
        let of = log_normal();
        let study = studied(&branches(count), &of, Schedule::parallel());
        let found = distance(study.parallel(), |t| of.cdf(t).powf(count as f64));
        assert!(found < bound(RUNS as f64), "{count}: {found}");
        assert!(distance(study.branch(), |t| of.cdf(t)) < bound(RUNS as f64));
    }
}

/// 100 branches of which each is slow 1 in 100 times: 63 of 100 runs are slow.
#[test]
fn one_in_a_hundred_is_slow_and_sixty_three_runs_are() {
    let of = Distribution::Slow { usual: 1.0, share: 0.01, times: 10.0 };
    let study = studied(&branches(100), &of, Schedule::parallel());
    let slow = 1.0 - study.parallel().share_up_to(ms(5000));
    let expected = share_of_runs_with_a_slow_branch(0.01, 100);
    assert!((slow - expected).abs() < 0.005, "{slow}");
    // What occurs is told exactly: nearly all branches are quick, and the median run is not.
    let outcome = study.outcome();
    assert_eq!((outcome.branch.p95, outcome.parallel.p50), (ms(1000), ms(10_000)));
}

/// k of n: the k-th order statistic.
#[test]
fn a_quorum_is_an_order_statistic() {
    let of = log_normal();
    for k in [1, 3, 4] {
        let quorum =
            Quorum { answers: NonZeroUsize::new(k).unwrap(), join: None, late: Late::Cancel };
        let schedule = Schedule { quorum: Some(quorum), ..Schedule::parallel() };
        let study = studied(&joined(4), &of, schedule);
        let found = distance(study.parallel(), |t| cdf_of_kth(of.cdf(t), k, 4));
        assert!(found < bound(RUNS as f64), "{k}: {found}");
        // All branches were asked, and the join.
        assert_eq!(study.outcome().calls, 5.0);
    }
}

/// Two independent calls: both have to be slow, p².
#[test]
fn a_hedge_is_slow_only_if_both_calls_are() {
    let slow = Distribution::Slow { usual: 0.1, share: 0.1, times: 100.0 };
    let hedge = Some(Hedge { after: ms(200), agent: None });
    let schedule = Schedule { hedge, ..Schedule::parallel() };
    let study = studied(&branches(1), &slow, schedule);
    let both = 1.0 - study.parallel().share_up_to(ms(5000));
    assert!((both - 0.01).abs() < 0.001, "{both}");
    // It costs a call where the first one is slow.
    assert!((study.outcome().calls - 1.1).abs() < 0.003);
    // And the whole curve, at the p95 of one call.
    let of = log_normal();
    let after = of.quantile(0.95);
    let hedge = Some(Hedge { after: Duration::from_secs_f64(after), agent: None });
    let study = studied(&branches(4), &of, Schedule { hedge, ..Schedule::parallel() });
    let hedged = |t: f64| cdf_of_hedged(|t| of.cdf(t), after, t);
    assert!(distance(study.parallel(), |t| hedged(t).powi(4)) < bound(RUNS as f64));
    assert!((study.outcome().calls - 4.2).abs() < 0.01);
}

#[test]
fn the_same_seed_draws_the_same_runs() {
    let plan = joined(4);
    let of = |seed| study(&plan, like(&log_normal(), 4), Schedule::parallel(), seed, 1000);
    assert_eq!(of(1), of(1));
    assert!(of(1) != of(2));
    // In slices as well as at once.
    let mut slices = Study::new(&plan, like(&log_normal(), 4), Schedule::parallel(), 1);
    (0..10).for_each(|_| slices.advance(100));
    assert_eq!(slices.outcome(), of(1));
}

#[test]
fn exact_latencies_come_to_what_is_expected() {
    let company = preset(PresetId::Company, 1);
    let exact =
        |script: &converge::simulate::Script| Distribution::Exact(script.latency.as_secs_f64());
    let distributions: Vec<_> = company.scripts.iter().map(exact).collect();
    let outcome = study(&company.pipeline, distributions.clone(), Schedule::parallel(), 0, 10);
    assert_eq!((outcome.sequential.p50, outcome.parallel.p99), (ms(5100), ms(2300)));
    assert_eq!((outcome.calls, outcome.runs), (5.0, 10));
    let limited = crate::fixtures::width(2);
    let outcome = study(&company.pipeline, distributions, limited, 0, 10);
    assert_eq!(outcome.parallel.p50, ms(3500));
}

/// What an address asks for is what is drawn.
#[test]
fn settings_come_to_a_study() {
    let outcome = |address: &str| {
        let settings = Settings::read("", address).0;
        let mut study = settings.study(&settings.experiment().0);
        study.advance(20_000);
        study.outcome()
    };
    let company = "preset=company&seed=4";
    let exact = outcome(company);
    assert_eq!((exact.parallel.p50, exact.parallel.p99), (ms(2300), ms(2300)));
    let spread = outcome(&format!("{company}&spread=lognormal:0.5"));
    assert!(spread.parallel.p50 > exact.parallel.p50, "{spread:?}");
    let hedged = outcome(&format!("{company}&spread=lognormal:0.5&hedge=2.5"));
    assert!(hedged.parallel.p99 < spread.parallel.p99 && hedged.calls > spread.calls);
    let quorum = outcome(&format!("{company}&spread=lognormal:0.5&quorum=synthesis:3"));
    assert!(quorum.parallel.p95 < spread.parallel.p95, "{quorum:?}");
}

#[test]
fn growth_is_that_of_the_slowest() {
    let of = log_normal();
    let mut growth = Growth::new(of.clone(), None, 5);
    growth.advance(4000);
    for point in growth.points() {
        let exact = of.quantile(0.5_f64.powf(1.0 / point.branches as f64));
        let found = point.slowest.p50.as_secs_f64();
        assert!((found / exact - 1.0).abs() < 0.03, "{}: {found} and {exact}", point.branches);
    }
    let mut hedged = Growth::new(of, Some(2.0), 5);
    hedged.advance(4000);
    for (with, without) in hedged.points().iter().zip(growth.points()) {
        assert!(with.slowest.p99 <= without.slowest.p99);
    }
}

#[test]
fn columns_are_shares_of_equal_stretches() {
    let mut counted = Histogram::new();
    [0.1, 0.1, 0.6, 0.9, 5.0].into_iter().for_each(|length| counted.add(length));
    // What is longer than the last column reaches is in none.
    let shares = counted.spread_over(2, |length| 2.0 * length);
    assert_eq!(
        shares.iter().map(|share| (100.0 * share).round()).collect::<Vec<_>>(),
        [40.0, 40.0]
    );
    assert_eq!(counted.count(), 5);
    assert_eq!(Histogram::new().percentile(0.5), Duration::ZERO);
}

proptest! {
    /// The graph says what the engine does: the same draws, the same end and the same calls.
    #[test]
    fn the_graph_is_the_engine(
        case in cases(),
        hedge in proptest::option::of(hedges()),
        quorum in proptest::option::of(quorums()),
        seed: u64,
    ) {
        let Case { pipeline, scripts } = &case;
        // At once, a second call and what makes it unnecessary would come at the same moment.
        // And all of it a thousand times as long as elsewhere: the engine counts microseconds, and moments
        // that the graph can tell apart should not be one of them.
        let longer = |length: Duration| 1000 * length.max(ms(1));
        let hedge = hedge.map(|hedge| Hedge { after: longer(hedge.after), ..hedge });
        let schedule = Schedule { hedge, quorum, ..Schedule::parallel() };
        let shape = Shape::LogNormal { sigma: 0.8 };
        let of = |script: &converge::simulate::Script| shape.of(longer(script.latency));
        let distributions: Vec<_> = scripts.iter().map(of).collect();
        let new = || Study::new(pipeline, distributions.clone(), schedule, seed);
        let (mut graph, mut engine) = (new(), new().by_engine());
        graph.advance(1);
        engine.advance(1);
        let (graph, engine) = (graph.outcome(), engine.outcome());
        let off = graph.parallel.p50.abs_diff(engine.parallel.p50);
        prop_assert!(off < Duration::from_micros(30), "{:?} and {:?}", graph, engine);
        // Of several pass-throughs at one moment, only the engine knows which one is first.
        let passes = pipeline.agents().iter().filter(|agent| agent.work == Work::PassThrough).count();
        if quorum.is_none() || passes < 2 {
            prop_assert_eq!(graph.calls, engine.calls);
        }
        prop_assert!(graph.parallel.p50 <= graph.sequential.p50 + ms(1) || hedge.is_some() || quorum.is_some());
    }

    /// One agent at a time: the sum of those that run is what the engine takes.
    #[test]
    fn in_sequence_lengths_add_up(
        case in cases(),
        hedge in proptest::option::of(hedges()),
        quorum in proptest::option::of(quorums()),
        seed: u64,
    ) {
        let Case { pipeline, scripts } = &case;
        let shape = Shape::LogNormal { sigma: 0.8 };
        let distributions = scripts.iter().map(|script| shape.of(script.latency)).collect();
        let schedule = Schedule { hedge, quorum, ..Schedule::sequential() };
        let outcome = study(pipeline, distributions, schedule, seed, 1);
        let off = outcome.sequential.p50.abs_diff(outcome.parallel.p50);
        prop_assert!(off < Duration::from_micros(30), "{:?}", outcome);
    }

    /// With the same draws a hedge is never later, a smaller quorum is never later, and a limit is never
    /// sooner.
    #[test]
    fn conditions_order_the_tail(
        case in cases(), hedge in hedges(), answers in 1..5_usize, width in widths(), seed: u64,
    ) {
        let Case { pipeline, scripts } = &case;
        let shape = Shape::Slow { share: 0.3, times: 7.0 };
        let distributions: Vec<_> = scripts.iter().map(|script| shape.of(script.latency)).collect();
        let of = |schedule| {
            let outcome = study(pipeline, distributions.clone(), schedule, seed, 1);
            (outcome.parallel.p50, outcome.calls)
        };
        let plain = Schedule::parallel();
        let quorum = |answers| {
            let answers = NonZeroUsize::new(answers).unwrap();
            Some(Quorum { answers, join: None, late: Late::Keep })
        };
        let (without, calls) = of(plain);
        let (hedged, with) = of(Schedule { hedge: Some(hedge), ..plain });
        prop_assert!(hedged <= without && with <= 2.0 * calls);
        let [fewer, more] = [answers, answers + 1].map(|k| of(Schedule { quorum: quorum(k), ..plain }).0);
        prop_assert!(fewer <= more && more <= without);
        let limited = of(Schedule { width, ..plain }).0;
        prop_assert!(limited + Duration::from_micros(30) >= without);
    }
}
