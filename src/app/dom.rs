//! Elements as data: what a view returns, before it is on the page.
//!
//! Leptos's own `view!` gives every element a type of its own, and the compiler a copy of all that is
//! done with it. Here all elements are of one type: a view is a few short calls, and what becomes of
//! it (`shown`) is compiled once. Signals, memos, effects and owners are Leptos's.
//!
//!     el("p").class("note").when("none", is_hidden).child("It has taken ").child(seconds)

mod listener;
mod setters;
mod shown;

use std::borrow::Cow;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

pub use shown::show;

/// What can be on the page.
pub enum Node {
    /// An element.
    El(El),
    /// A text, which may follow signals.
    Text(Value),
    /// What is drawn anew when a signal that it reads changes.
    Part(Part),
    /// Things one after the other.
    Several(Vec<Node>),
    /// Things that are kept by their keys, whatever else comes, goes or moves.
    Keyed(Keyed),
}

/// Draws a part of a view.
pub type Part = Box<dyn FnMut() -> Node>;

type Draw = Rc<dyn Fn(u32) -> Node>;

/// Items by their keys.
pub struct Keyed {
    /// The keys, each once.
    keys: Vec<u32>,
    /// Draws a new one.
    draw: Draw,
    /// Whoever owns what the items create, longer than one look at the keys.
    owner: Owner,
}

/// An element: what it is, what is said about it, and what is in it.
pub struct El(Box<Data>);

struct Data {
    tag: &'static str,
    is_svg: bool,
    said: Vec<Said>,
    children: Vec<Node>,
}

/// Something that is said about an element.
struct Said {
    about: About,
    name: &'static str,
    what: What,
}

/// In which way.
#[derive(Clone, Copy, PartialEq)]
pub enum About {
    /// An attribute; without a value there is none.
    Attribute,
    /// A property, which a reader can change too.
    Property,
    /// One of its classes, which it has if there is any value.
    Class,
    /// A property of its style.
    Style,
    /// What it does when something happens.
    Event,
}

enum What {
    Value(Value),
    Hears(Box<dyn FnMut(web_sys::Event)>),
}

/// A value that stays, or follows signals. A flag that is true is an empty text.
#[derive(Clone)]
pub enum Value {
    /// One that stays.
    Fixed(Option<Cow<'static, str>>),
    /// A text.
    Text(Signal<String>),
    /// A text or nothing.
    Maybe(Signal<Option<String>>),
    /// A flag.
    Flag(Signal<bool>),
}

/// An element of HTML.
pub fn el(tag: &'static str) -> El {
    El::new(tag, false)
}

/// An element of SVG.
pub fn svg(tag: &'static str) -> El {
    El::new(tag, true)
}

/// Nothing.
pub fn nothing() -> Node {
    Node::Several(Vec::new())
}

/// An item for each key that `keys` says, drawn once and kept as long as its key is there.
pub fn keyed(keys: impl Fn() -> Vec<u32> + 'static, draw: impl Fn(u32) -> Node + 'static) -> Node {
    let draw: Draw = Rc::new(draw);
    let owner = Owner::current().unwrap_or_default();
    Node::Part(Box::new(move || {
        Node::Keyed(Keyed { keys: keys(), draw: draw.clone(), owner: owner.clone() })
    }))
}

impl El {
    /// Sets an attribute.
    pub fn attr(self, name: &'static str, value: impl Says) -> Self {
        value.say(self, About::Attribute, name)
    }

    /// Sets its classes; those that come and go are for [`El::when`].
    pub fn class(self, names: impl Says) -> Self {
        names.say(self, About::Attribute, "class")
    }

    /// Gives it a class while `is` says so.
    pub fn when(self, class: &'static str, is: impl Says) -> Self {
        is.say(self, About::Class, class)
    }

    /// Sets a property of its style.
    pub fn style(self, name: &'static str, value: impl Says) -> Self {
        value.say(self, About::Style, name)
    }

    /// Sets what a reader can change too: what is in a field, whether a box is ticked.
    pub fn prop(self, name: &'static str, value: impl Says) -> Self {
        value.say(self, About::Property, name)
    }

    /// Listens.
    pub fn on(self, event: &'static str, heard: impl FnMut(web_sys::Event) + 'static) -> Self {
        self.listen(event, Box::new(heard))
    }

    /// Listens to events that are of that type.
    pub fn hears<E: JsCast>(self, event: &'static str, mut heard: impl FnMut(E) + 'static) -> Self {
        self.listen(event, Box::new(move |event| heard(event.unchecked_into())))
    }

    /// Does something when that happens.
    pub fn upon(self, event: &'static str, mut act: impl FnMut() + 'static) -> Self {
        self.listen(event, Box::new(move |_| act()))
    }

    /// Adds something to what is in it.
    pub fn child(self, child: impl Into<Node>) -> Self {
        self.put(child.into())
    }

    /// As what can be on the page.
    pub fn node(self) -> Node {
        Node::El(self)
    }

    // Calls of these are all that a view is compiled to, so they had better stay calls.

    #[inline(never)]
    fn new(tag: &'static str, is_svg: bool) -> Self {
        Self(Box::new(Data { tag, is_svg, said: Vec::new(), children: Vec::new() }))
    }

    #[inline(never)]
    fn value(mut self, about: About, name: &'static str, value: Value) -> Self {
        self.0.said.push(Said { about, name, what: What::Value(value) });
        self
    }

    #[inline(never)]
    fn fixed(self, about: About, name: &'static str, text: &'static str) -> Self {
        self.value(about, name, Value::Fixed(Some(Cow::Borrowed(text))))
    }

    #[inline(never)]
    fn text(self, about: About, name: &'static str, text: Signal<String>) -> Self {
        self.value(about, name, Value::Text(text))
    }

    #[inline(never)]
    fn flag(self, about: About, name: &'static str, flag: Signal<bool>) -> Self {
        self.value(about, name, Value::Flag(flag))
    }

    #[inline(never)]
    fn listen(mut self, name: &'static str, heard: Box<dyn FnMut(web_sys::Event)>) -> Self {
        self.0.said.push(Said { about: About::Event, name, what: What::Hears(heard) });
        self
    }

    #[inline(never)]
    fn put(mut self, child: Node) -> Self {
        self.0.children.push(child);
        self
    }
}

/// What can be said about an element: a text or a flag, or a signal of one.
pub trait Says {
    /// Says it.
    fn say(self, of: El, about: About, name: &'static str) -> El;
}

impl Says for &'static str {
    fn say(self, of: El, about: About, name: &'static str) -> El {
        of.fixed(about, name, self)
    }
}

impl Says for String {
    fn say(self, of: El, about: About, name: &'static str) -> El {
        of.value(about, name, Value::Fixed(Some(Cow::Owned(self))))
    }
}

impl Says for Option<&'static str> {
    fn say(self, of: El, about: About, name: &'static str) -> El {
        of.value(about, name, Value::Fixed(self.map(Cow::Borrowed)))
    }
}

impl Says for bool {
    fn say(self, of: El, about: About, name: &'static str) -> El {
        self.then_some("").say(of, about, name)
    }
}

impl Says for Signal<String> {
    fn say(self, of: El, about: About, name: &'static str) -> El {
        of.text(about, name, self)
    }
}

impl Says for Signal<Option<String>> {
    fn say(self, of: El, about: About, name: &'static str) -> El {
        of.value(about, name, Value::Maybe(self))
    }
}

impl Says for Signal<bool> {
    fn say(self, of: El, about: About, name: &'static str) -> El {
        of.flag(about, name, self)
    }
}

impl Value {
    /// What it is now; whoever asks hears of changes.
    fn get(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Fixed(text) => text.clone(),
            Self::Text(text) => Some(Cow::Owned(text.get())),
            Self::Maybe(text) => text.get().map(Cow::Owned),
            Self::Flag(flag) => flag.get().then_some(Cow::Borrowed("")),
        }
    }
}

impl From<El> for Node {
    fn from(el: El) -> Self {
        Self::El(el)
    }
}

impl From<&'static str> for Node {
    fn from(text: &'static str) -> Self {
        Self::Text(Value::Fixed(Some(Cow::Borrowed(text))))
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(Value::Fixed(Some(Cow::Owned(text))))
    }
}

impl From<Signal<String>> for Node {
    fn from(text: Signal<String>) -> Self {
        Self::Text(Value::Text(text))
    }
}

impl From<Vec<Self>> for Node {
    fn from(nodes: Vec<Self>) -> Self {
        Self::Several(nodes)
    }
}

impl<T: Into<Self>> From<Option<T>> for Node {
    fn from(node: Option<T>) -> Self {
        node.map_or_else(nothing, Into::into)
    }
}

/// Whatever yields what can be on the page.
pub trait Nodes {
    /// All of it, one after the other.
    fn nodes(self) -> Node;
}

impl<T: Into<Node>, I: IntoIterator<Item = T>> Nodes for I {
    fn nodes(self) -> Node {
        Node::Several(self.into_iter().map(Into::into).collect())
    }
}

/// Things of different kinds, one after the other.
macro_rules! from_tuple {
    ($($part:ident)*) => {
        impl<$($part: Into<Node>),*> From<($($part,)*)> for Node {
            #[allow(non_snake_case)]
            fn from(($($part,)*): ($($part,)*)) -> Self {
                Self::Several(vec![$($part.into()),*])
            }
        }
    };
}

from_tuple!(A B);
from_tuple!(A B C);
from_tuple!(A B C D);
from_tuple!(A B C D E);
