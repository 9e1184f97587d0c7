//! Pipelines, drafts and commands at random.

use converge::edit::{AgentText, Command, Edited, Field};
use converge::pipeline::Work;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Any text at all, with what matters in prompts more often than chance has it.
pub fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        "[{}? a-c_0]{0,20}",
        "(\\{{1,3}(k[0-4]|topic)\\??\\}{1,3} ?){0,3}",
        "[\u{0}-\u{1f}\u{200b}\u{202e}é😀]{0,6}",
    ]
}

fn fields() -> impl Strategy<Value = Field> {
    select(&Field::ALL[..])
}

/// Words that are written into fields: good ones, bad ones, and names and keys that others have.
fn written() -> impl Strategy<Value = (Field, String)> {
    (fields(), texts(), 0..5_u32, 0..5_u32).prop_map(|(field, text, pick, n)| {
        let good = match field {
            Field::Name => format!("a{n}"),
            Field::Key => format!("k{n}"),
            Field::Latency => format!("0.{n}"),
            _ => format!("{text} {{k{n}}}"),
        };
        (field, if pick == 0 { text } else { good })
    })
}

/// Anything that can be done, to agents that are there and to some that are not.
pub fn commands() -> impl Strategy<Value = Command> {
    let id = || 0..8_u32;
    prop_oneof![
        1 => Just(Command::Add),
        1 => agents().prop_map(Command::Reset),
        1 => id().prop_map(Command::Remove),
        1 => id().prop_map(Command::Up),
        1 => id().prop_map(Command::Down),
        6 => (id(), written()).prop_map(|(id, (field, text))| Command::Write(id, field, text)),
        1 => (id(), any::<bool>()).prop_map(|(id, on)| Command::Search(id, on)),
        1 => (id(), any::<bool>()).prop_map(|(id, on)| Command::Sees(id, on)),
        1 => (id(), select(vec![Work::Model, Work::PassThrough])).prop_map(|(id, w)| Command::Work(id, w)),
        3 => (id(), id()).prop_map(|(reader, writer)| Command::Need(reader, writer)),
    ]
}

/// Agents with any texts.
pub fn agents() -> impl Strategy<Value = Vec<AgentText>> {
    let agent =
        (vec(written(), 0..9), any::<bool>(), any::<bool>()).prop_map(|(texts, s, passes)| {
            let work = if passes { Work::PassThrough } else { Work::Model };
            let mut agent = AgentText::default();
            (agent.search, agent.sees, agent.work) = (s, !s, work);
            for (field, text) in texts {
                agent.set(field, text);
            }
            agent
        });
    vec(agent, 0..14)
}

/// Agents that are a pipeline: each reads some of those before it.
pub fn pipelines() -> impl Strategy<Value = Edited> {
    let plain = || "[^\\{\\}]{0,40}";
    let agent = (plain(), plain(), plain(), vec(any::<prop::sample::Index>(), 0..3), 0..60_000_u32);
    let marks = (any::<bool>(), any::<bool>(), "[a-z0-9./-]{0,12}");
    vec((agent, marks), 1..=12).prop_map(|drawn| {
        let agents = drawn.into_iter().enumerate().map(|(place, (agent, marks))| {
            let ((instruction, prompt, answer, reads, millis), (search, passes, model)) =
                (agent, marks);
            let work = if passes { Work::PassThrough } else { Work::Model };
            let mut text = AgentText::default();
            (text.search, text.sees, text.work) = (search, !search, work);
            let reads = reads
                .iter()
                .filter(|_| place > 0)
                .map(|read| format!("{{k{}}}", read.index(place)));
            let reads: String = reads.collect();
            text.set(Field::Name, format!("agent {place}"));
            text.set(Field::Key, format!("k{place}"));
            text.set(Field::Latency, format!("{}.{:03}", millis / 1000, millis % 1000));
            text.set(Field::Model, model);
            text.set(Field::Instruction, instruction);
            text.set(Field::Prompt, format!("Of {{topic}}: {prompt}{reads}"));
            text.set(Field::Answer, answer);
            text
        });
        Edited::new(agents.collect()).unwrap()
    })
}
