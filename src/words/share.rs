//! What leaves the page by hand: the link to its state, and the snippet for another page.

// What a link holds.

pub fn settings(count: usize) -> String {
    match count {
        1 => "one setting".into(),
        some => format!("{some} settings"),
    }
}

pub fn more_settings(count: usize) -> String {
    match count {
        1 => "one more setting".into(),
        some => format!("{some} more settings"),
    }
}

pub fn holds(parts: &str) -> String {
    format!("It contains {parts}")
}

pub fn long(length: usize) -> String {
    format!(" It has {length} characters; some programs cut links that long.")
}

pub fn told(held: &str, long: &str) -> String {
    format!("{held}. Links never contain API keys, and opening one never starts a paid run.{long}")
}

// The snippet.

pub fn title(preset: &str) -> String {
    format!("Converge: {preset}")
}
