//! Tells those who are off duty: from a queue on disk, again and again until they have heard, or a day is over.

mod queue;
mod send;

use std::collections::HashMap;
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
            // Each is told one thing after another: what comes last is what is so.
            let mut lines: HashMap<String, mpsc::Sender<Waiting>> = HashMap::new();
            let mut give = |waiting: Waiting| {
                let line = lines.entry(waiting.to.clone()).or_insert_with(|| {
                    let (line, told) = mpsc::channel(QUEUE);
                    tokio::spawn(tell_all(queue.clone(), told, known.clone(), wall.clone()));
                    line
                });
                line.try_send(waiting).err().map(|refused| refused.into_inner())
            };
            for waiting in queue.waiting().await {
                if let Some(waiting) = give(waiting) {
                    dropped(&queue, &waiting).await;
                }
            }
            while let Some(notice) = notices.recv().await {
                for to in &notice.to {
                    if let Some(waiting) = give(queue.keep(&notice, to).await) {
                        dropped(&queue, &waiting).await;
                    }
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

/// Forgets a notice for which there is no room: too much waits for somebody who does not hear.
async fn dropped(queue: &Queue, waiting: &Waiting) {
    tracing::error!(to = waiting.to, alarm = waiting.notice.alarm, "too much waits to be told: a notice is dropped");
    queue.remove(waiting).await;
}

/// Tells one of those who are told one notice after another.
async fn tell_all(
    queue: Arc<Queue>,
    mut line: mpsc::Receiver<Waiting>,
    channels: watch::Receiver<Vec<Channel>>,
    wall: String,
) {
    while let Some(waiting) = line.recv().await {
        tell(&waiting, &channels, &wall).await;
        queue.remove(&waiting).await;
    }
}

/// Tries until it was heard, or too old.
async fn tell(waiting: &Waiting, channels: &watch::Receiver<Vec<Channel>>, wall: &str) {
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
        match send(&channel, &waiting.notice, wall).await {
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
}
