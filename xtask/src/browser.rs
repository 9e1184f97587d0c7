//! Chromium and its driver, for the tests. Taken from CHROMIUM and CHROMEDRIVER, or from PATH, or
//! installed by apt where we are root on a Debian; anyone else is told what to install.

use crate::{
    project::parse_version,
    shell::{Shell, output, run, step},
};
use anyhow::{Result, bail};
use std::{env, path::PathBuf};

/// A browser and the driver made for it.
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

/// Finds or installs a browser and its driver, of the same major version.
pub fn prepare(shell: &Shell) -> Result<Browser> {
    if (chromium(shell).is_none() || driver(shell).is_none()) && can_apt(shell) {
        apt(shell, &["chromium", "chromium-driver"])?;
    }
    let (Some(chromium), Some(driver)) = (chromium(shell), driver(shell)) else {
        bail!(
            "the tests need Chromium (or Chrome) and a ChromeDriver of the same version. Debian: \
             `apt install chromium chromium-driver`; macOS: `brew install --cask chromium \
             chromedriver`; or set CHROMIUM and CHROMEDRIVER to where they are"
        );
    };
    let version = |program: &PathBuf| {
        output(shell.command(program).arg("--version")).as_deref().and_then(parse_version)
    };
    if let (Some(browser), Some(other)) = (version(&chromium), version(&driver))
        && browser.0 != other.0
    {
        bail!(
            "{} is version {} but {} is version {}: they have to match",
            chromium.display(),
            browser.0,
            driver.display(),
            other.0
        );
    }
    Ok(Browser { chromium, driver })
}

fn chromium(shell: &Shell) -> Option<PathBuf> {
    named("CHROMIUM").or_else(|| {
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
            .iter()
            .find_map(|name| shell.which(name))
            .or_else(|| {
                ["Chromium", "Google Chrome"]
                    .map(|app| {
                        PathBuf::from(format!("/Applications/{app}.app/Contents/MacOS/{app}"))
                    })
                    .into_iter()
                    .find(|path| path.is_file())
            })
    })
}

fn driver(shell: &Shell) -> Option<PathBuf> {
    named("CHROMEDRIVER").or_else(|| shell.which("chromedriver"))
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Whether we can install Debian's packages: apt is there and we are root.
pub fn can_apt(shell: &Shell) -> bool {
    cfg!(target_os = "linux")
        && shell.which("apt-get").is_some()
        && output(shell.command("id").arg("-u")).as_deref() == Some("0")
}

/// Installs Debian's packages.
pub fn apt(shell: &Shell, packages: &[&str]) -> Result<()> {
    step(&format!("installing {} with apt", packages.join(" and ")), || {
        let apt = |args: &[&str]| {
            run(shell
                .command("apt-get")
                .args(args)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .stdin(std::process::Stdio::null()))
        };
        apt(&["update", "-q"])?;
        apt(&[&["install", "-q", "-y", "--no-install-recommends"], packages].concat())
    })
}
