//! The grid "What would your library do?" against the real libraries: every primitive runs four branches
//! and a join while they fail in different ways, and does what its row says. What a library does is seen
//! from outside, by the server and by what the caller gets; where it is something else, the row is wrong.

mod account;
mod scenario;

use std::time::Duration;

use converge::codegen::Language;
use converge::library::Primitive;
use serde_json::json;

use self::account::Account;
use self::scenario::{Scenario, Told, scenarios};
use crate::runners::run_primitives;
use crate::server::{Note, Server};

pub use self::account::Seen;

/// How long each call is out at least, and when one that nothing can come of is answered all the same.
type Times = [Duration; 2];

const TIMES: Times = [Duration::from_millis(40), Duration::from_secs(30)];

/// What the primitives that are `run` do otherwise than the rows of these scenarios say.
fn slips(language: Language, rows: &[(Scenario, Primitive)], times: Times) -> Vec<String> {
    let google = matches!(language, Language::Adk | Language::Adk2);
    let mut server = Server::start(times[0], times[1]);
    let told: Vec<Told> = rows.iter().map(|(row, _)| row.for_the_server(google)).collect();
    server.tell(&told);
    let cases: Vec<_> = (rows.iter().enumerate())
        .map(|(place, (row, run))| row.for_the_program(*run, place))
        .collect();
    let url = format!("http://127.0.0.1:{}", server.port);
    run_primitives(language, &json!({ "url": url, "cases": cases }).to_string());
    let log = server.stop();
    let mut slips = Vec::new();
    for (place, ((scenario, run), told)) in rows.iter().zip(&told).enumerate() {
        let grid = Account::of_the_grid(scenario, told);
        let mut own = match Account::of_the_library(scenario, told, place, &log) {
            Some(library) => grid.slips(&library),
            None => vec!["sees: nothing".to_owned()],
        };
        own.extend(stuck(place, &log));
        if !own.is_empty() {
            let own = own.join("\n  ");
            slips.push(format!("{} (case {place}, run as {run:?})\n  {own}", scenario.title));
        }
    }
    slips
}

/// The calls of a case that were to be given up, or whose end was to be noticed, and were not.
fn stuck(place: usize, log: &[Note]) -> Option<String> {
    let own = log.iter().filter(|note| note.case == Some(place as i64));
    let stuck =
        own.filter(|note| log.iter().any(|other| other.stuck.is_some() && other.stuck == note.at));
    let asked: Vec<String> =
        stuck.map(|note| format!("{}{}", note.system, note.user.concat())).collect();
    (!asked.is_empty()).then(|| format!("stuck: {asked:?}, for which the server waited in vain"))
}

/// Every primitive of these languages does in every scenario what its row says.
fn check(languages: &[Language]) {
    let own = |primitive: &Primitive| languages.contains(&primitive.language());
    let primitives: Vec<Primitive> = Primitive::ALL.into_iter().filter(own).collect();
    assert!(!primitives.is_empty());
    let each = primitives.iter().flat_map(|primitive| {
        scenarios(*primitive).into_iter().map(|scenario| (scenario, *primitive))
    });
    let rows: Vec<_> = each.collect();
    let slips = slips(languages[0], &rows, TIMES);
    assert!(
        slips.is_empty(),
        "{} of {} rows are not what the library does; mend src/library, or the engine's policy:\n{}",
        slips.len(),
        rows.len(),
        slips.join("\n\n"),
    );
}

/// Primitives held to rows of others: the words for what is compared that each has to differ in.
fn check_mistakes(language: Language, mistakes: &[(Primitive, &str, Primitive, &[&str])]) {
    let rows: Vec<_> = (mistakes.iter())
        .map(|(row, scenario, run, _)| {
            let title = format!("{}: {scenario}", row.code());
            let own = scenarios(*row).into_iter().find(|scenario| scenario.title == title);
            (own.unwrap(), *run)
        })
        .collect();
    let slips = slips(language, &rows, [Duration::from_millis(500), Duration::from_secs(3)]);
    assert_eq!(slips.len(), mistakes.len(), "{}", slips.join("\n\n"));
    for (slip, (.., expected)) in slips.iter().zip(mistakes) {
        let lines = slip.lines().skip(1);
        let words: Vec<_> =
            lines.filter_map(|line| Some(line.trim().split_once(": ")?.0)).collect();
        assert_eq!(words, *expected, "{slip}");
    }
}

/// Whatever is compared can fail.
#[test]
fn a_row_that_is_wrong_is_seen_to_be() {
    use Primitive::*;
    let first = "the first branch fails";
    check_mistakes(
        Language::Js,
        &[
            // Too early for the row, and too late.
            (
                PromiseAllSettled,
                first,
                PromiseAll,
                &["sees", "ended before", "siblings", "survivors", "calls"],
            ),
            (
                PromiseAll,
                first,
                PromiseAllSettled,
                &["sees", "ended before", "siblings", "survivors", "calls", "stuck"],
            ),
            // The others run on where they should be dropped.
            (TryJoinAll, first, PromiseAll, &["siblings", "stuck"]),
            // The same error at the same moment, but no answer is left.
            (ParallelAgent, "the slowest branch fails", PromiseAll, &["survivors", "stuck"]),
            (WithRetry, first, PromiseAll, &["ended before", "siblings", "calls"]),
            (
                Invoke,
                "the last branch fails, and the slowest later",
                PromiseAll,
                &["sees", "ended before", "siblings"],
            ),
        ],
    );
    // They are dropped where they should run on.
    check_mistakes(Language::Rust, &[(Gather, first, TryJoinAll, &["siblings"])]);
}

#[test]
fn asyncio() {
    check(&[Language::Asyncio]);
}

#[test]
fn langchain() {
    check(&[Language::LangChain]);
}

#[test]
fn adk() {
    check(&[Language::Adk, Language::Adk2]);
}

#[test]
fn langgraph() {
    check(&[Language::LangGraph]);
}

#[test]
fn js() {
    check(&[Language::Js]);
}

#[test]
fn rust() {
    check(&[Language::Rust]);
}
