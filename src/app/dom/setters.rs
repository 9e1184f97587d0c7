//! How a value gets to what is on the page. They know no signal: they set what they are handed.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, Text};

use super::About;

/// What is done with a value: set, or taken away where there is none.
pub type Setter = Box<dyn Fn(Option<&str>)>;

/// What to do with the values of something that is said about an element.
pub fn setter(about: About, name: &'static str, dom: &Element) -> Setter {
    let dom = dom.clone();
    // These fail only for names that are none.
    Box::new(move |value| match (about, value) {
        (About::Attribute, Some(value)) => drop(dom.set_attribute(name, value)),
        (About::Attribute, None) => drop(dom.remove_attribute(name)),
        (About::Class, _) => drop(dom.class_list().toggle_with_force(name, value.is_some())),
        (About::Style, _) => {
            let style = dom.unchecked_ref::<HtmlElement>().style();
            drop(style.set_property(name, value.unwrap_or_default()));
        }
        // What is in a field comes last: a slider takes no more than the end that it has by then.
        (About::Property, _) if name == "value" => {
            let (dom, value) = (dom.clone(), JsValue::from(value.unwrap_or_default()));
            spawn_local(async move { drop(js_sys::Reflect::set(&dom, &"value".into(), &value)) });
        }
        (About::Property, _) => {
            drop(js_sys::Reflect::set(&dom, &name.into(), &value.is_some().into()));
        }
        (About::Event, _) => {}
    })
}

/// What to do with the values of a text.
pub fn text_setter(dom: &Text) -> Setter {
    let dom = dom.clone();
    Box::new(move |text| dom.set_data(text.unwrap_or_default()))
}
