//! SECURITY.md's table: every claim names a test, and every test that is named is there.

use std::fs;
use std::path::Path;

/// What is wrong with a table of claims, a line each; `read` gives a file of the project.
fn problems(page: &str, read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut problems = Vec::new();
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Who |"));
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [who, _, _, tests] = cells[..] else {
            problems.push(format!("not four cells: {row}"));
            continue;
        };
        let files: Vec<&str> =
            tests.split('`').skip(1).step_by(2).filter(|name| name.starts_with("tests/")).collect();
        if files.is_empty() {
            problems.push(format!("{who}: no test"));
        }
        let texts: Vec<Option<String>> = files.iter().map(|file| read(file)).collect();
        for (file, text) in files.iter().zip(&texts) {
            if text.is_none() {
                problems.push(format!("{who}: there is no {file}"));
            }
        }
        for title in tests.split('“').skip(1).filter_map(|rest| rest.split('”').next()) {
            let is_there = texts.iter().flatten().any(|text| text.contains(title));
            if !is_there {
                problems.push(format!("{who}: no test is called “{title}”"));
            }
        }
    }
    problems
}

#[test]
fn every_claim_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(root.join(name)).ok();
    let page = read("SECURITY.md").unwrap();
    let found = problems(&page, read);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    assert!(page.lines().filter(|line| line.starts_with("| ")).count() >= 8, "the table is there");
}

#[test]
fn the_rule_bites() {
    let read = |name: &str| (name == "tests/a.rs").then(|| "fn one() {}".to_owned());
    let check = |row: &str, expected: &[&str]| assert_eq!(problems(row, read), expected, "{row}");
    check("| A link | can | cannot | `tests/a.rs`: “one” |", &[]);
    check("| A link | can | cannot | `tests/a.rs`: “two” |", &["A link: no test is called “two”"]);
    check("| A link | can | cannot | `tests/b.rs` |", &["A link: there is no tests/b.rs"]);
    check("| A link | can | cannot | none |", &["A link: no test"]);
    check("| A link | can |", &["not four cells: | A link | can |"]);
    check("| Who | can | cannot | tests |", &[]);
}
