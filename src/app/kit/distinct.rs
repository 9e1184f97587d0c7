//! Signals that notify only on change, and readers that unsubscribe.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use leptos::reactive::graph::{AnySubscriber, Subscriber, ToAnySubscriber};
use leptos::task::{spawn_local, tick};

/// A value that follows others, and wakes its readers only when it has changed. Readers of a memo are
/// woken whenever one of its sources changes, to ask it: with hundreds of readers of what changes
/// every frame, that costs more than all else.
pub fn distinct<T: PartialEq + Send + Sync + 'static>(
    of: impl Fn() -> T + 'static,
) -> ReadSignal<T> {
    follow(Box::new(of))
}

/// Takes a boxed closure, so that it is compiled once a type and not once a closure.
fn follow<T: PartialEq + Send + Sync + 'static>(of: Box<dyn Fn() -> T>) -> ReadSignal<T> {
    // The first run of the effect gives the first value, so that it is computed once.
    let first = Rc::new(Cell::new(None));
    let made = Rc::new(OnceCell::<(ReadSignal<T>, WriteSignal<T>)>::new());
    let follow = RenderEffect::new({
        let (first, made) = (first.clone(), made.clone());
        move |_| {
            let value = of();
            match made.get() {
                None => first.set(Some(value)),
                Some((read, write)) => {
                    if read.with_untracked(|own| *own != value) {
                        write.set(value);
                    }
                }
            }
        }
    });
    let value = first.take().expect("an effect that renders runs as it is made");
    let (read, _) = *made.get_or_init(|| disposed_late().with(|| signal(value)));
    unsubscribe_on_cleanup(&follow);
    StoredValue::new_local(follow);
    read
}

/// Makes a memo or an effect unsubscribe from what it has read when its owner is cleaned up. A memo
/// that lives longer would keep it among its subscribers, allocation and all (Leptos 0.8).
pub fn unsubscribe_on_cleanup(reader: &impl ToAnySubscriber) {
    let reader: AnySubscriber = reader.to_any_subscriber();
    on_cleanup(move || reader.clear_sources(&reader));
}

/// How many turns of the tasks' queue a part of a view lives on after it was taken away, at most: one
/// for each dynamic part that is nested in it.
const LATE: usize = 4;

/// An owner of signals that outlive the present one by a few turns. When a part of a view is taken away,
/// what is nested in it goes a little later, and effects in there that were woken before still run
/// (Leptos 0.8): they would read signals that are gone.
fn disposed_late() -> Owner {
    let parent = Owner::current();
    let owner = Owner::new_root(None);
    if let Some(parent) = parent {
        parent.set();
    }
    let late = owner.clone();
    on_cleanup(move || {
        spawn_local(async move {
            for _ in 0..LATE {
                tick().await;
            }
            drop(late);
        });
    });
    owner
}
