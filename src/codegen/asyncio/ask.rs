//! The functions that ask, in Python: one call, and what becomes of one that fails.

use super::Python;

impl Python<'_> {
    /// How a model of one's own and a hedge of one's own are named, and passed on.
    fn own(&self) -> [String; 2] {
        let [mut named, mut passed] = [String::new(), String::new()];
        if self.plan.has_models() {
            (named, passed) = (named + ", model=MODEL", passed + ", model");
        }
        if self.plan.hedge().is_some_and(|hedge| hedge.agent.is_some()) {
            (named, passed) = (named + ", hedge=None", passed + ", hedge");
        }
        [named, passed]
    }

    pub(super) fn run_query(&mut self) {
        let (plan, holds_back) = (self.plan, self.plan.holds_back(self.form));
        let [named, _] = self.own();
        let model = if plan.has_models() { "model" } else { "MODEL" };
        let limited = plan.limit(self.form).is_some();
        let out = &mut self.out;
        out.blank(2);
        out.line(0, format!("async def run_query(instruction, prompt{named}):"));
        if holds_back {
            out.line(1, "if failed:");
            out.line(2, "raise failed[0]");
        }
        out.line(1, "messages = [{\"role\": \"user\", \"content\": prompt}]");
        out.line(1, "if instruction:");
        out.line(2, "messages.insert(0, {\"role\": \"system\", \"content\": instruction})");
        if plan.has_tools() {
            out.line(1, "# The agents' search tool is left out: this API has none.");
        }
        let mut inside = 1;
        if limited {
            out.line(inside, "async with limit:");
            inside += 1;
        }
        if holds_back {
            out.line(inside, "try:");
            inside += 1;
        }
        let create = "client.chat.completions.create(";
        let mut within = inside;
        match plan.hedge() {
            None => out.line(inside, format!("response = await {create}")),
            Some(hedge) => {
                let after = if hedge.agent.is_some() { "hedge," } else { "HEDGE," };
                out.line(inside, "response = await hedged(");
                out.line(inside + 1, after);
                within += 1;
                out.line(within, format!("lambda: {create}"));
            }
        }
        match plan.temperature() {
            None => out.line(within + 1, format!("model={model}, messages=messages")),
            Some(temperature) => {
                out.line(within + 1, format!("model={model},"));
                out.line(within + 1, "messages=messages,");
                out.line(within + 1, format!("temperature={temperature},"));
            }
        }
        if within > inside {
            out.line(within, "),");
        }
        out.line(inside, ")");
        if holds_back {
            out.line(inside - 1, "except Exception as error:");
            out.line(inside, "failed.append(error)");
            out.line(inside, "raise");
        }
        out.line(1, "return response.choices[0].message.content");
    }

    /// What becomes of a failure, where it is more than an exception.
    pub(super) fn attempt(&mut self) {
        let plan = self.plan;
        let [named, passed] = self.own();
        let out = &mut self.out;
        if self.collects {
            out.blank(2);
            out.line(0, format!("async def attempt(instruction, prompt{named}):"));
            out.line(1, "try:");
            out.line(2, format!("return await run_query(instruction, prompt{passed})"));
            out.line(1, "except Exception as error:");
            out.line(2, "return error");
        }
        if plan.falls_back() {
            out.blank(2);
            out.line(0, format!("async def attempt(instruction, prompt, otherwise{named}):"));
            out.line(1, "# Where a call fails, something stands in for its answer.");
            out.line(1, "try:");
            out.line(2, format!("return await run_query(instruction, prompt{passed})"));
            out.line(1, "except Exception:");
            out.line(2, "return otherwise");
        }
        if plan.waits(self.form) {
            out.blank(2);
            out.line(0, "async def together(*calls):");
            out.line(
                1,
                "# Waits for all of them, then raises what the first one in the list raised.",
            );
            out.line(1, "answers = await asyncio.gather(*calls, return_exceptions=True)");
            out.line(1, "for answer in answers:");
            out.line(2, "if isinstance(answer, Exception):");
            out.line(3, "raise answer");
            out.line(1, "return answers");
        }
    }
}
