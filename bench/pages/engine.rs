//! Converge's side of the bench: its engine on the browser's clock, its calls through the browser's
//! fetch, and its log, without the page around them. Built like the page itself and run in the same
//! tab as its rivals. It is an example and not part of the page: nothing here is on the site.

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This runs in a browser: `cargo xtask bench`.");
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(target_arch = "wasm32")]
mod bench {
    use std::cell::RefCell;
    use std::rc::Rc;
    use std::time::Duration;

    use converge::clock::Clock;
    use converge::config::Settings;
    use converge::engine::{self, Schedule};
    use converge::llm::{ApiKey, LiveModel, ProviderId};
    use converge::model::{Chunk, FinishReason, Model, ModelError, Prompt};
    use converge::pipeline::{Agent, Pipeline, Work};
    use converge::simulate::predict;
    use converge::state::{Key, State};
    use converge::tail::Study;
    use converge::template::Template;
    use converge::trace::{Outcome, Trace};
    use converge::web::clock::BrowserClock;
    use converge::web::fetch::BrowserTransport;
    use futures::stream::{self, LocalBoxStream, StreamExt};
    use js_sys::Promise;
    use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};
    use wasm_bindgen_futures::future_to_promise;

    /// A model that takes its time, says one word and is done.
    struct Sleeper {
        clock: BrowserClock,
        length: Duration,
    }

    impl Model for Sleeper {
        fn generate<'a>(&'a self, _: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
            let said = async {
                self.clock.sleep(self.length).await;
                stream::iter([
                    Ok(Chunk::Text("done".into())),
                    Ok(Chunk::Finish(FinishReason::Stop)),
                ])
            };
            stream::once(said).flatten().boxed_local()
        }
    }

    /// Branches that only sleep.
    #[wasm_bindgen]
    pub struct Fan {
        pipeline: Rc<Pipeline>,
        length: Duration,
    }

    #[wasm_bindgen]
    impl Fan {
        /// That many branches of so many milliseconds.
        #[wasm_bindgen(constructor)]
        pub fn new(branches: usize, millis: u32) -> Result<Fan, JsError> {
            let agent = |number| {
                let output_key = Key::new(&format!("result{number}")).ok_or("no key")?;
                Ok(Agent {
                    name: format!("task{number}"),
                    label: None,
                    instruction: Template::new("Answer in one word."),
                    prompt: Template::new("What is there to say about {topic}?"),
                    output_key,
                    model: None,
                    tools: Vec::new(),
                    work: Work::Model,
                })
            };
            let agents: Result<Vec<Agent>, &str> = (0..branches).map(agent).collect();
            let topic = Key::new("topic").into_iter().collect();
            let pipeline = Pipeline::new(topic, agents.map_err(JsError::new)?)?;
            let length = Duration::from_millis(millis.into());
            Ok(Self { pipeline: Rc::new(pipeline), length })
        }

        /// Runs them in parallel with the whole log kept. Promises how many events that were.
        pub fn run(&self) -> Promise {
            let (pipeline, length) = (self.pipeline.clone(), self.length);
            future_to_promise(async move {
                let clock = BrowserClock::new(1.0);
                let model = Sleeper { clock: clock.clone(), length };
                let trace = RefCell::new(Trace::new());
                let schedule = Schedule::parallel();
                let run = engine::run(&pipeline, State::new(), schedule, &clock, &model, &trace);
                settled(run.await.outcome, &trace.borrow())
            })
        }
    }

    /// The article's LangChain example, three calls and then one, on an API at `base_url` that speaks
    /// Chat Completions: with the time-outs and retries that the page gives it.
    #[wasm_bindgen]
    pub fn calls(base_url: String) -> Promise {
        future_to_promise(async move {
            let (settings, _) = Settings::read("", "preset=topic&provider=compatible");
            let (experiment, _) = settings.experiment();
            let id = ProviderId::Compatible;
            let reach = id.settings(&base_url, "bench", None).map_err(told)?;
            let key = ApiKey::new("bench").map_err(told)?;
            let model = LiveModel::new(Rc::new(BrowserTransport), id.provider(reach), key);
            let clock = BrowserClock::new(1.0);
            let trace = RefCell::new(Trace::new());
            let pipeline = &experiment.preset.pipeline;
            let schedule = settings.parallel(pipeline);
            let inputs = experiment.inputs.clone();
            let run = engine::run(pipeline, inputs, schedule, &clock, &model, &trace);
            settled(run.await.outcome, &trace.borrow())
        })
    }

    /// Logs of a parallel run as these settings of the page make it.
    #[wasm_bindgen]
    pub struct Logs(Vec<Trace>);

    #[wasm_bindgen]
    impl Logs {
        /// One of them, predicted by the engine.
        #[wasm_bindgen(constructor)]
        pub fn new(fragment: &str) -> Self {
            let (settings, _) = Settings::read("", fragment);
            let (experiment, _) = settings.experiment();
            let pipeline = &experiment.preset.pipeline;
            let (inputs, schedule) = (&experiment.inputs, settings.parallel(pipeline));
            Self(vec![predict(pipeline, inputs, &experiment.scripts, schedule)])
        }

        /// How many events one has.
        pub fn events(&self) -> usize {
            self.0.first().map_or(0, |trace| trace.events().len())
        }

        /// Keeps as many more copies, event by event: clones of a log share its events.
        pub fn keep(&mut self, copies: usize) {
            let copy = |log: &Trace| log.events().iter().cloned().collect();
            let copies: Vec<Trace> = self.0.iter().cycle().take(copies).map(copy).collect();
            self.0.extend(copies);
        }
    }

    /// Many runs of a pipeline, drawn as these settings of the page say.
    #[wasm_bindgen]
    pub struct Tail(Study);

    #[wasm_bindgen]
    impl Tail {
        /// None is drawn yet.
        #[wasm_bindgen(constructor)]
        pub fn new(fragment: &str) -> Self {
            let (settings, _) = Settings::read("", fragment);
            let (experiment, _) = settings.experiment();
            Self(settings.study(&experiment))
        }

        /// Draws so many more, and answers the 95th percentile of all parallel ones in seconds.
        pub fn draw(&mut self, runs: usize) -> f64 {
            self.0.advance(runs);
            self.0.outcome().parallel.p95.as_secs_f64()
        }
    }

    fn settled(outcome: Outcome, trace: &Trace) -> Result<JsValue, JsValue> {
        match outcome {
            Outcome::Done => Ok(JsValue::from_f64(trace.events().len() as f64)),
            other => Err(JsValue::from_str(&format!("the run ended as {other:?}"))),
        }
    }

    fn told(error: impl std::fmt::Display) -> JsValue {
        JsValue::from_str(&error.to_string())
    }
}
