//! Templates: what is a hole, what is only a brace.

use std::rc::Rc;

use converge::template::Template;
use proptest::prelude::*;

use crate::fixtures::key;

/// Fills every hole with its key in angle brackets, and marks the optional ones.
fn fill(template: &Template) -> String {
    template.fill(|key, optional| format!("<{key}{}>", if optional { "?" } else { "" }).into())
}

fn check(source: &str, filled: &str) {
    assert_eq!(fill(&Template::new(source)), filled, "{source}");
}

#[test]
fn holes_and_braces() {
    check("", "");
    check("no holes", "no holes");
    check("{topic}", "<topic>");
    check("{critique?}", "<critique?>");
    check("{a}{b}", "<a><b>");
    check("{größe_2}", "<größe_2>");
    check(r#"{"json": 1}"#, r#"{"json": 1}"#);
    check("{}", "{}");
    check("{ topic }", "{ topic }");
    check("{2nd}", "{2nd}");
    check("{a b}", "{a b}");
    check("{topic??}", "{topic??}");
    check("{topic", "{topic");
    check("topic}", "topic}");
    check("{ {topic} }", "{ <topic> }");
    check(r#"{"of": {topic}}"#, r#"{"of": <topic>}"#);
}

/// As in Python's format strings; around what is not a name they stay.
#[test]
fn doubled_braces_are_literal() {
    check("{{topic}}", "{topic}");
    check("{{topic?}}", "{topic?}");
    check("{{{topic}}}", "{<topic>}");
    check("{{{{topic}}}}", "{{topic}}");
    check("{{}}", "{{}}");
    check(r#"{{"json": 1}}"#, r#"{{"json": 1}}"#);
    check("{{topic}", "{{topic}");
    check("{topic}}", "<topic>}");
}

#[test]
fn holes_are_told_in_order_with_repeats() {
    let template = Template::new("{b} {a?} {{c}} {b?}");
    let holes: Vec<_> = template.holes().map(|(key, optional)| (key.as_str(), optional)).collect();
    assert_eq!(holes, [("b", false), ("a", true), ("b", true)]);
}

/// A stretch of a template as somebody writes it, and what it comes to.
fn stretch() -> impl Strategy<Value = (String, String)> {
    let name = "[a-z_][a-z0-9_]{0,5}";
    prop_oneof![
        "[^{}]{1,12}".prop_map(|text| (text.clone(), text)),
        name.prop_map(|key| (format!("{{{key}}}"), format!("<{key}>"))),
        name.prop_map(|key| (format!("{{{key}?}}"), format!("<{key}?>"))),
        name.prop_map(|key| (format!("{{{{{key}}}}}"), format!("{{{key}}}"))),
        "[a-z\"]{1,5}: [0-9]{1,3}".prop_map(|pair| {
            let json = format!("{{{pair}}}");
            (json.clone(), json)
        }),
    ]
}

proptest! {
    #[test]
    fn stretches_do_not_disturb_each_other(stretches in proptest::collection::vec(stretch(), 0..8)) {
        let (source, filled): (String, String) = stretches.into_iter().unzip();
        prop_assert_eq!(fill(&Template::new(&source)), filled);
    }

    #[test]
    fn every_text_is_a_template_and_keeps_its_source(source in "[{}a-z? \"\\PC]{0,40}") {
        let template = Template::new(&source);
        prop_assert_eq!(template.to_string(), source.clone());
        let json = serde_json::to_string(&template).unwrap();
        prop_assert_eq!(serde_json::from_str::<Template>(&json).unwrap(), template.clone());
        if !source.contains('{') {
            prop_assert_eq!(fill(&template), source);
            prop_assert_eq!(template.parts().len(), usize::from(!template.to_string().is_empty()));
        }
    }

    /// What fills a hole is text: braces in it are not holes again.
    #[test]
    fn what_fills_a_hole_is_not_read_again(text in "[{}a-z]{0,20}") {
        let filled = Template::new("({topic})").fill(|filler, _| {
            assert_eq!(*filler, key("topic"));
            Rc::from(text.as_str())
        });
        prop_assert_eq!(filled, format!("({text})"));
    }
}
