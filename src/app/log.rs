//! The program's two output streams, independent of their readers: lines wait in a bounded queue for a writer thread.
//! Lines that find the queue full are dropped and counted, failed writes are ignored, and a reader that is gone or has
//! stopped reading does not block the wall.

use std::io::{self, Write};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// Lines that wait to be written.
const QUEUE: usize = 1024;
/// Longest wait at exit for queued lines to be written.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);

/// A stream of lines with a thread that writes them.
pub struct Stream {
    sender: SyncSender<Line>,
    dropped: AtomicU64,
}

enum Line {
    Text(Vec<u8>),
    /// Asks to be told when all before it is written.
    Flush(SyncSender<()>),
}

static ERRORS: LazyLock<Stream> = LazyLock::new(|| Stream::to("log", io::stderr()));
static OUTPUT: LazyLock<Stream> = LazyLock::new(|| Stream::to("output", io::stdout()));

impl Stream {
    /// A stream to a writer, with a thread of its own.
    pub fn to(name: &str, writer: impl Write + Send + 'static) -> Self {
        let (sender, receiver) = sync_channel(QUEUE);
        // Without a thread for it nothing is said; the wall goes on.
        let _ = std::thread::Builder::new().name(name.to_owned()).spawn(move || write(&receiver, writer));
        Self { sender, dropped: AtomicU64::new(0) }
    }

    /// Queues bytes, as a rule whole lines. Never blocks.
    pub fn say(&self, mut bytes: Vec<u8>) {
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            let mut told = format!("({dropped} lines were dropped: nobody read them)\n").into_bytes();
            told.append(&mut bytes);
            bytes = told;
        }
        if let Err(TrySendError::Full(_)) = self.sender.try_send(Line::Text(bytes)) {
            self.dropped.fetch_add(dropped + 1, Ordering::Relaxed);
        }
    }

    /// Waits until all is written, or nobody reads.
    pub fn flush(&self) {
        let (done, written) = sync_channel(1);
        let mut asked = Line::Flush(done);
        let until = Instant::now() + FLUSH_TIMEOUT;
        while let Err(TrySendError::Full(again)) = self.sender.try_send(asked) {
            if Instant::now() >= until {
                return;
            }
            asked = again;
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = written.recv_timeout(until.saturating_duration_since(Instant::now()));
    }
}

fn write(lines: &Receiver<Line>, mut writer: impl Write) {
    while let Ok(line) = lines.recv() {
        match line {
            Line::Text(bytes) => {
                // A closed pipe is no fault of the wall's.
                let _ = writer.write_all(&bytes).and_then(|()| writer.flush());
            }
            Line::Flush(done) => {
                let _ = done.try_send(());
            }
        }
    }
}

/// Prints a line to stderr for the person at the terminal.
pub fn say(text: &str) {
    ERRORS.say(format!("{text}\n").into_bytes());
}

/// Says a line on the stream of output.
pub fn announce(text: &str) {
    OUTPUT.say(format!("{text}\n").into_bytes());
}

/// Waits, not for long, until what was said is written.
pub fn flush() {
    OUTPUT.flush();
    ERRORS.flush();
}

/// The log's way to the stream of errors.
#[derive(Debug, Clone, Copy, Default)]
pub struct Log;

/// One event of the log, said when it is whole.
pub struct Event(Vec<u8>);

impl<'a> MakeWriter<'a> for Log {
    type Writer = Event;

    fn make_writer(&'a self) -> Event {
        Event(Vec::new())
    }
}

impl Write for Event {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            ERRORS.say(std::mem::take(&mut self.0));
        }
    }
}

/// Lets panics go the log's way: the default hook waits for a reader.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let trace = std::backtrace::Backtrace::capture();
        let name = thread.name().unwrap_or("a thread").to_owned();
        say(&format!("{name} failed: {panic}\n{trace}"));
        ERRORS.flush();
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex, mpsc};

    /// A reader that reads nothing until it is let.
    struct Stopped {
        /// Told of each line that it is given.
        given: mpsc::Sender<()>,
        gate: mpsc::Receiver<()>,
        read: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Stopped {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.given.send(());
            let _ = self.gate.recv();
            self.read.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_stops_holds_nobody_and_what_was_dropped_is_counted() {
        let (go, gate) = mpsc::channel();
        let (given, is_given) = mpsc::channel();
        let read = Arc::new(Mutex::new(Vec::new()));
        let stream = Stream::to("test", Stopped { given, gate, read: read.clone() });
        // Once it holds a line it takes no other: the queue alone has room.
        stream.say(b"first\n".to_vec());
        is_given.recv().unwrap();
        for line in 0..QUEUE + 500 {
            stream.say(format!("{line}\n").into_bytes());
        }
        let dropped = stream.dropped.load(Ordering::Relaxed);
        assert_eq!(dropped, 500);
        // It reads again: what waited is there, and how much is missing.
        drop(go);
        stream.flush();
        stream.say(b"again\n".to_vec());
        stream.flush();
        let text = String::from_utf8(read.lock().unwrap().clone()).unwrap();
        assert!(text.contains(&format!("({dropped} lines were dropped")) && text.ends_with("again\n"));
    }

    #[test]
    fn a_reader_that_is_gone_is_no_fault() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }

            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let stream = Stream::to("test", Gone);
        stream.say(b"x\n".to_vec());
        stream.flush();
        stream.say(b"y\n".to_vec());
    }
}
