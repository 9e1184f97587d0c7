//! The stage: its rows, joins, labels and motion. `pictures.txt` shows it in letters;
//! `CONVERGE_GOLDEN=write` writes that anew.

#[path = "stage/joins.rs"]
mod joins;
#[path = "stage/labels.rs"]
mod labels;
#[path = "stage/layout.rs"]
mod layout;
#[path = "stage/motion.rs"]
mod motion;
#[path = "stage/picture.rs"]
mod picture;

use std::fmt::Write;
use std::fs;
use std::path::Path;

pub use picture::{Look, Stage};

/// A stage of every kind, at moments in milliseconds.
fn pictures() -> String {
    let mut all = String::new();
    let mut draw = |name: &str, stage: &Stage, width: f64, moments: &[Option<u64>]| {
        for at in moments {
            let when = at.map_or("before the run".into(), |at| format!("at {at} ms"));
            let picture = stage.picture(Look::at(width, *at));
            writeln!(all, "{name}, {width} px, {when}\n\n{}\n", picture.trim_end()).unwrap();
        }
    };
    let whole = [None, Some(1000), Some(1700), Some(6000)];
    draw("researchers", &Stage::of("preset=researchers"), 720.0, &whole);
    draw("researchers", &Stage::of("preset=researchers"), 286.0, &whole);
    draw("company", &Stage::of("preset=company"), 1086.0, &whole[2..]);
    draw("a limit of 2", &Stage::of("preset=company&limit=2"), 720.0, &whole);
    let failing = "preset=company&fail=stock:500@0.4";
    let collect = Stage::of(&format!("{failing}&on_error=collect"));
    draw("a failed branch, the rest goes on", &collect, 720.0, &whole[2..]);
    draw("a failed branch, the rest is canceled", &Stage::of(failing), 720.0, &whole[3..]);
    let topic: &[&str] = &["topic"];
    let diamonds = Stage::agents(&[
        ("input", topic, 500),
        ("left", &["input"], 700),
        ("right", &["input"], 400),
        ("join", &["left", "right"], 500),
        ("side", topic, 900),
        ("last", &["join", "side"], 400),
    ]);
    draw("two joins", &diamonds, 720.0, &[None, Some(1100), Some(1800), Some(5000)]);
    draw("a crowd", &Stage::of("preset=fanout&n=100"), 720.0, &[Some(2000), Some(60_000)]);
    all
}

#[test]
fn the_stage_looks_like_this() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/host/stage/pictures.txt");
    let now = pictures();
    if std::env::var("CONVERGE_GOLDEN").is_ok_and(|word| word == "write") {
        fs::write(&path, &now).unwrap();
    }
    let before = fs::read_to_string(&path).unwrap_or_default();
    assert!(before == now, "not as in pictures.txt:\n{now}");
}
