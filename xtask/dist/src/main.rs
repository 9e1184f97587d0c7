//! What `cargo xtask dist` does with large crates, which no other command waits for.

mod sizes;

use anyhow::{Result, anyhow, bail};
use std::{env, fs, path::Path};
use wasm_split_cli_support::{Options, transform};

fn main() -> Result<()> {
    let args: Vec<_> = env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["compress", dist] => sizes::compress(dist.as_ref())?,
        ["table", dist] => println!("{}", sizes::table(dist.as_ref())?),
        // Writes `main.wasm`, the other parts, whose paths it prints, and the script that loads them.
        ["split", module, folder, main_module, link_name] => {
            let main = Path::new(folder).join("main.wasm");
            let module = fs::read(module)?;
            let mut options = Options::new(&module);
            options.output_dir = folder.as_ref();
            options.main_out_path = &main;
            options.main_module = main_module;
            options.link_name = link_name;
            let parts = transform(options).map_err(|report| anyhow!("{report:#}"))?.split_modules;
            parts.iter().for_each(|part| println!("{}", part.display()));
        }
        _ => bail!("split MODULE FOLDER MAIN_MODULE LINK_NAME, compress DIST, or table DIST"),
    }
    Ok(())
}
