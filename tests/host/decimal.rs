//! Numbers as people write them.

use converge::decimal::{fixed, millionths, parse, short};
use proptest::prelude::*;

proptest! {
    #[test]
    fn what_is_written_reads_back(whole in 0..=10_000_000_000_u64) {
        let number = whole as f64 / 1e6;
        prop_assert_eq!(parse(&short(number)), Some(number));
        prop_assert_eq!(millionths(&short(number)), Some(whole));
        // The standard library writes the same.
        prop_assert_eq!(short(number), number.to_string());
    }

    #[test]
    fn a_plain_decimal_is_read_as_the_standard_library_reads_it(text in "[0-9]{1,5}(\\.[0-9]{0,6})?") {
        prop_assert_eq!(parse(&text), text.parse().ok());
    }

    #[test]
    fn no_text_is_too_odd(text in ".*") {
        let _ = (parse(&text), millionths(&text));
    }

    #[test]
    fn digits_are_rounded_to_the_nearest(number in -1e6..1e6_f64, places in 0..=6_u32) {
        let written: f64 = fixed(number, places).parse().unwrap();
        let half = 0.5 / 10_f64.powi(places as i32);
        prop_assert!((written - number).abs() <= half + 1e-9, "{written}");
    }
}

#[test]
fn digits() {
    assert_eq!([fixed(2.34, 1), fixed(0.96, 1), fixed(-0.04, 1)], ["2.3", "1.0", "0.0"]);
    assert_eq!([fixed(-3.25, 0), fixed(0.05, 3), fixed(12.0, 2)], ["-3", "0.050", "12.00"]);
    assert_eq!([short(0.25), short(4.0), short(0.0), short(100.0)], ["0.25", "4", "0", "100"]);
    assert_eq!([fixed(f64::NAN, 1), short(-0.0)], ["0.0", "0"]);
}

#[test]
fn reading() {
    for (text, expected) in [(".5", 500_000), ("5.", 5_000_000), ("0.1234565", 123_457)] {
        assert_eq!(millionths(text), Some(expected), "{text}");
    }
    for text in
        ["", ".", "-1", "+1", "1e3", "1,5", " 1", "1.2.3", "inf", "NaN", "9".repeat(30).as_str()]
    {
        assert_eq!(millionths(text), None, "{text}");
    }
}
