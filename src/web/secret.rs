//! A secret that is made here, and its digest, both as texts that an address can hold.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

/// Thirty-two random bytes.
pub fn random() -> Option<String> {
    let mut bytes = [0; 32];
    let crypto = web_sys::window()?.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(base64url(&bytes))
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
    Some(base64url(&Uint8Array::new(&digest).to_vec()))
}

/// Base64 in the alphabet of addresses, without padding (RFC 4648, section 5).
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for at in 0..=three.len() {
            let letter = (bits >> (18 - 6 * at)) & 63;
            text.push(char::from(LETTERS[letter as usize]));
        }
    }
    text
}
