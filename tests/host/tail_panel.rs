//! The tab Tail latency: its figure against exact formulas, its sentences, and its lessons.

use std::rc::Rc;
use std::time::Duration;

use converge::config::{Experiment, Settings};
use converge::library::{Primitive, row};
use converge::plan::Plan;
use converge::plan::tail::{Axis, Figure, Measurements, Question, RowKind, Sampling, lessons};
use converge::tail::cdf_of_kth;

use crate::embed::wishes_of;

fn drawn(address: &str) -> Figure {
    let (settings, notes) = Settings::read("", address);
    assert_eq!(notes, Vec::<String>::new(), "{address}");
    let (plan, _) = Plan::of(&settings, None);
    let mut sampling = Sampling::new(&Question::of(&settings, &plan, None));
    while sampling.advance() {}
    sampling.figure()
}

fn p95(figure: &Figure, of: impl Fn(RowKind) -> bool) -> f64 {
    let row = figure.rows.iter().find(|row| of(row.kind)).unwrap();
    row.percentiles.p95.as_secs_f64()
}

/// The length up to which a share of all is, by bisection.
fn quantile(cdf: impl Fn(f64) -> f64, share: f64) -> f64 {
    let (mut from, mut to) = (0.0, 1000.0);
    for _ in 0..60 {
        let middle = (from + to) / 2.0;
        if cdf(middle) < share { from = middle } else { to = middle }
    }
    to
}

#[test]
fn one_in_a_hundred_calls_is_slow_and_63_of_100_runs_are() {
    let figure = drawn(lessons()[0].1);
    assert_eq!(figure.sentences, ["One in a hundred calls is slow, and 63 of 100 runs are."]);
    assert_eq!(lessons()[0].0, "One in a hundred is slow, and 63 in a hundred runs are");
    let kinds: Vec<&str> = figure.rows.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["branch", "sequential", "parallel"]);
}

/// What a hedge and a quorum do to the 95th percentile, by exact formulas; and what they cost.
#[test]
fn the_other_lessons_do_what_they_say() {
    let of = |address: &str| {
        let settings = Settings::read("", address).0;
        settings.experiment().0.distributions(settings.spread)[0].clone()
    };
    let close = |found: f64, exact: f64| {
        assert!((found / exact - 1.0).abs() < 0.02, "{found} and {exact}");
    };
    let [_, (_, hedge), (_, quorum)] = lessons();
    let (figure, branch) = (drawn(hedge), of(hedge));
    let plain = quantile(|t| branch.cdf(t).powi(20), 0.95);
    let late = |t: f64| (1.0 - branch.cdf(t)) * (1.0 - branch.cdf(t - 3.73));
    close(p95(&figure, |kind| kind == RowKind::Parallel), plain);
    close(
        p95(&figure, |kind| matches!(kind, RowKind::Hedged(_))),
        quantile(|t| (1.0 - late(t)).powi(20), 0.95),
    );
    assert_eq!(
        figure.sentences[1],
        "With a second call after 3.7 s, the p95 of a run falls from 9.4 s to 5.8 s. The price: \
         5% more calls and tokens."
    );
    let (figure, branch) = (drawn(quorum), of(quorum));
    close(
        p95(&figure, |kind| matches!(kind, RowKind::Quorum { answers: 3, of: 4 })),
        quantile(|t| cdf_of_kth(branch.cdf(t), 3, 4), 0.95),
    );
    assert_eq!(
        figure.sentences[1],
        "With the first 3 of 4 answers, the p95 of a run falls from 6.0 s to 2.8 s. The price: no \
         further calls, and 1 answer is missing from the report."
    );
}

#[test]
fn the_same_seed_gives_the_same_picture() {
    let address = "preset=company&spread=lognormal:0.5&hedge=2&quorum=3";
    let figure = drawn(address);
    assert_eq!(figure, drawn(address));
    assert_ne!(figure.rows, drawn(&format!("{address}&seed=1")).rows);
    assert_eq!(figure.rows.len(), 6);
}

/// Under a limit each run is the engine's own.
#[test]
fn a_limit_counts() {
    let figure = drawn("preset=company&limit=1");
    let of = |kind| p95(&figure, |own| own == kind);
    assert_eq!(of(RowKind::Sequential), of(RowKind::Parallel));
    assert_eq!(
        figure.sentences,
        ["Every call takes exactly its latency, so every parallel run takes 5.1 s: there is no \
          tail. Choose other latencies, or a lesson."]
    );
}

#[test]
fn what_is_drawn_lies_within_the_picture() {
    for address in ["spread=lognormal:1&hedge=4", lessons()[0].1, "latency=*:0,synthesis:0"] {
        let figure = drawn(address);
        for row in &figure.rows {
            assert!(row.marks.is_sorted(), "{:?}", row.marks);
            let numbers = row.path.split(|c: char| !c.is_ascii_digit() && c != '.');
            for number in numbers.filter(|number| !number.is_empty()) {
                let number: f64 = number.parse().unwrap();
                assert!((0.0..=1.0).contains(&number), "{}", row.path);
            }
        }
        assert_eq!(figure.growth_line(|all| all.p95, false).split(' ').count(), 10);
        let ticks = figure.axis.ticks(8);
        assert!(ticks.len() >= 2 && ticks.iter().all(|tick| (0.0..=1.0).contains(&tick.x)));
    }
}

#[test]
fn an_axis_is_logarithmic_where_a_run_is_very_many_calls_long() {
    let seconds = Duration::from_secs;
    let near = Axis::of(seconds(1), seconds(1), seconds(20));
    assert!(!near.is_logarithmic());
    let far = Axis::of(seconds(1), seconds(1), seconds(200));
    assert!(far.is_logarithmic());
    let labels: Vec<String> = far.ticks(8).into_iter().map(|tick| tick.label).collect();
    assert_eq!(labels, ["1", "10", "100"]);
    assert_eq!((far.place(0.0), far.x(seconds(1000))), (0.0, 1.0));
    // Short calls are not piled up at the left edge: of these, one in a hundred takes 0.155 s.
    let figure = drawn("preset=fanout&n=20&latency=*:1,synthesis:0&spread=lognormal:0.8");
    assert!(figure.axis.is_logarithmic());
    assert!(figure.axis.place(0.155) > 0.05);
}

/// The article has the lessons about the tail under the names that the page gives them, each set from
/// whichever other one.
#[test]
fn the_article_has_the_lessons_about_the_tail() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/article.html");
    let html = std::fs::read_to_string(path).unwrap();
    let section = html.split("id=\"tail\"").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap().replace("&amp;", "&");
    let text = section.split_whitespace().collect::<Vec<_>>().join(" ");
    let lessons = lessons();
    for (name, address) in &lessons {
        assert!(text.contains(&format!(">{name}</a>")), "{name}");
        let link = text.split(&format!(">{name}</a>")).next().unwrap();
        let set = link.rsplit("data-converge-set=\"").next().unwrap().split('"').next().unwrap();
        let expected = Settings::read("", &format!("{address}&view=tail")).0;
        for (_, before) in &lessons {
            let before = Settings::read("", &format!("{before}&view=tail")).0;
            assert_eq!(before.changed(&wishes_of(set)), (expected.clone(), Vec::new()), "{name}");
        }
    }
}

/// A second call comes after the 95th percentile of one call, as that lesson says.
#[test]
fn the_lesson_about_the_hedge_asks_twice_after_p95() {
    let (settings, notes) = Settings::read("", lessons()[1].1);
    assert_eq!(notes, Vec::<String>::new());
    let (experiment, _) = settings.experiment();
    let branch = &experiment.distributions(settings.spread)[0];
    let after = settings.hedge.unwrap().after;
    assert!((branch.quantile(0.95) - after.as_secs_f64()).abs() < 0.01, "{after:?}");
}

/// What is called the same is counted the same: the tab What if runs the scripts, and its table and this
/// one both stand on the page.
#[test]
fn a_parallel_run_takes_the_tokens_of_the_table_of_libraries() {
    for address in ["preset=company", "preset=fanout&n=7", "preset=travel", "preset=multimodal"] {
        let (settings, _) = Settings::read("", address);
        let (Experiment { preset, scripts, inputs }, _) = settings.experiment();
        let schedule = settings.parallel(&preset.pipeline);
        let all = row(Primitive::PromiseAll, &preset.pipeline, &inputs, &scripts, schedule);
        let table = all.usage.input_tokens + all.usage.output_tokens;
        let figure = drawn(address);
        let of = |kind| figure.rows.iter().find(|row| row.kind == kind).unwrap().tokens;
        assert_eq!(of(RowKind::Parallel), table, "{address}");
        assert_eq!(of(RowKind::Sequential), table, "{address}");
    }
}

/// Of one measurement of each call there is no half that takes longer.
#[test]
fn runs_of_one_length_are_said_to_take_it() {
    let (settings, _) = Settings::read("", "preset=company");
    let (plan, _) = Plan::of(&settings, None);
    let agents = plan.pipeline().agents();
    let names = agents.iter().map(|agent| agent.name.clone()).collect();
    let lengths = vec![vec![Duration::from_millis(1900)]; agents.len()];
    let measured = Rc::new(Measurements { names, lengths });
    let mut sampling = Sampling::new(&Question::of(&settings, &plan, Some(measured)));
    while sampling.advance() {}
    assert_eq!(
        sampling.figure().sentences,
        ["Every drawn run takes 3.8 s: the calls were measured once, so there is no tail."]
    );
}
