//! How big the built site is: each file as it is, with gzip, and with brotli, as a good host would
//! send it. Both compressed forms, at their highest level, lie beside the originals: for hosts that
//! serve such files, and so that nobody has to measure what he could have.

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// What gets smaller by compressing. Whatever else there may be goes as it is.
const COMPRESSIBLE: [&str; 7] = ["html", "js", "css", "svg", "wasm", "json", "txt"];

/// The endings of compressed files, which take the place of their originals on the way only.
const COMPRESSED: [&str; 2] = ["gz", "br"];

/// Writes each compressible file of `dist` with gzip and with brotli beside it.
pub fn compress(dist: &Path) -> Result<()> {
    let (old, files): (Vec<_>, Vec<_>) =
        files(dist)?.into_iter().partition(|path| has_ending(path, &COMPRESSED));
    for path in old {
        fs::remove_file(&path)?;
    }
    for path in files.iter().filter(|path| has_ending(path, &COMPRESSIBLE)) {
        let bytes = fs::read(path)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&bytes)?;
        fs::write(beside(path, "gz"), gzip.finish()?)?;
        let mut brotli = Vec::new();
        brotli::BrotliCompress(&mut &bytes[..], &mut brotli, &Default::default())?;
        fs::write(beside(path, "br"), brotli)?;
    }
    Ok(())
}

/// A table of every file below `dist`, biggest first, with totals: bytes raw, with gzip and with brotli.
pub fn table(dist: &Path) -> Result<String> {
    let mut rows = Vec::new();
    let mut total = [0; 3];
    for path in files(dist)?.iter().filter(|path| !has_ending(path, &COMPRESSED)) {
        let raw = fs::metadata(path)?.len();
        let size = |ending| fs::metadata(beside(path, ending)).map_or(raw, |file| file.len());
        let sizes = [raw, size("gz"), size("br")];
        for (sum, size) in total.iter_mut().zip(sizes) {
            *sum += size;
        }
        rows.push((path.strip_prefix(dist).unwrap_or(path).display().to_string(), sizes));
    }
    rows.sort_by_key(|(_, sizes)| std::cmp::Reverse(sizes[2]));
    rows.push(("all files".to_owned(), total));
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = format!("{:width$} {:>10} {:>10} {:>10}\n", "bytes", "raw", "gzip", "brotli");
    for (name, [raw, gzip, brotli]) in &rows {
        text += &format!("{name:width$} {raw:>10} {gzip:>10} {brotli:>10}\n");
    }
    Ok(text)
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().and_then(|ending| ending.to_str()).is_some_and(|e| endings.contains(&e))
}

/// `name.js` with `.br` after it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Every file below a folder, but for Trunk's own hidden working folder.
fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("could not list {}", dir.display()))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{compress, table};
    use std::fs;

    #[test]
    fn compressed_files_are_those_of_this_build() {
        let dist = std::env::temp_dir().join(format!("converge-sizes-{}", std::process::id()));
        fs::create_dir_all(dist.join("deep")).unwrap();
        fs::write(dist.join("deep/a.js"), "word ".repeat(999)).unwrap();
        fs::write(dist.join("b.png"), "not compressed").unwrap();
        fs::write(dist.join("gone-0123.js.br"), "of an earlier build").unwrap();
        compress(&dist).unwrap();
        let there = |name: &str| dist.join(name).is_file();
        assert!(there("deep/a.js.br") && there("deep/a.js.gz"));
        assert!(!there("b.png.br") && !there("gone-0123.js.br"));

        let packed = fs::read(dist.join("deep/a.js.br")).unwrap();
        let mut text = Vec::new();
        brotli::BrotliDecompress(&mut &packed[..], &mut text).unwrap();
        assert_eq!(text, fs::read(dist.join("deep/a.js")).unwrap());

        // Once more: what is compressed is not compressed again, nor counted twice.
        compress(&dist).unwrap();
        assert!(!there("deep/a.js.br.br"));
        let table = table(&dist).unwrap();
        assert_eq!(table.lines().count(), 4, "{table}");
        assert!(table.contains(&packed.len().to_string()), "{table}");
        fs::remove_dir_all(&dist).unwrap();
    }
}
