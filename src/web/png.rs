//! A picture in pixels, made of an SVG by the browser itself.

use js_sys::{Promise, encode_uri_component};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

/// Draws an SVG as a PNG, `times` as wide and as high.
///
/// # Errors
///
/// Where the browser cannot draw it, for example because it would be too large a canvas.
pub async fn png(svg: &str, times: f64) -> Result<Blob, JsValue> {
    let image = HtmlImageElement::new()?;
    // As a data URL, which the content security policy allows for images, unlike a blob's.
    let address = format!("data:image/svg+xml,{}", String::from(encode_uri_component(svg)));
    image.set_src(&address);
    JsFuture::from(image.decode()).await?;
    let (width, height) =
        (f64::from(image.natural_width()) * times, f64::from(image.natural_height()) * times);
    let document = web_sys::window().and_then(|window| window.document());
    let canvas = document.ok_or(JsValue::NULL)?.create_element("canvas")?;
    let canvas = canvas.unchecked_into::<HtmlCanvasElement>();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context = context.unchecked_into::<CanvasRenderingContext2d>();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let mut drawn = Ok(());
    let blob = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            // A promise's own function takes any value.
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        drawn = canvas.to_blob(done.unchecked_ref());
    });
    drawn?;
    JsFuture::from(blob).await?.dyn_into()
}
