//! What every command needs: a shell in the project's root, where tools are kept, versions, and the
//! lines that tell what is being done.

use anyhow::{Context, Result};
use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Instant,
};
use xshell::{Cmd, Shell, cmd};

/// `major.minor.patch`.
pub type Version = (u32, u32, u32);

/// A shell in the project's root.
pub fn shell() -> Result<Shell> {
    let sh = Shell::new()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    sh.change_dir(root.context("xtask's folder has no parent folder")?);
    Ok(sh)
}

/// Whether this runs in CI, which trusts nothing that earlier runs have left.
pub fn in_ci() -> bool {
    env::var("CI").is_ok_and(|ci| !ci.is_empty() && ci != "false")
}

/// `cargo COMMAND`. In CI the lock files are the law; elsewhere a changed manifest may update them.
pub fn cargo<'sh>(sh: &'sh Shell, command: &str) -> Cmd<'sh> {
    let cargo = outside_xtask(cmd!(sh, "cargo {command}"));
    if in_ci() { cargo.arg("--locked") } else { cargo }
}

/// Without what `cargo run` tells xtask about its own package: build scripts would take that for a
/// change, and everything would be compiled again.
pub fn outside_xtask(command: Cmd<'_>) -> Cmd<'_> {
    const OWN: [&str; 5] =
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
    env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| OWN.iter().any(|own| name.to_string_lossy().starts_with(own)))
        .fold(command, |command, name| command.env_remove(name))
}

/// Where cargo puts what it builds for the page.
pub fn target_folder(sh: &Shell) -> PathBuf {
    sh.current_dir().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// The folder of a tool that we have installed, e.g. `trunk-0.21.14`.
pub fn tool_folder(name: &str) -> Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let tools = set("CONVERGE_TOOLS")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("converge-tools")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/converge-tools")))
        .context("none of CONVERGE_TOOLS, XDG_CACHE_HOME and HOME is set")?;
    std::path::absolute(tools.join(name)).context("the tools' folder is not a usable path")
}

/// Puts a folder before everything else on PATH.
pub fn prefer(sh: &Shell, folder: PathBuf) -> Result<()> {
    let path = sh.var_os("PATH").unwrap_or_default();
    sh.set_var("PATH", env::join_paths([folder].into_iter().chain(env::split_paths(&path)))?);
    Ok(())
}

/// What a program says its version is; `None` where it cannot be run.
pub fn version(sh: &Shell, program: impl AsRef<Path>) -> Option<Version> {
    let program = program.as_ref();
    parse_version(&cmd!(sh, "{program} --version").quiet().ignore_stderr().read().ok()?)
}

/// The first word that looks like a version.
pub fn parse_version(text: &str) -> Option<Version> {
    text.split_whitespace().find_map(|word| {
        let mut numbers =
            word.trim_start_matches('v').split(['.', '-', '+']).map(str::parse::<u32>);
        let major = numbers.next()?.ok()?;
        let mut next = || numbers.next().and_then(Result::ok).unwrap_or(0);
        Some((major, next(), next()))
    })
}

/// Says what is done, does it, and says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {what}");
    let start = Instant::now();
    let result = work()?;
    println!("    done in {:.1} s", start.elapsed().as_secs_f64());
    Ok(result)
}

/// Runs a test runner that ends with a summary of its own, to which a failure adds nothing.
pub fn run_to_its_summary(runner: Cmd<'_>) -> Result<ExitCode> {
    let status = Command::from(runner).status().context("the test runner could not be started")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn versions_are_found_in_what_tools_print() {
        assert_eq!(parse_version("trunk 0.21.14"), Some((0, 21, 14)));
        assert_eq!(parse_version("wasm-opt version 132 (version_132)"), Some((132, 0, 0)));
        assert_eq!(parse_version("Chromium 156.0.8078.79 built on Debian"), Some((156, 0, 8078)));
        assert_eq!(parse_version("mdbook v0.5.4"), Some((0, 5, 4)));
        assert_eq!(parse_version("no version here"), None);
    }
}
