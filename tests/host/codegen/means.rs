//! Programs do what is set, or say what they do instead.

use converge::codegen::{Endpoint, Form, Language, Plan, program};
use converge::engine::{OnFailure, Schedule};
use converge::llm::ProviderId;
use converge::presets::{PresetId, preset};
use converge::state::State;

use super::{fan_in, written_in};
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
