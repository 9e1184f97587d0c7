//! Builds the sites of `tests/browser/recipes`: each with a tool that authors use, and with a figure in
//! a page, put there as docs/embedding.md says. They name the figure's host HOST, and whoever serves
//! them says where that is.

use crate::{
    builds, libraries,
    project::{in_ci, step},
    tools,
};
use anyhow::Result;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};
use xshell::{Shell, cmd};

const FOLDER: &str = "tests/browser/recipes";
/// What the built sites depend on: what is built, what is said of how, and how it is done.
const SOURCES: [&str; 5] =
    [FOLDER, "docs", "public/embed.js", "xtask/src/recipes.rs", "xtask/src/tools.rs"];

/// Builds all of them, and says where; each is in a folder of its source's name. What has been built from
/// the same sources is there already, which CI does not rely on.
pub fn build(sh: &Shell) -> Result<PathBuf> {
    let python = prepare(sh)?;
    let built = sh.current_dir().join("target/recipes");
    // Written last, so that it says that what lies beside it is whole.
    let stamp = built.join("sources.hash");
    let mut sources = DefaultHasher::new();
    SOURCES.iter().try_for_each(|source| hash(sh, Path::new(source), &mut sources))?;
    let sources = sources.finish().to_string();
    if !in_ci() && sh.read_file(&stamp).is_ok_and(|was| was == sources) {
        return Ok(built);
    }
    sh.remove_path(&built)?;
    step("building sites with a figure in them", || {
        // mdBook takes scripts from the book's own folder only.
        let book = built.join("sources/mdbook");
        for file in ["book.toml", "src/SUMMARY.md", "src/figure.md"] {
            sh.create_dir(book.join(file).parent().unwrap_or(&book))?;
            sh.copy_file(Path::new(FOLDER).join("mdbook").join(file), book.join(file))?;
        }
        sh.copy_file("public/embed.js", book.join("embed.js"))?;
        cmd!(sh, "mdbook build {book} --dest-dir {built}/mdbook").env("RUST_LOG", "warn").run()?;
        let _dir = sh.push_dir(FOLDER);
        cmd!(sh, "{python} -m mkdocs build --quiet --strict -f material/mkdocs.yml")
            .args([Path::new("--site-dir"), &built.join("material")])
            .env("NO_MKDOCS_2_WARNING", "1")
            .run()?;
        cmd!(sh, "{python} -m sphinx -q -W -d {built}/sources/pydata pydata {built}/pydata")
            .run()?;
        sh.change_dir("starlight");
        cmd!(sh, "npx astro build --silent --outDir {built}/starlight")
            .env("ASTRO_TELEMETRY_DISABLED", "1")
            .run()?;
        Ok(())
    })?;
    sh.write_file(&stamp, sources)?;
    Ok(built)
}

/// Takes in a file, or a folder but for what tools have put there.
fn hash(sh: &Shell, path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let name = path.file_name().unwrap_or_default();
    if name == "node_modules" || name == ".astro" {
        return Ok(());
    }
    name.hash(hasher);
    if sh.current_dir().join(path).is_dir() {
        return sh.read_dir(path)?.iter().try_for_each(|entry| hash(sh, entry, hasher));
    }
    sh.read_binary_file(path)?.hash(hasher);
    Ok(())
}

/// Installs the tools, and says which Python has those that are its libraries.
pub fn prepare(sh: &Shell) -> Result<PathBuf> {
    builds::run(tools::mdbook(sh)?)?;
    libraries::npm(sh, "tests/browser/recipes/starlight")?;
    libraries::pip(sh, "recipes", FOLDER)
}

#[cfg(test)]
mod tests {
    use super::hash;
    use std::hash::{DefaultHasher, Hasher};
    use xshell::Shell;

    #[test]
    fn the_stamp_follows_what_is_in_files_and_what_they_are_called() {
        let sh = Shell::new().unwrap();
        let folder = sh.create_temp_dir().unwrap();
        sh.change_dir(folder.path());
        let stamp = || {
            let mut hasher = DefaultHasher::new();
            hash(&sh, folder.path(), &mut hasher).unwrap();
            hasher.finish()
        };
        sh.write_file("a.md", "one").unwrap();
        let first = stamp();
        assert_eq!(stamp(), first);
        sh.write_file("node_modules/b.js", "not a source").unwrap();
        assert_eq!(stamp(), first);
        sh.write_file("a.md", "two").unwrap();
        let second = stamp();
        assert_ne!(second, first);
        sh.copy_file("a.md", "b.md").unwrap();
        sh.remove_path("a.md").unwrap();
        assert_ne!(stamp(), second);
    }
}
