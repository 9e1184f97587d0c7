//! The cursor: what moves it and what does not.

use converge::timeline::playback::Command::{self, Follow, Seek, Step, TogglePlay};
use converge::timeline::playback::Direction::{Back, Forward};
use converge::timeline::playback::Playback::{self, Following, Paused, Playing};
use converge::timeline::playback::together;
use proptest::prelude::*;

use crate::fixtures::{at_ms, ms};

/// The log has come to one second; there is something to step to at 100, 400 and 900 ms.
fn check(before: Playback, command: Command, after: Playback) {
    let landmarks = [at_ms(100), at_ms(400), at_ms(900)];
    assert_eq!(before.command(command, at_ms(1000), &landmarks), after);
}

fn paused(millis: u64) -> Playback {
    Paused { at: at_ms(millis) }
}

fn playing(millis: u64) -> Playback {
    Playing { at: at_ms(millis), speed: 1.0 }
}

#[test]
fn play_and_pause() {
    check(Following, TogglePlay, paused(1000));
    check(paused(300), TogglePlay, playing(300));
    check(playing(300), TogglePlay, paused(300));
    // From the end, from the beginning again.
    check(paused(1000), TogglePlay, playing(0));
}

#[test]
fn seeking_stands_where_it_goes() {
    check(Following, Seek(at_ms(250)), paused(250));
    check(playing(300), Seek(at_ms(250)), paused(250));
    // What has not happened cannot be shown.
    check(paused(300), Seek(at_ms(5000)), paused(1000));
}

#[test]
fn stepping_goes_to_the_next_landmark() {
    check(paused(400), Step(Back), paused(100));
    check(paused(400), Step(Forward), paused(900));
    check(paused(390), Step(Forward), paused(400));
    check(paused(410), Step(Back), paused(400));
    // What looks like one moment is no step.
    check(paused(391), Step(Forward), paused(900));
    check(paused(409), Step(Back), paused(100));
    check(paused(100), Step(Back), paused(0));
    check(paused(900), Step(Forward), paused(1000));
    check(Following, Step(Back), paused(900));
    check(playing(500), Step(Back), paused(400));
}

#[test]
fn moments_that_look_like_one_are_one_landmark() {
    let landmarks = |moments: &[u64]| together(moments.iter().copied().map(at_ms));
    assert_eq!(landmarks(&[]), []);
    assert_eq!(landmarks(&[700, 0, 3, 9]), [at_ms(9), at_ms(700)]);
    // Counted from the first of them, so that a dense run does not become one long moment.
    assert_eq!(landmarks(&[0, 6, 12, 18]), [at_ms(6), at_ms(18)]);
}

#[test]
fn following_again() {
    for before in [Following, paused(300), playing(300)] {
        check(before, Follow, Following);
    }
}

#[test]
fn playing_moves_the_cursor_and_stops_at_the_edge() {
    let edge = at_ms(1000);
    assert_eq!(playing(300).advance(ms(16), edge), (playing(316), true));
    assert_eq!(playing(990).advance(ms(10), edge), (paused(1000), false));
    assert_eq!(playing(990).advance(ms(16), edge), (paused(1000), false));
    let slow = Playing { at: at_ms(300), speed: 0.5 };
    assert_eq!(slow.advance(ms(16), edge), (Playing { at: at_ms(308), speed: 0.5 }, true));
    // Whoever stands or follows asks for no frame.
    assert_eq!(paused(300).advance(ms(16), edge), (paused(300), false));
    assert_eq!(Following.advance(ms(16), edge), (Following, false));
}

#[test]
fn following_is_at_the_edge_whatever_it_is() {
    assert_eq!(Following.cursor(at_ms(7)), at_ms(7));
    assert_eq!(Following.cursor(at_ms(8)), at_ms(8));
    assert_eq!(paused(3).cursor(at_ms(8)), at_ms(3));
}

fn commands() -> impl Strategy<Value = Command> {
    prop_oneof![
        Just(TogglePlay),
        Just(Follow),
        Just(Step(Back)),
        Just(Step(Forward)),
        (0..2000_u64).prop_map(|millis| Seek(at_ms(millis))),
    ]
}

proptest! {
    /// Whatever is done to it while the log grows, the cursor stays within the log.
    #[test]
    fn the_cursor_stays_within_the_log(
        steps in proptest::collection::vec((commands(), 0..200_u64, 0..200_u64), 1..30),
        landmarks in proptest::collection::btree_set(0..3000_u64, 0..10),
    ) {
        let landmarks: Vec<_> = landmarks.into_iter().map(at_ms).collect();
        let (mut playback, mut edge) = (Playback::default(), 0);
        for (command, grows, passes) in steps {
            edge += grows;
            playback = playback.command(command, at_ms(edge), &landmarks);
            prop_assert!(playback.cursor(at_ms(edge)) <= at_ms(edge));
            let before = playback.cursor(at_ms(edge));
            let (after, moves) = playback.advance(ms(passes), at_ms(edge));
            prop_assert!(after.cursor(at_ms(edge)) >= before, "time goes forward");
            prop_assert_eq!(moves, matches!(after, Playing { .. }));
            playback = after;
        }
    }
}
