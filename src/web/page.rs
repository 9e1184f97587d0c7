//! The page's surroundings: its address, its theme, its panic notice.

use std::cell::Cell;
use std::panic::PanicHookInfo;
use std::rc::Rc;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    HtmlElement, HtmlInputElement, HtmlTextAreaElement, IdleRequestOptions, IntersectionObserver,
    IntersectionObserverEntry,
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
    // Access is denied in a frame of another site, which answers the question.
    window.top().ok().flatten().is_none_or(|top| top != window)
}

/// The origin that the browser goes by, which is `null` in a sandbox.
pub fn own_origin() -> String {
    web_sys::window().map(|window| window.origin()).unwrap_or_default()
}

/// Where the pages around this one come from, the nearest first: `None` for one that does not let
/// that be seen.
pub fn origins_around() -> Vec<Option<String>> {
    let Some(window) = web_sys::window() else { return vec![None] };
    let listed = Reflect::get(&window.location(), &"ancestorOrigins".into()).unwrap_or_default();
    if listed.is_object() {
        return Array::from(&listed).iter().map(|origin| origin.as_string()).collect();
    }
    let mut origins = Vec::new();
    let mut inner = window;
    // The outermost is its own parent.
    while let Some(outer) = inner.parent().ok().flatten().filter(|outer| *outer != inner) {
        // Only a page of the same origin can be looked into.
        let origin = outer.location().href().ok().map(|_| outer.origin());
        origins.push(origin);
        inner = outer;
    }
    origins
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

/// Goes to another page; the browser's history leads back.
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

/// Scrolls the first element that matches into view.
pub fn show(selector: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(Ok(Some(element))) = document.map(|document| document.query_selector(selector)) {
        element.scroll_into_view();
    }
}

/// What the reader did before the program was loaded: see `public/boot.js`.
#[derive(Default)]
pub struct Early {
    /// Run was pressed.
    pub pressed: bool,
    /// The early Run button had the focus when it was removed.
    pub focused: bool,
}

/// Removes what the page's HTML shows until the program is loaded.
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
        // An element that cannot have the focus leaves it where it is.
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
        // An element that cannot have the focus leaves it where it is.
        let _ = element.focus();
    }
}

/// Brings the first element of that kind into view, and the focus to it; `false` if there is none.
pub fn lead_to(selector: &str) -> bool {
    let Some(element) = first(selector) else { return false };
    element.scroll_into_view_with_bool(false);
    element.focus().is_ok()
}

/// Calls back when the browser is idle, after a tenth of a second at the latest.
pub fn when_idle(act: impl FnOnce() + 'static) {
    let Some(window) = web_sys::window() else { return };
    let options = IdleRequestOptions::new();
    options.set_timeout(100);
    let act: Function = Closure::once_into_js(act).unchecked_into();
    // Not every browser has `requestIdleCallback`.
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
/// The address is left out on purpose: it may hold a key.
pub fn show_panics() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let report = format!("Converge {}\n{panic}", env!("CARGO_PKG_VERSION"));
        web_sys::console::error_1(&report.as_str().into());
        // If this fails too, there is no other way to show it.
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
    add("h2", "The page has stopped");
    add(
        "p",
        "An error inside the page itself stopped it, so what you see no longer changes. Reload the \
         page to start again; a key that you typed has to be typed again.",
    );
    add("p", "To report it, send this text to whoever runs this page:");
    add("pre", report);
    notice.remove_attribute("hidden").ok()
}

/// Calls back once, as soon as the first element that `selector` finds has been scrolled into view; in
/// a frame that means the view of the page around it.
pub fn when_visible(selector: &str, seen: impl FnOnce() + 'static) -> Option<()> {
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
    let observer = IntersectionObserver::new(notice.as_ref().unchecked_ref()).ok()?;
    observer.observe(&element);
    // The closure has to live as long as the observer.
    notice.forget();
    Some(())
}

/// Notes whether the page is hidden at any moment: browsers slow down the timers of a hidden page.
pub struct VisibilityMonitor {
    lost: Rc<Cell<bool>>,
    on_change: Closure<dyn FnMut()>,
}

fn is_hidden() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.hidden())
}

/// The event of a change.
const CHANGE: &str = "visibilitychange";

impl VisibilityMonitor {
    /// Watches from now on.
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

    /// Whether the page was hidden at any moment.
    pub fn was_hidden(&self) -> bool {
        self.lost.get()
    }
}

impl Drop for VisibilityMonitor {
    fn drop(&mut self) {
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            let listener = self.on_change.as_ref().unchecked_ref();
            // As above.
            let _ = document.remove_event_listener_with_callback(CHANGE, listener);
        }
    }
}

/// Asks the browser to put `text` into the clipboard; `false` where it cannot.
pub fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window().filter(web_sys::Window::is_secure_context) else {
        return false;
    };
    // The result is not awaited. Browsers allow this in a click's handler.
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

/// Whether the reader wants less to move.
pub fn wants_less_motion() -> bool {
    matches_media("(prefers-reduced-motion: reduce)")
}

/// Whether the reader's system is set to dark colors.
pub fn prefers_dark() -> bool {
    matches_media("(prefers-color-scheme: dark)")
}

fn matches_media(query: &str) -> bool {
    let list = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
    list.is_some_and(|list| list.matches())
}
