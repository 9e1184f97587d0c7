//! The notice that a panic leaves: readable, complete, and text whatever it says.

use converge::web::page;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_panic_is_told_to_the_reader() {
    let document = web_sys::window().unwrap().document().unwrap();
    assert_eq!(page::show_stopped("nowhere to say it"), None);

    let notice = document.create_element("div").unwrap();
    notice.set_id("notice");
    notice.set_attribute("hidden", "").unwrap();
    document.body().unwrap().append_child(&notice).unwrap();
    let report = "panicked at <img src=x>: index out of bounds";
    page::show_stopped(report).unwrap();

    assert!(!notice.has_attribute("hidden"));
    let text = notice.text_content().unwrap();
    assert!(text.contains("The page has stopped"), "{text}");
    assert!(text.contains("To report it"), "{text}");
    assert!(text.contains(report), "{text}");
    assert!(notice.query_selector("img").unwrap().is_none());
    notice.remove();
}
