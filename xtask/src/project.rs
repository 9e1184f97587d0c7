//! What xtask knows about the project and the machine: where the root and the tool cache are, which
//! versions Cargo.lock and the npm manifests ask for, and whether this is CI or root.

use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The project's root: the folder above xtask's own.
pub fn root() -> Result<PathBuf> {
    let xtask = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map(Path::to_owned).context("xtask's folder has no parent folder")
}

/// The folder that holds one sub-folder a tool and version, e.g. `trunk-0.21.14`.
pub fn tool_cache() -> Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(dir) = set("CONVERGE_TOOLS") {
        return std::path::absolute(dir).context("CONVERGE_TOOLS is not a usable path");
    }
    let cache = set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .or_else(|| set("LOCALAPPDATA"))
        .context("none of CONVERGE_TOOLS, XDG_CACHE_HOME and HOME is set")?;
    Ok(cache.join("converge-tools"))
}

/// The version of a crate in the page's Cargo.lock.
pub fn locked_version(root: &Path, name: &str) -> Result<String> {
    let lock = fs::read_to_string(root.join("Cargo.lock")).context("could not read Cargo.lock")?;
    let Some((_, rest)) = lock.split_once(&format!("\nname = \"{name}\"\nversion = \"")) else {
        bail!("Cargo.lock has no package {name:?}");
    };
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

/// The exact version that a package.json asks of one of its dependencies.
pub fn npm_version(manifest: &Path, name: &str) -> Result<String> {
    let text = fs::read_to_string(manifest)
        .with_context(|| format!("could not read {}", manifest.display()))?;
    text.split_once(&format!("\"{name}\": \""))
        .and_then(|(_, rest)| rest.split('"').next())
        .map(str::to_owned)
        .with_context(|| format!("{} does not name {name:?}", manifest.display()))
}

/// `major.minor.patch` at the start of a version, or the first version-like word of a tool's own
/// `--version` line.
pub fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    text.split_whitespace().find_map(|word| {
        let mut numbers =
            word.trim_start_matches('v').split(['.', '-', '+']).map(str::parse::<u32>);
        let major = numbers.next()?.ok()?;
        let mut next = || numbers.next().and_then(Result::ok).unwrap_or(0);
        Some((major, next(), next()))
    })
}

/// In CI the lock files are the law; elsewhere a changed manifest may update them.
pub fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
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
