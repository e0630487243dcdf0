//! The port to the database.

/// A value in a statement or a row. Times are integers: milliseconds since 1970 in UTC.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text in UTF-8.
    Text(String),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The database refused or did not answer: the caller stops and leaves the rest to a later run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("database: {0}")]
pub struct SqlError(pub String);

/// Runs one statement: Spin's SQLite in the functions, rusqlite in native tests.
pub trait Sql {
    /// Runs one statement with the parameters `?1`, `?2`, … and returns its rows. They must first appear in this order, so that a plain
    /// `?` is the one after those before it. PostgreSQL writes `$1`; to SQLite that is a name, and it compares each with all before it.
    ///
    /// # Errors
    /// [`SqlError`] also when a later step of the statement failed: a statement counts only when all its rows were read.
    fn run(
        &self,
        statement: &str,
        parameters: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Vec<Value>>, SqlError>>;
}

/// The columns of one row, taken from left to right.
pub(crate) struct Columns(std::vec::IntoIter<Value>);

impl Columns {
    pub(crate) fn of(row: Vec<Value>) -> Self {
        Self(row.into_iter())
    }

    pub(crate) fn text(&mut self) -> Result<Option<String>, SqlError> {
        match self.0.next() {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            Some(Value::Integer(_)) | None => Err(SqlError("expected text, found something else".to_owned())),
        }
    }

    pub(crate) fn number(&mut self) -> Result<Option<i64>, SqlError> {
        match self.0.next() {
            Some(Value::Integer(number)) => Ok(Some(number)),
            Some(Value::Null) => Ok(None),
            Some(Value::Text(_)) | None => {
                Err(SqlError("expected a number, found something else".to_owned()))
            }
        }
    }

    pub(crate) fn needed_text(&mut self) -> Result<String, SqlError> {
        self.text()?.ok_or_else(|| SqlError("expected text, found NULL".to_owned()))
    }

    pub(crate) fn needed_number(&mut self) -> Result<i64, SqlError> {
        self.number()?.ok_or_else(|| SqlError("expected a number, found NULL".to_owned()))
    }
}
