//! `bench`: the built site beside what people would use instead. Builds what comes from Rust, the way
//! the page is built; everything else, and the measuring, is `bench/bench.mjs`.

use crate::{
    browser, npm,
    shell::{Shell, run, status, step},
    site, split,
};
use anyhow::{Context, Result};
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// The examples in Cargo.toml: our engine without a page, and the smallest page that Leptos makes.
const PAGES: [&str; 2] = ["engine", "counter"];

/// Builds, measures, and prints the table. `args` are `bench.mjs`'s own.
pub fn bench(shell: &mut Shell, args: &[OsString]) -> Result<ExitCode> {
    let dist = site::build(shell)?;
    let rivals = rivals(shell)?;
    let browser = browser::prepare(shell)?;
    npm::browser_tests(shell)?;
    npm::bench(shell)?;
    println!("==> measuring, in headless Chromium");
    let status = status(
        shell
            .command("node")
            .arg("bench/bench.mjs")
            .args(args)
            .env("CONVERGE_DIST", dist)
            .env("CONVERGE_RIVALS", rivals)
            .env("CHROMIUM", browser.chromium),
    )?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds the pages that come from Rust, with the profile and the tools of the site.
fn rivals(shell: &Shell) -> Result<PathBuf> {
    let target = split::target_folder(shell);
    let folder = target.join("bench/site");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    step("building the bench's pages in release", || {
        // Not with the flags of a site that is cut: what they leave in a module would count against
        // the rivals.
        run(shell
            .command("cargo")
            .args(["build", "--release", "--target", "wasm32-unknown-unknown"])
            .args(PAGES.iter().flat_map(|page| ["--example", page])))?;
        PAGES.iter().try_for_each(|page| bind(shell, &target, page, &folder))
    })?;
    Ok(folder)
}

fn bind(shell: &Shell, target: &Path, page: &str, folder: &Path) -> Result<()> {
    let built = target.join("wasm32-unknown-unknown/release/examples").join(page);
    run(shell
        .command("wasm-bindgen")
        .args(["--target", "web", "--no-typescript", "--out-name", page, "--out-dir"])
        .args([folder, &built.with_extension("wasm")]))?;
    let module = folder.join(format!("{page}_bg.wasm"));
    split::optimize(shell, &module, &module)
}
