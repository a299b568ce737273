//! Keeps a source running: after a failure it is restarted, with pauses that grow until it has been well again.

use std::time::Duration;

use std::panic::AssertUnwindSafe;

use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::FutureExt;

use super::fetch::SourceError;
use crate::clock::{Clock, Moment};

/// The first pause after a failure; jitter adds up to as much again.
const FIRST_PAUSE: Duration = Duration::from_millis(300);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// A source that can be kept going.
pub trait RunningSource: Send + Sized {
    /// Its name in messages.
    fn name(&self) -> String;

    /// Works until something breaks; calls `alive` whenever the backend has shown that it is well.
    fn run(&mut self, alive: impl FnMut() + Send) -> impl Future<Output = Result<(), SourceError>> + Send;

    /// Reads everything once.
    fn load_once(&mut self) -> impl Future<Output = Result<(), SourceError>> + Send;

    /// Says that nothing has been heard since `since`.
    fn report_lost(&self, since: Moment) -> impl Future<Output = ()> + Send;
}

/// Runs `source` until the wall shuts down.
pub async fn supervise(mut source: impl RunningSource, clock: Clock) {
    let pauses = || {
        ExponentialBuilder::new()
            .with_min_delay(FIRST_PAUSE)
            .with_max_delay(LONGEST_PAUSE)
            .without_max_times()
            .with_jitter()
            .build()
    };
    let mut pause = pauses();
    let mut failures = 0u32;
    loop {
        let mut was_well = false;
        // A source that panics is restarted like one that fails.
        let work = AssertUnwindSafe(source.run(|| was_well = true)).catch_unwind();
        let result = work.await.unwrap_or(Err(SourceError::Broken));
        if was_well {
            (pause, failures) = (pauses(), 0);
        }
        let Err(error) = result else { continue };
        if matches!(error, SourceError::ShuttingDown) {
            return;
        }
        source.report_lost(clock.now()).await;
        failures += 1;
        let wait = error.retry_after().or_else(|| pause.next()).unwrap_or(LONGEST_PAUSE);
        // Logged at the first failure, and then ever more rarely: a night without a backend must not fill the disk.
        if failures.is_power_of_two() {
            tracing::warn!(source = source.name(), failures, wait_ms = wait.as_millis() as u64, "{}", causes(&error));
        }
        tokio::time::sleep(wait).await;
    }
}

/// An error with what caused it, in one line.
pub fn causes(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !line.contains(&words) {
            line.push_str(": ");
            line.push_str(&words);
        }
        cause = inner.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Fails in a way that nobody thought of, and then has nobody to speak to.
    struct Broken(Arc<AtomicU32>);

    impl RunningSource for Broken {
        fn name(&self) -> String {
            "broken".to_owned()
        }

        async fn run(&mut self, _: impl FnMut() + Send) -> Result<(), SourceError> {
            let times = self.0.fetch_add(1, Ordering::Relaxed);
            assert!(times > 1, "as it was meant to");
            Err(SourceError::ShuttingDown)
        }

        async fn load_once(&mut self) -> Result<(), SourceError> {
            Ok(())
        }

        async fn report_lost(&self, _: Moment) {}
    }

    #[tokio::test]
    async fn a_source_that_fails_is_started_again() {
        let times = Arc::new(AtomicU32::new(0));
        supervise(Broken(times.clone()), Clock::standing_at(Moment(0))).await;
        assert_eq!(times.load(Ordering::Relaxed), 3);
    }
}
