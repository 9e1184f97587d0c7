//! The picture that agents look at: choosing one, and where it goes.

pub fn not_taken(error: &str) -> String {
    format!("That picture was not taken: {error}.")
}

// Where it goes.

pub fn goes_nowhere(who: &str) -> String {
    format!(
        "{who} looks at it. Simulated: it goes nowhere. To a live model that takes pictures it \
         goes with the prompt of {who} and no other; it is in no link and no file."
    )
}

pub fn goes_to(label: &str, who: &str, kilobytes: usize) -> String {
    format!(
        "It goes to {label} with the prompt of {who} and no other: {kilobytes} KB. It is in no \
         link and no file."
    )
}

pub fn goes_to_some(label: &str, who: &str, kilobytes: usize) -> String {
    format!(
        "It goes to {label} with the prompt of {who}: {kilobytes} KB. Not every model there takes \
         pictures; for one that does not, send words instead."
    )
}

pub fn taken_by_none(label: &str, who: &str, shows: &str) -> String {
    format!("{label} takes no pictures here, so {who} is told in words: “{shows}”.")
}

pub fn told_in_words(who: &str, shows: &str) -> String {
    format!("{who} is told in words: “{shows}”.")
}
