//! How many requests each caller has made in this minute. Instances come and go, so none of them could count by itself.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};

use super::Ledger;
use crate::{
    access::Caller,
    sql::{Sql, SqlError},
};

/// A minute, in seconds.
const MINUTE: i64 = 60;
/// How far the clocks of two instances may be apart, in minutes. A minute that is further ahead was counted by a clock that has been
/// set back since.
const ODD: i64 = 5;

/// What the count says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// It may go on.
    Within,
    /// The caller has made as many as it may. It may make more after so many seconds.
    Over(u64),
}

impl<S: Sql> Ledger<S> {
    /// Counts a request, if its caller may make one more in this minute. A request that is refused writes nothing, so that nobody
    /// keeps the disk busy by calling in vain.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn count(
        &self,
        caller: &Caller,
        most: NonZeroU32,
        now: DateTime<Utc>,
    ) -> Result<Counted, SqlError> {
        let second = now.timestamp();
        // The clock that is ahead says which minute it is.
        let statement = format!(
            "INSERT INTO rate (caller, minute, requests) VALUES ($1, $2, 1) ON CONFLICT (caller) DO UPDATE SET \
             requests = CASE WHEN rate.minute BETWEEN excluded.minute AND excluded.minute + {ODD} THEN rate.requests + 1 ELSE 1 END, \
             minute = CASE WHEN rate.minute BETWEEN excluded.minute AND excluded.minute + {ODD} THEN rate.minute ELSE excluded.minute END \
             WHERE rate.requests < $3 OR NOT rate.minute BETWEEN excluded.minute AND excluded.minute + {ODD} RETURNING caller"
        );
        let parameters =
            vec![caller.counted_as().into(), second.div_euclid(MINUTE).into(), i64::from(most.get()).into()];
        if self.sql.run(&statement, parameters).await?.is_empty() {
            let left = MINUTE - second.rem_euclid(MINUTE);
            return Ok(Counted::Over(left.unsigned_abs()));
        }
        Ok(Counted::Within)
    }
}
