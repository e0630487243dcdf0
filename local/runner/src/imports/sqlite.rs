//! `spin:sqlite`.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::mpsc;
use wasmtime::StoreContextMut;
use wasmtime::component::{
    Accessor, Destination, FutureReader, Resource, StreamProducer, StreamReader, StreamResult, VecBuffer,
};

use crate::bindings::spin::sqlite::sqlite::{
    Error, Host, HostConnection, HostConnectionWithStore, RowResult, Value,
};
use crate::database::Connection;
use crate::store::{Data, InStore};

/// As many as Spin lets one instance have.
const MOST_CONNECTIONS: usize = 256;

type Begun = (Vec<String>, StreamReader<RowResult>, FutureReader<Result<(), Error>>);

impl Data {
    fn open(&mut self, database: &str) -> wasmtime::Result<Result<Resource<Connection>, Error>> {
        // As in Spin, one that is not listed is denied, whether it exists or not.
        let (Some(default), "default") = (&self.shared.database, database) else {
            return Ok(Err(Error::AccessDenied));
        };
        if self.connections == MOST_CONNECTIONS {
            return Ok(Err(Error::Io("too many connections opened".to_owned())));
        }
        let connection = Connection::new(default);
        self.connections += 1;
        Ok(Ok(self.table.push(connection)?))
    }

    fn connection(&self, connection: &Resource<Connection>) -> wasmtime::Result<Connection> {
        Ok(self.table.get(connection)?.clone())
    }
}

impl Host for Data {}

impl HostConnection for Data {
    async fn drop(&mut self, connection: Resource<Connection>) -> wasmtime::Result<()> {
        self.table.delete(connection)?;
        self.connections -= 1;
        Ok(())
    }
}

impl<T: Send + 'static> HostConnectionWithStore<T> for InStore {
    async fn open_async(
        store: &Accessor<T, Self>,
        database: String,
    ) -> wasmtime::Result<Result<Resource<Connection>, Error>> {
        store.with(|mut data| data.get().open(&database))
    }

    async fn execute_async(
        store: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        parameters: Vec<Value>,
    ) -> wasmtime::Result<Result<Begun, Error>> {
        let connection = store.with(|mut data| data.get().connection(&connection))?;
        let running = match connection.execute(statement, parameters).await {
            Ok(running) => running,
            Err(error) => return Ok(Err(error)),
        };
        store.with(|mut data| {
            let rows = StreamReader::new(&mut data, Rows(running.rows))?;
            let given_up = || Err(Error::Io("the statement was given up".to_owned()));
            let end = running.end;
            let end = FutureReader::new(&mut data, async move {
                wasmtime::error::Ok(end.await.unwrap_or_else(|_| given_up()))
            })?;
            Ok(Ok((running.columns, rows, end)))
        })
    }

    async fn last_insert_rowid_async(
        store: &Accessor<T, Self>,
        connection: Resource<Connection>,
    ) -> wasmtime::Result<i64> {
        let connection = store.with(|mut data| data.get().connection(&connection))?;
        Ok(connection.last_insert_rowid().await?)
    }

    async fn changes_async(
        store: &Accessor<T, Self>,
        connection: Resource<Connection>,
    ) -> wasmtime::Result<u64> {
        let connection = store.with(|mut data| data.get().connection(&connection))?;
        Ok(connection.changes().await?)
    }
}

/// Hands rows to the component as it asks for them.
struct Rows(mpsc::Receiver<Vec<RowResult>>);

impl<D> StreamProducer<D> for Rows {
    type Item = RowResult;
    type Buffer = VecBuffer<RowResult>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, Self::Item, Self::Buffer>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        if destination.remaining(store) == Some(0) {
            // It only wants to know whether there is something to read; reading tells.
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        match self.0.poll_recv(context) {
            Poll::Ready(Some(rows)) => {
                destination.set_buffer(rows.into());
                Poll::Ready(Ok(StreamResult::Completed))
            }
            Poll::Ready(None) => Poll::Ready(Ok(StreamResult::Dropped)),
            Poll::Pending if finish => Poll::Ready(Ok(StreamResult::Cancelled)),
            Poll::Pending => Poll::Pending,
        }
    }
}
