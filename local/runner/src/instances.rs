//! Instances of one component: made when needed, used again, and dropped when idle.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::time::Sleep;
use wasmtime::component::GuestTaskId;
use wasmtime::{Engine, Store, StoreContextMut, UpdateDeadline};
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, ProxyPre, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};
use wasmtime_wasi_http::p3::bindings::ServicePre;

use crate::room::{Place, Room};
use crate::store::{Data, Shared};

/// How far a runner is with its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Running,
    /// No new requests: an instance goes when it has nothing more to do.
    Ending,
    /// Whatever still runs is cut off.
    Over,
}

impl Stage {
    /// Waits until a runner is that far; one that was dropped without a word is over too.
    pub async fn reached(self, stage: &mut watch::Receiver<Self>) {
        drop(stage.wait_for(|stage| *stage >= self).await);
    }
}

/// Makes instances of one component.
pub(crate) struct Instances {
    pub engine: Engine,
    pub component: ServicePre<Data>,
    pub shared: Arc<Shared>,
    /// How long an instance waits for another request.
    pub idle: Duration,
    /// How many requests an instance takes at the same time.
    pub at_once: usize,
    /// How many requests an instance takes one after the other.
    pub reuse: usize,
    pub room: Arc<Room>,
    pub stage: watch::Receiver<Stage>,
    pub alive: mpsc::Sender<()>,
}

impl HandlerState for Instances {
    type StoreData = Data;
    type WorkerExpiration = Expiration;
    type WorkerState = Worker;

    async fn instantiate(&self) -> wasmtime::Result<Instance<Data, Expiration, Worker>> {
        let place = self.room.place()?;
        let began = Instant::now();
        let mut store = Store::new(&self.engine, Data::new(self.shared.clone(), self.alive.clone()));
        store.limiter(|data| &mut data.usage);
        // A component that computes for long lets others go on between two ticks.
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Yield(1)));
        let proxy = ProxyPre::P3(self.component.clone()).instantiate_async(&mut store).await?;
        self.shared.usage.made_one(began.elapsed());
        Ok(Instance {
            store,
            proxy,
            view: WasiHttpView::http,
            expiration: Expiration::new(self.idle, &self.stage),
            state: Worker {
                shared: self.shared.clone(),
                at_once: self.at_once,
                reuse: self.reuse,
                room: self.room.clone(),
                place: Mutex::new(Some(place)),
            },
        })
    }
}

/// When an instance goes.
pub(crate) struct Expiration {
    idle: Duration,
    timer: Pin<Box<Sleep>>,
    ending: Reached,
    over: Reached,
}

type Reached = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;

impl Expiration {
    fn new(idle: Duration, stage: &watch::Receiver<Stage>) -> Self {
        let reached = |wanted: Stage| -> Reached {
            let mut stage = stage.clone();
            Box::pin(async move { wanted.reached(&mut stage).await })
        };
        let timer = Box::pin(tokio::time::sleep(idle));
        Self { idle, timer, ending: reached(Stage::Ending), over: reached(Stage::Over) }
    }
}

impl WorkerExpiration for Expiration {
    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        status: WorkerStatus,
        since: Instant,
    ) -> Poll<()> {
        if self.over.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        // As in Spin, there is no limit to how long a request takes.
        if status != WorkerStatus::Idle {
            return Poll::Pending;
        }
        if self.ending.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        let deadline = (since + self.idle).into();
        if self.timer.deadline() != deadline {
            self.timer.as_mut().reset(deadline);
        }
        self.timer.as_mut().poll(context)
    }
}

/// What one instance accepts, and its end.
pub(crate) struct Worker {
    shared: Arc<Shared>,
    at_once: usize,
    reuse: usize,
    room: Arc<Room>,
    /// None once it takes no more requests.
    place: Mutex<Option<Place>>,
}

impl WorkerState for Worker {
    type StoreData = Data;
    type RequestData = ();

    fn should_accept_request(&self, at_the_same_time: usize, so_far: usize) -> ShouldAccept {
        if so_far >= self.reuse {
            drop(self.place.lock().unwrap_or_else(PoisonError::into_inner).take());
            ShouldAccept::Never
        } else if at_the_same_time >= self.at_once {
            ShouldAccept::No
        } else {
            self.room.is_free();
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, Data>,
        (): (),
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + 'static + Send + Sync>> {
        Box::pin(std::future::pending())
    }

    fn drop(&self, store: Store<Data>, result: wasmtime::Result<()>) {
        drop(store);
        if let Err(error) = result {
            tracing::error!(component = &*self.shared.id, "an instance failed: {error:#}");
            self.shared.logs.line(&self.shared.id, &format!("failed: {}", error.root_cause()));
        }
    }
}
