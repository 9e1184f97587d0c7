//! `serve`: the release build on this machine's own address, rebuilt when a file changes.

use crate::site;
use anyhow::{Context, Result};
use std::{
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::Path,
    process::Command,
};
use xshell::Shell;

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
    site::prepare(sh)?;
    println!("==> building the page in release (a minute the first time), then serving it");
    // A folder of its own, so that `dist` and `test` do not pull a page out from under a reader.
    let trunk = site::trunk(sh, "serve", Path::new("target/serve"))
        .args(["--release", "--address", "127.0.0.1", "--port", &port.to_string()])
        .args(open.then_some("--open"));
    // In the place of this process: a server that outlived us would keep the port.
    Err(Command::from(trunk).exec()).context("could not start trunk")
}
