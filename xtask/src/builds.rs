//! Cargo builds that run at the same time, with a line now and then for each: how many crates are compiled,
//! and about how long the rest takes.

use anyhow::{Context, Result, ensure};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    thread,
    time::Instant,
};

/// What is built, and the run of cargo that builds it.
pub type Build = (String, Command);

/// Runs builds to their end. Together they take less time than one after another: while one compiles a
/// single large crate, another has use for the other core.
pub fn run(builds: impl IntoIterator<Item = Build>) -> Result<()> {
    let threads: Vec<_> = builds.into_iter().map(|build| thread::spawn(|| follow(build))).collect();
    let ends = threads.into_iter().map(|thread| thread.join().expect("following does not panic"));
    // None is left running when one has failed.
    ends.collect::<Vec<_>>().into_iter().collect()
}

/// Runs one build. What it prints besides its progress is shown when it fails.
fn follow((name, mut cargo): Build) -> Result<()> {
    // Cargo draws its progress bar on terminals only, unless it is told how wide one is.
    cargo.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "80");
    println!("==> building {name}");
    let (start, mut next_line, mut printed) = (Instant::now(), 15, String::new());
    let mut running = cargo.stderr(Stdio::piped()).spawn()?;
    // A bar ends with a carriage return, for the next one to be drawn over it.
    for text in BufReader::new(running.stderr.take().context("not piped")?).split(b'\r') {
        for line in String::from_utf8_lossy(&text?).lines() {
            let seconds = start.elapsed().as_secs();
            match crates(line) {
                None => printed += &format!("{line}\n"),
                Some((compiled, all)) if seconds >= next_line => {
                    let left = left(seconds as f64, compiled, all);
                    println!("    {name}: {compiled} of {all} crates, {left} left");
                    next_line = seconds + 15;
                }
                Some(_) => {}
            }
        }
    }
    ensure!(running.wait()?.success(), "could not build {name}:\n{printed}");
    Ok(())
}

/// What cargo's progress bar says, for example `Building [===>     ] 12/345: serde, syn`.
fn crates(bar: &str) -> Option<(u32, u32)> {
    let (_, counts) = bar.split_once("Building [")?.1.split_once("] ")?;
    let (compiled, all) = counts.split(':').next()?.trim().split_once('/')?;
    Some((compiled.parse().ok()?, all.parse().ok()?))
}

/// What is left, when so many crates took so many seconds.
fn left(seconds: f64, compiled: u32, all: u32) -> String {
    let compiled = f64::from(compiled.max(1));
    // The last crates are the largest, which takes 15 % longer, as measured.
    let left = seconds * (f64::from(all) * 1.15 - compiled) / compiled;
    match left {
        ..95.0 => format!("about {:.0} s", (left / 10.0).ceil() * 10.0),
        _ => format!("about {:.0} min", left / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::{crates, left, run};
    use xshell::{Shell, cmd};

    #[test]
    fn what_is_left_is_told_from_what_cargo_draws() {
        let bar = "\u{1b}[K    Building [=====>          ] 12/345: serde, syn(build)";
        assert_eq!(crates(bar), Some((12, 345)));
        assert_eq!(crates("    Building [==========>] 345/345"), Some((345, 345)));
        assert_eq!(crates("  Downloaded [unusual] 1/2"), None);
        assert_eq!(left(20.0, 10, 120), "about 4 min");
        assert_eq!(left(60.0, 50, 100), "about 80 s");
    }

    #[test]
    fn a_failed_build_shows_what_it_printed() {
        let sh = Shell::new().unwrap();
        let build = |script| ("it".to_owned(), cmd!(sh, "sh -c {script}").into());
        run([build("printf 'Building [>] 1/2: a\\r' >&2"), build("true")]).unwrap();
        let error = run([build("true"), build("echo no linker >&2; false")]).unwrap_err();
        assert!(error.to_string().contains("no linker"), "{error}");
    }
}
