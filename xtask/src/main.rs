//! `cargo xtask`: everything that is not the page itself. Installs what is missing, builds the
//! site, serves it, and runs every test. Plain functions around the tools that do the work; what it
//! installs goes into one cache folder outside the project, and a second run touches nothing.

mod bench;
mod browser;
mod cargo_tools;
mod npm;
mod project;
mod python;
mod recipes;
mod serve;
mod shell;
mod site;
mod sizes;
mod split;
mod styles;
mod test;
mod trim;

use anyhow::{Result, bail};
use lexopt::prelude::*;
use shell::Shell;
use std::process::ExitCode;

const HELP: &str = "\
Converge's commands. Run them from the project's root.

  cargo xtask serve [--port N] [--open]   build in release and serve on http://127.0.0.1:8080
  cargo xtask test [--host] [--programs] [--wasm] [--browser]
                                          run every test, or only the kinds named
  cargo xtask dist                        make the static site in dist/ and print its sizes
  cargo xtask bench [--json FILE] [--only NAMES] [--smoke] ..
                                          measure the site beside what people would use instead
  cargo xtask setup                       only install what the other commands need

Each installs what is missing first, into $CONVERGE_TOOLS, or converge-tools in the user's cache
folder. CHROMIUM and CHROMEDRIVER name another browser and its driver.";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut args = lexopt::Parser::from_env();
    let command = match args.next()? {
        Some(Value(name)) => name.string()?,
        None | Some(Long("help") | Short('h')) => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "help" => println!("{HELP}"),
        "serve" => {
            let mut options = serve::Options::default();
            while let Some(arg) = args.next()? {
                match arg {
                    Long("port") | Short('p') => options.port = args.value()?.parse()?,
                    Long("open") => options.open = true,
                    other => return Err(other.unexpected().into()),
                }
            }
            serve::run(&mut Shell::new()?, &options)?;
        }
        "test" => {
            let mut only = Vec::new();
            while let Some(arg) = args.next()? {
                only.push(match arg {
                    Long("host") => test::Kind::Host,
                    Long("programs") => test::Kind::Programs,
                    Long("wasm") => test::Kind::Wasm,
                    Long("browser") => test::Kind::Browser,
                    other => return Err(other.unexpected().into()),
                });
            }
            return test::run(&mut Shell::new()?, &only);
        }
        // What follows is read by the measuring program itself.
        "bench" => {
            let rest: Vec<_> = args.raw_args()?.collect();
            return bench::bench(&mut Shell::new()?, &rest);
        }
        "dist" | "setup" => {
            if let Some(other) = args.next()? {
                return Err(other.unexpected().into());
            }
            let shell = &mut Shell::new()?;
            if command == "dist" {
                site::dist(shell)?;
            } else {
                setup(shell)?;
            }
        }
        other => bail!("there is no command {other:?}\n\n{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Installs what every command needs, for a machine that will be offline later.
fn setup(shell: &mut Shell) -> Result<()> {
    site::prepare(shell)?;
    browser::prepare(shell)?;
    npm::browser_tests(shell)?;
    python::with_libraries_of_programs(shell)?;
    recipes::prepare(shell)?;
    test::fetch_programs(shell)?;
    println!("Everything is there.");
    Ok(())
}
