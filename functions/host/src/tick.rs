//! The tick, as the functions run it.

use futures_util::future::{FutureExt as _, LocalBoxFuture};
use shared::{
    onboarding::Onboarding,
    settings::{AlertSettings, ErpSettings, TickSettings},
    sql::SqlError,
    tick::Ended,
};

use crate::{database::Sqlite, outbound::Outbound};

/// One tick. It comes boxed for the reason that [`work_off`](crate::work_off) does: so it shares with it what both compile.
///
/// # Errors
/// [`SqlError`]: the ledger failed. What was done is stored, and the next tick goes on.
pub fn tick<'a>(
    app: &'a Onboarding<Outbound, Sqlite>,
    settings: &'a TickSettings,
    erp: Option<&'a ErpSettings>,
    alerts: Option<&'a AlertSettings>,
) -> LocalBoxFuture<'a, Result<Ended, SqlError>> {
    shared::tick::tick(app, settings, erp, alerts).boxed_local()
}
