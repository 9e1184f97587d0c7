//! Breaking a branch: a simulated server error half-way through its answer.

use super::dom::Node;

use super::demo::Demo;
use super::ui::{Choice, menu, part, shown};
use crate::simulate::{Failing, Fault};
use crate::words;

/// More branches than these are not in the menu; the address can still name them.
const MOST_CHOICES: usize = 24;

/// Who fails. What the address says beyond that stays as it is until something is chosen here.
pub fn fault(demo: Demo) -> Node {
    let is_simulated = move || demo.settings.with(|settings| settings.provider.is_none());
    let view = move || {
        part(move || {
            demo.structure.with(|_| ());
            who(demo)
        })
    };
    shown(is_simulated, view)
}

fn who(demo: Demo) -> Node {
    let settings = demo.settings;
    let choice = |name: &str, label: String| {
        let own = name.to_owned();
        let is_chosen = move || {
            settings.with(|settings| match settings.fail.as_slice() {
                [] => own.is_empty(),
                [(name, _)] => *name == own,
                _ => false,
            })
        };
        Choice::new(name, label, is_chosen)
    };
    let mut choices = vec![choice("", words::controls::NO_BRANCH.into())];
    demo.stage.with_untracked(|stage| {
        let branches = stage.pipeline().branches().into_iter().take(MOST_CHOICES);
        choices.extend(branches.map(|branch| {
            let name = stage.name(branch);
            choice(&name, name.clone())
        }));
    });
    menu(words::controls::BREAK_A_BRANCH, "fail", choices, move |name| {
        let half = demo.stage.with_untracked(|stage| {
            let branch = stage.pipeline().find(&name)?;
            Some(stage.experiment.scripts.get(branch)?.latency / 2)
        });
        settings.update(|settings| {
            let broken = half.map(|after| Fault::Status { status: 500, after: Some(after) });
            settings.fail = broken.map(|fault| (name, Failing::from(fault))).into_iter().collect();
        });
    })
}
