//! Cuts the built site's WebAssembly in two: what the race needs, and what comes later. A stop-gap until
//! Trunk does it (its issue 1022, code splitting): then this file goes.
//!
//! Where to cut is said in the page's own code (`src/app/lazy.rs`). wasm_split reads what calls what
//! from the linker's relocations, so that it needs the module as the linker left it; wasm-bindgen and
//! wasm-opt then do to the parts what Trunk would do to the whole.

use crate::{
    builds::Build,
    project::{cargo, target_folder},
};
use anyhow::{Context, Result};
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};
use xshell::{Shell, cmd};

/// The cargo feature that puts the cut into the code.
pub const FEATURE: &str = "split";

/// The program that cuts.
const PROGRAM: &str = "target/xtask/debug/xtask-split";

/// What builds it.
pub fn build(sh: &Shell) -> Build {
    let args = ["--manifest-path", "xtask/split/Cargo.toml", "--target-dir", "target/xtask"];
    ("xtask-split".to_owned(), cargo(sh, "build").args(args).into())
}

/// The variable that takes the place of all other flags for rustc, those of .cargo/config.toml included.
pub const RUSTFLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

/// Its value for the build that is to be cut.
pub fn rustflags(sh: &Shell) -> OsString {
    let mut flags = OsString::from("--cfg\x1ferase_components\x1f-Clink-args=--emit-relocs");
    // What panics name is where the code was built: nobody's business, and bytes to download.
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let crates = home.map(|home| home.join("registry/src"));
    // Where the standard library's sources are installed, it is named by where those are.
    let library = cmd!(sh, "rustc --print sysroot").quiet().read().ok().map(PathBuf::from);
    for folder in crates.iter().chain(&library).chain([&sh.current_dir()]) {
        flags.push("\x1f--remap-path-prefix=");
        flags.push(folder);
        flags.push("=");
    }
    flags
}

/// What rustc switches on for this target. A module that was cut no longer says it itself.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Cuts the module of the site that Trunk has built into `dist`, with that feature and those flags.
pub fn split(sh: &Shell, dist: &Path) -> Result<()> {
    let target = target_folder(sh);
    let whole = target.join("wasm32-unknown-unknown/release/converge.wasm");
    let hash = hash(sh, dist)?;
    let name = format!("converge-{hash}");
    let link = format!("converge-link-{hash}.js");

    let work = target.join("split");
    sh.remove_path(&work)?;
    sh.create_dir(&work)?;
    let main = work.join("main.wasm");
    let parts = cmd!(sh, "{PROGRAM} {whole} {work} ./{name}.js ./{link}").quiet().read()?;

    cmd!(sh, "wasm-bindgen --target web --no-typescript --keep-lld-exports --no-demangle")
        .args(["--out-name", &name, "--out-dir"])
        .args([dist, &main])
        .quiet()
        .run()?;
    let program = dist.join(format!("{name}_bg.wasm"));
    optimize(sh, &program, &program)?;
    let mut linking = sh.read_file(work.join(&link))?;
    for part in parts.lines().map(Path::new) {
        let file = part.file_name().and_then(|file| file.to_str()).context("a part has no name")?;
        let cut = file.trim_start_matches("split_").trim_end_matches(".wasm");
        let file_name = format!("converge-{cut}-{hash}.wasm");
        optimize(sh, part, &dist.join(&file_name))?;
        linking = linking.replace(&format!("./{file}"), &format!("./{file_name}"));
    }
    sh.write_file(dist.join(&link), linking)?;

    // The program's script imports it, so it had better be on its way by then.
    let page = dist.join("index.html");
    let html = with_preload(&sh.read_file(&page)?, &link)?;
    Ok(sh.write_file(page, html)?)
}

/// The page with one more script to fetch at once: before the one that it names as the program's, in
/// whatever form the minifier has left that.
fn with_preload(html: &str, script: &str) -> Result<String> {
    let program = html.find("app-js").and_then(|id| html[..id].rfind("<link"));
    let (before, after) = html.split_at(program.context("the page names no program's script")?);
    Ok(format!("{before}<link rel=modulepreload href=./{script}>{after}"))
}

/// What wasm-opt does to every module of the site. With functions of similar names side by side, which
/// are mostly instances of one generic function, it compresses better; so it does where functions that
/// are called from one place stay functions, unless they are small.
pub fn optimize(sh: &Shell, from: &Path, to: &Path) -> Result<()> {
    let passes = ["-Oz", "--one-caller-inline-max-function-size=20", "--reorder-functions-by-name"];
    Ok(cmd!(sh, "wasm-opt {passes...} {WASM_FEATURES...} {from} -o {to}").quiet().run()?)
}

/// The hash in the names of the program's files.
fn hash(sh: &Shell, dist: &Path) -> Result<String> {
    let files = sh.read_dir(dist)?;
    let mut names = files.iter().filter_map(|path| path.file_name()?.to_str());
    names
        .find_map(|name| name.strip_prefix("converge-")?.strip_suffix("_bg.wasm"))
        .map(str::to_owned)
        .with_context(|| format!("there is no converge-*_bg.wasm in {}", dist.display()))
}

#[cfg(test)]
mod tests {
    use super::with_preload;

    #[test]
    fn a_script_is_preloaded_before_the_program_that_imports_it() {
        let added = "<link rel=modulepreload href=./x.js>";
        for link in [
            r#"<link rel="modulepreload" href="./converge-0.js" id="app-js">"#,
            "<link href=./converge-0.js id=app-js rel=modulepreload>",
        ] {
            let html = format!("<link rel=icon href=i><p>{link}</p>");
            let expected = format!("<link rel=icon href=i><p>{added}{link}</p>");
            assert_eq!(with_preload(&html, "x.js").unwrap(), expected);
        }
        assert!(with_preload("<p>no program", "x.js").is_err());
    }
}
