//! Elements as data among views of `view!`, until there are none of those any more.

use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use wasm_bindgen::JsCast;

use super::shown::{Put, Shown};
use super::{El, Node, nothing};

/// A node, where only what can be sent may be.
pub struct Made(StoredValue<Option<Node>, LocalStorage>);

no_attrs!(Made);

impl Made {
    fn take(self) -> Node {
        self.0.try_update_value(Option::take).flatten().unwrap_or_else(nothing)
    }
}

impl From<Node> for AnyView {
    fn from(node: Node) -> Self {
        Made(StoredValue::new_local(Some(node))).into_any()
    }
}

impl From<El> for AnyView {
    fn from(el: El) -> Self {
        Node::El(el).into()
    }
}

impl Render for Made {
    type State = Shown;

    fn build(self) -> Shown {
        Shown::new(self.take())
    }

    fn rebuild(self, state: &mut Shown) {
        state.become_(self.take());
    }
}

impl RenderHtml for Made {
    type AsyncOutput = Self;
    type Owned = Self;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _: &mut String,
        _: &mut Position,
        _: bool,
        _: bool,
        _: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Shown {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl Mountable for Shown {
    fn unmount(&mut self) {
        self.put(&Put::Away);
    }

    fn mount(&mut self, parent: &web_sys::Element, before: Option<&web_sys::Node>) {
        self.put(&Put::Into(parent, before));
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(first) = self.first() else { return false };
        let Some(parent) = first.parent_node() else { return false };
        child.mount(parent.unchecked_ref(), Some(&first));
        true
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        Vec::new()
    }
}

impl IntoRender for Node {
    type Output = AnyView;

    fn into_render(self) -> AnyView {
        self.into()
    }
}

impl IntoRender for El {
    type Output = AnyView;

    fn into_render(self) -> AnyView {
        self.into()
    }
}
