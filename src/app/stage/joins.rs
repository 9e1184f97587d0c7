//! Where branches meet: the tokens of their answers, the rail at the join and its ring.

use leptos::prelude::*;

use super::axis::{percent, px};
use crate::timeline::stage::joins::without_gaps;
use crate::timeline::stage::{Join, JoinState, Token};

/// An answer on its way to a join.
#[component]
pub fn TokenMark(token: Token) -> impl IntoView {
    let Token { agent, x, y, shown } = token;
    view! {
        <div
            class="join-token"
            data-agent=agent + 1
            style:left=percent(x)
            style:top=px(y)
            style:scale=format!("{shown:.2}")
        ></div>
    }
}

/// The rail and the ring of a join. `bars` are the middles of the agents' bars; `None` for a crowd.
#[component]
pub fn JoinMark(join: Join, bars: Option<Vec<f64>>) -> impl IntoView {
    let is_open = join.state != JoinState::Ahead;
    // Each branch's part of the rail is as long as its token has come.
    let parts: Vec<(Option<usize>, f64, f64)> = match bars {
        _ if !is_open => Vec::new(),
        None => vec![(None, join.rail.0, join.rail.1)],
        Some(bars) => {
            let parts = join.branches.iter().filter_map(|branch| {
                let from = *bars.get(*branch)?;
                let to = from + (join.y - from) * join.motion.rail;
                Some((Some(branch + 1), from.min(to), from.max(to)))
            });
            parts.collect()
        }
    };
    let parts = parts.into_iter().flat_map(|(branch, top, bottom)| {
        let left = without_gaps(top, bottom, &join.gaps).into_iter();
        left.map(move |(top, bottom)| (branch, top, bottom))
    });
    let parts = parts.map(|(branch, top, bottom)| {
        view! {
            <div
                class="rail"
                data-agent=branch
                style:left=percent(join.x)
                style:top=px(top)
                style:height=px(bottom - top)
            ></div>
        }
    });
    // It opens and closes: half of the motion each.
    let open = 1.0 - (2.0 * join.motion.ring - 1.0).abs();
    view! {
        {parts.collect_view()}
        <div
            class="ring"
            class:open=is_open
            style:left=percent(join.x)
            style:top=px(join.y)
            style=("--open", format!("{open:.3}"))
        ></div>
    }
}
