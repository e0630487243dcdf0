//! The wish to end: Ctrl-C, what a service manager sends, or the end of whoever holds our standard input.

use std::{io, thread};

use tokio::sync::oneshot;

/// Waits for the first or the second of them.
pub async fn asked() {
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!("Ctrl-C cannot be heard, so only a kill ends this: {error}");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

/// Waits until standard input closes. A pipe does so when the process at its other end is gone, however that one ended.
pub async fn stdin_closed() {
    let (tell, closed) = oneshot::channel();
    // A thread of its own, not one of the runtime's: the runtime would wait for its read, also when something else ends us.
    thread::spawn(move || {
        // What is written there means nothing. What cannot be read is as good as closed.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = tell.send(());
    });
    // It is dropped untold only by a thread that broke, and then nobody would ever tell.
    let _ = closed.await;
}
