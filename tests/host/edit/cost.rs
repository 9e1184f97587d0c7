//! What a dependency costs that nobody needs.

use converge::config::Settings;
use converge::edit::cost::waiting;
use converge::edit::{Command, Draft, Field};

use super::{company, write};

fn check(address: &str, commands: &[Command], reader: u32, expected: &[&str]) {
    let mut draft = Draft::new(company());
    commands.iter().for_each(|command| draft.apply(command));
    assert_eq!(waiting(&Settings::read("", address).0, &draft, reader), expected);
}

#[test]
fn a_false_dependency_costs() {
    // The internal look-up, which takes 1.5 s, after the news' 1.2 s, and then the synthesis' 0.8 s.
    check(
        "",
        &[Command::Need(3, 0)],
        3,
        &["Waiting for news: parallel takes 3.5 s with it, 2.3 s without."],
    );
    // 0.7 s and 0.7 s are less than 1.5 s.
    check(
        "",
        &[write(1, Field::Latency, "0.7"), Command::Need(1, 2)],
        1,
        &["Waiting for social costs no time: something else takes longer."],
    );
}

#[test]
fn the_settings_count() {
    check(
        "limit=1",
        &[Command::Need(3, 0)],
        3,
        &["Waiting for news costs no time: something else takes longer."],
    );
    check(
        "latency=news:0.1",
        &[Command::Need(3, 0)],
        3,
        &["Waiting for news: parallel takes 2.4 s with it, 2.3 s without."],
    );
}

#[test]
fn true_ones_cost_too() {
    check(
        "",
        &[],
        4,
        &[
            "Waiting for internal: parallel takes 2.3 s with it, 2.0 s without.",
            "Waiting for news, stock and social costs no time: something else takes longer.",
        ],
    );
    check("", &[], 0, &[]);
    check("", &[write(0, Field::Key, "")], 4, &[]);
}
