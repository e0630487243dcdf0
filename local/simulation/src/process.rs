//! A piece of the application at work, which may die at any of its effects: a statement, a request that was sent, an answer that came.

use std::{cell::Cell, rc::Rc};

use tokio::sync::Notify;

use crate::world::World;

/// One request to the application while it is worked on. Copies mean the same one.
#[derive(Clone)]
pub struct Process(Rc<Inner>);

struct Inner {
    world: Rc<World>,
    name: String,
    dead: Cell<bool>,
    era: u64,
    death: Notify,
}

impl Process {
    /// Where it runs.
    pub fn world(&self) -> &Rc<World> {
        &self.0.world
    }

    /// Its name in a trace.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// It ends here, and whatever it was about to do is not done.
    pub fn die(&self) {
        self.world().trace(self.name(), || "dies".to_owned());
        self.0.dead.set(true);
        self.0.death.notify_one();
        self.world().forget_token();
    }

    /// Something has happened that the world can see. Whether the process lives to know of it is up to the world.
    pub async fn effect(&self, what: impl FnOnce() -> String) {
        self.world().trace(self.name(), what);
        if !self.0.dead.get() && (self.0.era != self.world().era() || self.world().strikes()) {
            self.die();
        }
        if self.0.dead.get() {
            std::future::pending::<()>().await;
        }
    }
}

/// Runs a piece of the application; `None` when it died.
pub async fn run<T>(world: &Rc<World>, name: &str, work: impl AsyncFnOnce(Process) -> T) -> Option<T> {
    let name = format!("{name} {}", world.next_process());
    let process = Process(Rc::new(Inner {
        world: Rc::clone(world),
        name,
        dead: Cell::default(),
        era: world.era(),
        death: Notify::new(),
    }));
    tokio::select! {
        biased;
        () = process.0.death.notified() => None,
        done = work(process.clone()) => Some(done),
    }
}
