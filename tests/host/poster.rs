//! The pictures that stand for the page where it is not: they are what the engine says today, and so
//! are the figures in the page's own HTML. `CONVERGE_GOLDEN=write` writes them anew.

use std::fs;
use std::path::{Path, PathBuf};

use converge::config::Settings;
use converge::edit::{Edited, Field, texts};
use converge::poster::Poster;
use converge::presets::{PresetId, forecast, preset};
use converge::time::seconds;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn poster(address: &str) -> Poster {
    let (settings, notes) = Settings::read("", address);
    assert_eq!(notes, Vec::<String>::new());
    Poster::new(&settings)
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The file is what it should be; or is made so, where that was asked for.
fn check(path: &str, wanted: &str) {
    let path = root().join(path);
    if std::env::var("CONVERGE_GOLDEN").is_ok_and(|word| word == "write") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    let stale = "is stale: CONVERGE_GOLDEN=write cargo test --test host poster";
    assert!(found == wanted, "{} {stale}", path.display());
}

#[test]
fn each_preset_has_its_poster() {
    for id in PresetId::ALL {
        let poster = poster(&format!("preset={}", id.id()));
        check(&format!("public/posters/{}.svg", id.id()), &poster.file());
    }
    let files = fs::read_dir(root().join("public/posters")).unwrap().count();
    assert_eq!(files, PresetId::ALL.len(), "a poster of no preset");
}

/// The finished picture and its sentence, for the page that cannot run.
fn outcome(poster: &Poster) -> String {
    let (id, sentence) = (PresetId::default().id(), poster.sentence().replace("Finished: ", ""));
    format!(
        "<img src=\"posters/{id}.svg\" loading=\"lazy\" alt=\"Finished: {sentence}\">\
         <p><strong>{sentence}.</strong></p>"
    )
}

#[test]
fn the_page_carries_the_figure_and_its_numbers() {
    let path = "public/index.html";
    let html = read(path);
    let poster = poster("");
    let title = preset(PresetId::default(), 1).title;
    let mut wanted = html.clone();
    for (mark, text) in
        [("question", title), ("figure", poster.first_paint()), ("outcome", outcome(&poster))]
    {
        let (open, close) = (format!("<!-- {mark} -->"), format!("<!-- /{mark} -->"));
        let pieces: Vec<&str> = wanted.split(&open).collect();
        let filled = pieces[1..].iter().map(|piece| {
            let (_, rest) = piece.split_once(&close).unwrap();
            format!("{open}{text}{close}{rest}")
        });
        wanted = format!("{}{}", pieces[0], filled.collect::<String>());
    }
    check(path, &wanted);
}

#[test]
fn its_figures_are_the_run_s() {
    for id in PresetId::ALL {
        let poster = poster(&format!("preset={}", id.id()));
        let expected = forecast(&preset(id, 100));
        let [sequential, parallel] =
            [expected.sequential, expected.parallel].map(|length| format!("{} s", seconds(length)));
        let svg = poster.file();
        for figure in [&sequential, &parallel] {
            assert!(svg.contains(&format!(">{figure}</tspan>")), "{}: {figure}", id.id());
            assert!(poster.sentence().contains(figure));
        }
    }
    let changed = poster("preset=company&latency=news:10").file();
    assert!(changed.contains(">13.9 s</tspan>") && changed.contains(">10.8 s</tspan>"));
}

#[test]
fn names_stay_text() {
    let mut agents = texts(&preset(PresetId::Company, 1));
    agents[0].set(Field::Name, "<b>&\"");
    let edited = Some(Edited::new(agents).unwrap());
    let poster = Poster::new(&Settings { edited, ..Settings::default() });
    for svg in [poster.file(), poster.first_paint()] {
        assert!(svg.contains(">&lt;b&gt;&amp;&quot;</tspan>") && !svg.contains("<b>"));
    }
}

/// What answers the question is no part of the picture before the run.
#[test]
fn the_first_paint_keeps_the_secret() {
    let svg = poster("").first_paint();
    for secret in ["2.3 s", "saved", "--join", "Report", "<circle"] {
        assert!(!svg.contains(secret), "{secret}");
    }
    assert!(svg.matches("Synthesis").count() <= 1, "in the sequential run alone");
}

/// It can be drawn twice on one page, and says in its own words what it shows.
#[test]
fn it_is_plain_svg() {
    let file = poster("preset=researchers").file();
    for outside in
        ["<script", "<foreignObject", "href", "url(", "@import", "onload=", "http:", "/*"]
    {
        let found = file.replace("http://www.w3.org/2000/svg", "");
        assert!(!found.contains(outside), "{outside}");
    }
    assert!(file.contains("<title") && file.contains("<desc"));
    // Every color that it refers to has come along.
    for reference in file.split("var(").skip(1) {
        let token = reference.split(')').next().unwrap();
        assert!(file.contains(&format!("{token}:")), "{token} has no value");
    }
    assert!(!file.contains("light-dark"));
}
