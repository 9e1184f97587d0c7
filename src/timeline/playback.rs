//! Where the cursor is, and what moves it.
//!
//! The log goes on whatever the cursor does. There are three states: following the log's live
//! edge, playing at a speed of its own, and standing still.

use std::time::Duration;

use crate::time::{Instant, micros};

/// What the cursor is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Playback {
    /// It is wherever the log has come to.
    #[default]
    Following,
    /// It moves by itself.
    Playing {
        /// Where it is.
        at: Instant,
        /// Model seconds for each real second.
        speed: f64,
    },
    /// It stands still.
    Paused {
        /// Where.
        at: Instant,
    },
}

/// What a person can do to the cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Play if it stands, stand if it moves. From the end, play from the beginning.
    TogglePlay,
    /// Go to that moment and stand.
    Seek(Instant),
    /// Go to the nearest of the log's landmarks in that direction and stand.
    Step(Direction),
    /// Follow the live edge again.
    Follow,
}

/// A direction in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what was.
    Back,
    /// To what comes.
    Forward,
}

impl Playback {
    /// The cursor, for a log that has come to `edge`.
    pub fn cursor(self, edge: Instant) -> Instant {
        match self {
            Self::Following => edge,
            Self::Playing { at, .. } | Self::Paused { at } => at.min(edge),
        }
    }

    /// Does as told. `landmarks` are the moments to step to, in ascending order.
    pub fn command(self, command: Command, edge: Instant, landmarks: &[Instant]) -> Self {
        let here = self.cursor(edge);
        match command {
            Command::Follow => Self::Following,
            Command::Seek(at) => Self::Paused { at: at.min(edge) },
            Command::TogglePlay => match self {
                Self::Paused { at } if at < edge => Self::Playing { at, speed: 1.0 },
                Self::Paused { .. } => Self::Playing { at: Instant::ZERO, speed: 1.0 },
                Self::Following | Self::Playing { .. } => Self::Paused { at: here },
            },
            Command::Step(direction) => {
                let mut landmarks = landmarks.iter().copied();
                let at = match direction {
                    Direction::Back => {
                        landmarks.rfind(|at| here.since(*at) >= TOGETHER).unwrap_or(Instant::ZERO)
                    }
                    Direction::Forward => {
                        landmarks.find(|at| at.since(here) >= TOGETHER).unwrap_or(edge)
                    }
                };
                Self::Paused { at: at.min(edge) }
            }
        }
    }

    /// Lets real time pass. A playhead that reaches the edge stops there; the flag says whether
    /// another frame will look different from this one.
    pub fn advance(self, passed: Duration, edge: Instant) -> (Self, bool) {
        match self {
            Self::Playing { at, speed } => {
                let step = Duration::from_micros((micros(passed) as f64 * speed) as u64);
                let at = at + step;
                if at < edge {
                    (Self::Playing { at, speed }, true)
                } else {
                    (Self::Paused { at: edge }, false)
                }
            }
            still => (still, false),
        }
    }
}

/// What is nearer than this looks like one moment.
const TOGETHER: Duration = Duration::from_millis(10);

/// Landmarks from moments in any order: of those that look like one, the last.
pub fn together(moments: impl IntoIterator<Item = Instant>) -> Vec<Instant> {
    let mut moments: Vec<Instant> = moments.into_iter().collect();
    moments.sort_unstable();
    let mut landmarks: Vec<Instant> = Vec::new();
    let mut first = Instant::ZERO;
    for at in moments {
        match landmarks.last_mut() {
            Some(last) if at.since(first) < TOGETHER => *last = at,
            _ => {
                first = at;
                landmarks.push(at);
            }
        }
    }
    landmarks
}
