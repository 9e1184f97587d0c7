//! The page's surroundings: its address, its theme, its panic notice.

use std::cell::Cell;
use std::panic::PanicHookInfo;
use std::rc::Rc;

use crate::words;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    HtmlElement, HtmlIFrameElement, HtmlInputElement, HtmlTextAreaElement, IdleRequestOptions,
    IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
};

/// The query and the fragment of the page's address.
pub fn address() -> (String, String) {
    let location = web_sys::window().map(|window| window.location());
    let query = location.as_ref().and_then(|location| location.search().ok());
    let fragment = location.as_ref().and_then(|location| location.hash().ok());
    (query.unwrap_or_default(), fragment.unwrap_or_default())
}

/// The scheme and host of the page itself, such as `https://example.org`.
pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Whether the page came over https.
pub fn is_https() -> bool {
    let protocol = web_sys::window().and_then(|window| window.location().protocol().ok());
    protocol.as_deref() == Some("https:")
}

/// Whether the page is a part of another one.
pub fn in_iframe() -> bool {
    let Some(window) = web_sys::window() else { return false };
    // A frame of another site may not look at what is around it, which says enough.
    window.top().ok().flatten().is_none_or(|top| top != window)
}

/// Whether the page is a part of another site's page, whose readers cannot tell the two apart.
pub fn in_foreign_frame() -> bool {
    let top = web_sys::window().and_then(|window| window.top().ok().flatten());
    let own = origin();
    // Another site's address may not be read, which says enough.
    in_iframe()
        && top.is_none_or(|top| top.location().origin().map_or(true, |origin| origin != own))
}

/// Whether the browser runs on Windows.
pub fn on_windows() -> bool {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    agent.is_some_and(|agent| agent.contains("Windows"))
}

/// Whether the browser says that it has a network.
pub fn online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// Puts `fragment` into the address without a new entry in the history. The query goes, since
/// whatever it said is in the fragment now.
pub fn write_address(fragment: &str) {
    let Some(window) = web_sys::window() else { return };
    let path = window.location().pathname().unwrap_or_default();
    let address = if fragment.is_empty() { path } else { format!("{path}#{fragment}") };
    if let Ok(history) = window.history() {
        // A sandboxed frame may forbid it: then the address stays as it was.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// An address of this page with that fragment.
pub fn link(fragment: &str) -> String {
    let location = web_sys::window().map(|window| window.location());
    let href = location.and_then(|location| location.href().ok()).unwrap_or_default();
    let page = href.split(['#', '?']).next().unwrap_or_default();
    if fragment.is_empty() { page.to_owned() } else { format!("{page}#{fragment}") }
}

/// Leaves for another page, which finds the way back in the browser's history.
pub fn go(address: &str) {
    if let Some(window) = web_sys::window() {
        // It fails only for what is no address.
        let _ = window.location().assign(address);
    }
}

/// Sets an attribute of the document's root element, where style sheets look for it; `None`
/// removes it.
pub fn set_root(attribute: &str, value: Option<&str>) {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    let Some(root) = root else { return };
    // These fail only for names that are not attribute names.
    let _ = match value {
        Some(value) => root.set_attribute(attribute, value),
        None => root.remove_attribute(attribute),
    };
}

/// Brings the first element of that kind into view.
pub fn show(selector: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(Ok(Some(element))) = document.map(|document| document.query_selector(selector)) {
        element.scroll_into_view();
    }
}

/// What a reader has done with what is there before the program is: see `public/boot.js`.
#[derive(Default)]
pub struct Early {
    /// Run was pressed.
    pub pressed: bool,
    /// The focus was there, and has gone with it.
    pub focused: bool,
}

/// Takes away what the page's HTML shows until the program is there.
pub fn take_first_paint() -> Early {
    let document = web_sys::window().and_then(|window| window.document());
    let shown = document.as_ref().and_then(|document| document.get_element_by_id("first-paint"));
    let Some((document, shown)) = document.zip(shown) else { return Early::default() };
    let early = Early {
        pressed: shown.has_attribute("data-pressed"),
        focused: document.active_element().is_some_and(|focused| shown.contains(Some(&focused))),
    };
    shown.remove();
    early
}

/// Puts a new element with these attributes into the one with that id, in place of all that is there.
pub fn put(id: &str, tag: &str, attributes: &[(String, String)]) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let (into, element) = (document.get_element_by_id(id)?, document.create_element(tag).ok()?);
    for (name, value) in attributes {
        element.set_attribute(name, value).ok()?;
    }
    into.replace_children_with_node_1(&element);
    Some(())
}

/// Loads a script of the page's own folder, unless it has been.
pub fn load_script(file: &str) -> Option<()> {
    let document = web_sys::window()?.document()?;
    if document.query_selector(&format!("script[src=\"{file}\"]")).ok()?.is_none() {
        let script = document.create_element("script").ok()?;
        script.set_attribute("src", file).ok()?;
        document.body()?.append_child(&script).ok()?;
    }
    Some(())
}

/// How many pixels high the first element of that kind is.
pub fn height_of(selector: &str) -> Option<f64> {
    let element = web_sys::window()?.document()?.query_selector(selector).ok()??;
    Some(element.get_bounding_client_rect().height().ceil())
}

/// Gives the element with that id the focus, if it is there.
pub fn focus(id: &str) {
    let element = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // What cannot have it leaves it where it is.
        let _ = element.focus();
    }
}

/// The first element of that kind, if there is one that can have the focus.
fn first(selector: &str) -> Option<HtmlElement> {
    let document = web_sys::window()?.document()?;
    document.query_selector(selector).ok()??.dyn_into().ok()
}

/// Gives the first element of that kind the focus, where it is.
pub fn focus_first(selector: &str) {
    if let Some(element) = first(selector) {
        // What cannot have it leaves it where it is.
        let _ = element.focus();
    }
}

/// Brings the first element of that kind into view, and the focus to it; `false` if there is none.
pub fn lead_to(selector: &str) -> bool {
    let Some(element) = first(selector) else { return false };
    element.scroll_into_view_with_bool(false);
    element.focus().is_ok()
}

/// Does something when the browser has nothing else to do, a tenth of a second from now at the latest.
pub fn when_idle(act: impl FnOnce() + 'static) {
    let Some(window) = web_sys::window() else { return };
    let options = IdleRequestOptions::new();
    options.set_timeout(100);
    let act: Function = Closure::once_into_js(act).unchecked_into();
    // Not every browser has it.
    if window.request_idle_callback_with_options(&act, &options).is_err() {
        // It fails only for a callback that is not one.
        let _ = window.set_timeout_with_callback(&act);
    }
}

/// Selects what stands in the field with that id.
pub fn select(id: &str) {
    let element = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
    match element.map(|element| element.dyn_into::<HtmlInputElement>()) {
        Some(Ok(field)) => field.select(),
        Some(Err(element)) => {
            if let Ok(field) = element.dyn_into::<HtmlTextAreaElement>() {
                field.select();
            }
        }
        None => {}
    }
}

/// Whether something happened at or in an element that the selector matches.
pub fn is_within(event: &web_sys::Event, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.closest(selector), Ok(Some(_))))
}

/// Whether a key that was pressed belongs to a control that has the focus.
pub fn is_for_a_control(event: &web_sys::Event) -> bool {
    is_within(event, "button, input, select, textarea, summary, a[href]")
}

/// The pixels inside the element with that id, if it is there.
pub fn width_of(id: &str) -> Option<f64> {
    let element = web_sys::window()?.document()?.get_element_by_id(id)?;
    Some(f64::from(element.client_width()))
}

/// The pixels between the page's left and right edge.
pub fn width() -> f64 {
    web_sys::window()
        .and_then(|window| window.document()?.document_element())
        .map_or(1000.0, |root| f64::from(root.client_width()))
}

/// Shows what a panic left in the notice that the page's HTML has ready, with what a report needs.
/// The address is left out on purpose: somebody may have put a key there.
pub fn show_panics() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let report = format!("Converge {}\n{panic}", env!("CARGO_PKG_VERSION"));
        web_sys::console::error_1(&report.as_str().into());
        // Nothing is left to tell anyone if this fails too.
        let _ = show_stopped(&report);
    }));
}

/// Says in the notice that the page has stopped, with what a report needs; `None` where the page's
/// HTML has no notice.
pub fn show_stopped(report: &str) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let notice = document.get_element_by_id("notice")?;
    notice.set_text_content(None);
    let add = |tag: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_text_content(Some(text));
        notice.append_child(&element).ok()
    };
    add("h2", words::page::STOPPED);
    add("p", words::page::STOPPED_BY_AN_ERROR);
    add("p", words::page::TO_REPORT);
    add("pre", report);
    notice.remove_attribute("hidden").ok()
}

/// Calls back once, as soon as the first element that `selector` finds has been scrolled into view, or
/// to that many CSS pixels from it; in a frame that means the view of the page around it.
pub fn when_visible(selector: &str, near: u32, seen: impl FnOnce() + 'static) -> Option<()> {
    let element = web_sys::window()?.document()?.query_selector(selector).ok()??;
    let mut seen = Some(seen);
    let notice = Closure::<dyn FnMut(Array, IntersectionObserver)>::new(
        move |entries: Array, observer: IntersectionObserver| {
            let entries =
                entries.iter().map(|entry| entry.unchecked_into::<IntersectionObserverEntry>());
            if entries.filter(IntersectionObserverEntry::is_intersecting).count() > 0 {
                observer.disconnect();
                if let Some(seen) = seen.take() {
                    seen();
                }
            }
        },
    );
    let options = IntersectionObserverInit::new();
    options.set_root_margin(&format!("{near}px"));
    let observer =
        IntersectionObserver::new_with_options(notice.as_ref().unchecked_ref(), &options);
    let observer = observer.ok()?;
    observer.observe(&element);
    // The observer lives in the browser until it has seen the element, and so must this.
    notice.forget();
    Some(())
}

/// Whether the page stays in sight: browsers slow down the timers of one that does not.
pub struct Sight {
    lost: Rc<Cell<bool>>,
    on_change: Closure<dyn FnMut()>,
}

fn is_hidden() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.hidden())
}

/// What browsers call a change of that.
const CHANGE: &str = "visibilitychange";

impl Sight {
    /// Looks from now on.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let lost = Rc::new(Cell::new(is_hidden()));
        let seen = lost.clone();
        let on_change = Closure::new(move || seen.set(seen.get() || is_hidden()));
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            let listener = AsRef::<JsValue>::as_ref(&on_change).unchecked_ref();
            // It fails for no listener that is a function.
            let _ = document.add_event_listener_with_callback(CHANGE, listener);
        }
        Self { lost, on_change }
    }

    /// Whether it was out of sight at any moment.
    pub fn was_lost(&self) -> bool {
        self.lost.get()
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            let listener = self.on_change.as_ref().unchecked_ref();
            // As above.
            let _ = document.remove_event_listener_with_callback(CHANGE, listener);
        }
    }
}

/// Lets the document of a frame look as its own style elements say. The page's policy forbids them
/// to every document that it holds; as style sheets of its own they can do no more than style it.
pub fn allow_own_style(frame: &HtmlIFrameElement) -> Option<()> {
    let document = frame.content_document()?;
    let window = JsValue::from(frame.content_window()?);
    let constructor = Reflect::get(&window, &"CSSStyleSheet".into()).ok()?;
    let sheet =
        Reflect::construct(&constructor.dyn_into::<Function>().ok()?, &Array::new()).ok()?;
    let styles = document.query_selector_all("style").ok()?;
    let texts = (0..styles.length()).filter_map(|at| styles.get(at)?.text_content());
    let text = texts.collect::<Vec<_>>().join("\n");
    let replace = Reflect::get(&sheet, &"replaceSync".into()).ok()?;
    replace.dyn_into::<Function>().ok()?.call1(&sheet, &text.into()).ok()?;
    let sheets = Array::of1(&sheet);
    Reflect::set(&document, &"adoptedStyleSheets".into(), &sheets).ok().map(drop)
}

/// Asks the browser to put `text` into the clipboard; `false` where it cannot.
pub fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window().filter(web_sys::Window::is_secure_context) else {
        return false;
    };
    // Whether the browser then does it is its own business; a click on a button is what it asks for.
    let _ = window.navigator().clipboard().write_text(text);
    true
}

/// Puts `text` into the clipboard; `false` where the browser does not.
pub async fn copied(text: &str) -> bool {
    let Some(window) = web_sys::window().filter(web_sys::Window::is_secure_context) else {
        return false;
    };
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}
