//! Texts that the browser keeps for this page, in its IndexedDB, by number.
//!
//! It knows nothing of what the texts say. Where a browser keeps nothing (private windows, frames of
//! another site), every call answers with [`Unavailable`], and the page goes on without.

use std::cell::RefCell;

use rexie::{ObjectStore, Rexie, Transaction, TransactionMode};
use wasm_bindgen::JsValue;

const DATABASE: &str = "converge";
const STORE: &str = "runs";

thread_local! {
    /// The open database. Kept, since three closures of each opening are never freed.
    static DATABASE_OPEN: RefCell<Option<Rexie>> = const { RefCell::new(None) };
}

/// The browser keeps nothing, or has no room left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

impl From<rexie::Error> for Unavailable {
    fn from(_: rexie::Error) -> Self {
        Self
    }
}

/// Begins a transaction. A browser may have closed the database, as when its reader clears what it
/// keeps; then it is opened again.
async fn begin(mode: TransactionMode) -> Result<Transaction, Unavailable> {
    let begun = DATABASE_OPEN.with_borrow(|open| open.as_ref()?.transaction(&[STORE], mode).ok());
    if let Some(transaction) = begun {
        return Ok(transaction);
    }
    let store = ObjectStore::new(STORE);
    let open = Rexie::builder(DATABASE).version(1).add_object_store(store).build().await?;
    let transaction = open.transaction(&[STORE], mode)?;
    DATABASE_OPEN.set(Some(open));
    Ok(transaction)
}

/// The numbers that there are texts under, the lowest first.
pub async fn numbers() -> Result<Vec<f64>, Unavailable> {
    let transaction = begin(TransactionMode::ReadOnly).await?;
    let numbers = transaction.store(STORE)?.get_all_keys(None, None).await?;
    transaction.done().await?;
    Ok(numbers.iter().filter_map(JsValue::as_f64).collect())
}

/// The text under a number; `None` where there is none.
pub async fn get(number: f64) -> Result<Option<String>, Unavailable> {
    let transaction = begin(TransactionMode::ReadOnly).await?;
    let text = transaction.store(STORE)?.get(JsValue::from_f64(number)).await?;
    transaction.done().await?;
    Ok(text.and_then(|text| text.as_string()))
}

/// Keeps a text under a number, and throws away those under other numbers.
pub async fn put(number: f64, text: &str, forget: &[f64]) -> Result<(), Unavailable> {
    let transaction = begin(TransactionMode::ReadWrite).await?;
    let store = transaction.store(STORE)?;
    store.put(&JsValue::from_str(text), Some(&JsValue::from_f64(number))).await?;
    for number in forget {
        store.delete(JsValue::from_f64(*number)).await?;
    }
    transaction.done().await?;
    Ok(())
}

/// Throws one text away, or all of them.
pub async fn erase(number: Option<f64>) -> Result<(), Unavailable> {
    let transaction = begin(TransactionMode::ReadWrite).await?;
    let store = transaction.store(STORE)?;
    match number {
        Some(number) => store.delete(JsValue::from_f64(number)).await?,
        None => store.clear().await?,
    }
    transaction.done().await?;
    Ok(())
}
