//! Where the page and the lists in it are scrolled to.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// How far the top of the element with that id lies above where it can be scrolled to, in CSS pixels:
/// below what its `scroll-margin-top` keeps free. Negative while it is further down.
pub fn past(id: &str) -> f64 {
    let window = web_sys::window();
    let element = window.as_ref().and_then(|window| window.document()?.get_element_by_id(id));
    let Some((window, element)) = window.zip(element) else { return 0.0 };
    let style = window.get_computed_style(&element).ok().flatten();
    let margin = style.and_then(|style| style.get_property_value("scroll-margin-top").ok());
    let margin = margin.and_then(|margin| margin.strip_suffix("px")?.parse().ok());
    margin.unwrap_or(0.0) - element.get_bounding_client_rect().top()
}

/// Scrolls the page until the element with that id is so far past that place.
pub fn to_past(id: &str, depth: f64) {
    if let Some(window) = web_sys::window() {
        window.scroll_by_with_x_and_y(0.0, depth - past(id));
    }
}

/// Scrolls a list sideways until the element in it with that id is in its middle, as far as it goes.
pub fn center_in(list: &HtmlElement, id: &str) {
    let element = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let room = list.client_width() - element.offset_width();
        list.set_scroll_left(element.offset_left() - room / 2);
    }
}
