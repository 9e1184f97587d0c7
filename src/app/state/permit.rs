//! What it takes to call a live model: the reader's own press, as a value.
//!
//! What starts by itself (an address, a message, a press that was noted before the program was there)
//! has no [`Permit`], and can start the simulation only. Inside another site's page one press is not
//! enough: that page can lay its own button over ours. The reader is asked once more, by a button that
//! names the host that is called and that works only after it has been in plain sight for half a second.

use std::rc::Rc;

use web_sys::Event;

use crate::config::{Around, Settings};
use crate::llm::ProviderId;
use crate::web::exposure::Exposure;
use crate::web::page;
use crate::web::press::Press;

/// Whose the pages around this one are.
pub fn around() -> Around {
    Around::of(&page::own_origin(), &page::origins_around())
}

/// Leave to call a live model, once. It can be neither copied nor made without the reader's press.
pub struct Permit(());

impl Permit {
    /// By a press alone; `None` inside another site's page.
    pub fn by(_: Press<'_>) -> Option<Self> {
        (around() != Around::Foreign).then_some(Self(()))
    }

    /// By a press on what had been in plain sight.
    pub fn by_sight(_: Press<'_>, event: &Event, seen: &Exposure) -> Option<Self> {
        seen.was_seen_before(event).then_some(Self(()))
    }

    /// The same leave for several runs that one button has asked for.
    pub fn times(self, times: usize) -> impl Iterator<Item = Self> {
        (0..times).map(|_| Self(()))
    }
}

/// What starts a run.
pub enum By<'event> {
    /// The reader has pressed something.
    Reader(Press<'event>),
    /// The page itself, or a script: any event that the browser does not vouch for.
    Page,
}

impl<'event> By<'event> {
    /// Whether a person or a script made the event.
    pub fn of(event: &'event Event) -> Self {
        Press::of(event).map_or(Self::Page, Self::Reader)
    }
}

/// Does something that may call a live model, for which it then has leave.
type Act = Rc<dyn Fn(Option<Permit>)>;

/// What waits for the reader's second press.
#[derive(Clone)]
pub struct Asked {
    act: Act,
    settings: Settings,
}

impl Asked {
    /// `act` is done after the second press, if the settings are still these.
    pub fn new(act: impl Fn(Option<Permit>) + 'static, settings: Settings) -> Self {
        Self { act: Rc::new(act), settings }
    }

    /// The provider that would be called.
    pub fn provider(&self) -> Option<ProviderId> {
        self.settings.provider
    }

    /// The settings that the question is about.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether the question is about these settings.
    pub fn is_about(&self, settings: &Settings) -> bool {
        self.settings == *settings
    }

    /// Does it.
    pub fn act(&self, permit: Permit) {
        (self.act)(Some(permit));
    }
}
