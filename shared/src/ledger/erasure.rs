//! The statements that erase personal data, and what the schema has for them.
//!
//! A registration is erased by one statement: it changes the row, and triggers erase what other tables hold about the same user. So
//! nobody ever finds one half of it. Whoever adds a table with something about a user adds a trigger to [`TRIGGERS`], and the test that
//! looks for traces in every table tells if it is missing.

use chrono::{DateTime, Utc};

use super::{Entry, Ledger, millis};
use crate::{
    key::{OriginCode, UserKey},
    sql::{Sql, SqlError},
};

/// `erase!("what", "statement", "user_key")`: for a user whose registration is saved as erased, carries the statement out for the rows
/// with the user in that column, as part of the same statement.
macro_rules! erase {
    ($what:literal, $statement:literal, $user:literal) => {
        concat!(
            "CREATE TRIGGER IF NOT EXISTS erase_",
            $what,
            " AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN ",
            $statement,
            " WHERE origin = NEW.origin AND ",
            $user,
            " = NEW.user_key; END"
        )
    };
}

/// What each table loses. The lines of the timeline, the events' ids and prints, and the customers' keys stay. An id that is made from
/// what it says, so that the same is one event however often it comes, is free for whoever registers anew.
///
/// Of the messages about how it ended those stay that say no more than keys; the others may repeat words about the person, and so may
/// alerts that name the user, as JSON spells the key.
pub(super) const TRIGGERS: [&str; 8] = [
    erase!("listing", "UPDATE registration SET listed_print = NULL", "user_key"),
    erase!("timeline", "UPDATE timeline SET note = NULL", "user_key"),
    erase!(
        "inbox",
        "UPDATE inbox SET body = '', outcome = CASE WHEN actor <> 'ERP' AND substr(id, 1, 4) IN ('act_', 'dec_') \
            THEN 'refused' ELSE outcome END",
        "user_key"
    ),
    erase!("party", "UPDATE party SET print = ''", "user_key"),
    erase!(
        "outgoing",
        "UPDATE outgoing SET note = NULL, \
            body = CASE WHEN kind IN ('registration.linked', 'registration.activated') THEN body ELSE '' END, \
            due_at = CASE WHEN kind IN ('registration.linked', 'registration.activated') THEN due_at END, \
            result = CASE WHEN kind IN ('registration.linked', 'registration.activated') OR due_at IS NULL THEN result \
                ELSE 'given up' END",
        "receiver = 'erp' AND topic"
    ),
    erase!("rewrite", "UPDATE rewrite SET note = NULL", "user_key"),
    "CREATE TRIGGER IF NOT EXISTS erase_alert AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN
        UPDATE alert SET body = '' WHERE instr(body, json_quote(NEW.user_key)) > 0;
    END",
    "CREATE TRIGGER IF NOT EXISTS erase_called AFTER UPDATE OF version ON registration WHEN NEW.state = 'erased' BEGIN
        UPDATE outgoing SET body = '', note = NULL, due_at = NULL
        WHERE receiver = 'alert' AND instr(body, json_quote(NEW.user_key)) > 0;
    END",
];

/// States in which nothing is left to do. An index has the same words. The state is veiled, because by the index of all states the
/// database would read everybody who is finished, and sort them, in each tick.
const FINISHED: &str = "state || '' IN ('active', 'rejected', 'gone')";

impl<S: Sql> Ledger<S> {
    /// Stores entries that are [`Entry::erased`], and erases what other tables have about them. As with [`Ledger::save_all`] what comes
    /// back is stored. One with an event that is still to be applied is not, nor one whose customer is still to be written again: it
    /// would be lost.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn erase_all(&self, erased: Vec<Entry>, now: DateTime<Utc>) -> Result<Vec<Entry>, SqlError> {
        let nothing_waits = "AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.origin = excluded.origin \
             AND inbox.user_key = excluded.user_key AND inbox.outcome IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM rewrite WHERE rewrite.origin = excluded.origin \
             AND rewrite.user_key = excluded.user_key AND rewrite.due_at IS NOT NULL)";
        self.save_where(nothing_waits, erased, now).await
    }

    /// Whether an event about a user is still to be applied, or an update to be carried out.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn has_waiting(&self, origin: &OriginCode, user_key: &UserKey) -> Result<bool, SqlError> {
        let statement = "SELECT 1 FROM inbox WHERE origin = ?1 AND user_key = ?2 AND outcome IS NULL UNION ALL \
             SELECT 1 FROM rewrite WHERE origin = ?1 AND user_key = ?2 AND due_at IS NOT NULL LIMIT 1";
        let parameters = vec![origin.as_str().into(), user_key.as_str().into()];
        Ok(!self.sql.run(statement, parameters).await?.is_empty())
    }

    /// Registrations that are finished, have not changed since `before`, and are held by nobody, the longest ago first.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn finished_before(
        &self,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
        most: usize,
    ) -> Result<Vec<Entry>, SqlError> {
        let condition = format!(
            "{FINISHED} AND changed_at <= ?1 AND (claim_until IS NULL OR claim_until <= ?2) \
             ORDER BY changed_at LIMIT {most}"
        );
        self.entries_where(&condition, vec![millis(before), millis(now)]).await
    }

    /// Empties the write-ahead log, in which what was erased would else stay until it is written over. If somebody reads at this very
    /// moment, the log stays as it is: it is only tried, and so is it by the next tick.
    pub async fn empty_log(&self) {
        // Other databases have no such log, and do not know the words.
        let _ = self.sql.run("PRAGMA wal_checkpoint(TRUNCATE)", vec![]).await;
    }
}
