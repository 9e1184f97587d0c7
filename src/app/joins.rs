//! Where branches meet in a track: a line at the moment at which the synthesis starts, a dot for each
//! text on its way there, and a note at whom everybody has waited for.

use super::demo::Demo;
use super::dom::{Node, Nodes, el};
use super::signals::Memo;
use super::ui::{part, percent};
use crate::decimal;
use crate::timeline::joins::{self, Join};
use crate::words;

/// The joins of the track at that place, over its lanes.
pub fn joins(demo: Demo, place: usize) -> Node {
    let met = Memo::new(move |_| {
        demo.stage.with(|stage| {
            demo.frame.with(|frame| {
                let timeline = stage.run_or_ghost(frame, place)?.0;
                Some(joins::joins(stage.pipeline(), timeline, frame.scale()))
            })
        })
    });
    let drawn = move || {
        let lanes = demo.stage.with_untracked(|stage| stage.agents());
        met.get().unwrap_or_default().iter().map(|join| one(join, lanes)).nodes()
    };
    el("div").class("grid joins").attr("aria-hidden", "true").child(part(drawn)).node()
}

fn one(join: &Join, lanes: usize) -> Node {
    // Heights in lanes from the top of the first: a text leaves its branch at the branch's lower
    // edge, and arrives in the middle of the lane that it is read in.
    let to = join.agent as f64 + 0.5;
    let leave = |branch: usize| branch as f64 + if branch < join.agent { 1.0 } else { 0.0 };
    let height = |lane: f64| percent(lane / lanes as f64);
    let ends = join.branches.iter().map(|&branch| leave(branch)).chain([to]);
    let (top, bottom) = ends.fold((to, to), |(top, bottom), y| (top.min(y), bottom.max(y)));
    let texts = join.under_way.map(|gone| {
        let texts = join.branches.iter().map(|&branch| {
            let y = leave(branch) + (to - leave(branch)) * gone;
            el("span").class("join-text").style("top", height(y)).node()
        });
        texts.nodes()
    });
    // After the straggler's own length, where the axis has room for it.
    let note = (join.x <= 0.6).then(|| {
        el("span")
            .class("join-note")
            .style("top", height(join.straggler as f64 + 0.5))
            .child(words::race::STRAGGLER)
            .node()
    });
    // How bright the line is: it flares when the texts arrive and fades to a thread.
    let glow = decimal::fixed(join.under_way.map_or(0.0, |gone| 1.0 - gone), 3);
    let line = el("span")
        .class("join-line")
        .style("top", height(top))
        .style("height", height(bottom - top));
    el("div")
        .class("join")
        .style("left", percent(join.x))
        .style("--glow", glow)
        .child(line)
        .child(texts)
        .child(note)
        .node()
}
