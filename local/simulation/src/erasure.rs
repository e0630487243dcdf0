//! A clerk who has people erased, here and in the ERP; and what the judge remembers of what the ledger then forgets.

use std::rc::Rc;

use chrono::{DateTime, Utc};
use shared::{ledger::State, sql::Value};
use tokio::time::sleep;

use crate::{application, history::held, world::World};

/// Beside the ledger's tables: the bodies that erasure takes from the inbox, and who was erased when, by the application's clock, with
/// the beginning of the scan that had shown the row last.
pub const MEMORY: &str = "
    CREATE TEMP TABLE letter (id TEXT, body TEXT);
    CREATE TEMP TRIGGER letter_remembered BEFORE UPDATE OF body ON main.inbox WHEN NEW.body = '' AND OLD.body <> '' BEGIN
        INSERT INTO letter VALUES (OLD.id, OLD.body);
    END;
    CREATE TEMP TABLE erased (user_key TEXT, listed INTEGER, at INTEGER);
    CREATE TEMP TRIGGER erased_remembered AFTER UPDATE OF version ON main.registration
    WHEN NEW.state = 'erased' AND OLD.state <> 'erased' BEGIN
        INSERT INTO erased VALUES (NEW.user_key, NEW.listed, NEW.changed_at);
    END;";

/// All events with their bodies, also with those that are erased.
pub const LETTERS: &str = "SELECT id, coalesce(nullif(body, ''), \
     (SELECT body FROM temp.letter WHERE letter.id = inbox.id ORDER BY letter.rowid DESC LIMIT 1)), outcome FROM inbox ORDER BY id";

/// Somebody was erased.
#[derive(Debug, Clone, Copy)]
pub struct Erased {
    /// When the scan had begun that had shown the row last.
    pub listed: DateTime<Utc>,
    /// When it was.
    pub at: DateTime<Utc>,
}

/// When a user was erased, the last time as the last.
pub fn erased(world: &World, user: &str) -> Vec<Erased> {
    let statement = "SELECT listed, at FROM temp.erased WHERE user_key = $1 ORDER BY rowid";
    // Before the first statement there is no such table, and nobody is erased.
    let rows = world.query(statement, vec![user.into()]).unwrap_or_default();
    let read = |row: Vec<Value>| {
        let [Value::Integer(listed), Value::Integer(at)] = row[..] else { return None };
        Some(Erased {
            listed: DateTime::from_timestamp_millis(listed)?,
            at: DateTime::from_timestamp_millis(at)?,
        })
    };
    rows.into_iter().filter_map(read).collect()
}

/// Has people erased now and then, while there are faults.
pub async fn erase_now_and_then(world: Rc<World>) {
    while !world.calm.get() {
        sleep(world.plan.every * 3).await;
        for (user, _) in world.facts.people() {
            if !world.chance(world.plan.erasures) {
                continue;
            }
            let status = application::erase(&world, &user).await;
            world.trace("clerk", || format!("erases {user}: {status:?}"));
            // Also if the answer was lost.
            if held(&world, &user).is_some_and(|held| held.state == State::Erased) {
                world.erp.borrow_mut().erase("SHOP", &user);
            }
        }
    }
}
