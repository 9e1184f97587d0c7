//! Texts that the browser keeps for this page, in its IndexedDB, by number.
//!
//! It knows nothing of what the texts say. Where a browser keeps nothing (private windows, frames of
//! another site), every call answers with [`Unavailable`], and the page goes on without.

use rexie::{ObjectStore, Rexie, TransactionMode};
use wasm_bindgen::JsValue;

const DATABASE: &str = "converge";
const STORE: &str = "runs";

/// The browser keeps nothing, or has no room left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

impl From<rexie::Error> for Unavailable {
    fn from(_: rexie::Error) -> Self {
        Self
    }
}

async fn open() -> Result<Rexie, Unavailable> {
    let store = ObjectStore::new(STORE);
    Ok(Rexie::builder(DATABASE).version(1).add_object_store(store).build().await?)
}

/// All texts, in the order of their numbers.
pub async fn all() -> Result<Vec<String>, Unavailable> {
    let database = open().await?;
    let transaction = database.transaction(&[STORE], TransactionMode::ReadOnly)?;
    let texts = transaction.store(STORE)?.get_all(None, None).await?;
    transaction.done().await?;
    database.close();
    Ok(texts.iter().filter_map(JsValue::as_string).collect())
}

/// Keeps a text under a number, and throws away those under other numbers.
pub async fn put(number: f64, text: &str, forget: &[f64]) -> Result<(), Unavailable> {
    let database = open().await?;
    let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
    let store = transaction.store(STORE)?;
    store.put(&JsValue::from_str(text), Some(&JsValue::from_f64(number))).await?;
    for number in forget {
        store.delete(JsValue::from_f64(*number)).await?;
    }
    transaction.done().await?;
    database.close();
    Ok(())
}

/// Throws one text away, or all of them.
pub async fn erase(number: Option<f64>) -> Result<(), Unavailable> {
    let database = open().await?;
    let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
    let store = transaction.store(STORE)?;
    match number {
        Some(number) => store.delete(JsValue::from_f64(number)).await?,
        None => store.clear().await?,
    }
    transaction.done().await?;
    database.close();
    Ok(())
}
