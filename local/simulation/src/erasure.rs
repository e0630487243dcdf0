//! A clerk who has people erased, here and in the ERP; and what the judge remembers of what the ledger then forgets.

use std::rc::Rc;

use chrono::{DateTime, Utc};
use shared::{ledger::State, sql::Value};
use tokio::time::sleep;

use crate::{application, history::held, world::World};

/// Beside the ledger's tables: the bodies that erasure takes from the inbox, and who was erased, with the beginning of the scan that
/// had shown the row last.
pub const MEMORY: &str = "
    CREATE TEMP TABLE letter (id TEXT, body TEXT);
    CREATE TEMP TRIGGER letter_remembered BEFORE UPDATE OF body ON main.inbox WHEN NEW.body = '' AND OLD.body <> '' BEGIN
        INSERT INTO letter VALUES (OLD.id, OLD.body);
    END;
    CREATE TEMP TABLE erased (user_key TEXT, listed INTEGER);
    CREATE TEMP TRIGGER erased_remembered AFTER UPDATE OF version ON main.registration
    WHEN NEW.state = 'erased' AND OLD.state <> 'erased' BEGIN
        INSERT INTO erased VALUES (NEW.user_key, NEW.listed);
    END;";

/// All events with their bodies, also with those that are erased.
pub const LETTERS: &str = "SELECT id, coalesce(nullif(body, ''), \
     (SELECT body FROM temp.letter WHERE letter.id = inbox.id ORDER BY letter.rowid DESC LIMIT 1)), outcome FROM inbox ORDER BY id";

/// Whether a user was ever erased.
pub fn erased(world: &World, user: &str) -> bool {
    last_listed(world, user).is_some()
}

/// When the scan had begun, by the application's clock, that had shown a user's row last before the user was erased for the last time.
pub fn last_listed(world: &World, user: &str) -> Option<DateTime<Utc>> {
    let statement = "SELECT listed FROM temp.erased WHERE user_key = ?1 ORDER BY rowid DESC LIMIT 1";
    // Before the first statement there is no such table, and nobody is erased.
    let row = world.query(statement, vec![user.into()]).ok()?.pop()?;
    match row[..] {
        [Value::Integer(listed)] => DateTime::from_timestamp_millis(listed),
        _ => None,
    }
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
