//! The article's scenario of options: three headlines by three prompts that differ a little, and a
//! judge that picks one. The article prints no latencies.

use super::{Content, Part};

pub(super) fn content() -> Content {
    let writer = |name: &str, millis, manner: &str, answer: &str| {
        Part::new(name, name, millis)
            .instruction(format!("You write headlines that {manner}. Answer with one headline."))
            .prompt("Write a headline about {topic}.")
            .answer(answer)
    };
    Content {
        title: "Three headlines, then one pick".into(),
        topic: "a library that lends out tools",
        source: super::LATENCIES_ARE_OURS,
        agents: vec![
            writer(
                "plain",
                900,
                "state the fact and nothing else",
                "The Library That Lends Drills, Saws and Ladders to the Whole Town",
            ),
            writer(
                "curious",
                1100,
                "make the reader ask a question",
                "Why Would a Library Want Its Hammers Back by Tuesday, and Sharpened?",
            ),
            writer(
                "bold",
                1000,
                "promise the reader something",
                "You Will Never Buy a Drill Again: Borrow One With Your Library Card",
            ),
            Part::new("judge", "choice", 800)
                .instruction("You judge headlines: clear first, then true, then lively. Pick one and say why in a sentence.")
                .prompt(
                    "Pick the best headline about {topic}.\n\n1. {plain}\n2. {curious}\n3. {bold}",
                )
                .answer(
                    "## {bold}\n\nIt says what the reader gains, and the article keeps the \
                     promise.\n\n### Passed over, for {topic}\n\n- {plain}\n- {curious}",
                ),
        ],
    }
}
