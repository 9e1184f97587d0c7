//! Prices, sums of money and the rule of thumb for tokens.

use std::num::NonZeroU32;
use std::time::Duration;

use converge::config::{Asked, Settings, expected_cost, spent};
use converge::edit::{Command, Draft, Field, texts};
use converge::llm::ProviderId;
use converge::llm::prices::{Price, cost, dollars, price, roughly, tokens};
use converge::model::{ModelError, Source, Usage};
use converge::presets::{PresetId, preset};
use converge::time::Instant;
use converge::timeline::Timeline;
use converge::trace::{Event, EventKind, Outcome, SpanId, Trace};

use crate::fixtures::pipeline;

fn usage(input_tokens: u64, output_tokens: u64) -> Usage {
    Usage { input_tokens, output_tokens, thinking_tokens: 0 }
}

#[test]
fn known_and_unknown() {
    let luna = Some(Price { input: 10, output: 50 });
    assert_eq!(price(ProviderId::OpenAi, "gpt-6-luna"), luna);
    assert_eq!(price(ProviderId::OpenAi, " gpt-6-luna-2026-10-01 "), luna);
    assert_eq!(price(ProviderId::Anthropic, "claude-haiku-5-5-20261001"), luna);
    let lite = Some(Price { input: 30, output: 250 });
    assert_eq!(price(ProviderId::Gemini, "models/gemini-3.5-flash-lite"), lite);
    for other in ["gpt-6", "gpt-6-luna-pro", "gpt-6-luna-pro-20261001", "gpt-6-luna-2", ""] {
        assert_eq!(price(ProviderId::OpenAi, other), None, "{other}");
    }
    assert_eq!(price(ProviderId::OpenRouter, "gpt-6-luna"), None, "resold at another price");
    // The defaults of the vendors whose prices are known.
    let known = ProviderId::ALL.into_iter().filter(|id| price(*id, id.model()).is_some());
    assert_eq!(known.count(), 5);
}

#[test]
fn sums() {
    let luna = Price { input: 10, output: 50 };
    assert_eq!(dollars(cost(usage(1_000_000, 0), luna)), "$0.1000");
    assert_eq!(dollars(cost(usage(0, 1_000_000), luna)), "$0.5000");
    assert_eq!(dollars(cost(usage(5_000_000, 3_000_000), luna)), "$2.00");
    assert_eq!(dollars(cost(usage(1000, 1200), luna)), "$0.0007");
    assert_eq!(dollars(cost(usage(100, 100), luna)), "less than $0.0001");
    assert_eq!(dollars(cost(usage(0, 0), luna)), "less than $0.0001");
    assert!(cost(usage(u64::MAX, u64::MAX), luna).is_finite());
}

#[test]
fn a_guess_has_two_digits() {
    for (number, said) in [
        (0, 0),
        (7, 7),
        (99, 99),
        (104, 100),
        (105, 110),
        (999, 1000),
        (2497, 2500),
        (u64::MAX, 18_000_000_000_000_000_000),
    ] {
        assert_eq!(roughly(number), said);
    }
}

#[test]
fn the_rule_of_thumb() {
    for (text, many) in [("", 0), ("a", 1), ("word", 1), ("words", 2), ("太阳能", 3), ("Größe", 2)]
    {
        assert_eq!(tokens(text), many, "{text}");
    }
}

/// What all calls of a run use, of whatever model.
fn expected(settings: &Settings) -> Usage {
    let asked = settings.experiment().0.asked("some", None);
    let [asked] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!((asked.model.as_str(), asked.calls), ("some", 4));
    asked.usage
}

#[test]
fn a_run_is_guessed_from_its_prompts() {
    let (settings, _) = Settings::read("", "preset=topic&topic=Tides");
    let few = expected(&settings);
    assert_eq!(few.output_tokens, 4 * 300);
    // Three answers are what the synthesis reads.
    assert!((900..1500).contains(&few.input_tokens), "{few:?}");
    let longer = format!("preset=topic&topic={}", "tide".repeat(40));
    let more = expected(&Settings::read("", &longer).0);
    assert!(more.input_tokens > few.input_tokens);
    assert_eq!(more.output_tokens, few.output_tokens);
}

/// An agent may ask a model of its own, which has a price of its own.
#[test]
fn each_model_is_billed_at_its_own_price() {
    let settings = |models: &[(u32, &str)]| {
        let mut draft = Draft::new(texts(&preset(PresetId::Topic, 1)));
        for (id, model) in models {
            draft.apply(&Command::Write(*id, Field::Model, (*model).into()));
        }
        Settings { edited: draft.edited(), ..Settings::default() }
    };
    let asked = |models: &[(u32, &str)]| settings(models).experiment().0.asked("gpt-6-luna", None);
    let names = |asked: &[Asked]| -> Vec<(String, u64)> {
        asked.iter().map(|asked| (asked.model.clone(), asked.calls)).collect()
    };
    let one = asked(&[]);
    assert_eq!(names(&one), [("gpt-6-luna".into(), 4)]);
    let plain = expected_cost(&one, ProviderId::OpenAi, 1).unwrap();
    let input: u64 = one.iter().map(|asked| asked.usage.input_tokens).sum();
    assert!((plain - (input as f64 * 10.0 + 1200.0 * 50.0) / 1e8).abs() < 1e-12, "{plain}");

    // A dated version is another name at the same price; two runs cost twice as much.
    let dated = asked(&[(0, "gpt-6-luna-2026-10-01")]);
    let known = [("gpt-6-luna".into(), 3), ("gpt-6-luna-2026-10-01".into(), 1)];
    assert_eq!(names(&dated), known);
    let cost = expected_cost(&dated, ProviderId::OpenAi, 2).unwrap();
    assert!((cost - 2.0 * plain).abs() < 1e-12);

    // Of one without a known price nobody knows what it costs, so of all together nobody does.
    let dear = asked(&[(1, "gpt-6-sol"), (2, "gpt-6-terra")]);
    let unknown = expected_cost(&dear, ProviderId::OpenAi, 1);
    assert_eq!(unknown, Err(vec!["gpt-6-sol", "gpt-6-terra"]));
    assert_eq!(dear.iter().map(|asked| asked.calls).sum::<u64>(), 4);

    let most = NonZeroU32::new(10);
    let short = settings(&[]).experiment().0.asked("gpt-6-luna", most);
    assert_eq!(short[0].usage.output_tokens, 40);
}

#[test]
fn what_was_tried_again_counts_too() {
    let usage = |input_tokens, output_tokens| {
        EventKind::Usage(Usage { input_tokens, output_tokens, thinking_tokens: 0 })
    };
    let error = ModelError::Cut;
    let retry = EventKind::Retry { error: error.clone(), wait: Duration::from_secs(1), left: 1 };
    let log = [
        (0, EventKind::Start),
        (0, usage(10, 1)),
        (0, usage(10, 4)),
        (0, retry.clone()),
        (0, EventKind::Attempt),
        (0, usage(10, 7)),
        (0, EventKind::End(Outcome::Done)),
        (1, EventKind::Start),
        (1, EventKind::End(Outcome::Failed(error))),
        (2, EventKind::Start),
        (2, usage(5, 0)),
        (2, retry),
        (2, EventKind::End(Outcome::Cancelled)),
    ];
    let mut trace = Trace::new();
    for (at, (agent, kind)) in log.into_iter().enumerate() {
        let at = Instant::from_micros(at as u64);
        trace.push(Event { at, span: SpanId::agent(agent), kind });
    }
    let (plan, _) = pipeline(&[("a", &[], 1), ("b", &[], 1), ("c", &[], 1), ("d", &[], 1)]);
    let spent = spent(&plan, &Timeline::at(&trace, 4, trace.end()));
    let total = |usage: Usage| (usage.input_tokens, usage.output_tokens);
    let agents: Vec<_> = spent.agents.iter().map(|usage| usage.map(total)).collect();
    assert_eq!(agents, [Some((20, 11)), None, Some((5, 0)), None]);
    assert_eq!(total(spent.total), (25, 11));
    // Two of the first, one of the second, and one of the third, which was stopped while it waited.
    assert_eq!(spent.calls, 4);
}

#[test]
fn only_web_pages_are_followed() {
    for (uri, leads) in [
        ("https://a.example/b", true),
        ("HTTP://a.example", true),
        ("javascript:alert(1)//https://", false),
        (" https://a.example", false),
        ("data:text/html,x", false),
        ("//a.example", false),
        ("ħttps://", false),
        ("", false),
    ] {
        let source = Source { title: String::new(), uri: uri.into() };
        assert_eq!(source.leads_to_the_web(), leads, "{uri}");
    }
}
