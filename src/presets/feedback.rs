//! The article's scenario of data analysis: four questions about one text, and a summary of the
//! four answers. The article names the tasks and prints no latencies.

use super::{Content, Part};

pub(super) fn content() -> Content {
    Content {
        title: "Four readings of one text, then one summary".into(),
        topic: "The new planner is lovely and my team uses it daily, but since Monday it has \
                logged me out three times and lost a draft. I have a board meeting on Thursday.",
        source: super::LATENCIES_ARE_OURS,
        agents: vec![
            Part::new("sentiment", "sentiment", 900)
                .instruction("You judge the mood of customer feedback. Answer in one sentence: the mood, and the words that show it.")
                .prompt("What is the mood of this text?\n\n{topic}")
                .answer(
                    "Mixed: warm about the product (*lovely*, used daily), worried about what \
                     happened since Monday.",
                ),
            Part::new("keywords", "keywords", 700)
                .instruction("You pick out key words. Answer with five at most, separated by commas.")
                .prompt("Which words carry this text?\n\n{topic}")
                .answer("planner, logged out three times, lost draft, since Monday, board meeting"),
            Part::new("category", "category", 600)
                .instruction("You sort customer feedback into praise, question, wish or fault. Answer in one sentence.")
                .prompt("What kind of feedback is this?\n\n{topic}")
                .answer("A fault, reported by somebody who likes the product: sessions end, and a draft went with one."),
            Part::new("urgency", "urgency", 800)
                .instruction("You judge how soon somebody has to answer, from 1 (whenever) to 5 (now). Answer in one sentence with the reason.")
                .prompt("How urgent is this text?\n\n{topic}")
                .answer("4 of 5: data was lost, it has happened more than once, and Thursday is a fixed date."),
            Part::new("summary", "summary", 1000)
                .instruction("You hand feedback to a support team. Use only what you are given.")
                .prompt(
                    "Sum up this feedback for the team.\n\nText: {topic}\n\nMood: \
                     {sentiment}\n\nKey words: {keywords}\n\nKind: {category}\n\nUrgency: {urgency}",
                )
                .answer(
                    "## Feedback in short\n\n> {topic}\n\n- **Mood.** {sentiment}\n- **Key \
                     words.** {keywords}\n- **Kind.** {category}\n- **Urgency.** \
                     {urgency}\n\n**Next:** look at the sessions that ended on Monday, try to \
                     restore the draft, and write back today.",
                ),
        ],
    }
}
