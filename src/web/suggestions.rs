//! Untrusted HTML that has to be shown unchanged: Google's search suggestions.
//!
//! It is shown in a sandboxed frame, which runs no script, under a policy of its own. The page's
//! policy would not do: it lets requests go to any model, and so would let the frame's preloads. The
//! text is parsed where nothing is fetched, and only what shows something is moved into the frame:
//! no policy keeps a browser from connecting to a host that a `link` names.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, DomParser, Element, HtmlIFrameElement, SupportedType};

/// The frame's document before anything is in it. Its policy stays, whatever comes in.
pub const EMPTY: &str = "<!doctype html><meta http-equiv=\"Content-Security-Policy\" \
    content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">";

/// Elements that show nothing and may fetch something.
const DROPPED: &str = "link, meta, base, script, noscript, template, iframe, frame, frameset, \
    fencedframe, object, embed, form, audio, video, source, track";

/// Attributes that make the browser report a click or a view.
const TELLS: &[&str] = &["ping", "attributionsrc", "download"];

/// Puts that HTML into a frame whose document is [`EMPTY`]; `None` where the browser does not.
pub fn fill(frame: &HtmlIFrameElement, html: &str) -> Option<()> {
    let document = frame.content_document()?;
    let window = JsValue::from(frame.content_window()?);
    // The frame's own parser, so that violations count against the frame's policy, not the page's.
    let parser = made(&window, "DOMParser")?.unchecked_into::<DomParser>();
    let parsed = parser.parse_from_string(html, SupportedType::TextHtml).ok()?;
    elements(&parsed, DROPPED)?.iter().for_each(Element::remove);
    elements(&parsed, "*")?.iter().for_each(harmless);
    let body = document.body()?;
    // Style elements that came first are in the head.
    for part in [
        parsed.head().map(JsCast::unchecked_into::<web_sys::Node>),
        parsed.body().map(JsCast::unchecked_into),
    ] {
        while let Some(child) = part.as_ref().and_then(web_sys::Node::first_child) {
            body.append_child(&child).ok()?;
        }
    }
    allow_own_style(&window, &document)
}

/// A new object of a class of the frame's.
fn made(window: &JsValue, class: &str) -> Option<JsValue> {
    let class = Reflect::get(window, &class.into()).ok()?.dyn_into::<Function>().ok()?;
    Reflect::construct(&class, &Array::new()).ok()
}

fn elements(document: &Document, selector: &str) -> Option<Vec<Element>> {
    let found = document.query_selector_all(selector).ok()?;
    Some((0..found.length()).filter_map(|at| Some(found.get(at)?.unchecked_into())).collect())
}

/// A link opens a page of the web that does not know where its reader comes from, or leads nowhere.
fn harmless(element: &Element) {
    let remove = |name: &str| {
        // It fails for no name.
        let _ = element.remove_attribute(name);
    };
    TELLS.iter().for_each(|name| remove(name));
    if !matches!(element.local_name().as_str(), "a" | "area") {
        return;
    }
    let address = element.get_attribute("href").unwrap_or_default();
    let begins = |scheme: &str| {
        address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    remove("xlink:href");
    if begins("https://") || begins("http://") {
        // These do not fail either.
        let _ = element.set_attribute("target", "_blank");
        let _ = element.set_attribute("rel", "noopener noreferrer nofollow");
        let _ = element.set_attribute("referrerpolicy", "no-referrer");
    } else {
        remove("href");
    }
}

/// Lets the document look as its own style elements say. The page's policy forbids them to every
/// document that it holds; as style sheets of its own they can do no more than style it.
fn allow_own_style(window: &JsValue, document: &Document) -> Option<()> {
    let sheet = made(window, "CSSStyleSheet")?;
    let styles = elements(document, "style")?;
    let texts = styles.iter().filter_map(|style| style.text_content());
    let text = texts.collect::<Vec<_>>().join("\n");
    let replace = Reflect::get(&sheet, &"replaceSync".into()).ok()?;
    replace.dyn_into::<Function>().ok()?.call1(&sheet, &text.into()).ok()?;
    let sheets = Array::of1(&sheet);
    Reflect::set(document, &"adoptedStyleSheets".into(), &sheets).ok().map(drop)
}
