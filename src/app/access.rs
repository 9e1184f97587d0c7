//! What a reader gives to reach a live model, and the way from there to one.
//!
//! The key is here, in memory, and nowhere else.

use std::rc::Rc;

use leptos::prelude::*;

use super::connection::Tested;
use super::demo::Demo;
use super::doctor::Called;
use super::repeat::Round;
use super::sign_in::Arrival;
use crate::config::Settings;
use crate::llm::doctor::Probe;
use crate::llm::http::Transport;
use crate::llm::{ApiKey, LiveModel, ProviderId, Url};
use crate::model::Model;
use crate::web::built_in::BuiltIn;
use crate::web::fetch::BrowserTransport;
use crate::web::page;

/// What a reader types to reach a live model. The key is here, in memory, and nowhere else.
#[derive(Clone, Copy)]
pub struct Access {
    /// The API key.
    pub key: RwSignal<String>,
    /// Whether the tab keeps it too.
    pub remembered: RwSignal<bool>,
    /// The host that came with the address and that the reader has accepted by hand.
    pub accepted: RwSignal<Option<String>>,
    /// Whether the base URL came with the address and was not touched since.
    pub from_address: RwSignal<bool>,
    /// Whom the last run has called; `None` before one, and for one that was kept.
    pub called: RwSignal<Option<Called>>,
    /// What came of knocking there.
    pub probe: RwSignal<Probe>,
    /// What a reader who went out to sign in has come back with, until it is used.
    pub arrival: RwSignal<Option<Arrival>>,
    /// What came of running several times.
    pub repeats: RwSignal<Vec<Round>>,
    /// What came of testing the connection.
    pub tested: RwSignal<Option<Tested>>,
}

impl Access {
    /// Nothing yet, except perhaps a base URL from the address and what signing in brought.
    pub fn new(from_address: bool, arrival: Option<Arrival>) -> Self {
        Self {
            key: RwSignal::new(String::new()),
            remembered: RwSignal::new(false),
            accepted: RwSignal::new(None),
            from_address: RwSignal::new(from_address),
            called: RwSignal::new(None),
            probe: RwSignal::new(Probe::NotTried),
            arrival: RwSignal::new(arrival),
            repeats: RwSignal::new(Vec::new()),
            tested: RwSignal::new(None),
        }
    }
}

/// The model that the settings name, for a run, or what is still missing to reach it.
pub fn live_model(
    demo: Demo,
    id: ProviderId,
    settings: &Settings,
) -> Result<Rc<dyn Model>, String> {
    let (model, called) = untrack(|| demo.reach(id, settings, None))?;
    demo.access.called.set(Some(called));
    demo.access.probe.set(Probe::NotTried);
    Ok(Rc::new(model))
}

impl Demo {
    /// Gets ready for settings that nobody has typed. A key was typed for where calls went until
    /// now, and what comes with a link must not carry it elsewhere.
    pub fn readdress(self, settings: &Settings) {
        self.access.from_address.set(settings.base_url.is_some());
        let there = |settings: &Settings| (settings.provider, settings.base_url.clone());
        if there(settings) != self.settings.with_untracked(there) {
            self.access.key.set(String::new());
        }
    }

    /// The model that the settings name and whom that calls, or what is still missing to reach it.
    /// Nothing is sent yet, but from here on it may be.
    pub fn reach(
        self,
        id: ProviderId,
        settings: &Settings,
        max_tokens: Option<u32>,
    ) -> Result<(LiveModel, Called), String> {
        let base_url = settings.base_url.as_deref().unwrap_or_default();
        let model = settings.model.as_deref().unwrap_or_default();
        let mut reach = (id.settings(base_url, model, settings.temperature))
            .map_err(|error| format!("Base URL: {error}."))?;
        if self.must_accept(id, &reach.base_url) {
            return Err(format!(
                "This link sends your key to {}: accept that host first, or change the base URL.",
                reach.base_url.host()
            ));
        }
        let key = ApiKey::new(&self.access.key.get_untracked())
            .map_err(|error| format!("API key: {error}."))?;
        if id.needs_key() && key.is_empty() {
            let how = match page::in_foreign_frame() {
                true => "open Converge itself to use yours",
                false => "type yours first",
            };
            return Err(format!("{} needs an API key: {how}.", id.label()));
        }
        reach.max_tokens = max_tokens;
        let called = Called {
            id,
            base_url: reach.base_url.clone(),
            model: reach.model.clone(),
            key_is_empty: key.is_empty(),
        };
        let provider = id.provider(reach);
        let transport: Rc<dyn Transport> = match id.is_built_in() {
            true => Rc::new(BuiltIn),
            false => Rc::new(BrowserTransport),
        };
        Ok((LiveModel::new(transport, provider, key), called))
    }

    /// Whether a link chose where the key will go, and the reader has not agreed yet.
    pub fn must_accept(self, id: ProviderId, url: &Url) -> bool {
        self.access.from_address.get()
            && !id.owns(url)
            && !url.is_loopback()
            && self.access.accepted.get().as_deref() != Some(url.origin())
    }
}
