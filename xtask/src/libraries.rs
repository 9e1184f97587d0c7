//! The libraries of what is not Rust: from npm for the browser tests, a site's generator and the bench,
//! each at what its lock file says; from pip for generated programs and for what makes the tests' sites,
//! each in an environment of its own in the tool cache.

use crate::{
    machine,
    project::{step, tool_folder, version},
};
use anyhow::Result;
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// A copy of the lock file, written last: it says that the install beside it is whole.
const INSTALLED: &str = "node_modules/.installed-lock.json";

/// Installs a folder's libraries with npm, unless they are what the lock file says.
pub fn npm(sh: &Shell, folder: &str) -> Result<()> {
    let _dir = sh.push_dir(folder);
    let lock = sh.read_file("package-lock.json")?;
    if sh.read_file(INSTALLED).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    machine::require([machine::node(sh)])?;
    step(&format!("installing the libraries of {folder} with npm"), || {
        cmd!(sh, "npm ci --no-audit --no-fund --loglevel=error").quiet().run()?;
        Ok(sh.write_file(INSTALLED, lock)?)
    })
}

/// Makes an interpreter that has what a folder's requirements.txt pins, and says where it is.
pub fn pip(sh: &Shell, whose: &str, folder: &str) -> Result<PathBuf> {
    let (python, (major, minor, _)) = machine::python(sh)?;
    let requirements = format!("{folder}/requirements.txt");
    let wanted = sh.read_file(&requirements)?;
    let home = tool_folder(&format!("{whose}-python-{major}.{minor}"))?;
    let installed = home.join("installed-requirements.txt");
    let own = home.join("bin/python");
    let are_those = sh.read_file(&installed).is_ok_and(|installed| installed == wanted);
    if are_those && version(sh, &own).is_some() {
        return Ok(own);
    }
    step(&format!("installing the libraries of {folder} with pip"), || {
        cmd!(sh, "{python} -m venv --clear {home}").quiet().run()?;
        cmd!(sh, "{own} -m pip install --quiet --disable-pip-version-check -r {requirements}")
            .quiet()
            .run()?;
        Ok(sh.write_file(&installed, &wanted)?)
    })?;
    Ok(own)
}
