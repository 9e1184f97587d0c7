//! Second calls, and joins that begin before all their branches have answered.

use std::num::{NonZeroU32, NonZeroUsize};

use converge::codegen::Language;
use converge::engine::{Hedge, Late, OnFailure, Quorum, Schedule};
use converge::pipeline::Pipeline;
use converge::presets::{PresetId, preset};
use converge::simulate::{Fault, Script};
use converge::template::Template;

use crate::case::{Case, WIDE, diamond, uneven};
use crate::fixtures::{agent, key, ms, script};

/// Shorter than any call: the server answers no first call before the second one is there.
const SOON: u64 = 20;
/// Longer than any program runs.
const NEVER: u64 = 60_000;

impl Case {
    fn hedged(self, after: u64, agent: Option<usize>) -> Self {
        let hedge = Some(Hedge { after: ms(after), agent });
        let name = format!("{}, hedged", self.name);
        Self { name, schedule: Schedule { hedge, ..self.schedule }, ..self }
    }

    fn with_quorum(self, answers: usize, late: Late) -> Self {
        let answers = NonZeroUsize::new(answers).unwrap();
        let quorum = Some(Quorum { answers, join: None, late });
        let name = format!("{}, quorum {answers}, {late:?}", self.name);
        Self { name, schedule: Schedule { quorum, ..self.schedule }, ..self }
    }

    fn on_failure(self, on_failure: OnFailure) -> Self {
        let name = format!("{}, {on_failure:?}", self.name);
        Self { name, schedule: Schedule { on_failure, ..self.schedule }, ..self }
    }
}

/// `b` does that, so often.
fn faulty(fault: Fault, times: Option<u32>) -> (Pipeline, Vec<Script>) {
    let mut plan = diamond(Some(1));
    let failing = plan.1[1].fault.as_mut().unwrap();
    (failing.fault, failing.times) = (fault, times.and_then(NonZeroU32::new));
    plan
}

/// Agents that are asked a second time, and those that have an answer by then or fail before.
pub fn hedged() -> Vec<Case> {
    let all = |name: &str, plan: &_, width| Case::new(name, plan, width).hedged(SOON, None);
    let fails = Fault::Status { status: 500, after: None };
    let [hangs_once, fails_once] = [Fault::Hang, fails].map(|fault| faulty(fault, Some(1)));
    let fails = faulty(fails, None);
    let mut own_model = diamond(None).0.agents().to_vec();
    own_model[2].model = Some("own".into());
    let own_model = (Pipeline::new(vec![key("topic")], own_model).unwrap(), diamond(None).1);
    vec![
        all("all", &diamond(None), 1),
        all("all", &diamond(None), 2),
        all("all", &diamond(None), WIDE),
        all("tasks of their own", &without_fault(uneven()), WIDE),
        Case::new("in time", &diamond(None), WIDE).hedged(NEVER, None),
        Case::new("one agent", &own_model, WIDE).hedged(SOON, Some(2)),
        Case::new("one agent", &hangs_once, WIDE).hedged(SOON, Some(1)),
        all("b hangs once", &hangs_once, 1),
        all("b hangs once", &hangs_once, WIDE),
        all("b fails once", &fails_once, WIDE),
        all("b fails twice", &fails, WIDE),
        all("b fails twice", &fails, WIDE).collecting(),
        Case::new("b fails at once", &fails, WIDE).hedged(NEVER, None).collecting(),
        all("b fails twice", &fails, WIDE).on_failure(OnFailure::Fallback),
        all("b fails twice", &fails, WIDE).on_failure(OnFailure::Leave),
    ]
}

/// Programs that do otherwise than is meant, and how that is seen.
pub fn early_mistakes() -> [(Case, Case, &'static str); 5] {
    let plain = || Case::new("mistaken", &diamond(None), WIDE);
    let hedged = || plain().hedged(SOON, None);
    let [canceled, kept] = [Late::Cancel, Late::Keep].map(|late| plain().with_quorum(2, late));
    [
        (hedged(), plain(), "waits for what never came"),
        (plain(), hedged(), "which the engine does not"),
        (canceled.clone(), plain(), "asked 0 times: \"\" \"join"),
        (canceled.clone(), kept.clone(), "waits for what never came"),
        (kept, canceled, "dropped: true"),
    ]
}

/// What ends a loser and a late call in that language's programs. Without it, the calls run on.
pub fn losers(language: Language) -> [(Case, &'static str); 2] {
    let [loser, late] = match language {
        Language::Js => ["loser.abort();", "late.abort();"],
        _ => ["each.cancel()", "task.cancel()"],
    };
    let plain = || Case::new("not canceled", &diamond(None), WIDE);
    [(plain().hedged(SOON, None), loser), (plain().with_quorum(2, Late::Cancel), late)]
}

fn without_fault((pipeline, mut scripts): (Pipeline, Vec<Script>)) -> (Pipeline, Vec<Script>) {
    scripts.iter_mut().for_each(|script| script.fault = None);
    (pipeline, scripts)
}

/// `d` and `e` read the same three, one of them without a mark for what is missing.
fn layers() -> (Pipeline, Vec<Script>) {
    let mut agents = vec![
        agent("a", "ask a of {topic}", "a"),
        agent("b", "ask b of {topic}", "b"),
        agent("c", "ask c of {topic}", "c"),
        agent("d", "join {a} and {b} and {c?}", "d"),
        agent("e", "add {a} and {b} and {c}", "e"),
        agent("end", "of {d} and {e}", "end"),
    ];
    agents[5].instruction = Template::new("Be brief.");
    let scripts = [(200, "A"), (900, "B"), (350, "C"), (100, "D"), (170, "E"), (100, "F")]
        .map(|(millis, answer)| script(ms(millis), answer));
    (Pipeline::new(vec![key("topic")], agents).unwrap(), scripts.into())
}

/// Joins that begin early, each with late branches that are canceled and that run on.
pub fn quorums() -> Vec<Case> {
    let each = [Late::Cancel, Late::Keep].into_iter().flat_map(|late| {
        let company = preset(PresetId::Company, 3);
        let company = (company.pipeline, company.scripts);
        let plain = |answers| Case::new("diamond", &diamond(None), WIDE).with_quorum(answers, late);
        let failing =
            |answers| Case::new("b fails", &diamond(Some(1)), WIDE).with_quorum(answers, late);
        let mut named = plain(2);
        named.schedule.quorum.as_mut().unwrap().join = Some(3);
        [
            plain(1),
            plain(2),
            plain(3),
            Case::new("diamond", &diamond(None), 1).with_quorum(2, late),
            Case::new("diamond", &diamond(None), 2).with_quorum(1, late),
            Case::new("company", &company, 2).with_quorum(3, late),
            Case::new("layers", &layers(), 1).with_quorum(1, late),
            Case::new("b fails", &diamond(Some(1)), 1).with_quorum(1, late).collecting(),
            Case::new("b fails", &diamond(Some(1)), 1)
                .with_quorum(2, late)
                .on_failure(OnFailure::Fallback),
            named,
            plain(2).on_failure(OnFailure::Wait),
            Case::new("company", &company, WIDE).with_quorum(3, late),
            Case::new("layers", &layers(), WIDE).with_quorum(2, late),
            Case::new("layers", &layers(), WIDE).with_quorum(1, late),
            Case::new("layers", &layers(), WIDE).with_quorum(2, late).collecting(),
            Case::new("not in layers", &without_fault(uneven()), WIDE).with_quorum(1, late),
            failing(2),
            failing(1).collecting(),
            failing(2).collecting(),
            failing(2).on_failure(OnFailure::Fallback),
            failing(2).on_failure(OnFailure::Leave),
            plain(2).hedged(SOON, None),
            Case::new("layers", &layers(), WIDE).with_quorum(2, late).hedged(SOON, Some(1)),
        ]
    });
    each.collect()
}
