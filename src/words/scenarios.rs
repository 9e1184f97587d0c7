//! The scenarios as the page speaks of them. Their topics, prompts and answers are in `presets`.

// Their names.

pub const COMPANY: &str = "Company research";
pub const RESEARCHERS: &str = "Three researchers";
pub const TOPIC: &str = "One topic, three views";
pub const FEEDBACK: &str = "Feedback analysis";
pub const TRAVEL: &str = "Trip planning";
pub const EMAIL: &str = "E-mail writing";
pub const VALIDATION: &str = "Form validation";
pub const MULTIMODAL: &str = "Text and image";
pub const HEADLINES: &str = "Headline options";
pub const FANOUT: &str = "Many like branches";

// What they do, in one line.

pub const COMPANY_LINE: &str = "News, stock, social media and own records, then a briefing";
pub const RESEARCHERS_LINE: &str = "Three web researchers of ADK, then one report";
pub const TOPIC_LINE: &str = "Summary, questions and key terms in LangChain, then an answer";
pub const FEEDBACK_LINE: &str =
    "Sentiment, keywords, category and urgency of one text, then a summary";
pub const TRAVEL_LINE: &str = "Flights, hotels, events and restaurants, then an itinerary";
pub const EMAIL_LINE: &str = "Subject, body, image prompt and call to action, then the e-mail";
pub const VALIDATION_LINE: &str = "Format, phone, address and profanity, then all problems at once";
pub const MULTIMODAL_LINE: &str = "The text and the image of one post, then both merged";
pub const HEADLINES_LINE: &str = "Three headlines by three prompts, then a judge picks one";
pub const FANOUT_LINE: &str = "As many branches as you like, then a synthesis";

// The lessons about the formula.

pub const EQUAL_TASKS: &str = "Equal tasks";
pub const ONE_STRAGGLER: &str = "One straggler";
pub const SYNTHESIS_THAT_STAYS: &str = "The synthesis that stays";

// What the reader is asked before a run, and where the latencies come from.

pub const COMPANY_QUESTION: &str =
    "How long will four look\u{2011}ups and a synthesis take if the look\u{2011}ups run at once?";
pub const LATENCIES_OF_THE_ARTICLE: &str = "Latencies as the article has them.";
pub const RESEARCHERS_QUESTION: &str =
    "How long will three researchers and a merger take if the researchers work at once?";
pub const LATENCIES_ARE_OURS: &str =
    "The article prints no latencies for this one: these are ours.";
pub const TOPIC_QUESTION: &str = "How long will three views of one topic and a synthesis take if \
    the views are worked out at once?";
pub const FEEDBACK_QUESTION: &str =
    "How long will four readings of one text and a summary take if the readings run at once?";
pub const TRAVEL_QUESTION: &str =
    "How long will four look\u{2011}ups and an itinerary take if the look\u{2011}ups run at once?";
pub const EMAIL_QUESTION: &str = "How long will the four parts of an e\u{2011}mail and its \
    assembly take if the parts are written at once?";
pub const VALIDATION_QUESTION: &str =
    "How long will four checks of a form and a list of problems take if the checks run at once?";
pub const LESS_THAN_A_SECOND: &str =
    "The article asks for less than a second; the latencies are ours.";
pub const MULTIMODAL_QUESTION: &str = "How long will reading a post, looking at its image and \
    merging both take if the two run at once?";
pub const HEADLINES_QUESTION: &str =
    "How long will three headlines and a judge take if the headlines are written at once?";
pub const ROUND_FIGURE: &str = "Half a second a branch: a round figure of ours.";

pub fn fanout_question(branches: usize, figure: &str) -> String {
    let branches = match branches {
        1 => "one branch".to_owned(),
        _ => format!("{figure} like branches"),
    };
    format!("How long will {branches} and a synthesis take if the branches run at once?")
}
