//! What the page and the one around it say to each other, and what an author puts into a page.

use std::time::Duration;

use converge::config::{
    Around, Ending, Form, Inbox, MOST_BYTES, Message, Settings, Shown, View, Wish,
};
use converge::engine::Schedule;
use converge::export::{About, TraceFile};
use converge::presets::{PresetId, forecast, preset};
use converge::time::seconds;
use proptest::prelude::*;
use serde_json::Value;

use crate::fixtures::run;

fn settings(address: &str) -> Settings {
    let (settings, notes) = Settings::read("", address);
    assert_eq!(notes, Vec::<String>::new(), "{address}");
    settings
}

fn wishes(pairs: &[(&str, Option<&str>)]) -> Vec<Wish> {
    pairs.iter().map(|(key, value)| ((*key).into(), value.map(Into::into))).collect()
}

fn set(pairs: &[(&str, Option<&str>)]) -> Option<Message> {
    Message::read("converge:set", wishes(pairs))
}

#[test]
fn three_messages_are_taken() {
    assert_eq!(Message::read("converge:run", Vec::new()), Some(Message::Run));
    assert_eq!(Message::read("converge:stop", Vec::new()), Some(Message::Stop));
    let speed = [("speed", Some("2"))];
    assert_eq!(set(&speed), Some(Message::Set(wishes(&speed))));
    for kind in ["run", "converge:Run", "converge:height", "converge:", "", "converge:set "] {
        assert_eq!(Message::read(kind, wishes(&speed)), None, "{kind}");
    }
    assert_eq!(set(&[]), None);
}

#[test]
fn of_traces_that_are_handed_over_the_last_one_counts_and_comes_after_the_settings() {
    let shown = |name: &str| {
        let text = Some(name.to_uppercase());
        Message::Show(Shown { name: name.into(), text })
    };
    let mut inbox = Inbox::default();
    assert!(inbox.takes_trace());
    // The newest comes first.
    inbox.take(Some(Message::Run), 10);
    inbox.take(Some(shown("b")), 10);
    assert!(!inbox.takes_trace());
    inbox.take(Some(shown("a")), MOST_BYTES);
    inbox.take(set(&[("speed", Some("2"))]), 10);
    assert!(inbox.is_full());
    let speed = set(&[("speed", Some("2"))]).unwrap();
    assert_eq!(inbox.messages().collect::<Vec<_>>(), [speed, shown("b"), Message::Run]);
    assert_eq!(shown("a").while_live(), None);
}

#[test]
fn none_decides_who_is_called_or_where() {
    let only_those = [
        ("provider", Some("openai")),
        ("base_url", Some("https://evil.example")),
        ("model", Some("m")),
        ("temperature", Some("1")),
        ("autoplay", Some("1")),
        ("embed", None),
    ];
    assert_eq!(set(&only_those), None);
    let with_another = [&only_those[..], &[("topic", Some("tides"))]].concat();
    assert_eq!(set(&with_another), Some(Message::Set(wishes(&[("topic", Some("tides"))]))));
}

#[test]
fn a_live_model_is_the_reader_s_alone() {
    assert_eq!(Message::Run.while_live(), None);
    assert_eq!(Message::Stop.while_live(), Some(Message::Stop));
    let both = set(&[("topic", Some("x")), ("theme", Some("dark"))]).unwrap();
    assert_eq!(both.while_live(), set(&[("theme", Some("dark"))]));
    assert_eq!(set(&[("topic", Some("x"))]).unwrap().while_live(), None);
}

#[test]
fn what_is_too_long_or_too_much_is_none() {
    let long = "x".repeat(20_001);
    assert_eq!(set(&[("topic", Some(&long))]), None);
    let many: Vec<_> = (0..41).map(|_| ("speed", Some("2"))).collect();
    assert_eq!(set(&many), None);
}

#[test]
fn settings_change_as_the_address_would() {
    let before = settings("preset=company&latency=news:3&topic=tides&speed=2");
    let change = |pairs: &[(&str, Option<&str>)]| before.changed(&wishes(pairs));
    assert_eq!(
        change(&[("latency", Some("stock:9"))]),
        (settings("preset=company&latency=stock:9&topic=tides&speed=2"), Vec::new())
    );
    assert_eq!(change(&[("latency", None)]).0, settings("preset=company&topic=tides&speed=2"));
    // What was said of the agents of another pipeline goes.
    assert_eq!(change(&[("preset", Some("topic"))]).0, settings("preset=topic&speed=2"));
    assert_eq!(change(&[("preset", Some("company"))]).0, before);
    let (kept, notes) = change(&[("speed", Some("fast"))]);
    assert_eq!(kept, settings("preset=company&latency=news:3&topic=tides"));
    assert_eq!(notes.len(), 1);
    assert!(notes[0].contains("speed=fast"));
}

proptest! {
    #[test]
    fn no_wish_breaks_anything(
        key in "[a-z_]{0,12}|preset|latency|fail|p|n", value in proptest::option::of(".{0,40}"),
    ) {
        let before = settings("preset=travel&fail=hotels:500");
        let live = settings("provider=openai&base_url=https://a.example/v1");
        for settings in [before, live] {
            let Some(Message::Set(wishes)) =
                Message::read("converge:set", vec![(key.clone(), value.clone())])
            else {
                continue;
            };
            let (after, _) = settings.changed(&wishes);
            prop_assert_eq!(after.provider, settings.provider);
            prop_assert_eq!(after.base_url, settings.base_url);
        }
    }
}

fn ending(address: &str, guess_ms: Option<f64>, around: Around) -> Value {
    let settings = settings(address);
    let company = preset(PresetId::Company, 1);
    let ran = |name: &'static str, schedule: Schedule| {
        let ran = run(&company.pipeline, &company.scripts, schedule);
        let outcome = ran.result.as_ref().unwrap().outcome.as_str().to_owned();
        let about = About {
            pipeline: &company.pipeline,
            schedule,
            provider: "simulated",
            model: None,
            started: "2026-11-22T10:00:00Z",
            hidden: false,
        };
        (name, outcome, TraceFile::new(&ran.trace, about))
    };
    let runs =
        vec![ran("sequential", Schedule::sequential()), ran("parallel", Schedule::parallel())];
    serde_json::from_str(&Ending::new(&settings, runs, guess_ms, around).text()).unwrap()
}

#[test]
fn the_end_is_told_with_the_contract_s_fields() {
    let ending = ending("preset=company", Some(3_000.0), Around::Foreign);
    let keys: Vec<_> = ending.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = ["type", "preset", "provider", "schedules", "speedup", "guess_ms"];
    wanted.sort_unstable();
    assert_eq!(keys, wanted);
    assert_eq!(ending["type"], "converge:end");
    assert_eq!(ending["preset"], "company");
    assert_eq!(ending["provider"], "simulated");
    assert_eq!(ending["guess_ms"], 3_000.0);
    let speedup = ending["speedup"].as_f64().unwrap();
    assert!((speedup - 5.1 / 2.3).abs() < 1e-9);
    let parallel = &ending["schedules"]["parallel"];
    assert_eq!(parallel["makespan_ms"], 2_300.0);
    assert_eq!(parallel["outcome"], "done");
    assert_eq!(parallel["trace"]["format"], "converge-trace");
    assert_eq!(parallel.as_object().unwrap().len(), 3);
}

/// Every text in it, wherever it is; the names of fields are not.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn of_a_live_run_a_foreign_page_hears_figures_only() {
    let live = "provider=compatible&base_url=https://models.example/v1&topic=tides&model=m";
    let heard = ending(live, None, Around::Foreign);
    assert_eq!(texts(&heard), ["researchers", "compatible", "done", "done", "converge:end"]);
    let parallel = heard["schedules"]["parallel"].as_object().unwrap();
    let names: Vec<_> = parallel.keys().map(String::as_str).collect();
    assert_eq!(names, ["input_tokens", "makespan_ms", "outcome", "output_tokens"]);
    assert!(heard["speedup"].as_f64().unwrap() > 1.9);
    // A page of our own hears all of it, and of a simulated run anyone does.
    for (address, around) in [(live, Around::Own), ("topic=tides", Around::Foreign)] {
        let heard = ending(address, None, around);
        assert!(heard["schedules"]["parallel"]["trace"]["spans"].is_array());
    }
}

#[test]
fn what_is_not_shown_to_be_our_own_is_foreign() {
    const OWN: &str = "https://converge.example";
    let around = |origins: &[Option<&str>]| {
        Around::of(OWN, &origins.iter().map(|origin| origin.map(Into::into)).collect::<Vec<_>>())
    };
    assert_eq!(around(&[]), Around::Nobody);
    assert_eq!(around(&[Some(OWN), Some(OWN)]), Around::Own);
    for foreign in [
        &[Some("https://blog.example")][..],
        &[Some("http://converge.example")],
        &[Some("null")],
        &[None],
        &[Some("https://blog.example"), Some(OWN)],
        &[Some(OWN), Some("https://blog.example")],
        &[Some(OWN), None],
    ] {
        assert_eq!(around(foreign), Around::Foreign, "{foreign:?}");
    }
    // In a sandbox the page itself comes from nowhere.
    assert_eq!(Around::of("null", &[Some("null".into())]), Around::Foreign);
    assert_eq!(Around::of("null", &[Some(OWN.into())]), Around::Foreign);
}

const SITE: &str = "https://host.example/demo/";

fn snippet(address: &str, form: Form) -> String {
    settings(address).snippet(form, SITE, 640, "sequential 5.1 s, parallel 2.3 s")
}

#[test]
fn each_form_is_one_thing_to_paste() {
    assert_eq!(
        snippet("embed=1&preset=company&view=race", Form::Element),
        "<script async src=\"https://host.example/demo/embed.js\"></script>\n\
         <converge-demo preset=\"company\" view=\"race\">\n\
         <a href=\"https://host.example/demo/#preset=company&amp;view=race\">\
         Converge: Company research</a></converge-demo>"
    );
    assert_eq!(
        snippet("preset=topic&view=flow", Form::Frame),
        "<iframe src=\"https://host.example/demo/#preset=topic&amp;view=flow&amp;embed=1\" \
         title=\"Converge: One topic, three views\" width=\"100%\" height=\"640\" \
         loading=\"lazy\" frameborder=\"0\"></iframe>"
    );
    assert_eq!(
        snippet("preset=travel", Form::Picture),
        "<a href=\"https://host.example/demo/#preset=travel\">\
         <img src=\"https://host.example/demo/posters/travel.svg\" width=\"560\" \
         alt=\"Converge: Trip planning. sequential 5.1 s, parallel 2.3 s\"></a>"
    );
}

/// embed.js keeps the room, so that the snippet holds no style.
#[test]
fn a_snippet_is_short() {
    for form in Form::ALL {
        let html = snippet("preset=company&latency=news:2&view=lab&hide=guess", form);
        assert!(html.lines().count() <= 3 && !html.contains("style="), "{html}");
    }
}

#[test]
fn no_setting_breaks_out_of_its_attribute() {
    let hostile = "topic=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%26";
    for form in Form::ALL {
        let html = snippet(hostile, form);
        assert_eq!(html.matches("<script").count(), usize::from(form == Form::Element), "{html}");
    }
    assert!(
        snippet(hostile, Form::Element)
            .contains("topic=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;\"")
    );
}

/// The poster shows figures: of other figures there is none.
#[test]
fn a_picture_is_only_offered_where_it_is_true() {
    assert_eq!(settings("preset=email&theme=dark&view=flow").poster(), Some(PresetId::Email));
    for changed in ["latency=news:2", "n=7&preset=fanout", "jitter=0.2", "limit=2", "fail=news:500"]
    {
        assert_eq!(settings(changed).poster(), None, "{changed}");
        assert!(!snippet(changed, Form::Picture).contains("<img"));
    }
}

#[test]
fn the_attributes_read_back_as_the_settings() {
    let address = "preset=company&latency=news:2.5&view=lab&hide=topic,speed&seed=7&lang=adk";
    let given = settings(address);
    assert_eq!(given.view, View::Lab);
    assert_eq!(given.latency, [("news".to_owned(), Duration::from_millis(2500))]);
    let wishes: Vec<Wish> =
        given.attributes().into_iter().map(|(key, value)| (key, Some(value))).collect();
    assert_eq!(Settings::default().changed(&wishes), (given, Vec::new()));
}

/// No figure in the article's own sentences is anything but what the engine says.
#[test]
fn the_article_s_figures_are_the_engine_s() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/article.html");
    let html = std::fs::read_to_string(path).unwrap();
    let figures: Vec<_> = html.split("data-figure=\"").skip(1).collect();
    assert!(figures.len() >= 7);
    for figure in figures {
        let (name, rest) = figure.split_once("\">").unwrap();
        let (id, what) = name.split_once(' ').unwrap();
        let preset = preset(PresetId::find(id).unwrap(), 1);
        let expected = forecast(&preset);
        let length = match what {
            "sequential" => expected.sequential,
            "parallel" => expected.parallel,
            agent => preset.scripts[preset.pipeline.find(agent).unwrap()].latency,
        };
        assert_eq!(rest.split_once('<').unwrap().0, format!("{} s", seconds(length)), "{name}");
    }
}

/// Every link and figure of the article names settings that there are.
#[test]
fn the_article_s_links_are_settings() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/article.html");
    let html = std::fs::read_to_string(path).unwrap();
    let of = |before: &str| -> Vec<String> {
        let found = html.split(before).skip(1).map(|rest| rest.split('"').next().unwrap());
        found.map(|address| address.replace("&amp;", "&")).collect()
    };
    for address in of("href=\"./#") {
        let (read, notes) = Settings::read("", &address);
        assert_eq!((notes, read.experiment().1), (Vec::new(), Vec::new()), "{address}");
    }
    // What a link sets goes to the figure beside it, which is the company's where it says nothing.
    let company = Settings::read("", "preset=company").0;
    for set in of("data-converge-set=\"") {
        let (read, notes) = company.changed(&wishes_of(&set));
        assert_eq!((notes, read.experiment().1), (Vec::new(), Vec::new()), "{set}");
    }
}

/// The settings of a link as the element sends them.
pub fn wishes_of(set: &str) -> Vec<Wish> {
    let pairs = form_urlencoded::parse(set.as_bytes());
    pairs.map(|(key, value)| (key.into_owned(), Some(value.into_owned()))).collect()
}

/// mdBook's Markdown parser is this one.
#[test]
fn snippets_come_through_markdown_as_they_are() {
    for form in Form::ALL {
        let html = snippet("preset=travel&view=race&hide=speed,guess", form);
        let mut out = String::new();
        let page = format!("Text.\n\n{html}\n\nText.");
        pulldown_cmark::html::push_html(&mut out, pulldown_cmark::Parser::new(&page));
        assert!(out.contains(&html), "{out}");
    }
    let link = "<a href=\"https://HOST/#latency=news:10\" data-converge-set=\"latency=news:10\">";
    let mut out = String::new();
    let page = format!("What if {link}news is slow</a>?");
    pulldown_cmark::html::push_html(&mut out, pulldown_cmark::Parser::new(&page));
    assert!(out.contains(link), "{out}");
}
