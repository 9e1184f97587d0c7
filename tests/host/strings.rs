//! All texts for readers are in `src/words`: a scan of all other sources for strings that look like
//! language. It sees sentences, capitalised words, and whatever is put on the page as it stands; a
//! single small word that takes another way to the page gets past it.

use std::fs;
use std::path::Path;

/// Where texts belong, and where they are content: models' answers, generated programs.
const ELSEWHERE: &[&str] = &["src/words", "src/presets/", "src/codegen"];

/// What looks like language and is not for readers: where, how it begins, and why it may stay.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/app.rs", ".transport", "a selector"),
    ("src/app/connection.rs", "Hi", "asked of the model, to try the connection"),
    ("src/app/flow.rs", "flow-node slim", "classes"),
    ("src/app/handle.rs", "Home", "a key"),
    ("src/app/handle.rs", "End", "a key"),
    ("src/app/lane.rs", ".bar, .silence", "a selector"),
    ("src/app/race.rs", "bar done", "classes"),
    ("src/app/rest.rs", ".transport", "a selector"),
    ("src/app/tour.rs", ".guess", "a selector"),
    ("src/app/tour.rs", ".transport", "a selector"),
    ("src/app/transport.rs", "Home", "a key"),
    ("src/app/transport.rs", "End", "a key"),
    ("src/config/snippet.rs", "<script", "markup; its title is made in words"),
    ("src/edit/draft.rs", "What is there to say", "a prompt to begin with"),
    ("src/edit/draft.rs", "There is this to say", "a model's answer to begin with"),
    ("src/llm/doctor/sentences.rs", "ollama ", "a command"),
    ("src/llm/doctor/sentences.rs", "OLLAMA_ORIGINS", "a command"),
    ("src/llm/doctor/sentences.rs", "$env:OLLAMA_ORIGINS", "a command"),
    ("src/llm/doctor/sentences.rs", "lms ", "a command"),
    ("src/llm/doctor/signs.rs", "", "what services say, to tell their errors apart"),
    ("src/llm/hints.rs", "", "what services say, to find how long to wait"),
    ("src/llm/openai.rs", "Bearer", "a header"),
    ("src/llm/openai.rs", "Converge", "a header"),
    ("src/llm/picture.rs", "{} of {} bytes", "for debugging"),
    ("src/llm/picture.rs", "{}\n\n[The image shows", "part of a prompt"),
    ("src/llm/vendors.rs", "Anthropic", "a name"),
    ("src/llm/vendors.rs", "Cerebras", "a name"),
    ("src/llm/vendors.rs", "Google Gemini", "a name"),
    ("src/llm/vendors.rs", "Groq", "a name"),
    ("src/llm/vendors.rs", "LM Studio", "a name"),
    ("src/llm/vendors.rs", "Mistral", "a name"),
    ("src/llm/vendors.rs", "Ollama", "a name"),
    ("src/llm/vendors.rs", "Together", "a name"),
    ("src/main.rs", "Converge is a web page", "printed by a program that is none"),
    ("src/pipeline.rs", "Parts", "a type"),
    ("src/poster.rs", "<svg", "markup"),
    ("src/poster.rs", "length poster-", "classes"),
    ("src/poster.rs", "name poster-", "classes"),
    ("src/presets.rs", "`{key}` is not a key", "of a panic that the tests rule out"),
    ("src/state.rs", "String", "a type"),
    ("src/template.rs", "String", "a type"),
    (
        "src/timeline/steps.rs",
        "not yet",
        "a word of style sheets, which `words::called` translates",
    ),
    ("src/versus/memory.rs", "at work", "a word of style sheets, which `words::called` translates"),
    ("src/versus/memory.rs", "held by", "a word of style sheets, which `words::called` translates"),
    ("src/web/built_in.rs", "data: {event}", "part of a stream"),
    ("src/web/page.rs", "Windows", "looked for in the browser's own name"),
    ("src/web/page.rs", "button, input", "a selector"),
    ("src/web/page.rs", "Converge {}", "the head of a report for whoever runs the page"),
];

/// What is not read when it is given to one of these.
const UNREAD: &[&str] = &[
    ".class(",
    ".when(",
    ".style(",
    ".on(",
    ".upon(",
    "button(",
    "width:",
    "code:format!(",
    ".key()==",
    "expect(",
    "panic!(",
    "unreachable!(",
];

/// The attributes that are read to people.
const READ: &[&str] = &["aria-label", "aria-description", "alt", "placeholder", "title"];

/// A string in a source file.
struct Text {
    line: usize,
    /// The code before it, without its white space.
    before: String,
    text: String,
}

/// All strings of a source file.
fn texts(source: &str) -> Vec<Text> {
    let chars: Vec<char> = source.chars().collect();
    let is = |at: usize, c: char| chars.get(at) == Some(&c);
    let (mut texts, mut before, mut line, mut at) = (Vec::new(), String::new(), 1, 0);
    while at < chars.len() {
        let begin = at;
        let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
        let is_raw = is(at, 'r')
            && is(at + 1 + hashes, '"')
            && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if is(at, '/') && is(at + 1, '/') {
            at += chars[at..].iter().take_while(|c| **c != '\n').count();
        } else if is(at, '\'') && (is(at + 1, '\\') || is(at + 2, '\'')) {
            // What is escaped may be a quote itself.
            at += 3;
            at += chars[at - 1..].iter().take_while(|c| **c != '\'').count();
            before.push('c');
        } else if is(at, '"') || is_raw {
            let mut text = String::new();
            if is_raw {
                at += hashes + 2;
                let ends = |at: usize| is(at, '"') && (1..=hashes).all(|next| is(at + next, '#'));
                while !ends(at) {
                    text.push(chars[at]);
                    at += 1;
                }
                at += hashes + 1;
            } else {
                at += 1;
                while !is(at, '"') {
                    if is(at, '\\') && is(at + 1, '\n') {
                        // The line goes on at its next word.
                        at += 1;
                        at += chars[at..].iter().take_while(|c| c.is_whitespace()).count();
                    } else if is(at, '\\') {
                        text.push(if is(at + 1, 'n') { '\n' } else { chars[at + 1] });
                        at += 2;
                    } else {
                        text.push(chars[at]);
                        at += 1;
                    }
                }
                at += 1;
            }
            texts.push(Text { line, before: before.clone(), text: text.clone() });
            before.push_str(&format!("\"{text}\""));
        } else {
            if !chars[at].is_whitespace() {
                before.push(chars[at]);
            }
            at += 1;
        }
        line += chars[begin..at].iter().filter(|c| **c == '\n').count();
        // Only the end of it is ever looked at.
        if before.len() > 1000
            && let Some((cut, _)) = before.char_indices().rev().nth(200)
        {
            before.drain(..cut);
        }
    }
    texts
}

/// The text with a mark in place of each hole.
fn with_marks(text: &str) -> String {
    let mut marked = String::new();
    let mut rest = text;
    while let Some((plain, hole)) = rest.split_once('{') {
        marked.push_str(plain);
        marked.push('#');
        rest = hole.split_once('}').map_or("", |(_, after)| after);
    }
    marked + rest
}

/// Whether it is a word, whatever stands before and after it. With a hole in it, it is none.
fn is_word(token: &str) -> bool {
    let word = token.trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
    !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || "’'-".contains(c))
}

/// Two words, or a word beside a hole.
fn is_a_sentence(text: &str) -> bool {
    let marked = with_marks(text);
    let tokens: Vec<&str> = marked.split_whitespace().collect();
    tokens.windows(2).any(|pair| {
        let is_hole = |token: &str| token.contains('#') && !token.contains(char::is_alphanumeric);
        match (is_word(pair[0]), is_word(pair[1])) {
            (true, true) => true,
            (true, false) => is_hole(pair[1]),
            (false, true) => is_hole(pair[0]),
            (false, false) => false,
        }
    })
}

/// "Run", "Agents:".
fn is_a_title(text: &str) -> bool {
    let word = text.trim_end_matches(['.', ':', '…', '?', '!', ' ']);
    word.starts_with(|c: char| c.is_uppercase())
        && word.chars().count() > 1
        && word.chars().skip(1).all(|c| c.is_lowercase())
}

/// Whether readers meet it.
fn is_for_readers(text: &Text) -> bool {
    let before = &text.before;
    if UNREAD.iter().any(|unread| before.ends_with(unread)) {
        return false;
    }
    let about = before.rsplit_once(".attr(\"").map_or("", |(_, rest)| rest);
    let about = about.strip_suffix("\",").filter(|name| !name.contains(['"', '(']));
    let is_put = before.ends_with(".child(") || about.is_some_and(|name| READ.contains(&name));
    match about {
        Some(name) if !READ.contains(&name) => false,
        _ if is_put => with_marks(&text.text).chars().any(char::is_alphabetic),
        _ => is_a_sentence(&text.text) || is_a_title(&text.text),
    }
}

/// Everything for readers in a source file.
fn found(source: &str) -> Vec<Text> {
    texts(source).into_iter().filter(is_for_readers).collect()
}

fn excepted(path: &str, text: &str) -> Option<usize> {
    EXCEPTIONS.iter().position(|(file, start, _)| *file == path && text.starts_with(start))
}

/// The sources that are looked through: path and text.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut sources, mut folders) = (Vec::new(), vec![root.join("src")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            if name.ends_with(".rs") && !ELSEWHERE.iter().any(|start| name.starts_with(start)) {
                sources.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    sources.sort();
    assert!(sources.len() > 50);
    sources
}

#[test]
fn texts_for_readers_are_in_words() {
    let mut slips = Vec::new();
    let mut used = vec![false; EXCEPTIONS.len()];
    for (path, source) in sources() {
        for text in found(&source) {
            match excepted(&path, &text.text) {
                Some(exception) => used[exception] = true,
                None => slips.push(format!("{path}:{}: {:?}", text.line, text.text)),
            }
        }
    }
    let unused = EXCEPTIONS.iter().zip(used).filter(|(_, used)| !used);
    slips.extend(unused.map(|((path, start, _), _)| format!("{path} has no {start:?} to except")));
    assert!(slips.is_empty(), "\nmove these to src/words:\n{}\n", slips.join("\n"));
}

#[test]
fn the_scan_bites() {
    let bites = |code: &str, text: &str| {
        let found: Vec<String> = found(code).into_iter().map(|text| text.text).collect();
        assert_eq!(found, [text], "{code}");
    };
    bites(r#"el("p").child("It has taken ")"#, "It has taken ");
    bites(r#"el("p").child("of")"#, "of");
    bites(r#"el("p").attr("aria-label", "agents")"#, "agents");
    bites(r#"button("quiet", "copy", text(|| "Copy".into()), copy)"#, "Copy");
    bites(r#"let told = "Agents:";"#, "Agents:");
    bites(r#"format!("{many} models")"#, "{many} models");
    bites(r#"format!("About {}.", tokens)"#, "About {}.");
    bites("let x = '\"'; f(\"two words\")", "two words");
    bites("let x: &'a str = \"on two \\\n    lines\";", "on two lines");
    bites(r##"let x = r#"a "raw" text"#;"##, "a \"raw\" text");
    bites("// \"not this\"\nlet x = \"but this\"; // \"nor this\"", "but this");
}

#[test]
fn the_scan_bites_nothing_else() {
    let passes = |code: &str| assert_eq!(found(code).len(), 0, "{code}");
    passes(r#"el("p").class("field wide").attr("data-control", "two words")"#);
    passes(r#"el("p").attr("aria-label", words::race::RUN).child(", ")"#);
    passes(r#"value.expect("a reason for nobody")"#);
    passes(r#"el("code").child("{key}")"#);
    passes(r#"format!("M{x} {y}h3")"#);
    passes(r#"icon("M4 3l6 5-6 5zM11 3h2v10h-2z")"#);
    passes(r#"format!("{} {}", one, other)"#);
    passes(r#"Field { name: "model", key: "read_timeout" }"#);
}

#[test]
fn a_text_has_its_line() {
    let lines: Vec<usize> =
        texts("f(\"a\");\n\ng(\"b\nc\", \"d\");").iter().map(|t| t.line).collect();
    assert_eq!(lines, [1, 3, 4]);
}
