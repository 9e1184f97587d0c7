//! Makes what wasm-bindgen gets and what it leaves smaller: the names that the program and its script
//! call each other by, what only people read in the script, and what nobody can call.
//!
//! The script stays what it was, call by call. That a part was not found leaves it in, and is no error.

use anyhow::{Result, anyhow};
use std::{collections::HashMap, convert::Infallible};
use wasm_encoder::{
    ExportSection, ImportSection, Module, RawSection,
    reencode::{Error, Reencode, RoundtripReencoder},
};
use wasmparser::{Export, ImportSectionReader, Parser, Payload};

/// Classes for streams that JavaScript reads, from a crate below Leptos's server functions. They are
/// exported whether anyone uses them or not, and keep all that they call.
const UNUSED_CLASSES: [&str; 3] =
    ["IntoUnderlyingByteSource", "IntoUnderlyingSink", "IntoUnderlyingSource"];

/// Gives short names to what the program and its script have in common, and takes out what only
/// people read and what nobody can call. Before optimizing, which then takes out what hung on that.
pub fn trim(program: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let mut script = without_classes(script);
    let mut names = Names::default();
    for payload in Parser::new(0).parse_all(program) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    if is_script(import.module) {
                        names.shorten(import.name);
                        script = script.replace(&format!("\"{}\"", import.module), "\"s\"");
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    // Mangled ones are met by the script only; others have readers elsewhere.
                    let name = export?.name;
                    if name.starts_with("_ZN") {
                        names.shorten(name);
                    }
                }
            }
            _ => {}
        }
    }
    let mut module = Module::new();
    names
        .parse_core_module(&mut module, Parser::new(0), program)
        .map_err(|error| anyhow!("{error}"))?;
    let script = with_names(&script, &names.short);
    Ok((module.finish(), for_machines(&script)))
}

/// The program, as the linker left it, without its exports of the unused classes, so that cutting leaves
/// out what hangs on nothing else: their vtables hold functions that no optimizer can tell to be unused.
/// All else stays as it is, byte by byte, since the linker's relocations say where things are.
pub fn without_unused_exports(program: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(program) {
        let payload = payload?;
        if let Payload::ExportSection(exports) = payload {
            let mut kept = ExportSection::new();
            for export in exports {
                let export = export?;
                if !UNUSED_CLASSES.iter().any(|class| export.name.contains(&class.to_lowercase())) {
                    let kind = RoundtripReencoder.export_kind(export.kind)?;
                    kept.export(export.name, kind, export.index);
                }
            }
            module.section(&kept);
        } else if let Some((id, range)) = payload.as_section() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            module.section(&RawSection { id, data: &program[range] });
        }
    }
    Ok(module.finish())
}

/// A script without what only people read in it: comments of whole lines, and indents.
pub fn for_machines(script: &str) -> String {
    let lines = script.lines().map(str::trim_start);
    let lines = lines.filter(|line| !["//", "/*", "*"].iter().any(|mark| line.starts_with(mark)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Takes what the optimized program does not import out of its trimmed script.
pub fn without_unused(program: &[u8], script: &str) -> Result<String> {
    let mut used = Vec::new();
    for payload in Parser::new(0).parse_all(program) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                used.push(import?.name.to_owned());
            }
        }
    }
    let mut left = String::new();
    let mut lines = script.lines();
    while let Some(line) = lines.next() {
        let name = line.split_once(": function(").map(|(name, _)| name);
        if name.is_some_and(|name| name.starts_with('$') && !used.iter().any(|own| own == name)) {
            // It ends where its braces do; none of them is in a text.
            let mut open = depth(line);
            while open > 0 {
                open += lines.next().map_or(-open, depth);
            }
            continue;
        }
        left += line;
        left.push('\n');
    }
    Ok(left)
}

fn depth(line: &str) -> isize {
    line.chars().map(|letter| isize::from(letter == '{') - isize::from(letter == '}')).sum()
}

fn is_script(module: &str) -> bool {
    module.ends_with("_bg.js")
}

/// The script without those of the unused classes that are in it.
fn without_classes(script: &str) -> String {
    let mut script = script.to_owned();
    for class in UNUSED_CLASSES {
        let parts = [
            (format!("export class {class} {{"), format!("= {class}.prototype.free;\n")),
            (format!("const {class}Finalization = "), ";\n".to_owned()),
        ];
        let found = parts.iter().map(|(from, to)| {
            let start = script.find(from.as_str())?;
            Some(start..start + script[start..].find(to.as_str())? + to.len())
        });
        // The later part first, so that the earlier one stays where it is.
        if let Some([first, second]) = found.collect::<Option<Vec<_>>>().as_deref() {
            script.replace_range(second.clone(), "");
            script.replace_range(first.clone(), "");
        }
    }
    script
}

/// The text with other names for some of its identifiers.
fn with_names(text: &str, short: &HashMap<String, String>) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let mut renamed = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        renamed += short.get(word).map_or(word, String::as_str);
        let end = after.find(is_part).unwrap_or(after.len());
        renamed += &after[..end];
        rest = &after[end..];
    }
    renamed
}

#[derive(Default)]
struct Names {
    short: HashMap<String, String>,
}

impl Names {
    fn shorten(&mut self, name: &str) {
        let next = format!("${}", self.short.len());
        self.short.entry(name.to_owned()).or_insert(next);
    }
}

impl Reencode for Names {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in section.into_imports() {
            let import = import?;
            let kind = self.entity_type(import.ty)?;
            let (module, name) = match self.short.get(import.name) {
                Some(short) if is_script(import.module) => ("s", short.as_str()),
                _ => (import.module, import.name),
            };
            imports.import(module, name, kind);
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), Error<Infallible>> {
        let kind = self.export_kind(export.kind)?;
        let at = self.external_index(export.kind, export.index)?;
        exports.export(self.short.get(export.name).map_or(export.name, String::as_str), kind, at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{trim, without_unused, without_unused_exports};
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
        ImportSection, Module, TypeSection,
    };

    /// Imports two functions of its script, and exports two of its own.
    fn program() -> Vec<u8> {
        let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
        types.ty().function([], []);
        for name in ["__wbg_now_0123456789abcdef", "__wbg_log_0123456789abcdef"] {
            imports.import("./x_bg.js", name, EntityType::Function(0));
        }
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        let mut exports = ExportSection::new();
        for (at, name) in [(2, "main"), (3, "__wbg_intounderlyingsink_free")] {
            functions.function(0);
            let mut body = Function::new([]);
            body.instructions().end();
            code.function(&body);
            exports.export(name, ExportKind::Func, at);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions);
        module.section(&exports).section(&code);
        module.finish()
    }

    const SCRIPT: &str = "\
export class IntoUnderlyingSink {
    free() { wasm.__wbg_intounderlyingsink_free(1); }
}
if (Symbol.dispose) IntoUnderlyingSink.prototype[Symbol.dispose] = IntoUnderlyingSink.prototype.free;
/**
 * @returns {any}
 */
const import0 = {
    __wbg_now_0123456789abcdef: function() {
        if (true) { return '// now'; }
    },
    __wbg_log_0123456789abcdef: function() {},
};
const imports = { \"./x_bg.js\": import0 };
const IntoUnderlyingSinkFinalization = (typeof FinalizationRegistry === 'undefined')
    ? {} : new FinalizationRegistry(ptr => wasm.__wbg_intounderlyingsink_free(ptr, 1));
";

    #[test]
    fn names_are_short_on_both_sides_and_unused_classes_gone() {
        let program = without_unused_exports(&program()).expect("it can be read");
        let (trimmed, script) = trim(&program, SCRIPT).expect("it can be read");
        assert_eq!(
            script,
            "const import0 = {\n$0: function() {\nif (true) { return '// now'; }\n},\n\
             $1: function() {},\n};\nconst imports = { \"s\": import0 };"
        );
        let text = String::from_utf8_lossy(&trimmed);
        assert!(text.contains("$0") && text.contains("$1") && text.contains("main"));
        assert!(!text.contains("__wbg_") && !text.contains("intounderlying"));
        assert_eq!(without_unused(&trimmed, &script).expect("it can be read"), script + "\n");
    }

    #[test]
    fn what_the_program_does_not_import_leaves_the_script() {
        let (trimmed, _) = trim(&program(), SCRIPT).expect("it can be read");
        let script = "const import0 = {\n$0: function() {\nif (x) {\n}\n},\n$7: function() {\nif (x) {\n}\n},\n$1: function() {},\n};\n";
        let left = "const import0 = {\n$0: function() {\nif (x) {\n}\n},\n$1: function() {},\n};\n";
        assert_eq!(without_unused(&trimmed, script).expect("it can be read"), left);
    }
}
