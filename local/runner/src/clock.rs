//! The time that components see and that every time-out follows.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;
use wasmtime_wasi::{HostMonotonicClock, HostWallClock};

/// A clock: the machine's, or one that only moves when it is told to.
///
/// Copies share the same time.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System { since: Instant },
    Driven(Arc<Driven>),
}

#[derive(Debug)]
struct Driven {
    start: SystemTime,
    elapsed: watch::Sender<Duration>,
    /// How many components sleep at this moment.
    sleepers: watch::Sender<usize>,
}

pub(crate) type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Kind::System { since: Instant::now() })
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it.
    #[must_use]
    pub fn driven(start: SystemTime) -> Self {
        let (elapsed, sleepers) = (watch::Sender::new(Duration::ZERO), watch::Sender::new(0));
        Self(Kind::Driven(Arc::new(Driven { start, elapsed, sleepers })))
    }

    /// The time of day.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        match &self.0 {
            Kind::System { .. } => SystemTime::now(),
            Kind::Driven(driven) => driven.start + *driven.elapsed.borrow(),
        }
    }

    /// Moves a driven clock forward and wakes whoever waits for a moment that has come.
    ///
    /// # Panics
    /// The machine's clock cannot be moved.
    pub fn advance(&self, by: Duration) {
        match &self.0 {
            Kind::System { .. } => panic!("only a driven clock can be moved"),
            Kind::Driven(driven) => driven.elapsed.send_modify(|elapsed| *elapsed += by),
        }
    }

    /// Waits, in real time, until at least one component sleeps on a driven clock, so that an [`Clock::advance`] that
    /// is meant to wake it does not come too early. Returns at once with the machine's clock.
    pub async fn until_a_component_sleeps(&self) {
        if let Kind::Driven(driven) = &self.0 {
            // The sender lives in `self`, so the channel is open.
            let _ = driven.sleepers.subscribe().wait_for(|sleepers| *sleepers > 0).await;
        }
    }

    /// Time since the clock was made.
    pub(crate) fn elapsed(&self) -> Duration {
        match &self.0 {
            Kind::System { since } => since.elapsed(),
            Kind::Driven(driven) => *driven.elapsed.borrow(),
        }
    }

    /// Ends when `duration` has passed on this clock.
    pub(crate) fn sleep(&self, duration: Duration) -> Sleep {
        match &self.0 {
            Kind::System { .. } => Box::pin(tokio::time::sleep(duration)),
            Kind::Driven(driven) => {
                let deadline = driven.elapsed.borrow().saturating_add(duration);
                let mut elapsed = driven.elapsed.subscribe();
                let driven = driven.clone();
                Box::pin(async move {
                    // `driven` keeps the sender, and so the channel, alive.
                    let _ = elapsed.wait_for(|elapsed| *elapsed >= deadline).await;
                    drop(driven);
                })
            }
        }
    }

    /// Like [`Clock::sleep`], on behalf of a component.
    pub(crate) fn component_sleep(&self, duration: Duration) -> Sleep {
        let sleep = self.sleep(duration);
        match &self.0 {
            Kind::System { .. } => sleep,
            Kind::Driven(driven) => {
                let asleep = Asleep::new(driven.clone());
                Box::pin(async move {
                    sleep.await;
                    drop(asleep);
                })
            }
        }
    }

    /// The result of `work`, or `None` if it takes longer than `limit` on this clock.
    pub(crate) async fn within<T>(&self, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            result = work => Some(result),
            () = self.sleep(limit) => None,
        }
    }
}

/// The machine's clock.
impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

struct Asleep(Arc<Driven>);

impl Asleep {
    fn new(driven: Arc<Driven>) -> Self {
        driven.sleepers.send_modify(|sleepers| *sleepers += 1);
        Self(driven)
    }
}

impl Drop for Asleep {
    fn drop(&mut self) {
        self.0.sleepers.send_modify(|sleepers| *sleepers -= 1);
    }
}

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        Clock::now(self).duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }
}

impl HostMonotonicClock for Clock {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        nanoseconds(self.elapsed())
    }
}

/// Nanoseconds as WASI counts them; they overflow after 584 years.
fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_driven_clock_wakes_who_has_slept_long_enough() {
        let clock = Clock::driven(SystemTime::UNIX_EPOCH);
        let short = clock.sleep(Duration::from_mins(1));
        let mut long = clock.component_sleep(Duration::from_hours(1));
        clock.until_a_component_sleeps().await;
        clock.advance(Duration::from_mins(1));
        short.await;
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_mins(1));
        let early = tokio::time::timeout(Duration::from_millis(20), &mut long).await;
        assert!(early.is_err(), "an hour has not passed");
        clock.advance(Duration::from_mins(59));
        long.await;
    }

    #[tokio::test]
    async fn a_limit_follows_the_clock() {
        let clock = Clock::driven(SystemTime::UNIX_EPOCH);
        let waiting = clock.within(Duration::from_secs(5), std::future::pending::<()>());
        let other = clock.clone();
        let (result, ()) = tokio::join!(waiting, async move { other.advance(Duration::from_secs(5)) });
        assert_eq!(result, None);
    }
}
