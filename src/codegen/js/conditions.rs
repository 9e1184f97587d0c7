//! Second calls, joins that begin early and what stands for an answer that is not there, in JavaScript;
//! and what ends a call.

use super::Js;
use crate::codegen::Form;
use crate::state::Key;

impl Js<'_> {
    /// Whether late calls are aborted.
    pub(super) fn aborts_late(&self) -> bool {
        self.form == Form::Parallel
            && self.plan.has_quorum(self.form)
            && !self.plan.keeps_late(self.form)
    }

    /// Whether a failure ends the other calls only once `main` has failed: that of a late call does not.
    pub(super) fn stops_at_the_end(&self) -> bool {
        self.cancels() && self.plan.has_quorum(self.form)
    }

    fn hedges_one(&self) -> bool {
        self.plan.hedge().is_some_and(|hedge| hedge.agent.is_some())
    }

    /// Whether a call is told more than its model.
    pub(super) fn has_options(&self) -> bool {
        self.aborts_late() || self.hedges_one()
    }

    /// What `ask` takes after the texts.
    pub(super) fn taken(&self) -> String {
        if !self.has_options() {
            return "model = MODEL".into();
        }
        let signal = if self.cancels() { ", signal = stop.signal" } else { ", signal" };
        let hedge = if self.hedges_one() { ", hedge" } else { "" };
        let signal = if self.aborts_late() { signal } else { "" };
        format!("{{ model = MODEL{hedge}{signal} }} = {{}}")
    }

    pub(super) fn options(&mut self, agent: usize, indent: usize, model: Option<String>) {
        let hedge = self.plan.hedge().filter(|hedge| hedge.agent == Some(agent));
        let model = model.map(|model| format!("model: {model}"));
        let hedge = hedge.map(|hedge| format!("hedge: {}", hedge.after.as_millis()));
        let signal = self.has_signal.then(|| "signal".to_owned());
        let options: Vec<String> = [model, hedge, signal].into_iter().flatten().collect();
        if !options.is_empty() {
            self.out.line(indent, format!("{{ {} }},", options.join(", ")));
        }
    }

    /// What ends a call, as an option of `fetch`.
    pub(super) fn signal(&mut self, indent: usize, patience: Option<String>) {
        let own = if self.aborts_late() { "signal" } else { "stop.signal" };
        let own = (self.cancels() || self.aborts_late()).then(|| own.to_owned());
        let loser = self.plan.hedge().map(|_| "loser".to_owned());
        let all: Vec<String> = [own, loser, patience].into_iter().flatten().collect();
        // Without it, there is no signal where the late calls of a quorum are not meant.
        let given = if self.aborts_late() && !self.cancels() { ".filter(Boolean)" } else { "" };
        match all.as_slice() {
            [] => {}
            [one] if one == "signal" => self.out.line(indent, "signal,"),
            [one] => self.out.line(indent, format!("signal: {one},")),
            several => {
                let several = several.join(", ");
                self.out.line(indent, format!("signal: AbortSignal.any([{several}]{given}),"));
            }
        }
    }

    /// The same as a reason not to ask again.
    pub(super) fn is_aborted(&self) -> String {
        let own = match (self.aborts_late(), self.cancels()) {
            (true, true) => " || signal.aborted",
            (true, false) => " || signal?.aborted",
            (false, true) => " || stop.signal.aborted",
            (false, false) => "",
        };
        let loser = if self.plan.hedge().is_some() { " || loser.aborted" } else { "" };
        format!("{own}{loser}")
    }

    pub(super) fn hedged(&mut self) {
        if self.plan.hedge().is_none() {
            return;
        }
        self.all(
            0,
            &[
                "",
                "// Calls again after that time without an answer. The first answer counts, and",
                "// the other call is aborted. (The page does not call again after a 429.)",
            ],
        );
        if self.plan.attempts() > 1 {
            self.out.line(0, "// (The page's second call has no retries.)");
        }
        self.all(
            0,
            &[
                "async function hedged(after, call) {",
                "    const loser = new AbortController();",
                "    const first = call(loser.signal);",
            ],
        );
        if self.hedges_one() {
            self.out.line(1, "if (!after) return first;");
        }
        self.all(
            1,
            &[
                "const late = new Promise((go) => { setTimeout(go, after, true).unref?.(); });",
                "try {",
                "    const isLate = await Promise.race([first.then(() => false), late]);",
                "    return await (isLate ? Promise.any([first, call(loser.signal)]) : first);",
                "} catch (error) {",
                "    throw error.errors?.[0] ?? error; // the first call's, where both have failed",
                "} finally {",
                "    loser.abort();",
                "}",
            ],
        );
        self.out.line(0, "}");
    }

    pub(super) fn quorum(&mut self) {
        if self.form == Form::Sequential || !self.plan.has_quorum(self.form) {
            return;
        }
        let aborts = self.aborts_late();
        self.all(
            0,
            &["", "// Resolves once there are enough answers, with undefined for the late ones."],
        );
        self.out.line(
            0,
            match aborts {
                true => "async function quorum(enough, start) {",
                false => "async function quorum(enough, calls) {",
            },
        );
        if aborts {
            self.out.line(1, "const late = new AbortController();");
            self.out.line(
                1,
                match self.cancels() {
                    true => "const calls = start(AbortSignal.any([stop.signal, late.signal]));",
                    false => "const calls = start(late.signal);",
                },
            );
        }
        self.out.line(1, "const answers = [];");
        self.out.line(1, "await new Promise((resolve, reject) => {");
        if self.collects {
            self.all(
                2,
                &[
                    "let open = calls.length;",
                    "calls.forEach((call, place) => call.then((answer) => {",
                    "    answers[place] = answer;",
                    "    open -= 1;",
                    "    if (answer.status === \"fulfilled\") enough -= 1;",
                    "    if (enough === 0 || open === 0) resolve();",
                    "}, reject));",
                ],
            );
        } else {
            self.all(
                2,
                &[
                    "calls.forEach((call, place) => call.then((answer) => {",
                    "    answers[place] = answer;",
                    "    enough -= 1;",
                    "    if (enough === 0) resolve();",
                    "}, reject));",
                ],
            );
        }
        self.out.line(1, "});");
        if aborts {
            self.out.line(1, "late.abort();");
        }
        self.out.line(
            1,
            match aborts && self.plan.schedule.on_failure.raises() {
                true => "return answers;",
                false => "return [...answers]; // a copy: late calls still write to the original",
            },
        );
        self.out.line(0, "}");
    }

    pub(super) fn tell_of_quorum(&mut self, enough: usize) {
        let answers = if enough == 1 { "1 answer" } else { &format!("{enough} answers") };
        let late = match self.plan.keeps_late(self.form) {
            true => "late calls run on, unused",
            false => "late calls are aborted",
        };
        self.out.line(1, format!("// All of these start at once, and {answers} will do: {late}."));
    }

    /// In sequence: an agent without whose answer the next ones begin.
    pub(super) fn not_asked(&mut self, agent: usize) {
        let name = self.names.written_by(agent).to_owned();
        self.out.blank(1);
        self.out.part_of = Some(agent);
        self.out.line(1, format!("// {}", self.plan.not_asked(agent)));
        self.out.waits(1, format!("const {name} = undefined;"), vec![agent]);
        self.out.part_of = None;
    }

    /// Whether what an agent writes under a key may be missing.
    pub(super) fn has_gap(&self, key: &Key) -> bool {
        let mut agents = self.plan.pipeline.agents().iter();
        let writer = agents.position(|agent| agent.output_key == *key);
        self.collects || writer.is_some_and(|agent| self.plan.may_be_late(self.form, agent))
    }

    /// What a prompt says of an answer that is missing.
    pub(super) fn given(&mut self) {
        let [missing, known] = match (self.plan.has_quorum(self.form), self.collects) {
            (false, false) => return,
            (false, true) => {
                ["A failed call", "if (answer.status === \"fulfilled\") return answer.value;"]
            }
            (true, false) => ["A missing answer", "if (answer !== undefined) return answer;"],
            (true, true) => [
                "A failed or late call",
                "if (answer?.status === \"fulfilled\") return answer.value;",
            ],
        };
        self.out.blank(1);
        self.out.line(0, format!("// {missing} leaves a mark in the prompts that read it."));
        self.out.line(0, "function given(answer, key) {");
        self.out.line(1, known);
        self.out.line(
            1,
            "return key ? `[${key} is missing: the agent that writes it gave no answer]` : \"\";",
        );
        self.out.line(0, "}");
    }
}
