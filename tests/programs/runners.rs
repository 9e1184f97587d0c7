//! Running programs, with one start for each language: Python's in an interpreter that has loaded their
//! libraries, Ray's one after another on one local Ray, JavaScript's in workers of one Node, Rust's as
//! one crate with a module a program.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use converge::codegen::Language;
use serde::Deserialize;

/// How many programs run at once: they mostly wait.
const WIDTH: usize = 4;

/// How a program ended.
#[derive(Clone, Debug, Deserialize)]
pub struct Did {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// `name`: of the folder where the programs are kept, beside others, and of Rust's crate of them.
pub fn run(language: Language, name: &str, texts: &[String], port: u16) -> Vec<Did> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/programs").join(name);
    fs::create_dir_all(&folder).unwrap();
    let ending = match language {
        Language::Js => "mjs",
        Language::Rust | Language::RustEngine => "rs",
        _ => "py",
    };
    let write = |(place, text): (usize, &String)| {
        let path = folder.join(format!("case{place}.{ending}"));
        // What has not changed is not compiled again.
        if fs::read_to_string(&path).ok().as_ref() != Some(text) {
            fs::write(&path, text).unwrap();
        }
        path
    };
    let paths: Vec<PathBuf> = texts.iter().enumerate().map(write).collect();
    match language {
        Language::Asyncio => python(&["openai"], &paths),
        Language::LangChain => python(
            &["langchain_core.runnables", "langchain_core.prompts", "langchain_openai"],
            &paths,
        ),
        Language::LangGraph => python(&["langchain_openai", "langgraph.graph"], &paths),
        Language::Adk | Language::Adk2 => {
            let modules = ["agents", "models", "runners", "tools", "workflow"];
            let modules = modules.map(|module| format!("google.adk.{module}"));
            python(&modules.each_ref().map(String::as_str), &paths)
        }
        Language::Ray => python_by("ray_runner.py", &[], &paths),
        Language::Js => {
            let mut node = Command::new("node");
            node.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/runner.mjs"));
            node.arg(WIDTH.to_string());
            in_one_process(&mut node, &paths)
        }
        Language::Rust | Language::RustEngine => rust(name, &folder, &paths, port),
    }
}

/// The keys of all programs, where the picture is, and no way out but to this machine.
fn with_keys(command: &mut Command) -> &mut Command {
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/public"));
    command.env("OPENAI_API_KEY", "none-key").env("GOOGLE_API_KEY", "none-key")
}

fn python(modules: &[&str], paths: &[PathBuf]) -> Vec<Did> {
    let width = WIDTH.to_string();
    python_by("runner.py", &[&[width.as_str()], modules].concat(), paths)
}

fn python_by(runner: &str, arguments: &[&str], paths: &[PathBuf]) -> Vec<Did> {
    let mut command = python_command();
    command
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(runner))
        .args(arguments);
    in_one_process(&mut command, paths)
}

fn python_command() -> Command {
    let python = std::env::var_os("CONVERGE_PROGRAMS_PYTHON")
        .expect("these tests need libraries: cargo xtask test --programs installs them");
    let mut command = Command::new(python);
    command.env("PYTHONIOENCODING", "utf-8").env("LANGSMITH_TRACING", "false");
    // Where authority.py is.
    command.env("PYTHONPATH", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs"));
    command
}

/// Runs what the grid's primitives do with a language's library: one process for all scenarios, which it
/// is `given` in JSON.
pub fn run_primitives(language: Language, given: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/grid");
    let mut command = match language {
        Language::Js => {
            let mut node = Command::new("node");
            node.arg(folder.join("primitives.mjs"));
            node
        }
        Language::Rust => Command::new(build("primitives", None)),
        _ => {
            let name = if language == Language::Adk2 { "adk" } else { language.as_str() };
            let mut python = python_command();
            python.arg(folder.join(format!("with_{name}.py")));
            python
        }
    };
    let command = with_keys(&mut command).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        command.spawn().expect("node and the interpreter that xtask has installed can be run");
    child.stdin.take().unwrap().write_all(given.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the grid's program of {language:?} failed: {err}");
}

/// The runner of a language takes a list of paths, and says for each how it ended.
fn in_one_process(runner: &mut Command, paths: &[PathBuf]) -> Vec<Did> {
    let mut child = with_keys(runner)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node and the interpreter that xtask has installed can be run");
    let input = serde_json::to_vec(paths).unwrap();
    child.stdin.take().unwrap().write_all(&input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the runner itself failed");
    let mut did: BTreeMap<PathBuf, Did> = serde_json::from_slice(&output.stdout).unwrap();
    paths.iter().map(|path| did.remove(path).unwrap()).collect()
}

fn side_by_side(paths: &[PathBuf], command: impl Fn(&Path) -> Command + Sync) -> Vec<Did> {
    let waiting = Mutex::new(paths.iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..WIDTH {
            scope.spawn(|| {
                loop {
                    let Some((place, path)) = waiting.lock().unwrap().next() else { break };
                    let output = with_keys(&mut command(path)).output().unwrap();
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    let did = Did {
                        code: output.status.code().unwrap_or(-1),
                        out: text(&output.stdout),
                        err: text(&output.stderr),
                    };
                    done.lock().unwrap().insert(place, did);
                }
            });
        }
    });
    done.into_inner().unwrap().into_values().collect()
}

/// One build for all: every program is a module, and which one is run is an argument.
fn rust(bin: &str, folder: &Path, paths: &[PathBuf], port: u16) -> Vec<Did> {
    let mut all = String::new();
    for (place, path) in paths.iter().enumerate() {
        all += &format!(
            "mod case{place} {{\n    include!({path:?});\n    pub fn as_a_case() -> super::ExitCode {{ super::report(main()) }}\n}}\n"
        );
    }
    all += "const CASES: &[fn() -> ExitCode] = &[";
    (0..paths.len()).for_each(|place| all += &format!("case{place}::as_a_case, "));
    all += "];\n";
    let list = folder.join("cases.rs");
    if fs::read_to_string(&list).ok().as_ref() != Some(&all) {
        fs::write(&list, &all).unwrap();
    }
    let program = build(bin, Some(&list));
    side_by_side(paths, |path| {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let mut command = Command::new(&program);
        command.arg(&name["case".len()..]).env("http_proxy", format!("http://127.0.0.1:{port}"));
        command
    })
}

/// Builds one of the programs in Rust, of those in that list, and says where it is.
fn build(bin: &str, list: Option<&Path>) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--quiet", "--locked", "--bin", bin, "--manifest-path"])
        .arg(root.join("tests/programs/rust/Cargo.toml"))
        .arg("--target-dir")
        .arg(root.join("target/programs/build"));
    if let Some(list) = list {
        cargo.env("CONVERGE_PROGRAMS", list);
    }
    let built = cargo.status().unwrap();
    assert!(built.success(), "{bin} does not compile: tests/programs/rust, with {list:?}");
    root.join("target/programs/build/debug").join(bin)
}
