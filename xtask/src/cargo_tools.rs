//! The tools that come from crates: Trunk, wasm-bindgen's command line, and mdBook. One that is on
//! PATH at the right version is used as it is; then our cache; then `cargo binstall` where a person
//! has it; then a build from source with a quick profile, since these tools run for seconds.

use crate::{
    project::{locked_version, parse_version, tool_cache},
    shell::{Shell, output, run, step},
};
use anyhow::{Context, Result};
use std::{fs, path::Path};

/// Trunk 0.22 needs rustc 1.96; this is the newest that builds on 1.95.
const TRUNK: &str = "0.21.14";

/// What recipes.test.mjs has been tried with.
const MDBOOK: &str = "0.5.4";

/// A program that `cargo install` makes.
struct Tool<'a> {
    package: &'a str,
    version: &'a str,
    /// What it installs that we use; the first one tells the version.
    programs: &'a [&'a str],
    /// Whether a later version will do as well.
    or_later: bool,
    /// What `cargo install` needs besides the name and the version.
    install: &'a [&'a str],
    minutes: u32,
}

/// Makes `trunk` available on the shell's PATH.
pub fn trunk(shell: &mut Shell) -> Result<()> {
    provide(
        shell,
        &Tool {
            package: "trunk",
            version: TRUNK,
            programs: &["trunk"],
            or_later: true,
            // Without the check for a newer Trunk; TLS as it is published.
            install: &["--locked", "--no-default-features", "--features", "rustls"],
            minutes: 4,
        },
    )
}

/// Makes `wasm-bindgen` and its test runner available, of exactly Cargo.lock's version: the two
/// sides of the binding speak a private format.
pub fn wasm_bindgen(shell: &mut Shell) -> Result<()> {
    let version = locked_version(&shell.root, "wasm-bindgen")?;
    provide(
        shell,
        &Tool {
            package: "wasm-bindgen-cli",
            version: &version,
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            or_later: false,
            install: &[],
            minutes: 2,
        },
    )
}

/// Makes `mdbook` available.
pub fn mdbook(shell: &mut Shell) -> Result<()> {
    provide(
        shell,
        &Tool {
            package: "mdbook",
            version: MDBOOK,
            programs: &["mdbook"],
            or_later: true,
            // It only builds here: no server, no watch, no search.
            install: &["--locked", "--no-default-features"],
            minutes: 2,
        },
    )
}

fn provide(shell: &mut Shell, tool: &Tool) -> Result<()> {
    let on_path = |program: &&str| shell.which(program);
    if let Some(found) = tool.programs.iter().map(on_path).collect::<Option<Vec<_>>>()
        && suits(shell, tool, &found[0])
    {
        return Ok(());
    }
    let home = tool_cache()?.join(format!("{}-{}", tool.package, tool.version));
    let bin = home.join("bin");
    if !suits(shell, tool, &bin.join(tool.programs[0])) {
        install(shell, tool, &home)?;
    }
    shell.prefer(bin);
    Ok(())
}

fn suits(shell: &Shell, tool: &Tool, program: &Path) -> bool {
    let Some(told) = output(shell.command(program).arg("--version")) else { return false };
    let (told, wanted) = (parse_version(&told), parse_version(tool.version));
    told.is_some() && if tool.or_later { told >= wanted } else { told == wanted }
}

fn install(shell: &Shell, tool: &Tool, home: &Path) -> Result<()> {
    let (package, version) = (tool.package, tool.version);
    fs::create_dir_all(home).with_context(|| format!("could not make {}", home.display()))?;
    if shell.which("cargo-binstall").is_some() {
        let prebuilt = step(&format!("fetching a prebuilt {package} {version}"), || {
            run(shell
                .command("cargo-binstall")
                .args(["--no-confirm", "--disable-strategies", "compile", "--root"])
                .arg(home)
                .arg(format!("{package}@{version}"))
                .current_dir(home))
        });
        if prebuilt.is_ok() && suits(shell, tool, &home.join("bin").join(tool.programs[0])) {
            return Ok(());
        }
        println!("    no prebuilt {package} to be had; building it instead");
    }
    let what = format!(
        "building {package} {version} from source, once (about {} minutes on two cores)",
        tool.minutes
    );
    step(&what, || {
        run(shell
            .command("cargo")
            .args(["install", "--quiet", "--force", "--version", version, "--root"])
            .arg(home)
            .args(tool.install)
            .arg(package)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .current_dir(home))
    })
    .with_context(|| {
        format!(
            "{package} {version} could not be installed; it needs the network and a C linker. \
             By hand: `cargo install {package} --version {version}`, or put a prebuilt one on PATH"
        )
    })
}

/// Makes rustc able to build for the browser. Asked for explicitly: rustup's own installing on
/// demand can be switched off.
pub fn wasm_target(shell: &Shell) -> Result<()> {
    let libs = output(shell.command("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        "wasm32-unknown-unknown",
    ]))
    .context("rustc cannot be run; install Rust with rustup (https://rustup.rs)")?;
    if Path::new(&libs).is_dir() {
        return Ok(());
    }
    step("adding the target wasm32-unknown-unknown", || {
        run(shell.command("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
    })
    .context(
        "this Rust cannot build for the browser: install its wasm32-unknown-unknown standard \
         library (`rustup target add wasm32-unknown-unknown`, or your system's package for it)",
    )
}
