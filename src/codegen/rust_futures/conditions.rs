//! Second calls and joins that begin early, in Rust.

use std::time::Duration;

use super::Rust;
use crate::codegen::python::rust_literal;
use crate::codegen::{Form, Writer, missing};

/// A length as an expression.
pub(super) fn duration(length: Duration) -> String {
    let micros = length.as_micros();
    match micros.is_multiple_of(1000) {
        true => format!("Duration::from_millis({})", micros / 1000),
        false => format!("Duration::from_micros({micros})"),
    }
}

impl Rust<'_> {
    pub(super) fn hedges_one(&self) -> bool {
        self.plan.hedge().is_some_and(|hedge| hedge.agent.is_some())
    }

    pub(super) fn hedged(&self, out: &mut Writer) {
        if self.plan.hedge().is_none() {
            return;
        }
        let retries = self.plan.attempts() > 1;
        let answer = "Result<String, (String, Option<u16>)>";
        out.blank(1);
        out.line(0, "// Calls again after that time without an answer. The first answer counts, and the other");
        out.line(
            0,
            "// call is dropped, which cancels it. (The page does not call again after a 429.)",
        );
        if retries {
            out.line(0, "// (The page's second call has no retries.)");
        }
        let after = if self.hedges_one() { "Option<Duration>" } else { "Duration" };
        out.line(0, format!("async fn hedged(after: {after}, body: &Value) -> {answer} {{"));
        let call = if retries { "attempts(body)" } else { "call(body)" };
        out.line(1, format!("let mut first = pin!({call});"));
        if self.hedges_one() {
            out.line(1, "let Some(after) = after else { return first.await };");
        }
        out.line(1, "if let Ok(answer) = tokio::time::timeout(after, &mut first).await {");
        out.line(2, "return answer;");
        out.line(1, "}");
        out.line(1, format!("let (answer, _) = select_ok([first, pin!({call})]).await?;"));
        out.line(1, "Ok(answer)");
        out.line(0, "}");
        if retries {
            out.blank(1);
            out.line(0, format!("async fn attempts(body: &Value) -> {answer} {{"));
            self.again(out, "answer");
            out.line(0, "}");
        }
    }

    pub(super) fn quorum(&self, out: &mut Writer) {
        if self.form == Form::Sequential || !self.plan.has_quorum(self.form) {
            return;
        }
        let [all, each, found] = match self.collects {
            true => ["[Answer; N]", "answer", "answers"],
            false => ["Result<[Answer; N], String>", "Ok(answer?)", "Ok(answers)"],
        };
        out.blank(1);
        out.line(
            0,
            "// Waits for so many answers. Then the late calls are dropped, which cancels them.",
        );
        out.line(0, "async fn quorum<const N: usize>(");
        out.line(1, "enough: usize,");
        out.line(1, "calls: [impl Future<Output = Answer>; N],");
        out.line(0, format!(") -> {all} {{"));
        for line in [
            "let mut answers = std::array::from_fn(|_| Err(\"late\".to_owned()));",
            "let calls = calls.into_iter().enumerate();",
            "let mut calls: FuturesUnordered<_> =",
            "    calls.map(|(place, call)| async move { (place, call.await) }).collect();",
            "while let Some((place, answer)) = calls.next().await {",
        ] {
            out.line(1, line);
        }
        out.line(2, format!("answers[place] = {each};"));
        out.line(2, "if answers.iter().flatten().count() == enough {");
        out.line(3, "break;");
        out.line(2, "}");
        out.line(1, "}");
        out.line(1, found);
        out.line(0, "}");
    }

    pub(super) fn tell_of_quorum(&mut self, enough: usize) {
        let answers = if enough == 1 { "1 answer" } else { &format!("{enough} answers") };
        self.out.line(
            1,
            format!("// This polls all of these, and {answers} will do: late calls are dropped."),
        );
    }

    /// In sequence: an agent without whose answer the next ones begin.
    pub(super) fn not_asked(&mut self, agent: usize) {
        let (name, empty) = (self.names.written_by(agent), self.names.task(agent));
        let mark = rust_literal(&missing(self.plan.agent(agent).output_key.as_str()));
        let mut lines = vec![format!("let {name} = {mark};")];
        if self.does_without(agent, None) {
            lines.push(format!("let {empty} = \"\";"));
        }
        self.out.blank(1);
        self.out.part_of = Some(agent);
        self.out.line(1, format!("// {}", self.plan.not_asked(agent)));
        self.out.waits(1, &lines[0], vec![agent]);
        lines[1..].iter().for_each(|line| self.out.line(1, line));
        self.out.part_of = None;
    }
}
