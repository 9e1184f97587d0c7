//! The order inside `src/app`, and circles of files anywhere.

use super::circles::Modules;
use super::{File, files};

/// The folders of `src/app` that hold views.
const VIEWS: &[&str] = &["stage", "panels", "editor", "live", "share", "settings"];

/// What breaks the order inside `src/app`: the states know no view, the kit knows nothing of the
/// page, and a folder of views is known by what its own file exports.
fn app_slips(modules: &Modules) -> Vec<String> {
    let mut slips = Vec::new();
    for own in modules.paths().filter(|path| path.first().is_some_and(|name| name == "app")) {
        let home = own.get(1).map(String::as_str).unwrap_or_default();
        for (to, written) in modules.used_by(own).filter(|(to, _)| to.starts_with(&own[..1])) {
            let there = to.get(1).map(String::as_str).unwrap_or_default();
            let inside = modules.paths().any(|path| path.len() > 2 && written.starts_with(path));
            let may = match home {
                _ if there == home => true,
                "state" => false,
                "kit" => false,
                _ => !(VIEWS.contains(&there) && inside),
            };
            if !may {
                slips.push(format!("{} may not use {}", own.join("::"), written.join("::")));
            }
        }
    }
    slips
}

#[test]
fn views_know_states_and_not_the_other_way_round() {
    let slips = app_slips(&Modules::of(&files("src")));
    assert!(slips.is_empty(), "\n{}\n", slips.join("\n"));
}

/// Two files may use each other below the page, where one is the other's second half.
#[test]
fn no_files_use_each_other_in_circles() {
    let modules = Modules::of(&files("src"));
    let circles = modules.circles().into_iter();
    let slips: Vec<_> =
        circles.filter(|c| c.len() > 2 || c.iter().any(|path| path.starts_with("app"))).collect();
    assert!(slips.is_empty(), "\n{slips:#?}\n");
}

#[test]
fn the_circle_rules_bite() {
    let modules = Modules::of(&[
        File::new("src/lib.rs", "mod app;\nmod a;"),
        File::new("src/a.rs", "mod b;\nmod c;\npub use b::{B, Other as O};"),
        File::new(
            "src/a/b.rs",
            "use super::{\n    c::C,\n    Shared,\n};\nlet x = \"crate::app::live\";",
        ),
        File::new("src/a/c.rs", "fn f() -> crate::a::B { '\"' }"),
        File::new("src/app.rs", "use self::live::Sheet;"),
        File::new("src/app/state.rs", "use super::live::Sheet;"),
        File::new("src/app/kit.rs", "use super::state;"),
        File::new("src/app/live.rs", "pub use sheet::Sheet;"),
        File::new("src/app/live/sheet.rs", "use crate::app::state::State;"),
        File::new("src/app/share.rs", "use super::live;\nlive::sheet::Sheet"),
    ]);
    assert_eq!(modules.circles(), [["a::b", "a::c"], ["app::live::sheet", "app::state"]]);
    assert_eq!(
        app_slips(&modules),
        [
            "app::kit may not use app::state",
            "app::share may not use app::live::sheet::Sheet",
            "app::state may not use app::live::Sheet",
        ]
    );
}
