//! Long texts in slices: the first one is shown at once, the others when a reader asks for them.
//!
//! A view that draws megabytes of text in one go keeps the thread for minutes. A slice ends where
//! the eye expects it, at an empty line if there is one, and never inside a character.

/// The most bytes of one slice.
pub const SLICE: usize = 16_000;

/// The most lines of one slice: a text of very short paragraphs is as dear as a long one.
pub const LINES: usize = 400;

/// The beginning of a text, of one slice at most. As the text grows beyond it, it stays the same.
pub fn first(text: &str) -> &str {
    &text[..end(text)]
}

/// The beginning of a text, of at most that many bytes and of whole characters.
pub fn at_most(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A text in slices; together they are the text.
pub fn slices(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (slice, after) = rest.split_at(end(rest));
        rest = after;
        (!slice.is_empty()).then_some(slice)
    })
}

/// Where the first slice ends.
fn end(text: &str) -> usize {
    let mut lines = text.match_indices('\n').map(|(at, _)| at + 1);
    let most = lines.nth(LINES - 1).unwrap_or(text.len()).min(SLICE);
    if text.len() <= most {
        return text.len();
    }
    let window = at_most(text, most);
    // Not further back than half of it, or a text could come in far too many slices.
    let late = |at: &usize| *at > window.len() / 2;
    let after = |mark: &str| window.rfind(mark).map(|at| at + mark.len()).filter(late);
    after("\n\n").or_else(|| after("\n")).or_else(|| after(" ")).unwrap_or(window.len())
}

/// The title of a text and the beginning of what follows, without the marks of its formatting: for where
/// there is room for a few words only. The title is empty where the text has none.
pub fn title_and_beginning(text: &str, bytes: usize) -> (String, String) {
    let plain = |text: &str| text.replace(['*', '`', '#', '_'], "").trim().to_owned();
    let text = at_most(text.trim_start(), bytes);
    let (title, rest) = match text.strip_prefix('#') {
        Some(heading) => heading.split_once('\n').unwrap_or((heading, "")),
        None => ("", text),
    };
    let lines = rest.lines().map(plain).filter(|line| !line.is_empty());
    (plain(title), lines.collect::<Vec<_>>().join(" "))
}
