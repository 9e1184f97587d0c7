//! What real servers send, case by case, through the client, the engine on the virtual clock and the
//! doctor, with the settings that a live run has unless its reader changes them.
//!
//! The cases are in `servers/*.txt`, made from public reports of other clients' bugs (`seen`). A line
//! begins with its word; `|` and `\` begin lines of the body, with and without a line end, and `then`
//! or `after 2` (seconds) the next piece of it. What is expected follows `expect`.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use converge::clock::{Clock, VirtualClock};
use converge::config::Settings;
use converge::engine;
use converge::llm::doctor::{Context, Diagnosis, diagnose};
use converge::llm::http::{HttpRequest, HttpResponse, Transport, TransportError};
use converge::llm::{ApiKey, LiveModel, ProviderId};
use converge::model::{FinishReason, ModelError};
use converge::pipeline::Pipeline;
use converge::state::State;
use converge::timeline::Timeline;
use converge::timeline::attempts::Attempt;
use converge::trace::{Outcome, Trace};
use futures::future::{FutureExt, LocalBoxFuture};
use futures::stream::{self, StreamExt};

use crate::fixtures::{agent, key};

const FILES: [(&str, &str); 6] = [
    ("answers", include_str!("servers/answers.txt")),
    ("errors_inside", include_str!("servers/errors_inside.txt")),
    ("refusals", include_str!("servers/refusals.txt")),
    ("plain", include_str!("servers/plain.txt")),
    ("odd", include_str!("servers/odd.txt")),
    ("variants", include_str!("servers/variants.txt")),
];

/// What a server does and what is to come of it.
#[derive(Clone, Default)]
struct Case {
    name: String,
    provider: String,
    base_url: String,
    model: String,
    temperature: Option<f64>,
    limit: Option<u32>,
    lists_models: bool,
    /// The call is accepted once its body has the one and lacks the other.
    accepted: Vec<(bool, String)>,
    status: u16,
    headers: Vec<(String, String)>,
    /// Each piece of the body, after so many seconds.
    pieces: Vec<(f64, String)>,
    expect: String,
    texts: Vec<String>,
    finish: Option<String>,
    usage: Option<(u64, u64)>,
    cards: Vec<String>,
    says: Vec<String>,
    advice: Vec<String>,
    no_advice: Vec<String>,
    most_requests: Option<usize>,
    waits: Option<Vec<u64>>,
    names: Vec<String>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let (mut repeat, mut every) = (0, 0.0);
    for line in text.lines() {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if word == "case" {
            cases.push(Case { name: rest.into(), ..Case::default() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        let number = |text: &str| text.trim().parse::<f64>().unwrap();
        match word {
            "" | "#" | "seen" => {}
            "call" => case.provider = rest.into(),
            "base" => case.base_url = rest.into(),
            "model" => case.model = rest.into(),
            "temperature" => case.temperature = Some(number(rest)),
            "limit" => case.limit = Some(rest.parse().unwrap()),
            "lists" => case.lists_models = true,
            "accepted" => {
                let (how, what) = rest.split_once(' ').unwrap();
                case.accepted.push((how == "with", what.into()));
            }
            "status" => case.status = rest.parse().unwrap(),
            "header" => {
                let (name, value) = rest.split_once(": ").unwrap();
                case.headers.push((name.into(), value.into()));
            }
            "repeat" => {
                let (times, seconds) = rest.split_once(" every ").unwrap();
                (repeat, every) = (times.parse().unwrap(), number(seconds));
            }
            "then" => case.pieces.push((0.0, String::new())),
            "after" => {
                // What came before was to be repeated.
                if repeat > 0 {
                    let (_, piece) = case.pieces.pop().unwrap();
                    let one = |n: i32| (every, piece.replace("{n}", &n.to_string()));
                    case.pieces.extend((0..std::mem::take(&mut repeat)).map(one));
                }
                case.pieces.push((number(rest), String::new()));
            }
            "|" | "\\" => {
                if case.pieces.is_empty() {
                    case.pieces.push((0.0, String::new()));
                }
                let (_, piece) = case.pieces.last_mut().unwrap();
                piece.push_str(rest);
                if word == "|" {
                    piece.push('\n');
                }
            }
            "expect" => case.expect = rest.into(),
            "text" => case.texts.push(serde_json::from_str(rest).unwrap()),
            "finish" => case.finish = Some(rest.into()),
            "usage" => {
                let (input, output) = rest.split_once(' ').unwrap();
                case.usage = Some((input.parse().unwrap(), output.parse().unwrap()));
            }
            "card" => case.cards = rest.split(' ').map(str::to_owned).collect(),
            "says" => case.says.push(rest.into()),
            "advice" => case.advice.push(rest.into()),
            "no" => case.no_advice.push(rest.strip_prefix("advice ").unwrap().into()),
            "most" => case.most_requests = rest.strip_prefix("requests ").unwrap().parse().ok(),
            "waits" => {
                case.waits = Some(rest.split(' ').map(|wait| wait.parse().unwrap()).collect());
            }
            "names" => case.names = rest.split_whitespace().map(str::to_owned).collect(),
            other => panic!("{}: what does {other} mean?", case.name),
        }
    }
    cases
}

/// Plays a case to whoever calls.
#[derive(Clone)]
struct Server {
    case: Case,
    /// The most bytes that come at once.
    size: usize,
    clock: VirtualClock,
    requests: Rc<RefCell<Vec<HttpRequest>>>,
}

/// What an accepted call is answered.
fn accepted(case: &Case, request: &HttpRequest) -> (&'static str, &'static str) {
    let streams = !request.body.contains("\"stream\":false");
    match (case.provider.as_str(), streams) {
        ("gemini", _) => (
            "text/event-stream",
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Yes.\"}]},\"finishReason\":\"STOP\"}]}\n\n",
        ),
        (_, true) => (
            "text/event-stream",
            "data: {\"choices\":[{\"delta\":{\"content\":\"Yes.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
        ),
        (_, false) => (
            "application/json",
            "{\"choices\":[{\"message\":{\"content\":\"Yes.\"},\"finish_reason\":\"stop\"}]}",
        ),
    }
}

impl Transport for Server {
    fn send(
        &self,
        request: HttpRequest,
    ) -> LocalBoxFuture<'static, Result<HttpResponse, TransportError>> {
        let case = self.case.clone();
        let fits = |(with, what): &(bool, String)| request.body.contains(what.as_str()) == *with;
        let is_accepted = !case.accepted.is_empty() && case.accepted.iter().all(fits);
        let (status, headers, pieces) = match is_accepted {
            true => {
                let (media_type, body) = accepted(&case, &request);
                let headers = vec![("content-type".to_owned(), media_type.to_owned())];
                (200, headers, vec![(0.0, body.to_owned())])
            }
            false => (case.status, case.headers, case.pieces),
        };
        self.requests.borrow_mut().push(request);
        let (clock, size) = (self.clock.clone(), self.size);
        let parts: Vec<(f64, Vec<u8>)> = (pieces.iter())
            .flat_map(|(gap, text)| {
                let chunks = text.as_bytes().chunks(size).enumerate();
                chunks.map(|(at, bytes)| (if at == 0 { *gap } else { 0.0 }, bytes.to_vec()))
            })
            .collect();
        let body = stream::iter(parts).then(move |(gap, bytes)| {
            let wait = (gap > 0.0).then(|| clock.sleep(Duration::from_secs_f64(gap)));
            async move {
                if let Some(wait) = wait {
                    wait.await;
                }
                Ok(bytes)
            }
        });
        let response = HttpResponse {
            status,
            headers: headers.into_iter().collect(),
            body: body.boxed_local(),
        };
        async { Ok(response) }.boxed_local()
    }
}

/// What came of a case.
#[derive(Debug)]
struct Came {
    result: Result<String, ModelError>,
    finish: Option<FinishReason>,
    usage: Option<(u64, u64)>,
    waits: Vec<u64>,
    requests: usize,
}

fn server(case: &Case, size: usize) -> (Server, LiveModel, ProviderId) {
    let id = ProviderId::find(&case.provider).unwrap();
    let mut settings = id.settings(&case.base_url, &case.model, case.temperature).unwrap();
    settings.max_tokens = case.limit;
    let clock = VirtualClock::new();
    let server = Server { case: case.clone(), size, clock, requests: Rc::default() };
    let key = ApiKey::new(super::KEY).unwrap();
    let model = LiveModel::new(Rc::new(server.clone()), id.provider(settings), key);
    (server, model, id)
}

fn run(case: &Case, size: usize) -> Came {
    let (server, model, id) = server(case, size);
    let one = agent("researcher", "What do {topic} do?", "finding");
    let one = converge::pipeline::Agent { instruction: "Be brief.".into(), ..one };
    let pipeline = Pipeline::new(vec![key("topic")], vec![one]).unwrap();
    let mut inputs = State::new();
    inputs.set(key("topic"), "tides");
    let schedule = Settings { provider: Some(id), ..Settings::default() }.parallel(&pipeline);
    let trace = RefCell::new(Trace::new());
    let clock = server.clock.clone();
    let result = clock.run(engine::run(&pipeline, inputs, schedule, &clock, &model, &trace));
    let trace = trace.into_inner();
    let timeline = Timeline::at(&trace, 1, trace.end());
    let lane = &timeline.lanes()[0];
    let wait = |attempt: &Attempt| (attempt.retry_at - attempt.failed).as_secs();
    Came {
        result: match &lane.ended {
            Some((_, Outcome::Done)) => Ok(result.state.get(&key("finding")).unwrap().to_string()),
            Some((_, Outcome::Failed(error))) => Err(error.clone()),
            other => panic!("{other:?}"),
        },
        finish: lane.finish,
        usage: lane.usage.map(|usage| (usage.input_tokens, usage.output_tokens)),
        waits: lane.failed.iter().map(wait).collect(),
        requests: server.requests.borrow().len(),
    }
}

fn context(case: &Case, id: ProviderId) -> Context {
    let settings = id.settings(&case.base_url, &case.model, None).unwrap();
    Context {
        base_url: Some(settings.base_url),
        model: settings.model,
        ..super::doctor::context(id)
    }
}

/// What of a case is not as it should be.
fn wrong(case: &Case, came: &Came) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |ok: bool, what: String| {
        if !ok {
            wrong.push(what);
        }
    };
    let id = ProviderId::find(&case.provider).unwrap();
    let is_good = |text: &String| case.texts.is_empty() || case.texts.contains(text);
    match (case.expect.as_str(), &came.result) {
        ("answer", Ok(text)) => check(is_good(text), format!("answered {text:?}")),
        ("answer", Err(error)) => check(false, format!("failed: {error}")),
        ("error", Ok(text)) => check(false, format!("answered {text:?}")),
        ("not silent", Ok(_)) => check(
            !matches!(came.finish, None | Some(FinishReason::Stop)),
            "an empty answer went on".into(),
        ),
        ("either", Ok(text)) => check(is_good(text), format!("answered {text:?}")),
        ("error" | "either" | "not silent", Err(_)) => {}
        other => panic!("{}: {other:?}", case.name),
    }
    if let Ok(text) = &came.result
        && case.expect != "not silent"
    {
        let finish = came.finish.map(|finish| format!("{finish:?}"));
        check(
            case.finish.is_none() || finish == case.finish,
            format!("{text:?} finished with {finish:?}"),
        );
        check(case.usage.is_none() || came.usage == case.usage, format!("used {:?}", came.usage));
    }
    if let Err(error) = &came.result {
        let Diagnosis { case: card, title, happened, advice, .. } =
            diagnose(error, &context(case, id));
        let card = format!("{card:?}");
        check(
            case.cards.is_empty() || case.cards.contains(&card),
            format!("is {card} ({:?}): {happened} {advice}", error.kind()),
        );
        let all = format!("{title} {happened}");
        for says in &case.says {
            check(all.contains(says.as_str()), format!("does not say {says:?}: {happened}"));
        }
        let lower = advice.to_lowercase();
        let any = |of: &[String]| of.iter().any(|a| lower.contains(&a.to_lowercase()));
        check(case.advice.is_empty() || any(&case.advice), format!("advises: {advice}"));
        check(!any(&case.no_advice), format!("advises: {advice}"));
    }
    let most = case.most_requests.unwrap_or(usize::MAX);
    check(came.requests <= most, format!("{} requests", came.requests));
    let waits = case.waits.as_ref().is_none_or(|waits| *waits == came.waits);
    check(waits, format!("waited {:?}", came.waits));
    wrong
}

#[test]
fn every_case_as_it_is_meant() {
    let (mut all, mut failed, mut told) = (0, 0, String::new());
    for (file, text) in FILES {
        for case in cases(text) {
            all += 1;
            let mut wrong_here = Vec::new();
            if case.lists_models {
                let (server, model, _) = server(&case, usize::MAX);
                let names = server.clock.run(model.models());
                match (case.expect.as_str(), names) {
                    ("names", names) if names == Ok(case.names.clone()) => {}
                    ("error", Err(error)) => {
                        let requests = server.requests.borrow().len();
                        let result = Err(error);
                        let came =
                            Came { result, finish: None, usage: None, waits: vec![], requests };
                        wrong_here = wrong(&case, &came);
                    }
                    (_, names) => wrong_here.push(format!("lists {names:?}")),
                }
            } else {
                // Where the pieces begin and end must not matter.
                let is_timed = case.pieces.iter().any(|(gap, _)| *gap > 0.0);
                let sizes: &[usize] = if is_timed { &[usize::MAX] } else { &[usize::MAX, 1, 7] };
                for size in sizes {
                    let came = run(&case, *size);
                    for what in wrong(&case, &came) {
                        if !wrong_here.contains(&what) {
                            wrong_here.push(what);
                        }
                    }
                }
            }
            if !wrong_here.is_empty() {
                failed += 1;
                told += &format!("{file}/{}\n    {}\n", case.name, wrong_here.join("\n    "));
            }
        }
    }
    assert!(failed == 0, "{failed} of {all} are wrong:\n{told}");
}
