//! What a call costs, as far as anyone can say beforehand.
//!
//! Prices change without notice, so that each is shown with [`AS_OF`] and nothing is shown where no
//! price is known. They are those of the vendors' own APIs, not of resellers.

use super::vendors::ProviderId;
use crate::model::Usage;

/// When these prices were read.
pub const AS_OF: &str = "November 2026";

/// A price in cents for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// What is read.
    pub input: u32,
    /// What is written, thinking included.
    pub output: u32,
}

/// Vendor, model, and cents for a million tokens in and out.
const PRICES: &[(ProviderId, &str, u32, u32)] = &[
    (ProviderId::OpenAi, "gpt-6-luna", 10, 50),
    (ProviderId::Anthropic, "claude-haiku-5-5", 10, 50),
    (ProviderId::Gemini, "gemini-3.5-flash-lite", 30, 250),
    (ProviderId::Mistral, "mistral-small-latest", 15, 60),
    (ProviderId::DeepSeek, "deepseek-v4-flash", 30, 120),
];

/// The price of a model where it is known. A dated version costs what its model costs.
pub fn price(id: ProviderId, model: &str) -> Option<Price> {
    let model = model.trim();
    let model = model.strip_prefix("models/").unwrap_or(model);
    let is = |known: &str| {
        let dated = model.strip_prefix(known).and_then(|rest| rest.strip_prefix('-'));
        model == known
            || dated.is_some_and(|date| date.len() >= 8 && date.bytes().all(is_of_a_date))
    };
    let found = PRICES.iter().find(|(vendor, known, ..)| *vendor == id && is(known));
    found.map(|(.., input, output)| Price { input: *input, output: *output })
}

fn is_of_a_date(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'-'
}

/// What that many tokens cost, in dollars.
pub fn cost(usage: Usage, price: Price) -> f64 {
    let cents = |tokens: u64, price: u32| tokens as f64 * f64::from(price) / 1e6;
    (cents(usage.input_tokens, price.input) + cents(usage.output_tokens, price.output)) / 100.0
}

/// A sum in dollars with as many digits as say something.
pub fn dollars(sum: f64) -> String {
    match sum {
        sum if sum >= 1.0 => format!("${sum:.2}"),
        sum if sum >= 0.0001 => format!("${sum:.4}"),
        _ => "less than $0.0001".into(),
    }
}

/// A guessed number as people say it: two digits and zeros.
pub fn roughly(number: u64) -> u64 {
    let step = 10_u64.pow(number.checked_ilog10().unwrap_or_default().saturating_sub(1));
    (number / step + u64::from(number % step * 2 >= step && step > 1)).saturating_mul(step)
}

/// How many tokens a text has, by the rule of thumb: four characters of a script with an alphabet
/// make one, and each character of the others makes one.
pub fn tokens(text: &str) -> u64 {
    let quarters = |c: char| if (c as u32) < 0x2e80 { 1 } else { 4 };
    text.chars().map(quarters).sum::<u64>().div_ceil(4)
}
