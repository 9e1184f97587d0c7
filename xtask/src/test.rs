//! `test`: the core on the host, the programs that it writes, the browser parts in a browser, and the
//! built site as a person meets it. The last one's own summary is the last thing printed.

use crate::{
    builds, libraries,
    machine::{self, Browser, FIREFOX, Programs, WEBKIT},
    project::{self, cargo, step},
    recipes, site, tools,
};
use anyhow::{Context, Result, ensure};
use std::{path::PathBuf, process::ExitCode, thread};
use xshell::{Shell, cmd};

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Host,
    Programs,
    Wasm,
    Browser,
    Firefox,
    WebKit,
}

/// Runs the kinds asked for, or all of them, and stops at the first kind that fails.
pub fn run(sh: &Shell, only: &[Kind]) -> Result<ExitCode> {
    let wants = |kind| only.is_empty() || only.contains(&kind);
    check_machine(sh, only)?;
    if wants(Kind::Host) {
        step("tests of the core, on this machine", || Ok(cargo(sh, "test").quiet().run()?))?;
    }
    let engines = engines(only);
    let wants_site = wants(Kind::Browser) || !engines.is_empty();
    let site = thread::scope(|scope| {
        // They mostly wait, for their server and for each other, so the rest is built meanwhile.
        let programs = wants(Kind::Programs).then(|| {
            let sh = sh.clone();
            scope.spawn(move || programs(&sh))
        });
        if wants(Kind::Wasm) {
            step("tests of the browser parts, in headless Chromium", || wasm(sh))?;
        }
        let site = wants_site.then(|| Site::build(sh, wants(Kind::Browser))).transpose()?;
        // Not beside the tests in browsers, some of which measure time.
        if let Some(programs) = programs {
            println!("==> generated programs, with their libraries (since the tests of the core)");
            println!("{}", programs.join().expect("it returns its errors")?);
        }
        anyhow::Ok(site)
    })?;
    match site {
        Some(site) => site.test(sh, &engines),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// Says in one error all that these kinds need and the machine does not have.
fn check_machine(sh: &Shell, only: &[Kind]) -> Result<()> {
    use Kind::{Browser, Firefox, Programs, Wasm, WebKit};
    let wants = |kinds: &[Kind]| only.is_empty() || only.iter().any(|kind| kinds.contains(kind));
    let found = [
        wants(&[Programs, Browser, Firefox, WebKit]).then(|| machine::node(sh)),
        wants(&[Programs, Browser]).then(|| machine::python(sh).map(drop)),
        wants(&[Wasm, Browser, Firefox, WebKit]).then(|| machine::chromium(sh).map(drop)),
        only.contains(&Firefox).then(|| FIREFOX.find().map(drop)),
        only.contains(&WebKit).then(|| WEBKIT.find().map(drop)),
    ];
    machine::require(found.into_iter().flatten())
}

/// The engines besides Chromium's to run the smoke in. Where all tests are run, one that is not there is
/// left out, which a line says.
fn engines(only: &[Kind]) -> Vec<(Browser, Programs)> {
    let (mut ready, mut left_out) = (Vec::new(), Vec::new());
    for (kind, browser) in [(Kind::Firefox, FIREFOX), (Kind::WebKit, WEBKIT)] {
        if only.is_empty() || only.contains(&kind) {
            match browser.find() {
                Ok(programs) => ready.push((browser, programs)),
                Err(missing) => left_out.push(format!("{}, for want of {missing}", browser.name)),
            }
        }
    }
    if !left_out.is_empty() {
        println!("==> left out: {}", left_out.join("; "));
    }
    ready
}

/// Generated programs as a person runs them, in every language, against a server of the tests. Returns
/// what the tests have printed, since other kinds print theirs meanwhile.
fn programs(sh: &Shell) -> Result<String> {
    let python = libraries_of_programs(sh)?;
    let test = cargo(sh, "test").args(["--test", "programs"]).quiet();
    let test = test.env("CONVERGE_PROGRAMS_PYTHON", python).ignore_status().output()?;
    let printed =
        [test.stdout, test.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    let printed = printed.concat();
    ensure!(test.status.success(), "tests of generated programs failed:\n{printed}");
    Ok(printed)
}

/// Installs the libraries of generated programs in Python, and says which Python has them.
pub fn libraries_of_programs(sh: &Shell) -> Result<PathBuf> {
    libraries::pip(sh, "programs", "tests/programs")
}

/// wasm-bindgen's own test runner serves the test program to a browser. Not with `-q`: it refuses
/// `--quiet`.
fn wasm(sh: &Shell) -> Result<()> {
    tools::wasm_target(sh)?;
    builds::run(tools::for_wasm_tests(sh)?)?;
    let chromium = machine::chromium(sh)?;
    // Tells the driver which browser to start, and to keep that browser off the network.
    let binary = chromium[0].1.to_str().context("the browser's path is not plain text")?;
    let args = [
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--disable-component-update",
        "--disable-background-networking",
        "--no-first-run",
    ];
    let capabilities = sh.current_dir().join("target/xtask/webdriver.json");
    // `{:?}` of such words is JSON.
    let json =
        format!("{{\"goog:chromeOptions\": {{\"binary\": {binary:?}, \"args\": {args:?}}}}}\n");
    sh.write_file(&capabilities, json)?;
    let test = cargo(sh, "test")
        .args(["--target", "wasm32-unknown-unknown", "--test", "web"])
        .quiet()
        .envs(chromium)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    Ok(test.run()?)
}

/// What the tests in browsers are run on.
struct Site {
    dist: PathBuf,
    /// Sites of other tools with a figure in them, which only the tests in Chromium look at.
    recipes: Option<PathBuf>,
}

impl Site {
    fn build(sh: &Shell, with_recipes: bool) -> Result<Self> {
        let dist = site::build(sh)?;
        libraries::npm(sh, "tests/browser")?;
        let recipes = with_recipes.then(|| recipes::build(sh)).transpose()?;
        Ok(Self { dist, recipes })
    }

    /// The built site in real browsers: every test in Chromium, unless only other engines were asked for,
    /// and the smoke in these. Playwright's runner has the last word, so nothing follows it.
    fn test(self, sh: &Shell, engines: &[(Browser, Programs)]) -> Result<ExitCode> {
        let _dir = sh.push_dir("tests/browser");
        let projects: Vec<_> = engines.iter().map(|(engine, _)| engine.project).collect();
        let mut names: Vec<_> = engines.iter().map(|(engine, _)| engine.name).collect();
        let mut runner = cmd!(sh, "node node_modules/@playwright/test/cli.js test")
            .envs(machine::chromium(sh)?)
            .envs(engines.iter().flat_map(|(_, programs)| programs.clone()))
            .env("CONVERGE_DIST", self.dist)
            .env("CONVERGE_ENGINES", projects.join(" "));
        if let Some(recipes) = self.recipes {
            runner = runner.env("CONVERGE_WHOLE", "1").env("CONVERGE_RECIPES", recipes);
            names.insert(0, "headless Chromium");
        } else {
            runner = runner.args(projects.iter().map(|project| format!("--project={project}")));
        }
        println!("==> tests of the built site, in {}", names.join(", "));
        project::run_to_its_summary(runner)
    }
}
