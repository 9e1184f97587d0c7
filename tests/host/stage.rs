//! The stage: its rows, joins, labels and motion.

#[path = "stage/labels.rs"]
mod labels;
#[path = "stage/layout.rs"]
mod layout;
#[path = "stage/motion.rs"]
mod motion;
#[path = "stage/picture.rs"]
mod picture;

use picture::{Look, Stage};

#[test]
fn show() {
    for (address, width) in [
        ("preset=company", 1086.0),
        ("preset=company&limit=2", 720.0),
        ("preset=company&fail=stock:500@0.4&on_error=collect", 720.0),
        ("preset=company&fail=stock:500@0.4", 720.0),
        ("preset=company&block=news", 720.0),
        ("preset=fanout&n=100", 720.0),
    ] {
        let stage = Stage::of(address);
        for cursor in [None, Some(1700), Some(9500)] {
            println!("{address} {width} {cursor:?}\n{}", stage.picture(Look::at(width, cursor)));
        }
    }
    let topic: &[&str] = &["topic"];
    let stage = Stage::agents(&[
        ("input", topic, 500),
        ("left", &["input"], 700),
        ("right", &["input"], 400),
        ("join", &["left", "right"], 500),
        ("side", topic, 900),
        ("last", &["join", "side"], 400),
    ]);
    for cursor in [1000, 1400, 2000, 4000] {
        println!("{}", stage.picture(Look::at(720.0, cursor)));
    }
}
