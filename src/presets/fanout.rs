//! Any number of identical branches and a synthesis: what fan-out looks like when it is wide, and what
//! a concurrency limit does to it.

use super::{Content, Part};
use crate::timeline::crowd::grouped;
use crate::words;

pub(super) fn content(n: usize) -> Content {
    let branch = |number: usize| {
        Part::new(format!("task{number}"), format!("result{number}"), 500)
            .label(format!("Task {number}"))
            .instruction(format!("You work on part {number} of {n}. Answer in one sentence."))
            .prompt(format!("What is there to say about part {number} of {{topic}}?"))
            .answer(format!("Part {number} of {{topic}} holds nothing out of the ordinary."))
    };
    let results: Vec<String> = (1..=n).map(|number| format!("{{result{number}}}")).collect();
    let synthesis = Part::new("synthesis", "report", 800)
        .instruction("You sum up many small findings in a few sentences.")
        .prompt(format!("Sum up what was found about {{topic}}.\n\n{}", results.join("\n")))
        .answer(format!(
            "## {{topic}}\n\nAll {n} parts were looked at. The first finding reads: \
             *{{result1}}* The others are like it."
        ));
    Content {
        title: words::settings::fanout_title(n, &grouped(n)),
        topic: "a very large archive",
        source: "Half a second a branch: a round figure of ours.",
        agents: (1..=n).map(branch).chain([synthesis]).collect(),
    }
}
