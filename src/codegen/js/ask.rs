//! The function that asks, in JavaScript: its turn, its attempts and, inside, its call.
//!
//! `fetch` knows neither limits nor attempts, and a promise cannot be cancelled, so all of that is
//! spelled out here.

use super::Js;
use crate::codegen::Form;
use crate::engine::{LONGEST_BACKOFF, Retry};

impl Js<'_> {
    /// Whether the first failure ends the calls of the others.
    pub(super) fn cancels(&self) -> bool {
        self.form == Form::Parallel && !self.collects
    }

    pub(super) fn ask(&mut self) {
        let (plan, cancels) = (self.plan, self.cancels());
        let limited = plan.limit(self.form).is_some();
        let attempts = plan.attempts();
        self.out.blank(1);
        self.out.line(0, "async function ask(instruction, prompt, model = MODEL) {");
        self.all(
            1,
            &[
                "const messages = [{ role: \"user\", content: prompt }];",
                "if (instruction) messages.unshift({ role: \"system\", content: instruction });",
            ],
        );
        if plan.has_tools() {
            self.out.line(1, "// The agents' search tool is left out: this API has none.");
        }
        if limited {
            self.out.line(1, "await enter();");
        }
        let mut inside = 1;
        if limited || cancels {
            self.out.line(inside, "try {");
            inside += 1;
        }
        if attempts > 1 {
            self.out.line(inside, "for (let attempt = 1; ; attempt += 1) try {");
            inside += 1;
        }
        self.call(inside);
        if attempts > 1 {
            inside -= 1;
            self.again(inside);
        }
        if cancels {
            self.all(1, &["} catch (error) {", "    stop.abort();", "    throw error;"]);
        }
        if limited {
            self.all(1, &["} finally {", "    leave();"]);
        }
        if limited || cancels {
            self.out.line(1, "}");
        }
        self.out.line(0, "}");
    }

    fn call(&mut self, indent: usize) {
        let plan = self.plan;
        self.all(
            indent,
            &[
                "const response = await fetch(`${BASE_URL}/chat/completions`, {",
                "    method: \"POST\",",
                "    headers: { \"Content-Type\": \"application/json\", Authorization: `Bearer ${KEY}` },",
            ],
        );
        let temperature = plan.temperature().map(|t| format!(", temperature: {t}"));
        let temperature = temperature.unwrap_or_default();
        let body = format!("body: JSON.stringify({{ model, messages{temperature} }}),");
        self.out.line(indent + 1, body);
        let patience = plan.patience().map(|p| format!("AbortSignal.timeout({})", p.as_millis()));
        match (self.cancels(), patience) {
            (true, None) => self.out.line(indent + 1, "signal: stop.signal,"),
            (true, Some(patience)) => {
                let both = format!("signal: AbortSignal.any([stop.signal, {patience}]),");
                self.out.line(indent + 1, both);
            }
            (false, Some(patience)) => self.out.line(indent + 1, format!("signal: {patience},")),
            (false, None) => {}
        }
        self.out.line(indent, "});");
        if plan.attempts() > 1 {
            self.all(
                indent,
                &[
                    "if (!response.ok) {",
                    "    const error = new Error(`${response.status} ${await response.text()}`);",
                    "    const wait = 1000 * response.headers.get(\"retry-after\");",
                    "    throw Object.assign(error, { status: response.status, wait });",
                    "}",
                ],
            );
        } else {
            self.out.line(
                indent,
                "if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);",
            );
        }
        self.out.line(indent, "return (await response.json()).choices[0].message.content;");
    }

    /// What follows a failed attempt.
    fn again(&mut self, indent: usize) {
        let Retry { attempts, backoff, longest_wait, .. } = self.plan.schedule.retry;
        let stopped = if self.cancels() { " || stop.signal.aborted" } else { "" };
        let [backoff, most] = [backoff, LONGEST_BACKOFF].map(|length| length.as_millis());
        let longest = longest_wait.as_millis();
        self.all(
            indent,
            &[
                "} catch (error) {",
                "    // A lost connection may pass, and so may these.",
                "    const { status = 500, wait } = error;",
                "    const passes = [408, 409, 429].includes(status) || status >= 500;",
            ],
        );
        self.out.line(
            indent + 1,
            format!(
                "if (attempt === {attempts} || !passes || wait > {longest}{stopped}) throw error;"
            ),
        );
        self.out.line(
            indent + 1,
            format!("const next = Math.min({most}, {backoff} * 2 ** (attempt - 1));"),
        );
        self.out.line(
            indent + 1,
            "await new Promise((go) => setTimeout(go, wait || next * (1 - Math.random() / 2)));",
        );
        self.out.line(indent, "}");
    }
}
