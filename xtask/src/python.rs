//! The libraries that generated Python programs import and those that make sites for the tests, at the
//! versions that their requirements files pin, each in an environment of its own in the tool cache.
//! Python itself is the machine's.

use crate::{
    browser::{apt, can_apt},
    project::{parse_version, tool_cache},
    shell::{Shell, output, run, step},
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The one that has `asyncio.timeout` and what the libraries need.
const OLDEST: (u32, u32) = (3, 11);
/// A copy of the requirements, written last: it says that the install beside it is whole.
const INSTALLED: &str = "installed-requirements.txt";

/// Makes an interpreter that has the libraries of the generated programs, unless it is there, and says
/// where.
pub fn with_libraries_of_programs(shell: &Shell) -> Result<PathBuf> {
    with_libraries(shell, "programs", "tests/programs/requirements.txt")
        .context("the generated programs cannot be run without their libraries")
}

/// The same, with what makes the sites of `tests/browser/recipes`.
pub fn with_libraries_of_recipes(shell: &Shell) -> Result<PathBuf> {
    with_libraries(shell, "recipes", "tests/browser/recipes/requirements.txt")
        .context("the sites that the tests put figures into cannot be made without their tools")
}

fn with_libraries(shell: &Shell, whose: &str, requirements: &str) -> Result<PathBuf> {
    let (python, version) = interpreter(shell)?;
    let requirements = shell.root.join(requirements);
    let wanted = fs::read(&requirements)
        .with_context(|| format!("could not read {}", requirements.display()))?;
    let home = tool_cache()?.join(format!("{whose}-python-{}.{}", version.0, version.1));
    let own = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if fs::read(home.join(INSTALLED)).is_ok_and(|installed| installed == wanted)
        && output(shell.command(&own).arg("--version")).is_some()
    {
        return Ok(own);
    }
    step(&format!("installing the Python libraries of the {whose} with pip"), || {
        environment(shell, &python, &home)?;
        run(shell
            .command(&own)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .arg("--requirement")
            .arg(&requirements))?;
        fs::write(home.join(INSTALLED), &wanted)?;
        Ok(())
    })?;
    Ok(own)
}

/// An empty environment. Debian keeps the module that makes one in a package of its own.
fn environment(shell: &Shell, python: &Path, home: &Path) -> Result<()> {
    let make = || run(shell.command(python).args(["-m", "venv", "--clear"]).arg(home));
    let there = output(shell.command(python).args(["-c", "import ensurepip, venv"])).is_some();
    if !there && can_apt(shell) {
        apt(shell, &["python3-venv"])?;
    }
    make().context("Python's module `venv` is needed; on Debian it is the package python3-venv")
}

fn interpreter(shell: &Shell) -> Result<(PathBuf, (u32, u32))> {
    for name in ["python3", "python"] {
        let told = output(shell.command(name).arg("--version"));
        let version = told.as_deref().and_then(parse_version);
        if let (Some(path), Some((major, minor, _))) = (shell.which(name), version)
            && (major, minor) >= OLDEST
        {
            return Ok((path, (major, minor)));
        }
    }
    bail!("Python {}.{} or later is needed: https://www.python.org", OLDEST.0, OLDEST.1)
}
