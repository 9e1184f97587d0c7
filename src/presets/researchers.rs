//! The article's ADK example: three researchers that search the web at once, and an agent that
//! merges what they found. Names and keys are the article's. It gives no latencies for them: these
//! are the first, fourth and second look-up of its opening example and that one's synthesis, 1.2, 1.5,
//! 0.9 and 0.8 s.

use super::{Content, Part};
use crate::model::Tool;

pub(super) fn content() -> Content {
    let researcher =
        |name: &str, label: &str, key: &str, field: &str, subject: &str, millis, answer: &str| {
            let part = Part::new(name, key, millis)
                .label(label)
                .instruction(format!(
                    "You are a research assistant for {field}. Search the web for what is new in \
                 {subject}. Answer with one or two sentences that state what you found, and \
                 nothing else."
                ))
                .answer(answer);
            Part { tools: vec![Tool::GoogleSearch], ..part }
        };
    Content {
        title: "Three researchers, then one report".into(),
        topic: "Recent advances in sustainable technology",
        source: "Latencies are those of the article's first, fourth and second look-ups and its synthesis.",
        agents: vec![
            researcher(
                "RenewableEnergyResearcher",
                "Renewable energy",
                "renewable_energy_result",
                "energy",
                "renewable energy sources",
                1200,
                "Tandem solar cells of perovskite on silicon have left the laboratory: first \
                 modules ship with an efficiency above 26%, and floating wind farms now bid \
                 without a subsidy in two countries.",
            ),
            researcher(
                "EVResearcher",
                "Electric vehicles",
                "ev_technology_result",
                "transport",
                "electric vehicle technology",
                1500,
                "Sodium cells have reached small cars, at a third less cost for each kilowatt \
                 hour, while chargers of one megawatt fill a truck's battery during the driver's \
                 legal break.",
            ),
            researcher(
                "CarbonCaptureResearcher",
                "Carbon capture",
                "carbon_capture_result",
                "climate",
                "carbon capture methods",
                900,
                "Plants that take carbon dioxide out of the air run at the scale of tens of \
                 thousands of tonnes a year, and new sorbents let go of it at 80 °C, so that \
                 waste heat will do.",
            ),
            Part::new("SynthesisAgent", "report", 800)
                .label("Synthesis")
                .instruction(
                    "You merge research findings into one structured report. Use only the \
                     findings below and add nothing that is not in them.\n\nRenewable energy: \
                     {renewable_energy_result}\n\nElectric vehicles: \
                     {ev_technology_result}\n\nCarbon capture: {carbon_capture_result}\n\nGive \
                     each finding a heading of its own and end with a conclusion of one or two \
                     sentences.",
                )
                .answer(
                    "## {topic}\n\n### Renewable energy\n\n{renewable_energy_result}\n\n### \
                     Electric vehicles\n\n{ev_technology_result}\n\n### Carbon \
                     capture\n\n{carbon_capture_result}\n\n### Conclusion\n\nAll three have moved \
                     from *does it work* to *what does it cost*; cheap power and waste heat are \
                     what they share.",
                ),
        ],
    }
}
