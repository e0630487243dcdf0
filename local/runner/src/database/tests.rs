use super::*;

async fn all(
    connection: &Connection,
    statement: &str,
    parameters: Vec<Value>,
) -> Result<Vec<Vec<Value>>, Error> {
    let mut running = connection.execute(statement.to_owned(), parameters).await?;
    let mut rows = Vec::new();
    while let Some(batch) = running.rows.recv().await {
        rows.extend(batch.into_iter().map(|row| row.values));
    }
    running.end.await.unwrap().map(|()| rows)
}

fn database() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::new(&Database::new(folder.path().join("test.db")).unwrap());
    (folder, connection)
}

const NUMBERS: &str =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i FROM n";

#[tokio::test]
async fn rows_and_counts_come_back() {
    let (_folder, db) = database();
    all(&db, "CREATE TABLE t (a INTEGER PRIMARY KEY, b)", vec![]).await.unwrap();
    let parameters = vec![Value::Text("x".to_owned()), Value::Null, Value::Blob(vec![0, 1])];
    let returned =
        all(&db, "INSERT INTO t (b) VALUES ($1), ($2), ($3) RETURNING a, b", parameters).await.unwrap();
    let expected = [
        [Value::Integer(1), Value::Text("x".to_owned())],
        [Value::Integer(2), Value::Null],
        [Value::Integer(3), Value::Blob(vec![0, 1])],
    ];
    assert_eq!(returned, expected);
    assert_eq!((db.changes().await.unwrap(), db.last_insert_rowid().await.unwrap()), (3, 3));
    let mode = all(&db, "PRAGMA journal_mode = WAL", vec![]).await.unwrap();
    assert_eq!(mode, [[Value::Text("wal".to_owned())]]);
}

#[tokio::test]
async fn a_long_result_comes_whole_and_in_order() {
    let (_folder, db) = database();
    let rows = all(&db, NUMBERS, vec![Value::Integer(20_000)]).await.unwrap();
    assert_eq!(rows.len(), 20_000);
    assert!((1..).zip(&rows).all(|(i, row)| row == &[Value::Integer(i)]));
}

#[tokio::test]
async fn dropped_rows_free_the_connection() {
    let (_folder, db) = database();
    drop(db.execute(NUMBERS.to_owned(), vec![Value::Integer(i64::MAX)]).await.unwrap());
    assert_eq!(all(&db, "SELECT 1", vec![]).await.unwrap(), [[Value::Integer(1)]]);
}

#[tokio::test]
async fn an_error_of_a_step_comes_after_the_rows() {
    let (_folder, db) = database();
    all(&db, "CREATE TABLE t (a UNIQUE)", vec![]).await.unwrap();
    all(&db, "INSERT INTO t VALUES (1)", vec![]).await.unwrap();
    let begun = db.execute("INSERT INTO t VALUES (1)".to_owned(), vec![]).await.unwrap();
    let end = begun.end.await.unwrap();
    assert!(matches!(end, Err(Error::Io(message)) if message.contains("UNIQUE constraint")));
    let error = all(&db, "SELEC 1", vec![]).await.unwrap_err();
    assert!(matches!(error, Error::Io(message) if message.contains("syntax error")));
}
