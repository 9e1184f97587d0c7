//! How big the built site is: each file as it is, with gzip, and with brotli, as a good host would
//! send it (both at their highest level).

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// A file's name and its bytes raw, with gzip and with brotli.
struct Row {
    name: String,
    sizes: [usize; 3],
}

/// A table of every file below `dist`, biggest first, with totals.
pub fn table(dist: &Path) -> Result<String> {
    let mut rows = Vec::new();
    for path in files(dist)? {
        let bytes =
            fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
        let name = path.strip_prefix(dist).unwrap_or(&path).display().to_string();
        rows.push(Row { name, sizes: [bytes.len(), gzip(&bytes)?, brotli(&bytes)?] });
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

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &Default::default())?;
    Ok(out.len())
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
    use super::grouped;

    #[test]
    fn digits_are_grouped_from_the_right() {
        assert_eq!(["7", "999", "1,000", "1,234,567"], [7, 999, 1000, 1_234_567].map(grouped)[..]);
    }
}
