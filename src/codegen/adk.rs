//! Programs for Google's ADK 1: a `ParallelAgent` a level in a `SequentialAgent`, as the article has
//! it.
//!
//! An agent's prompt is told in its instruction, since all agents of a session share the reader's
//! message. ADK fills every `{name}` of an instruction, doubled or not: a text with braces of its
//! own is therefore made by a function, which ADK leaves alone.

use super::python::{Names, Pieces, literal, name_comment};
use super::{Form, Line, Plan, Writer, levels_wait_no_longer, missing, one_by_one};
use crate::decimal;
use crate::engine::OnFailure;
use crate::pipeline::{Agent, Work};
use crate::template::Part;

/// What the program calls things itself, and what ADK keeps for itself.
const OWN_NAMES: &[&str] = &[
    "asyncio",
    "LlmAgent",
    "ParallelAgent",
    "SequentialAgent",
    "LlmResponse",
    "InMemoryRunner",
    "google_search",
    "types",
    "GEMINI_MODEL",
    "said",
    "context",
    "callback_context",
    "llm_request",
    "error",
    "root_agent",
    "state",
    "main",
    "runner",
    "session",
    "print",
    "user",
];

/// Where the plan's model is not one of Gemini's.
const MODEL: &str = "gemini-3.5-flash-lite";

pub(super) fn lines(form: Form, plan: &Plan<'_>) -> Vec<Line> {
    let names = Names::new(plan.pipeline, OWN_NAMES);
    let collects = plan.schedule.on_failure == OnFailure::Collect;
    let mut adk = Adk { plan, names, collects, out: Writer::default() };
    adk.head(form);
    for agent in one_by_one(plan.pipeline) {
        adk.agent(agent);
    }
    adk.root(form);
    adk.run();
    adk.out.lines
}

struct Adk<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    collects: bool,
    out: Writer,
}

impl Adk<'_> {
    fn head(&mut self, form: Form) {
        let agents = self.plan.pipeline.agents();
        let searches = agents.iter().any(|agent| !agent.tools.is_empty());
        let out = &mut self.out;
        out.line(
            0,
            "# ADK 1. In ADK 2 ParallelAgent and SequentialAgent are deprecated: see Workflow.",
        );
        out.line(0, "# The key is read from GOOGLE_API_KEY.");
        out.line(0, "import asyncio");
        out.blank(1);
        let parallel = if form == Form::Parallel { "ParallelAgent, " } else { "" };
        out.line(0, format!("from google.adk.agents import LlmAgent, {parallel}SequentialAgent"));
        if self.collects {
            out.line(0, "from google.adk.models import LlmResponse");
        }
        out.line(0, "from google.adk.runners import InMemoryRunner");
        if searches {
            out.line(0, "from google.adk.tools import google_search");
        }
        out.line(0, "from google.genai import types");
        out.blank(1);
        let model = Some(self.plan.endpoint.model.as_str()).filter(|m| m.starts_with("gemini"));
        if model.is_none() {
            out.line(0, "# The page's model is not one of Gemini's; ADK asks Gemini itself.");
        }
        out.line(0, format!("GEMINI_MODEL = {}", literal(model.unwrap_or(MODEL))));
        out.blank(2);
        out.line(0, "def said(text):");
        out.line(1, "return types.Content(role=\"model\", parts=[types.Part(text=text)])");
    }

    /// A template's text: what ADK fills, or an f-string over the state of `context`.
    fn pieces(&self, agent: &Agent, context: Option<&str>) -> Vec<String> {
        let mut pieces = Pieces::default();
        let asked = agent.prompt.to_string() != "{topic}" || agent.work == Work::PassThrough;
        let instruction = agent.instruction.parts().iter().filter(|_| agent.work == Work::Model);
        let between = Part::Text("\n\n".into());
        let between = Some(&between)
            .filter(|_| asked && agent.work == Work::Model && agent.instruction.to_string() != "");
        let prompt = agent.prompt.parts().iter().filter(|_| asked);
        for part in instruction.chain(between).chain(prompt) {
            match part {
                Part::Text(text) => text.chars().for_each(|c| pieces.push(c)),
                Part::Hole { key, optional } => match (context, optional) {
                    (Some(context), true) => {
                        pieces.hole(&format!("{context}.state.get('{key}', '')"))
                    }
                    (Some(context), false) => pieces.hole(&format!("{context}.state['{key}']")),
                    (None, true) => pieces.bare_hole(&format!("{key}?")),
                    (None, false) => pieces.bare_hole(key.as_str()),
                },
            }
        }
        pieces.finish()
    }

    fn agent(&mut self, agent: usize) {
        let own = self.plan.pipeline.agents()[agent].clone();
        let (name, task) =
            (self.names.written_by(agent).to_owned(), self.names.task(agent).to_owned());
        let key = literal(own.output_key.as_str());
        self.out.blank(2);
        self.out.part_of = Some(agent);
        name_comment(&mut self.out, 0, &own.name, &name);
        if own.work == Work::PassThrough {
            self.out.line(
                0,
                format!("def {task}(callback_context):  # no call: the text is passed on"),
            );
            self.out.line(1, format!("callback_context.state[{key}] = ("));
            let pieces = self.pieces(&own, Some("callback_context"));
            pieces.iter().for_each(|piece| self.out.line(2, piece));
            self.out.line(1, ")");
            self.out.line(1, format!("return said(callback_context.state[{key}])"));
            self.out.blank(2);
            self.out.line(0, format!("{name} = LlmAgent("));
            self.out.line(1, format!("name={},", literal(&name)));
            self.out.line(1, format!("before_agent_callback={task},"));
            self.out.line(0, ")");
            self.out.part_of = None;
            return;
        }
        let braces =
            [&own.instruction, &own.prompt].into_iter().flat_map(|template| template.parts());
        let braces = braces
            .into_iter()
            .any(|part| matches!(part, Part::Text(text) if text.contains(['{', '}'])));
        self.out.line(0, format!("{name} = LlmAgent("));
        self.out.line(1, format!("name={},", literal(&name)));
        match &own.model {
            Some(model) => self.out.line(1, format!("model={},", literal(model))),
            None => self.out.line(1, "model=GEMINI_MODEL,"),
        }
        let opening = if braces { "instruction=lambda context: (" } else { "instruction=(" };
        self.out.line(1, opening);
        let pieces = self.pieces(&own, braces.then_some("context"));
        pieces.iter().for_each(|piece| self.out.line(2, piece));
        self.out.line(1, "),");
        if let Some(temperature) = self.plan.endpoint.temperature.filter(|t| t.is_finite()) {
            let temperature = decimal::short(temperature);
            self.out.line(1, format!("generate_content_config=types.GenerateContentConfig(temperature={temperature}),"));
        }
        if !own.tools.is_empty() {
            self.out.line(1, "tools=[google_search],");
        }
        if self.collects {
            let mark = literal(&missing(own.output_key.as_str()));
            self.out.line(1, "# A failed call leaves a mark in the prompts that read it.");
            self.out
                .line(1, "on_model_error_callback=lambda callback_context, llm_request, error: (");
            self.out.line(2, format!("LlmResponse(content=said({mark}))"));
            self.out.line(1, "),");
        }
        self.out.line(1, format!("output_key={key},"));
        self.out.line(0, ")");
        self.out.part_of = None;
    }

    fn entry(&mut self, indent: usize, agent: usize) {
        let name = self.names.written_by(agent).to_owned();
        self.out.part_of = Some(agent);
        self.out.waits(indent, format!("{name},"), vec![agent]);
        self.out.part_of = None;
    }

    fn root(&mut self, form: Form) {
        self.out.blank(1);
        self.out.line(0, "root_agent = SequentialAgent(");
        self.out.line(1, "name=\"Pipeline\",");
        self.out.line(1, "sub_agents=[");
        if form == Form::Sequential {
            one_by_one(self.plan.pipeline).into_iter().for_each(|agent| self.entry(2, agent));
        } else {
            let limit = self.plan.schedule.width.get();
            if limit != usize::MAX {
                self.out.line(
                    2,
                    format!(
                        "# ParallelAgent knows no limit: groups of {limit}, one after another."
                    ),
                );
            }
            if !levels_wait_no_longer(self.plan.pipeline) {
                self.out.line(
                    2,
                    "# Each ParallelAgent waits for all of its agents, so some below wait for",
                );
                self.out.line(2, "# answers that they do not read; the page starts them sooner.");
            }
            if !self.collects {
                self.out.line(2, "# When an agent fails, ParallelAgent cancels the others.");
            }
            let mut groups = 0;
            for level in self.plan.pipeline.by_level() {
                for group in level.chunks(limit) {
                    if let [agent] = group {
                        self.entry(2, *agent);
                        continue;
                    }
                    groups += 1;
                    self.out.waits(2, "ParallelAgent(", group.to_vec());
                    self.out.line(3, format!("name=\"Parallel{groups}\","));
                    self.out.line(3, "sub_agents=[");
                    group.iter().for_each(|agent| self.entry(4, *agent));
                    self.out.line(3, "],");
                    self.out.line(2, "),");
                }
            }
        }
        self.out.line(1, "],");
        self.out.line(0, ")");
    }

    fn run(&mut self) {
        let pipeline = self.plan.pipeline;
        self.out.blank(2);
        self.out.line(0, "async def main():");
        self.out.line(1, "state = {");
        let mut asked = "";
        for input in pipeline.inputs() {
            let text = self.plan.inputs.get(input).map_or("", |text| text);
            asked = text;
            self.out.line(2, format!("{}: {},", literal(input.as_str()), literal(text)));
        }
        self.out.line(1, "}");
        self.out.line(1, "runner = InMemoryRunner(agent=root_agent, app_name=\"converge\")");
        self.out.line(1, "session = await runner.session_service.create_session(");
        self.out.line(2, "app_name=\"converge\", user_id=\"reader\", state=state");
        self.out.line(1, ")");
        self.out.waits(1, "async for _ in runner.run_async(", one_by_one(pipeline));
        self.out.line(2, "user_id=\"reader\",");
        self.out.line(2, "session_id=session.id,");
        self.out.line(2, format!("new_message=types.UserContent({}),", literal(asked)));
        self.out.line(1, "):");
        self.out.line(2, "pass");
        self.out.line(1, "session = await runner.session_service.get_session(");
        self.out.line(2, "app_name=\"converge\", user_id=\"reader\", session_id=session.id");
        self.out.line(1, ")");
        for agent in (0..pipeline.agents().len()).filter(|agent| pipeline.is_final(*agent)) {
            let key = literal(pipeline.agents()[agent].output_key.as_str());
            self.out.line(1, format!("print(session.state[{key}])"));
        }
        self.out.blank(2);
        self.out.line(0, "asyncio.run(main())");
    }
}
