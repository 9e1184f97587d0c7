//! Prices, sums of money and the rule of thumb for tokens.

use converge::config::Settings;
use converge::llm::ProviderId;
use converge::llm::prices::{Price, cost, dollars, price, roughly, tokens};
use converge::model::Usage;

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

#[test]
fn a_run_is_guessed_from_its_prompts() {
    let (settings, _) = Settings::read("", "preset=topic&topic=Tides");
    let few = settings.experiment().0.expected_usage();
    assert_eq!(few.output_tokens, 4 * 300);
    // Three answers are what the synthesis reads.
    assert!((900..1500).contains(&few.input_tokens), "{few:?}");
    let longer = format!("preset=topic&topic={}", "tide".repeat(40));
    let more = Settings::read("", &longer).0.experiment().0.expected_usage();
    assert!(more.input_tokens > few.input_tokens);
    assert_eq!(more.output_tokens, few.output_tokens);
}
