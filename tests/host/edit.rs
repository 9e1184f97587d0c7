//! Editing by hand: commands and undo, what is wrong at which field, and the link that holds it all.

mod check;
mod cost;
mod link;
pub mod random;
mod version_1;
mod why;

use converge::config::Settings;
use converge::edit::{AgentText, Command, Draft, Edited, Editor, Field, texts};
use converge::presets::{PresetId, preset};
use proptest::prelude::*;

use self::random::{agents, commands};

/// The company's agents: news, stock, social, internal and synthesis, with ids from 0.
pub fn company() -> Vec<AgentText> {
    texts(&preset(PresetId::Company, 1))
}

fn write(id: u32, field: Field, text: &str) -> Command {
    Command::Write(id, field, text.into())
}

/// The names, and who needs whom, of a draft that is a pipeline.
fn shape(draft: &Draft) -> Vec<(String, Vec<String>)> {
    let (pipeline, _) = draft.edited().expect("it is a pipeline").build().unwrap();
    let name = |agent: &usize| pipeline.agents()[*agent].name.clone();
    let agents = 0..pipeline.agents().len();
    agents.map(|a| (name(&a), pipeline.needs(a).iter().map(name).collect())).collect()
}

fn field(draft: &Draft, id: u32, field: Field) -> String {
    draft.text(id).unwrap().get(field).to_owned()
}

proptest! {
    /// Undo after anything gives the state before, step by step, and redo the state after.
    #[test]
    fn undo_gives_what_was_before(commands in proptest::collection::vec(commands(), 0..24)) {
        let mut editor = Editor::new(company());
        let mut states = vec![editor.draft().clone()];
        for command in &commands {
            editor.leave_field();
            editor.apply(command);
            if states.last() != Some(editor.draft()) {
                states.push(editor.draft().clone());
            }
        }
        let last = states.len() - 1;
        for state in states[..last].iter().rev() {
            prop_assert!(editor.can_undo());
            editor.undo();
            prop_assert_eq!(editor.draft(), state);
        }
        prop_assert!(!editor.can_undo());
        for state in &states[1..] {
            prop_assert!(editor.can_redo());
            editor.redo();
            prop_assert_eq!(editor.draft(), state);
        }
        prop_assert!(!editor.can_redo());
    }

    /// Typing on is one step, whatever it is: undoing everything gives the beginning all the same.
    #[test]
    fn everything_can_be_undone(commands in proptest::collection::vec(commands(), 0..24)) {
        let mut editor = Editor::new(company());
        let begun = editor.draft().clone();
        for command in &commands {
            editor.apply(command);
        }
        while editor.can_undo() {
            editor.undo();
        }
        prop_assert_eq!(editor.draft(), &begun);
    }

    /// No text panics, and what has no problem runs.
    #[test]
    fn what_is_right_is_a_pipeline(agents in agents()) {
        match Edited::new(agents.clone()) {
            Ok(edited) => {
                let (pipeline, scripts) = edited.build().unwrap();
                prop_assert_eq!(pipeline.agents().len(), agents.len());
                prop_assert_eq!(scripts.len(), agents.len());
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    prop_assert!(problem.at.is_none_or(|(place, _)| place < agents.len()));
                    prop_assert!(!problem.says.is_empty());
                }
            }
        }
    }

    /// A dependency that is switched on and off leaves no trace.
    #[test]
    fn a_need_comes_and_goes(reader in 0..5_u32, writer in 0..5_u32) {
        let mut draft = Draft::new(company());
        let before = draft.clone();
        let needed = draft.needs(reader, writer);
        draft.apply(&Command::Need(reader, writer));
        prop_assert_eq!(draft.needs(reader, writer), !needed && reader != writer);
        draft.apply(&Command::Need(reader, writer));
        if !needed {
            prop_assert_eq!(draft, before);
        }
    }
}

#[test]
fn every_preset_can_be_edited_as_it_is() {
    for id in PresetId::ALL {
        let preset = preset(id, 3);
        let edited = Edited::new(texts(&preset)).unwrap();
        assert!(edited.is_like(&preset));
        let built = edited.replace(preset.clone());
        assert_eq!(
            (built.pipeline, built.scripts),
            (preset.pipeline, preset.scripts),
            "{}",
            id.id()
        );
    }
}

#[test]
fn a_key_in_a_prompt_makes_an_edge() {
    let mut draft = Draft::new(company());
    let asked = field(&draft, 0, Field::Prompt);
    draft.apply(&write(0, Field::Prompt, &format!("{asked} Mind {{stock}}.")));
    assert_eq!(shape(&draft)[0], ("news".into(), vec!["stock".into()]));
    draft.apply(&write(0, Field::Prompt, &asked));
    assert_eq!(draft, Draft::new(company()));
}

#[test]
fn a_new_key_is_written_into_the_prompts_that_read_it() {
    let mut editor = Editor::new(company());
    // Letter by letter, over nothing and over a key that another one has.
    for typed in ["stoc", "", "n", "ne", "new", "news", "news_", "news_2"] {
        editor.apply(&write(1, Field::Key, typed));
        let reads = field(editor.draft(), 4, Field::Prompt);
        assert!(reads.contains("News: {news}\n"), "{typed}: {reads}");
    }
    let draft = editor.draft();
    assert!(field(draft, 4, Field::Prompt).contains("Stock: {news_2}\n"));
    assert!(field(draft, 4, Field::Answer).contains("**Stock.** {news_2}\n"));
    assert_eq!(shape(draft)[4].1, ["news", "stock", "social", "internal"]);
    while editor.can_undo() {
        editor.undo();
    }
    assert_eq!(*editor.draft(), Draft::new(company()));
}

#[test]
fn a_removed_agent_is_read_no_more() {
    let mut draft = Draft::new(company());
    draft.apply(&Command::Remove(2));
    assert_eq!(
        shape(&draft)[3],
        ("synthesis".into(), vec!["news".into(), "stock".into(), "internal".into()])
    );
    assert!(field(&draft, 4, Field::Prompt).contains("Social: \n"));
}

#[test]
fn agents_are_added_and_moved() {
    let mut draft = Draft::new(company());
    draft.apply(&Command::Add);
    draft.apply(&Command::Need(4, 5));
    draft.apply(&Command::Up(5));
    draft.apply(&Command::Down(0));
    draft.apply(&Command::Up(1));
    let names: Vec<String> = shape(&draft).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["stock", "news", "social", "internal", "agent6", "synthesis"]);
    for _ in 0..20 {
        draft.apply(&Command::Add);
    }
    assert_eq!(shape(&draft).len(), 12);
}

#[test]
fn waiting_goes_through_others() {
    let mut draft = Draft::new(company());
    draft.apply(&Command::Need(1, 0));
    assert!(draft.waits_for(4, 0) && draft.waits_for(1, 0) && !draft.waits_for(0, 1));
    draft.apply(&Command::Need(2, 1));
    assert!(draft.waits_for(2, 0) && !draft.waits_for(0, 0));
}

#[test]
fn a_word_is_a_step() {
    let mut editor = Editor::new(company());
    let typed = "Tell me all.";
    for length in 1..=typed.len() {
        editor.apply(&write(0, Field::Prompt, &typed[..length]));
    }
    let mut seen = Vec::new();
    while editor.can_undo() {
        editor.undo();
        seen.push(field(editor.draft(), 0, Field::Prompt));
    }
    assert_eq!(seen[..2], ["Tell me ", "Tell "]);
    assert_eq!(seen.len(), 3);
    // Leaving the field ends the step.
    editor.apply(&write(0, Field::Name, "a"));
    editor.leave_field();
    editor.apply(&write(0, Field::Name, "ab"));
    editor.undo();
    assert_eq!(field(editor.draft(), 0, Field::Name), "a");
}

/// What is set for agents by name goes on being theirs.
#[test]
fn settings_follow_a_new_name() {
    let address = "fail=stock:500,news:hang&latency=stock:2,*:1&block=stock,all";
    let (mut settings, _) = Settings::read("", address);
    let mut editor = Editor::new(company());
    editor.apply(&write(1, Field::Name, "shares"));
    editor.apply(&Command::Remove(0));
    let (edited, renamed) = editor.settle().unwrap();
    settings.edit(Some(edited), &renamed);
    let (experiment, notes) = settings.experiment();
    assert_eq!(notes, Vec::<String>::new());
    let shares = experiment.preset.pipeline.find("shares").unwrap();
    assert!(experiment.scripts[shares].fault.is_some() && experiment.scripts[shares].blocking);
    assert!(settings.fail.len() == 1 && settings.block == ["shares", "all"]);
    assert_eq!(editor.settle().unwrap().1, []);
    // Also when the preset comes back: who has a name there keeps what is set for it.
    editor.apply(&Command::Reset(company()));
    let (_, renamed) = editor.settle().unwrap();
    assert_eq!(renamed, [("shares".into(), None)]);
}

#[test]
fn a_latency_set_elsewhere_is_no_step() {
    let mut editor = Editor::new(company());
    editor.take("news", Field::Latency, "2.5");
    assert!(!editor.can_undo());
    assert_eq!(field(editor.draft(), 0, Field::Latency), "2.5");
}

/// The title is about the agents that it has; the topic is the preset's.
#[test]
fn an_edited_pipeline_has_a_title_of_its_own() {
    let mut draft = Draft::new(company());
    draft.apply(&Command::Remove(2));
    let (preset, edited) = (PresetId::Company, draft.edited());
    let settings = Settings { preset, edited, ..Settings::default() };
    let preset = settings.experiment().0.preset;
    assert_eq!(preset.title, "An edited pipeline of 4 agents");
    assert_eq!(preset.topic, "Lumen Robotics");
}
