//! The pipeline in the address: short, readable for good, and harmless whoever wrote it.

use converge::config::Settings;
use converge::edit::link::{LinkError, read, write};
use converge::edit::{Command, Draft, Edited, Field, texts};
use converge::presets::{PresetId, preset};
use proptest::prelude::*;
use proptest::sample::select;

use super::company;
use super::random::pipelines;

/// What is on both sides of a link has nothing to do with the bytes between, so a few cases do.
fn few() -> ProptestConfig {
    ProptestConfig::with_cases(48)
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn a_link_gives_the_pipeline_back(edited in pipelines(), preset in select(&PresetId::ALL[..])) {
        let link = write(&edited, preset);
        prop_assert!(link.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)));
        prop_assert_eq!(read(&link), Ok(edited));
    }

    /// One letter changed, or the end missing: it is told, and nothing else comes out.
    #[test]
    fn damage_is_told(at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_-]", cut in any::<bool>()) {
        let link = write(&Edited::new(company()).unwrap(), PresetId::Company);
        let begins = "1company.".len();
        let at = begins + at.index(link.len() - begins);
        let bad = match cut {
            true => link[..at].to_owned(),
            false => format!("{}{letter}{}", &link[..at], &link[at + 1..]),
        };
        if bad != link {
            prop_assert_eq!(read(&bad), Err(LinkError::Damaged));
        }
    }

    #[test]
    fn no_link_does_harm(link in "(1company\\.|1fanout\\.|1|)[A-Za-z0-9_.=%-]{0,80}") {
        prop_assert!(read(&link).is_err());
    }
}

fn damaged(link: &str, error: LinkError) {
    assert_eq!(read(link), Err(error), "{}", &link[..link.len().min(60)]);
}

#[test]
fn what_is_wrong_with_a_link_is_said() {
    damaged("", LinkError::Version);
    damaged("2company.AAAA", LinkError::Version);
    damaged("1compny.AAAA", LinkError::Preset);
    damaged("1company", LinkError::Damaged);
    damaged("1company.", LinkError::Damaged);
    damaged("1company.AAAA", LinkError::Damaged);
    damaged("1company.!!!!", LinkError::Damaged);
    damaged(&format!("1company.{}", "A".repeat(1_000_000)), LinkError::TooLong);
}

/// A link to something that is no pipeline can be made by hand: it runs no more than a typed one.
#[test]
fn a_link_to_nonsense_falls_back() {
    let address = "#p=1company.AAAAAAAA&topic=Tides";
    let (settings, notes) = Settings::read("", address);
    assert_eq!(settings, Settings { topic: Some("Tides".into()), ..Settings::default() });
    assert_eq!(
        notes,
        ["The pipeline in this link is damaged or cut short: the preset is shown instead."]
    );
}

#[test]
fn one_edit_is_a_short_link() {
    let fields = Field::ALL.map(|field| (0..5).map(move |id| (id, field)));
    for (id, field) in fields.into_iter().flatten() {
        let mut draft = Draft::new(company());
        let text = draft.text(id).unwrap().get(field).to_owned();
        let text = match field {
            Field::Latency => "2.75".into(),
            Field::Name | Field::Key => format!("{text}_renamed"),
            _ => format!(
                "{text} Say how sure you are, and name the two sources that you trust most."
            ),
        };
        draft.apply(&Command::Write(id, field, text));
        let settings = Settings { edited: draft.edited(), ..Settings::default() };
        let length = settings.fragment().len();
        assert!(length < 200, "{field:?} of {id}: {length} characters");
    }
}

/// Twelve agents of some 150 words each, in the words of people: the article's own scenarios.
#[test]
fn twelve_long_agents_are_a_link_that_can_be_sent() {
    let all = PresetId::ALL.into_iter().filter(|id| *id != PresetId::Company);
    let words: Vec<String> = all
        .flat_map(|id| texts(&preset(id, 1)))
        .flat_map(|agent| {
            [Field::Instruction, Field::Prompt, Field::Answer].map(|f| agent.get(f).to_owned())
        })
        .collect();
    let words = words.join(" ").replace(['{', '}'], "");
    let chars: Vec<char> = words.chars().collect();
    let mut draft = Draft::new(company());
    for _ in 5..12 {
        draft.apply(&Command::Add);
    }
    let share = chars.len() / 12;
    for (id, text) in (0..12).zip(chars.chunks(share)) {
        let text: String = text.iter().collect();
        draft.apply(&Command::Write(id, Field::Prompt, format!("{text} {{topic}}")));
    }
    let settings = Settings { edited: draft.edited(), ..Settings::default() };
    let (typed, length) = (words.len(), settings.fragment().len());
    assert!(typed > 9_000 && length < 8_000, "{typed} characters make {length}");
}

/// Links that were given away have to be read by every later page. When one of these fails, do not
/// change it: keep what it was made with, and give the new form a new version.
#[test]
fn links_that_were_given_away_are_read() {
    let check = |commands: &[Command], preset_id: PresetId, link: &str| {
        let mut draft = Draft::new(texts(&preset(preset_id, 3)));
        commands.iter().for_each(|command| draft.apply(command));
        let edited = draft.edited().unwrap();
        assert_eq!(
            read(link).as_ref(),
            Ok(&edited),
            "now it would be {}",
            write(&edited, preset_id)
        );
    };
    let all = [
        "1company.ixgXFQbuGU_Xt3w",
        "1researchers.u7N6nQdyi2l3zFg",
        "1topic.XFzWbQSEDolTcEo",
        "1feedback.EKQCIQWPF6WF4c4",
        "1travel.3jEMvQYBFNa7goU",
        "1email.1hpo9QVAB0yJb-Q",
        "1validation.7T3PqwWTAToP0OxK",
        "1multimodal.erd_VQOsBLjpJg",
        "1headlines.hu7H1QOVBIgudg",
        "1fanout.lcYjOwLrBhPYbA",
    ];
    for (id, link) in PresetId::ALL.into_iter().zip(all) {
        // They were given away before agents could see.
        let blind: Vec<Command> = (0..5).map(|id| Command::Sees(id, false)).collect();
        check(&blind, id, link);
    }
    let sure = "{topic}? Say how sure you are: {stock}";
    check(
        &[Command::Write(0, Field::Prompt, sure.into())],
        PresetId::Company,
        "1company.NmRYDAbiGU_XtX6rnjar80GMKIWRRHoD5WttDReO",
    );
    let much = [
        Command::Add,
        Command::Need(4, 5),
        Command::Need(5, 0),
        Command::Remove(2),
        Command::Up(5),
        Command::Search(5, true),
        Command::Work(3, converge::pipeline::Work::PassThrough),
        Command::Write(5, Field::Model, "gpt-5-mini".into()),
        Command::Write(5, Field::Name, "Prüferin 🔍".into()),
    ];
    check(
        &much,
        PresetId::Company,
        "1company.JiBMDQZFGU_Xt4PE9CZPFfxuZtpcX28P2NNcPf76KWXJQPetfbTU1Fmc2Jsh8NZJDUbpDheqWYmUsQ-Cpzo6Mrkqyx1-CmrvefK-5N2R2zJZel5FP2qQQ8q4BsKErxjQ-PA",
    );
}
