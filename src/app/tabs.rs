//! The tabs below the stage. Only the open one is built.

use leptos::prelude::*;

use super::kit::{TabLabel, Tabs};
use super::lazy::Lazy;
use super::panels::Answers;
use super::state::{LazySection, SettingsState};
use crate::config::Tab;

/// See the module.
#[component]
pub fn PageTabs() -> impl IntoView {
    let settings = expect_context::<SettingsState>().current;
    let tabs = Tab::ALL.iter().map(|tab| TabLabel { key: tab.as_str(), label: tab.label() });
    let open = Memo::new(move |_| settings.with(|settings| settings.tab.as_str()));
    let on_open = move |key: &'static str| {
        settings.update(|settings| settings.tab = Tab::from_name(key).unwrap_or_default());
    };
    let panel = |key| tab_view(Tab::from_name(key).unwrap_or_default());
    view! { <Tabs name="Views of the run" tabs=tabs.collect() open on_open panel /> }
}

/// What a tab shows.
pub fn tab_view(tab: Tab) -> AnyView {
    match tab {
        Tab::Answers => view! {
            <Answers>
                <Lazy section=LazySection::Report />
            </Answers>
        }
        .into_any(),
        Tab::Code => view! { <Lazy section=LazySection::Code /> }.into_any(),
        Tab::Loop => view! { <Lazy section=LazySection::EventLoop /> }.into_any(),
        Tab::Prompts => view! { <Lazy section=LazySection::Prompts /> }.into_any(),
        Tab::WhatIf => view! { <Lazy section=LazySection::WhatIf /> }.into_any(),
        Tab::Tail => view! { <Lazy section=LazySection::Tail /> }.into_any(),
        Tab::Runs => view! { <Lazy section=LazySection::History /> }.into_any(),
    }
}
