//! Runs the programs of some cases and holds what they did to what the engine does.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use converge::codegen::{Endpoint, Form, Language, Plan, folder, program, python_literal};
use converge::llm::ProviderId;
use converge::pipeline::{Agent, Pipeline};
use converge::state::State;

use crate::case::Case;
use crate::expect::{Expected, expected};
use crate::fixtures::key;
use crate::runners::{Did, run};
use crate::server::{Note, Server};

/// Each program is to do what the engine does.
pub fn check(language: Language, cases: &[Case]) {
    let times = [Duration::from_millis(40), Duration::from_secs(30)];
    let slips = slips(language, language.as_str(), cases, cases, times);
    assert!(slips.is_empty(), "{} of {}:\n{}", slips.len(), cases.len(), slips.join("\n\n"));
}

/// The same, kept in a folder of their own.
pub fn check_as(what: &str, language: Language, cases: &[Case]) {
    let times = [Duration::from_millis(40), Duration::from_secs(30)];
    let name = format!("{}-{what}", language.as_str());
    let slips = slips(language, &name, cases, cases, times);
    assert!(slips.is_empty(), "{} of {}:\n{}", slips.len(), cases.len(), slips.join("\n\n"));
}

/// The same of the folder that the language's deployment tool takes, loaded as that tool loads it.
pub fn check_folders(language: Language, cases: &[Case]) {
    let times = [Duration::from_millis(40), Duration::from_secs(30)];
    let name = format!("{}-folders", language.as_str());
    let load = |_: Form, plan: &Plan<'_>| load_and_run(language, plan);
    let slips = slips_by(language, &name, cases, cases, times, load);
    assert!(slips.is_empty(), "{} of {}:\n{}", slips.len(), cases.len(), slips.join("\n\n"));
}

/// A program that unpacks a folder, loads it and prints what it answers.
fn load_and_run(language: Language, plan: &Plan<'_>) -> String {
    let loader = match language {
        Language::LangGraph => include_str!("load_langgraph.py"),
        _ => include_str!("load_adk.py"),
    };
    let zip = BASE64_STANDARD.encode(folder(language, plan).unwrap().zip());
    let pipeline = plan.pipeline;
    let finals = (0..pipeline.agents().len()).filter(|agent| pipeline.is_final(*agent));
    let keys = finals.map(|agent| python_literal(pipeline.agents()[agent].output_key.as_str()));
    let keys: Vec<String> = keys.collect();
    format!("ZIP = \"{zip}\"\nKEYS = [{}]\n{loader}", keys.join(", "))
}

/// What the programs that are `written` do otherwise than what is `meant`: how long each call is out
/// at least, and when one that cannot be answered is given up.
pub fn slips(
    language: Language,
    folder: &str,
    meant: &[Case],
    written: &[Case],
    times: [Duration; 2],
) -> Vec<String> {
    let write = |form: Form, plan: &Plan<'_>| program(language, form, plan).text();
    slips_by(language, folder, meant, written, times, write)
}

/// What the programs of a case do otherwise than is meant once all that `part` says is taken away.
pub fn slips_without(language: Language, case: &Case, part: &str) -> Vec<String> {
    let times = [Duration::from_millis(40), Duration::from_secs(3)];
    let text = |form: Form, plan: &Plan<'_>| {
        let text = program(language, form, plan).text();
        assert!(text.contains(part), "no {part} in\n{text}");
        let nothing = if language == Language::Js { "" } else { "pass" };
        text.replace(part, nothing)
    };
    let case = std::slice::from_ref(case);
    slips_by(language, &format!("{}-altered", language.as_str()), case, case, times, text)
}

/// The same, of what `text` makes of each plan.
fn slips_by(
    language: Language,
    folder: &str,
    meant: &[Case],
    written: &[Case],
    [at_least, stuck_after]: [Duration; 2],
    text: impl Fn(Form, &Plan<'_>) -> String,
) -> Vec<String> {
    let mut server = Server::start(at_least, stuck_after);
    let google = matches!(language, Language::Adk | Language::Adk2);
    let vendor = if google { "gemini" } else { "gpt" };
    let named = |cases: &[Case]| -> Vec<Case> {
        let cases = cases.iter().enumerate();
        let named = cases.map(|(place, case)| Case {
            pipeline: with_models(&case.pipeline, vendor, place),
            ..case.clone()
        });
        named.collect()
    };
    let (cases, written) = (named(meant), named(written));
    let all: Vec<Expected> = cases.iter().map(|case| expected(language, case)).collect();
    server.tell(&all);
    let base_url = match language {
        Language::Adk | Language::Adk2 => format!("http://127.0.0.1:{}", server.port),
        // What is compiled is the same each time; the address comes through a proxy.
        Language::Rust | Language::RustEngine => "http://api.test/v1".to_owned(),
        _ => format!("http://127.0.0.1:{}/v1", server.port),
    };
    let mut inputs = State::new();
    inputs.set(key("topic"), "tides");
    let write = |(place, case): (usize, &Case)| {
        let endpoint = Endpoint {
            provider: if google { ProviderId::Gemini } else { ProviderId::OpenAi },
            model: format!("{vendor}-{place}"),
            base_url: Some(base_url.clone()),
            temperature: case.temperature,
        };
        let (pipeline, schedule) = (&case.pipeline, case.schedule);
        let plan = Plan { pipeline, inputs: &inputs, schedule, endpoint: &endpoint };
        text(case.form, &plan)
    };
    let texts: Vec<String> = written.iter().enumerate().map(write).collect();
    let did = run(language, folder, &texts, server.port);
    let log = server.stop();
    let mut slips = Vec::new();
    for (place, (case, expected)) in cases.iter().zip(&all).enumerate() {
        let own = slips_of(language, place, case, expected, &did[place], &log);
        if !own.is_empty() {
            let Did { code, out, err } = &did[place];
            let err = &err[err.len().saturating_sub(1500)..];
            slips.push(format!(
                "{} ({language:?}, case {place}): {}\nended with {code}, printed {out:?}\n{err}\n{}",
                case.name,
                own.join("\n  "),
                texts[place],
            ));
        }
    }
    slips
}

/// Agents with models of their own ask for one that says which case they are in.
fn with_models(pipeline: &Pipeline, vendor: &str, place: usize) -> Pipeline {
    let agents = pipeline.agents().iter().map(|agent| {
        let model = agent.model.as_ref().map(|own| format!("{vendor}-{place}-{own}"));
        Agent { model, ..agent.clone() }
    });
    Pipeline::new(pipeline.inputs().to_vec(), agents.collect()).unwrap()
}

/// What is not as it should be.
fn slips_of(
    language: Language,
    place: usize,
    case: &Case,
    expected: &Expected,
    did: &Did,
    log: &[Note],
) -> Vec<String> {
    let mut slips = Vec::new();
    let mut slip = |wrong: bool, what: String| {
        if wrong {
            slips.push(what);
        }
    };
    let came: Vec<&Note> = log.iter().filter(|note| note.case == Some(place as i64)).collect();
    slip(expected.succeeds != (did.code == 0), format!("succeeds: {}", expected.succeeds));
    if expected.succeeds {
        let as_printed = did.out.replace("\r\n", "\n");
        slip(as_printed != expected.printed, format!("should have printed {:?}", expected.printed));
    }
    // In an order of its own, a failure may come before or after what the engine has asked by then.
    let by_chance = !expected.ordered && !expected.succeeds;
    for note in &came {
        let asked = format!("asked {:?} {:?}", note.system, note.user);
        let Some(call) = note.call else {
            slip(true, format!("{asked}, which the engine does not"));
            continue;
        };
        let call = &expected.calls[call];
        let agent = &case.pipeline.agents()[call.agent];
        slip(!note.early.is_empty(), format!("{asked} before {:?} was answered", note.early));
        slip(note.in_flight > expected.width, format!("{asked} as call {}", note.in_flight));
        slip(!note.key.ends_with("none-key"), format!("{asked} with the key {:?}", note.key));
        slip(note.temperature != case.temperature, format!("{asked} at {:?}", note.temperature));
        let own = agent.model.as_ref();
        slip(own.is_some_and(|own| *own != note.model), format!("{asked} of {}", note.model));
        slip(!has_message(language, note, call, case), format!("{asked}: not its message"));
        let pictures = usize::from(agent.sees());
        slip(note.pictures != pictures, format!("{asked} with {} pictures", note.pictures));
        let google = matches!(language, Language::Adk | Language::Adk2);
        let searches = usize::from(agent.searches());
        slip(google && note.tools.len() != searches, format!("{asked} {:?}", note.tools));
        let at = |of: &dyn Fn(&Note) -> Option<usize>| log.iter().any(|other| of(other) == note.at);
        slip(at(&|other| other.stuck), format!("{asked}: waits for what never came"));
        slip(
            call.hangs != at(&|other| other.aborted),
            format!("{asked}: dropped: {}", !call.hangs),
        );
    }
    for (id, call) in expected.calls.iter().enumerate() {
        let times = came.iter().filter(|note| note.call == Some(id)).count();
        let what = format!("asked {times} times: {:?} {:?}", call.system, call.user);
        slip(times != call.times() as usize && !(by_chance && times == 0), what);
    }
    slips
}

/// ADK's messages are its own: the reader's own first, and in ADK 2 what the one node before has said.
fn has_message(language: Language, note: &Note, call: &crate::expect::Call, case: &Case) -> bool {
    let needs = case.pipeline.needs(call.agent);
    match language {
        Language::Adk => note.user[0] == "tides",
        Language::Adk2 if needs.is_empty() && case.schedule.width.get() > 1 => {
            note.user == ["tides"]
        }
        Language::Adk2 => !note.user.is_empty(),
        _ => note.user == [call.user.as_str()],
    }
}
