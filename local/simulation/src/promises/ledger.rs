//! What the ledger itself has to show when all is over.

use shared::sql::Value;

use crate::world::World;

pub fn judge(world: &World) -> Vec<String> {
    let mut broken = Vec::new();
    for (what, statement) in [
        ("unapplied events in the inbox", "SELECT id FROM inbox WHERE outcome IS NULL"),
        (
            "stuck without a reason",
            "SELECT user_key FROM registration WHERE state = 'stuck' AND coalesce(reason, '') = ''",
        ),
        (
            "a decision without an event",
            "SELECT user_key FROM registration WHERE decision_id IS NOT NULL AND decision_id NOT IN (SELECT id FROM inbox)",
        ),
        (
            "a state that the timeline does not tell of",
            "SELECT user_key FROM registration AS r WHERE state IN ('active', 'rejected', 'gone', 'stuck') AND NOT EXISTS \
             (SELECT 1 FROM timeline AS t WHERE t.origin = r.origin AND t.user_key = r.user_key AND \
             (t.event = r.state OR r.state = 'active' AND t.event = 'linked'))",
        ),
    ] {
        match world.query(statement, vec![]) {
            Ok(rows) if rows.is_empty() => {}
            Ok(rows) => {
                let names = rows.into_iter().flatten().filter_map(|value| match value {
                    Value::Text(text) => Some(text),
                    Value::Null | Value::Integer(_) => None,
                });
                broken.push(format!("{what}: {}", names.collect::<Vec<_>>().join(", ")));
            }
            Err(error) => broken.push(format!("the ledger cannot be read: {error}")),
        }
    }
    broken
}
