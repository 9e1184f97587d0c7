//! What strangers can send, at random: messages of the page around a figure, in any shape and order,
//! and trace files that were changed in any way.
//!
//! A few hundred cases each by default. `PROPTEST_CASES=100000 cargo test --release --test host fuzz`
//! looks for longer; a case that fails is written down beside this file, and tried first from then on.

use std::sync::LazyLock;

use converge::config::{Inbox, KEYS, MOST_BYTES, Message, Settings, Wish};
use converge::engine::Schedule;
use converge::export::{About, LONGEST, ReadError, TraceFile, read};
use converge::presets::{PresetId, preset};
use converge::timeline::{Timeline, sentences};
use proptest::prelude::*;

use crate::fixtures::run;

/// Names that no setting has, and those that no message may change.
const OTHER_KEYS: &[&str] = &["key", "api_key", "type", "__proto__", "constructor", ""];

fn value() -> impl Strategy<Value = Option<String>> {
    let of_settings = prop::sample::select(vec![
        "company",
        "fanout",
        "openai",
        "https://evil.example/v1",
        "1",
        "0",
        "-1",
        "1e309",
        "10000",
        "news:3,stock:hang",
        "*:0.2",
        "news:500@0.4",
        "race",
        "visible",
        "dark",
        "1company.ixg",
        "true",
        "null",
    ]);
    let text = prop_oneof![
        4 => of_settings.prop_map(str::to_owned),
        2 => "\\PC{0,60}",
        1 => ("\\PC{1,9}", 1_usize..300).prop_map(|(text, times)| text.repeat(times)),
    ];
    prop::option::weighted(0.9, text)
}

fn message() -> impl Strategy<Value = (String, Vec<Wish>)> {
    let kind = prop_oneof![
        6 => Just("converge:set".to_owned()),
        1 => Just("converge:run".to_owned()),
        1 => Just("converge:stop".to_owned()),
        1 => "(converge:)?\\PC{0,8}",
    ];
    let key = prop_oneof![
        9 => prop::sample::select([KEYS.as_slice(), OTHER_KEYS].concat()).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ];
    (kind, prop::collection::vec((key, value()), 0..12))
}

/// What messages amount to when each is taken as it comes: the last command, and of each setting the
/// last value.
fn one_by_one(messages: &[Message]) -> (Vec<Wish>, Option<Message>) {
    let (mut wishes, mut command) = (Vec::<Wish>::new(), None);
    for message in messages {
        match message {
            Message::Set(own) => {
                for wish in own {
                    wishes.retain(|(key, _)| *key != wish.0);
                    wishes.push(wish.clone());
                }
            }
            other => command = Some(other.clone()),
        }
    }
    (wishes, command)
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn messages_amount_to_the_last_of_each(all in prop::collection::vec(message(), 0..12)) {
        let read: Vec<Message> =
            all.iter().filter_map(|(kind, fields)| Message::read(kind, fields.clone())).collect();
        let (mut wishes, command) = one_by_one(&read);
        let mut inbox = Inbox::default();
        read.iter().rev().for_each(|message| inbox.take(Some(message.clone()), 0));
        let told: Vec<Message> = inbox.messages().collect();
        // The newest of too many.
        wishes.drain(..wishes.len().saturating_sub(100));
        let expected = (!wishes.is_empty()).then_some(Message::Set(wishes));
        prop_assert_eq!(told, expected.into_iter().chain(command).collect::<Vec<_>>());
    }

    #[test]
    fn no_message_decides_who_is_called(
        all in prop::collection::vec(message(), 1..6),
        address in prop::sample::select(vec![
            "", "preset=travel&fail=hotels:500", "preset=fanout&n=12",
            "provider=openai&model=m", "provider=compatible&base_url=https://a.example/v1",
        ]),
    ) {
        let (start, _) = Settings::read("", address);
        let mut settings = start.clone();
        for (kind, fields) in &all {
            let Some(message) = Message::read(kind, fields.clone()) else { continue };
            let message = match settings.provider {
                Some(_) => message.while_live(),
                None => Some(message),
            };
            match message {
                Some(Message::Set(wishes)) => settings = settings.changed(&wishes).0,
                Some(Message::Run) => prop_assert_eq!(start.provider, None),
                Some(Message::Stop | Message::Show(_)) | None => {}
            }
        }
        prop_assert_eq!(settings.provider, start.provider);
        prop_assert_eq!(&settings.base_url, &start.base_url);
        prop_assert_eq!(&settings.model, &start.model);
        prop_assert_eq!(settings.temperature, start.temperature);
        prop_assert_eq!(settings.autoplay, start.autoplay);
        prop_assert_eq!(settings.embed, start.embed);
        // It comes to something that can be shown, and to an address that reads back.
        let (experiment, _) = settings.experiment();
        prop_assert!(!experiment.preset.pipeline.agents().is_empty());
        prop_assert_eq!(Settings::read("", &settings.fragment()).0, settings);
    }

    /// However much comes, so much is read at a time.
    #[test]
    fn an_inbox_is_full_soon(sizes in prop::collection::vec(0_usize..25_000, 0..400)) {
        let mut inbox = Inbox::default();
        let mut read = 0;
        for size in sizes {
            if inbox.is_full() {
                break;
            }
            inbox.take(None, size);
            read += size;
        }
        prop_assert!(read < MOST_BYTES + 25_000);
    }
}

/// Files to begin with: runs that went well and badly, of presets and of a wide pipeline.
static FILES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let cases = [
        ("preset=company", Schedule::parallel()),
        ("preset=company&fail=stock:500", Schedule::parallel()),
        ("preset=travel&fail=hotels:cut&on_error=collect", Schedule::sequential()),
        ("preset=fanout&n=30", Schedule::parallel()),
    ];
    let file = |(address, schedule): (&str, Schedule)| {
        let (experiment, _) = Settings::read("", address).0.experiment();
        let pipeline = &experiment.preset.pipeline;
        let ran = run(pipeline, &experiment.scripts, schedule);
        let about = About {
            pipeline,
            schedule,
            provider: "simulated",
            model: None,
            started: "2026-11-22T10:00:00Z",
            hidden: false,
        };
        TraceFile::new(&ran.trace, about).text()
    };
    cases.into_iter().map(file).collect()
});

/// A change of a text, at a place that is a share of its length.
#[derive(Clone, Debug)]
enum Change {
    Cut(f64),
    Remove(f64, usize),
    Repeat(f64, usize, usize),
    Insert(f64, String),
    /// Puts that in the place of the number, text or word that begins there or later.
    Replace(f64, String),
}

fn change() -> impl Strategy<Value = Change> {
    let place = 0.0..1.0_f64;
    let odd = prop_oneof![
        prop::sample::select(vec![
            "null",
            "true",
            "-1",
            "0",
            "1e308",
            "18446744073709551615",
            "99999999999999999999",
            "[]",
            "{}",
            "\"\"",
            "\"\\u0000\"",
            "\"{topic}\"",
            "\"{{\"",
            "\"news\"",
            "\"pass_through\"",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            ",",
            "}",
            "]",
            "\\ud800",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,20}",
        ("[\\[{\"a]", 1_usize..3_000).prop_map(|(text, times)| text.repeat(times)),
    ];
    prop_oneof![
        1 => place.clone().prop_map(Change::Cut),
        2 => (place.clone(), 1_usize..200).prop_map(|(at, length)| Change::Remove(at, length)),
        2 => (place.clone(), 1_usize..400, 1_usize..40)
            .prop_map(|(at, length, times)| Change::Repeat(at, length, times)),
        3 => (place.clone(), odd.clone()).prop_map(|(at, text)| Change::Insert(at, text)),
        6 => (place, odd).prop_map(|(at, text)| Change::Replace(at, text)),
    ]
}

fn changed(text: &str, change: &Change) -> String {
    let at = |share: f64| {
        let mut at = (share * text.len() as f64) as usize;
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let after = |from: usize, length: usize| {
        text[from..].char_indices().nth(length).map_or(text.len(), |(end, _)| from + end)
    };
    match change {
        Change::Cut(share) => text[..at(*share)].to_owned(),
        Change::Remove(share, length) => {
            let from = at(*share);
            text[..from].to_owned() + &text[after(from, *length)..]
        }
        Change::Repeat(share, length, times) => {
            let from = at(*share);
            let to = after(from, *length);
            text[..from].to_owned() + &text[from..to].repeat(*times) + &text[to..]
        }
        Change::Insert(share, odd) => {
            let from = at(*share);
            text[..from].to_owned() + odd + &text[from..]
        }
        Change::Replace(share, odd) => {
            // Behind a colon or a comma a value begins, and it ends before the next mark.
            let behind = |from: usize| text[from..].find([':', ',']).map(|found| from + found + 1);
            let Some(from) = behind(at(*share)) else { return text.to_owned() };
            let to = text[from..].find([',', '}', ']']).map_or(text.len(), |found| from + found);
            text[..from].to_owned() + odd + &text[to..]
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    /// A file is opened or refused with a sentence; what is opened can be shown at every moment.
    #[test]
    fn no_file_does_harm(
        file in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 0..5),
    ) {
        let text = changes.iter().fold(file.get(&FILES).clone(), |text, one| changed(&text, one));
        let opened = match read(&text) {
            Ok(opened) => opened,
            Err(error) => {
                prop_assert!(!error.to_string().is_empty());
                return Ok(());
            }
        };
        prop_assert!(opened.log.is_over());
        prop_assert!(opened.log.events().windows(2).all(|pair| pair[0].at <= pair[1].at));
        prop_assert_eq!(opened.settings.provider, None, "a file calls nobody");
        prop_assert_eq!(&opened.settings.base_url, &None);
        let (experiment, _) = opened.settings.experiment();
        let pipeline = &experiment.preset.pipeline;
        prop_assert_eq!(pipeline.agents().len(), opened.file.spans.len());
        let moments = opened.log.events().iter().map(|event| event.at);
        for at in moments.step_by(7).chain([opened.log.end()]) {
            let timeline = Timeline::at(&opened.log, pipeline.agents().len(), at);
            let run = sentences::ScheduleRun { schedule: "parallel", timeline: &timeline, injected: &[] };
            prop_assert!(!sentences::status(pipeline, &[run]).is_empty());
            for (agent, lane) in timeline.lanes().iter().enumerate() {
                let _ = sentences::fate(pipeline, agent, lane, false);
                prop_assert!(lane.text.len() <= text.len());
            }
        }
        let end = Timeline::at(&opened.log, pipeline.agents().len(), opened.log.end());
        prop_assert!(end.run().ended.is_some());
    }
}

#[test]
fn a_file_that_is_too_long_is_not_looked_into() {
    assert!(matches!(read(&" ".repeat(LONGEST + 1)), Err(ReadError::TooLong)));
}

/// Files to begin with can be opened, or the test above would try nothing.
#[test]
fn the_files_to_begin_with_are_opened() {
    for text in FILES.iter() {
        assert!(read(text).is_ok(), "{}", &text[..200]);
    }
    assert!(preset(PresetId::Company, 1).pipeline.agents().len() > 1);
}
