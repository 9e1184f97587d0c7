//! `wasm-bindgen` for the page: the library of wasm-bindgen's own command line, with the options that
//! Trunk and `cargo xtask dist` pass. The whole command line takes more than twice as long to build, most
//! of it for the test runner.

use anyhow::{Context, Result, ensure};
use lexopt::prelude::*;
use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let (mut module, mut out_dir, mut bindgen) = (None, None, Bindgen::new());
    // The command line's defaults, which are not the library's.
    bindgen.typescript(true).omit_default_module_path(false);
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Long("version") => {
                println!("wasm-bindgen {}", wasm_bindgen_shared::version());
                return Ok(());
            }
            Long("target") => {
                let target = args.value()?;
                ensure!(
                    target == "web",
                    "--target {} is not supported here, only web",
                    target.display()
                );
                bindgen.web(true)?;
            }
            Long("out-dir") => out_dir = Some(PathBuf::from(args.value()?)),
            Long("out-name") => drop(bindgen.out_name(&args.value()?.string()?)),
            Long("no-typescript") => drop(bindgen.typescript(false)),
            Long("no-demangle") => drop(bindgen.demangle(false)),
            Long("keep-lld-exports") => drop(bindgen.keep_lld_exports(true)),
            Value(path) if module.is_none() => module = Some(PathBuf::from(path)),
            other => {
                return Err(other.unexpected())
                    .context("not supported here: install wasm-bindgen-cli");
            }
        }
    }
    bindgen.input_path(module.context("which module?")?);
    bindgen.generate(out_dir.context("--out-dir is missing")?)
}
