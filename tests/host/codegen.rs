//! Generated programs: what they say, which of their lines wait when, and what Python and
//! Node make of them.

mod conditions;
mod golden;
mod means;
mod runtimes;

use std::num::NonZeroU32;

use converge::codegen::{
    Endpoint, Form, Language, Plan, Program, inks, lit, program, python_literal,
};
use converge::engine::{OnFailure, Retry, Schedule, Timeouts};
use converge::llm::ProviderId;
use converge::pipeline::Pipeline;
use converge::presets::topic_key;
use converge::simulate::Script;
use converge::state::State;
use converge::timeline::Timeline;
use proptest::prelude::*;

use crate::fixtures::{at_ms, cases, faulty_cases, hostile, ms, pipeline, run, widths};

fn written(form: Form, pipeline: &Pipeline, schedule: Schedule) -> Program {
    written_in(Language::Asyncio, form, pipeline, schedule)
}

fn endpoint() -> Endpoint {
    Endpoint { provider: ProviderId::OpenAi, model: "m".into(), base_url: None, temperature: None }
}

fn tides() -> State {
    let mut inputs = State::new();
    inputs.set(topic_key(), "tides");
    inputs
}

fn written_in(language: Language, form: Form, pipeline: &Pipeline, schedule: Schedule) -> Program {
    let (endpoint, inputs) = (endpoint(), tides());
    program(language, form, &Plan { pipeline, inputs: &inputs, schedule, endpoint: &endpoint })
}

/// What stands in `main`, after the inputs.
fn body(program: &Program) -> String {
    let text = program.text();
    let (_, main) = text.split_once("    topic = \"tides\"\n").unwrap();
    main.replace("\n\n\nasyncio.run(main())\n", "").trim_matches('\n').to_owned()
}

fn check(form: Form, (pipeline, _): &(Pipeline, Vec<Script>), expected: &str) {
    let program = written(form, pipeline, Schedule::parallel());
    assert_eq!(body(&program), expected.trim_matches('\n'));
}

fn fan_in() -> (Pipeline, Vec<Script>) {
    pipeline(&[("a", &["topic"], 200), ("b", &["topic"], 300), ("end", &["a", "b"], 100)])
}

#[test]
fn sequential_awaits() {
    check(
        Form::Sequential,
        &fan_in(),
        r#"
    # Each await ends before the next line begins, needed or not.

    a = await run_query(
        "",
        f"{topic}",
    )

    b = await run_query(
        "",
        f"{topic}",
    )

    end = await run_query(
        "",
        f"{a} {b}",
    )

    print(end)"#,
    );
}

#[test]
fn a_gather_for_the_branches() {
    check(
        Form::Parallel,
        &fan_in(),
        r#"
    # gather starts all of these and waits for the slowest.
    # When one fails, gather raises at once but cancels nothing: the rest
    # stop because main() ends, and asyncio.run() then cancels them.
    # asyncio.TaskGroup (Python 3.11) would cancel them itself.
    a, b = await asyncio.gather(
        run_query(
            "",
            f"{topic}",
        ),
        run_query(
            "",
            f"{topic}",
        ),
    )

    end = await run_query(
        "",
        f"{a} {b}",
    )

    print(end)"#,
    );
}

#[test]
fn tasks_where_a_gather_would_wait_too_long() {
    let uneven = pipeline(&[("a", &[], 200), ("b", &[], 300), ("c", &["a"], 100)]);
    let program = written(Form::Parallel, &uneven.0, Schedule::parallel());
    let body = body(&program);
    assert!(body.contains("f\"{await a}\","), "{body}");
    assert!(body.contains("    c = asyncio.create_task(ask_c())\n"), "{body}");
    assert!(body.contains("    await asyncio.gather(\n        a, b, c,\n    )\n"), "{body}");
}

#[test]
fn an_agent_asks_its_own_model() {
    let (pipeline, _) = fan_in();
    let mut agents = pipeline.agents().to_vec();
    agents[0].model = Some("own".into());
    let pipeline = Pipeline::new(vec![topic_key()], agents).unwrap();
    for (language, argument, others) in [
        (Language::Asyncio, "model=\"own\",\n", "(instruction, prompt, model=MODEL):\n"),
        (Language::Js, "            \"own\",\n", "(instruction, prompt, model = MODEL) {\n"),
    ] {
        let program = written_in(language, Form::Parallel, &pipeline, Schedule::parallel());
        let text = program.text();
        assert_eq!(text.matches(argument).count(), 1, "{text}");
        assert!(text.contains(others), "{text}");
    }
}

/// The lines that wait at that moment of the run, as a reader sees them.
fn waiting(form: Form, millis: u64) -> Vec<String> {
    let (pipeline, scripts) = fan_in();
    let schedule = match form {
        Form::Sequential => Schedule::sequential(),
        Form::Parallel => Schedule::parallel(),
    };
    let trace = run(&pipeline, &scripts, schedule).trace;
    let program = written(form, &pipeline, schedule);
    let timeline = Timeline::at(&trace, 3, at_ms(millis));
    let lines = program.lines.iter().zip(lit(&program, &timeline));
    let lit = lines.filter(|(_, lit)| *lit);
    lit.map(|(line, _)| format!("{} {:?}", line.text.trim(), line.agents)).collect()
}

#[test]
fn the_awaiting_line_is_lit() {
    let a = ["a = await run_query( [0]"];
    let b = ["b = await run_query( [1]"];
    let end = ["end = await run_query( [2]"];
    assert_eq!(waiting(Form::Sequential, 0), a);
    assert_eq!(waiting(Form::Sequential, 199), a);
    assert_eq!(waiting(Form::Sequential, 200), b);
    assert_eq!(waiting(Form::Sequential, 599), end);
    assert!(waiting(Form::Sequential, 600).is_empty());

    let gather = "a, b = await asyncio.gather( [0, 1]";
    assert_eq!(waiting(Form::Parallel, 0), [gather, "run_query( [0]", "run_query( [1]"]);
    assert_eq!(waiting(Form::Parallel, 200), [gather, "run_query( [1]"]);
    assert_eq!(waiting(Form::Parallel, 300), end);
    assert!(waiting(Form::Parallel, 400).is_empty());
}

#[test]
fn settings_are_in_the_program_and_no_key_is() {
    let (pipeline, _) = fan_in();
    let endpoint = Endpoint {
        provider: ProviderId::OpenAi,
        model: "a \"model\"".into(),
        base_url: Some("http://localhost:1234/v1".into()),
        temperature: Some(0.7),
    };
    let schedule = Schedule { on_failure: OnFailure::Collect, ..crate::fixtures::width(3) };
    let plan = Plan { pipeline: &pipeline, inputs: &State::new(), schedule, endpoint: &endpoint };
    let text = program(Language::Asyncio, Form::Parallel, &plan).text();
    for part in [
        "MODEL = \"a \\\"model\\\"\"\n",
        "base_url=\"http://localhost:1234/v1\",\n",
        "api_key=os.environ[\"OPENAI_API_KEY\"],\n",
        "temperature=0.7,\n",
        "limit = asyncio.Semaphore(3)",
        "        return_exceptions=True,\n    )\n",
        "f\"{given(a, 'a')} {given(b, 'b')}\",\n",
        "    topic = \"\"\n",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    let alone = program(Language::Asyncio, Form::Sequential, &plan).text();
    assert!(!alone.contains("Semaphore"), "one at a time needs no limit");
    assert!(alone.contains("a = await attempt(\n"), "{alone}");
}

/// What a schedule says beside its width, in each language's words.
#[test]
fn attempts_and_timeouts_are_in_the_program() {
    let (pipeline, _) = fan_in();
    let schedule = Schedule {
        timeouts: Timeouts {
            first: Some(ms(20_500)),
            between: Some(ms(5_000)),
            run: Some(ms(90_000)),
        },
        retry: Retry::up_to(NonZeroU32::new(4).unwrap()),
        ..Schedule::parallel()
    };
    let client = ["timeout=20.5,", "max_retries=3,", "asyncio.wait_for(main(), timeout=90)"];
    let google = ["HttpOptions(timeout=20500)", "attempts=4", "wait_for(main(), timeout=90)"];
    for (language, parts) in [
        (Language::Asyncio, client),
        (Language::LangChain, ["timeout=20.5,", "max_retries=3,", "wait_for(run(), timeout=90)"]),
        (Language::LangGraph, client),
        (Language::Adk, google),
        (Language::Adk2, google),
        (Language::Js, ["AbortSignal.timeout(20500)", "attempt === 4", "(reject, 90000,"]),
        (Language::Rust, ["(20.5_f64)", "1..=4 {", "from_secs_f64(90_f64)"]),
        (
            Language::RustEngine,
            [
                "first: Some(Duration::from_millis(20500))",
                "NonZeroU32::new(4)",
                "from_millis(90000)",
            ],
        ),
    ] {
        let text = written_in(language, Form::Parallel, &pipeline, schedule).text();
        for part in parts {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }
}

/// Whoever answers is asked in a format that the program speaks, with the key where its vendor says.
#[test]
fn programs_ask_whom_the_page_asks() {
    let (pipeline, _) = fan_in();
    let text = |language, provider: ProviderId| {
        let model = provider.model().into();
        let endpoint = Endpoint { provider, model, base_url: None, temperature: None };
        let (inputs, schedule) = (State::new(), Schedule::parallel());
        let plan = Plan { pipeline: &pipeline, inputs: &inputs, schedule, endpoint: &endpoint };
        program(language, Form::Parallel, &plan).text()
    };
    let groq = text(Language::Asyncio, ProviderId::Groq);
    assert!(groq.contains("base_url=\"https://api.groq.com/openai/v1\""), "{groq}");
    assert!(groq.contains("os.environ[\"GROQ_API_KEY\"]"), "{groq}");
    let anthropic = text(Language::Js, ProviderId::Anthropic);
    assert!(anthropic.contains("BASE_URL = \"https://api.anthropic.com/v1\""), "{anthropic}");
    assert!(anthropic.contains("env.ANTHROPIC_API_KEY"), "{anthropic}");
    assert!(!text(Language::LangGraph, ProviderId::OpenAi).contains("base_url"));
    assert!(text(Language::RustEngine, ProviderId::Mistral).contains("ProviderId::Mistral;"));
    let other = "The page's model is not one of Gemini's";
    assert!(text(Language::Adk2, ProviderId::OpenAi).contains(other));
    assert!(!text(Language::Adk2, ProviderId::Gemini).contains(other));
}

/// Reads a literal back, the slow and obvious way.
fn unescape(literal: &str) -> String {
    let inside = literal.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
    let mut out = String::new();
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        assert!(c != '"' && !c.is_control(), "{c:?} ends or hides something in {literal}");
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next().unwrap() {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let digits: String = chars.by_ref().take(4).collect();
                char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap()
            }
            c @ ('\\' | '"') => c,
            other => panic!("\\{other} in {literal}"),
        });
    }
    out
}

proptest! {
    #[test]
    fn every_agent_has_one_line_of_its_own(case in cases(), width in widths()) {
        let schedule = Schedule { width, ..Schedule::parallel() };
        // In these nothing but the agent's own line waits for it when one goes after the other.
        let alone = [Language::Asyncio, Language::LangChain, Language::Js, Language::Rust];
        for (language, form) in Language::ALL.iter().flat_map(|l| Form::ALL.map(|f| (*l, f))) {
            let program = written_in(language, form, &case.pipeline, schedule);
            for agent in 0..case.len() {
                let own = program.lines.iter().filter(|line| line.agents == [agent]);
                let own: Vec<_> = own.filter(|line| line.part_of == Some(agent)).collect();
                prop_assert_eq!(own.len(), 1, "{:?} of {}", own, program.text());
                let waits = program.lines.iter().filter(|line| line.agents.contains(&agent));
                let once = form == Form::Sequential && alone.contains(&language);
                prop_assert!(!once || waits.count() == 1);
            }
        }
    }

    /// At every moment, and failures or not.
    #[test]
    fn the_lit_lines_are_those_of_the_running_agents(case in faulty_cases(), width in widths()) {
        let agents = case.len();
        let wide = Schedule { width, ..Schedule::parallel() };
        for (form, schedule) in Form::ALL.into_iter().zip([Schedule::sequential(), wide]) {
            let program = written(form, &case.pipeline, schedule);
            let trace = run(&case.pipeline, &case.scripts, schedule).trace;
            for event in trace.events() {
                let timeline = Timeline::at(&trace, agents, event.at);
                let lit = lit(&program, &timeline);
                for (line, lit) in program.lines.iter().zip(lit) {
                    let running = |agent: &usize| {
                        let lane = &timeline.lanes()[*agent];
                        lane.started.is_some() && lane.ended.is_none()
                    };
                    prop_assert_eq!(lit, line.agents.iter().any(running));
                }
            }
        }
    }

    #[test]
    fn a_literal_reads_back(text in hostile()) {
        let literal = python_literal(&text);
        prop_assert_eq!(unescape(&literal), text);
        prop_assert_eq!(inks(Language::Asyncio, &literal).len(), 1);
        prop_assert_eq!(inks(Language::Js, &literal).len(), 1);
    }

    #[test]
    fn inks_make_up_the_line(text in "\\PC{0,60}") {
        for language in Language::ALL {
            let inks = inks(*language, &text);
            prop_assert_eq!(inks.iter().map(|(_, part)| *part).collect::<String>(), &*text);
        }
    }
}
