//! The panel with the programs. The programs themselves are in `codegen`.

pub fn written_out(written: usize) -> String {
    format!("Shown with {written} branches; the others look the same.")
}

pub fn hidden(lines: usize) -> String {
    format!("… {lines} more lines; Copy includes them")
}

pub fn copied(variable: &str) -> String {
    format!("Program copied. It reads the API key from {variable}.")
}

pub fn program(title: &str) -> String {
    format!("{title} program")
}

/// `reach` is one of the three below.
pub fn how_to_run(reach: &str, command: &str) -> String {
    format!("Scales to {reach}. Run: {command}")
}

pub const ONE_PROCESS: &str = "one process";
pub const CLUSTER_BY_FOLDER: &str = "one process, or a cluster with the folder below";
pub const CLUSTER: &str = "a cluster: each task can run on another machine";

pub fn folder_saved(name: &str) -> String {
    format!("Saved {name}: the folder for the library's deployment tool, without any API key.")
}

pub const SHOW_FEWER: &str = "Show fewer lines";

pub fn show_all(lines: usize) -> String {
    format!("Show all {lines} lines")
}
