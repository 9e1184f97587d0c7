//! The turns on the thread as marks, at their true width. What is shorter than a pixel is drawn a pixel
//! wide, and apart from the others, so that a view can draw it faintly.

use super::Rows;
use crate::timeline::scale::TimeScale;
use crate::timeline::{Poll, Timeline};

/// Where the marks are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// What of the time is looked at.
    pub window: TimeScale,
    /// The width of a pixel, as a fraction of the window.
    pub pixel: f64,
}

/// The marks of a row as SVG paths, in a box one wide and one high.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Turns of a pixel or more.
    pub turns: String,
    /// Shorter ones, widened to a pixel. Those in the same pixel are one.
    pub widened: String,
}

/// The picture of a thread, which goes on from what is drawn already where the log has only gone on.
#[derive(Default)]
pub struct Picture {
    /// Which run it is of, and where it is drawn.
    of: Option<(u32, Plot)>,
    /// How many polls of the log are drawn, with those before the window.
    read: usize,
    rows: Vec<Drawn>,
}

/// A row: what stays as it is drawn, and the mark that the next poll may still make longer.
#[derive(Clone, Default)]
struct Drawn {
    marks: Marks,
    open: Option<Mark>,
}

#[derive(Clone, Copy)]
struct Mark {
    from: f64,
    to: f64,
    is_widened: bool,
}

impl Picture {
    /// Draws what is new of the polls in that window; answers how many it has looked at. `run` is
    /// another number for every other log.
    pub fn draw(&mut self, (timeline, run): (&Timeline, u32), rows: &Rows, plot: Plot) -> usize {
        let polls = timeline.polls();
        let window = plot.window;
        if self.of != Some((run, plot)) || polls.len() < self.read {
            self.of = Some((run, plot));
            self.read = polls.partition_point(|poll| window.x(poll.until) < 0.0);
            self.rows = vec![Drawn::default(); rows.labels.len() + 1];
        }
        let before = self.read;
        let fresh = polls.get(self.read..).unwrap_or_default().iter();
        for poll in fresh.take_while(|poll| window.x(poll.since) <= 1.0) {
            add(&mut self.rows, rows, plot, poll);
            self.read += 1;
        }
        self.read - before
    }

    /// The marks of the thread and then of each row, with the turn that goes on now.
    pub fn marks(&self, timeline: &Timeline, rows: &Rows) -> Vec<Marks> {
        let mut drawn = self.rows.clone();
        let now = timeline.on_thread().zip(self.of);
        if let Some((poll, (_, plot))) = now.filter(|(poll, (_, p))| p.window.x(poll.since) <= 1.0)
        {
            add(&mut drawn, rows, plot, &poll);
        }
        let ended = drawn.into_iter().map(|mut row| {
            row.close();
            row.marks
        });
        ended.collect()
    }
}

/// The marks of a run, all at once: see [`Picture::marks`].
pub fn marks(timeline: &Timeline, rows: &Rows, plot: Plot) -> Vec<Marks> {
    let mut picture = Picture::default();
    picture.draw((timeline, 0), rows, plot);
    picture.marks(timeline, rows)
}

fn add(drawn: &mut [Drawn], rows: &Rows, plot: Plot, poll: &Poll) {
    let x = |at| plot.window.x(at);
    let (from, to) = (x(poll.since).max(0.0), x(poll.until).min(1.0));
    if to < 0.0 {
        return;
    }
    for row in [0, rows.of.get(poll.agent).map_or(0, |row| row + 1)] {
        if let Some(row) = drawn.get_mut(row) {
            row.add(from, to, plot.pixel);
        }
    }
}

impl Drawn {
    fn add(&mut self, from: f64, to: f64, pixel: f64) {
        let is_widened = to - from < pixel;
        match &mut self.open {
            // In a pixel that is drawn already.
            Some(open) if is_widened && from < open.to => {}
            Some(open) if !open.is_widened && !is_widened && from <= open.to => open.to = to,
            _ => {
                self.close();
                let to = if is_widened { from + pixel } else { to };
                self.open = Some(Mark { from, to, is_widened });
            }
        }
    }

    fn close(&mut self) {
        let Some(Mark { from, to, is_widened }) = self.open.take() else { return };
        let path = if is_widened { &mut self.marks.widened } else { &mut self.marks.turns };
        let (from, to) = (format!("{from:.5}"), format!("{to:.5}"));
        *path += &format!("M{from} 0H{to}V1H{from}z");
    }
}
