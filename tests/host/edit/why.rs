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
            "a, b and c are independent: none of them reads what another one writes, not even through others.",
            "d waits for a, b and c, since its prompt reads {a}, {b} and {c}.",
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
            "top and aside are independent: none of them reads what another one writes, not even through others.",
            "left and right are independent: none of them reads what another one writes, not even through others.",
            "left waits for top, since its prompt reads {top}.",
            "left is independent of aside too: no text goes between them.",
            "right waits for top, since its prompt reads {top}.",
            "right is independent of aside too: no text goes between them.",
            "bottom waits for left and right, since its prompt reads {left} and {right}.",
            "bottom is independent of aside too: no text goes between them.",
        ]
    );
}

#[test]
fn one_alone() {
    let (pipeline, _) = pipeline(&[("a", &[], 1), ("b", &["a"], 1)]);
    assert_eq!(
        reasons(&pipeline),
        ["a starts at once.", "b waits for a, since its prompt reads {a}."]
    );
}
