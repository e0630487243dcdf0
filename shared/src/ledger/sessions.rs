//! The statements about who is signed in to the console.

use chrono::{DateTime, Utc};

use super::{Ledger, millis, time};
use crate::{
    access::Granted,
    session::{CODE_LIFE, Session, Ticket},
    sql::{Columns, Sql, SqlError},
};

impl<S: Sql> Ledger<S> {
    /// Keeps a session that begins, and forgets those that have lapsed.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn begin_session(
        &self,
        ticket: &Ticket,
        session: &Session,
        now: DateTime<Utc>,
    ) -> Result<(), SqlError> {
        self.sql.run("DELETE FROM session WHERE lapses_at <= ?1", vec![millis(now)]).await?;
        let statement = "INSERT INTO session (print, bound, begun_at, lapses_at) VALUES (?1, ?2, ?3, ?4)";
        let (begun_at, lapses_at) = (millis(session.begun_at), millis(session.lapses_at));
        let bound = session.bound.as_str().into();
        self.sql.run(statement, vec![ticket.print().into(), bound, begun_at, lapses_at]).await.map(drop)
    }

    /// The session that a ticket opens.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn session(&self, ticket: &Ticket, now: DateTime<Utc>) -> Result<Option<Session>, SqlError> {
        let statement = "SELECT bound, begun_at, lapses_at FROM session WHERE print = ?1 AND lapses_at > ?2";
        let row = self.sql.run(statement, vec![ticket.print().into(), millis(now)]).await?.into_iter().next();
        row.map(|row| {
            let mut row = Columns::of(row);
            let (bound, begun_at) = (row.needed_text()?, time(row.needed_number()?)?);
            Ok(Session { bound, begun_at, lapses_at: time(row.needed_number()?)? })
        })
        .transpose()
    }

    /// Notes that a session is used. One that has ended meanwhile stays so.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn renew_session(&self, ticket: &Ticket, lapses_at: DateTime<Utc>) -> Result<(), SqlError> {
        let statement = "UPDATE session SET lapses_at = ?1 WHERE print = ?2 AND lapses_at < ?1";
        self.sql.run(statement, vec![millis(lapses_at), ticket.print().into()]).await.map(drop)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn end_session(&self, ticket: &Ticket) -> Result<(), SqlError> {
        let statement = "DELETE FROM session WHERE print = ?1";
        self.sql.run(statement, vec![ticket.print().into()]).await.map(drop)
    }

    /// Keeps a code that begins a session with this token, once, and forgets those that have lapsed.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn keep_code(
        &self,
        code: &Ticket,
        token: &Granted<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), SqlError> {
        self.sql.run("DELETE FROM signin_code WHERE lapses_at <= ?1", vec![millis(now)]).await?;
        let statement = "INSERT INTO signin_code (print, bound, lapses_at) VALUES (?1, ?2, ?3)";
        let (bound, lapses_at) = (code.bound_to(token.secret), millis(now + CODE_LIFE));
        self.sql.run(statement, vec![code.print().into(), bound.into(), lapses_at]).await.map(drop)
    }

    /// Uses a code up: of two who come with it at once, one gets what binds it to its token.
    ///
    /// # Errors
    /// [`SqlError`].
    pub async fn use_code(&self, code: &Ticket, now: DateTime<Utc>) -> Result<Option<String>, SqlError> {
        let statement = "DELETE FROM signin_code WHERE print = ?1 AND lapses_at > ?2 RETURNING bound";
        let row = self.sql.run(statement, vec![code.print().into(), millis(now)]).await?.into_iter().next();
        row.map(|row| Columns::of(row).needed_text()).transpose()
    }
}
