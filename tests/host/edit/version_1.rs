//! The decompression of links of version 1: what was written reads back, and anything can be read.

use converge::edit::link::version_1::unsqueeze;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(unsqueeze(b"known", &bytes, 500).len(), 500);
        prop_assert_eq!(unsqueeze(&bytes, b"known", 500).len(), 500);
    }
}

/// What the compressor of version 1 made, in hexadecimal digits.
fn check(known: &str, compressed: &str, message: &[u8]) {
    let bytes: Vec<u8> = (0..compressed.len() / 2)
        .map(|at| u8::from_str_radix(&compressed[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    assert_eq!(unsqueeze(known.as_bytes(), &bytes, message.len()), message);
}

#[test]
fn what_was_written_reads_back() {
    let message = "Prüferin 🔍 says {topic}";
    check("", "c607bbfd93c8dfdbb6c01069523ce93954f98ab0ce9f559f0abc1de1", message.as_bytes());
    let known = "The quick brown fox jumps over the lazy dog, and the dog lets it. ".repeat(3);
    check(&known, "47", known.as_bytes());
}

/// What stays the same for long drives every weight to its end, and what then comes is a surprise.
#[test]
fn the_same_over_and_over_reads_back() {
    let message =
        [vec![b'a'; 40_000], b"and now for something else".repeat(3), vec![0; 9_000]].concat();
    let compressed = "b64151fd9d7602ea0b0a316d95bd1a37afe8339d704b50dee86df6efd1e558b6d79446a65dbd45e9\
                      080ac9f9ec7cb1aafffffffffd";
    check("", compressed, &message);
}
