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
        let bytes = read(path)?;
        fs::write(beside(path, "gz"), gzip(&bytes)?)?;
        fs::write(beside(path, "br"), brotli(&bytes)?)?;
    }
    Ok(())
}

/// A file's name and its bytes raw, with gzip and with brotli.
struct Row {
    name: String,
    sizes: [usize; 3],
}

/// A table of every file below `dist`, biggest first, with totals.
pub fn table(dist: &Path) -> Result<String> {
    let mut rows = Vec::new();
    for path in files(dist)? {
        if has_ending(&path, &COMPRESSED) {
            continue;
        }
        let raw = read(&path)?.len();
        let size = |ending| read(&beside(&path, ending)).map_or(raw, |bytes| bytes.len());
        let name = path.strip_prefix(dist).unwrap_or(&path).display().to_string();
        rows.push(Row { name, sizes: [raw, size("gz"), size("br")] });
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.sizes[2]));
    let mut total = [0; 3];
    for row in &rows {
        for (sum, size) in total.iter_mut().zip(row.sizes) {
            *sum += size;
        }
    }
    rows.push(Row { name: "all files".to_owned(), sizes: total });
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut text = format!("{:width$} {:>10} {:>10} {:>10}\n", "bytes", "raw", "gzip", "brotli");
    for Row { name, sizes: [raw, gzip, brotli] } in &rows {
        text += &format!(
            "{name:width$} {:>10} {:>10} {:>10}\n",
            grouped(*raw),
            grouped(*gzip),
            grouped(*brotli)
        );
    }
    Ok(text)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("could not read {}", path.display()))
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

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &Default::default())?;
    Ok(out)
}

/// 1234567 as 1,234,567.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{compress, grouped, table};
    use std::fs;

    #[test]
    fn digits_are_grouped_from_the_right() {
        assert_eq!(["7", "999", "1,000", "1,234,567"], [7, 999, 1000, 1_234_567].map(grouped)[..]);
    }

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
        assert!(table.contains(&grouped(packed.len())), "{table}");
        fs::remove_dir_all(&dist).unwrap();
    }
}
