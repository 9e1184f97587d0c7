//! Reading a stream of the browser's piece by piece, and aborting what is dropped.

use futures::stream::{self, Stream};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, ReadableStream, ReadableStreamDefaultReader,
    ReadableStreamReadResult,
};

/// A drop guard: aborts what was given its signal, which also fails the stream that comes of it and
/// so frees its reader.
pub(super) struct AbortOnDrop {
    controller: AbortController,
    is_armed: bool,
}

impl AbortOnDrop {
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self { controller: AbortController::new()?, is_armed: true })
    }

    /// For what is to be aborted.
    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Nothing is left to abort. Doing so all the same would take a tenth of a millisecond.
    fn disarm(&mut self) {
        self.is_armed = false;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if self.is_armed {
            // Without a reason: the default one is an `Error`, and gloo-net panics on anything else.
            self.controller.abort();
        }
    }
}

/// The pieces of a stream to its end. Dropped before that, it aborts.
pub(super) fn pieces(
    stream: &ReadableStream,
    abort: AbortOnDrop,
) -> Result<impl Stream<Item = Result<JsValue, JsValue>> + 'static, JsValue> {
    let reader = ReadableStreamDefaultReader::new(stream)?;
    Ok(stream::try_unfold((reader, abort), |(reader, mut abort)| async move {
        let read = JsFuture::from(reader.read()).await?;
        let read = read.unchecked_into::<ReadableStreamReadResult>();
        if read.get_done() == Some(true) {
            abort.disarm();
            return Ok(None);
        }
        Ok(Some((read.get_value(), (reader, abort))))
    }))
}
