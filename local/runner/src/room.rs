//! How many instances a component has at a time.
//!
//! An instance has one thread, and while it computes it takes no request. So when many come at once, each would get an instance of its
//! own, and soon hundreds would share the processors, each with its own memory and its own connection to the database. Here another one
//! is made only while there are fewer than processors, or when all are full; until then a request waits for one that is free again.

use std::num::NonZeroUsize;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use std::thread;

use tokio::sync::Notify;

/// The room of one component.
#[derive(Debug)]
pub(crate) struct Room {
    /// How many requests an instance takes at the same time.
    at_once: usize,
    processors: usize,
    instances: AtomicUsize,
    requests: AtomicUsize,
    /// Requests that have waited for long: each may have an instance of its own made.
    insisting: AtomicUsize,
    /// That an instance takes requests again.
    free: Notify,
}

/// An instance's place, until it takes no more requests.
pub(crate) struct Place(Arc<Room>);

/// A request, while it is served or waits.
pub(crate) struct Waiting<'a> {
    room: &'a Room,
    insists: bool,
}

/// There are enough instances.
#[derive(Debug, thiserror::Error)]
#[error("there are enough instances")]
pub(crate) struct NoRoom;

impl Room {
    pub fn new(at_once: usize) -> Arc<Self> {
        let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Arc::new(Self {
            at_once: at_once.max(1),
            processors,
            instances: AtomicUsize::new(0),
            requests: AtomicUsize::new(0),
            insisting: AtomicUsize::new(0),
            free: Notify::new(),
        })
    }

    /// A place for another instance.
    pub fn place(self: &Arc<Self>) -> Result<Place, NoRoom> {
        let needed = self.requests.load(Ordering::SeqCst).div_ceil(self.at_once);
        let most = needed.max(self.processors) + self.insisting.load(Ordering::SeqCst);
        let more = |instances| (instances < most).then_some(instances + 1);
        match self.instances.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more) {
            Ok(_) => Ok(Place(Arc::clone(self))),
            Err(_) => Err(NoRoom),
        }
    }

    /// Counts a request.
    pub fn enter(&self) -> Waiting<'_> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        Waiting { room: self, insists: false }
    }

    /// Says that an instance takes requests.
    pub fn is_free(&self) {
        self.free.notify_one();
    }
}

impl Waiting<'_> {
    /// Waits until an instance takes requests again.
    pub async fn for_a_free_one(&self) {
        self.room.free.notified().await;
    }

    /// It has waited for long: another one may be made for it.
    pub fn insist(&mut self) {
        if !self.insists {
            self.room.insisting.fetch_add(1, Ordering::SeqCst);
            self.insists = true;
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.room.requests.fetch_sub(1, Ordering::SeqCst);
        self.room.insisting.fetch_sub(usize::from(self.insists), Ordering::SeqCst);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.instances.fetch_sub(1, Ordering::SeqCst);
        self.0.free.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_as_processors_and_more_only_when_these_are_full() {
        let room = Room::new(16);
        let mut places: Vec<_> = (0..room.processors).map(|_| room.place().unwrap()).collect();
        let mut requests: Vec<_> = (0..16 * room.processors).map(|_| room.enter()).collect();
        assert!(room.place().is_err(), "they have room for all");
        requests.push(room.enter());
        places.push(room.place().unwrap());
        assert!(room.place().is_err());
        requests.truncate(1);
        places.truncate(room.processors);
        assert!(room.place().is_err());
        drop(places.pop());
        assert!(room.place().is_ok(), "one has gone");
    }

    #[test]
    fn who_has_waited_for_long_gets_an_instance_made() {
        let room = Room::new(16);
        let _places: Vec<_> = (0..room.processors).map(|_| room.place().unwrap()).collect();
        let mut request = room.enter();
        assert!(room.place().is_err());
        request.insist();
        request.insist();
        let _own = room.place().unwrap();
        assert!(room.place().is_err(), "it counts once");
        drop(request);
        assert!(room.place().is_err(), "and no more");
    }
}
