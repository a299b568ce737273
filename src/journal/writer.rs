//! The thread that writes the journal. Nobody waits for it but who reads: orders are carried out whether the disk takes
//! their records or not, and what it did not take is written later.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::file::{Filter, JournalFile};
use super::{ChainFault, JournalError, Verified};
use crate::conductor::Record;
use crate::state::State;

/// So many records may wait for the thread; those beyond are counted and lost.
const QUEUE: usize = 4096;
/// So many records are held in memory while the disk takes none; the oldest leave first, and are counted.
const MAX_WAITING: usize = 10_000;
/// After a failure nothing is tried for this long.
const REST: Duration = Duration::from_secs(5);
/// The disk has this long to take the last records when the program ends.
const END_TIMEOUT: Duration = Duration::from_secs(2);
/// How often the journal is held against its largest size.
const PRUNE_EVERY: Duration = Duration::from_secs(3600);

/// Takes an answer, on the journal's thread.
type Told<T> = Box<dyn FnOnce(T) + Send>;

enum Message {
    Keep(Box<(Record, State)>),
    /// What rules watch at a moment.
    Sample(i64, Vec<(String, Option<f64>)>),
    Read(Filter, Told<Result<Vec<Record>, JournalError>>),
    /// What was given is written; the answer says so.
    Settle(Told<()>),
    /// What was given is written, and the thread ends.
    End,
    Verify(Told<Result<Result<Verified, ChainFault>, JournalError>>),
}

/// A journal that is written in the background.
#[derive(Debug)]
pub struct Journal {
    sender: SyncSender<Message>,
    thread: Option<JoinHandle<()>>,
}

/// Gives records to a journal, and reads it.
#[derive(Debug, Clone)]
pub struct JournalHandle(SyncSender<Message>);

impl Journal {
    /// Opens the journal at `path`, or one in memory where the wall keeps nothing, and starts its thread. Returns the state
    /// of before, too. A journal that cannot be opened is tried again, and in the meantime kept in memory.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(path: Option<PathBuf>, max_bytes: u64) -> std::io::Result<(Self, Option<State>)> {
        let file = open(path.as_deref(), max_bytes)
            .inspect_err(|error| tracing::warn!(%error, "orders are kept in memory for now"))
            .ok();
        let state = file.as_ref().and_then(|file| {
            file.state().inspect_err(|error| tracing::warn!(%error, "the state of before is not known")).ok()?
        });
        let failing = file.is_none();
        let (sender, receiver) = sync_channel(QUEUE);
        let work = Work {
            path,
            max_bytes,
            file,
            waiting: VecDeque::new(),
            newest: None,
            failing,
            lost: 0,
            rest_until: None,
            pruned: None,
            ending: false,
        };
        let thread = std::thread::Builder::new().name("journal".into()).spawn(move || work.run(&receiver))?;
        Ok((Self { sender, thread: Some(thread) }, state))
    }

    /// A handle for who gives it records and who reads it.
    pub fn handle(&self) -> JournalHandle {
        JournalHandle(self.sender.clone())
    }
}

impl Drop for Journal {
    /// What was given is written before the program ends; a disk that hangs does not hold it for long.
    fn drop(&mut self) {
        let _ = self.sender.try_send(Message::End);
        let Some(thread) = self.thread.take() else { return };
        let began = Instant::now();
        while !thread.is_finished() && began.elapsed() < END_TIMEOUT {
            std::thread::sleep(Duration::from_millis(2));
        }
        if thread.is_finished() {
            let _ = thread.join();
        } else {
            tracing::warn!("the disk did not take the last orders");
        }
    }
}

impl JournalHandle {
    /// Gives it a record with the state after it; never waits.
    pub fn keep(&self, record: Record, state: State) {
        match self.0.try_send(Message::Keep(Box::new((record, state)))) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
            Err(TrySendError::Full(_)) => tracing::warn!("the journal is too slow: the record of an order is lost"),
        }
    }

    /// Gives it the numbers that rules watch at a moment; never waits. What the disk does not take is lost.
    pub fn sample(&self, at_millis: i64, values: Vec<(String, Option<f64>)>) {
        if self.0.try_send(Message::Sample(at_millis, values)).is_err() {
            tracing::debug!("the journal is too slow: a sample of what rules watch is lost");
        }
    }

    /// Tells when what was given is on the disk, or the disk has said that it takes nothing; never waits. Where the journal
    /// is too slow it is told at once.
    pub fn when_settled(&self, then: impl FnOnce() + Send + 'static) {
        let refused = self.0.try_send(Message::Settle(Box::new(move |()| then())));
        if let Err(TrySendError::Full(Message::Settle(then)) | TrySendError::Disconnected(Message::Settle(then))) =
            refused
        {
            then(());
        }
    }

    /// Tells the records, the newest first, once the disk has; never waits.
    pub fn when_read(&self, filter: Filter, then: impl FnOnce(Result<Vec<Record>, JournalError>) + Send + 'static) {
        let refused = self.0.try_send(Message::Read(filter, Box::new(then)));
        if let Err(TrySendError::Full(Message::Read(_, then)) | TrySendError::Disconnected(Message::Read(_, then))) =
            refused
        {
            then(Err(JournalError::Closed));
        }
    }

    /// Records, the newest first. Waits for the disk: not to be called on the thread that paints.
    ///
    /// # Errors
    /// What the database says, or when the journal is closed.
    pub fn read(&self, filter: Filter) -> Result<Vec<Record>, JournalError> {
        self.ask(|reply| Message::Read(filter, reply))?
    }

    /// Whether every record is what was written. Waits for the disk.
    ///
    /// # Errors
    /// What the database says, or when the journal is closed.
    pub fn verify(&self) -> Result<Result<Verified, ChainFault>, JournalError> {
        self.ask(Message::Verify)?
    }

    fn ask<T: Send + 'static>(&self, message: impl FnOnce(Told<T>) -> Message) -> Result<T, JournalError> {
        let (reply, answer) = sync_channel(1);
        let told = Box::new(move |answer| drop(reply.send(answer)));
        self.0.send(message(told)).map_err(|_| JournalError::Closed)?;
        answer.recv().map_err(|_| JournalError::Closed)
    }
}

/// The thread's own.
struct Work {
    path: Option<PathBuf>,
    max_bytes: u64,
    file: Option<JournalFile>,
    waiting: VecDeque<Record>,
    /// The state after the last of them.
    newest: Option<State>,
    /// Whether the disk took nothing when it was last asked, which has been said.
    failing: bool,
    /// Records that left memory before the disk took them.
    lost: u64,
    rest_until: Option<Instant>,
    pruned: Option<Instant>,
    ending: bool,
}

impl Work {
    fn run(mut self, messages: &Receiver<Message>) {
        loop {
            let message = match self.rest_until.map(|until| until.saturating_duration_since(Instant::now())) {
                Some(rest) => messages.recv_timeout(rest),
                None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match message {
                Ok(message) => {
                    self.take(message);
                    // What has gathered is written together.
                    messages.try_iter().for_each(|message| self.take(message));
                }
                Err(RecvTimeoutError::Timeout) => self.rest_until = None,
                Err(RecvTimeoutError::Disconnected) => self.ending = true,
            }
            if self.ending {
                self.rest_until = None;
                return self.write();
            }
            self.write();
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Keep(kept) => {
                if self.waiting.len() == MAX_WAITING {
                    self.waiting.pop_front();
                    self.lost += 1;
                }
                let (record, state) = *kept;
                self.waiting.push_back(record);
                self.newest = Some(state);
            }
            Message::Sample(at_millis, values) => {
                if let Some(Err(error)) = self.file.as_mut().map(|file| file.sample(at_millis, &values)) {
                    tracing::debug!(%error, "a sample of what rules watch is lost");
                }
            }
            Message::Settle(reply) => {
                self.write();
                reply(());
            }
            Message::End => self.ending = true,
            Message::Read(filter, reply) => {
                self.write();
                reply(self.read(&filter));
            }
            Message::Verify(reply) => {
                self.write();
                reply(self.file.as_ref().ok_or(JournalError::Closed).and_then(JournalFile::verify));
            }
        }
    }

    /// What the disk has, and what waits for it.
    fn read(&self, filter: &Filter) -> Result<Vec<Record>, JournalError> {
        let is_asked = |record: &&Record| {
            filter.from_millis.is_none_or(|from| record.at_millis >= from)
                && filter.until_millis.is_none_or(|until| record.at_millis < until)
                && filter.by.as_ref().is_none_or(|by| *by == record.by.name)
        };
        let waiting = self.waiting.iter().rev().filter(is_asked).cloned();
        let mut records: Vec<Record> = waiting.take(filter.limit).collect();
        if let Some(file) = &self.file {
            let limit = filter.limit - records.len();
            records.extend(file.records(&Filter { limit, ..filter.clone() })?);
        }
        Ok(records)
    }

    fn write(&mut self) {
        if self.waiting.is_empty() || self.rest_until.is_some() {
            return;
        }
        match self.try_write() {
            Ok(()) => {
                self.waiting.clear();
                self.failing = false;
                if std::mem::take(&mut self.lost) > 0 {
                    tracing::warn!("the journal is written again; some records of orders are lost");
                }
                self.prune();
            }
            Err(error) => {
                if !std::mem::replace(&mut self.failing, true) {
                    tracing::warn!(%error, "orders are not written: they are kept in memory and tried again");
                }
                (self.file, self.rest_until) =
                    (self.file.take().filter(|_| self.path.is_none()), Some(Instant::now() + REST));
            }
        }
    }

    fn try_write(&mut self) -> Result<(), JournalError> {
        if self.file.is_none() {
            self.file = Some(open(self.path.as_deref(), self.max_bytes)?);
        }
        match (&mut self.file, &self.newest) {
            (Some(file), Some(state)) => file.write(self.waiting.make_contiguous(), state),
            _ => Ok(()),
        }
    }

    fn prune(&mut self) {
        let is_due = self.pruned.is_none_or(|pruned| pruned.elapsed() >= PRUNE_EVERY);
        if let Some(file) = self.file.as_mut().filter(|_| is_due) {
            self.pruned = Some(Instant::now());
            if let Err(error) = file.prune() {
                tracing::warn!(%error, "old days of the journal stay");
            }
        }
    }
}

/// The journal at `path`, or one in memory where the wall keeps nothing.
fn open(path: Option<&Path>, max_bytes: u64) -> Result<JournalFile, JournalError> {
    match path {
        Some(path) => JournalFile::open(path, max_bytes),
        None => JournalFile::in_memory(),
    }
}
