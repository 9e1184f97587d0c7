//! The article's opening example: four look-ups that do not need each other, and a synthesis that
//! needs them all. Latencies are the article's: 1.2, 0.9, 0.7, 1.5 and 0.8 s.

use super::{Content, Part};

pub(super) fn content() -> Content {
    Content {
        title: "Four look\u{2011}ups, then one synthesis".into(),
        topic: "Lumen Robotics",
        source: "Latencies as the article has them.",
        agents: vec![
            Part::new("news", "news", 1200)
                .instruction("You follow the business press. Answer in two sentences, with dates.")
                .prompt("What has been in the news about {topic} this week?")
                .answer(
                    "{topic} opened its second assembly hall on Tuesday and named a new head of \
                     operations the day after. Two trade papers expect the hall to double its \
                     output of warehouse arms by spring.",
                ),
            Part::new("stock", "stock", 900)
                .instruction("You read market data. Answer in two sentences, with figures.")
                .prompt("How has the share price of {topic} moved, and why?")
                .answer(
                    "The share stands at 48.20, up 6.4% on the week and 11% on the year. Volume \
                     was twice its monthly average on the day the new hall was announced.",
                ),
            Part::new("social", "social", 700)
                .instruction("You read public posts. Answer in two sentences; say how many.")
                .prompt("What do people say about {topic} online?")
                .answer(
                    "Of some 3,100 posts about {topic}, two thirds are favorable; a video of an \
                     arm that folds shirts carries most of them. The complaints are about \
                     delivery times.",
                ),
            Part::new("internal", "internal", 1500)
                .instruction("You query our own customer database. Answer in two sentences.")
                .prompt("What do we have on file about {topic}?")
                .answer(
                    "We have sold to {topic} since 2021: eleven orders, all paid on time, the last \
                     one in September. Its renewal is due in six weeks, and nobody has called yet.",
                ),
            Part::new("synthesis", "briefing", 800)
                .instruction(
                    "You brief a sales director. Use only the findings you are given, and say so \
                     where one is missing.",
                )
                .prompt(
                    "Write a one-page briefing on {topic} from these findings.\n\nNews: \
                     {news}\n\nStock: {stock}\n\nSocial: {social}\n\nInternal: {internal}",
                )
                .answer(
                    "## {topic}: a briefing\n\n**Call them this week.** The company is growing, \
                     the mood is good, and our own contract runs out.\n\n### What was \
                     found\n\n- **News.** {news}\n- **Stock.** {stock}\n- **Social.** \
                     {social}\n- **Internal.** {internal}\n\n### What to do\n\n1. Offer the \
                     renewal before it falls due.\n2. Ask what a second hall needs.\n3. Bring an \
                     answer on delivery times.",
                ),
        ],
    }
}
