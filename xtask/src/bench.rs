//! `bench`: the built site beside what people would use instead. Builds what comes from Rust, the way
//! the page is built; everything else, and the measuring, is `bench/bench.mjs`.

use crate::{libraries, machine, project, project::step, site, split};
use anyhow::Result;
use std::{ffi::OsString, path::PathBuf, process::ExitCode};
use xshell::{Shell, cmd};

/// The examples in Cargo.toml: our engine without a page, and the smallest page that Leptos makes.
const PAGES: [&str; 2] = ["engine", "counter"];

/// Builds, measures, and prints the table. `args` are `bench.mjs`'s own.
pub fn bench(sh: &Shell, args: &[OsString]) -> Result<ExitCode> {
    let chromium = machine::chromium(sh)?;
    let dist = site::build(sh)?;
    let rivals = rivals(sh)?;
    libraries::npm(sh, "tests/browser")?;
    libraries::npm(sh, "bench")?;
    println!("==> measuring, in headless Chromium");
    // One rival is Python's. Where there is no Python, its row says so.
    let python = libraries::pip(sh, "bench", "bench").unwrap_or_default();
    let bench = cmd!(sh, "node bench/bench.mjs {args...}").quiet().envs(chromium);
    let bench = bench.env("CONVERGE_DIST", dist).env("CONVERGE_RIVALS", rivals);
    project::run_to_its_summary(bench.env("CONVERGE_NUMPY", python))
}

/// Builds the pages that come from Rust, with the profile and the tools of the site.
fn rivals(sh: &Shell) -> Result<PathBuf> {
    let target = project::target_folder(sh);
    let folder = target.join("bench/site");
    step("building the bench's pages in release", || {
        // Not with the flags of a site that is cut: what they leave in a module would count against
        // the rivals.
        project::cargo(sh, "build")
            .args(["--release", "--target", "wasm32-unknown-unknown"])
            .args(PAGES.iter().flat_map(|page| ["--example", page]))
            .run()?;
        PAGES.iter().try_for_each(|page| {
            let built = target.join(format!("wasm32-unknown-unknown/release/examples/{page}.wasm"));
            cmd!(sh, "wasm-bindgen --target web --no-typescript --out-name {page} --out-dir {folder} {built}")
                .quiet()
                .run()?;
            let module = folder.join(format!("{page}_bg.wasm"));
            split::optimize(sh, &module, &module)
        })
    })?;
    Ok(folder)
}
