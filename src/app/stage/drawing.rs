//! What the views of the picture draw from.

use leptos::prelude::*;

use crate::timeline::stage::{Layout, Scene};

/// See the module.
#[derive(Clone, Copy)]
pub struct Drawing {
    /// Where things are.
    pub layout: ReadSignal<Layout>,
    /// What is there at the playhead.
    pub scene: ReadSignal<Scene>,
}
