//! What is squeezed comes back, and anything can be read without harm.

use converge::edit::squeeze::{squeeze, unsqueeze};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn it_comes_back(known in "\\PC{0,200}", text in "\\PC{0,300}") {
        let squeezed = squeeze(known.as_bytes(), text.as_bytes());
        prop_assert_eq!(unsqueeze(known.as_bytes(), &squeezed, text.len()), text.as_bytes());
    }

    #[test]
    fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(unsqueeze(b"known", &bytes, 500).len(), 500);
        prop_assert_eq!(unsqueeze(&bytes, &squeeze(&bytes, &bytes), bytes.len()), bytes);
    }
}

#[test]
fn what_is_known_costs_next_to_nothing() {
    let known = "The quick brown fox jumps over the lazy dog, and the dog lets it. ".repeat(3);
    assert!(squeeze(known.as_bytes(), known.as_bytes()).len() <= 12);
}

/// What stays the same for long drives every weight to its end, and what then comes is a surprise.
#[test]
fn the_same_over_and_over_comes_back() {
    let message =
        [vec![b'a'; 40_000], b"and now for something else".repeat(3), vec![0; 9_000]].concat();
    let squeezed = squeeze(b"", &message);
    assert!(squeezed.len() < 250, "{} bytes", squeezed.len());
    assert_eq!(unsqueeze(b"", &squeezed, message.len()), message);
}
