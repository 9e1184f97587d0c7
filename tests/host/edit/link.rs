//! The pipeline in the address: short, readable for good, and harmless whoever wrote it.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use converge::config::Settings;
use converge::edit::link::{LinkError, read, write};
use converge::edit::{Command, Draft, Edited, Field, texts};
use converge::presets::{PresetId, preset};
use miniz_oxide::deflate::compress_to_vec_zlib;
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
        prop_assert!(link.starts_with('2'));
        prop_assert_eq!(read(&link), Ok((preset, edited)));
    }

    /// One letter changed, or the end missing: it is told, and nothing else comes out.
    #[test]
    fn damage_is_told(
        of in select(&[OLD, NEW][..]),
        at in any::<prop::sample::Index>(),
        letter in "[A-Za-z0-9_-]",
        cut in any::<bool>(),
    ) {
        let begins = "1company.".len();
        let at = begins + at.index(of.len() - begins);
        let bad = match cut {
            true => of[..at].to_owned(),
            false => format!("{}{letter}{}", &of[..at], &of[at + 1..]),
        };
        // A few bits of the compressed text, before its checksum, mean nothing.
        if read(&bad) != read(of) {
            prop_assert_eq!(read(&bad), Err(LinkError::Damaged));
        }
    }

    #[test]
    fn no_link_does_harm(link in "([12]company\\.|[12]fanout\\.|[12]|)[A-Za-z0-9_.=%-]{0,80}") {
        prop_assert!(read(&link).is_err());
    }

    /// Any JSON that a link could hold, and any text at all in its place.
    #[test]
    fn nothing_in_a_link_does_harm(
        json in prop_oneof![
            "\\PC{0,200}",
            "(\\{\"of\":[0-9]{1,20},\"texts\":\\{\"(key|name|x)\":\\[[0-9]{1,20},[0-9]{1,20},\"é\"\\]\\}\\},){0,9}"
                .prop_map(|agents| {
                    format!("{{\"base\":{BASE},\"agents\":[{}]}}", agents.trim_end_matches(','))
                }),
        ],
    ) {
        let _ = read(&link_of(json.as_bytes()));
    }
}

/// An edit of the company, as each version holds it.
const OLD: &str = "1company.NmRYDAbiGU_XtX6rnjar80GMKIWRRHoD5WttDReO";
const NEW: &str = "2company.eNo1zMsKwjAQheFXGWadRWqCxWx8CJfSRSzjBdEJyZRawry7LSW7j__AqXiLhTB4647dybu-Nxgf9JWC4VqR7xisQaHfFiqmzJ8k62TNmqtweo16hktc4MkzlCkTLDxBzBSgFuHxrTiomv2qazg0uAavg_4BOD4tDA";

/// The checksum of the company's texts.
const BASE: u32 = 1_864_294_840;

/// A link of version 2 that holds these bytes.
fn link_of(json: &[u8]) -> String {
    format!("2company.{}", BASE64_URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(json, 10)))
}

/// A few kilobytes can hold gigabytes of one letter, or name very many agents.
#[test]
fn a_small_link_makes_little_work() {
    let letters = format!("{{\"base\":{BASE},\"agents\":[]}}{}", " ".repeat(60_000_000));
    let link = link_of(letters.as_bytes());
    assert!(link.len() < 90_000, "{}", link.len());
    damaged(&link, LinkError::Damaged);
    let agents = format!("{{\"base\":{BASE},\"agents\":[{{}}{}]}}", ",{}".repeat(100_000));
    let refused = read(&link_of(agents.as_bytes()));
    assert!(matches!(refused, Err(LinkError::NoPipeline(_))), "{refused:?}");
}

/// What a link says can be read without this page, and does not refer to more than there is.
#[test]
fn a_link_is_json_of_what_differs() {
    let holds = |agents: &str| {
        read(&link_of(format!("{{\"base\":{BASE},\"agents\":{agents}}}").as_bytes()))
    };
    let all = r#"{"of":0},{"of":1},{"of":2},{"of":3}"#;
    let mut agents = company();
    let ok = |agents| Ok((PresetId::Company, Edited::new(agents).unwrap()));
    assert_eq!(holds(&format!(r#"[{all},{{"of":4}}]"#)), ok(agents.clone()));
    agents[4].set(Field::Name, "syntheses");
    agents[4].search = true;
    assert_eq!(
        holds(&format!(r#"[{all},{{"of":4,"texts":{{"name":[7,1,"e"]}},"search":true}}]"#)),
        ok(agents)
    );
    for wrong in [
        r#"[{"of":5}]"#,
        r#"[{"of":0,"texts":{"name":[5,0,""]}}]"#,
        r#"[{"of":0,"texts":{"name":[3,2,""]}}]"#,
        r#"[{"of":0,"texts":{"key_":[0,0,""]}}]"#,
        r#"[{"of":0,"color":"red"}]"#,
        r#"{}"#,
    ] {
        assert_eq!(holds(wrong), Err(LinkError::Damaged), "{wrong}");
    }
    damaged(&link_of(br#"{"base":1,"agents":[]}"#), LinkError::Preset);
}

fn damaged(link: &str, error: LinkError) {
    assert_eq!(read(link), Err(error), "{}", &link[..link.len().min(60)]);
}

#[test]
fn what_is_wrong_with_a_link_is_said() {
    damaged("", LinkError::Version);
    damaged("3company.AAAA", LinkError::Version);
    damaged("é", LinkError::Version);
    for version in [1, 2] {
        damaged(&format!("{version}compny.AAAA"), LinkError::Preset);
        damaged(&format!("{version}company"), LinkError::Damaged);
        damaged(&format!("{version}company."), LinkError::Damaged);
        damaged(&format!("{version}company.AAAA"), LinkError::Damaged);
        damaged(&format!("{version}company.!!!!"), LinkError::Damaged);
        damaged(&format!("{version}company.{}", "A".repeat(1_000_000)), LinkError::TooLong);
    }
}

/// A link to something that is no pipeline can be made by hand: it runs no more than a typed one.
#[test]
fn a_link_to_nonsense_falls_back() {
    let address = "#p=1company.AAAAAAAA&topic=Tides";
    let (settings, notes) = Settings::read("", address);
    assert_eq!(settings, Settings { topic: Some("Tides".into()), ..Settings::default() });
    assert_eq!(
        notes,
        ["The pipeline in this link is damaged or incomplete. The scenario is shown instead."]
    );
}

/// The page reads the link of an address with a module of its own, and everything else at once.
#[test]
fn a_link_is_read_apart_from_its_address() {
    for address in [format!("speed=2&p={NEW}&topic=Tides"), format!("p={OLD}"), "p=".into()] {
        for (query, fragment) in [("", &*address), (&*address, ""), ("?p=9", &*address)] {
            let linked = Settings::link_in(query, fragment).map(|link| read(&link));
            assert!(linked.is_some());
            let apart = Settings::read_with(query, fragment, linked);
            assert_eq!(apart, Settings::read(query, fragment));
        }
    }
    assert_eq!(Settings::link_in("?preset=company", "#speed=2"), None);
    let (_, notes) = Settings::read_with("", "p=2", Some(Err(LinkError::NotLoaded)));
    assert_eq!(
        notes,
        ["The pipeline in this link could not be read: a part of this page did not arrive. The \
          scenario is shown instead."]
    );
}

/// Another setting leaves an edited pipeline as it is, and its link unread.
#[test]
fn another_setting_leaves_the_pipeline() {
    let (edited, _) = Settings::read("", &format!("p={NEW}"));
    let wish = |key: &str, value: Option<&str>| vec![(key.to_owned(), value.map(str::to_owned))];
    let (faster, _) = Settings::read("", &format!("p={NEW}&speed=2"));
    assert_eq!(edited.changed_with(&wish("speed", Some("2")), None), (faster, Vec::new()));
    assert_eq!(edited.changed(&wish("p", None)).0.edited, None);
    assert_eq!(edited.changed(&wish("preset", Some("topic"))).0.edited, None);
    let (other, _) = Settings::read("", &format!("p={OLD}"));
    assert_eq!(edited.changed(&wish("p", Some(OLD))), (other, Vec::new()));
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
        let (preset, edited) = (PresetId::Company, draft.edited());
        let settings = Settings { preset, edited, ..Settings::default() };
        let length = settings.fragment().len();
        assert!(length < 400, "{field:?} of {id}: {length} characters");
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

/// What has to be written into the preset of today to have its texts of then.
fn as_it_was(id: PresetId) -> Vec<Command> {
    use Field::{Answer, Latency};
    let changed: &[(u32, Field, &str, &str)] = match id {
        PresetId::Researchers => &[
            (0, Latency, "1.2", "1.8"),
            (1, Latency, "1.5", "2.4"),
            (2, Latency, "0.9", "1.4"),
            (3, Latency, "0.8", "1.6"),
            (0, Answer, "26%", "26 %"),
            (1, Answer, "truck's", "lorry's"),
        ],
        PresetId::Company => {
            &[(1, Answer, "% on the", " % on the"), (2, Answer, "favorable", "favourable")]
        }
        PresetId::Email => &[(0, Answer, "favorite", "favourite")],
        _ => &[],
    };
    let today = texts(&preset(id, 3));
    let write = |(agent, field, now, then): &(u32, Field, &str, &str)| {
        let text = today[*agent as usize].get(*field);
        assert!(text.contains(now), "{text}");
        Command::Write(*agent, *field, text.replace(now, then))
    };
    changed.iter().map(write).collect()
}

/// Links that were given away have to be read by every later page. When one of these fails, do not
/// change it: keep what it was made with, and give the new form a new version.
#[test]
fn links_that_were_given_away_are_read() {
    let mut slips = Vec::new();
    let mut check = |commands: &[Command], id: PresetId, link: &str| {
        let mut draft = Draft::new(texts(&preset(id, 3)));
        commands.iter().for_each(|command| draft.apply(command));
        let edited = draft.edited().unwrap();
        if read(link) != Ok((id, edited.clone())) {
            slips.push(format!("{link}: {:?}\nnow {}", read(link).err(), write(&edited, id)));
        }
    };
    let all = [
        (
            "1company.ixgXFQbuGU_Xt3w",
            "2company.eNo1xiEOwCAMBdC7fI2AtRlZr7JMsARwIMCR3h1B6t7Cn0aGsKc7PEwxOqSa2xyQd6EXiFd3EAyXgQysn24z9BYj",
        ),
        (
            "1researchers.u7N6nQdyi2l3zFg",
            "2researchers.eNo1xjEOABEQBdC7_Fqxu7OCuYooSNBR0MncXSG6t5DiyGD6rdGkHSnEmtscYL_QC_gRdfBefBckQTZtMhNL",
        ),
        (
            "1topic.XFzWbQSEDolTcEo",
            "2topic.eNo1xisOwCAMBuC7_BrByl70KssEJIADAY707ghS903E0BOYLuvf25F_DEJJdXTwN9Ey2IrZOBSkcIpTflk1sRYq",
        ),
        (
            "1feedback.EKQCIQWPF6WF4c4",
            "2feedback.eNo1xiEOwCAMBdC7fI2gZclGr7JMsARwIMCR3h1B6t7Cn0aG8O2fGIkpOKSa2xyQd6EXiFd3QAY2BMOln24ztBYh",
        ),
        (
            "1travel.3jEMvQYBFNa7goU",
            "2travel.eNo1xiEOwCAMBdC7fI2AMpatV1kmIAEcCHCkd0eQureQ4shgCtaHx930GsSa2xzgb6EXsBVz4BSk8IpLftkzPRYg",
        ),
        (
            "1email.1hpo9QVAB0yJb-Q",
            "2email.eNo1xiEOwCAMBdC7fI1gbYPoVZYJlgAOBDjSuyNI3dv48yxQEmGKnBIF5Fb6mtB3Y1RotHDxOMjBDrHPDjEiFhc",
        ),
        (
            "1validation.7T3PqwWTAToP0OxK",
            "2validation.eNo1xiEOwCAMBdC7fI0o3VbRqywTLAEcCHCkd0eQurfwp5GhHIWY5CEJSDW3OaDvQi9QsnAQHey4HLd9tgEwHxYT",
        ),
        (
            "1multimodal.erd_VQOsBLjpJg",
            "2multimodal.eNo1xjEOABEQBdC7_FphschcRRQk6CjoZO6uEN3byGkWkNZO-d8aIwVSK31NUNgYFSRZXHwPiiMf190QzA",
        ),
        (
            "1headlines.hu7H1QOVBIgudg",
            "2headlines.eNo1xjEOABEQBdC7_FrB2l3MVURBgo6CTubuCtG9hRRHBmn3GvU7aT-BWHObA-QXegFJFgfq4rnQHHgDe84TgA",
        ),
        (
            "1fanout.lcYjOwLrBhPYbA",
            "2fanout.eNo1xjEOABEQBdC7_FphdyabNVcRBQk6CjqZuytE9xZSHBlC_DOTs-4ziDW3OSB-oReIVXPwXLwXpEE3e1ITfg",
        ),
    ];
    for (old, new) in all {
        let id = PresetId::find(old[1..].split('.').next().unwrap()).unwrap();
        let mut then = as_it_was(id);
        check(&then, id, new);
        // The old ones were given away before agents could see.
        then.extend((0..5).map(|agent| Command::Sees(agent, false)));
        check(&then, id, old);
    }
    let sure = "{topic}? Say how sure you are: {stock}";
    let sure = [Command::Write(0, Field::Prompt, sure.into())];
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
    let made = [
        (&sure[..], OLD),
        (&sure[..], NEW),
        (
            &much[..],
            "1company.JiBMDQZFGU_Xt4PE9CZPFfxuZtpcX28P2NNcPf76KWXJQPetfbTU1Fmc2Jsh8NZJDUbpDheqWYmUsQ-Cpzo6Mrkqyx1-CmrvefK-5N2R2zJZel5FP2qQQ8q4BsKErxjQ-PA",
        ),
        (
            &much[..],
            "2company.eNptULtuwzAM_BWBswLYyMOIl87dOnRLgkJxmViITRkSDTcw9AnduvdHuvWH-gk13TrwkEUg7nin4_VwNAEhXyXLTbpdLbNMgzkjcYB814M7QZ5E_Tek07DU0Dl_gRwaE8ILl9615xJmNOObOPRAph7cd4lONDz5768Tekvq5_PjHQ4aLnidSI-hrXgjaGUYqRAmFUag2r1iNa2eG16sF7UlK5SlwL4t2DqaFgRuvKsbHpC1IDYoLtGjYqeCuSpzdC2rnl1ji_iwpz31hF2IojQUOvSjV6rheZSNennuyOEQNQQ0vighH6Lg1MNq1sMtzjYTV_nxkRg9mSpXvf0f45hkVsUtSyq6dSa3xXiIv9Xhj74",
        ),
    ];
    for (commands, link) in made {
        let then = [&as_it_was(PresetId::Company), commands].concat();
        check(&then, PresetId::Company, link);
    }
    assert!(slips.is_empty(), "\n{}", slips.join("\n"));
}
