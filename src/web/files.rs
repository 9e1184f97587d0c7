//! Files: one that the page gives, and one that the reader gives it. Nothing leaves this machine.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ClipboardEvent, DataTransfer, DragEvent, Event, File, FileList, HtmlAnchorElement,
    HtmlInputElement, Url,
};

/// Lets the browser save `bytes` as a file of that name; `false` where it does not.
pub fn save(name: &str, bytes: &[u8]) -> bool {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)));
    blob.is_ok_and(|blob| save_blob(name, &blob))
}

/// Lets the browser save `blob` as a file of that name; `false` where it does not.
pub fn save_blob(name: &str, blob: &Blob) -> bool {
    let saved = || -> Result<(), JsValue> {
        let document = web_sys::window().and_then(|window| window.document());
        let document = document.ok_or(JsValue::NULL)?;
        let url = Url::create_object_url_with_blob(blob)?;
        let link = document.create_element("a")?.unchecked_into::<HtmlAnchorElement>();
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // The browser has taken hold of the blob by now.
        Url::revoke_object_url(&url)
    };
    saved().is_ok()
}

/// A text to read, and what it is called.
pub enum Source {
    /// A file of the reader's.
    File(File),
    /// A text that is here already.
    Text {
        /// What to call it.
        name: String,
        /// The text; `None` where it could not be loaded.
        text: Option<String>,
    },
}

impl Source {
    /// What it is called.
    pub fn name(&self) -> String {
        match self {
            Self::File(file) => file.name(),
            Self::Text { name, .. } => name.clone(),
        }
    }
}

fn all(files: Option<FileList>) -> Vec<Source> {
    let files = files.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.get(at)));
    files.map(Source::File).collect()
}

/// The files that were chosen in a field, and the field empty again, so that the same ones can be
/// chosen once more.
pub fn all_chosen(event: &Event) -> Vec<Source> {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let files = field.as_ref().and_then(HtmlInputElement::files);
    let files = all(files);
    if let Some(field) = field {
        field.set_value("");
    }
    files
}

/// The first of them.
pub fn chosen(event: &Event) -> Option<File> {
    all_chosen(event).into_iter().find_map(|source| match source {
        Source::File(file) => Some(file),
        Source::Text { .. } => None,
    })
}

/// Whether files are dragged, and not a text or a link of the page.
pub fn has_files(event: &DragEvent) -> bool {
    let types = event.data_transfer().map(|data| data.types());
    types.is_some_and(|types| types.includes(&JsValue::from_str("Files"), 0))
}

/// The files that were dropped.
pub fn dropped(event: &DragEvent) -> Vec<Source> {
    all(event.data_transfer().and_then(|data| data.files()))
}

/// What was pasted: files, or else the text.
pub fn pasted(event: &ClipboardEvent, name: &str) -> Vec<Source> {
    let data: Option<DataTransfer> = event.clipboard_data();
    let files = all(data.as_ref().and_then(DataTransfer::files));
    let text = data.filter(|_| files.is_empty()).and_then(|data| data.get_data("text").ok());
    let text = text.filter(|text| !text.trim().is_empty());
    let text = text.map(|text| Source::Text { name: name.into(), text: Some(text) });
    files.into_iter().chain(text).collect()
}

/// Bytes that are read of a file at once: what the browser holds of it besides what is here.
const PART: f64 = 4e6;

/// What is in a file; `None` where it cannot be read or is longer than `most` bytes.
pub async fn bytes(file: &File, most: usize) -> Option<Vec<u8>> {
    let size = file.size();
    if size > most as f64 {
        return None;
    }
    let mut bytes = Vec::with_capacity(size as usize);
    while (bytes.len() as f64) < size {
        let from = bytes.len() as f64;
        let part = file.slice_with_f64_and_f64(from, from + PART).ok()?;
        let part = Uint8Array::new(&JsFuture::from(part.array_buffer()).await.ok()?);
        // It may have become shorter since.
        if part.length() == 0 {
            return None;
        }
        bytes.append(&mut part.to_vec());
    }
    Some(bytes)
}
