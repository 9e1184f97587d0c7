//! Pieces of an answer that arrive together, as one piece.
//!
//! A server that sends two thousand events a second delivers dozens of them with each read of the
//! network. The page cannot show them one by one, and each would be an entry of its own in the log
//! and in the picture of the event loop. They have one moment of arrival, so they become one piece.

use futures::stream::{self, LocalBoxStream, StreamExt};

use super::LiveModel;
use crate::model::{Chunk, Model, ModelError, Prompt};

/// The most pieces that become one: what one poll of an agent works through, so that a server that
/// is faster than the page does not keep the thread.
const TOGETHER: usize = 500;

/// A live model whose texts come in as few pieces as they arrived in.
pub struct Gathered(pub LiveModel);

impl Model for Gathered {
    fn generate<'a>(&'a self, prompt: &'a Prompt) -> LocalBoxStream<'a, Result<Chunk, ModelError>> {
        let arrived = self.0.generate(prompt).ready_chunks(TOGETHER);
        arrived.flat_map(|pieces| stream::iter(join(pieces))).boxed_local()
    }
}

type Piece = Result<Chunk, ModelError>;

/// The same pieces, with texts that follow one another as one.
pub fn join(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Ok(Chunk::Text(text))), Ok(Chunk::Text(more))) => text.push_str(&more),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}
