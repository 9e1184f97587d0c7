//! The function that asks, in JavaScript: its turn, its attempts and, inside, its call.
//!
//! `fetch` knows neither limits nor attempts, and a promise cannot be canceled, so all of that is
//! spelled out here.

use super::Js;
use crate::codegen::Form;
use crate::codegen::picture::{FILE, MEDIA};
use crate::engine::{LONGEST_BACKOFF, OnFailure, Retry};

impl Js<'_> {
    /// Whether the first failure ends the calls of the others.
    pub(super) fn cancels(&self) -> bool {
        self.form == Form::Parallel && self.plan.schedule.on_failure == OnFailure::Cancel
    }

    pub(super) fn ask(&mut self) {
        let (plan, cancels) = (self.plan, self.cancels());
        let holds_back = plan.holds_back(self.form);
        let limited = plan.limit(self.form).is_some();
        let attempts = plan.attempts();
        self.out.blank(1);
        if holds_back {
            self.out.line(0, "let over = null; // once an agent has failed, no other starts");
        }
        let taken = self.taken();
        self.out.line(0, format!("async function ask(instruction, prompt, {taken}) {{"));
        if holds_back {
            self.out.line(1, "if (over) throw over;");
        }
        let content = if plan.sees() { "await prompt" } else { "prompt" };
        self.out.line(1, format!("const messages = [{{ role: \"user\", content: {content} }}];"));
        self.all(
            1,
            &["if (instruction) messages.unshift({ role: \"system\", content: instruction });"],
        );
        if plan.has_tools() {
            self.out.line(1, "// The agents' search tool is left out: this API has none.");
        }
        if limited {
            self.out.line(1, "await enter();");
        }
        let mut inside = 1;
        let stops = cancels && !self.stops_at_the_end();
        let caught = limited || stops || holds_back;
        if caught {
            self.out.line(inside, "try {");
            inside += 1;
        }
        let hedge = plan.hedge();
        if let Some(hedge) = hedge {
            let after = if hedge.agent.is_some() { "hedge" } else { "HEDGE" };
            let returned = if caught { "return await" } else { "return" };
            self.out.line(inside, format!("{returned} hedged({after}, async (loser) => {{"));
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
        if hedge.is_some() {
            self.out.line(inside - 1, "});");
        }
        if stops || holds_back {
            let then = if stops { "    stop.abort();" } else { "    over ??= error;" };
            self.all(1, &["} catch (error) {", then, "    throw error;"]);
        }
        if limited {
            self.all(1, &["} finally {", "    leave();"]);
        }
        if caught {
            self.out.line(1, "}");
        }
        self.out.line(0, "}");
        if plan.sees() {
            self.with_picture();
        }
    }

    /// A prompt with the picture: a promise, which `ask` awaits, so that no other code has to.
    fn with_picture(&mut self) {
        self.all(
            0,
            &[
                "",
                "// The picture is a file in the folder in which this runs; in a browser, beside the page.",
                "async function withPicture(prompt) {",
            ],
        );
        self.out.line(1, "const fs = globalThis.process?.getBuiltinModule(\"node:fs\");");
        self.out.line(1, "const file = fs");
        self.out.line(2, format!("? fs.readFileSync(\"{FILE}\")"));
        self.out
            .line(2, format!(": new Uint8Array(await (await fetch(\"{FILE}\")).arrayBuffer());"));
        self.out.line(1, "const bytes = Array.from(file, (byte) => String.fromCharCode(byte));");
        self.out.line(1, format!("const url = `data:{MEDIA};base64,${{btoa(bytes.join(\"\"))}}`;"));
        self.all(
            0,
            &[
                "    return [",
                "        { type: \"text\", text: prompt },",
                "        { type: \"image_url\", image_url: { url } },",
                "    ];",
                "}",
            ],
        );
    }

    /// What becomes of a failure, where it is more than a rejection.
    pub(super) fn attempt(&mut self) {
        if self.collects {
            self.all(
                0,
                &[
                    "",
                    "async function attempt(...asked) {",
                    "    const [answer] = await Promise.allSettled([ask(...asked)]);",
                    "    return answer;",
                    "}",
                ],
            );
        }
        if self.plan.falls_back() {
            self.all(
                0,
                &[
                    "",
                    "// Where a call fails, something stands in for its answer.",
                    "async function attempt(otherwise, ...asked) {",
                    "    return ask(...asked).catch(() => otherwise);",
                    "}",
                ],
            );
        }
        if self.plan.waits(self.form) {
            self.all(
                0,
                &[
                    "",
                    "// Waits for all of them, then throws what the first one in the list threw.",
                    "async function together(calls) {",
                    "    const answers = await Promise.allSettled(calls);",
                    "    const failed = answers.find(({ status }) => status === \"rejected\");",
                    "    if (failed) throw failed.reason;",
                    "    return answers.map(({ value }) => value);",
                    "}",
                ],
            );
        }
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
        self.signal(indent + 1, patience);
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
        let stopped = self.is_aborted();
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
