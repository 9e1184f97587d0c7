//! Cuts a WebAssembly module, for `cargo xtask dist`: writes `main.wasm`, the other parts, whose paths it
//! prints, and the script that loads them. A program of its own, whose crates no other command waits for.

use anyhow::{Result, anyhow, bail};
use std::{env, fs, path::Path};
use wasm_split_cli_support::{Options, transform};

fn main() -> Result<()> {
    let args: Vec<_> = env::args().skip(1).collect();
    let [module, folder, main_module, link_name] = &args[..] else {
        bail!("MODULE FOLDER MAIN_MODULE LINK_NAME")
    };
    let main = Path::new(folder).join("main.wasm");
    let module = fs::read(module)?;
    let mut options = Options::new(&module);
    options.output_dir = folder.as_ref();
    options.main_out_path = &main;
    options.main_module = main_module;
    options.link_name = link_name;
    let parts = transform(options).map_err(|report| anyhow!("{report:#}"))?.split_modules;
    parts.iter().for_each(|part| println!("{}", part.display()));
    Ok(())
}
