//! Calls that go out at once.

use std::{future::poll_fn, pin::Pin, task::Poll};

use futures_util::{
    FutureExt as _,
    future::{LocalBoxFuture, MaybeDone, maybe_done},
};

/// Waits until all of them are done, and gives what they come to in their order. There are few of them, so all are asked again when one
/// has moved; what serves many has a queue, and with it four kilobytes for each kind of call.
pub(crate) async fn together<T>(calls: Vec<LocalBoxFuture<'_, T>>) -> Vec<T> {
    let mut calls: Vec<MaybeDone<_>> = calls.into_iter().map(maybe_done).collect();
    poll_fn(|context| {
        let mut done = true;
        for call in &mut calls {
            done &= call.poll_unpin(context).is_ready();
        }
        if done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    calls.iter_mut().filter_map(|call| Pin::new(call).take_output()).collect()
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, future::pending, time::Duration};

    use tokio::{task::yield_now, time::timeout};

    use super::*;

    #[tokio::test]
    async fn all_are_under_way_at_once_and_come_back_in_their_order() {
        let log = RefCell::new(Vec::new());
        let call = |number: usize, turns: usize| {
            let log = &log;
            async move {
                log.borrow_mut().push(format!("{number} begins"));
                for _ in 0..turns {
                    yield_now().await;
                }
                log.borrow_mut().push(format!("{number} ends"));
                number
            }
            .boxed_local()
        };
        assert_eq!(together(vec![call(1, 2), call(2, 0), call(3, 1)]).await, [1, 2, 3]);
        assert_eq!(*log.borrow(), ["1 begins", "2 begins", "2 ends", "3 begins", "3 ends", "1 ends"]);
    }

    #[tokio::test]
    async fn one_that_never_ends_keeps_the_others_waiting_and_none_is_done_at_once() {
        let all = together(vec![async {}.boxed_local(), pending().boxed_local()]);
        assert!(timeout(Duration::ZERO, all).await.is_err());
        assert_eq!(together::<()>(Vec::new()).await, []);
    }
}
