//! Programs for Rust with this crate: the page's own engine, on tokio's clock and with reqwest for a
//! network.
//!
//! Sequential and parallel differ in one value here, the schedule, and nothing is left out: limits,
//! attempts, time-outs and what a failure does are the engine's own, as on the page.

use std::time::Duration;

use super::picture::FILE;
use super::python::{Pieces, rust_literal};
use super::rust::packages;
use super::{Form, Line, Plan, Writer, one_by_one};
use crate::engine::{OnFailure, Timeouts};
use crate::pipeline::Work;
use crate::template::Template;

pub(super) fn lines(form: Form, plan: &Plan<'_>) -> Vec<Line> {
    let mut program = Engine { plan, form, out: Writer::default() };
    program.head();
    program.main();
    program.agents();
    program.schedule();
    program.run();
    program.out.lines
}

struct Engine<'a> {
    plan: &'a Plan<'a>,
    form: Form,
    out: Writer,
}

/// The two capabilities that the engine is given besides a model.
const PORTS: &str = r#"
struct TokioClock(tokio::time::Instant);

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.elapsed().as_micros() as u64)
    }

    fn sleep(&self, length: Duration) -> LocalBoxFuture<'static, ()> {
        tokio::time::sleep(length).boxed_local()
    }

    fn block(&self, length: Duration) {
        std::thread::sleep(length);
    }

    fn stopwatch(&self) -> Duration {
        self.0.elapsed()
    }
}

struct Reqwest(reqwest::Client);

impl Transport for Reqwest {
    fn send(
        &self,
        request: HttpRequest,
    ) -> LocalBoxFuture<'static, Result<HttpResponse, TransportError>> {
        let mut call = match request.method {
            Method::Get => self.0.get(request.url.as_str()),
            Method::Post => self.0.post(request.url.as_str()).body(request.body),
        };
        for (name, value) in request.headers {
            call = call.header(name, value);
        }
        async move {
            let response = call.send().await.map_err(|_| TransportError)?;
            let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or("").to_owned();
            let headers = response.headers().iter();
            let headers = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
            let status = response.status().as_u16();
            let body = stream::try_unfold(response, |mut response| async move {
                let bytes = response.chunk().await.map_err(|_| TransportError)?;
                Ok(bytes.map(|bytes| (bytes.to_vec(), response)))
            });
            Ok(HttpResponse { status, headers, body: body.boxed_local() })
        }
        .boxed_local()
    }
}

fn key(name: &str) -> Key {
    Key::new(name).expect("a key is a name")
}
"#;

impl Engine<'_> {
    fn head(&mut self) {
        packages(
            &mut self.out,
            &[
                "converge = { path = \"../converge\" }  # the source of this page",
                "futures = \"0.3\"",
                "reqwest = \"0.13\"",
                "tokio = { version = \"1\", features = [\"macros\", \"rt\", \"time\"] }",
            ],
        );
        let tools = self.plan.has_tools() || self.plan.sees();
        let tool = tools.then_some("use converge::model::Tool;");
        let look = self.plan.sees().then_some("use converge::llm::{Look, Picture};");
        IMPORTS.iter().copied().chain(look).chain(tool).for_each(|line| self.out.line(0, line));
        PORTS.trim_end().lines().for_each(|line| self.out.line(0, line));
    }

    fn main(&mut self) {
        self.out.blank(1);
        self.out.line(0, "#[tokio::main(flavor = \"current_thread\")]");
        self.out.line(0, "async fn main() -> Result<(), Box<dyn Error>> {");
    }

    fn agents(&mut self) {
        let inputs: Vec<String> =
            self.plan.pipeline.inputs().iter().map(|input| key(input.as_str())).collect();
        self.out.line(1, "// No order is given: the holes of the prompts are the dependencies.");
        self.out.line(1, "let agents = vec![");
        for (place, agent) in self.plan.pipeline.agents().iter().enumerate() {
            self.out.part_of = Some(place);
            self.out.waits(2, "Agent {", vec![place]);
            self.out.line(3, format!("name: {}.into(),", rust_literal(&agent.name)));
            let label = match &agent.label {
                Some(label) => format!("Some({}.into())", rust_literal(label)),
                None => "None".to_owned(),
            };
            self.out.line(3, format!("label: {label},"));
            self.template("instruction", &agent.instruction);
            self.template("prompt", &agent.prompt);
            self.out.line(3, format!("output_key: {},", key(agent.output_key.as_str())));
            let model = match &agent.model {
                Some(model) => format!("Some({}.into())", rust_literal(model)),
                None => "None".to_owned(),
            };
            self.out.line(3, format!("model: {model},"));
            let tools = agent.tools.iter().map(|tool| format!("Tool::{tool:?}"));
            let tools = tools.collect::<Vec<_>>().join(", ");
            self.out.line(3, format!("tools: vec![{tools}],"));
            self.out.line(
                3,
                match agent.work {
                    Work::Model => "work: Work::Model,",
                    Work::PassThrough => {
                        "work: Work::PassThrough, // no call: the prompt is the answer"
                    }
                },
            );
            self.out.line(2, "},");
            self.out.part_of = None;
        }
        self.out.line(1, "];");
        self.out.line(
            1,
            format!("let pipeline = Pipeline::new(vec![{}], agents)?;", inputs.join(", ")),
        );
        self.out.line(1, "let mut inputs = State::new();");
        for input in self.plan.pipeline.inputs() {
            let text = rust_literal(self.plan.input(input));
            self.out.line(1, format!("inputs.set({}, {text});", key(input.as_str())));
        }
    }

    /// A template in its own notation, which is the engine's.
    fn template(&mut self, field: &str, template: &Template) {
        // Without holes, so that every brace is only a brace.
        let mut pieces = Pieces::rust();
        pieces.text(&template.to_string());
        match pieces.finish().as_slice() {
            [piece] => self.out.line(3, format!("{field}: Template::new({piece}),")),
            pieces => {
                self.out.line(3, format!("{field}: Template::new(&["));
                pieces.iter().for_each(|piece| self.out.line(4, format!("{piece},")));
                self.out.line(3, "].concat()),");
            }
        }
    }

    fn schedule(&mut self) {
        let schedule = self.plan.schedule;
        self.out.blank(1);
        self.out.line(1, "let schedule = Schedule {");
        let width = match (self.form, self.plan.limit(self.form)) {
            (Form::Sequential, _) => "NonZeroUsize::MIN, // one at a time".to_owned(),
            (Form::Parallel, None) => "NonZeroUsize::MAX, // all that can start".to_owned(),
            (Form::Parallel, Some(limit)) => {
                format!("NonZeroUsize::new({limit}).expect(\"not zero\"),")
            }
        };
        self.out.line(2, format!("width: {width}"));
        self.out.line(
            2,
            match schedule.on_failure {
                OnFailure::Cancel => "on_failure: OnFailure::Cancel,",
                OnFailure::Leave => "on_failure: OnFailure::Leave, // the others run on",
                OnFailure::Wait => "on_failure: OnFailure::Wait, // for the others, then fail",
                OnFailure::Fallback => {
                    "on_failure: OnFailure::Fallback, // a sentence stands in for an answer"
                }
                OnFailure::Collect => {
                    "on_failure: OnFailure::Collect, // a mark stands where an answer is missing"
                }
            },
        );
        self.out.line(2, "timeouts: Timeouts {");
        let length = |length: Option<Duration>| match length {
            Some(length) => format!("Some(Duration::from_millis({}))", length.as_millis()),
            None => "None".to_owned(),
        };
        let Timeouts { first, between, run } = schedule.timeouts;
        self.out.line(3, format!("first: {},", length(first)));
        self.out.line(3, format!("between: {},", length(between)));
        self.out.line(3, format!("run: {},", length(run)));
        self.out.line(2, "},");
        let attempts = self.plan.attempts();
        let seed = schedule.retry.seed;
        let seed = if seed == 0 { String::new() } else { format!("seed: {seed}, ") };
        self.out.line(
            2,
            match attempts {
                1 => "retry: Retry::never(),".to_owned(),
                _ => {
                    let up_to = format!(
                        "Retry::up_to(std::num::NonZeroU32::new({attempts}).expect(\"not zero\"))"
                    );
                    match seed.as_str() {
                        "" => format!("retry: {up_to},"),
                        seed => format!("retry: Retry {{ {seed}..{up_to} }},"),
                    }
                }
            },
        );
        let place = |agent: Option<usize>| format!("{agent:?}");
        let hedge = schedule.hedge.map(|hedge| {
            let (after, agent) = (hedge.after.as_micros(), place(hedge.agent));
            format!("engine::Hedge {{ after: Duration::from_micros({after}), agent: {agent} }}")
        });
        let quorum = schedule.quorum.map(|quorum| {
            let (answers, join, late) = (quorum.answers, place(quorum.join), quorum.late);
            let answers = format!("NonZeroUsize::new({answers}).expect(\"not zero\")");
            format!("engine::Quorum {{ answers: {answers}, join: {join}, late: engine::Late::{late:?} }}")
        });
        let optional = |value: Option<String>| match value {
            Some(value) => format!("Some({value})"),
            None => "None".to_owned(),
        };
        self.out.line(2, format!("hedge: {},", optional(hedge)));
        self.out.line(2, format!("quorum: {},", optional(quorum)));
        self.out.line(1, "};");
    }

    fn run(&mut self) {
        let plan = self.plan;
        let endpoint = plan.endpoint;
        let provider = format!("{:?}", endpoint.provider);
        let base_url = rust_literal(endpoint.base_url.as_deref().unwrap_or_default());
        let temperature = match plan.temperature() {
            Some(temperature) => format!("Some({temperature}_f64)"),
            None => "None".to_owned(),
        };
        let model = rust_literal(&endpoint.model);
        let variable = endpoint.key_variable();
        let mutable = if plan.sees() { "mut " } else { "" };
        self.out.line(1, "// An empty address is the provider's own.");
        self.out.line(1, format!("let provider = ProviderId::{provider};"));
        self.out.line(
            1,
            format!(
                "let {mutable}settings = provider.settings({base_url}, {model}, {temperature})?;"
            ),
        );
        if plan.sees() {
            self.out
                .line(1, "// The picture that agents look at, in the folder in which this runs.");
            self.out.line(
                1,
                format!("let picture = Picture::read(&std::fs::read(\"{FILE}\")?, \"\")?;"),
            );
            self.out.line(1, "settings.look = Look::Picture(picture);");
        }
        self.out.line(
            1,
            format!(
                "let key_text = std::env::var(\"{variable}\").expect(\"{variable} is not set\");"
            ),
        );
        self.out.line(1, "let no_redirect = reqwest::redirect::Policy::none();");
        self.out.line(1, "let client = reqwest::Client::builder().redirect(no_redirect).build()?;");
        self.out.line(1, "let transport = Rc::new(Reqwest(client));");
        self.out.line(1, "let model = LiveModel::new(transport, provider.provider(settings), ApiKey::new(&key_text)?);");
        self.out.line(1, "let clock = TokioClock(tokio::time::Instant::now());");
        self.out.line(1, "let trace = RefCell::new(Trace::new()); // the log that the page draws");
        self.out.blank(1);
        let all = one_by_one(plan.pipeline);
        let line =
            "let done = engine::run(&pipeline, inputs, schedule, &clock, &model, &trace).await;";
        self.out.waits(1, line, all);
        self.out.line(1, "if let Outcome::Failed(error) = done.outcome {");
        self.out.line(2, "return Err(error.into());");
        self.out.line(1, "}");
        for agent in plan.finals() {
            let key = key(plan.agent(agent).output_key.as_str());
            self.out.line(
                1,
                format!("println!(\"{{}}\", done.state.get(&{key}).map_or(\"\", |text| text));"),
            );
        }
        self.out.line(1, "Ok(())");
        self.out.line(0, "}");
    }
}

fn key(name: &str) -> String {
    format!("key({})", rust_literal(name))
}

const IMPORTS: &[&str] = &[
    "use std::cell::RefCell;",
    "use std::error::Error;",
    "use std::num::NonZeroUsize;",
    "use std::rc::Rc;",
    "use std::time::Duration;",
    "",
    "use converge::clock::Clock;",
    "use converge::engine::{self, OnFailure, Retry, Schedule, Timeouts};",
    "use converge::llm::http::{HttpRequest, HttpResponse, Method, Transport, TransportError};",
    "use converge::llm::{ApiKey, LiveModel, ProviderId};",
    "use converge::pipeline::{Agent, Pipeline, Work};",
    "use converge::state::{Key, State};",
    "use converge::template::Template;",
    "use converge::time::Instant;",
    "use converge::trace::{Outcome, Trace};",
    "use futures::future::{FutureExt, LocalBoxFuture};",
    "use futures::stream::{self, StreamExt};",
];
