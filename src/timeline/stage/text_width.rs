//! How wide a text is, without a font to measure it with.
//!
//! The figures are those of DejaVu Sans, the widest of the fonts that `system-ui` stands for: with any
//! other a text takes less room than it was given.

/// The width of a regular text as a share of a bold one.
const REGULAR: f64 = 0.92;

/// The width of a text in that size, in CSS pixels, or a little more.
pub fn text_width(text: &str, size: f64, is_bold: bool) -> f64 {
    let ems: f64 = text.chars().map(bold_width).sum();
    size * if is_bold { ems } else { REGULAR * ems }
}

/// The width of a bold character, in ems.
fn bold_width(character: char) -> f64 {
    match character {
        ' ' | '\'' | 'i' | 'j' | 'l' | '|' | '/' | '\\' | 'I' | 'J' => 0.37,
        ',' | '.' | ':' | ';' | '-' => 0.42,
        'f' | 't' | 'r' | '!' | '(' | ')' | '[' | ']' => 0.49,
        'c' | 's' | 'z' | '_' | '"' | '*' => 0.6,
        'a' | 'e' | 'k' | 'v' | 'x' | 'y' => 0.68,
        'b'..='z' => {
            if matches!(character, 'm' | 'w') {
                1.04
            } else {
                0.72
            }
        }
        '0'..='9' => 0.7,
        'E' | 'F' | 'L' | 'T' | 'P' | 'S' | 'Y' => 0.73,
        'M' | 'W' | '%' | '@' => 1.1,
        ' '..='~' => 0.84,
        '\u{a0}'..='\u{24f}' => 0.85,
        _ => 1.1,
    }
}

/// As much of the text as is that wide, in bold, with an ellipsis where that is not all of it; nothing
/// where not even two characters and the ellipsis have room.
pub fn truncated(text: &str, size: f64, room: f64) -> String {
    if text_width(text, size, true) <= room {
        return text.into();
    }
    let ellipsis = text_width("…", size, true);
    let mut used = ellipsis;
    let fits = |character: &char| {
        used += size * bold_width(*character);
        used <= room
    };
    let start: String = text.chars().take_while(fits).collect();
    match start.trim_end() {
        start if start.chars().count() < 2 => String::new(),
        start => format!("{start}…"),
    }
}

/// A text as lines of that width, in regular weight: at most so many, the last one with an ellipsis where that
/// is not all of it. Words that are longer than a line are cut.
pub fn wrapped(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    // A regular text is so much narrower than a bold one, by which texts are cut.
    let room = room / REGULAR;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        let fits = text_width(&longer, size, true) <= room;
        if fits || line.is_empty() || lines.len() + 1 == most {
            line = longer;
            if !fits && lines.len() + 1 == most {
                break;
            }
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    lines.push(line);
    lines.iter().map(|line| truncated(line, size, room)).collect()
}
