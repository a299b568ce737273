//! The system's signals.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::wake::Wake;

/// Passes the system's signals on: those that end the program, and the one that asks to read the files again.
pub async fn signals(wake: impl Fn(Wake)) {
    let listen = |kind| signal(kind).inspect_err(|error| tracing::warn!(%error, "a signal cannot be listened to")).ok();
    let (mut term, mut hup) = (listen(SignalKind::terminate()), listen(SignalKind::hangup()));
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return wake(Wake::Stop),
            _ = next(&mut term) => return wake(Wake::Stop),
            _ = next(&mut hup) => wake(Wake::Reload),
        }
    }
}

/// The next of a signal; never, where it cannot be listened to.
async fn next(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}
