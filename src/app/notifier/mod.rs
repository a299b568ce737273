//! Tells those who are off duty: from a queue on disk, again and again until they have heard, or a day is over.

mod queue;
mod send;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, watch};

use queue::{Queue, Waiting};
pub use send::send;

use crate::alarm::Notice;
use crate::notify::Channel;

/// Notices that have not been taken from the thread that paints; more are dropped.
const QUEUE: usize = 256;
/// After a day nobody is helped by hearing of it.
const MAX_AGE: Duration = Duration::from_secs(86_400);
/// The shortest and the longest pause between two tries.
const PAUSES: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(600));

/// Gives notices to those who tell them.
#[derive(Clone)]
pub struct Notifier {
    sender: mpsc::Sender<Notice>,
    channels: Arc<watch::Sender<Vec<Channel>>>,
}

impl Notifier {
    /// Starts with the notices of a folder that were not told before; none is kept where there is no folder.
    pub fn start(runtime: &Runtime, folder: Option<PathBuf>, wall: String, channels: Vec<Channel>) -> Self {
        let (sender, mut notices) = mpsc::channel::<Notice>(QUEUE);
        let (channels, known) = watch::channel(channels);
        runtime.spawn(async move {
            let queue = Arc::new(Queue::open(folder).await);
            for waiting in queue.waiting().await {
                tokio::spawn(tell(queue.clone(), waiting, known.clone(), wall.clone()));
            }
            while let Some(notice) = notices.recv().await {
                for to in &notice.to {
                    let waiting = queue.keep(&notice, to).await;
                    tokio::spawn(tell(queue.clone(), waiting, known.clone(), wall.clone()));
                }
            }
        });
        Self { sender, channels: Arc::new(channels) }
    }

    /// Takes over who is told.
    pub fn replace(&self, channels: Vec<Channel>) {
        self.channels.send_replace(channels);
    }

    /// Tells somebody; never waits.
    pub fn tell(&self, notice: Notice) {
        if let Err(error) = self.sender.try_send(notice) {
            tracing::error!(%error, "a notice of an alarm is lost");
        }
    }
}

/// Tries until it was heard, or too old.
async fn tell(queue: Arc<Queue>, waiting: Waiting, channels: watch::Receiver<Vec<Channel>>, wall: String) {
    let exponential = || {
        ExponentialBuilder::default()
            .with_min_delay(PAUSES.0)
            .with_max_delay(PAUSES.1)
            .with_factor(2.0)
            .with_jitter()
            .without_max_times()
            .build()
    };
    let mut pauses = exponential();
    loop {
        let age = queue::age(&waiting.notice);
        if age > MAX_AGE {
            tracing::error!(
                to = waiting.to,
                alarm = waiting.notice.alarm,
                "nobody could be told of an alarm for a day"
            );
            break;
        }
        let channel = channels.borrow().iter().find(|channel| channel.name == waiting.to).cloned();
        let Some(channel) = channel else {
            tracing::warn!(to = waiting.to, "an alarm was to be told to somebody whom the file does not name any more");
            break;
        };
        match send(&channel, &waiting.notice, &wall).await {
            Ok(()) => {
                tracing::info!(to = waiting.to, alarm = waiting.notice.alarm, told = ?waiting.notice.told, "told");
                break;
            }
            Err(why) => {
                let pause = pauses.next().unwrap_or(PAUSES.1);
                let secs = pause.as_secs();
                tracing::warn!(
                    to = waiting.to,
                    alarm = waiting.notice.alarm,
                    why,
                    secs,
                    "not told yet: it is tried again"
                );
                tokio::time::sleep(pause).await;
            }
        }
    }
    queue.remove(&waiting).await;
}
