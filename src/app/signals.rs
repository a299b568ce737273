//! The system's signals.

use super::session::Wake;

/// Passes the system's signals on: those that end the program, and the one that asks to read the files again.
pub async fn signals(wake: impl Fn(Wake)) {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).inspect_err(|error| tracing::warn!(%error, "a signal cannot be listened to")).ok();
    let (mut term, mut hup) = (listen(SignalKind::terminate()), listen(SignalKind::hangup()));
    loop {
        let told_to_end = async {
            match &mut term {
                Some(term) => term.recv().await,
                None => std::future::pending().await,
            }
        };
        let told_to_reload = async {
            match &mut hup {
                Some(hup) => hup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return wake(Wake::Stop),
            _ = told_to_end => return wake(Wake::Stop),
            _ = told_to_reload => wake(Wake::Reload),
        }
    }
}
