//! Settings and addresses at random: what can be asked for, and what nobody should.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use converge::codegen::Language;
use converge::config::{
    Autoplay, KEYS, NamedHedge, NamedQuorum, ScheduleChoice, Settings, Tab, Theme, View,
};
use converge::engine::Quorum;
use converge::llm::ProviderId;
use converge::presets::{MOST_FANOUT, PresetId};
use converge::simulate::{Failing, Fault, MOST_RETRIES};
use converge::tail::Shape;
use proptest::prelude::*;
use proptest::sample::select;

use crate::edit::random::pipelines;
use crate::fixtures::{policies, quorums};

/// A text as a field of the page has it: trimmed, and not empty.
fn words() -> impl Strategy<Value = String> {
    "\\PC{1,24}"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("empty", |text| !text.is_empty())
}

/// A name in a list. A comma ends an item; everything else may be in a name.
fn names() -> impl Strategy<Value = String> {
    "[^,\\pC]{1,12}"
}

fn lengths() -> impl Strategy<Value = Duration> {
    (0..=86_400_000_000_u64).prop_map(Duration::from_micros)
}

fn timeouts() -> impl Strategy<Value = Duration> {
    lengths().prop_filter("nothing can be done in none", |length| !length.is_zero())
}

fn faults() -> impl Strategy<Value = Failing> {
    let after = || proptest::option::of(lengths());
    let fault = prop_oneof![
        (400..600_u16, after()).prop_map(|(status, after)| Fault::Status { status, after }),
        after().prop_map(|after| Fault::Cut { after }),
        Just(Fault::Hang),
    ];
    let times = proptest::option::of((1..=u32::MAX).prop_map(|n| NonZeroU32::new(n).unwrap()));
    (fault, times, after()).prop_map(|(fault, times, retry_after)| {
        // Only a server that answers can ask for anything.
        let answers = matches!(fault, Fault::Status { .. });
        Failing { fault, times, retry_after: retry_after.filter(|_| answers) }
    })
}

fn named_quorums() -> impl Strategy<Value = NamedQuorum> {
    let name = proptest::option::of(names());
    (name, quorums()).prop_map(|(join, Quorum { answers, late, .. })| NamedQuorum {
        join,
        answers,
        late,
    })
}

fn named_hedges() -> impl Strategy<Value = NamedHedge> {
    (proptest::option::of(names()), lengths())
        .prop_map(|(agent, after)| NamedHedge { agent, after })
}

fn shapes() -> impl Strategy<Value = Shape> {
    prop_oneof![
        decimals(0.0, 3.0).prop_map(|sigma| Shape::LogNormal { sigma }),
        (decimals(0.0, 1.0), decimals(1.0, 1000.0))
            .prop_map(|(share, times)| Shape::Slow { share, times }),
    ]
}

/// A number as the page's controls and addresses have it: in millionths.
fn decimals(least: f64, most: f64) -> impl Strategy<Value = f64> {
    let millionths = |number: f64| (number * 1e6) as u32;
    (millionths(least)..=millionths(most)).prop_map(|millionths| f64::from(millionths) / 1e6)
}

/// Every settings that the page's controls or an address can come to.
pub fn settings() -> impl Strategy<Value = Settings> {
    use proptest::collection::vec;
    use proptest::option::{of, weighted};
    let what = (
        select(&PresetId::ALL[..]),
        (1..=MOST_FANOUT, weighted(0.05, pipelines())),
        select(ScheduleChoice::ALL),
        of((1..=usize::MAX).prop_map(|n| NonZeroUsize::new(n).unwrap())),
        (of(policies()), of(named_quorums()), of(named_hedges()), of(shapes())),
        vec((names(), faults()), 0..4),
        vec((names(), lengths()), 0..4),
        vec(words().prop_filter("a comma ends an item", |word| !word.contains(',')), 0..3),
    );
    let live = (
        of(select(&ProviderId::ALL[..])),
        of(words()),
        of(words()),
        (of(decimals(0.0, 2.0)), of((1..=u32::MAX).prop_map(|n| NonZeroU32::new(n).unwrap()))),
        of(words()),
        of(0..=MOST_RETRIES),
        of(timeouts()),
        of(timeouts()),
        of(timeouts()),
    );
    let page = (
        any::<u64>(),
        decimals(0.0, 1.0),
        decimals(0.1, 8.0),
        (select(View::ALL), select(Tab::ALL)),
        select(Language::ALL),
        any::<bool>(),
        select(Theme::ALL),
        select(Autoplay::ALL),
        vec(words().prop_filter("a comma ends an item", |word| !word.contains(',')), 0..4),
    );
    (what, live, page).prop_map(|(what, live, page)| {
        let (preset, (n, edited), schedule, limit, conditions, fail, latency, block) = what;
        let (on_error, quorum, hedge, spread) = conditions;
        let (
            provider,
            base_url,
            model,
            (temperature, max_tokens),
            topic,
            retries,
            first,
            read,
            run,
        ) = live;
        let (seed, jitter, speed, (view, tab), lang, embed, theme, autoplay, hide) = page;
        Settings {
            preset,
            n,
            edited,
            schedule,
            limit,
            on_error,
            quorum,
            hedge,
            spread,
            fail,
            retries,
            first_timeout: first,
            read_timeout: read,
            run_timeout: run,
            block,
            provider,
            base_url,
            model,
            temperature,
            max_tokens,
            topic,
            latency,
            seed,
            jitter,
            speed,
            view,
            tab,
            lang,
            embed,
            theme,
            autoplay,
            hide,
        }
    })
}

/// An address that somebody tampered with: known keys, values that are almost right.
pub fn addresses() -> impl Strategy<Value = String> {
    let key = select([KEYS.as_slice(), &["key", "api_key", "?", ""]].concat());
    let value = prop_oneof![
        "\\PC{0,16}",
        "[0-9.eE+-]{0,8}",
        "([a-z*]{0,5}:[0-9.@a-z-]{0,6},?){0,3}",
        select(vec![
            "company",
            "fanout",
            "race",
            "collect",
            "wait",
            "openai",
            "gemini",
            "NaN",
            "inf",
            "-0",
            "1e308",
            "a:hang@1",
            "a:hangx2w1",
            "a:429x2w1.5",
            "a:500@-1",
            "a:99999999999",
            "*:0",
            "%00",
            "%FF",
            "&&==",
            "1",
            "synthesis:3,keep",
            "slow:0.01x10",
            "lognormal:0.5",
            ":3",
            "1company.AAAA",
            "1fanout.AAAAAAAA",
        ])
        .prop_map(String::from),
    ];
    let pair = (key, value).prop_map(|(key, value)| format!("{key}={value}"));
    proptest::collection::vec(pair, 0..6).prop_map(|pairs| pairs.join("&"))
}
