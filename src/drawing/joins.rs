//! Where branches meet, and what is on its way there.

use super::canvas::{Canvas, agent_color};
use crate::timeline::stage::joins::{RING, without_gaps};
use crate::timeline::stage::{Join, JoinState, Rect, Scene};

/// The width of a rail.
const RAIL: f64 = 4.0;
/// The radius of a token, and the width of the ground around it.
const TOKEN: (f64, f64) = (6.0, 2.0);
/// The width of a ring that is still hollow.
const HOLLOW: f64 = 2.5;

impl Canvas<'_> {
    /// The rails, the rings and the tokens.
    pub fn joins(&mut self, scene: &Scene) {
        for join in &scene.joins {
            if join.state != JoinState::Ahead {
                self.rails(join);
            }
            self.ring(join);
        }
        for token in &scene.tokens {
            let (x, y) = (self.layout.length(token.x), token.y);
            let paint = self.fill("surface");
            self.circle(&paint, x, y, TOKEN.0 * token.shown);
            let paint = self.fill(&agent_color(token.agent));
            self.circle(&paint, x, y, (TOKEN.0 - TOKEN.1) * token.shown);
        }
    }

    /// Each branch's part of the rail is as long as its token has come.
    fn rails(&mut self, join: &Join) {
        if self.layout.is_crowd {
            return self.rail(join, "join", join.rail.0, join.rail.1);
        }
        for branch in &join.branches {
            let Some(from) = self.layout.bars.get(*branch).copied() else { continue };
            let to = from + (join.y - from) * join.motion.rail;
            self.rail(join, &agent_color(*branch), from.min(to), from.max(to));
        }
    }

    fn rail(&mut self, join: &Join, color: &str, top: f64, bottom: f64) {
        let (x, paint) = (self.layout.length(join.x) - RAIL / 2.0, self.fill(color));
        for (top, bottom) in without_gaps(top, bottom, &join.gaps) {
            let at = Rect { x, y: top, width: RAIL, height: bottom - top };
            self.rect(&paint, at, RAIL / 2.0);
        }
    }

    fn ring(&mut self, join: &Join) {
        let (x, y) = (self.layout.length(join.x), join.y);
        if join.state == JoinState::Ahead {
            let (fill, stroke) = (self.colors.of("surface"), self.colors.of("join"));
            let paint = format!("fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{HOLLOW}\"");
            return self.circle(&paint, x, y, RING - HOLLOW / 2.0);
        }
        let paint = self.fill("join");
        self.circle(&paint, x, y, RING);
        // It opens and closes: half of the motion each.
        let open = 1.0 - (2.0 * join.motion.ring - 1.0).abs();
        if open > 0.0 {
            let paint = format!("{} opacity=\"{:.2}\"", self.fill("join-glow"), 0.6 * open);
            self.circle(&paint, x, y, RING - HOLLOW + RING * open);
        }
    }
}
