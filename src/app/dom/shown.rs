//! Elements on the page: made from what a view returned, and changed into what it returns later.
//!
//! A part that is drawn anew keeps the elements that it has, as far as they are of the same kind: so
//! the focus, what is scrolled and what is folded stay as a reader left them.

use std::borrow::Cow;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use leptos::reactive::graph::{Subscriber, ToAnySubscriber};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Comment, Element, Text};

use super::listener::Listener;
use super::setters::{Setter, setter, text_setter};
use super::{About, Data, Draw, El, Keyed, Node, Part, Said, Value, What};

/// Something on the page, or about to be. It always has a node of its own, if only a comment, so
/// that its place is known.
pub enum Shown {
    El { dom: Element, tag: &'static str, said: Vec<Kept>, children: Vec<Shown> },
    Text { dom: Text, now: Now },
    Part(Live),
    Several { items: Vec<Shown>, end: Comment },
    Keyed { items: Vec<(u32, Owner, Shown)>, draw: Draw, end: Comment },
}

/// An effect, which ends with what it shows. By itself it would only stop, and where its turn had come
/// already, what it shows would stay for that long, and follow signals that are gone.
pub struct Live(RenderEffect<State>);

impl Live {
    fn new(step: impl FnMut(Option<State>) -> State + 'static) -> Self {
        Self(RenderEffect::new(step))
    }

    fn take(&self) -> Option<State> {
        self.0.take_value()
    }

    /// Looks at what is shown, if anything is.
    fn with<T>(&self, look: impl FnOnce(&Shown) -> Option<T>) -> Option<T> {
        let look = |state: &mut State| match state {
            State::Shown(shown) => look(shown),
            State::Value(_) => None,
        };
        self.0.with_value_mut(look).flatten()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // What it followed would remember it until its own next change, which may never come.
        let subscriber = self.0.to_any_subscriber();
        subscriber.clear_sources(&subscriber);
        self.take();
    }
}

/// What an effect remembers: of a part, what it shows; of a value, the last one.
pub enum State {
    Shown(Shown),
    Value(Option<Cow<'static, str>>),
}

/// What was said about an element.
pub struct Kept {
    about: About,
    name: &'static str,
    how: How,
}

enum How {
    Now(Now),
    Hears(Listener),
}

/// A value as it stands.
pub enum Now {
    Fixed(Option<Cow<'static, str>>),
    Live(Live),
}

impl Now {
    /// Hands every new value to `set`, and knows what it was before.
    /// What a reader can change may have to be set again to what it was.
    fn new(value: Value, about: About, before: Option<Self>, set: Setter) -> Self {
        let before = match before {
            Some(Self::Fixed(text)) => Some(State::Value(text)),
            Some(Self::Live(effect)) => effect.take(),
            None => None,
        };
        let step = move |value: &Value, before: Option<State>| {
            let now = value.get();
            if !matches!(&before, Some(State::Value(before)) if *before == now) {
                set(now.as_deref());
            }
            now
        };
        if let Value::Fixed(_) = value {
            return Self::Fixed(step(&value, before));
        }
        let mut first = before;
        Self::Live(Live::new(move |before: Option<State>| {
            let before = before.filter(|_| about != About::Property);
            State::Value(step(&value, before.or_else(|| first.take())))
        }))
    }
}

/// Puts a view at the end of the page's body, for as long as the page lives.
pub fn show(node: Node) {
    let shown = Shown::new(node);
    if let Some(body) = document().body() {
        shown.put(&Put::Into(&body, None));
    }
    std::mem::forget(shown);
}

impl Shown {
    /// Makes what is not on the page yet.
    pub fn new(node: Node) -> Self {
        match node {
            Node::El(El(data)) => Self::element(*data),
            Node::Text(value) => {
                let dom = document().create_text_node("");
                let now = Now::new(value, About::Attribute, None, text_setter(&dom));
                Self::Text { dom, now }
            }
            Node::Part(part) => Self::Part(follow(part, None)),
            Node::Several(nodes) => {
                let items = nodes.into_iter().map(Self::new).collect();
                Self::Several { items, end: document().create_comment("") }
            }
            Node::Keyed(keyed) => {
                let (mut items, draw) = (Vec::new(), keyed.draw.clone());
                let end = document().create_comment("");
                arrange(&mut items, keyed, &end);
                Self::Keyed { items, draw, end }
            }
        }
    }

    fn element(data: Data) -> Self {
        let Data { tag, is_svg, said, children } = data;
        let made = match is_svg {
            true => document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag),
            false => document().create_element(tag),
        };
        // It fails only for names that are none.
        let dom: Element = made.unwrap_or_else(|_| JsValue::NULL.unchecked_into());
        let children: Vec<Self> = children.into_iter().map(Self::new).collect();
        children.iter().for_each(|child| child.put(&Put::Into(&dom, None)));
        // After its children: a menu can choose only what it has.
        let said = said.into_iter().map(|said| Kept::new(said, &dom)).collect();
        Self::El { dom, tag, said, children }
    }

    /// Changes what there is into something else, in its place.
    pub fn become_(&mut self, node: Node) {
        match (&mut *self, node) {
            (Self::El { dom, tag, said, children }, Node::El(El(data)))
                if *tag == data.tag
                    && said.len() == data.said.len()
                    && said.iter().zip(&data.said).all(|(kept, said)| kept.is_like(said)) =>
            {
                become_all(children, data.children, dom, None);
                for (kept, said) in said.iter_mut().zip(data.said) {
                    kept.become_(said.what, dom);
                }
            }
            (Self::Text { dom, now }, Node::Text(value)) => {
                let before = std::mem::replace(now, Now::Fixed(None));
                *now = Now::new(value, About::Attribute, Some(before), text_setter(dom));
            }
            (Self::Several { items, end }, Node::Several(nodes)) => match end.parent_node() {
                Some(parent) => become_all(items, nodes, &parent, Some(end)),
                None => *items = nodes.into_iter().map(Self::new).collect(),
            },
            // Of another list, what owned the items may be gone.
            (Self::Keyed { items, draw, end }, Node::Keyed(keyed))
                if Rc::ptr_eq(draw, &keyed.draw) =>
            {
                arrange(items, keyed, end);
            }
            (Self::Part(effect), Node::Part(part)) => {
                let before = effect.take();
                *effect = follow(part, before);
            }
            (_, node) => {
                let new = Self::new(node);
                if let Some(place) = self.first()
                    && let Some(parent) = place.parent_node()
                {
                    new.put(&Put::Into(&parent, Some(&place)));
                }
                self.put(&Put::Away);
                *self = new;
            }
        }
    }

    /// Its first node.
    pub fn first(&self) -> Option<web_sys::Node> {
        match self {
            Self::El { dom, .. } => Some(dom.clone().into()),
            Self::Text { dom, .. } => Some(dom.clone().into()),
            Self::Part(effect) => effect.with(Self::first),
            Self::Several { items, end } => {
                items.first().map_or_else(|| Some(end.clone().into()), Self::first)
            }
            Self::Keyed { items, end, .. } => {
                items.first().map_or_else(|| Some(end.clone().into()), |(.., item)| item.first())
            }
        }
    }

    /// Puts it on the page, or takes it off.
    pub fn put(&self, put: &Put<'_>) {
        match self {
            Self::El { dom, .. } => put.node(dom),
            Self::Text { dom, .. } => put.node(dom),
            Self::Part(effect) => {
                effect.with(|shown| {
                    shown.put(put);
                    Some(())
                });
            }
            Self::Several { items, end } => {
                items.iter().for_each(|item| item.put(put));
                put.node(end);
            }
            Self::Keyed { items, end, .. } => {
                items.iter().for_each(|(.., item)| item.put(put));
                put.node(end);
            }
        }
    }
}

/// Shows what a part says, whenever it says something new, in the place of what was there before.
fn follow(mut part: Part, before: Option<State>) -> Live {
    let mut first = before;
    Live::new(move |before: Option<State>| {
        let node = part();
        State::Shown(match before.or_else(|| first.take()) {
            Some(State::Shown(mut shown)) => {
                shown.become_(node);
                shown
            }
            _ => Shown::new(node),
        })
    })
}

/// Where something goes.
pub enum Put<'a> {
    /// Into a node, before another one in it or at its end.
    Into(&'a web_sys::Node, Option<&'a web_sys::Node>),
    /// Off the page.
    Away,
}

impl Put<'_> {
    fn node(&self, node: &web_sys::Node) {
        // These fail only where the page was changed from outside.
        match self {
            Self::Into(parent, before) => drop(parent.insert_before(node, *before)),
            Self::Away => drop(node.parent_node().map(|parent| parent.remove_child(node))),
        }
    }
}

/// Changes things into others, one by one; what is too much goes, what is missing comes before
/// `end`, which is the end of the parent if there is none.
fn become_all(
    items: &mut Vec<Shown>,
    nodes: Vec<Node>,
    parent: &web_sys::Node,
    end: Option<&web_sys::Node>,
) {
    let count = nodes.len();
    for (at, node) in nodes.into_iter().enumerate() {
        match items.get_mut(at) {
            Some(item) => item.become_(node),
            None => {
                let item = Shown::new(node);
                item.put(&Put::Into(parent, end));
                items.push(item);
            }
        }
    }
    for item in items.drain(count..) {
        item.put(&Put::Away);
    }
}

/// Brings items into the order of their keys, with those that are new and without those that are
/// not there any more. Whatever is in its place already is not touched.
fn arrange(items: &mut Vec<(u32, Owner, Shown)>, keyed: Keyed, end: &Comment) {
    let Keyed { keys, draw, owner } = keyed;
    let mut old = std::mem::take(items);
    for key in keys {
        let kept = old.iter().position(|(own, ..)| *own == key).map(|at| old.remove(at));
        items.push(kept.unwrap_or_else(|| {
            let owner = owner.with(Owner::new);
            let shown = owner.with(|| untrack(|| Shown::new(draw(key))));
            (key, owner, shown)
        }));
    }
    for (_, owner, item) in old {
        item.put(&Put::Away);
        owner.cleanup();
    }
    let Some(parent) = end.parent_node() else { return };
    let mut next: web_sys::Node = end.clone().into();
    for (.., item) in items.iter().rev() {
        let Some(first) = item.first() else { continue };
        if first.next_sibling().as_ref() != Some(&next) {
            item.put(&Put::Into(&parent, Some(&next)));
        }
        next = first;
    }
}

impl Kept {
    fn new(said: Said, dom: &Element) -> Self {
        let Said { about, name, what } = said;
        let how = match what {
            What::Value(value) => How::Now(Now::new(value, about, None, setter(about, name, dom))),
            What::Hears(heard) => How::Hears(Listener::new(dom, name, heard)),
        };
        Self { about, name, how }
    }

    fn is_like(&self, said: &Said) -> bool {
        self.about == said.about && self.name == said.name
    }

    fn become_(&mut self, what: What, dom: &Element) {
        match (&mut self.how, what) {
            (How::Now(now), What::Value(value)) => {
                let before = std::mem::replace(now, Now::Fixed(None));
                // Setting an attribute may have taken away the classes that come and go.
                let before = (self.about != About::Class).then_some(before);
                *now = Now::new(value, self.about, before, setter(self.about, self.name, dom));
            }
            (How::Hears(listener), What::Hears(heard)) => listener.hears(heard),
            // They are alike.
            _ => {}
        }
    }
}
