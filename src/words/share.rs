//! What leaves the page by hand: the link to its state, and the snippet for another page.

// The link.

pub const COPIED: &str = "The link is in the clipboard; a key is never part of it.";
pub const SELECTED: &str = "This browser does not let the page copy: the link is selected, so \
    copy it by hand. A key is never part of it.";
pub const SHARE: &str = "Share";
pub const LINK: &str = "Link";
pub const LINK_LABEL: &str = "Link to this state";
pub const CLOSE: &str = "Close";

// What a link holds.

pub const PRESET: &str = "the preset";
pub const PIPELINE: &str = "the whole pipeline as you edited it";
pub const TOPIC: &str = "the topic";
pub const LATENCIES: &str = "latencies";
pub const FAULTS: &str = "faults";
pub const PROVIDER: &str = "the provider";
pub const ADDRESS: &str = "its address";
pub const MODEL: &str = "the model";

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

pub const HOLDS_NOTHING: &str = "It holds nothing but the page as it comes";

pub fn holds(parts: &str) -> String {
    format!("It holds {parts}")
}

pub fn long(length: usize) -> String {
    format!(" It has {length} characters, and some programs cut links that long.")
}

pub fn told(held: &str, long: &str) -> String {
    format!(
        "{held}; never a key. Nothing that costs money starts by itself when it is opened.{long}"
    )
}

// The snippet.

pub const HIDE_SPEED: &str = "speed";
pub const HIDE_TRANSPORT: &str = "time controls";
pub const HIDE_RUN: &str = "Run";
pub const HIDE_GUESS: &str = "the guess";
pub const HIDE_LEGEND: &str = "legend";
pub const HIDE_STATUS: &str = "status line";
pub const EMBED: &str = "Embed";
pub const SNIPPET_COPIED: &str = "The snippet is in the clipboard.";
pub const SNIPPET_SELECTED: &str =
    "This browser does not let the page copy: the snippet is selected, so copy it by hand.";
pub const SNIPPET: &str = "Snippet";
pub const NEVER_A_KEY: &str = "A key is never part of it. ";
pub const SEE_AN_ARTICLE: &str = "See an article made of such figures";
pub const COPY_THE_SNIPPET: &str = "Copy the snippet";
pub const PREVIEW: &str = "Preview";
pub const PICTURE_ALT: &str = "The picture that the snippet shows";
pub const PICTURE_OF_PRESETS_ONLY: &str = "There is a picture of each preset as it comes. With \
    other settings it would show wrong figures, so the snippet is a link alone.";
pub const THEME_AS_AROUND: &str = "as the page around";
pub const STARTS_BY_HAND: &str = "by hand";
pub const STARTS_AT_ONCE: &str = "at once";
pub const STARTS_WHEN_SEEN: &str = "when scrolled into view";
pub const FORM: &str = "Form";
pub const WHAT_IT_SHOWS: &str = "What it shows";
pub const ITS_THEME: &str = "Its theme";
pub const IT_STARTS: &str = "It starts";
pub const WITHOUT: &str = "Without";
pub const ELEMENT: &str = "Element: height, theme and links follow the page";
pub const FRAME: &str = "Plain iframe, where scripts are not allowed";
pub const PICTURE: &str = "Picture with a link, where iframes are not allowed";

pub fn title(preset: &str) -> String {
    format!("Converge: {preset}")
}

// What a figure shows.

pub const VIEW_ALL: &str = "The whole page";
pub const VIEW_RACE: &str = "The race";
pub const VIEW_FLOW: &str = "The flow";
pub const VIEW_LOOP: &str = "The event loop";
pub const VIEW_DATA: &str = "The data";
pub const VIEW_CODE: &str = "The code";
pub const VIEW_LAB: &str = "The lab: conditions and the pipeline";
