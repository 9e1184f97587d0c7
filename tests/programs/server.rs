//! The server in Node, and what it has noted.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::grid::Seen;

/// It stops when its input ends, so also when this process does.
pub struct Server {
    pub port: u16,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// One thing that the server has noted; which fields it has says what.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// A request of that case came.
    pub case: Option<i64>,
    /// It is this call; none: nobody asks that.
    pub call: Option<usize>,
    /// Its place in the log, counted from 1.
    pub at: Option<usize>,
    #[serde(default)]
    pub system: String,
    #[serde(default)]
    pub user: Vec<String>,
    #[serde(default)]
    pub model: String,
    #[serde(default)]
    pub key: String,
    pub temperature: Option<f64>,
    /// How many pictures went with it.
    #[serde(default)]
    pub pictures: usize,
    #[serde(default)]
    pub tools: Vec<Value>,
    /// The calls that should have been answered before.
    #[serde(default)]
    pub early: Vec<usize>,
    #[serde(default)]
    pub in_flight: usize,
    /// Where in the log this request was answered.
    pub ended: Option<usize>,
    /// How another one was answered, at that place.
    pub status: Option<u16>,
    /// What the caller in a program of the grid has got.
    pub seen: Option<Seen>,
    /// The request at that place was given up by the program.
    pub aborted: Option<usize>,
    /// The request at that place could not be answered: another one never came.
    pub stuck: Option<usize>,
}

impl Server {
    /// Each call is out for `at_least`, and given up `stuck_after` it came.
    pub fn start(at_least: Duration, stuck_after: Duration) -> Self {
        let mut child = Command::new("node")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/server.mjs"))
            .args([stuck_after, at_least].map(|length| length.as_millis().to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this test needs node, 20.3 or later, on the PATH");
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut port = String::new();
        output.read_line(&mut port).unwrap();
        Self { port: port.trim().parse().unwrap(), child, input, output }
    }

    pub fn tell(&mut self, cases: &[impl Serialize]) {
        let mut line = serde_json::to_string(cases).unwrap();
        line.push('\n');
        self.input.write_all(line.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    pub fn stop(mut self) -> Vec<Note> {
        drop(self.input);
        let mut log = String::new();
        self.output.read_to_string(&mut log).unwrap();
        self.child.wait().unwrap();
        serde_json::from_str(&log).unwrap()
    }
}
