//! The picture that goes with the prompts of agents that look at one: a file beside the program.

use super::{Plan, Writer};
use crate::llm::Vision;
use crate::model::Tool;
use crate::pipeline::{Agent, Pipeline};
use crate::presets::multimodal::SHOWS;
use crate::template::Template;

/// The file that the programs read. The page's own has this name.
pub(super) const FILE: &str = "post.png";
/// What kind of file it is.
pub(super) const MEDIA: &str = "image/png";

/// The pipeline for a model that takes no picture: it is told in words, as on the page. `None` where
/// nothing has to change.
pub(super) fn in_words(plan: &Plan<'_>) -> Option<Pipeline> {
    if plan.endpoint.provider.sight() != Vision::None || !plan.sees() {
        return None;
    }
    let agents = plan.pipeline.agents().iter().map(|agent| match agent.sees() {
        false => agent.clone(),
        true => Agent {
            prompt: Template::new(&format!("{}\n\n[The image shows: {SHOWS}]", agent.prompt)),
            tools: agent.tools.iter().copied().filter(|tool| *tool != Tool::Picture).collect(),
            ..agent.clone()
        },
    });
    // Nothing that makes a pipeline a pipeline has changed.
    Pipeline::new(plan.pipeline.inputs().to_vec(), agents.collect()).ok()
}

/// In Python, a prompt with the picture as the APIs that speak OpenAI's format take it.
pub(super) fn in_python(out: &mut Writer) {
    out.blank(2);
    out.line(0, "def with_picture(prompt):");
    out.line(1, "# A file in the folder in which this runs.");
    out.line(1, format!("with open(\"{FILE}\", \"rb\") as file:"));
    out.line(2, "data = base64.b64encode(file.read()).decode()");
    out.line(1, "return [");
    out.line(2, "{\"type\": \"text\", \"text\": prompt},");
    let url = format!("{{\"url\": f\"data:{MEDIA};base64,{{data}}\"}}");
    out.line(2, format!("{{\"type\": \"image_url\", \"image_url\": {url}}},"));
    out.line(1, "]");
}
