//! Whether the port is open.

use std::{io, net::SocketAddr};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
};

/// The most connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// The door from inside: what is wanted of the port.
#[derive(Debug)]
pub struct Door {
    wanted_open: watch::Sender<bool>,
    is_open: watch::Receiver<bool>,
}

/// The door from outside: tells how the port is.
pub type Sign = watch::Sender<bool>;

/// A door whose port is open.
pub fn open() -> (Door, Sign) {
    let (sign, is_open) = watch::channel(true);
    (Door { wanted_open: watch::Sender::new(true), is_open }, sign)
}

impl Door {
    /// Wants the port open or closed, and waits until it is, or until nobody serves any more.
    pub async fn set(&self, open: bool) {
        self.wanted_open.send_replace(open);
        let _ = self.is_open.clone().wait_for(|is| *is == open).await;
    }

    /// Waits until the port is wanted open or closed.
    pub async fn wanted(&self, open: bool) {
        // The sender lives in `self`, so the channel is open.
        let _ = self.wanted_open.subscribe().wait_for(|wanted| *wanted == open).await;
    }
}

/// The port of a listener that was closed: kept by a socket that does not listen, so that nobody else gets it and every call to it is
/// refused.
pub struct Reserved(TcpSocket);

impl Reserved {
    pub fn at(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        // Connections of the old listener may still be ending.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(Self(socket))
    }

    pub fn listen(self) -> io::Result<TcpListener> {
        self.0.listen(BACKLOG)
    }
}
