//! The primitives of `futures`: all scenarios at once. Says on /note what the caller of each has got.
//! Reads `{"url": .., "cases": [..]}` from standard input.

use std::io::read_to_string;
use std::time::Duration;

use futures::future::{join_all, try_join_all};
use futures::stream::{self, StreamExt};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::time::timeout;

/// No scenario takes long; one that waits for ever is ended.
const LONGEST: Duration = Duration::from_secs(90);

/// The server's address, with a client.
struct Server {
    url: String,
    client: Client,
}

/// A branch's answer, or the status of its error.
type Answer = Result<String, u16>;

impl Server {
    async fn post(&self, path: &str, body: &Value) -> Result<Value, u16> {
        let sent = self.client.post(format!("{}{path}", self.url)).json(body).send().await;
        let response = sent.expect("the server of the tests answers");
        match response.status().is_success() {
            true => Ok(response.json().await.expect("the server answers in JSON")),
            false => Err(response.status().as_u16()),
        }
    }

    async fn ask(&self, case: &Value, text: &Value) -> Answer {
        let messages = [json!({ "role": "user", "content": text })];
        let body = json!({ "model": format!("gpt-{}", case["case"]), "messages": messages });
        let answer = self.post("/v1/chat/completions", &body).await?;
        Ok(answer["choices"][0]["message"]["content"].as_str().unwrap_or_default().to_owned())
    }

    async fn run(&self, case: &Value) {
        let branches: Vec<&Value> = case["branches"].as_array().into_iter().flatten().collect();
        let asked = |branch: usize| self.ask(case, &branches[branch]["ask"]);
        let all = (0..branches.len()).map(asked);
        let results: Result<Vec<Answer>, u16> = match case["primitive"].as_str() {
            Some("TryJoinAll") => {
                try_join_all(all).await.map(|all| all.into_iter().map(Ok).collect())
            }
            Some("JoinAll") => Ok(join_all(all).await),
            Some("BufferUnordered") => {
                let limit = case["limit"].as_u64().map_or(branches.len(), |limit| limit as usize);
                let numbered =
                    (0..branches.len()).map(|branch| async move { (branch, asked(branch).await) });
                let mut done: Vec<_> =
                    stream::iter(numbered).buffer_unordered(limit).collect().await;
                done.sort_by_key(|(branch, _)| *branch);
                Ok(done.into_iter().map(|(_, answer)| answer).collect())
            }
            other => panic!("add {other:?} to tests/programs/rust/src/primitives.rs"),
        };
        let has_answer = results.iter().flatten().any(Result::is_ok);
        let seen = match results {
            Ok(results) => {
                let value = |answer: Answer| answer.map_or_else(Value::from, Value::from);
                let named = branches.iter().zip(results);
                let answers = named.map(|(branch, answer)| {
                    (branch["name"].as_str().unwrap_or_default().to_owned(), value(answer))
                });
                json!({ "answers": answers.collect::<serde_json::Map<_, _>>() })
            }
            Err(status) => json!({ "error": status }),
        };
        self.note(&json!({ "case": case["case"], "seen": seen })).await;
        if has_answer {
            // What becomes of it is not the map's.
            let _ = self.ask(case, &case["join"]).await;
        }
        self.note(&json!({ "case": case["case"], "rest": true })).await;
    }

    async fn note(&self, said: &Value) {
        self.post("/note", said).await.expect("the server takes notes");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let given = read_to_string(std::io::stdin()).expect("the cases come on standard input");
    let given: Value = serde_json::from_str(&given).expect("the cases are JSON");
    let url = given["url"].as_str().unwrap_or_default().to_owned();
    let server = Server { url, client: Client::new() };
    let all = given["cases"].as_array().into_iter().flatten().map(|case| server.run(case));
    timeout(LONGEST, join_all(all)).await.expect("each scenario ends");
}
