//! Programs do what is set, or say what they do instead.

use std::io::Read;

use converge::codegen::{Endpoint, Form, Language, Plan, folder, program};
use converge::engine::{OnFailure, Schedule};
use converge::llm::ProviderId;
use converge::presets::{PresetId, preset};
use converge::state::State;

use super::{endpoint, fan_in, tides, written_in};
use crate::fixtures::width;

#[test]
fn a_program_says_what_it_does_not_do() {
    use Language::{Adk, Adk2, LangChain, LangGraph, Rust};
    let (pipeline, _) = fan_in();
    for on_failure in OnFailure::ALL {
        for language in Language::ALL.iter().copied() {
            for wide in [Schedule::parallel(), width(2)] {
                let limited = wide.width.get() == 2;
                let differs = match on_failure {
                    OnFailure::Cancel => language == LangChain && limited,
                    OnFailure::Leave if language == LangChain => limited,
                    OnFailure::Leave => matches!(language, LangGraph | Adk | Adk2 | Rust),
                    OnFailure::Wait => matches!(language, LangGraph | Adk | Adk2),
                    OnFailure::Collect | OnFailure::Fallback => false,
                };
                let schedule = Schedule { on_failure, ..wide };
                let said = |form| {
                    let text = written_in(language, form, &pipeline, schedule).text();
                    text.contains("Not so this program")
                };
                assert_eq!(said(Form::Parallel), differs, "{language:?} {schedule:?}");
                assert!(!said(Form::Sequential), "nobody else has begun: {language:?}");
            }
        }
    }
}

#[test]
fn a_fallback_is_in_the_program_of_every_language() {
    let (pipeline, _) = fan_in();
    let schedule = Schedule { on_failure: OnFailure::Fallback, ..Schedule::parallel() };
    for language in Language::ALL.iter().copied() {
        for form in Form::ALL {
            let text = written_in(language, form, &pipeline, schedule).text();
            let by_hand = text.contains("No answer from a this time.");
            let by_engine = text.contains("OnFailure::Fallback");
            assert!(by_hand != by_engine && !text.contains("is missing"), "{text}");
        }
    }
}

#[test]
fn a_picture_goes_to_models_that_see_and_in_words_to_others() {
    let preset = preset(PresetId::Multimodal, 3);
    let (inputs, schedule) = (State::new(), Schedule::parallel());
    for language in Language::ALL.iter().copied() {
        for (provider, sees) in [(ProviderId::OpenAi, true), (ProviderId::Chrome, false)] {
            let model = provider.model().into();
            let endpoint = Endpoint { provider, model, base_url: None, temperature: None };
            let pipeline = &preset.pipeline;
            let plan = Plan { pipeline, inputs: &inputs, schedule, endpoint: &endpoint };
            let text = program(language, Form::Parallel, &plan).text();
            assert_eq!(text.contains("\"post.png\""), sees, "{text}");
            assert_eq!(text.contains("[The image shows: a cardboard box"), !sees, "{text}");
        }
    }
}

/// A folder's files, as an unpacker finds them.
fn unpacked(zip: &[u8]) -> Vec<(String, String)> {
    let archive = rawzip::ZipArchive::from_slice(zip).unwrap();
    let mut entries = archive.entries();
    let mut files = Vec::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        let path = entry.file_path().try_normalize().unwrap().as_ref().to_owned();
        let local = archive.get_entry(entry.wayfinder()).unwrap();
        let text = miniz_oxide::inflate::decompress_to_vec(local.data()).unwrap();
        let mut checked = Vec::new();
        local.verifying_reader(text.as_slice()).read_to_end(&mut checked).unwrap();
        files.push((path, String::from_utf8(checked).unwrap()));
    }
    files
}

#[test]
fn a_folder_is_what_its_deployment_tool_takes() {
    let (pipeline, _) = fan_in();
    let (endpoint, inputs) = (endpoint(), tides());
    let schedule = Schedule::parallel();
    let plan = Plan { pipeline: &pipeline, inputs: &inputs, schedule, endpoint: &endpoint };
    for language in Language::ALL.iter().copied() {
        let folder = folder(language, &plan);
        assert_eq!(folder.is_some(), language.has_folder(), "{language:?}");
        let Some(folder) = folder else { continue };
        let files = unpacked(&folder.zip());
        assert_eq!(files.len(), folder.files.len());
        let file = |path: &str| {
            let path = format!("{}/{path}", folder.name);
            &files.iter().find(|(own, _)| *own == path).unwrap_or_else(|| panic!("{path}")).1
        };
        let text = match language {
            Language::LangGraph => {
                let settings: serde_json::Value =
                    serde_json::from_str(file("langgraph.json")).unwrap();
                assert_eq!(settings["graphs"]["pipeline"], "./pipeline.py:graph");
                assert_eq!(file(".env"), "OPENAI_API_KEY=\n");
                let text = file("pipeline.py");
                assert!(text.contains("\ngraph = builder.compile()\n"), "{text}");
                text
            }
            _ => {
                assert_eq!(file("__init__.py"), "from . import agent\n");
                assert_eq!(file(".env"), "GOOGLE_API_KEY=\n");
                let text = file("agent.py");
                assert!(text.contains("\nroot_agent = Workflow("), "{text}");
                assert!(text.contains("\napp = App(name=\"adk_pipeline\","), "{text}");
                text
            }
        };
        assert!(
            text.ends_with("\nif __name__ == \"__main__\":\n    asyncio.run(main())\n"),
            "{text}"
        );
    }
}

#[test]
fn each_language_says_how_far_it_scales_and_how_to_run_it() {
    for language in Language::ALL {
        let told = language.how_to_run();
        assert!(told.starts_with("Scales to ") && told.contains(". To run it: "), "{told}");
        assert_eq!(told.contains("a cluster by the folder"), language.has_folder(), "{told}");
    }
}
