//! Every program of every preset as it is printed, in `golden/`: a change of a word is seen in
//! review. `CONVERGE_GOLDEN=write` writes them anew.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use converge::codegen::{Endpoint, Form, Language, Plan, program};
use converge::engine::{Hedge, Late, OnFailure, Quorum, Schedule};
use converge::llm::ProviderId;
use converge::pipeline::{Agent, Pipeline};
use converge::presets::{PresetId, preset, topic_key};
use converge::state::State;
use converge::template::Template;

use crate::fixtures::agent;

/// What any language could trip over.
const ODD: &str = "{topic} {{a}} ${a} #{a} `a` \"q\" 'q' \"\"\" \\n \\ %s </script> 🎉\u{202e}\nprint(1)\r\t*/ //";

/// Such texts in every place, with agents that do not come in even levels.
fn odd_text() -> Pipeline {
    let escaped = ODD.replace('{', "{{").replace('}', "}}");
    let odd = |name: &str, reads: &str, key: &str| {
        let instruction = Template::new(&format!("{name}: {escaped}"));
        Agent { instruction, ..agent(name, &format!("{reads} {escaped}"), key) }
    };
    let agents = vec![
        odd("a", "{topic}", "class"),
        odd("b\n\"", "{topic} {topic?}", "größe"),
        odd("late", "{class}", "ask_class"),
        odd("end", "{class} {größe} {ask_class}", "end"),
    ];
    Pipeline::new(vec![topic_key()], agents).unwrap()
}

/// With second calls, and joins that three answers are enough for.
fn early_joins(schedule: Schedule) -> Schedule {
    let answers = NonZeroUsize::new(3).unwrap();
    let hedge = Some(Hedge { after: Duration::from_millis(1500), agent: None });
    let quorum = Some(Quorum { answers, join: None, late: Late::Cancel });
    Schedule { hedge, quorum, ..schedule }
}

#[test]
fn programs_of_the_presets() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/host/codegen/golden");
    let write = std::env::var("CONVERGE_GOLDEN").is_ok_and(|word| word == "write");
    let endpoint = Endpoint {
        provider: ProviderId::OpenAi,
        model: "gpt-6-luna".into(),
        base_url: None,
        temperature: None,
    };
    for language in Language::ALL {
        let presets = PresetId::ALL.into_iter().map(|id| {
            let preset = preset(id, 3);
            (id.id(), preset.pipeline, preset.topic, id.on_failure())
        });
        let odd = ("odd-text", odd_text(), ODD, OnFailure::Cancel);
        let policies = [
            ("company-leave", OnFailure::Leave),
            ("company-wait", OnFailure::Wait),
            ("company-fallback", OnFailure::Fallback),
        ];
        let policies = policies.map(|(id, on_failure)| {
            let preset = preset(PresetId::Company, 3);
            (id, preset.pipeline, preset.topic, on_failure)
        });
        let cancel = OnFailure::Cancel;
        let company = preset(PresetId::Company, 3);
        let early = ("company-early", company.pipeline, company.topic, cancel);
        for (id, pipeline, topic, on_failure) in presets.chain([odd, early]).chain(policies) {
            let mut inputs = State::new();
            inputs.set(topic_key(), topic);
            for (form, word) in Form::ALL.into_iter().zip(["sequential", "parallel"]) {
                let schedule = match form {
                    Form::Sequential => Schedule::sequential(),
                    Form::Parallel => Schedule::parallel(),
                };
                let schedule = Schedule { on_failure, ..schedule };
                let schedule = if id == "company-early" { early_joins(schedule) } else { schedule };
                let plan =
                    Plan { pipeline: &pipeline, inputs: &inputs, schedule, endpoint: &endpoint };
                let text = program(*language, form, &plan).text();
                let file = folder.join(format!("{}-{}-{word}.txt", language.as_str(), id));
                if write {
                    fs::create_dir_all(&folder).unwrap();
                    fs::write(&file, &text).unwrap();
                }
                let golden = fs::read_to_string(&file).unwrap_or_default();
                assert_eq!(text, golden, "{}: CONVERGE_GOLDEN=write", file.display());
            }
        }
    }
}
