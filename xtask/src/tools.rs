//! The tools that we install ourselves: Trunk, wasm-bindgen's command line and mdBook from crates,
//! wasm-opt from npm. One that is on PATH at the right version is used as it is; then our own.

use crate::{
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

/// Makes `trunk` available on the shell's PATH, without its check for a newer Trunk.
pub fn trunk(sh: &Shell) -> Result<()> {
    let suits = |found| Some(found) >= parse_version(TRUNK);
    let options = ["--locked", "--no-default-features", "--features", "rustls"];
    install_crate(sh, "trunk", TRUNK, &["trunk"], &options, suits)
}

/// Makes `wasm-bindgen` and its test runner available, of exactly Cargo.lock's version: the two
/// sides of the binding speak a private format.
pub fn wasm_bindgen(sh: &Shell) -> Result<()> {
    let lock = sh.read_file("Cargo.lock")?;
    let wanted = lock
        .split_once("\nname = \"wasm-bindgen\"\nversion = \"")
        .and_then(|(_, rest)| rest.split('"').next())
        .context("Cargo.lock has no package wasm-bindgen")?;
    let programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    let suits = |found| Some(found) == parse_version(wanted);
    // Without its own lock file, which has named a version that the registry does not have.
    install_crate(sh, "wasm-bindgen-cli", wanted, &programs, &[], suits)
}

/// Makes `mdbook` available. It only builds here: no server, no watch, no search.
pub fn mdbook(sh: &Shell) -> Result<()> {
    let suits = |found| Some(found) >= parse_version(MDBOOK);
    install_crate(sh, "mdbook", MDBOOK, &["mdbook"], &["--locked", "--no-default-features"], suits)
}

/// Makes `wasm-opt` available.
pub fn wasm_opt(sh: &Shell) -> Result<()> {
    let home = tool_folder(&format!("binaryen-{BINARYEN}"))?;
    provide(
        sh,
        &["wasm-opt"],
        &home.join("node_modules/.bin"),
        |found| found >= OLDEST_WASM_OPT,
        || {
            machine::require([machine::node(sh)])?;
            step(&format!("installing wasm-opt (binaryen {BINARYEN}) with npm"), || {
                let package = format!("binaryen@{BINARYEN}");
                Ok(cmd!(sh, "npm install --no-audit --no-fund --prefix {home} {package}").run()?)
            })
        },
    )
}

fn install_crate(
    sh: &Shell,
    package: &str,
    wanted: &str,
    programs: &[&str],
    options: &[&str],
    suits: impl Fn(Version) -> bool,
) -> Result<()> {
    let home = tool_folder(&format!("{package}-{wanted}"))?;
    provide(sh, programs, &home.join("bin"), suits, || {
        sh.create_dir(&home)?;
        // Not with the flags that the project's folder sets.
        let _dir = sh.push_dir(&home);
        // Where a person has it, it may have a prebuilt one.
        let is_fetched = cmd!(sh, "cargo-binstall --no-confirm --disable-strategies compile")
            .args([Path::new("--root"), &home])
            .arg(format!("{package}@{wanted}"))
            .quiet()
            .run()
            .is_ok();
        if is_fetched {
            return Ok(());
        }
        // With a quick profile, since these tools run for seconds.
        step(&format!("building {package} {wanted} from source, once (some minutes)"), || {
            let install = cmd!(sh, "cargo install --quiet --force --root {home} {options...}")
                .args(["--version", wanted, package])
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
            outside_xtask(install).run().context("this needs the network and a C linker")
        })
    })
}

/// Has programs on the shell's PATH that suit, installs them into `bin` where there are none.
fn provide(
    sh: &Shell,
    programs: &[&str],
    bin: &Path,
    suits: impl Fn(Version) -> bool,
    install: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let are_there = || programs.iter().all(|program| version(sh, program).is_some_and(&suits));
    if are_there() {
        return Ok(());
    }
    prefer(sh, bin.to_owned())?;
    if !are_there() {
        install()?;
        ensure!(are_there(), "{} does not hold what was installed there", bin.display());
    }
    Ok(())
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
