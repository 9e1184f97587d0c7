//! What the machine has to bring, since we install no languages and no browsers: Node, Python, and the
//! browsers that the tests run in. Each is found, or an error says what to install.

use crate::project::{Version, version};
use anyhow::{Context, Result, bail, ensure};
use std::{
    env, fs,
    path::{Path, PathBuf},
};
use xshell::{Shell, cmd};

/// What the browser tests' libraries and the test runner's options need.
const OLDEST_NODE: Version = (20, 3, 0);
/// The one that has `asyncio.timeout` and what the generated programs' libraries need.
const OLDEST_PYTHON: Version = (3, 11, 0);

/// Checks that a Node of the right age and npm are there.
pub fn node(sh: &Shell) -> Result<()> {
    let is_there = version(sh, "node").is_some_and(|found| found >= OLDEST_NODE)
        && version(sh, "npm").is_some();
    ensure!(is_there, "Node 20.3 or later with npm (https://nodejs.org)");
    Ok(())
}

/// The Python to make environments with. Debian keeps the module that makes them in a package of its own.
pub fn python(sh: &Shell) -> Result<(&'static str, Version)> {
    let is_whole = |python: &str| {
        cmd!(sh, "{python} -c 'import ensurepip, venv'").quiet().ignore_stderr().run().is_ok()
    };
    ["python3", "python"]
        .into_iter()
        .find_map(|python| Some((python, version(sh, python)?)))
        .filter(|(python, found)| *found >= OLDEST_PYTHON && is_whole(python))
        .context("Python 3.11 or later with its module venv (Debian: `apt install python3-venv`)")
}

/// A browser, and the programs that its tests need.
pub struct Browser {
    /// As the browser tests' runner names it.
    pub project: &'static str,
    pub name: &'static str,
    /// The variable that names each program, to us and to the tests, and what it may be called.
    programs: &'static [(&'static str, &'static [&'static str])],
    /// How to get them.
    install: &'static str,
}

pub const CHROMIUM: Browser = Browser {
    project: "tests",
    name: "Chromium",
    programs: &[
        (
            "CHROMIUM",
            &[
                "chromium",
                "chromium-browser",
                "google-chrome",
                "google-chrome-stable",
                "chrome",
                "/Applications/Chromium.app/Contents/MacOS/Chromium",
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            ],
        ),
        ("CHROMEDRIVER", &["chromedriver"]),
    ],
    install: "Chromium or Chrome, and a ChromeDriver of the same version (Debian: `apt install chromium \
              chromium-driver`; macOS: `brew install --cask chromium chromedriver`; or set CHROMIUM and \
              CHROMEDRIVER to where they are)",
};

pub const FIREFOX: Browser = Browser {
    project: "firefox",
    name: "Firefox",
    programs: &[("FIREFOX", &["firefox-esr", "firefox"])],
    install: "Firefox (Debian: `apt install firefox-esr`; or set FIREFOX to where it is)",
};

pub const WEBKIT: Browser = Browser {
    project: "webkit",
    name: "WebKit",
    programs: &[("WEBKIT_DRIVER", &["WebKitWebDriver"]), ("XVFB", &["Xvfb"])],
    install: "WebKitGTK's driver and Xvfb, which are for Linux (Debian: `apt install webkit2gtk-driver xvfb`)",
};

/// A browser's programs, each with the variable that tells the tests where it is.
pub type Programs = Vec<(&'static str, PathBuf)>;

impl Browser {
    /// Finds the browser's programs.
    pub fn find(&self) -> Result<Programs> {
        let find = |&(variable, names): &(&'static str, &[&str])| {
            let named = env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
            Some((variable, named.or_else(|| names.iter().find_map(|name| on_path(name)))?))
        };
        self.programs.iter().map(find).collect::<Option<_>>().context(self.install)
    }
}

/// Finds Chromium and its driver, which have to be of one version.
pub fn chromium(sh: &Shell) -> Result<Programs> {
    let programs = CHROMIUM.find()?;
    let [browser, driver] = [&programs[0].1, &programs[1].1];
    if let (Some(of_browser), Some(of_driver)) = (version(sh, browser), version(sh, driver))
        && of_browser.0 != of_driver.0
    {
        bail!(
            "a ChromeDriver of version {} for {} ({} is version {})",
            of_browser.0,
            browser.display(),
            driver.display(),
            of_driver.0
        );
    }
    Ok(programs)
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|path| path.is_file() && !is_snap(path))
}

/// Whether a program only starts a snap, which sees no profile outside its own folders.
fn is_snap(program: &Path) -> bool {
    const LONGEST_SCRIPT: u64 = 10_000;
    let is_script = fs::metadata(program).is_ok_and(|file| file.len() < LONGEST_SCRIPT);
    fs::canonicalize(program).is_ok_and(|path| path.ends_with("bin/snap"))
        || is_script && fs::read_to_string(program).is_ok_and(|text| text.contains("/snap/"))
}

/// One error for all that is missing, before minutes of work rather than after.
pub fn require(found: impl IntoIterator<Item = Result<()>>) -> Result<()> {
    let missing = found.into_iter().filter_map(Result::err).map(|what| format!("\n  - {what}"));
    let missing = missing.collect::<String>();
    ensure!(missing.is_empty(), "please install first:{missing}");
    Ok(())
}
