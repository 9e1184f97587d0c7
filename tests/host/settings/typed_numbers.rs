//! What is typed into the field of a setting that is a number: taken, or refused with a sentence.

use converge::config::{Number, Settings};

fn company() -> Settings {
    Settings::read("", "preset=company").0
}

#[test]
fn a_typed_number_changes_its_setting_only_if_it_makes_sense() {
    let mut settings = company();
    let pipeline = &settings.build().pipeline.clone();
    let mut check = |number: Number, typed: &str, holds: &str| {
        let _ = settings.type_number(number, typed, pipeline);
        assert_eq!(settings.number(number), holds, "{number:?} after {typed:?}");
    };
    check(Number::Branches, " 12 ", "12");
    check(Number::Branches, "0", "12");
    check(Number::Branches, "", "12");
    check(Number::Limit, "2", "2");
    check(Number::Limit, "0", "2");
    check(Number::Limit, "2.5", "2");
    check(Number::Limit, "", "");
    check(Number::Retries, "3", "3");
    check(Number::Retries, "many", "3");
    check(Number::Retries, "", "");
    check(Number::RunTimeout, "1.50", "1.5");
    check(Number::RunTimeout, "0", "1.5");
    check(Number::Quorum, "3", "3");
    check(Number::Quorum, "0", "3");
    check(Number::Quorum, "synthesis:2", "synthesis:2");
    check(Number::Hedge, "1.50", "1.5");
    check(Number::Hedge, "soon", "1.5");
    check(Number::Hedge, "", "");
    check(Number::Temperature, "0.7", "0.7");
    check(Number::Temperature, "3", "0.7");
    check(Number::MaxOutputTokens, "500", "500");
    check(Number::MaxOutputTokens, " ", "");
    assert_eq!(settings.default_number(Number::Limit), "");
    assert_eq!(settings.default_number(Number::Retries), settings.usual_retries().to_string());
}

/// A menu says what becomes of late branches, so the field for the number leaves it as it is.
#[test]
fn a_typed_quorum_keeps_what_becomes_of_late_branches() {
    let (mut settings, _) = Settings::read("", "quorum=2,keep");
    let pipeline = &company().build().pipeline;
    assert_eq!(settings.type_number(Number::Quorum, "3", pipeline), Ok(()));
    assert_eq!(settings.fragment(), "quorum=3%2Ckeep");
    assert_eq!(settings.type_number(Number::Quorum, "", pipeline), Ok(()));
    assert_eq!(settings.fragment(), "");
}

/// Nothing is erased in silence: the setting stays, and the field says what it would take.
#[test]
fn what_is_not_accepted_keeps_the_setting_and_says_what_would_be() {
    let address = "preset=company&quorum=3&hedge=1&limit=2&retries=1&first_timeout=1&run_timeout=2";
    let (mut settings, _) = Settings::read("", address);
    let before = settings.clone();
    let pipeline = &before.build().pipeline;
    let mut check = |number: Number, typed: &[&str], accepted: &str| {
        for typed in typed {
            let taken = settings.type_number(number, typed, pipeline);
            assert_eq!(taken, Err(accepted.to_owned()), "{number:?} {typed:?}");
            assert_eq!(settings, before, "{number:?} {typed:?}");
        }
    };
    let from_one = "Enter a whole number of at least 1.";
    check(Number::Limit, &["2.5", "0", "-1", "two", "\u{fffd}"], from_one);
    check(Number::MaxOutputTokens, &["0", "1.5"], from_one);
    check(Number::Retries, &["99", "-1", "1.5"], "Enter a whole number from 0 to 9.");
    let above_zero = "Enter seconds: more than 0, at most 86,400.";
    check(Number::RunTimeout, &["0", "-3", "soon", "86401"], above_zero);
    check(Number::FirstTokenTimeout, &["0"], above_zero);
    check(Number::StallTimeout, &["-1"], above_zero);
    check(Number::Hedge, &["-1", "soon"], "Enter seconds: from 0 to 86,400.");
    let answers = "Enter a number of answers from 1 to 4.";
    check(Number::Quorum, &["0", "9", "5", "synthesis:5", "nowhere:2", "news:1"], answers);
    check(Number::Temperature, &["3", "-1"], "Enter a number from 0 to 2.");
    check(Number::Branches, &["", "0", "10001"], "Enter a whole number from 1 to 10,000.");
}
