//! Databases that do something else between two statements.

use std::cell::{Cell, RefCell};

use shared::sql::{Sql, SqlError, Value};

use crate::sqlite::Sqlite;

/// A database that is gone after some statements.
pub struct CutOff {
    sqlite: Sqlite,
    left: Cell<usize>,
}

impl CutOff {
    pub fn after(statements: usize, sqlite: Sqlite) -> Self {
        Self { sqlite, left: Cell::new(statements) }
    }
}

impl Sql for CutOff {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| SqlError("it is gone".to_owned()))?;
        self.left.set(left);
        self.sqlite.run(statement, parameters).await
    }
}

/// A database in which somebody else has a turn before one certain statement.
pub struct Between<F> {
    pub sqlite: Sqlite,
    /// How many statements come before.
    pub after: Cell<usize>,
    pub somebody: RefCell<Option<F>>,
}

impl<F: AsyncFnOnce()> Between<F> {
    pub fn statements(after: usize, sqlite: Sqlite, somebody: F) -> Self {
        Self { sqlite, after: Cell::new(after), somebody: RefCell::new(Some(somebody)) }
    }
}

impl<F: AsyncFnOnce()> Sql for Between<F> {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        let left = self.after.get().checked_sub(1);
        self.after.set(left.unwrap_or_default());
        let somebody = if left.is_none() { self.somebody.take() } else { None };
        if let Some(somebody) = somebody {
            Box::pin(somebody()).await;
        }
        self.sqlite.run(statement, parameters).await
    }
}

/// A database that refuses to look through a whole table.
pub struct Indexed(pub Sqlite);

impl Sql for Indexed {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        if !statement.starts_with("PRAGMA") {
            let explained = format!("EXPLAIN QUERY PLAN {statement}");
            for row in self.0.run(&explained, parameters.clone()).await? {
                let Some(Value::Text(plan)) = row.into_iter().next_back() else { panic!("no plan") };
                for table in ["registration", "timeline", "inbox", "party"] {
                    let whole = format!("SCAN {table}");
                    assert!(!plan.starts_with(&whole) || plan.contains("INDEX"), "{plan}: {statement}");
                }
            }
        }
        self.0.run(statement, parameters).await
    }
}
