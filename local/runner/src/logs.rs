//! Where the lines go that components write to their standard output and error.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// A sink for whole lines, each with the id of its component.
#[derive(Clone)]
pub struct Logs(Arc<Sink>);

type Sink = dyn Fn(&str, &str) + Send + Sync;

impl Logs {
    /// Writes to our own standard error, `component: line`.
    #[must_use]
    pub fn stderr() -> Self {
        Self::to(|component, line| eprintln!("{component}: {line}"))
    }

    /// Calls `sink` with the component's id and the line.
    #[must_use]
    pub fn to(sink: impl Fn(&str, &str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }

    /// Keeps every line, as `component: line`, in the list that is returned too.
    #[must_use]
    pub fn kept() -> (Self, Arc<Mutex<Vec<String>>>) {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = lines.clone();
        let logs = Self::to(move |component, line| {
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{component}: {line}"));
        });
        (logs, lines)
    }

    pub(crate) fn line(&self, component: &str, line: &str) {
        (self.0)(component, line);
    }
}

/// Our own standard error.
impl Default for Logs {
    fn default() -> Self {
        Self::stderr()
    }
}

/// A component's standard output or error.
#[derive(Clone)]
pub(crate) struct Lines(Arc<Mutex<Unfinished>>);

struct Unfinished {
    component: Arc<str>,
    logs: Logs,
    line: Vec<u8>,
}

/// A longer line is cut, so that a component cannot fill our memory with one.
const LONGEST_LINE: usize = 64 * 1024;

impl Lines {
    pub fn new(component: Arc<str>, logs: Logs) -> Self {
        Self(Arc::new(Mutex::new(Unfinished { component, logs, line: Vec::new() })))
    }

    fn push(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
    }
}

impl Unfinished {
    fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if self.line.ends_with(b"\n") || self.line.len() > LONGEST_LINE {
                self.finish();
            }
        }
    }

    fn finish(&mut self) {
        let line = String::from_utf8_lossy(&self.line);
        self.logs.line(&self.component, line.trim_end());
        self.line.clear();
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.line.is_empty() {
            self.finish();
        }
    }
}

impl IsTerminal for Lines {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Lines {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Lines {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Lines {
    async fn ready(&mut self) {}
}

impl OutputStream for Lines {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(LONGEST_LINE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_lines_and_the_last_one_is_not_lost() {
        let (logs, kept) = Logs::kept();
        let lines = Lines::new("fetch".into(), logs);
        for piece in ["one", " line\ntw", "o\n\nthree"] {
            lines.push(piece.as_bytes());
        }
        drop(lines);
        assert_eq!(*kept.lock().unwrap(), ["fetch: one line", "fetch: two", "fetch: ", "fetch: three"]);
    }
}
