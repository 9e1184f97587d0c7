//! The article's scenario of content generation: the parts of one e-mail, and the e-mail. The
//! article names the parts and prints no latencies.

use super::{Content, Part};

pub(super) fn content() -> Content {
    Content {
        title: "Four parts, then one email".into(),
        topic: "a kettle that remembers the temperature of your tea",
        source: super::LATENCIES_ARE_OURS,
        agents: vec![
            Part::new("subject", "subject", 700)
                .instruction("You write subject lines of at most nine words. Answer with one line.")
                .prompt("Write the subject of an e-mail about {topic}.")
                .answer("Your tea has a favorite temperature. Now something remembers it."),
            Part::new("body", "body", 2200)
                .instruction(
                    "You write short, plain e-mails. Answer with two paragraphs, no greeting.",
                )
                .prompt("Write the body of an e-mail about {topic}.")
                .answer(
                    "Green at eighty, black at ninety-six, and nobody wants to think about it \
                     before breakfast. Set it once; from then on one press is enough.\n\nIt holds \
                     what you chose for half an hour, so the second cup is as good as the first.",
                ),
            Part::new("image_prompt", "image_prompt", 1100)
                .instruction("You describe pictures for an image model. Answer with one sentence.")
                .prompt("Describe a picture for an e-mail about {topic}.")
                .answer(
                    "Morning light on a kitchen table, a dark green kettle, steam, two unequal \
                     cups, no people, shallow focus.",
                ),
            Part::new("call_to_action", "call_to_action", 600)
                .instruction("You write calls to action of at most twelve words. Answer with one.")
                .prompt("Write the call to action of an e-mail about {topic}.")
                .answer("Try it for thirty mornings, and send it back if you miss the old one."),
            Part::new("assembly", "email", 900)
                .instruction("You assemble e-mails. Change nothing but what does not fit together.")
                .prompt(
                    "Assemble an e-mail about {topic}.\n\nSubject: {subject}\n\nBody: \
                     {body}\n\nPicture: {image_prompt}\n\nCall to action: {call_to_action}",
                )
                .answer(
                    "## {subject}\n\n*About {topic}*\n\n> Picture: \
                     {image_prompt}\n\n{body}\n\n**{call_to_action}**",
                ),
        ],
    }
}
