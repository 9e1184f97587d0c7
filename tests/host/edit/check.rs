//! What is wrong is told at the field where it can be put right.

use converge::edit::{Command, Draft, Edited, Field, problems};

use super::{company, write};

/// The problems that these commands leave, each with the agent's id and field.
fn check(commands: &[Command], expected: &[(u32, Field, &str)]) {
    let mut draft = Draft::new(company());
    for command in commands {
        draft.apply(command);
    }
    let found = draft.problems();
    let found: Vec<_> = (found.iter())
        .map(|problem| {
            let (place, field) = problem.at.unwrap();
            (draft.agents()[place].id, field, problem.says.as_str())
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(draft.edited().is_none(), !expected.is_empty());
}

#[test]
fn an_unknown_key() {
    check(
        &[write(0, Field::Prompt, "{topic} {stok}")],
        &[(0, Field::Prompt, "No agent writes {stok}: did you mean {stock}?")],
    );
    check(
        &[write(0, Field::Instruction, "{xyz}")],
        &[(0, Field::Instruction, "No agent writes {xyz}: remove it, or give an agent that key.")],
    );
    // What can be done without may be unknown.
    check(&[write(0, Field::Prompt, "{stok?} or {{stok}}")], &[]);
}

#[test]
fn a_circle() {
    check(
        &[Command::Need(0, 4)],
        &[
            (
                0,
                Field::Prompt,
                "These wait for each other: news → synthesis → news. Removing {briefing} here breaks the cycle.",
            ),
            (
                4,
                Field::Prompt,
                "These wait for each other: synthesis → news → synthesis. Removing {news} here breaks the cycle.",
            ),
        ],
    );
    check(
        &[write(1, Field::Instruction, "{stock}")],
        &[(1, Field::Instruction, "It reads its own answer {stock}, so it could never start.")],
    );
    // Told besides what else is wrong.
    check(
        &[
            write(1, Field::Instruction, "{stock}"),
            write(0, Field::Name, " "),
            write(2, Field::Prompt, "{x}"),
        ],
        &[
            (0, Field::Name, "Give the agent a name."),
            (1, Field::Instruction, "It reads its own answer {stock}, so it could never start."),
            (2, Field::Prompt, "No agent writes {x}: remove it, or give an agent that key."),
        ],
    );
}

#[test]
fn a_key_written_twice() {
    check(
        &[write(1, Field::Key, "news")],
        // Its readers have the key that it had, which is nobody's now.
        &[
            (1, Field::Key, "news writes {news} already: choose another key."),
            (4, Field::Prompt, "No agent writes {stock}: did you mean {topic}?"),
        ],
    );
    check(
        &[write(4, Field::Key, "topic")],
        &[(4, Field::Key, "{topic} is the pipeline's input: choose another key.")],
    );
}

#[test]
fn empty_and_bad_fields() {
    check(
        &[
            write(4, Field::Name, ""),
            write(4, Field::Key, "1st"),
            write(4, Field::Latency, "soon"),
            write(4, Field::Prompt, " \n"),
        ],
        &[
            (4, Field::Name, "Give the agent a name."),
            (4, Field::Key, "A key is letters, digits and _, and begins with no digit."),
            (4, Field::Latency, "A latency is a number of seconds from 0 to 60, such as 1.2."),
            (4, Field::Prompt, "Write what it is asked."),
        ],
    );
    check(
        &[write(4, Field::Key, " ")],
        &[(4, Field::Key, "Give its answer a key, so that others can read it.")],
    );
    check(
        &[write(0, Field::Latency, "61")],
        &[(0, Field::Latency, "A latency is a number of seconds from 0 to 60, such as 1.2.")],
    );
}

#[test]
fn names() {
    check(
        &[write(1, Field::Name, " news ")],
        &[(1, Field::Name, "Another agent is called news: rename one of them.")],
    );
    for bad in ["a,b", "a:b", "a\u{0}b"] {
        check(
            &[write(1, Field::Name, bad)],
            &[(
                1,
                Field::Name,
                "A name has no comma and no colon, since settings list agents by name.",
            )],
        );
    }
    check(
        &[write(1, Field::Name, "all")],
        &[(1, Field::Name, "“all” stands for all branches in settings: choose another name.")],
    );
    check(
        &[write(1, Field::Name, &"n".repeat(41))],
        &[(1, Field::Name, "Too long: 40 characters at most.")],
    );
}

#[test]
fn the_list_as_a_whole() {
    let whole = |agents| {
        let found = problems(agents);
        assert!(found.iter().all(|problem| problem.at.is_none()));
        found.into_iter().map(|problem| problem.says).collect::<Vec<_>>()
    };
    assert_eq!(whole(&[]), ["The pipeline has no agents: add one."]);
    let many = vec![company()[0].clone(); 13];
    assert_eq!(whole(&many), ["A pipeline can have at most 12 agents here."]);
    let mut long = company();
    for agent in &mut long {
        agent.set(Field::Answer, "é".repeat(7_900));
    }
    assert_eq!(whole(&long), ["The texts are too long: 60000 bytes at most in all."]);
    assert!(Edited::new(long).is_err());
}
