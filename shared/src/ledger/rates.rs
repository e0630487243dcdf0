//! How many requests each caller has made in this minute. Instances come and go, so none of them could count by itself.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};

use super::Ledger;
use crate::{
    access::Caller,
    print::print,
    sql::{Sql, SqlError},
};

/// A minute, in seconds.
const MINUTE: i64 = 60;
/// How far the clocks of two instances may be apart, in minutes. A minute that is further ahead was counted by a clock that has been
/// set back since.
const ODD: i64 = 5;
/// The most attempts to sign in from one group of network addresses in a minute: many more than people make, even behind one proxy.
const SIGN_INS: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// The most from everywhere.
const SIGN_INS_OF_ALL: NonZeroU32 = NonZeroU32::new(600).unwrap();

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
        self.count_as(caller.counted_as(), most, now).await
    }

    /// Counts an attempt to sign in: those from one network address, and all of them. The address is not kept: it is one of 256 groups
    /// that is counted, so that the rows are few and say nothing about anybody.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn count_sign_in(&self, address: &str, now: DateTime<Utc>) -> Result<Counted, SqlError> {
        let group = print(&[address.as_bytes()]).chars().take(2).collect::<String>();
        match self.count_as(format!("signin:{group}"), SIGN_INS, now).await? {
            Counted::Within => self.count_as("signin".to_owned(), SIGN_INS_OF_ALL, now).await,
            over @ Counted::Over(_) => Ok(over),
        }
    }

    async fn count_as(
        &self,
        counted: String,
        most: NonZeroU32,
        now: DateTime<Utc>,
    ) -> Result<Counted, SqlError> {
        let second = now.timestamp();
        // The clock that is ahead says which minute it is.
        let statement = format!(
            "INSERT INTO rate (caller, minute, requests) VALUES (?1, ?2, 1) ON CONFLICT (caller) DO UPDATE SET \
             requests = CASE WHEN rate.minute BETWEEN excluded.minute AND excluded.minute + {ODD} THEN rate.requests + 1 ELSE 1 END, \
             minute = CASE WHEN rate.minute BETWEEN excluded.minute AND excluded.minute + {ODD} THEN rate.minute ELSE excluded.minute END \
             WHERE rate.requests < ?3 OR NOT rate.minute BETWEEN excluded.minute AND excluded.minute + {ODD} RETURNING caller"
        );
        let parameters = vec![counted.into(), second.div_euclid(MINUTE).into(), i64::from(most.get()).into()];
        if self.sql.run(&statement, parameters).await?.is_empty() {
            let left = MINUTE - second.rem_euclid(MINUTE);
            return Ok(Counted::Over(left.unsigned_abs()));
        }
        Ok(Counted::Within)
    }
}
