//! The article's scenario of two modalities: the text and the image of one post, and both merged. The
//! image goes to live models that take one; to others it goes in words. The article prints no
//! latencies.

use super::{Content, Part};
use crate::model::Tool;

/// What the picture that comes with the page shows, for models that do not see.
pub const SHOWS: &str =
    "a cardboard box on a doorstep, its side torn open, and a gray cat looking out of it";

pub(super) fn content() -> Content {
    Content {
        title: "A text and an image, then one insight".into(),
        topic: "Finally home!",
        source: super::LATENCIES_ARE_OURS,
        agents: vec![
            Part::new("text", "text_insight", 1100)
                .instruction("You read the text of social posts. Leave the image to others. Answer in one sentence.")
                .prompt("What does the text of this post say?\n\n{topic}")
                .answer("Two words and an exclamation mark: relief and joy, and nothing about who came home."),
            Part {
                tools: vec![Tool::Picture],
                ..Part::new("image", "image_insight", 2300)
                .instruction("You look at the images of social posts. Leave the text to others. Answer in one sentence.")
                .prompt("What does the image of this post show?\n\n{topic}")
                .answer("A damaged parcel at a door and a calm cat in it: the damage looks like the cat's own work.")
            },
            Part::new("merge", "insight", 1000)
                .instruction("You merge what was seen in two modalities. Say what neither shows alone.")
                .prompt(
                    "What does this post mean?\n\n{topic}\n\nFrom its text: \
                     {text_insight}\n\nFrom its image: {image_insight}",
                )
                .answer(
                    "## What the post means\n\n> {topic}\n\n- **Text.** {text_insight}\n- \
                     **Image.** {image_insight}\n\nTogether they are a joke: the parcel came \
                     home, and the cat moved in. By its words alone it would have been filed as \
                     a journey, by its image alone as a complaint.",
                ),
        ],
    }
}
