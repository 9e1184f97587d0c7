//! The article's LangChain example: three chains over one topic, the topic itself passed through,
//! and a synthesis of all four. The article prints no latencies.

use super::{Content, Part};
use crate::pipeline::Work;

pub(super) fn content() -> Content {
    Content {
        title: "Three views of one topic, then one answer".into(),
        topic: "The history of space exploration",
        source: super::LATENCIES_ARE_OURS,
        agents: vec![
            Part::new("summary", "summary", 2000)
                .instruction("Summarize the topic in three sentences.")
                .answer(
                    "It began with a few stubborn people and very little money. Rivalry between \
                     great powers then turned it into a race, with records broken every year and \
                     some at a terrible price. Today reusable machines and private firms set the \
                     pace, and more countries take part than ever.",
                ),
            Part::new("questions", "questions", 1600)
                .instruction("Ask three questions about the topic that are worth a long answer.")
                .answer(
                    "1. Which of the early failures taught the most?\n2. What would have happened \
                     without the rivalry?\n3. Who owns what is found, and who decides?",
                ),
            Part::new("key_terms", "key_terms", 1100)
                .instruction("Name five to ten key terms of the topic, separated by commas.")
                .answer(
                    "pioneers, launch window, orbit, crewed flight, probe, payload, reusability, \
                     treaty",
                ),
            Part { work: Work::PassThrough, ..Part::new("topic", "original_topic", 0) },
            Part::new("synthesis", "answer", 1700)
                .instruction(
                    "Write a comprehensive answer from what you are given.\n\nSummary: \
                     {summary}\n\nRelated questions: {questions}\n\nKey terms: {key_terms}",
                )
                .prompt("Original topic: {original_topic}")
                .answer(
                    "## {original_topic}\n\n{summary}\n\n### Questions worth \
                     asking\n\n{questions}\n\n### Words to know\n\n{key_terms}\n\n> A summary \
                     tells what happened; the questions tell why it matters.",
                ),
        ],
    }
}
