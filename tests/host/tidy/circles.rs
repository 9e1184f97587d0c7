//! Which files use each other, and whether that goes round in circles.
//!
//! A file uses another one if it imports or names something that is defined there; a re-export
//! leads to where the thing is defined. What a file uses of the files above it in its own folder
//! does not count: they hold what the files of the folder share (`super::X`).

use std::collections::{BTreeMap, BTreeSet};

use super::{File, expand, is_word};

type Path = Vec<String>;

/// A source file as a module: what it names, by paths from the root of the crate.
#[derive(Default)]
struct Module {
    /// Names that stand for a path, and whether they are re-exported.
    names: BTreeMap<String, (Path, bool)>,
    /// The paths that it uses.
    used: Vec<Path>,
}

/// All modules by their paths.
pub struct Modules(BTreeMap<Path, Module>);

fn path_of(file: &File) -> Path {
    let inside = file.path.trim_start_matches("src/").trim_end_matches(".rs");
    let path = inside.split('/').filter(|name| !matches!(*name, "lib" | "main"));
    path.map(str::to_owned).collect()
}

/// The code with nothing between its quotes.
fn without_strings(code: &str) -> String {
    let (mut out, mut rest) = (String::new(), code);
    while let Some(at) = rest.find(['"', '\'']) {
        let (before, quoted) = rest.split_at(at);
        out.push_str(before);
        let chars: Vec<char> = quoted.chars().take(3).collect();
        let hashes = before.len() - before.trim_end_matches('#').len();
        let is_raw = before.trim_end_matches('#').ends_with('r');
        let end = match chars[..] {
            ['\'', '\\', ..] => quoted[3..].find('\'').map(|at| at + 4),
            ['\'', c, '\''] => Some(2 + c.len_utf8()),
            ['\'', ..] => Some(1),
            _ if is_raw => {
                let close = format!("\"{}", "#".repeat(hashes));
                quoted[1..].find(&close).map(|at| at + 1 + close.len())
            }
            _ => {
                let mut is_escaped = false;
                let close = quoted[1..].find(|c| {
                    let closes = c == '"' && !is_escaped;
                    is_escaped = c == '\\' && !is_escaped;
                    closes
                });
                close.map(|at| at + 2)
            }
        };
        rest = &quoted[end.unwrap_or(quoted.len())..];
    }
    out + rest
}

/// The `use` statements of the code, and the code without them.
fn uses(code: &str) -> (Vec<(bool, String)>, String) {
    let (mut uses, mut rest) = (Vec::new(), String::new());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        let public = line.starts_with("pub");
        let Some((_, first)) = line.split_once("use ").filter(|(before, _)| {
            before.is_empty() || public && before.ends_with(' ') && !before.contains("fn ")
        }) else {
            rest += line;
            rest.push('\n');
            continue;
        };
        let mut statement = first.to_owned();
        while !statement.contains(';') {
            let Some(next) = lines.next() else { break };
            statement += next.trim();
        }
        uses.push((public, statement.replace([' ', ';'], "")));
    }
    (uses, rest)
}

impl Modules {
    pub fn of(files: &[File]) -> Self {
        let parsed: Vec<_> = (files.iter().filter(|file| file.path != "src/main.rs"))
            .map(|file| (path_of(file), uses(&without_strings(&file.code()))))
            .collect();
        let mut modules: BTreeMap<Path, Module> =
            parsed.iter().map(|(path, _)| (path.clone(), Module::default())).collect();
        let all: BTreeSet<Path> = modules.keys().cloned().collect();
        for (own, (uses, rest)) in &parsed {
            let mut module = Module::default();
            for child in
                all.iter().filter(|path| path.split_last().is_some_and(|(_, up)| up == own))
            {
                if let Some(name) = child.last() {
                    module.names.insert(name.clone(), (child.clone(), false));
                }
            }
            for (public, statement) in uses {
                let mut written = Vec::new();
                expand("", statement, &mut written);
                for path in written {
                    let Some(path) = module.absolute(own, &path) else { continue };
                    // A re-export uses nothing.
                    if !public {
                        module.used.push(path.clone());
                    }
                    if let Some(name) = path.last() {
                        module.names.entry(name.clone()).or_insert((path.clone(), *public));
                    }
                }
            }
            let tokens = rest.split(|c: char| !is_word(c) && c != ':');
            for written in tokens.filter(|token| token.contains("::")) {
                module.used.extend(module.absolute(own, written));
            }
            modules.insert(own.clone(), module);
        }
        Self(modules)
    }

    /// The module in which what the path names is defined.
    fn resolve(&self, path: &[String]) -> Path {
        let mut path = path.to_vec();
        // A chain of re-exports is short.
        for _ in 0..8 {
            let long = (0..=path.len()).rev().find(|n| self.0.contains_key(&path[..*n]));
            let (module, rest) = path.split_at(long.unwrap_or_default());
            let exported = rest.first().and_then(|name| self.0.get(module)?.names.get(name));
            match exported {
                Some((to, true)) => path = [to, &rest[1..]].concat(),
                _ => return module.to_vec(),
            }
        }
        path
    }

    /// The modules that a module uses, without those above it, and the paths as written.
    pub fn used_by<'a>(&'a self, own: &'a [String]) -> impl Iterator<Item = (Path, &'a Path)> {
        let used = self.0.get(own).map(|module| &module.used[..]).unwrap_or_default();
        let used = used.iter().map(|path| (self.resolve(path), path));
        used.filter(move |(to, _)| !own.starts_with(to))
    }

    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys()
    }

    /// Groups of modules each of which uses all others of its group, directly or not.
    pub fn circles(&self) -> Vec<Vec<String>> {
        let reached: BTreeMap<&Path, BTreeSet<Path>> =
            self.paths().map(|path| (path, self.reached(path))).collect();
        let mut circles = BTreeSet::new();
        for (path, _) in reached.iter().filter(|(path, reached)| reached.contains(**path)) {
            let group = reached
                .iter()
                .filter(|(other, back)| reached[path].contains(**other) && back.contains(*path));
            circles.insert(group.map(|(path, _)| path.join("::")).collect::<Vec<_>>());
        }
        circles.into_iter().collect()
    }

    fn reached(&self, from: &Path) -> BTreeSet<Path> {
        let (mut reached, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(next) = open.pop() {
            let used = self.used_by(&next).map(|(to, _)| to);
            open.extend(used.filter(|to| reached.insert(to.clone())));
        }
        reached
    }
}

impl Module {
    /// A path of the crate as the module writes it, from the root of the crate.
    fn absolute(&self, own: &[String], written: &str) -> Option<Path> {
        let mut names: Vec<String> =
            written.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
        if names.len() > 1 && names.last().is_some_and(|name| name == "self") {
            names.pop();
        }
        let ups = names.iter().take_while(|name| *name == "super").count();
        let base = match names.first()?.as_str() {
            "crate" | "converge" => Path::new(),
            "self" => own.to_vec(),
            "super" => own[..own.len().checked_sub(ups)?].to_vec(),
            name => self.names.get(name)?.0.clone(),
        };
        Some([base, names[ups.max(1)..].to_vec()].concat())
    }
}
