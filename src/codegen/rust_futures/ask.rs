//! What stands before `main` in a Rust program: the client, the limit, and the function that asks.

use super::conditions::duration;
use super::{Rust, packages};
use crate::codegen::picture::{FILE, MEDIA};
use crate::codegen::python::rust_literal;
use crate::codegen::{Line, Writer, missing, seconds};
use crate::engine::{LONGEST_BACKOFF, Retry};

const OPENAI: &str = "https://api.openai.com/v1";

impl Rust<'_> {
    pub(super) fn head(&self) -> Vec<Line> {
        let plan = self.plan;
        let (limit, holds_back) =
            (plan.limit(self.form), plan.holds_back(self.form) && plan.waits(self.form));
        let (sleeps, retries) = (plan.deadline().is_some(), plan.attempts() > 1);
        let mut out = Writer::default();
        let mut features = vec!["macros", "rt"];
        features.extend(limit.map(|_| "sync"));
        let hedge = plan.hedge();
        features.extend((sleeps || retries || hedge.is_some()).then_some("time"));
        let tokio = format!("tokio = {{ version = \"1\", features = {features:?} }}");
        let base64 = plan.sees().then_some("base64 = \"0.22\"");
        let others = [
            "futures = \"0.3\"",
            "reqwest = { version = \"0.13\", features = [\"json\"] }",
            "serde_json = \"1\"",
            &tokio,
        ];
        let all: Vec<&str> = base64.into_iter().chain(others).collect();
        packages(&mut out, &all);
        if hedge.is_some() {
            out.line(0, "use std::pin::pin;");
        }
        out.line(
            0,
            match holds_back {
                true => "use std::sync::{LazyLock, OnceLock};",
                false => "use std::sync::LazyLock;",
            },
        );
        if sleeps || retries || plan.patience().is_some() || hedge.is_some() {
            out.line(0, "use std::time::Duration;");
        }
        out.blank(1);
        if plan.sees() {
            out.line(0, "use base64::prelude::{BASE64_STANDARD, Engine as _};");
        }
        let body = |word: &str| self.out.lines.iter().any(|line| line.text.contains(word));
        let futures = [
            ("FutureExt", " shared("),
            ("LocalBoxFuture", " shared("),
            ("Shared", " shared("),
            ("join_all", " join_all(["),
            ("try_join_all", "try_join_all(["),
        ];
        let used = futures.into_iter().filter(|(_, sign)| body(sign)).map(|(name, _)| name);
        let used: Vec<&str> = used.chain(hedge.map(|_| "select_ok")).collect();
        match used.as_slice() {
            [] => {}
            [one] => out.line(0, format!("use futures::future::{one};")),
            several => out.line(0, format!("use futures::future::{{{}}};", several.join(", "))),
        }
        if body(" quorum(") {
            out.line(0, "use futures::stream::{FuturesUnordered, StreamExt};");
        }
        out.line(0, "use serde_json::{Value, json};");
        if limit.is_some() {
            out.line(0, "use tokio::sync::Semaphore;");
        }
        out.blank(1);
        let base_url = plan.endpoint.base_url().unwrap_or(OPENAI).trim_end_matches('/');
        out.line(0, format!("const BASE_URL: &str = {};", rust_literal(base_url)));
        out.line(0, format!("const MODEL: &str = {};", rust_literal(&plan.endpoint.model)));
        if let Some(hedge) = hedge.filter(|hedge| hedge.agent.is_none()) {
            let after = duration(hedge.after);
            out.line(0, "// Without an answer for so long, there is a second call.");
            out.line(0, format!("const HEDGE: Duration = {after};"));
        }
        if let Some(limit) = limit {
            out.line(0, "// Calls in flight, at most.");
            out.line(0, format!("static LIMIT: Semaphore = Semaphore::const_new({limit});"));
        }
        if holds_back {
            out.line(0, "// Once an agent has failed, no other starts.");
            out.line(0, "static FAILED: OnceLock<String> = OnceLock::new();");
        }
        let variable = plan.endpoint.key_variable();
        out.line(0, "static KEY: LazyLock<String> =");
        out.line(
            1,
            format!(
                "LazyLock::new(|| std::env::var(\"{variable}\").expect(\"{variable} is not set\"));"
            ),
        );
        let client = "static CLIENT: LazyLock<reqwest::Client> =";
        match plan.patience() {
            None => out.line(0, format!("{client} LazyLock::new(reqwest::Client::new);")),
            Some(patience) => {
                out.line(0, format!("{client} LazyLock::new(|| {{"));
                out.line(1, "// For a whole answer.");
                let patience = format!("Duration::from_secs_f64({}_f64)", seconds(patience));
                out.line(
                    1,
                    format!("let builder = reqwest::Client::builder().timeout({patience});"),
                );
                out.line(1, "builder.build().expect(\"a client\")");
                out.line(0, "});");
            }
        }
        out.blank(1);
        out.line(0, "type Answer = Result<String, String>;");
        self.ask(&mut out);
        if body(" shared(") {
            out.blank(1);
            out.line(0, "// A future that several can wait for.");
            out.line(0, "type Waiting = Shared<LocalBoxFuture<'static, Answer>>;");
            out.line(0, "fn shared(answer: impl Future<Output = Answer> + 'static) -> Waiting {");
            out.line(1, "answer.boxed_local().shared()");
            out.line(0, "}");
        }
        self.quorum(&mut out);
        if self.collects || body(" quorum(") {
            out.blank(1);
            let gap = match (body(" quorum("), self.collects) {
                (true, true) => "A failed or late call",
                (true, false) => "A late call",
                (false, _) => "A failed call",
            };
            out.line(0, format!("// {gap} leaves a mark in the prompts that read it."));
            out.line(0, "fn given(answer: Answer, key: &str) -> String {");
            let mark = missing("{key}");
            out.line(1, format!("answer.unwrap_or_else(|_| format!(\"{mark}\"))"));
            out.line(0, "}");
        }
        out.lines
    }

    fn ask(&self, out: &mut Writer) {
        let plan = self.plan;
        let [mut named, mut passed] = [String::new(), String::new()];
        if plan.has_models() {
            (named, passed) = (named + ", model: &str", passed + ", model");
        }
        if plan.sees() {
            (named, passed) = (named + ", looks: bool", passed + ", looks");
        }
        if self.hedges_one() {
            (named, passed) = (named + ", hedge: Option<Duration>", passed + ", hedge");
        }
        let model = if plan.has_models() { "model" } else { "MODEL" };
        let holds_back = plan.waits(self.form) && plan.holds_back(self.form);
        if plan.falls_back() {
            out.blank(1);
            out.line(0, "// Where a call fails, something stands in for its answer.");
            let taken = format!("otherwise: &str, instruction: &str, prompt: &str{named}");
            out.line(0, format!("async fn attempt({taken}) -> Answer {{"));
            let asked = format!("ask(instruction, prompt{passed}).await");
            out.line(1, format!("Ok({asked}.unwrap_or_else(|_| otherwise.to_owned()))"));
            out.line(0, "}");
        }
        out.blank(1);
        out.line(0, format!("async fn ask(instruction: &str, prompt: &str{named}) -> Answer {{"));
        if holds_back {
            out.line(1, "if let Some(error) = FAILED.get() {");
            out.line(2, "return Err(error.clone());");
            out.line(1, "}");
        }
        out.line(1, "let mut messages = vec![json!({ \"role\": \"user\", \"content\": prompt })];");
        if plan.sees() {
            for line in [
                "if looks {",
                "    let url = json!({ \"url\": picture()? });",
                "    messages[0][\"content\"] = json!([",
                "        { \"type\": \"text\", \"text\": prompt },",
                "        { \"type\": \"image_url\", \"image_url\": url },",
                "    ]);",
                "}",
            ] {
                out.line(1, line);
            }
        }
        out.line(1, "if !instruction.is_empty() {");
        out.line(
            2,
            "messages.insert(0, json!({ \"role\": \"system\", \"content\": instruction }));",
        );
        out.line(1, "}");
        if plan.has_tools() {
            out.line(1, "// The agents' search tool is left out: this API has none.");
        }
        let temperature = plan.temperature().map(|t| format!(", \"temperature\": {t}"));
        let temperature = temperature.unwrap_or_default();
        let body = format!("json!({{ \"model\": {model}, \"messages\": messages{temperature} }})");
        out.line(1, format!("let body = {body};"));
        if plan.limit(self.form).is_some() {
            out.line(1, "let _turn = LIMIT.acquire().await;");
        }
        let told = match holds_back {
            true => "FAILED.get_or_init(|| error.clone()).clone()",
            false => "error",
        };
        if plan.hedge().is_some() {
            let after = if self.hedges_one() { "hedge" } else { "HEDGE" };
            let asked = format!("hedged({after}, &body).await");
            out.line(1, format!("{asked}.map_err(|(error, _)| {told})"));
        } else if plan.attempts() == 1 {
            out.line(1, format!("call(&body).await.map_err(|(error, _)| {told})"));
        } else {
            self.again(out, &format!("answer.map_err(|(error, _)| {told})"));
        }
        out.line(0, "}");
        self.hedged(out);
        if plan.sees() {
            out.blank(1);
            out.line(0, "// A file in the folder in which this runs.");
            out.line(0, "fn picture() -> Answer {");
            out.line(
                1,
                format!(
                    "let bytes = std::fs::read(\"{FILE}\").map_err(|error| error.to_string())?;"
                ),
            );
            out.line(
                1,
                format!("Ok(format!(\"data:{MEDIA};base64,{{}}\", BASE64_STANDARD.encode(bytes)))"),
            );
            out.line(0, "}");
        }
        out.blank(1);
        // The second part of an error is the status, if there is one.
        out.line(0, "async fn call(body: &Value) -> Result<String, (String, Option<u16>)> {");
        for line in [
            "let lost = |error: reqwest::Error| (error.to_string(), None);",
            "let url = format!(\"{BASE_URL}/chat/completions\");",
            "let response = CLIENT.post(url).bearer_auth(&*KEY).json(body).send().await.map_err(lost)?;",
            "let status = response.status();",
            "if !status.is_success() {",
            "    let said = response.text().await.unwrap_or_default();",
            "    return Err((format!(\"{status} {said}\"), Some(status.as_u16())));",
            "}",
            "let answer: Value = response.json().await.map_err(lost)?;",
            "Ok(answer[\"choices\"][0][\"message\"][\"content\"].as_str().unwrap_or_default().to_owned())",
        ] {
            out.line(1, line);
        }
        out.line(0, "}");
    }

    /// Calls until there is an answer or no use in calling again.
    pub(super) fn again(&self, out: &mut Writer, returned: &str) {
        let Retry { attempts, backoff, .. } = self.plan.schedule.retry;
        let [backoff, most] = [backoff, LONGEST_BACKOFF].map(|length| length.as_millis());
        for line in [
            format!("let mut wait = {backoff};"),
            format!("for attempt in 1..={attempts} {{"),
            "    match call(&body).await {".into(),
            "        // A lost connection may pass, and so may these.".into(),
            format!(
                "        Err((_, None | Some(408 | 409 | 429 | 500..))) if attempt < {attempts} => {{"
            ),
            "            tokio::time::sleep(Duration::from_millis(wait)).await;".into(),
            format!("            wait = (2 * wait).min({most});"),
            "        }".into(),
            format!("        answer => return {returned},"),
            "    }".into(),
            "}".into(),
            "unreachable!(\"the last attempt returns\")".into(),
        ] {
            out.line(1, line);
        }
    }
}
