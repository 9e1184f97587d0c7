//! Building the site with Trunk: the tools it needs, the release build, and `dist` with its sizes.

use crate::{
    builds,
    project::{self, outside_xtask, step},
    split, tools,
};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use xshell::{Cmd, Shell, cmd};

/// Compresses the site's files, and tells their sizes.
const SIZES: &str = "xtask/sizes.mjs";

/// Installs everything that the release site needs, the page's crates included.
pub fn prepare(sh: &Shell) -> Result<()> {
    fetch(sh)?;
    tools::wasm_opt(sh)?;
    builds::run(tools::for_the_page(sh)?.into_iter().chain([split::build(sh)]))
}

/// Makes rustc able to build for the browser, and downloads the page's crates: Trunk hands its `--offline`
/// on to cargo, which then wants every crate on this machine.
pub fn fetch(sh: &Shell) -> Result<()> {
    tools::wasm_target(sh)?;
    let fetch = project::cargo(sh, "fetch").quiet();
    fetch.run().context("the page's crates could not be fetched")
}

/// `trunk COMMAND`, ready for more arguments. It has all that it needs, so it must not reach for the
/// network. Its minifier cannot read what wasm-bindgen writes and leaves it as it is, which is no
/// reason for a warning on every build.
pub fn trunk<'sh>(sh: &'sh Shell, command: &str, dist: &Path) -> Cmd<'sh> {
    let log = "error,trunk=info,trunk::processing::minify=error";
    let mut trunk = cmd!(sh, "trunk {command} --offline --log {log} --dist {dist}").quiet();
    // Trunk reads NO_COLOR as true or false and stops at the usual "1".
    if sh.var_os("NO_COLOR").is_some() {
        trunk = trunk.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
    }
    outside_xtask(trunk)
}

/// Builds the release site into `dist/`.
pub fn build(sh: &Shell) -> Result<PathBuf> {
    prepare(sh)?;
    let dist = sh.current_dir().join("dist");
    // The release profile without `--release`, for which Trunk would run wasm-opt on what will be cut.
    let trunk = trunk(sh, "build", &dist)
        .args(["--cargo-profile", "release", "--minify", "--features", split::FEATURE])
        .env(split::RUSTFLAGS, split::rustflags(sh));
    step("building the site in release (some minutes the first time)", || {
        trunk.run().context("trunk failed; its own words are above")
    })?;
    step("cutting the program in two", || split::split(sh, &dist))?;
    step("compressing the files", || {
        Ok(cmd!(sh, "node {SIZES} compress {dist}").quiet().run()?)
    })?;
    Ok(dist)
}

/// Builds the release site into `dist/` and says how big it is.
pub fn dist(sh: &Shell) -> Result<()> {
    let dist = build(sh)?;
    println!();
    cmd!(sh, "node {SIZES} table {dist}").quiet().run()?;
    println!(
        "dist/ works in any folder of any static host; .br and .gz are for those that serve them."
    );
    Ok(())
}
