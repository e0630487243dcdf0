//! Waiting, and no longer than that.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};

/// The result of `work`, if it comes within `time`.
pub(crate) async fn within<T>(time: Duration, work: impl Future<Output = T>) -> Option<T> {
    let alarm = pin!(async {
        // Spawned work is first looked at when this task is woken, which would be by the alarm: let it begin now. The SDK sends the
        // body of a call from such work.
        spin_sdk::wit_bindgen::yield_async().await;
        spin_sdk::time::sleep(time).await;
    });
    match select(pin!(work), alarm).await {
        Either::Left((result, _)) => Some(result),
        Either::Right(((), _)) => None,
    }
}
