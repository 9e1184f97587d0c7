//! Texts that the browser keeps for this page, in its IndexedDB, by number.
//!
//! It knows nothing of what the texts say. Where a browser keeps nothing (private windows, frames of
//! another site), every call answers with [`Unavailable`], and the page goes on without.

use std::cell::RefCell;
use std::future::Future;
use std::time::Duration;

use futures::channel::oneshot;
use futures::future::{Either, select};
use rexie::{ObjectStore, Rexie, Transaction, TransactionMode};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::clock::BrowserClock;
use crate::clock::Clock;

const DATABASE: &str = "converge";
const STORE: &str = "runs";

thread_local! {
    /// The open database. Kept, since three closures of each opening are never freed.
    static DATABASE_OPEN: RefCell<Option<Rexie>> = const { RefCell::new(None) };
}

/// How long the browser has to answer. Some never do: a database that another tab is upgrading, a
/// profile whose disk is broken.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// Why the browser did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// It keeps nothing, or has no room left.
    Refused,
    /// It has not answered within [`PATIENCE`].
    Silent,
}

impl From<rexie::Error> for Unavailable {
    fn from(_: rexie::Error) -> Self {
        Self::Refused
    }
}

/// Does that, unless the browser takes longer than [`PATIENCE`]. What it does after that goes
/// unheard, but its request stays: dropped, it would be answered to a closure that is gone.
async fn in_time<T: 'static>(
    work: impl Future<Output = Result<T, Unavailable>> + 'static,
) -> Result<T, Unavailable> {
    let (tell, answer) = oneshot::channel();
    spawn_local(async move {
        // It fails where the answer has come too late.
        let _ = tell.send(work.await);
    });
    match select(answer, BrowserClock::new(1.0).sleep(PATIENCE)).await {
        Either::Left((Ok(answer), _)) => answer,
        Either::Left((Err(_), _)) | Either::Right(_) => Err(Unavailable::Silent),
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
    in_time(async {
        let transaction = begin(TransactionMode::ReadOnly).await?;
        let numbers = transaction.store(STORE)?.get_all_keys(None, None).await?;
        transaction.done().await?;
        Ok(numbers.iter().filter_map(JsValue::as_f64).collect())
    })
    .await
}

/// The text under a number; `None` where there is none.
pub async fn get(number: f64) -> Result<Option<String>, Unavailable> {
    in_time(async move {
        let transaction = begin(TransactionMode::ReadOnly).await?;
        let text = transaction.store(STORE)?.get(JsValue::from_f64(number)).await?;
        transaction.done().await?;
        Ok(text.and_then(|text| text.as_string()))
    })
    .await
}

/// Keeps a text under a number, and throws away those under other numbers.
pub async fn put(number: f64, text: &str, forget: &[f64]) -> Result<(), Unavailable> {
    let text = JsValue::from_str(text);
    let forget = forget.to_vec();
    in_time(async move {
        let transaction = begin(TransactionMode::ReadWrite).await?;
        let store = transaction.store(STORE)?;
        store.put(&text, Some(&JsValue::from_f64(number))).await?;
        for number in forget {
            store.delete(JsValue::from_f64(number)).await?;
        }
        transaction.done().await?;
        Ok(())
    })
    .await
}

/// Throws one text away, or all of them.
pub async fn erase(number: Option<f64>) -> Result<(), Unavailable> {
    in_time(async move {
        let transaction = begin(TransactionMode::ReadWrite).await?;
        let store = transaction.store(STORE)?;
        match number {
            Some(number) => store.delete(JsValue::from_f64(number)).await?,
            None => store.clear().await?,
        }
        transaction.done().await?;
        Ok(())
    })
    .await
}
