//! Files: one that the page gives, and one that the reader gives it. Nothing leaves this machine.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Event, File, HtmlAnchorElement, HtmlInputElement, Url};

/// Lets the browser save `bytes` as a file of that name; `false` where it does not.
pub fn save(name: &str, bytes: &[u8]) -> bool {
    let saved = || -> Result<(), JsValue> {
        let document = web_sys::window().and_then(|window| window.document());
        let document = document.ok_or(JsValue::NULL)?;
        let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
        let url = Url::create_object_url_with_blob(&blob)?;
        let link = document.create_element("a")?.unchecked_into::<HtmlAnchorElement>();
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // The browser has taken hold of the blob by now.
        Url::revoke_object_url(&url)
    };
    saved().is_ok()
}

/// The file that was chosen in a field, and the field empty again, so that the same one can be chosen
/// once more.
pub fn chosen(event: &Event) -> Option<File> {
    let field = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    let file = field.files()?.get(0)?;
    field.set_value("");
    Some(file)
}

/// What is in a file; `None` where it cannot be read or is longer than `most` bytes.
pub async fn bytes(file: &File, most: usize) -> Option<Vec<u8>> {
    if file.size() > most as f64 {
        return None;
    }
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// What is in a file, as text; `None` where it cannot be read or is longer than `most` bytes.
pub async fn text(file: &File, most: usize) -> Option<String> {
    if file.size() > most as f64 {
        return None;
    }
    JsFuture::from(file.text()).await.ok()?.as_string()
}
