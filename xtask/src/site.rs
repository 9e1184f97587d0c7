//! Building the site with Trunk: the tools it needs, the release build, and `dist` with its sizes.

use crate::{
    cargo_tools, npm, project,
    shell::{Shell, run, step},
    sizes, split, styles, trim,
};
use anyhow::{Context, Result, anyhow, bail};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

/// What building needs to know once everything is installed.
pub struct Ready {
    /// All of Trunk's tools are on PATH, so it need not and must not reach for the network.
    offline: bool,
}

/// Installs everything that a build needs, the page's crates included.
pub fn prepare(shell: &mut Shell) -> Result<Ready> {
    cargo_tools::wasm_target(shell)?;
    cargo_tools::wasm_bindgen(shell)?;
    cargo_tools::trunk(shell)?;
    let offline = npm::wasm_opt(shell)?;
    // Trunk hands its `--offline` on to cargo, which then wants every crate on this machine.
    let mut fetch = shell.command("cargo");
    fetch.args(["fetch", "--quiet"]);
    if project::in_ci() {
        fetch.arg("--locked");
    }
    run(&mut fetch).context("the page's crates could not be fetched")?;
    Ok(Ready { offline })
}

/// `trunk COMMAND` in release, ready for more arguments.
pub fn trunk(shell: &Shell, ready: &Ready, command: &str, dist: &Path) -> Command {
    let mut trunk = shell.command("trunk");
    trunk.args([command, "--release", "--dist"]).arg(dist);
    if ready.offline {
        trunk.arg("--offline");
    }
    // Trunk reads NO_COLOR as true or false and stops at the usual "1".
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
    }
    trunk
}

/// Runs Trunk to its end, or until we are told to stop, and passes on what it says, but for one
/// line: its minifier cannot read what wasm-bindgen writes, leaves it as it is, and warns about
/// that on every build.
pub fn run_trunk(mut trunk: Command) -> Result<()> {
    let mut child = trunk.stdout(Stdio::piped()).spawn().context("could not start trunk")?;
    let stdout = child.stdout.take();
    let child = Arc::new(Mutex::new(child));
    // A server that outlives us would keep the port.
    let stopped = Arc::clone(&child);
    ctrlc::set_handler(move || {
        if let Ok(mut child) = stopped.lock() {
            let _ = child.kill();
        }
        std::process::exit(130);
    })?;
    if let Some(stdout) = stdout {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            if !line.contains("Failed to minify JS") {
                println!("{line}");
            }
        }
    }
    let status = child.lock().map_err(|_| anyhow!("the watch on trunk broke"))?.wait()?;
    if !status.success() {
        bail!("trunk failed ({status}); its own words are above");
    }
    Ok(())
}

/// Builds the release site into `dist/`.
pub fn build(shell: &mut Shell) -> Result<PathBuf> {
    let ready = prepare(shell)?;
    let dist = shell.root.join("dist");
    let mut trunk = trunk(shell, &ready, "build", &dist);
    // Cutting takes a wasm-opt of our own.
    let is_cut = ready.offline;
    if is_cut {
        let (name, flags) = split::rustflags(shell);
        trunk.args(["--features", split::FEATURE]).env(name, flags);
    }
    step("building the site in release (a minute the first time)", || run_trunk(trunk))?;
    if is_cut {
        split::split(shell, &dist)?;
    }
    styles::join(&dist)?;
    trim_scripts(&dist)?;
    step("compressing the files", || sizes::compress(&dist))?;
    Ok(dist)
}

/// Trims what is waited for: the page's own first script, and the one of every page that has a figure.
fn trim_scripts(dist: &Path) -> Result<()> {
    for entry in fs::read_dir(dist)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name == "embed.js" || (name.starts_with("boot-") && name.ends_with(".js")) {
            fs::write(&path, trim::for_machines(&fs::read_to_string(&path)?))?;
        }
    }
    Ok(())
}

/// Builds the release site into `dist/` and says how big it is.
pub fn dist(shell: &mut Shell) -> Result<()> {
    let dist = build(shell)?;
    println!("\n{}", sizes::table(&dist)?);
    println!(
        "dist/ works in any folder of any static host; .br and .gz are for those that serve them."
    );
    Ok(())
}
