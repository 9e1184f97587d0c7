//! Numbers as people write them: digits, with at most six after the point.
//!
//! Everything that is shown or set here is a plain decimal. The standard library reads and writes
//! every number there is, exactly, with tables for it that are a tenth of what a reader downloads.

/// Millionths in one.
const ONE: u64 = 1_000_000;

/// Reads digits with or without a point among them, in millionths; further digits round it.
/// `None` for anything else, signs and exponents too, and for what is far too large.
pub fn millionths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = || whole.bytes().chain(part.bytes());
    if whole.len() + part.len() == 0 || !digits().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mut read = 0_u64;
    for digit in whole.bytes().chain(part.bytes().chain(std::iter::repeat(b'0')).take(6)) {
        read = read.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
    }
    read.checked_add(u64::from(part.as_bytes().get(6) >= Some(&b'5')))
}

/// Reads a number like [`millionths`], as the number it is.
pub fn parse(text: &str) -> Option<f64> {
    // Both are exact below 2⁵³, so that this is the nearest there is to what is written.
    millionths(text).map(|read| read as f64 / ONE as f64)
}

/// Writes a number with that many digits after the point, as `{:.places$}` does.
pub fn fixed(value: f64, places: u32) -> String {
    let scale = 10_u64.pow(places);
    let scaled = (value.abs() * scale as f64).round() as u64;
    let sign = if value < 0.0 && scaled > 0 { "-" } else { "" };
    let (whole, part) = (scaled / scale, scaled % scale);
    match places {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part:0width$}", width = places as usize),
    }
}

/// Writes a number with as few digits as say it to the millionth; [`parse`] reads it back.
pub fn short(value: f64) -> String {
    let text = fixed(value, 6);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
