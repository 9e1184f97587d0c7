//! Running other programs: on a PATH that starts with the tools that we installed, in an
//! environment without what `cargo run` added for xtask itself, and with a line for each step.

use crate::project;
use anyhow::{Context, Result, bail};
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::Instant,
};

/// Where programs run, and what they find there.
pub struct Shell {
    /// The project's root, where every program runs unless it says otherwise.
    pub root: PathBuf,
    /// Folders that go before the user's PATH, latest first.
    path: Vec<PathBuf>,
}

impl Shell {
    pub fn new() -> Result<Self> {
        Ok(Self { root: project::root()?, path: Vec::new() })
    }

    /// Puts a tool's folder before everything else on PATH for what runs from now on.
    pub fn prefer(&mut self, dir: PathBuf) {
        self.path.insert(0, dir);
    }

    /// The first program of that name on our PATH.
    pub fn which(&self, program: &str) -> Option<PathBuf> {
        let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
        let theirs = env::var_os("PATH").unwrap_or_default();
        self.path.iter().cloned().chain(env::split_paths(&theirs)).find_map(|dir| {
            endings
                .iter()
                .map(|ending| dir.join(format!("{program}{ending}")))
                .find(|p| p.is_file())
        })
    }

    /// A command that is ready to run in the project's root.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let program = program.as_ref();
        let resolved = program.to_str().and_then(|name| self.which(name));
        let mut command = Command::new(resolved.as_deref().unwrap_or(program));
        command.current_dir(&self.root).env("PATH", self.path_value());
        // `cargo run` describes xtask's own package to xtask. Passed on, it would look to build
        // scripts like a change, and everything would be compiled again.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
                .iter()
                .any(|prefix| text.starts_with(prefix))
            {
                command.env_remove(&name);
            }
        }
        command
    }

    fn path_value(&self) -> OsString {
        let theirs = env::var_os("PATH").unwrap_or_default();
        env::join_paths(self.path.iter().cloned().chain(env::split_paths(&theirs)))
            .unwrap_or(theirs)
    }
}

/// Says what is done, does it, and says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {what}");
    let start = Instant::now();
    let result = work()?;
    println!("    done in {:.1} s", start.elapsed().as_secs_f64());
    Ok(result)
}

/// Runs a command to its end; anything but success is an error that names it.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("`{}` failed ({status})", describe(command));
    }
    Ok(())
}

/// Runs a command to its end, whatever that is.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    command.status().with_context(|| format!("could not start `{}`", describe(command)))
}

/// What a command prints, trimmed; `None` when it cannot be run or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A command as a person would type it, by the program's name alone.
fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
