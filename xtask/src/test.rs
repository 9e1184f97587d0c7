//! `test`: the core on the host, the programs that it writes, the browser parts in a browser, and the
//! built site as a person meets it. The last one's own summary is the last thing printed.

use crate::{
    browser::{self, Browser},
    cargo_tools, npm, project, python, recipes,
    shell::{self, Shell, status, step},
    site,
};
use anyhow::{Context, Result, bail};
use std::{fs, path::PathBuf, process::ExitCode};

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Host,
    Programs,
    Wasm,
    Browser,
}

/// Runs the kinds asked for, or all of them, and stops at the first kind that fails.
pub fn run(shell: &mut Shell, only: &[Kind]) -> Result<ExitCode> {
    let wants = |kind| only.is_empty() || only.contains(&kind);
    if wants(Kind::Host) {
        step("tests of the core, on this machine", || host(shell))?;
    }
    if wants(Kind::Programs) {
        step("generated programs, with their libraries", || programs(shell))?;
    }
    if wants(Kind::Wasm) {
        step("tests of the browser parts, in headless Chromium", || wasm(shell))?;
    }
    if wants(Kind::Browser) {
        return site(shell);
    }
    Ok(ExitCode::SUCCESS)
}

fn cargo_test(shell: &Shell) -> std::process::Command {
    let mut cargo = shell.command("cargo");
    cargo.arg("test");
    if project::in_ci() {
        cargo.arg("--locked");
    }
    cargo
}

fn host(shell: &Shell) -> Result<()> {
    shell::run(&mut cargo_test(shell))
}

/// Generated programs as a person runs them, in every language, against a server of the tests.
fn programs(shell: &Shell) -> Result<()> {
    npm::node(shell)?;
    let python = python::with_libraries_of_programs(shell)?;
    let mut cargo = cargo_test(shell);
    shell::run(cargo.args(["--test", "programs"]).env("CONVERGE_PROGRAMS_PYTHON", python))
}

/// Fetches the crates that the generated Rust programs need.
pub fn fetch_programs(shell: &Shell) -> Result<()> {
    let manifest = "tests/programs/rust/Cargo.toml";
    shell::run(shell.command("cargo").args(["fetch", "--locked", "--manifest-path", manifest]))
}

/// wasm-bindgen's own test runner serves each test program to a browser. Not with `-q`: it refuses
/// `--quiet`. Programs without a test of its kind (the host's) are passed over.
fn wasm(shell: &mut Shell) -> Result<()> {
    cargo_tools::wasm_target(shell)?;
    cargo_tools::wasm_bindgen(shell)?;
    let browser = browser::prepare(shell)?;
    let capabilities = webdriver_json(shell, &browser)?;
    shell::run(
        cargo_test(shell)
            .args(["--target", "wasm32-unknown-unknown", "--tests"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
            .env("CHROMEDRIVER", &browser.driver)
            .env("WASM_BINDGEN_USE_BROWSER", "1")
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120"),
    )
}

/// Tells the driver which browser to start, and to keep that browser off the network.
fn webdriver_json(shell: &Shell, browser: &Browser) -> Result<PathBuf> {
    let binary = browser.chromium.to_str().context("the browser's path is not plain text")?;
    let args = [
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--disable-component-update",
        "--disable-background-networking",
        "--no-first-run",
    ];
    // `{:?}` of such words is JSON.
    let json =
        format!("{{\"goog:chromeOptions\": {{\"binary\": {binary:?}, \"args\": {args:?}}}}}\n");
    let path = shell.root.join("target/xtask/webdriver.json");
    fs::write(&path, json).with_context(|| format!("could not write {}", path.display()))?;
    Ok(path)
}

/// The built site in a real browser. Node's test runner has the last word, so nothing follows it.
fn site(shell: &mut Shell) -> Result<ExitCode> {
    let dist = site::build(shell)?;
    let browser = browser::prepare(shell)?;
    npm::browser_tests(shell)?;
    let recipes = recipes::build(shell)?;
    let folder = shell.root.join("tests/browser");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let name = entry?.file_name();
        if name.to_string_lossy().ends_with(".test.mjs") {
            files.push(name);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("there is no *.test.mjs in {}", folder.display());
    }
    println!("==> tests of the built site, in headless Chromium");
    let status = status(
        shell
            .command("node")
            // One file at a time: they measure a page that shares two cores with its browser.
            .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
            .args(files)
            .current_dir(&folder)
            .env("CONVERGE_DIST", dist)
            .env("CONVERGE_RECIPES", recipes)
            .env("CHROMIUM", browser.chromium),
    )?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
