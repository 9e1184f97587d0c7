//! The scripts in `public/` know some settings by name. Their lists are those of the page.

use std::collections::BTreeSet;
use std::fs;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::Path;
use std::time::Duration;

use converge::codegen::Language;
use converge::config::{
    Autoplay, KEYS, NamedHedge, NamedQuorum, PRESENTATION, ScheduleChoice, Settings, Tab, Theme,
    View,
};
use converge::edit::{Edited, texts};
use converge::engine::OnFailure;
use converge::llm::ProviderId;
use converge::presets::{PresetId, preset};
use converge::simulate::Fault;
use converge::tail::Shape;

fn script(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("public").join(name)).unwrap()
}

/// What a text has between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("it has no {before}")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("it has no {after}")).0
}

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    names.into_iter().collect()
}

#[test]
fn the_loader_knows_what_changes_the_figure_in_the_html() {
    let script = script("boot.js");
    let list = between(&script, "var changes = [", "]");
    let listed = set(list.split(',').map(|name| name.trim().trim_matches('\'')));
    assert_eq!(listed, set(KEYS.into_iter().filter(|key| !PRESENTATION.contains(key))));
    let drawn = |key: &str| {
        let test = format!(")?$/.test(setting('{key}')");
        script.split_once(&test).and_then(|(before, _)| before.rsplit_once("/^(")).unwrap().1
    };
    assert_eq!(drawn("preset"), PresetId::default().id());
    assert_eq!(drawn("view"), format!("{}|{}", View::All.as_str(), View::Race.as_str()));
}

#[test]
fn the_element_knows_what_leaves_a_poster_true() {
    let script = script("embed.js");
    let listed = between(&script, "const SHOWN = /^(", ")$/");
    // As an attribute of an element, `lang` would be the language of its text.
    let own = PRESENTATION.into_iter().chain(["language"]);
    assert_eq!(set(listed.split('|')), set(own));
}

#[test]
fn no_setting_has_the_name_of_an_attribute_that_the_element_passes_over() {
    let script = script("embed.js");
    let plain = set(between(&script, "const PLAIN = /^(", ")$|-/").split('|'));
    for key in KEYS {
        assert!(!plain.contains(key) && !key.contains('-'), "{key}");
    }
}

#[test]
fn the_element_keeps_room_for_the_branches_of_each_preset() {
    let script = script("embed.js");
    let table = between(&script, "const BRANCHES = { ", " };");
    for id in PresetId::ALL.into_iter().filter(|id| *id != PresetId::Fanout) {
        let listed = table.split(", ").find_map(|entry| {
            let (name, branches) = entry.split_once(": ")?;
            (name == id.id()).then(|| branches.parse::<usize>().unwrap())
        });
        let branches = preset(id, 1).pipeline.branches().len();
        assert_eq!(listed.unwrap_or(4), branches, "{}", id.id());
    }
}

/// The list of keys is that of what an address can hold.
#[test]
fn the_keys_are_those_of_an_address() {
    let text = || Some("text".to_owned());
    let second = || Some(Duration::from_secs(1));
    let edited = Edited::new(texts(&preset(PresetId::Travel, 1))).unwrap();
    // Every field, so that a new one is missed here.
    let all = Settings {
        preset: PresetId::Travel,
        n: 3,
        edited: Some(edited),
        schedule: *ScheduleChoice::ALL.last().unwrap(),
        limit: Some(NonZeroUsize::MIN),
        on_error: Some(OnFailure::Leave),
        quorum: NamedQuorum::parse("synthesis:3,keep"),
        hedge: NamedHedge::parse("news:0.8"),
        spread: Shape::parse("slow:0.01x10"),
        fail: vec![("news".into(), Fault::Hang.into())],
        retries: Some(1),
        first_timeout: second(),
        read_timeout: second(),
        run_timeout: second(),
        block: vec!["news".into()],
        provider: Some(ProviderId::ALL[0]),
        base_url: text(),
        model: text(),
        temperature: Some(1.0),
        max_tokens: Some(NonZeroU32::MIN),
        topic: text(),
        latency: vec![("news".into(), Duration::from_secs(1))],
        seed: 1,
        jitter: 0.5,
        speed: 2.0,
        view: View::Race,
        tab: Tab::Code,
        lang: *Language::ALL.last().unwrap(),
        embed: true,
        theme: Theme::Dark,
        autoplay: *Autoplay::ALL.last().unwrap(),
        hide: vec!["topic".into()],
    };
    let fragment = all.fragment();
    let written: Vec<_> = form_urlencoded::parse(fragment.as_bytes()).collect();
    assert_eq!(set(written.iter().map(|(key, _)| key.as_ref())), set(KEYS));
    assert_eq!(Settings::read("", &fragment), (all, Vec::new()));
}
