//! The data: what went into each prompt, and the state as it grows with the cursor.

use super::dom::{Node, Nodes, el};
use super::signals::{RwSignal, news};
use wasm_bindgen::JsCast;

use super::crowd::pager;
use super::demo::Demo;
use super::ui::{part, shown, text};
use crate::llm::{ApiKey, Look, ProviderId};
use crate::model::Prompt;
use crate::pipeline::Agent;
use crate::template::Template;
use crate::time::{Instant, seconds};
use crate::timeline::crowd::grouped;
use crate::timeline::data::{Data, Entry, Piece, Writer};
use crate::timeline::{Lane, Phase, Timeline};
use crate::web::page;
use crate::words;

/// Agents on a page, where there are too many for one.
const AGENTS: usize = 24;
/// A prompt in more pieces than this is cut, and one that is longer than so many letters on the
/// wire: the engine's own is whole.
const MOST_PIECES: usize = 240;
const MOST_LETTERS: usize = 20_000;
/// Letters of a text in the table.
const BEGINNING: usize = 90;

/// What is written, and what each agent was asked.
pub fn data(demo: Demo) -> Node {
    // What is written changes only when an agent ends.
    let phases = news(move || {
        let place = demo.stage.with(|stage| stage.shown());
        demo.frame.with(|frame| {
            let lanes = frame.timelines.get(place).map_or(&[][..], |timeline| timeline.lanes());
            lanes.iter().map(Lane::phase).collect::<Vec<_>>()
        })
    });
    el("section")
        .class("data panel")
        .attr("aria-labelledby", "data-title")
        .child(el("h2").attr("id", "data-title").child(words::data::DATA))
        .child(el("p").class("note").child(words::data::NOBODY_DECLARES))
        .child(pager(demo, AGENTS, words::data::AGENTS))
        .child(part(move || state(demo, phases)))
        .child(el("h3").child(words::data::PROMPTS))
        .child(part(move || {
            let agents = demo.page(AGENTS).agents();
            agents.map(|agent| prompt(demo, agent, phases)).nodes()
        }))
        .node()
}

/// Reads the data of the run that is shown, as it is at the cursor.
fn read<T>(demo: Demo, of: impl Fn(&Data<'_>, &[Agent]) -> T) -> Option<T> {
    demo.stage.with(|stage| {
        demo.frame.with_untracked(|frame| {
            let pipeline = stage.pipeline();
            // Just after a change of the pipeline the runs of the one before are still there.
            let fits = |timeline: &&Timeline| timeline.lanes().len() == stage.agents();
            let timeline = frame.timelines.get(stage.shown()).filter(fits)?;
            let data = Data::new(pipeline, &stage.experiment.inputs, timeline);
            Some(of(&data, pipeline.agents()))
        })
    })
}

/// The number by which the page colours a writer, and what it is called.
fn whose(writer: Writer, agents: &[Agent]) -> (String, String) {
    match writer {
        Writer::Reader => (String::new(), words::data::YOU.into()),
        Writer::Agent(place) => {
            let name = agents.get(place).map_or("", |agent| agent.name.as_str());
            ((place % 8 + 1).to_string(), format!("{} {name}", place + 1))
        }
    }
}

fn state(demo: Demo, phases: RwSignal<Vec<Phase>>) -> Node {
    phases.with(|_| ());
    let page = demo.page(AGENTS);
    let rows = read(demo, |data, agents| {
        let entries = data.state(page.agents());
        entries.into_iter().map(|entry| entry_row(entry, agents)).nodes()
    });
    el("div")
        .class("scroller")
        .attr("tabindex", "0")
        .attr("role", "group")
        .attr("aria-label", words::data::STATE_LABEL)
        .child(
            el("table")
                .child(el("caption").child(words::data::STATE))
                .child(
                    el("thead").child(
                        el("tr")
                            .child(el("th").attr("scope", "col").child(words::data::KEY))
                            .child(el("th").attr("scope", "col").child(words::data::WRITTEN_BY))
                            .child(el("th").attr("scope", "col").child(words::data::SINCE))
                            .child(el("th").attr("scope", "col").child(words::data::TEXT)),
                    ),
                )
                .child(el("tbody").child(rows)),
        )
        .node()
}

fn entry_row(entry: Entry, agents: &[Agent]) -> Node {
    let (number, name) = whose(entry.writer, agents);
    let since = entry.written.as_ref().map(|(at, _)| seconds(at.since(Instant::ZERO)) + " s");
    let said = entry.written.map(|(_, text)| {
        let beginning: String = text.chars().take(BEGINNING).collect();
        if beginning.len() < text.len() { beginning + "…" } else { beginning }
    });
    let class = if said.is_some() { "written" } else { "unwritten" };
    el("tr")
        .class(class)
        .attr("data-agent", number)
        .child(el("th").attr("scope", "row").child(el("code").child(entry.key.to_string())))
        .child(el("td").class("writer").child(name))
        .child(el("td").child(since.unwrap_or_default()))
        .child(el("td").child(said.unwrap_or_else(|| words::data::NOT_WRITTEN_YET.into())))
        .node()
}

fn prompt(demo: Demo, agent: usize, phases: RwSignal<Vec<Phase>>) -> Node {
    let name = demo.stage.with_untracked(|stage| stage.pipeline().agents()[agent].name.clone());
    let filled = text(move || {
        phases.with(|_| ());
        let count = read(demo, |data, agents| {
            let asked = agents.get(agent)?;
            let counts = [&asked.instruction, &asked.prompt].map(|text| data.filled_holes(text));
            let [(system, of_system), (user, of_user)] = counts;
            Some(words::data::filled(system + user, of_system + of_user))
        });
        count.flatten().unwrap_or_default()
    });
    // What nobody looks at is not put together: it is long, and changes with every agent that ends.
    let is_open = RwSignal::new(false);
    let toggle = move |event: web_sys::Event| {
        let details = event.target().and_then(|at| at.dyn_into::<web_sys::Element>().ok());
        is_open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    el("details")
        .class("prompt")
        .attr("data-agent", (agent % 8 + 1).to_string())
        .child(
            el("summary")
                .child(el("b").child((agent + 1).to_string()))
                .child(" ")
                .child(name)
                .child(" ")
                .child(el("span").class("note").child(filled)),
        )
        .on("toggle", toggle)
        .child(shown(
            move || is_open.get(),
            move || {
                let wire = text(move || {
                    phases.with(|_| ());
                    wire(demo, agent)
                });
                (
                    pieces(demo, phases, agent, words::data::SYSTEM, |agent| &agent.instruction),
                    pieces(demo, phases, agent, words::data::USER, |agent| &agent.prompt),
                    el("h4").child(words::data::OVER_THE_WIRE),
                    el("pre").child(wire),
                )
            },
        ))
        .node()
}

fn pieces(
    demo: Demo,
    phases: RwSignal<Vec<Phase>>,
    agent: usize,
    title: &'static str,
    of: fn(&Agent) -> &Template,
) -> Node {
    part(move || {
        phases.with(|_| ());
        let drawn = read(demo, |data, agents| {
            let pieces = data.pieces(of(agents.get(agent)?));
            if pieces.is_empty() {
                return None;
            }
            let rest = pieces.len().saturating_sub(MOST_PIECES);
            let drawn = pieces.into_iter().take(MOST_PIECES).map(|piece| draw(piece, agents));
            let rest = (rest > 0).then(|| words::data::more_pieces(&grouped(rest)));
            Some(Node::from((drawn.nodes(), rest)))
        });
        let drawn = drawn.flatten();
        drawn.map(|drawn| (el("h4").child(title), el("p").class("pieces").child(drawn)))
    })
}

fn draw(piece: Piece, agents: &[Agent]) -> Node {
    match piece {
        Piece::Text(text) => text.into(),
        Piece::Filled { key, writer, text } => {
            let (number, name) = whose(writer, agents);
            let from = words::data::filled_from(key.as_str(), &name);
            el("span")
                .class("filled")
                .attr("data-agent", number)
                .child(el("b").child(from))
                .child(text.to_string())
                .node()
        }
        Piece::Hole { key, writer } => {
            let (number, name) = whose(writer, agents);
            let waits = words::data::to_be_written(key.as_str(), &name);
            el("span").class("hole").attr("data-agent", number).child(waits).node()
        }
        Piece::Missing { key, .. } => {
            el("span").class("missing").child(words::data::missing(key.as_str())).node()
        }
    }
}

/// The call as it goes to the API; without a live model, as it would go to OpenAI's. The key in it
/// is no key.
fn wire(demo: Demo, agent: usize) -> String {
    let prompt = read(demo, |data, agents| {
        let asked = agents.get(agent)?;
        let system = data.filled(&asked.instruction);
        let user = data.filled(&asked.prompt);
        let (model, tools) = (asked.model.clone(), asked.tools.clone());
        Some(Prompt { agent, system, user, reads: Vec::new(), model, tools })
    });
    let prompt = prompt.flatten();
    let request = demo.settings.with(|settings| {
        let id = settings.provider.unwrap_or(ProviderId::OpenAi);
        let mut reach = settings.reach(id).ok()?;
        reach.page = Some(page::origin());
        reach.look = match demo.access.pictures.look(id) {
            Look::Picture(picture) => Look::Picture(picture.stand_in()),
            words => words,
        };
        Some((settings.provider, id.provider(reach).request(&prompt?, &stand_in()?)))
    });
    let Some((live, request)) = request else { return words::data::NO_ADDRESS.into() };
    if live.is_some_and(ProviderId::is_built_in) {
        return words::data::asked_here(&request.body);
    }
    let live = live.is_some();
    let head = if live { "" } else { words::data::TO_OPENAI_IT_WOULD_BE };
    let headers = request.headers.iter().map(|(name, value)| format!("\n{name}: {value}"));
    let headers: String = headers.collect();
    let (body, rest) = match request.body.char_indices().nth(MOST_LETTERS) {
        Some((cut, _)) => request.body.split_at(cut),
        None => (request.body.as_str(), ""),
    };
    let rest = match rest.chars().count() {
        0 => String::new(),
        more => words::data::more_letters(&grouped(more)),
    };
    format!("{head}POST {}{headers}\n\n{body}{rest}", request.url)
}

fn stand_in() -> Option<ApiKey> {
    ApiKey::new("[your-key]").ok()
}
