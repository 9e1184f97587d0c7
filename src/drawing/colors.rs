//! The colors of a picture: the page's tokens, by name.

use std::fmt::Write;

/// The only place where colors are defined.
const TOKENS: &str = include_str!("../../style/tokens.css");

/// How a picture has its colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colors {
    /// By reference to the tokens, for a picture with a style sheet around it that defines them.
    Tokens,
    /// The values of the light scheme.
    Light,
    /// The values of the dark scheme.
    Dark,
}

/// A token with its values in both schemes, which may be the same.
struct Token {
    name: &'static str,
    light: &'static str,
    dark: &'static str,
}

fn tokens() -> impl Iterator<Item = Token> {
    TOKENS.lines().filter_map(|line| {
        let (name, value) = line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": ")?;
        let pair = value.strip_prefix("light-dark(").and_then(|pair| pair.strip_suffix(')'));
        let (light, dark) = pair.and_then(|pair| pair.split_once(", ")).unwrap_or((value, value));
        Some(Token { name, light, dark })
    })
}

impl Colors {
    /// The value of a token, as an attribute has it.
    pub fn of(self, name: &str) -> String {
        let value = |pick: fn(Token) -> &'static str| {
            let token = tokens().find(|token| token.name == name);
            token.map_or("none", pick).replace('"', "'")
        };
        match self {
            Self::Tokens => format!("var(--{name})"),
            Self::Light => value(|token| token.light),
            Self::Dark => value(|token| token.dark),
        }
    }

    /// A token with another one: so many percent of the first, as style sheets mix colors.
    pub fn mixed(self, name: &str, percent: u8, with: &str) -> String {
        let [one, other] = [self.of(name), self.of(with)];
        match (channels(&one), channels(&other)) {
            (Some(one), Some(other)) => {
                let share = f64::from(percent) / 100.0;
                let mix = |(one, other)| f64::from(one) * share + f64::from(other) * (1.0 - share);
                let [red, green, blue] = [0, 1, 2].map(|at| mix((one[at], other[at])).round());
                format!("#{:02x}{:02x}{:02x}", red as u8, green as u8, blue as u8)
            }
            _ => format!("color-mix(in srgb, {one} {percent}%, {other})"),
        }
    }
}

/// Red, green and blue of `#rrggbb`.
fn channels(color: &str) -> Option<[u8; 3]> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// A style sheet with the tokens that a picture refers to: as the reader's scheme has them, unless `#light`
/// or `#dark` behind the picture's address chooses one.
pub fn style(picture: &str) -> String {
    let (mut light, mut dark) = (String::new(), String::new());
    for token in tokens().filter(|token| picture.contains(&format!("var(--{})", token.name))) {
        // Writing to a string cannot fail.
        let _ = write!(light, "--{}:{};", token.name, token.light);
        if token.dark != token.light {
            let _ = write!(dark, "--{}:{};", token.name, token.dark);
        }
    }
    format!(
        "svg{{{light}}}\n@media (prefers-color-scheme:dark){{svg{{{dark}}}}}\n\
         #light:target{{{light}}}\n#dark:target{{{dark}}}\n"
    )
}
