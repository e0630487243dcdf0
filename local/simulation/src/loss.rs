//! The ledger is lost in the middle of work, and a copy of it that was made a while before takes its place.
//!
//! The application is down in between, so whatever it had begun dies. Afterwards everybody who has decided repeats what was decided, as
//! the ERP is asked to.

use std::{rc::Rc, time::Duration};

use shared::{
    ledger::Ledger,
    restoring::reconcile,
    sql::{Sql, SqlError, Value},
    tombstone::RowKey,
};
use tokio::time::sleep;

use crate::{office, world::World};

/// When the ledger is lost, and how it comes back.
#[derive(Debug, Clone, Copy)]
pub struct Loss {
    /// When the copy is made.
    pub copied: Duration,
    /// How much later the ledger is lost.
    pub after: Duration,
    /// How long it takes until the copy is in its place.
    pub down: Duration,
    /// Whether the copy is made fit to go on from. If not, that is a mistake that has to show.
    pub reconciled: bool,
}

/// The ledger without the network's and the weather's doing.
struct AtOnce<'a>(&'a World);

impl Sql for AtOnce<'_> {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        self.0.query(statement, parameters)
    }
}

/// Loses the ledger and restores it, if the plan has that.
pub async fn lose_as_planned(world: Rc<World>) {
    let Some(loss) = world.plan.loss else { return };
    sleep(loss.copied).await;
    let copy = world.copy_of_ledger();
    world.trace("ledger", || "is copied".to_owned());
    sleep(loss.after).await;
    world.trace("ledger", || "is lost".to_owned());
    world.down.set(true);
    world.end_all_processes();
    sleep(loss.down).await;
    let now = world.clock.shown();
    world.put_ledger(&copy);
    if loss.reconciled {
        let ledger = Ledger::open(AtOnce(&world)).await.expect("the copy is a ledger");
        let key = || RowKey::of([world.number(), world.number()]);
        let reconciled = reconcile(&ledger, Vec::new(), key, now).await.expect("the copy can be made fit");
        world.trace("ledger", || format!("is back: {reconciled:?}"));
    }
    world.erp.borrow_mut().ledger_lost_at = Some(world.elsewhere());
    world.down.set(false);
    office::repeat_everything(&world);
}
