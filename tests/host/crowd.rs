//! Many agents: pages of them, and finding one by its name.

use converge::timeline::crowd::{Page, find, grouped};
use proptest::prelude::*;

fn check(page: Page, told: &str, before: Option<usize>, after: Option<usize>) {
    assert_eq!((page.told().as_str(), page.before(), page.after()), (told, before, after));
}

#[test]
fn pages_of_many() {
    check(Page::new(0, 8, 10_001), "1 to 8 of 10,001", None, Some(8));
    check(Page::new(4999, 8, 10_001), "5,000 to 5,007 of 10,001", Some(4991), Some(5007));
    // The last one is as full as the others.
    check(Page::new(10_000, 8, 10_001), "9,994 to 10,001 of 10,001", Some(9985), None);
    check(Page::new(3, 8, 20), "4 to 11 of 20", Some(0), Some(11));
}

#[test]
fn a_small_pipeline_is_one_page() {
    let page = Page::new(7, 8, 5);
    assert!(page.is_whole());
    assert_eq!(page.agents(), 0..5);
    check(page, "1 to 5 of 5", None, None);
    assert!(Page::new(0, 8, 8).is_whole() && !Page::new(0, 8, 9).is_whole());
}

proptest! {
    /// Going on from page to page shows everyone, and going back does too.
    #[test]
    fn nobody_is_missed(size in 1..40_usize, all in 1..400_usize) {
        let mut seen = vec![false; all];
        let mut first = Some(0);
        let mut last = 0;
        while let Some(at) = first {
            let page = Page::new(at, size, all);
            prop_assert!(page.agents().len() == size.min(all));
            page.agents().for_each(|agent| seen[agent] = true);
            first = page.after();
            last = at;
        }
        prop_assert!(seen.iter().all(|seen| *seen));
        while let Some(at) = Page::new(last, size, all).before() {
            prop_assert!(at < last);
            last = at;
        }
        prop_assert_eq!(Page::new(last, size, all).agents().start, 0);
    }
}

#[test]
fn agents_are_found_by_what_their_names_hold() {
    let names = ["task1", "task10", "Synthesis", "task100", "task11"];
    let found = |typed| find(names.iter().copied(), typed);
    assert_eq!(found("task10"), [1, 3]);
    assert_eq!(found(" SYN"), [2]);
    // The one that is called so comes first, wherever it stands.
    assert_eq!(found("task100"), [3]);
    assert_eq!(found("task11"), [4]);
    assert_eq!(found("task1"), [0, 1, 3, 4]);
    assert_eq!(find(["ab", "b"].into_iter(), "b"), [1, 0]);
    assert_eq!((found(""), found("  "), found("news")), (vec![], vec![], vec![]));
}

#[test]
fn thousands_are_apart() {
    let read = [0, 7, 999, 1000, 20_002, 1_234_567].map(grouped);
    assert_eq!(read, ["0", "7", "999", "1,000", "20,002", "1,234,567"]);
}
