//! `serve`: a build that is quick to make, on this machine's own address, rebuilt when a file changes.

use crate::{builds, project, site, tools};
use anyhow::{Context, Result};
use std::{
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::Path,
    process::Command,
};
use xshell::Shell;

/// In Cargo.toml: quicker to build than `release`, which is as small as it can be.
const PROFILE: &str = "serve";

/// Serves until it is interrupted.
pub fn run(sh: &Shell, port: u16, open: bool) -> Result<()> {
    // Before minutes of building, not after.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!(
            "cannot serve on port {port}. Stop what is using it, or take another one: \
             `cargo xtask serve --port {}`",
            port.saturating_add(1)
        )
    })?;
    site::fetch(sh)?;
    // What Trunk runs, so that it finds the page built and has only files to put together.
    let page = project::cargo(sh, "build").args([
        "--target=wasm32-unknown-unknown",
        "--bin=converge",
        "--profile",
        PROFILE,
    ]);
    let page = ("the page".to_owned(), page.into());
    builds::run(tools::for_the_page(sh)?.into_iter().chain([page]))?;
    // A folder of its own, so that `dist` and `test` do not pull a page out from under a reader. Without
    // `--release`, for which Trunk would run wasm-opt.
    let trunk = site::trunk(sh, "serve", Path::new("target/site"))
        .args(["--cargo-profile", PROFILE, "--address", "127.0.0.1", "--port", &port.to_string()])
        .args(open.then_some("--open"));
    // In the place of this process: a server that outlived us would keep the port.
    Err(Command::from(trunk).exec()).context("could not start trunk")
}
