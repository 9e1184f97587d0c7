//! Who is independent, in sentences.

use converge::edit::why::reasons;

use crate::fixtures::pipeline;

#[test]
fn fan_out_and_fan_in() {
    let (pipeline, _) =
        pipeline(&[("a", &[], 1), ("b", &["topic"], 1), ("c", &[], 1), ("d", &["a", "b", "c"], 1)]);
    assert_eq!(
        reasons(&pipeline),
        [
            "a, b and c are independent: none reads the output of another, directly or indirectly.",
            "d waits for a, b and c: its prompt reads {a}, {b} and {c}.",
        ]
    );
}

#[test]
fn a_diamond_with_somebody_beside_it() {
    let (pipeline, _) = pipeline(&[
        ("top", &[], 1),
        ("left", &["top"], 1),
        ("right", &["top"], 1),
        ("bottom", &["left", "right"], 1),
        ("aside", &[], 1),
    ]);
    assert_eq!(
        reasons(&pipeline),
        [
            "top and aside are independent: none reads the output of another, directly or indirectly.",
            "left and right are independent: none reads the output of another, directly or indirectly.",
            "left waits for top: its prompt reads {top}.",
            "left is also independent of aside.",
            "right waits for top: its prompt reads {top}.",
            "right is also independent of aside.",
            "bottom waits for left and right: its prompt reads {left} and {right}.",
            "bottom is also independent of aside.",
        ]
    );
}

#[test]
fn one_alone() {
    let (pipeline, _) = pipeline(&[("a", &[], 1), ("b", &["a"], 1)]);
    assert_eq!(
        reasons(&pipeline),
        ["a starts immediately.", "b waits for a: its prompt reads {a}."]
    );
}
