//! Every registration that the shop lists reaches the ERP, and no watermark passes anybody.

use shared::{sql::Value, time::ShopTime};

use super::{case::Case, stuck::is_excused};
use crate::{facts::Deed, world::World};

/// Each is with the ERP at the end, decided, somebody else's, or before a person who knows why not.
pub fn judge(case: &Case<'_>) -> Vec<String> {
    let user = &case.user;
    let by_hand = case.did(|deed| matches!(deed, Deed::Activates | Deed::Links(_) | Deed::Deletes));
    let told = case.world.erp.borrow().registration("SHOP", user).is_some();
    let Some(held) = &case.held else {
        let lost = (!by_hand).then(|| format!("{user} registered, and the ledger does not know it"));
        return lost.into_iter().collect();
    };
    let mut broken = Vec::new();
    if !told && !by_hand && held.decision.is_none() && !is_excused(case, held) {
        broken.push(format!("{user} never reached the ERP; it is {}", held.state));
    }
    if held.told > 0 && !told {
        broken.push(format!("the ledger says that the ERP knows {user}, and it does not"));
    }
    broken
}

/// After a tick: no watermark has passed a registration that the ledger does not know. Earlier than the overlap nobody looks again.
pub fn watch(world: &World) {
    let statement = "SELECT json_extract(state, '$.watermark') FROM scan WHERE list = 'created'";
    let Ok(rows) = world.query(statement, vec![]) else { return };
    let Some(Value::Text(text)) = rows.into_iter().flatten().next() else { return };
    let Ok(watermark) = text.parse::<ShopTime>() else { return };
    let from = watermark.earlier(world.plan.overlap);
    let shop = world.shop.borrow();
    for user in shop.users() {
        let candidate = !user.active && user.registration == "new" && user.authorised_customers.is_empty();
        let created = ShopTime::at(user.created, world.zone());
        let known = || {
            let known =
                world.query("SELECT 1 FROM registration WHERE user_key = ?1", vec![user.key.as_str().into()]);
            known.is_ok_and(|rows| !rows.is_empty())
        };
        if candidate && created < from && !known() {
            world.facts.breaks(format!(
                "the watermark {watermark} has passed {}, who registered at {created}",
                user.key
            ));
        }
    }
}
