//! The rules of the house that no compiler checks: who may name whom, how long a file may be, what
//! is on the map. Each rule is a function over text, and is itself tried on text that breaks it.

mod app;
mod circles;
mod layers;

use std::fs;
use std::path::Path;

use layers::LAYERS;

/// The crates that only a browser has, so that the layers below it build without them.
const BROWSER_CRATES: &[&str] =
    &["leptos", "web_sys", "gloo_net", "wasm_bindgen", "wasm_bindgen_futures", "js_sys"];

/// Whatever would make markup of text.
const MARKUP: &[&str] = &["inner_html", "outer_html", "insert_adjacent_html", "write_html", "eval"];

/// A source file: its path from the package's root, and its text.
struct File {
    path: String,
    text: String,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// The top-level module that it is part of: `timeline` for `src/timeline/flow.rs`.
    fn module(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        inside.split(['/', '.']).next().unwrap_or_default()
    }

    /// Its lines without comments.
    fn code(&self) -> String {
        let line = |line: &str| match line.trim_start().starts_with("//") {
            true => String::new(),
            false => line.split(" // ").next().unwrap_or_default().to_owned(),
        };
        self.text.lines().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// Every path of this crate that the code names, from `crate::` on: `time::Instant` and the like.
fn crate_paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, root) in code.match_indices("crate::").chain(code.match_indices("converge::")) {
        if code[..at].chars().next_back().is_some_and(is_word) {
            continue;
        }
        expand("", &code[at + root.len()..], &mut paths);
    }
    paths
}

/// Reads one path, or all paths of a group in braces; answers how much it has read.
fn expand(prefix: &str, code: &str, paths: &mut Vec<String>) -> usize {
    let own = code.find(|c: char| !is_word(c) && c != ':').unwrap_or(code.len());
    let path = format!("{prefix}{}", &code[..own]);
    if !code[own..].starts_with('{') {
        paths.push(path);
        let alias = code[own..]
            .strip_prefix(" as ")
            .map(|rest| " as ".len() + rest.find(|c: char| !is_word(c)).unwrap_or(rest.len()));
        return own + alias.unwrap_or_default();
    }
    let mut at = own + 1;
    while let Some(next) = code[at..].chars().next().filter(|c| *c != '}') {
        at += if is_word(next) { expand(&path, &code[at..], paths) } else { next.len_utf8() };
    }
    at + 1
}

fn layer_slips(file: &File) -> Vec<String> {
    let module = file.module();
    if module == "lib" {
        return Vec::new();
    }
    let Some(layer) = LAYERS.iter().find(|layer| layer.modules.contains(&module)) else {
        return vec![format!("{}: give `{module}` a place in LAYERS", file.path)];
    };
    let allowed = |path: &str| {
        let opens =
            |open: &&str| *open == "*" || path == *open || path.starts_with(&format!("{open}::"));
        path.split("::").next().is_some_and(|top| layer.modules.contains(&top))
            || layer.may_name.iter().any(opens)
    };
    let code = file.code();
    let mut slips: Vec<String> = (crate_paths(&code).iter().filter(|path| !allowed(path)))
        .map(|path| format!("{}: may not name crate::{path}", file.path))
        .collect();
    // A way round the names above.
    if names(&code, "super::super") {
        slips.push(format!("{}: say crate:: and not super::super::", file.path));
    }
    let browser = matches!(module, "web" | "app" | "main");
    for outsider in BROWSER_CRATES.iter().filter(|outsider| names(&code, outsider)) {
        let at_home = match *outsider {
            "gloo_net" => file.path == "src/web/fetch.rs",
            "leptos" => module == "app",
            _ => browser,
        };
        if !at_home {
            slips.push(format!("{}: may not name {outsider}", file.path));
        }
    }
    for clock in ["performance", "SystemTime", "Date", "std::time::Instant"] {
        if names(&code, clock) && file.path != "src/web/clock.rs" {
            slips.push(format!(
                "{}: only the browser clock reads a real clock ({clock})",
                file.path
            ));
        }
    }
    for maker in MARKUP.iter().chain(&["set_inner_html"]).filter(|maker| names(&code, maker)) {
        slips.push(format!("{}: {maker} makes markup of text", file.path));
    }
    slips
}

const LONG: usize = 400;

fn length_slips(file: &File) -> Vec<String> {
    let lines = file.text.lines().count();
    let head = file.text.lines().take_while(|line| line.starts_with("//"));
    let reason = head.collect::<Vec<_>>().join(" ").contains("over 400 lines because");
    match lines > LONG && !reason {
        true => vec![format!("{}: {lines} lines; split it, or say why in its head", file.path)],
        false => Vec::new(),
    }
}

/// A module opens with what it is.
fn head_slips(file: &File) -> Vec<String> {
    match file.text.starts_with("//!") {
        true => Vec::new(),
        false => vec![format!("{}: open it with what it is", file.path)],
    }
}

/// The paths in backticks that begin with `src/`.
fn mapped(map: &str) -> Vec<&str> {
    map.split('`').skip(1).step_by(2).filter(|path| path.starts_with("src/")).collect()
}

/// What the map lacks, and what it has that is not there.
fn map_slips(map: &str, files: &[File]) -> Vec<String> {
    let mapped = mapped(map);
    let covers = |path: &&str, file: &File| {
        let folder = path.ends_with('/') && *path != "src/";
        *path == file.path || folder && file.path.starts_with(*path)
    };
    let missing = (files.iter().filter(|file| !mapped.iter().any(|path| covers(path, file))))
        .map(|file| format!("{} is not on the map", file.path));
    let gone = (mapped.iter().filter(|path| {
        **path != "src/"
            && !files.iter().any(|file| {
                file.path == **path
                    || file.path.starts_with(&format!("{}/", path.trim_end_matches('/')))
            })
    }))
    .map(|path| format!("{path} is on the map and nowhere else"));
    missing.chain(gone).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder of the package.
fn files(folder: &str) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(root()).unwrap().to_str().unwrap();
                files.push(File::new(
                    &inside.replace('\\', "/"),
                    &fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!files.is_empty());
    files
}

fn check(folders: &[&str], rule: fn(&File) -> Vec<String>) {
    let slips: Vec<String> = folders.iter().flat_map(|f| files(f)).flat_map(|f| rule(&f)).collect();
    assert!(slips.is_empty(), "\n{}\n", slips.join("\n"));
}

#[test]
fn every_layer_names_only_what_is_below_it() {
    check(&["src"], layer_slips);
}

#[test]
fn files_are_short_or_say_why_not() {
    check(
        &["src", "tests/host", "xtask/src", "xtask/bindgen/src", "xtask/split/src"],
        length_slips,
    );
}

#[test]
fn every_file_opens_with_what_it_is() {
    check(&["src", "tests/host", "xtask/src", "xtask/bindgen/src", "xtask/split/src"], head_slips);
}

#[test]
fn every_module_is_on_the_map() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md"))
        .expect("ARCHITECTURE.md has the code map");
    let slips = map_slips(&map, &files("src"));
    assert!(slips.is_empty(), "\n{}\n", slips.join("\n"));
}

/// Wherever else a source file is pointed to, it is there.
#[test]
fn every_path_in_the_readme_exists() {
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else { return };
    for path in mapped(&readme) {
        assert!(root().join(path).exists(), "README.md points to {path}");
    }
}

/// The crates for the browser are dependencies of the browser's build alone.
#[test]
fn the_host_does_not_build_the_browsers_crates() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let common = manifest.split("\n[dependencies]").nth(1).unwrap();
    let common = common.split("\n[").next().unwrap();
    for outsider in BROWSER_CRATES {
        for spelled in [(*outsider).to_owned(), outsider.replace('_', "-")] {
            assert!(!names(common, &spelled), "{spelled} is a dependency of every build");
        }
    }
}

/// What the layer rule says to a line in that file.
fn slips(path: &str, line: &str) -> Vec<String> {
    layer_slips(&File::new(path, line))
}

#[test]
fn the_layer_rule_bites() {
    let bites = |path, line| assert_eq!(slips(path, line).len(), 1, "{path}: {line}");
    bites("src/engine.rs", "use crate::timeline::Timeline;");
    bites("src/engine.rs", "use crate::{clock::Clock, simulate::Script};");
    bites("src/engine.rs", "let t = crate::llm::ProviderId::ALL;");
    bites("src/engine.rs", "use converge::app;");
    bites("src/time.rs", "use crate::clock::Clock;");
    bites("src/trace.rs", "use crate::engine::Schedule;");
    bites("src/timeline/flow.rs", "use crate::clock::Clock;");
    bites("src/timeline/flow.rs", "use super::super::clock::Clock;");
    bites("src/llm/openai.rs", "use crate::pipeline::Agent;");
    bites("src/web/fetch.rs", "use crate::llm::client::LiveModel;");
    bites("src/web/fetch.rs", "use crate::app::start;");
    bites("src/brand_new.rs", "");
    bites("src/model.rs", "use web_sys::Window;");
    bites("src/timeline/text.rs", "fn f() -> leptos::View {}");
    bites("src/web/page.rs", "use leptos::prelude::*;");
    bites("src/app/live.rs", "use gloo_net::http::Request;");
    bites("src/app/race.rs", "window.performance()");
    bites("src/engine.rs", "let now = std::time::Instant::now();");
    bites("src/app/report.rs", "view! { <div inner_html=html></div> }");
    bites("src/web/page.rs", "element.set_inner_html(text);");
}

#[test]
fn the_layer_rule_bites_nothing_else() {
    let passes = |path, line| assert_eq!(slips(path, line), Vec::<String>::new());
    passes("src/engine.rs", "use crate::{clock::{Clock, Timers}, time::Instant};");
    passes("src/engine.rs", "//! Not the [`timeline`](crate::timeline)'s business.");
    passes("src/engine.rs", "let x = 1; // as in crate::timeline");
    passes("src/timeline/flow.rs", "use super::Timeline;\nuse crate::timeline::scale::TimeScale;");
    passes("src/web/fetch.rs", "use crate::llm::http::Transport;\nuse gloo_net::http::Request;");
    passes("src/app/race.rs", "use leptos::prelude::*;\nuse crate::web::clock::BrowserClock;");
    passes("src/web/clock.rs", "window.performance()");
    passes("src/model.rs", "let candidate = updated_web_system;");
}

#[test]
fn paths_are_read_out_of_groups() {
    let code = "use crate::{a::{b, c as d}, e};\nx(crate::f::g(1), mycrate::h);";
    assert_eq!(crate_paths(code), ["a::b", "a::c", "e", "f::g"]);
}

#[test]
fn the_length_rule_bites() {
    let long = "//! What it is.\n".to_owned() + &"x\n".repeat(400);
    assert_eq!(length_slips(&File::new("src/a.rs", &long)).len(), 1);
    let reason =
        "//! What it is. It is\n//! over 400 lines because it is one table.\n".to_owned() + &long;
    assert_eq!(length_slips(&File::new("src/a.rs", &reason)).len(), 0);
    let late = long.clone() + "// over 400 lines because";
    assert_eq!(length_slips(&File::new("src/a.rs", &late)).len(), 1);
    let short = "//! What it is.\n".to_owned() + &"x\n".repeat(399);
    assert_eq!(length_slips(&File::new("src/a.rs", &short)).len(), 0);
    assert_eq!(head_slips(&File::new("src/a.rs", "use x;")).len(), 1);
}

#[test]
fn the_map_rule_bites() {
    let files =
        || ["src/time.rs", "src/timeline.rs", "src/timeline/flow.rs"].map(|p| File::new(p, ""));
    let check = |map: &str, expected: &[&str]| assert_eq!(map_slips(map, &files()), expected);
    check("`src/time.rs` `src/timeline.rs` and `src/timeline/`", &[]);
    check("`src/time.rs` `src/timeline.rs` `src/timeline/flow.rs`, all in `src/`", &[]);
    check("`src/timeline.rs` `src/timeline/`", &["src/time.rs is not on the map"]);
    check("src/time.rs `src/timeline.rs` `src/timeline/`", &["src/time.rs is not on the map"]);
    check(
        "`src/time.rs` `src/timeline.rs` `src/timeline/` `src/clock.rs`",
        &["src/clock.rs is on the map and nowhere else"],
    );
    check(
        "`src/`",
        &[
            "src/time.rs is not on the map",
            "src/timeline.rs is not on the map",
            "src/timeline/flow.rs is not on the map",
        ],
    );
}
