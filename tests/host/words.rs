//! The texts that a reader sees: no sentence is written twice in `words`, and no retired term
//! comes back in `words` or in the views.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Terms that the page's texts no longer use.
const RETIRED: &[&str] = &["nobody", "whoever", "whomever", "everybody", "straggler", "cancelled"];

/// The Rust files of a folder, deep.
fn files(folder: &Path) -> Vec<PathBuf> {
    let inside = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    inside.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The string literals of a source, on one line each, without comments.
fn literals(source: &str) -> Vec<String> {
    let is_comment = |line: &&str| line.trim_start().starts_with("//");
    let code: Vec<&str> = source.lines().filter(|line| !is_comment(line)).collect();
    let code = code.join("\n").replace("'\"'", "''").replace("\\\"", "”");
    let literals = code.split('"').skip(1).step_by(2);
    literals.map(|text| text.split("\\\n").map(str::trim_start).collect()).collect()
}

fn texts(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let texts = |path: PathBuf| {
        let source = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        literals(&source).into_iter().map(move |text| (name.clone(), text))
    };
    files(&root.join(folder)).into_iter().flat_map(texts).collect()
}

fn is_sentence(text: &str) -> bool {
    let plain = text.split('{').map(|part| part.rsplit('}').next().unwrap_or_default());
    plain.flat_map(str::split_whitespace).count() > 3
}

fn retired(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
    RETIRED.iter().copied().find(|term| words.contains(term))
}

#[test]
fn no_sentence_is_written_twice() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in texts("words").into_iter().filter(|(_, text)| is_sentence(text)) {
        places.entry(text).or_default().push(path);
    }
    places.retain(|_, places| places.len() > 1);
    assert!(places.is_empty(), "\n{places:#?}\n");
}

#[test]
fn retired_terms_do_not_come_back() {
    let mut slips: BTreeMap<String, usize> = BTreeMap::new();
    let texts = texts("words").into_iter().chain(texts("app"));
    for (path, _) in texts.filter(|(_, text)| retired(text).is_some()) {
        *slips.entry(path).or_default() += 1;
    }
    assert_eq!(slips, BTreeMap::new());
}

#[test]
fn literals_are_read_and_terms_are_found() {
    let source = "// \"no\"\nf(\"a \\\"b\\\" \\\n   c\", '\"', \"For nobody.\");";
    assert_eq!(literals(source), ["a ”b” c", "For nobody."]);
    assert_eq!(retired("For nobody."), Some("nobody"));
    assert_eq!(retired("nobodyelse"), None);
}
