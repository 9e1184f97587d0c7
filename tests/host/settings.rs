//! Settings and the address: what is written reads back, what is hostile does no harm.

mod random;
mod typed_numbers;

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};

use converge::config::{Autoplay, NamedHedge, NamedQuorum, Settings, Theme, View};
use converge::engine::{Late, OnFailure};
use converge::llm::ProviderId;
use converge::presets::PresetId;
use converge::simulate::{Failing, Fault};
use converge::tail::Shape;
use proptest::prelude::*;
use proptest::sample::select;

use self::random::{addresses, settings};
use crate::fixtures::ms;

proptest! {
    #[test]
    fn settings_survive_the_address(settings in settings()) {
        let fragment = settings.fragment();
        let (read, notes) = Settings::read("", &format!("#{fragment}"));
        prop_assert_eq!(&read, &settings);
        prop_assert_eq!(notes, Vec::<String>::new());
        // A query is read the same way.
        prop_assert_eq!(Settings::read(&format!("?{fragment}"), "").0, settings);
        // And it is an address: nothing in it ends it or starts a new part.
        prop_assert!(fragment.chars().all(|c| c.is_ascii_graphic() && !"#\"<>`".contains(c)));
    }

    #[test]
    fn no_address_does_harm(query in addresses(), fragment in prop_oneof![addresses(), "\\PC{0,60}"]) {
        let (settings, notes) = Settings::read(&query, &fragment);
        for note in &notes {
            prop_assert!(note.chars().count() < 120, "{}", note);
        }
        // Whatever was made of it can be written, and then says the same without a complaint.
        prop_assert_eq!(Settings::read("", &settings.fragment()), (settings.clone(), vec![]));
        if settings.preset != PresetId::Fanout {
            let (experiment, _) = settings.experiment();
            prop_assert_eq!(experiment.scripts.len(), experiment.preset.pipeline.agents().len());
        }
    }

    /// The fragment wins, key by key.
    #[test]
    fn the_fragment_wins(query in settings(), fragment in settings()) {
        let (query, fragment) = (query.fragment(), fragment.fragment());
        let (both, notes) = Settings::read(&query, &fragment);
        prop_assert_eq!(notes, Vec::<String>::new());
        let mut pairs: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
        pairs.extend(form_urlencoded::parse(fragment.as_bytes()));
        let together = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        prop_assert_eq!(both, Settings::read("", &together).0);
    }

    /// A key in an address is nobody's: it is not read, not repeated in a note and not written.
    #[test]
    fn a_secret_is_never_read(
        settings in settings(),
        name in select(vec!["key", "api_key", "apikey", "token", "access_token", "authorization", "API key"]),
        secret in "sk-[a-zA-Z0-9]{24}",
    ) {
        let address = format!("{}&{name}={secret}", settings.fragment());
        let (read, notes) = Settings::read(&address, &address);
        prop_assert_eq!(&read, &settings);
        prop_assert_eq!(notes, Vec::<String>::new());
        let shown = format!("{read:?} {}", read.fragment());
        prop_assert!(!shown.contains(&secret));
    }
}

/// What an address comes to, as the changes it makes, and the notes it leaves.
fn check(query: &str, fragment: &str, change: impl FnOnce(&mut Settings), notes: &[&str]) {
    let mut expected = Settings::default();
    change(&mut expected);
    let (settings, left) = Settings::read(query, fragment);
    assert_eq!(settings, expected, "{query} {fragment}");
    assert_eq!(left, notes);
}

#[test]
fn the_plain_address_is_the_default() {
    check("", "", |_| {}, &[]);
    check("?", "#", |_| {}, &[]);
    assert_eq!(Settings::default().fragment(), "");
}

#[test]
fn the_fragment_wins_over_the_query() {
    check(
        "?preset=topic&n=3",
        "#preset=fanout",
        |s| {
            s.preset = PresetId::Fanout;
            s.n = 3;
        },
        &[],
    );
    check("?topic=a", "#topic=", |_| {}, &[]);
}

#[test]
fn unknown_keys_are_passed_over() {
    check("utm_source=news", "#wobble=1&preset=topic&=&x", |s| s.preset = PresetId::Topic, &[]);
}

#[test]
fn the_contracts_examples() {
    check(
        "",
        "fail=stock:500@0.4,news:hang,social:cut",
        |s| {
            let status = Fault::Status { status: 500, after: Some(ms(400)) };
            s.fail = vec![
                ("stock".into(), status.into()),
                ("news".into(), Fault::Hang.into()),
                ("social".into(), Fault::Cut { after: None }.into()),
            ];
        },
        &[],
    );
    check(
        "",
        "quorum=synthesis:3&hedge=news:0.8&spread=slow:0.01x10",
        |s| {
            let (join, three) = (Some("synthesis".into()), NonZeroUsize::new(3).unwrap());
            s.quorum = Some(NamedQuorum { join, answers: three, late: Late::Cancel });
            s.hedge = Some(NamedHedge { agent: Some("news".into()), after: ms(800) });
            s.spread = Some(Shape::Slow { share: 0.01, times: 10.0 });
        },
        &[],
    );
    check(
        "",
        "quorum=3,keep&hedge=1.5&spread=lognormal:0.5",
        |s| {
            let three = NonZeroUsize::new(3).unwrap();
            s.quorum = Some(NamedQuorum { join: None, answers: three, late: Late::Keep });
            s.hedge = Some(NamedHedge { agent: None, after: ms(1500) });
            s.spread = Some(Shape::LogNormal { sigma: 0.5 });
        },
        &[],
    );
    check(
        "",
        "fail=stock:429@0.4x2w1.5,news:hangx1&retries=2&run_timeout=9&first_timeout=3",
        |s| {
            let refused = Fault::Status { status: 429, after: Some(ms(400)) };
            let (once, twice) = (NonZeroU32::MIN, NonZeroU32::new(2));
            let refused = Failing { fault: refused, times: twice, retry_after: Some(ms(1500)) };
            let hung = Failing { times: Some(once), ..Fault::Hang.into() };
            s.fail = vec![("stock".into(), refused), ("news".into(), hung)];
            s.retries = Some(2);
            s.run_timeout = Some(ms(9000));
            s.first_timeout = Some(ms(3000));
        },
        &[],
    );
    check(
        "",
        "latency=news:2.5,stock:0.3,*:0.2",
        |s| {
            s.latency =
                vec![("news".into(), ms(2500)), ("stock".into(), ms(300)), ("*".into(), ms(200))];
        },
        &[],
    );
    check(
        "",
        "limit=2&on_error=fallback&embed=1&autoplay=visible&theme=dark&view=race",
        |s| {
            s.limit = NonZeroUsize::new(2);
            s.on_error = Some(OnFailure::Fallback);
            s.embed = true;
            s.autoplay = Autoplay::Visible;
            s.theme = Theme::Dark;
            s.view = View::Race;
        },
        &[],
    );
    check(
        "",
        "provider=openai&model=m&temperature=0.7&max_tokens=900&hide=Run,,%20Speed%20",
        |s| {
            s.provider = Some(ProviderId::OpenAi);
            s.model = Some("m".into());
            s.temperature = Some(0.7);
            s.max_tokens = NonZeroU32::new(900);
            s.hide = vec!["Run".into(), "Speed".into()];
        },
        &[],
    );
    check("", "topic=caf%C3%A9+%26+bar", |s| s.topic = Some("café & bar".into()), &[]);
}

/// What is set goes to the codec, and what is not is left to it.
#[test]
fn settings_reach_the_live_model() {
    let reach = |fragment: &str| {
        let (settings, _) = Settings::read("", fragment);
        settings.reach(settings.provider.unwrap())
    };
    let plain = reach("provider=mistral").unwrap();
    assert_eq!(plain, ProviderId::Mistral.settings("", "", None).unwrap());
    let set = "provider=openai&base_url=http://h:1/v1&model=m&temperature=0.5&max_tokens=9";
    let set = reach(set).unwrap();
    assert_eq!((set.base_url.as_str(), set.model.as_str()), ("http://h:1/v1", "m"));
    assert_eq!((set.temperature, set.max_tokens), (Some(0.5), Some(9)));
    assert!(reach("provider=openai&base_url=h").is_err());
    assert!(reach("provider=compatible").is_err());
}

/// The default is used, and the status line says so.
#[test]
fn bad_values_are_noted() {
    for bad in [
        "preset=compny",
        "n=0",
        "n=10001",
        "n=-1",
        "n=x",
        "schedule=both",
        "limit=0",
        "limit=",
        "on_error=explode",
        "fail=stock",
        "fail=stock:200",
        "fail=stock:500@-1",
        "fail=a:hang@1",
        "fail=a:500x0",
        "fail=a:500x",
        "fail=a:hangw1",
        "fail=a:500w",
        "quorum=0",
        "quorum=synthesis",
        "quorum=:3",
        "quorum=3,drop",
        "hedge=-1",
        "hedge=news",
        "hedge=:1",
        "spread=normal:1",
        "spread=lognormal",
        "spread=lognormal:-1",
        "spread=lognormal:9",
        "spread=slow:2x10",
        "spread=slow:0.01",
        "spread=slow:0.01x0.5",
        "retries=10",
        "retries=",
        "run_timeout=0",
        "read_timeout=x",
        "provider=closed",
        "temperature=2.1",
        "temperature=NaN",
        "max_tokens=0",
        "max_tokens=many",
        "latency=news",
        "latency=news:-1",
        "latency=news:1e9",
        "seed=-1",
        "jitter=1.5",
        "speed=0",
        "speed=9",
        "speed=inf",
        "view=moon",
        "embed=maybe",
        "theme=pink",
        "autoplay=please",
    ] {
        check("", bad, |_| {}, &[&format!("Ignored {bad}: not a valid value.")]);
    }
}

/// Also when the query had a good one: the fragment has the word.
#[test]
fn a_bad_value_means_the_default_and_not_the_other_value() {
    check("preset=topic", "preset=compny", |_| {}, &["Ignored preset=compny: not a valid value."]);
    // What does not win is not complained about.
    check("preset=compny", "preset=topic", |s| s.preset = PresetId::Topic, &[]);
}

#[test]
fn notes_do_not_repeat_all_of_a_long_value() {
    let (_, notes) = Settings::read("", &format!("preset={}", "ü".repeat(5000)));
    assert_eq!(notes, [format!("Ignored preset={}: not a valid value.", "ü".repeat(40))]);
}

/// A form's checks are reported together unless the reader wants it otherwise.
#[test]
fn a_preset_may_say_what_a_failure_does() {
    let policy = |address: &str| Settings::read("", address).0.on_failure();
    assert_eq!(policy("preset=validation"), OnFailure::Collect);
    assert_eq!(policy("preset=validation&on_error=cancel"), OnFailure::Cancel);
    assert_eq!(policy("preset=travel"), OnFailure::Cancel);
}

#[test]
fn a_link_says_what_it_holds() {
    let check = |address: &str, held: &str| {
        let shared = Settings::read("", address).0.shared();
        let rest = ". Links never contain API keys, and opening one never starts a paid run.";
        assert_eq!(shared, format!("{held}{rest}"));
    };
    check("", "Link to the default page");
    check("limit=2", "It contains one setting");
    check(
        "preset=topic&p=1company.NmRYDAbiGU_XtX6rnjar80GMKIWRRHoD5WttDReO",
        "It contains the scenario and the whole pipeline as you edited it",
    );
    check(
        "preset=topic&topic=Tides&latency=*:1&limit=2&retries=3&key=sk-1",
        "It contains the scenario, the topic, latencies and 2 more settings",
    );
    let long = Settings { topic: Some("tide ".repeat(400).trim().into()), ..Settings::default() };
    assert!(long.shared().ends_with(" It has 2005 characters; some programs cut links that long."));
}

#[test]
fn policies_are_called_what_the_glossary_calls_them() {
    assert_eq!(
        OnFailure::ALL.map(OnFailure::label),
        [
            "Cancel the rest",
            "Fail now, leave the rest running",
            "Wait for the rest, then fail",
            "Continue without it",
            "Use a fallback",
        ]
    );
}

#[test]
fn conditions_say_what_they_come_to() {
    let check = |address: &str, expected: &str| {
        let (settings, _) = Settings::read("", &format!("preset=company&{address}"));
        let pipeline = &settings.build().pipeline;
        assert_eq!(settings.conditions_in_words(pipeline).join(" "), expected, "{address}");
    };
    check("", "");
    check("quorum=3", "A join begins with 3 answers of 4. Late branches are canceled.");
    check(
        "quorum=synthesis:1,keep",
        "Synthesis begins with 1 answer of 4. Late branches run on, and nothing uses their answers.",
    );
    check("quorum=4", "No join has more than 4 branches, so a quorum of 4 changes nothing.");
    check(
        "hedge=news:0.8&provider=openai",
        "News is asked a second time if it has not answered after 0.8 s. The first answer counts, \
         and the other call is canceled.",
    );
}
