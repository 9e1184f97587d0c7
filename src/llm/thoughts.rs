//! Thinking inside the text.
//!
//! Where a server does not part the two, a model of the DeepSeek-R1 or Qwen kind thinks at the
//! beginning of its answer, between `<think>` and `</think>`. Some templates put the first of the two
//! into the prompt, so that only the second is in the text.

use std::mem::take;

use crate::model::Chunk;

/// How thinking begins and how it ends.
const TAGS: [(&str, &str); 6] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<seed:think>", "</seed:think>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
];

/// The end that also counts without its beginning, at the beginning of a line.
const LONE_END: &str = "</think>";

/// Parts an answer from the thinking before it.
#[derive(Debug, Default)]
pub(super) struct Thoughts {
    part: Part,
    /// What came and may still be a part of a tag.
    held: String,
    /// The end of the text so far, to know where a line begins.
    at_line_start: bool,
}

#[derive(Debug, Default)]
enum Part {
    /// Nothing but white space has come.
    #[default]
    Beginning,
    /// Between the tags; the end that is looked for.
    Thinking(&'static str),
    /// After the thinking: the white space before the answer.
    Pause,
    /// The answer. `may_be_thinking`: no tag has come, so that it may turn out to be thinking.
    Answer { may_be_thinking: bool },
}

impl Thoughts {
    /// Takes more text, and says what it is.
    pub fn take(&mut self, text: &str) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        self.held.push_str(text);
        loop {
            let held = take(&mut self.held);
            match self.part {
                Part::Beginning => {
                    let trimmed = held.trim_start();
                    if let Some((begin, end)) =
                        TAGS.iter().find(|(begin, _)| trimmed.starts_with(begin))
                    {
                        self.held = trimmed[begin.len()..].to_owned();
                        self.part = Part::Thinking(end);
                        chunks.push(Chunk::Thinking);
                    } else if TAGS.iter().any(|(begin, _)| begin.starts_with(trimmed)) {
                        self.held = held;
                        return chunks;
                    } else {
                        self.held = held;
                        self.at_line_start = true;
                        self.part = Part::Answer { may_be_thinking: true };
                    }
                }
                Part::Thinking(end) => match held.find(end) {
                    Some(at) => {
                        self.held = held[at + end.len()..].to_owned();
                        self.part = Part::Pause;
                    }
                    None => {
                        self.held = held[held.len() - overlap(&held, end)..].to_owned();
                        chunks.push(Chunk::Thinking);
                        return chunks;
                    }
                },
                Part::Pause => {
                    let answer = held.trim_start();
                    if !answer.is_empty() {
                        self.held = answer.to_owned();
                        self.part = Part::Answer { may_be_thinking: false };
                        continue;
                    }
                    return chunks;
                }
                Part::Answer { may_be_thinking: false } => {
                    say(&mut chunks, held);
                    return chunks;
                }
                Part::Answer { may_be_thinking: true } => {
                    if let Some(at) = self.lone_end(&held) {
                        chunks.push(Chunk::WasThinking);
                        self.held = held[at + LONE_END.len()..].to_owned();
                        self.part = Part::Pause;
                        continue;
                    }
                    let (said, open) = held.split_at(held.len() - overlap(&held, LONE_END));
                    if let Some(last) = said.chars().next_back() {
                        self.at_line_start = last == '\n';
                    }
                    self.held = open.to_owned();
                    say(&mut chunks, said.to_owned());
                    return chunks;
                }
            }
        }
    }

    /// Where an end stands at the beginning of a line. Elsewhere it is what the answer is about.
    fn lone_end(&self, text: &str) -> Option<usize> {
        let begins = |at: usize| match text[..at].chars().next_back() {
            Some(before) => before == '\n',
            None => self.at_line_start,
        };
        text.match_indices(LONE_END).map(|(at, _)| at).find(|at| begins(*at))
    }

    /// What was held back, at the end of the answer.
    pub fn end(&mut self) -> Option<Chunk> {
        let held = take(&mut self.held);
        let is_answer = matches!(self.part, Part::Beginning | Part::Answer { .. });
        (is_answer && !held.is_empty()).then_some(Chunk::Text(held))
    }
}

fn say(chunks: &mut Vec<Chunk>, text: String) {
    if !text.is_empty() {
        chunks.push(Chunk::Text(text));
    }
}

/// How many bytes at the end of a text may be the beginning of a tag.
fn overlap(text: &str, tag: &str) -> usize {
    let lengths = (1..tag.len()).rev().filter(|length| tag.is_char_boundary(*length));
    lengths.into_iter().find(|length| text.ends_with(&tag[..*length])).unwrap_or(0)
}
