//! The tools that we install ourselves: Trunk, wasm-bindgen's command line and mdBook from crates,
//! wasm-opt from npm. One that is on PATH at the right version is used as it is; then our own.

use crate::{
    builds::Build,
    machine,
    project::{Version, outside_xtask, parse_version, prefer, step, tool_folder, version},
};
use anyhow::{Context, Result};
use std::path::Path;
use xshell::{Shell, cmd};

/// Trunk 0.22 needs rustc 1.96; this is the newest that builds on 1.95.
const TRUNK: &str = "0.21.14";
/// What recipes.test.mjs has been tried with.
const MDBOOK: &str = "0.5.4";
/// The npm package that holds wasm-opt.
const BINARYEN: &str = "132.0.0";
/// Debian's wasm-opt; older ones do not know the features that rustc switches on.
const OLDEST_WASM_OPT: Version = (108, 0, 0);

/// What is still to be built so that Trunk and wasm-bindgen are on the shell's PATH.
pub fn for_the_page(sh: &Shell) -> Result<Vec<Build>> {
    let suits = |found| Some(found) >= parse_version(TRUNK);
    let mut builds = missing(sh, "trunk", TRUNK, &["trunk"], &["--locked"], suits)?;
    builds.extend(wasm_bindgen(sh)?);
    Ok(builds)
}

/// The same of wasm-bindgen and its test runner, of exactly Cargo.lock's version: the two sides of the
/// binding speak a private format.
pub fn wasm_bindgen(sh: &Shell) -> Result<Vec<Build>> {
    let lock = sh.read_file("Cargo.lock")?;
    let wanted = lock
        .split_once("\nname = \"wasm-bindgen\"\nversion = \"")
        .and_then(|(_, rest)| rest.split('"').next())
        .context("Cargo.lock has no package wasm-bindgen")?;
    let programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    // Without its own lock file, which has named a version that the registry does not have.
    let suits = |found| Some(found) == parse_version(wanted);
    missing(sh, "wasm-bindgen-cli", wanted, &programs, &[], suits)
}

/// The same of mdBook. It only builds here: no server, no watch, no search.
pub fn mdbook(sh: &Shell) -> Result<Vec<Build>> {
    let suits = |found| Some(found) >= parse_version(MDBOOK);
    missing(sh, "mdbook", MDBOOK, &["mdbook"], &["--locked"], suits)
}

fn missing(
    sh: &Shell,
    package: &str,
    wanted: &str,
    programs: &[&str],
    options: &[&str],
    suits: impl Fn(Version) -> bool,
) -> Result<Vec<Build>> {
    let are_there = || programs.iter().all(|program| version(sh, program).is_some_and(&suits));
    let home = tool_folder(&format!("{package}-{wanted}"))?;
    prefer(sh, home.join("bin"))?;
    if are_there() {
        return Ok(vec![]);
    }
    sh.create_dir(&home)?;
    // Not with the flags that the project's folder sets.
    let _dir = sh.push_dir(&home);
    let wanted = format!("{package}@{wanted}");
    // Where a person has it, it may have a prebuilt one.
    let fetch = cmd!(sh, "cargo-binstall -y --disable-strategies compile --root {home} {wanted}");
    if fetch.quiet().run().is_ok() && are_there() {
        return Ok(vec![]);
    }
    // Built quickly, since these tools run for seconds, and without TLS, since they download nothing.
    let install = cmd!(sh, "cargo install --force --no-default-features {options...} {wanted}")
        .env("CARGO_INSTALL_ROOT", &home)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    Ok(vec![(wanted, outside_xtask(install).into())])
}

/// Makes `wasm-opt` available.
pub fn wasm_opt(sh: &Shell) -> Result<()> {
    let home = tool_folder(&format!("binaryen-{BINARYEN}"))?;
    prefer(sh, home.join("node_modules/.bin"))?;
    if version(sh, "wasm-opt").is_some_and(|found| found >= OLDEST_WASM_OPT) {
        return Ok(());
    }
    machine::require([machine::node(sh)])?;
    step(&format!("installing wasm-opt (binaryen {BINARYEN}) with npm"), || {
        let package = format!("binaryen@{BINARYEN}");
        Ok(cmd!(sh, "npm install --no-audit --no-fund --prefix {home} {package}").run()?)
    })
}

/// Makes rustc able to build for the browser. Asked for explicitly: rustup's own installing on
/// demand can be switched off.
pub fn wasm_target(sh: &Shell) -> Result<()> {
    let target = "wasm32-unknown-unknown";
    let libs = cmd!(sh, "rustc --print target-libdir --target {target}").quiet().read();
    if Path::new(&libs.context("install Rust with rustup (https://rustup.rs)")?).is_dir() {
        return Ok(());
    }
    cmd!(sh, "rustup target add {target}").run().with_context(|| {
        format!("this Rust cannot build for the browser: install its standard library for {target}")
    })
}
