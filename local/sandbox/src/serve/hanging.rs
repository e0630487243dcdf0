//! The calls that hang on purpose.

use std::convert::Infallible;

use tokio::sync::watch;

/// Counts them, for who waits until there are some or none.
#[derive(Debug)]
pub struct Hanging(watch::Sender<usize>);

impl Default for Hanging {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Hanging {
    /// Hangs until the client leaves.
    pub async fn hang(&self) -> Infallible {
        self.0.send_modify(|calls| *calls += 1);
        let _counted = Counted(&self.0);
        std::future::pending().await
    }

    /// Waits until so many hang.
    pub async fn until(&self, mut enough: impl FnMut(usize) -> bool) {
        // The sender lives in `self`, so the channel is open.
        let _ = self.0.subscribe().wait_for(|calls| enough(*calls)).await;
    }
}

struct Counted<'a>(&'a watch::Sender<usize>);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|calls| *calls -= 1);
    }
}
