//! `serve`: the release build on this machine's own address, rebuilt when a file changes.

use crate::{shell::Shell, site};
use anyhow::{Result, bail};
use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

/// What the command line may say.
pub struct Options {
    pub port: u16,
    pub open: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: 8080, open: false }
    }
}

/// Serves until it is interrupted.
pub fn run(shell: &mut Shell, options: &Options) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    // Before minutes of building, not after.
    match TcpListener::bind(address) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "port {0} is taken by another program. Stop that one, or take another port: \
             `cargo xtask serve --port {1}`",
            options.port,
            options.port.saturating_add(1)
        ),
        Err(error) => bail!("cannot serve on {address}: {error}"),
    }
    let ready = site::prepare(shell)?;
    println!("==> building the page in release (a minute the first time), then serving it");
    thread::spawn(move || announce(address));
    // A folder of its own, so that `dist` and `test` do not pull a page out from under a reader.
    let mut trunk = site::trunk(shell, &ready, "serve", &shell.root.join("target/serve"));
    trunk.args(["--address", "127.0.0.1", "--port", &options.port.to_string()]);
    if options.open {
        trunk.arg("--open");
    }
    site::run_trunk(trunk)
}

/// Says where the page is as soon as it is really there.
fn announce(address: SocketAddr) {
    loop {
        thread::sleep(Duration::from_millis(200));
        match status(address) {
            None => {}
            Some(200) => {
                println!("\n    Converge is at http://{address}/ (Ctrl-C stops it)\n");
                return;
            }
            Some(_) => {
                println!(
                    "\n    There is no page yet: the build failed, see above. Mend it, and it is built again.\n"
                );
                return;
            }
        }
    }
}

/// The status of the page itself, once something answers.
fn status(address: SocketAddr) -> Option<u16> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).ok()?;
    std::str::from_utf8(&head[9..]).ok()?.parse().ok()
}
