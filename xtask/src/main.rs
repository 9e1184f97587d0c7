//! `cargo xtask`: everything that is not the page itself. Installs what is missing, builds the
//! site, serves it, and runs every test. Plain functions around the tools that do the work; what it
//! installs goes into one cache folder outside the project, and a second run touches nothing.

mod bench;
mod builds;
mod libraries;
mod machine;
mod project;
mod recipes;
mod serve;
mod site;
mod split;
mod test;
mod tools;

use anyhow::{Result, bail};
use lexopt::prelude::*;
use std::process::ExitCode;
use test::Kind;
use xshell::Shell;

const HELP: &str = "\
Converge's commands. Run them from the project's root.

  cargo xtask serve [--port N] [--open]   build the page and serve it on http://127.0.0.1:8080
  cargo xtask test [--host] [--programs] [--wasm] [--browser] [--firefox] [--webkit]
                                          run every test, or only the kinds named
  cargo xtask dist                        make the static site in dist/ and print its sizes
  cargo xtask bench [--json FILE] [--only NAMES] [--smoke] ..
                                          measure the site beside what people would use instead
  cargo xtask setup                       only install what the other commands need

Each installs what is missing first, into $CONVERGE_TOOLS, or converge-tools in the user's cache
folder; languages and browsers are yours to install, and it says which. CHROMIUM and CHROMEDRIVER name
another browser and its driver; FIREFOX, WEBKIT_DRIVER and XVFB what the tests in other engines run
with.";

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        eprintln!("\nerror: {error:#}");
        ExitCode::FAILURE
    })
}

fn run() -> Result<ExitCode> {
    let mut args = lexopt::Parser::from_env();
    let command = match args.next()? {
        Some(Value(name)) => name.string()?,
        None | Some(Long("help") | Short('h')) => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    let sh = &project::shell()?;
    let (mut port, mut open, mut kinds) = (8080, false, Vec::new());
    // What follows `bench` is read by the measuring program itself.
    if command == "bench" {
        return bench::bench(sh, &args.raw_args()?.collect::<Vec<_>>());
    }
    while let Some(arg) = args.next()? {
        match (command.as_str(), arg) {
            ("serve", Long("port") | Short('p')) => port = args.value()?.parse()?,
            ("serve", Long("open")) => open = true,
            ("test", Long("host")) => kinds.push(Kind::Host),
            ("test", Long("programs")) => kinds.push(Kind::Programs),
            ("test", Long("wasm")) => kinds.push(Kind::Wasm),
            ("test", Long("browser")) => kinds.push(Kind::Browser),
            ("test", Long("firefox")) => kinds.push(Kind::Firefox),
            ("test", Long("webkit")) => kinds.push(Kind::WebKit),
            (_, other) => return Err(other.unexpected().into()),
        }
    }
    match command.as_str() {
        "help" => println!("{HELP}"),
        "serve" => serve::run(sh, port, open)?,
        "test" => return test::run(sh, &kinds),
        "dist" => site::dist(sh)?,
        "setup" => setup(sh)?,
        other => bail!("there is no command {other:?}\n\n{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Installs what every command needs, for a machine that will be offline later.
fn setup(sh: &Shell) -> Result<()> {
    machine::require([
        machine::node(sh),
        machine::python(sh).map(drop),
        machine::chromium(sh).map(drop),
    ])?;
    site::prepare(sh)?;
    libraries::npm(sh, "tests/browser")?;
    test::libraries_of_programs(sh)?;
    recipes::prepare(sh)?;
    // The crates that the generated Rust programs need.
    project::cargo(sh, "fetch")
        .args(["--manifest-path", "tests/programs/rust/Cargo.toml"])
        .run()?;
    println!("Everything is there.");
    Ok(())
}
