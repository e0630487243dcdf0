//! How much may wait between two stages of a tick.
//!
//! A stage that finds no room must not stop: nobody would look after its calls that are under way, and their time would run out. So
//! nothing is ever held back behind a call, but only before one begins.

use std::{
    cell::{Cell, RefCell},
    task::{Poll, Waker},
};

use futures_util::stream::{self, LocalBoxStream, Stream, StreamExt as _};

/// Lets more in while fewer than so many wait behind it. A tick is one task, so nothing here is shared between threads.
pub(super) struct Gate {
    most: usize,
    waiting: Cell<usize>,
    before: RefCell<Option<Waker>>,
}

impl Gate {
    pub fn of(most: usize) -> Self {
        Self { most, waiting: Cell::new(0), before: RefCell::default() }
    }

    /// So many more wait.
    pub fn enter(&self, count: usize) {
        self.waiting.set(self.waiting.get() + count);
    }

    /// So many were taken.
    pub fn leave(&self, count: usize) {
        self.waiting.set(self.waiting.get() - count);
        if let Some(waker) = self.before.take() {
            waker.wake();
        }
    }

    /// The stream, asked for more only while there is room, or while `busy` says that something of it is under way.
    pub fn before<'a, T: 'a>(
        &'a self,
        mut stream: LocalBoxStream<'a, T>,
        busy: impl Fn() -> bool + 'a,
    ) -> impl Stream<Item = T> + 'a {
        stream::poll_fn(move |context| {
            if self.waiting.get() >= self.most && !busy() {
                self.before.replace(Some(context.waker().clone()));
                return Poll::Pending;
            }
            stream.poll_next_unpin(context)
        })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn no_more_come_than_there_is_room_for_until_some_are_taken() {
        let gate = Gate::of(2);
        let mut stream = gate.before(stream::iter(0..4).boxed_local(), || false);
        let mut next = || stream.next().now_or_never();
        for number in 0..2 {
            assert_eq!(next(), Some(Some(number)));
            gate.enter(1);
        }
        assert_eq!(next(), None, "there is no room");
        gate.leave(1);
        assert_eq!(next(), Some(Some(2)));
        assert_eq!(next(), Some(Some(3)));
        assert_eq!(next(), Some(None), "the end");
    }

    #[test]
    fn what_is_under_way_is_looked_after_without_room() {
        let gate = Gate::of(1);
        gate.enter(1);
        let mut stream = gate.before(stream::iter(0..1).boxed_local(), || true);
        assert_eq!(stream.next().now_or_never(), Some(Some(0)));
    }
}
