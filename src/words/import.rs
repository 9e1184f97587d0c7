//! Traces that were brought along: what was read, what was odd, and why a file is not opened.

use super::counted;

// Formats, as they are called.

pub const OTLP: &str = "OTLP";

/// The scripted answer of an agent whose answer is not in the file.
pub const NO_ANSWER: &str = "(The trace does not say what was answered.)";

// What was read.

pub fn spans(count: usize) -> String {
    counted(count, "span", "spans")
}

pub fn requests(count: usize) -> String {
    counted(count, "request", "requests")
}

pub fn observations(count: usize) -> String {
    counted(count, "observation", "observations")
}

pub fn runs(count: usize) -> String {
    counted(count, "run", "runs")
}

pub fn calls(count: usize) -> String {
    counted(count, "call", "calls")
}

/// "OTLP, 14 spans, 4 agents, 2 notes".
pub fn summary(format: &str, spans: &str, agents: usize, notes: usize) -> String {
    let agents = counted(agents, "agent", "agents");
    let notes = match notes {
        0 => String::new(),
        some => format!(", {}", counted(some, "note", "notes")),
    };
    format!("{format}, {spans}, {agents}{notes}")
}

pub fn tokens(input: &str, output: &str, cost: Option<&str>) -> String {
    match cost {
        Some(cost) => format!("{input} tokens in, {output} out, {cost}"),
        None => format!("{input} tokens in, {output} out"),
    }
}

/// Both are told: "run.json: OTLP, 14 spans, 4 agents."
pub fn opened(name: &str, summary: &str) -> String {
    format!("Opened {name}: {summary}.")
}

pub fn opening(name: &str) -> String {
    format!("Opening {name}")
}

/// The second is a sentence, or the end of one.
pub fn not_opened(name: &str, why: &str) -> String {
    match why.starts_with(char::is_uppercase) {
        true => format!("{name} was not opened. {why}"),
        false => format!("{name} was not opened: {why}."),
    }
}

pub fn not_loaded(name: &str) -> String {
    format!("{name} could not be loaded.")
}

pub fn too_many_to_simulate(count: usize, most: usize) -> String {
    format!("it has {count} calls, and a pipeline has at most {most} agents")
}

pub fn not_simulated(why: &str) -> String {
    let end = if why.ends_with('.') { "" } else { "." };
    format!("This run cannot be simulated: {why}{end}")
}

pub fn http_status(status: u16) -> String {
    match status {
        0 => "The request failed before there was an answer".into(),
        status => format!("HTTP {status}"),
    }
}

// What was odd in a file that was opened all the same.

pub fn note(word: &str, count: usize, call: bool) -> String {
    let unit = |count: usize| match call {
        true => counted(count, "call", "calls"),
        false => counted(count, "span", "spans"),
    };
    let one = count == 1;
    match word {
        "twice" => format!("{} twice: shown once.", spans(count)),
        "same-id" => {
            let id = if one { "has the id of another one" } else { "have ids of others" };
            format!("{} {id}: all are shown.", spans(count))
        }
        "no-end" => format!("{} without an end: left out of the sums.", unit(count)),
        "negative" => {
            let ends = if one { "ends before it begins" } else { "end before they begin" };
            format!("{} that {ends}: left out of the sums.", unit(count))
        }
        "no-start" => format!("{} without a start: not shown.", unit(count)),
        "open-container" => {
            format!("{} without an end.", counted(count, "container", "containers"))
        }
        "no-parent" => {
            let are = if one { "is" } else { "are" };
            let parents = counted(count, "parent", "parents");
            format!("{parents} that {are} not in the file: what names one stands alone.")
        }
        "circle" => format!("{} inside itself: cut at one place.", counted(count, "span", "spans")),
        "skew" => {
            let (begin, whole) = if one { ("begins", "it is") } else { ("begin", "they are") };
            format!("{} {begin} before what {whole} a part of: two clocks.", spans(count))
        }
        "stray-end" => {
            format!("{} without a beginning: left out.", counted(count, "end", "ends"))
        }
        "cut-line" => "The last line is not whole: left out.".into(),
        "unclosed" => "The list is not closed: the file may end early.".into(),
        "long-texts" => {
            format!("{} left out: there is too much of them.", counted(count, "text", "texts"))
        }
        "traces" => format!("{} in one file.", counted(count, "trace", "traces")),
        _ => {
            let are = if one { "is no span" } else { "are no spans" };
            format!("{} that {are}: left out.", counted(count, "entry", "entries"))
        }
    }
}

// Why a file is not opened; each is a sentence of its own.

pub fn too_long(bytes: usize, most: usize) -> String {
    let megabytes = |bytes: usize| bytes.div_ceil(1_000_000);
    format!(
        "This file has {} MB, and {} MB is the most that is opened: save one run of it.",
        megabytes(bytes),
        megabytes(most)
    )
}

pub fn too_many(most: usize) -> String {
    format!(
        "This file has more than {} spans, which is the most that is opened: save one run of it.",
        most / 1000 * 1000
    )
}

fn looks_like(format: Option<&str>) -> String {
    match format {
        Some(OTLP) => " It looks like OpenTelemetry (OTLP).".into(),
        Some(format) => format!(" It looks like {format}."),
        None => String::new(),
    }
}

pub fn cut(line: usize, format: Option<&str>) -> String {
    let like = looks_like(format);
    format!("This file ends too early, in line {line}: it was cut.{like} Save it once more.")
}

pub fn broken(line: usize, format: Option<&str>) -> String {
    let like = looks_like(format);
    format!("This file is not JSON from line {line} on.{like}")
}

pub fn no_spans(format: &str) -> String {
    format!("This file looks like {format}, and there are no spans with a start in it.")
}

pub fn nothing_ended(format: &str) -> String {
    format!(
        "This file looks like {format}, and no call in it has an end: save it once the run is over."
    )
}
