//! The tools that we install ourselves: Trunk, wasm-bindgen's command line and mdBook from crates,
//! wasm-opt from npm. One that is on PATH at the right version is used as it is; then our own.

use crate::{
    builds::Build,
    machine,
    project::{Version, outside_xtask, parse_version, prefer, step, tool_folder, version},
};
use anyhow::{Context, Result, ensure};
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
    let trunk = format!("trunk@{TRUNK}");
    let suits = |found| Some(found) >= parse_version(TRUNK);
    let mut builds = missing(sh, &trunk, &["trunk"], &["--locked", &trunk], suits)?;
    // Our own small program instead of all of wasm-bindgen-cli, which has the test runner in it.
    let [source, target] = ["xtask/bindgen", "target/xtask-bindgen"]
        .map(|folder| sh.current_dir().join(folder).to_string_lossy().into_owned());
    let ours = ["--locked", "--target-dir", &target, "--path", &source];
    let version = wasm_bindgen_version(sh)?;
    builds.extend(wasm_bindgen(sh, &version, &["wasm-bindgen"], &ours)?);
    Ok(builds)
}

/// The same of wasm-bindgen and its test runner.
pub fn for_wasm_tests(sh: &Shell) -> Result<Vec<Build>> {
    let version = wasm_bindgen_version(sh)?;
    // Without its own lock file, which has named a version that the registry does not have.
    let whole = [&*format!("wasm-bindgen-cli@{version}")];
    wasm_bindgen(sh, &version, &["wasm-bindgen", "wasm-bindgen-test-runner"], &whole)
}

fn wasm_bindgen(
    sh: &Shell,
    version: &str,
    programs: &[&str],
    source: &[&str],
) -> Result<Vec<Build>> {
    let suits = |found| Some(found) == parse_version(version);
    missing(sh, &format!("wasm-bindgen-cli@{version}"), programs, source, suits)
}

/// Exactly Cargo.lock's: the two sides of the binding speak a private format.
fn wasm_bindgen_version(sh: &Shell) -> Result<String> {
    let wanted = locked(&sh.read_file("Cargo.lock")?, "wasm-bindgen")?;
    let ours = locked(&sh.read_file("xtask/Cargo.lock")?, "wasm-bindgen-cli-support")?;
    ensure!(
        wanted == ours,
        "Cargo.lock has wasm-bindgen {wanted}, but xtask/Cargo.lock has {ours}: run `cargo update \
         --manifest-path xtask/Cargo.toml wasm-bindgen-cli-support --precise {wanted}`"
    );
    Ok(wanted)
}

/// The version of a package in a lock file.
fn locked(lock: &str, package: &str) -> Result<String> {
    lock.split_once(&format!("\nname = \"{package}\"\nversion = \""))
        .and_then(|(_, rest)| Some(rest.split_once('"')?.0.to_owned()))
        .with_context(|| format!("the lock file has no package {package}"))
}

/// The same of mdBook. It only builds here: no server, no watch, no search.
pub fn mdbook(sh: &Shell) -> Result<Vec<Build>> {
    let suits = |found| Some(found) >= parse_version(MDBOOK);
    let mdbook = format!("mdbook@{MDBOOK}");
    missing(sh, &mdbook, &["mdbook"], &["--locked", &mdbook], suits)
}

/// The build of a package, `name@version`, unless its programs are there. `source` tells `cargo install` what
/// to build.
fn missing(
    sh: &Shell,
    package: &str,
    programs: &[&str],
    source: &[&str],
    suits: impl Fn(Version) -> bool,
) -> Result<Vec<Build>> {
    let are_there = || programs.iter().all(|program| version(sh, program).is_some_and(&suits));
    let home = tool_folder(&package.replace('@', "-"))?;
    prefer(sh, home.join("bin"))?;
    if are_there() {
        return Ok(vec![]);
    }
    sh.create_dir(&home)?;
    // Not with the flags that the project's folder sets.
    let _dir = sh.push_dir(&home);
    // Where a person has it, it may have a prebuilt one.
    let fetch = cmd!(sh, "cargo-binstall -y --disable-strategies compile --root {home} {package}");
    if fetch.quiet().run().is_ok() && are_there() {
        return Ok(vec![]);
    }
    // Built quickly, since these tools run for seconds, and without TLS, since they download nothing.
    let install = cmd!(sh, "cargo install --force --no-default-features {source...}")
        .env("CARGO_INSTALL_ROOT", &home)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_BUILD_OVERRIDE_CODEGEN_UNITS", "1");
    Ok(vec![(package.to_owned(), outside_xtask(install).into())])
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

#[cfg(test)]
mod tests {
    use super::locked;
    use crate::project;

    /// `cargo xtask serve` says in its error how to update it.
    #[test]
    fn our_wasm_bindgen_has_the_version_of_the_pages() {
        let sh = project::shell().unwrap();
        let page = sh.read_file("Cargo.lock").unwrap();
        let ours = sh.read_file("xtask/Cargo.lock").unwrap();
        let wanted = locked(&page, "wasm-bindgen").unwrap();
        assert_eq!(locked(&ours, "wasm-bindgen-cli-support").unwrap(), wanted);
        assert_eq!(locked(&ours, "wasm-bindgen-shared").unwrap(), wanted);
    }
}
