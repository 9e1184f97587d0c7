//! The panel with the programs. The programs themselves are in `codegen`.

pub fn written_out(written: usize) -> String {
    format!("Written out with {written} branches; the others would be lines like theirs.")
}

pub fn hidden(lines: usize) -> String {
    format!("… {lines} more lines; Copy takes them all")
}

pub fn copied(variable: &str) -> String {
    format!("The program is in the clipboard; it reads the key from {variable}.")
}

pub fn program(title: &str) -> String {
    format!("{title} program")
}

/// `reach` is one of the three below.
pub fn how_to_run(reach: &str, command: &str) -> String {
    format!("Scales to {reach}. To run it: {command}")
}

pub const ONE_PROCESS: &str = "one process";
pub const CLUSTER_BY_FOLDER: &str = "one process, or a cluster by the folder below";
pub const CLUSTER: &str = "a cluster: each task may run on another machine";

pub fn folder_saved(name: &str) -> String {
    format!(
        "{name} is saved: the folder that the library's deployment tool takes, without any key."
    )
}

pub const SHOW_FEWER: &str = "Show fewer lines";

pub fn show_all(lines: usize) -> String {
    format!("Show all {lines} lines")
}
