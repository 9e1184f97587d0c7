//! Programs for Google's ADK, of both editions: the same agents, and around them the article's
//! `ParallelAgent` and `SequentialAgent` (`one`), or the `Workflow` that has replaced them (`two`).
//! Here is what a program has besides: models, session, run.

mod agents;
mod one;
mod two;

use super::picture::{FILE, MEDIA};
use super::python::{Names, import, literal, run_line};
use super::{Form, Line, Plan, Writer, one_by_one, seconds};
use crate::engine::{LONGEST_BACKOFF, Retry};
use crate::llm::ProviderId;
use crate::pipeline::{Agent, Work};

/// What the program calls things itself, and what ADK keeps for itself.
const OWN_NAMES: &[&str] = &[
    "asyncio",
    "LlmAgent",
    "ParallelAgent",
    "SequentialAgent",
    "Workflow",
    "JoinNode",
    "Gemini",
    "LlmResponse",
    "InMemoryRunner",
    "google_search",
    "types",
    "GEMINI_MODEL",
    "CONFIG",
    "gemini",
    "said",
    "with_picture",
    "ctx",
    "context",
    "callback_context",
    "llm_request",
    "error",
    "root_agent",
    "parallel_agent",
    "state",
    "main",
    "runner",
    "session",
    "print",
    "user",
];

/// Where the plan's model is not one of Gemini's.
const MODEL: &str = "gemini-3.5-flash-lite";

/// Which ADK.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Edition {
    One,
    Two,
}

pub(super) fn lines(edition: Edition, form: Form, plan: &Plan<'_>) -> Vec<Line> {
    let mut adk = Adk::new(edition, form, plan);
    adk.setup();
    one_by_one(plan.pipeline).into_iter().for_each(|agent| adk.agent(agent));
    match edition {
        Edition::One => adk.sequential_agent(),
        Edition::Two => adk.workflow(),
    }
    adk.run();
    adk.with_head()
}

/// A program while it is being written.
struct Adk<'a> {
    edition: Edition,
    form: Form,
    plan: &'a Plan<'a>,
    names: Names,
    /// Whether ADK takes the agents' own names for names.
    named: bool,
    out: Writer,
}

impl<'a> Adk<'a> {
    fn new(edition: Edition, form: Form, plan: &'a Plan<'a>) -> Self {
        let names = Names::with(plan.pipeline, OWN_NAMES, ["", "_agent"]);
        let identifier = |agent: &Agent| {
            let mut chars = agent.name.chars();
            chars.next().is_some_and(|c| c.is_ascii_alphabetic())
                && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
                && !["user", "START", "pipeline"].contains(&agent.name.as_str())
        };
        let named = plan.pipeline.agents().iter().all(identifier);
        Self { edition, form, plan, names, named, out: Writer::default() }
    }

    /// The imports of what the lines name, before the lines.
    fn with_head(self) -> Vec<Line> {
        let (mut out, body) = (Writer::default(), self.out);
        out.line(
            0,
            match self.edition {
                Edition::One => {
                    "# ADK 1. In ADK 2 this still runs but is deprecated: see Workflow."
                }
                Edition::Two => "# ADK 2.",
            },
        );
        out.line(
            0,
            "# The key is read from GOOGLE_API_KEY. ADK tells each model its agent's name too,",
        );
        out.line(
            0,
            match self.edition {
                Edition::One => "# and quotes what the agents before it have said.",
                Edition::Two => "# and gives it as a message what the nodes before it have said.",
            },
        );
        import(&mut out, &body, "", &["asyncio"]);
        out.blank(1);
        let agents = ["LlmAgent", "ParallelAgent", "SequentialAgent"];
        import(&mut out, &body, "google.adk.agents", &agents);
        import(&mut out, &body, "google.adk.models", &["Gemini", "LlmResponse"]);
        import(&mut out, &body, "google.adk.runners", &["InMemoryRunner"]);
        import(&mut out, &body, "google.adk.tools", &["google_search"]);
        import(&mut out, &body, "google.adk.workflow", &["JoinNode", "Workflow"]);
        import(&mut out, &body, "google.genai", &["types"]);
        out.blank(1);
        out.lines.extend(body.lines);
        out.lines
    }

    /// The models and what holds for all agents.
    fn setup(&mut self) {
        let (plan, out) = (self.plan, &mut self.out);
        let own = plan.endpoint.provider == ProviderId::Gemini
            || plan.endpoint.model.starts_with("gemini");
        if !own {
            out.line(0, "# The page's model is not one of Gemini's; ADK asks Gemini itself.");
        }
        let model = if own { plan.endpoint.model.as_str() } else { MODEL };
        out.line(0, format!("GEMINI_MODEL = {}", literal(model)));
        let patience = plan.patience().map(|patience| patience.as_millis());
        if plan.temperature().is_some() || patience.is_some() {
            out.line(0, "CONFIG = types.GenerateContentConfig(");
            if let Some(temperature) = plan.temperature() {
                out.line(1, format!("temperature={temperature},"));
            }
            if let Some(patience) = patience {
                let timeout = format!("http_options=types.HttpOptions(timeout={patience}),");
                out.line(1, format!("{timeout}  # milliseconds, for a whole answer"));
            }
            out.line(0, ")");
        }
        if self.has_client() {
            self.client();
        }
        let answers = self.edition == Edition::One && self.passes();
        let out = &mut self.out;
        if !self.plan.schedule.on_failure.raises() || answers {
            out.blank(2);
            out.line(0, "def said(text):");
            out.line(1, "return types.Content(role=\"model\", parts=[types.Part(text=text)])");
        }
        if self.plan.sees() {
            out.blank(2);
            out.line(0, "def with_picture(callback_context, llm_request):");
            out.line(
                1,
                "# All agents share the reader's message; this goes with some requests only.",
            );
            out.line(1, "# A file in the folder in which this runs.");
            out.line(1, format!("with open(\"{FILE}\", \"rb\") as file:"));
            let part = format!("types.Part.from_bytes(data=file.read(), mime_type=\"{MEDIA}\")");
            out.line(2, format!("picture = {part}"));
            out.line(1, "llm_request.contents.append(types.UserContent(parts=[picture]))");
        }
    }

    fn passes(&self) -> bool {
        self.plan.pipeline.agents().iter().any(|agent| agent.work == Work::PassThrough)
    }

    /// Gemini's own address, if it has another one.
    fn base_url(&self) -> Option<&'a str> {
        let endpoint = self.plan.endpoint;
        endpoint.base_url.as_deref().filter(|_| endpoint.provider == ProviderId::Gemini)
    }

    /// Whether there is more to say of the models than their names.
    fn has_client(&self) -> bool {
        self.plan.attempts() > 1 || self.base_url().is_some()
    }

    fn client(&mut self) {
        let base_url = self.base_url();
        let out = &mut self.out;
        out.blank(2);
        out.line(0, "def gemini(model=GEMINI_MODEL):");
        out.line(1, "return Gemini(");
        out.line(2, "model=model,");
        if let Some(base_url) = base_url {
            out.line(2, format!("base_url={},", literal(base_url)));
        }
        if self.plan.attempts() > 1 {
            let Retry { attempts, backoff, .. } = self.plan.schedule.retry;
            let [backoff, most] = [backoff, LONGEST_BACKOFF].map(seconds);
            out.line(2, "retry_options=types.HttpRetryOptions(");
            out.line(3, format!("attempts={attempts}, initial_delay={backoff}, max_delay={most}"));
            out.line(2, "),");
        }
        out.line(1, ")");
    }

    /// The session, the run and what is printed of it.
    fn run(&mut self) {
        let (plan, pipeline) = (self.plan, self.plan.pipeline);
        let asked = pipeline.inputs().first().map_or("", |input| plan.input(input));
        self.out.blank(2);
        self.out.line(0, "async def main():");
        self.out.line(1, "state = {");
        for input in pipeline.inputs() {
            let text = literal(plan.input(input));
            self.out.line(2, format!("{}: {text},", literal(input.as_str())));
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
        for agent in plan.finals() {
            let key = literal(plan.agent(agent).output_key.as_str());
            self.out.line(1, format!("print(session.state[{key}])"));
        }
        run_line(&mut self.out, "main()", [false; 2], plan);
    }
}
