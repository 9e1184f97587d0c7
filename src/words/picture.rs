//! The picture that agents look at: choosing one, and where it goes.

pub fn not_taken(error: &str) -> String {
    format!("Could not use this picture: {error}.")
}

// Where it goes.

pub fn goes_nowhere(who: &str) -> String {
    format!(
        "{who} looks at it. A simulated run sends it nowhere. A live model that accepts pictures \
         gets it with the prompt of {who} only; no link and no file contains it."
    )
}

pub fn goes_to(label: &str, who: &str, kilobytes: usize) -> String {
    format!(
        "It is sent to {label} with the prompt of {who} only ({kilobytes} KB). No link and no file \
         contains it."
    )
}

pub fn goes_to_some(label: &str, who: &str, kilobytes: usize) -> String {
    format!(
        "It is sent to {label} with the prompt of {who} ({kilobytes} KB). Not every model there \
         accepts pictures; for one that does not, send words instead."
    )
}

pub fn taken_by_none(label: &str, who: &str, shows: &str) -> String {
    format!("{label} accepts no pictures here. {who} gets a description: “{shows}”.")
}

pub fn told_in_words(who: &str, shows: &str) -> String {
    format!("{who} gets a description: “{shows}”.")
}
