//! Second calls, joins that begin early and what stands for an answer that is not there, in Python.

use super::Python;
use crate::codegen::Form;

impl Python<'_> {
    pub(super) fn hedged(&mut self) {
        if self.plan.hedge().is_none() {
            return;
        }
        let out = &mut self.out;
        out.blank(2);
        out.line(0, "async def hedged(after, call):");
        out.line(1, "# Calls again after that time without an answer. The first answer counts,");
        out.line(
            1,
            "# and the other call is canceled. (The page does not call again after a 429.)",
        );
        if self.plan.attempts() > 1 {
            out.line(1, "# (The page's second call has no retries.)");
        }
        for line in [
            "calls = [asyncio.create_task(call())]",
            "try:",
            "    await asyncio.wait(calls, timeout=after)",
            "    if not calls[0].done():",
            "        calls.append(asyncio.create_task(call()))",
            "    for answer in asyncio.as_completed(calls):",
            "        try:",
            "            return await answer",
            "        except Exception:",
            "            continue  # the other one may answer",
            "    return calls[0].result()  # raises, as all have failed",
            "finally:",
            "    for each in calls:",
            "        each.cancel()",
        ] {
            out.line(1, line);
        }
    }

    pub(super) fn quorum(&mut self) {
        if self.form == Form::Sequential || !self.plan.has_quorum(self.form) {
            return;
        }
        let keeps = self.plan.keeps_late(self.form);
        let out = &mut self.out;
        out.blank(2);
        out.line(0, "async def quorum(enough, *calls):");
        out.line(1, "# Returns once there are enough answers, with None for the late calls.");
        out.line(1, "tasks = [asyncio.create_task(call) for call in calls]");
        if self.collects {
            for line in [
                "answers = 0",
                "for call in asyncio.as_completed(tasks):",
                "    answers += not isinstance(await call, Exception)",
                "    if answers == enough:",
                "        break",
            ] {
                out.line(1, line);
            }
        } else {
            out.line(1, "for call in islice(asyncio.as_completed(tasks), enough):");
            out.line(2, "await call");
        }
        if keeps {
            out.line(1, "# The late calls run on, unused.");
            out.line(1, "return [task.result() if task.done() else None for task in tasks]");
        } else {
            for line in [
                "late = [task for task in tasks if not task.done()]",
                "for task in late:",
                "    task.cancel()",
                "return [None if task in late else task.result() for task in tasks]",
            ] {
                out.line(1, line);
            }
        }
    }

    pub(super) fn tell_of_quorum(&mut self, enough: usize, is_told: bool) {
        let answers = if enough == 1 { "1 answer" } else { &format!("{enough} answers") };
        let late = match self.plan.keeps_late(self.form) {
            true => "late calls run on, unused",
            false => "late calls are canceled",
        };
        self.out.line(1, format!("# All of these start, and {answers} will do: {late}."));
        match (is_told, self.collects) {
            (true, _) => {}
            (false, true) => {
                self.out.line(1, "# A failed call comes back as its exception, in its place.");
            }
            (false, false) => self.tell_of_failure("quorum"),
        }
    }

    /// In sequence: an agent without whose answer the next ones begin.
    pub(super) fn not_asked(&mut self, agent: usize) {
        let name = self.names.written_by(agent).to_owned();
        self.out.blank(1);
        self.out.part_of = Some(agent);
        self.out.line(1, format!("# {}", self.plan.not_asked(agent)));
        self.out.waits(1, format!("{name} = None"), vec![agent]);
        self.out.part_of = None;
    }

    /// What a prompt says of an answer that is missing.
    pub(super) fn given(&mut self) {
        let has_quorum = self.plan.has_quorum(self.form);
        let [missing, has_answer] = match (has_quorum, self.collects) {
            (false, false) => return,
            (false, true) => ["A failed call", "not isinstance(answer, Exception)"],
            (true, false) => ["A missing answer", "answer is not None"],
            (true, true) => ["A failed or late call", "isinstance(answer, str)"],
        };
        let out = &mut self.out;
        out.blank(2);
        out.line(0, "def given(answer, key=None):");
        out.line(1, format!("# {missing} leaves a mark in the prompts that read it."));
        out.line(1, format!("if {has_answer}:"));
        out.line(2, "return answer");
        out.line(1, "if key is None:");
        out.line(2, "return \"\"");
        out.line(1, "return f\"[{key} is missing: the agent that writes it gave no answer]\"");
    }
}
