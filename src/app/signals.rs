//! Leptos's signals, memos and stored values, of one type each whatever they hold.
//!
//! Leptos compiles all that it does with a value anew for every type of value, about two kilobytes
//! each, and this page has some seventy of them. Here they lie in boxes, and only the handles know of
//! what type they are; these have the names and the methods of Leptos's own.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use ::leptos::reactive::computed::ArcMemo;
use ::leptos::reactive::effect::RenderEffect;
use ::leptos::reactive::graph::{AnySubscriber, Subscriber, ToAnySubscriber};
use leptos::prelude as leptos;
use leptos::{Get, GetUntracked, GetValue, LocalStorage, Notify, Track};

/// A value that is changed in its place: an `Rc<RefCell<T>>`.
type Boxed = Rc<dyn Any>;

fn boxed<T: 'static>(value: T) -> Boxed {
    Rc::new(RefCell::new(value))
}

/// Looks at the value in a box. Only the handle that put it there has the box, and knows its type.
fn open<T: 'static, U>(boxed: &Boxed, look: impl FnOnce(&RefCell<T>) -> U) -> U {
    look(boxed.downcast_ref().expect("a handle knows the type of what it stands for"))
}

/// A value whose readers hear of its changes.
pub struct RwSignal<T>(leptos::RwSignal<Boxed, LocalStorage>, PhantomData<fn() -> T>);

impl<T: 'static> RwSignal<T> {
    /// A signal with its first value.
    pub fn new(value: T) -> Self {
        Self(leptos::RwSignal::new_local(boxed(value)), PhantomData)
    }

    /// Looks at the value; whoever does so hears of changes.
    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        open(&self.0.get(), |value| look(&value.borrow()))
    }

    /// Looks at the value.
    pub fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        open(&self.0.get_untracked(), |value| look(&value.borrow()))
    }

    /// The value; whoever asks hears of changes.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// The value.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    /// Hears of changes.
    pub fn track(self) {
        self.0.track();
    }

    /// Changes the value, and tells.
    pub fn update<U>(self, change: impl FnOnce(&mut T) -> U) -> U {
        let changed = self.update_untracked(change);
        self.notify();
        changed
    }

    /// Changes the value, and tells nobody.
    pub fn update_untracked<U>(self, change: impl FnOnce(&mut T) -> U) -> U {
        open(&self.0.get_untracked(), |value| change(&mut value.borrow_mut()))
    }

    /// Puts another value in its place, and tells.
    pub fn set(self, value: T) {
        self.update(|own| *own = value);
    }

    /// Puts another value in its place, and tells, if what it belongs to is still there.
    pub fn try_set(self, value: T) {
        if self.0.try_get_untracked().is_some() {
            self.set(value);
        }
    }

    /// Puts another value in its place, and tells, if it is another one.
    pub fn renew(self, value: T)
    where
        T: PartialEq,
    {
        if self.with_untracked(|own| *own != value) {
            self.set(value);
        }
    }

    /// Tells that the value has changed.
    pub fn notify(self) {
        self.0.notify();
    }
}

/// What a memo has come to; equal only to itself.
#[derive(Clone)]
struct Answer(Arc<dyn Any + Send + Sync>);

impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Answer {
    fn open<T: 'static>(&self) -> &T {
        self.0.downcast_ref().expect("a handle knows the type of what it stands for")
    }
}

/// A value that is computed from others, whose readers hear of it only when it comes out different.
pub struct Memo<T>(leptos::Memo<Answer>, PhantomData<fn() -> T>);

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// A memo of what `compute` makes, perhaps of the value before.
    pub fn new(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let compute = move |before: Option<&Answer>| {
            let value = compute(before.map(Answer::open));
            match before {
                Some(answer) if *answer.open::<T>() == value => answer.clone(),
                _ => Answer(Arc::new(value)),
            }
        };
        Self(memo(Box::new(compute)), PhantomData)
    }

    /// Looks at the value; whoever does so hears of changes.
    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(self.0.get().open())
    }

    /// Looks at the value.
    pub fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(self.0.get_untracked().open())
    }

    /// The value; whoever asks hears of changes.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// The value.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }
}

type Compute = Box<dyn Fn(Option<&Answer>) -> Answer + Send + Sync>;

fn memo(compute: Compute) -> leptos::Memo<Answer> {
    let memo = ArcMemo::new(compute);
    be_forgotten(memo.to_any_subscriber());
    memo.into()
}

/// A value that lives as long as the part of the page that it belongs to, and that nobody listens to.
pub struct StoredValue<T>(leptos::StoredValue<Boxed, LocalStorage>, PhantomData<fn() -> T>);

impl<T: 'static> StoredValue<T> {
    /// Keeps a value.
    pub fn new(value: T) -> Self {
        Self(leptos::StoredValue::new_local(boxed(value)), PhantomData)
    }

    /// Looks at the value.
    pub fn with_value<U>(self, look: impl FnOnce(&T) -> U) -> U {
        open(&self.0.get_value(), |value| look(&value.borrow()))
    }

    /// Changes the value.
    pub fn update_value<U>(self, change: impl FnOnce(&mut T) -> U) -> U {
        open(&self.0.get_value(), |value| change(&mut value.borrow_mut()))
    }

    /// The value.
    pub fn get_value(self) -> T
    where
        T: Clone,
    {
        self.with_value(T::clone)
    }

    /// Puts another value in its place.
    pub fn set_value(self, value: T) {
        self.update_value(|own| *own = value);
    }
}

/// Does something now that the page is there, and again whenever what it reads has changed.
pub fn effect(act: impl FnMut() + 'static) {
    fn boxed(act: Box<dyn FnMut()>) {
        leptos::Effect::new(act);
    }
    boxed(Box::new(act));
}

/// A value that follows others, whose readers are woken only by another one. Those of a memo are all
/// woken to ask it, whatever the answer: dear where there are hundreds of them and a frame is due.
pub fn news<T: PartialEq + 'static>(of: impl Fn() -> T + 'static) -> RwSignal<T> {
    let signal = RwSignal::new(leptos::untrack(&of));
    follow(Box::new(move || signal.renew(of())));
    signal
}

/// Does something now, and again whenever what it reads has changed, for as long as its owner lives.
fn follow(mut act: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_| act());
    be_forgotten(effect.to_any_subscriber());
    leptos::StoredValue::new_local(effect);
}

/// Takes leave of what it has read, when its owner goes: Leptos would keep it among the readers of
/// whatever lives longer, for good.
fn be_forgotten(reader: AnySubscriber) {
    leptos::on_cleanup(move || reader.clear_sources(&reader));
}

macro_rules! handle {
    ($($name:ident)*) => {$(
        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $name<T> {}
    )*};
}

handle!(RwSignal Memo StoredValue);
