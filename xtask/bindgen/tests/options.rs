//! What Trunk relies on: the version as wasm-bindgen prints it, and an error for what is not supported.

use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wasm-bindgen")).args(args).output().unwrap()
}

#[test]
fn the_version_is_the_second_word() {
    let printed = String::from_utf8(run(&["--version"]).stdout).unwrap();
    let version = format!("wasm-bindgen {}\n", wasm_bindgen_shared::version());
    assert_eq!(printed, version);
}

#[test]
fn an_option_that_changes_what_is_written_is_refused() {
    for args in [&["--target=nodejs"][..], &["--keep-debug"], &["--reference-types", "page.wasm"]] {
        let output = run(args);
        assert!(!output.status.success(), "{args:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("not supported here"), "{args:?}: {error}");
    }
}
