//! What comes from npm: wasm-opt (the package `binaryen`), the browser tests' libraries, a site's
//! generator, and the bench's rivals. All have a package.json with exact versions and a lock file;
//! `npm ci` installs just that.

use crate::{
    project::{npm_version, parse_version, tool_cache},
    shell::{Shell, output, run, step},
};
use anyhow::{Context, Result, bail};
use std::{fs, path::Path};

/// Debian's; older ones do not know the features that rustc switches on.
const OLDEST_WASM_OPT: u32 = 108;
/// What the browser tests' libraries and the test runner's options need.
const OLDEST_NODE: u32 = 20;

/// Makes `wasm-opt` available on the shell's PATH. `false` when there is no way to get one: then
/// Trunk has to download its own.
pub fn wasm_opt(shell: &mut Shell) -> Result<bool> {
    if shell.which("wasm-opt").is_some() {
        let told = output(shell.command("wasm-opt").arg("--version")).unwrap_or_default();
        if parse_version(&told).is_some_and(|(major, ..)| major >= OLDEST_WASM_OPT) {
            return Ok(true);
        }
    }
    if node(shell).is_ok() {
        let source = shell.root.join("xtask/binaryen");
        let version = npm_version(&source.join("package.json"), "binaryen")?;
        let home = tool_cache()?.join(format!("binaryen-{version}"));
        if !home.join(INSTALLED).is_file() {
            step(&format!("installing wasm-opt (binaryen {version}) with npm"), || {
                fs::create_dir_all(&home)?;
                for file in MANIFESTS {
                    fs::copy(source.join(file), home.join(file))?;
                }
                ci(shell, &home)
            })
            .context("npm could not install binaryen; put a wasm-opt on PATH instead")?;
        }
        shell.prefer(home.join("node_modules/.bin"));
        return Ok(true);
    }
    if crate::browser::can_apt(shell) {
        crate::browser::apt(shell, &["binaryen"])?;
        return Ok(true);
    }
    println!(
        "==> no wasm-opt, and no Node to install it with: Trunk will download its own\n    \
         (should that fail, install Node {OLDEST_NODE} or later, or your system's binaryen)"
    );
    Ok(false)
}

/// Installs the browser tests' libraries.
pub fn browser_tests(shell: &Shell) -> Result<()> {
    libraries(shell, "tests/browser", "the browser tests' libraries")
}

/// Installs the generator of a site with a figure in it.
pub fn starlight(shell: &Shell) -> Result<()> {
    libraries(shell, "tests/browser/recipes/starlight", "Astro and its documentation theme")
}

/// Installs what the bench measures against, and with.
pub fn bench(shell: &Shell) -> Result<()> {
    libraries(shell, "bench", "the bench's rivals and Lighthouse")
}

/// Installs a folder's libraries, unless they are what the lock file says.
fn libraries(shell: &Shell, folder: &str, what: &str) -> Result<()> {
    node(shell)?;
    let home = shell.root.join(folder);
    let lock = home.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("could not read {}", lock.display()))?;
    if fs::read(home.join(INSTALLED)).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    step(&format!("installing {what} with npm"), || ci(shell, &home))
}

const MANIFESTS: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];
/// A copy of the lock file, written last: it says that the install beside it is whole.
const INSTALLED: &str = "node_modules/.installed-lock.json";

fn ci(shell: &Shell, home: &Path) -> Result<()> {
    run(shell
        .command("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(home))?;
    fs::copy(home.join("package-lock.json"), home.join(INSTALLED))?;
    Ok(())
}

/// Checks that a Node of the right age and npm are there; we do not install languages.
pub fn node(shell: &Shell) -> Result<()> {
    let told = output(shell.command("node").arg("--version"));
    let major = told.as_deref().and_then(parse_version);
    match major {
        Some((major, ..)) if major >= OLDEST_NODE && shell.which("npm").is_some() => Ok(()),
        Some(_) => bail!("Node {OLDEST_NODE} or later with npm is needed; this one is too old"),
        None => bail!("Node {OLDEST_NODE} or later with npm is needed: https://nodejs.org"),
    }
}
