//! Builds the sites of `tests/browser/recipes`: each with a tool that authors use, and with a figure in
//! a page, put there as docs/embedding.md says. They name the figure's host HOST, and whoever serves
//! them says where that is.

use crate::{
    cargo_tools, npm, python,
    shell::{Shell, run, step},
};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Builds all of them, and says where; each is in a folder of its source's name.
pub fn build(shell: &mut Shell) -> Result<PathBuf> {
    let python = prepare(shell)?;
    let sources = shell.root.join("tests/browser/recipes");
    let built = shell.root.join("target/recipes");
    if built.exists() {
        fs::remove_dir_all(&built)?;
    }
    step("building sites with a figure in them", || {
        let book = built.join("sources/mdbook");
        copy(&sources.join("mdbook"), &book)?;
        fs::copy(shell.root.join("public/embed.js"), book.join("embed.js"))?;
        run(shell
            .command("mdbook")
            .arg("build")
            .arg(&book)
            .arg("--dest-dir")
            .arg(built.join("mdbook"))
            .env("RUST_LOG", "warn"))?;
        run(shell
            .command("node")
            .args(["node_modules/astro/astro.js", "build", "--silent", "--outDir"])
            .arg(built.join("starlight"))
            .current_dir(sources.join("starlight"))
            .env("ASTRO_TELEMETRY_DISABLED", "1"))?;
        run(shell
            .command(&python)
            .args(["-m", "mkdocs", "build", "--quiet", "--strict", "--config-file"])
            .arg(sources.join("material/mkdocs.yml"))
            .arg("--site-dir")
            .arg(built.join("material"))
            .env("NO_MKDOCS_2_WARNING", "1"))?;
        run(shell
            .command(&python)
            .args(["-m", "sphinx", "-q", "-W", "-d"])
            .arg(built.join("sources/pydata"))
            .args([sources.join("pydata"), built.join("pydata")]))
    })?;
    Ok(built)
}

/// Installs the tools, and says which Python has those that are its libraries.
pub fn prepare(shell: &mut Shell) -> Result<PathBuf> {
    cargo_tools::mdbook(shell)?;
    npm::starlight(shell)?;
    python::with_libraries_of_recipes(shell)
}

/// A folder and all that is in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("could not read {}", from.display()))? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
