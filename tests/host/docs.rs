//! What the documentation says is so: its settings are the page's, its commands those of xtask, its
//! snippets what the page writes, its policy the page's own, and every file and section it points to is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use converge::codegen::Language;
use converge::config::{Autoplay, Form, KEYS, ScheduleChoice, Settings, Tab, Theme, View};
use converge::engine::OnFailure;
use converge::llm::ProviderId;
use converge::presets::PresetId;

/// The pages that a stranger reads.
const PAGES: &[&str] = &[
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "bench/RESULTS.md",
    "docs/embedding.md",
    "docs/hosting.md",
    "docs/live-models.md",
    "docs/settings.md",
];

fn text(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn pages() -> impl Iterator<Item = (&'static str, String)> {
    PAGES.iter().map(|page| (*page, text(page)))
}

/// What stands between two marks, each time.
fn between<'a>(text: &'a str, before: &'a str, after: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| Some(rest.split_once(after)?.0))
}

/// The rows of a page's tables whose first cell is code: that cell's words, and the second cell.
fn settings_rows(page: &str) -> Vec<(&str, &str)> {
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| row.trim_matches('|').split('|').collect::<Vec<_>>());
    cells.map(|cells| (cells[0].trim().trim_matches('`'), cells[1])).collect()
}

fn words(cell: &str) -> BTreeSet<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_setting_is_documented() {
    let page = text("docs/settings.md");
    let documented: BTreeSet<&str> = settings_rows(&page).iter().map(|(key, _)| *key).collect();
    assert_eq!(documented, KEYS.into_iter().collect());
}

#[test]
fn settings_have_the_values_that_are_documented() {
    let page = text("docs/settings.md");
    let rows = settings_rows(&page);
    let listed = |key: &str| words(rows.iter().find(|(own, _)| *own == key).unwrap().1);
    let check = |key: &str, values: BTreeSet<&str>| assert_eq!(listed(key), values, "{key}");
    check("preset", PresetId::ALL.into_iter().map(PresetId::id).collect());
    check("schedule", ScheduleChoice::ALL.iter().map(|choice| choice.as_str()).collect());
    check("on_error", OnFailure::ALL.into_iter().map(OnFailure::as_str).collect());
    check("view", View::ALL.iter().map(|choice| choice.as_str()).collect());
    check("tab", Tab::ALL.iter().map(|choice| choice.as_str()).collect());
    check("lang", Language::ALL.iter().map(|language| language.as_str()).collect());
    check("theme", Theme::ALL.iter().map(|choice| choice.as_str()).collect());
    check("autoplay", Autoplay::ALL.iter().map(|choice| choice.as_str()).collect());
    let live = ProviderId::ALL.into_iter().map(ProviderId::name);
    check("provider", live.chain(["simulated"]).collect());
    let styles = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("style")).unwrap();
    let styles: String =
        styles.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    check("hide", between(&styles, "[data-hide~=\"", "\"").collect());
    // Examples of values that are more than a word.
    for key in ["latency", "fail"] {
        for value in listed(key).into_iter().filter(|value| value.contains(':')) {
            assert!(Settings::default().set(key, value).is_some(), "{key}={value}");
        }
    }
}

#[test]
fn addresses_in_the_pages_are_understood() {
    let mut found = 0;
    for (page, text) in pages() {
        let ends = |c: char| matches!(c, '"' | '`' | '\n' | ')' | ' ');
        let links = text.split("https://HOST/#").skip(1).filter_map(|rest| rest.split(ends).next());
        for settings in links.chain(between(&text, "data-converge-set=\"", "\"")) {
            let (_, notes) = Settings::read("", settings);
            assert!(notes.is_empty(), "{page}: {settings}: {notes:?}");
            for (key, _) in form_urlencoded::parse(settings.as_bytes()) {
                assert!(KEYS.contains(&key.as_ref()), "{page}: {settings}");
            }
            found += 1;
        }
    }
    assert!(found > 5, "found only {found}");
}

/// Both pages show the lines that the Embed button writes, which only adds a link for readers without scripts.
#[test]
fn the_snippet_is_what_the_page_writes() {
    let (settings, _) = Settings::read("", "preset=company&view=race");
    let written = settings.snippet(Form::Element, "https://HOST/", 760, "");
    let (script, element) = written.split_once('\n').unwrap();
    let (element, link) = element.split_once('\n').unwrap();
    assert!(link.starts_with("<a href=") && link.ends_with("</a></converge-demo>"), "{link}");
    for page in ["README.md", "docs/embedding.md"] {
        let snippet = format!("    {script}\n    {element}</converge-demo>\n");
        assert!(text(page).contains(&snippet), "{page} does not say\n{snippet}");
    }
    let picture = settings.snippet(Form::Picture, "https://HOST/", 760, "");
    let picture = picture.split_once("<img ").unwrap().1.split_once(" alt=").unwrap().0;
    assert!(text("docs/embedding.md").contains(picture), "{picture}");
}

/// The commands of a page: after `cargo xtask`, up to where the code ends.
fn commands(text: &str) -> Vec<String> {
    let ends = |c: char| matches!(c, '`' | '\n' | '#' | ';');
    let commands = text.split("cargo xtask ").skip(1);
    commands.map(|rest| rest.split(ends).next().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn commands_in_the_pages_exist() {
    let help = text("xtask/src/main.rs");
    // What follows `bench` is read by the program that measures.
    let bench = text("bench/bench.mjs");
    let mut found = BTreeSet::new();
    for (page, text) in pages() {
        for command in commands(&text) {
            let mut words = command.split_whitespace();
            let name = words.next().unwrap_or_default();
            assert!(help.contains(&format!("\n  cargo xtask {name}")), "{page}: {command}");
            for flag in words.filter_map(|word| word.strip_prefix("--")) {
                let known = match name {
                    "bench" => bench.contains(&format!("[--{flag}")),
                    _ => help.contains(&format!("(\"{name}\", Long(\"{flag}\")")),
                };
                assert!(known, "{page}: {command}");
            }
            found.insert(command);
        }
    }
    assert!(found.len() > 6, "{found:?}");
}

#[test]
fn files_in_the_pages_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    const FOLDERS: &[&str] =
        &["src/", "tests/", "docs/", "public/", "bench/", "xtask/", "style/", ".ci/", ".github/"];
    for (page, text) in pages() {
        for path in words(&text).into_iter().filter(|word| !word.contains([' ', '*', '\n'])) {
            let is_path = FOLDERS.iter().any(|folder| path.starts_with(folder));
            assert!(!is_path || root.join(path).exists(), "{page} names {path}");
        }
        let here = root.join(page);
        let folder = here.parent().unwrap();
        for link in between(&text, "](", ")").filter(|link| !link.starts_with("https://")) {
            let (file, section) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { here.clone() } else { folder.join(file) };
            assert!(target.exists(), "{page} links to {link}");
            let sections = || fs::read_to_string(&target).unwrap();
            assert!(section.is_empty() || has_section(&sections(), section), "{page}: {link}");
        }
    }
}

/// Whether a page has a heading of that name, as GitHub makes names of headings.
fn has_section(page: &str, name: &str) -> bool {
    page.lines().filter(|line| line.starts_with('#')).any(|line| {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).eq(name.chars())
    })
}

#[test]
fn hosts_send_the_policy_of_the_page() {
    let html = text("public/index.html");
    let policy = between(&html, "Content-Security-Policy\" content=\"", "\">").next().unwrap();
    let hosting = text("docs/hosting.md");
    let sent: Vec<&str> = between(&hosting, "default-src ", "\n").collect();
    assert_eq!(sent.len(), 4, "Netlify twice, nginx, Apache");
    for line in sent {
        let line = line.trim_end_matches(" always;").trim_end_matches('"');
        assert_eq!(format!("default-src {line}"), policy);
    }
}

/// The files whose names get a hash are those that Trunk puts into the page, without a `copy-`.
#[test]
fn hosts_keep_what_never_changes() {
    let html = text("public/index.html");
    let tags =
        html.lines().filter(|line| line.contains("data-trunk") && !line.contains("rel=\"copy-"));
    let stems: BTreeSet<&str> = tags
        .map(|tag| match tag.contains("rel=\"rust\"") {
            true => between(tag, "data-bin=\"", "\"").next().unwrap(),
            false => {
                let path =
                    between(tag, "href=\"", "\"").chain(between(tag, " src=\"", "\"")).next();
                let name = path.unwrap().rsplit('/').next().unwrap();
                name.split('.').next().unwrap()
            }
        })
        .collect();
    let hosting = text("docs/hosting.md");
    let cached: BTreeSet<&str> =
        between(&hosting, "\n/", "-*\n  Cache-Control: public, max-age=31536000, immutable")
            .collect();
    assert_eq!(cached, stems);
    let pattern = stems.iter().copied().collect::<Vec<_>>().join("|");
    for line in [format!("location ~ ^/({pattern})- {{"), format!("<FilesMatch \"^({pattern})-\">")]
    {
        assert!(hosting.contains(&line), "{line}");
    }
}

#[test]
fn the_workflow_publishes_what_was_tested() {
    let workflow = text(".github/workflows/pages.yml");
    let test = workflow.find("run: .ci/run").unwrap();
    let publish = workflow.find("path: dist").unwrap();
    assert!(test < publish);
}

#[test]
fn the_front_page_is_short_and_the_version_has_its_notes() {
    let readme = text("README.md");
    assert!(readme.lines().count() <= 130, "README.md: {}", readme.lines().count());
    let version = env!("CARGO_PKG_VERSION");
    let newest =
        text("CHANGELOG.md").lines().find_map(|line| Some(line.strip_prefix("## ")?.to_owned()));
    assert_eq!(newest.as_deref(), Some(version));
}
