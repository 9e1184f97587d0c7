//! A secret that is made here, and its digest, both as texts that an address can hold.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

/// Thirty-two random bytes.
pub fn random() -> Option<String> {
    let mut bytes = [0; 32];
    let crypto = web_sys::window()?.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

/// The SHA-256 of a text. Browsers have it only for pages that came safely.
pub async fn digest(text: &str) -> Option<String> {
    let crypto = web_sys::window()?.crypto().ok()?;
    let subtle = crypto.subtle();
    if subtle.is_undefined() {
        return None;
    }
    let promise = subtle.digest_with_str_and_u8_array("SHA-256", text.as_bytes()).ok()?;
    let digest = JsFuture::from(promise).await.ok()?;
    Some(URL_SAFE_NO_PAD.encode(Uint8Array::new(&digest).to_vec()))
}
