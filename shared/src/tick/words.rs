//! Making what people search by, for registrations that an older version wrote.

use super::Tick;
use crate::{
    send::SendRequest,
    sql::{Sql, SqlError},
};

/// As many are in memory at once, with their messages.
const BATCH: usize = 200;

impl<H: SendRequest, S: Sql> Tick<'_, H, S> {
    /// Makes the words of those that have none. What is left waits for the next tick.
    pub(super) async fn make_words(&self) -> Result<(), SqlError> {
        while self.goes_on() {
            let wordless = self.app.ledger.wordless(BATCH).await?;
            if wordless.is_empty() {
                break;
            }
            self.app.ledger.note_words(&wordless).await?;
        }
        Ok(())
    }
}
