//! The journal's file.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::JournalError;
use super::chain::{ChainFault, Hash, START, Verified, hash_of};
use crate::conductor::Record;
use crate::state::State;

/// Tells a journal from other files of SQLite: "OBZJ".
const APPLICATION_ID: i64 = 0x4F42_5A4A;
/// The form of the tables.
const FORM: i64 = 1;
const DAY_MILLIS: i64 = 86_400_000;
/// Samples are kept for so many days.
const SAMPLE_DAYS: i64 = 400;
/// The numbers that rules watched: a journal of before has no such table.
const SAMPLES: &str = "
    CREATE TABLE IF NOT EXISTS sample (
        name TEXT NOT NULL, at_millis INTEGER NOT NULL, value REAL, PRIMARY KEY (name, at_millis)
    ) WITHOUT ROWID;
";
const TABLES: &str = "
    CREATE TABLE record (
        number INTEGER PRIMARY KEY, at_millis INTEGER NOT NULL, by TEXT NOT NULL, record TEXT NOT NULL, hash BLOB NOT NULL
    );
    CREATE INDEX record_by_time ON record (at_millis);
    -- The hash before the first record that is left, and the number and hash of the last one.
    CREATE TABLE chain (
        only INTEGER PRIMARY KEY CHECK (only = 1), before BLOB NOT NULL, last INTEGER NOT NULL, hash BLOB NOT NULL
    );
    CREATE TABLE state (only INTEGER PRIMARY KEY CHECK (only = 1), state TEXT NOT NULL);
";

/// Which records are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// From this moment on, in milliseconds since 1970.
    pub from_millis: Option<i64>,
    /// Before this moment.
    pub until_millis: Option<i64>,
    /// Of this giver alone.
    pub by: Option<String>,
    /// No more than this, the newest.
    pub limit: usize,
}

/// A journal on disk, or in memory where the wall keeps nothing.
#[derive(Debug)]
pub struct JournalFile {
    path: PathBuf,
    connection: Connection,
    max_bytes: u64,
}

impl JournalFile {
    /// Opens the journal at `path`, and makes it where there is none.
    ///
    /// # Errors
    /// When the file is something else, or the system or the database says no.
    pub fn open(path: &Path, max_bytes: u64) -> Result<Self, JournalError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let fault = |source| JournalError::Folder { path: folder.to_owned(), source };
            std::fs::create_dir_all(folder).map_err(fault)?;
        }
        let opened = Connection::open(path).map_err(|source| fault(path, source))?;
        Self::with(opened, path, max_bytes)
    }

    /// Opens a journal that is only read, also while a wall writes it.
    ///
    /// # Errors
    /// When there is none at `path`, or it is something else.
    pub fn open_read_only(path: &Path) -> Result<Self, JournalError> {
        let says = |source| fault(path, source);
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(says)?;
        let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        if number("application_id").map_err(says)? != APPLICATION_ID || number("user_version").map_err(says)? != FORM {
            return Err(JournalError::Foreign(path.to_owned()));
        }
        Ok(Self { path: path.to_owned(), connection, max_bytes: u64::MAX })
    }

    /// A journal that is gone with the program.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn in_memory() -> Result<Self, JournalError> {
        let path = Path::new("the journal in memory");
        let opened = Connection::open_in_memory().map_err(|source| fault(path, source))?;
        Self::with(opened, path, 64 << 20)
    }

    fn with(connection: Connection, path: &Path, max_bytes: u64) -> Result<Self, JournalError> {
        let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let says = |source| fault(path, source);
        let (id, form) = (number("application_id").map_err(says)?, number("user_version").map_err(says)?);
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(says)?;
        let is_new = id == 0 && tables == 0;
        if !is_new && (id != APPLICATION_ID || form != FORM) {
            return Err(JournalError::Foreign(path.to_owned()));
        }
        // Each order is on disk before the next is written: a power cut takes the last one at most.
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;")
            .map_err(says)?;
        if is_new {
            let set = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORM};");
            connection.execute_batch(&format!("BEGIN; {TABLES} {set} COMMIT;")).map_err(says)?;
        }
        connection.execute_batch(SAMPLES).map_err(says)?;
        Ok(Self { path: path.to_owned(), connection, max_bytes })
    }

    /// Writes the numbers that rules watch at a moment, in milliseconds since 1970; none where nobody knows it.
    ///
    /// # Errors
    /// What the database says.
    pub fn sample(&mut self, at_millis: i64, values: &[(String, Option<f64>)]) -> Result<(), JournalError> {
        let write = || {
            let transaction = self.connection.unchecked_transaction()?;
            for (name, value) in values {
                let insert = "INSERT OR REPLACE INTO sample VALUES (?1, ?2, ?3)";
                transaction.execute(insert, params![name, at_millis, value])?;
            }
            transaction.commit()
        };
        write().map_err(|source| fault(&self.path, source))
    }

    /// The numbers that a rule watched from a moment on, in the order of time.
    ///
    /// # Errors
    /// What the database says.
    pub fn samples(&self, name: &str, from_millis: i64) -> Result<Vec<(i64, Option<f64>)>, JournalError> {
        let read = || {
            let select = "SELECT at_millis, value FROM sample WHERE name = ?1 AND at_millis >= ?2 ORDER BY at_millis";
            let mut found = self.connection.prepare(select)?;
            let rows = found.query_map(params![name, from_millis], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|source| fault(&self.path, source))
    }

    /// Writes records in their order, and the state after the last of them: all or nothing.
    ///
    /// # Errors
    /// What the database says; nothing is written then.
    pub fn write(&mut self, records: &[Record], state: &State) -> Result<(), JournalError> {
        self.try_write(records, state).map_err(|source| fault(&self.path, source))
    }

    fn try_write(&mut self, records: &[Record], state: &State) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut number, mut hash) = transaction
            .query_row("SELECT last, hash FROM chain", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .unwrap_or((0i64, START));
        for record in records {
            number += 1;
            let text = json(record)?;
            hash = hash_of(&hash, number, &text);
            transaction.execute(
                "INSERT INTO record VALUES (?1, ?2, ?3, ?4, ?5)",
                params![number, record.at_millis, record.by.name, text, hash],
            )?;
        }
        transaction.execute(
            "INSERT INTO chain VALUES (1, ?1, ?2, ?3) ON CONFLICT DO UPDATE SET last = ?2, hash = ?3",
            params![START, number, hash],
        )?;
        transaction.execute("INSERT OR REPLACE INTO state VALUES (1, ?1)", [json(state)?])?;
        transaction.commit()
    }

    /// The state after the last order; none in a new journal, or where it cannot be understood any more.
    ///
    /// # Errors
    /// What the database says.
    pub fn state(&self) -> Result<Option<State>, JournalError> {
        let text = self.connection.query_row("SELECT state FROM state", [], |row| row.get::<_, String>(0)).optional();
        let text = text.map_err(|source| fault(&self.path, source))?;
        Ok(text.and_then(|text| {
            let read = serde_json::from_str(&text);
            read.inspect_err(|error| tracing::warn!(%error, "the state of before cannot be read")).ok()
        }))
    }

    /// Records, the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn records(&self, filter: &Filter) -> Result<Vec<Record>, JournalError> {
        let read = || {
            let mut found = self.connection.prepare(
                "SELECT record FROM record WHERE at_millis >= ?1 AND at_millis < ?2 AND (?3 IS NULL OR by = ?3)
                 ORDER BY number DESC LIMIT ?4",
            )?;
            let limit = i64::try_from(filter.limit).unwrap_or(i64::MAX);
            let (from, until) = (filter.from_millis.unwrap_or(i64::MIN), filter.until_millis.unwrap_or(i64::MAX));
            let rows = found.query_map(params![from, until, filter.by, limit], |row| row.get::<_, String>(0))?;
            rows.collect::<rusqlite::Result<Vec<String>>>()
        };
        let texts = read().map_err(|source| fault(&self.path, source))?;
        Ok(texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
    }

    /// Whether every record is what was written, and none is missing.
    ///
    /// # Errors
    /// What the database says.
    pub fn verify(&self) -> Result<Result<Verified, ChainFault>, JournalError> {
        self.try_verify().map_err(|source| fault(&self.path, source))
    }

    fn try_verify(&self) -> rusqlite::Result<Result<Verified, ChainFault>> {
        let ends = self.connection.query_row("SELECT before, last, hash FROM chain", [], |row| {
            Ok((row.get::<_, Hash>(0)?, row.get::<_, i64>(1)?, row.get::<_, Hash>(2)?))
        });
        let (before, last, last_hash) = ends.optional()?.unwrap_or((START, 0, START));
        let mut rows = self.connection.prepare("SELECT number, record, hash FROM record ORDER BY number")?;
        let mut rows = rows.query([])?;
        let (mut hash, mut first, mut records) = (before, None, 0u64);
        while let Some(row) = rows.next()? {
            let (number, text): (i64, String) = (row.get(0)?, row.get(1)?);
            let expected = first.map_or(number, |first: i64| first + records as i64);
            if number != expected {
                return Ok(Err(ChainFault::Missing { number: expected }));
            }
            hash = hash_of(&hash, number, &text);
            if row.get::<_, Hash>(2)? != hash {
                return Ok(Err(ChainFault::Changed { number }));
            }
            first.get_or_insert(number);
            records += 1;
        }
        let first = first.unwrap_or(last + 1);
        if first + records as i64 != last + 1 || hash != last_hash {
            return Ok(Err(ChainFault::Missing { number: first + records as i64 }));
        }
        Ok(Ok(Verified { records, first }))
    }

    /// Lets the oldest days go, whole, where the journal is larger than it may be; the chain begins with the day after them.
    ///
    /// # Errors
    /// What the database says.
    pub fn prune(&mut self) -> Result<(), JournalError> {
        self.try_prune().map_err(|source| fault(&self.path, source))
    }

    fn try_prune(&mut self) -> rusqlite::Result<()> {
        let newest = "(SELECT max(at_millis) FROM sample)";
        let old = format!("DELETE FROM sample WHERE at_millis < {newest} - ?1");
        self.connection.execute(&old, [SAMPLE_DAYS * DAY_MILLIS])?;
        loop {
            let number = |pragma: &str| self.connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
            let used = (number("page_count")? - number("freelist_count")?) * number("page_size")?;
            let days = self.connection.query_row("SELECT min(at_millis), max(at_millis) FROM record", [], |row| {
                Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?))
            })?;
            let (Some(oldest), Some(newest)) = days else { return Ok(()) };
            let end_of_day = (oldest.div_euclid(DAY_MILLIS) + 1) * DAY_MILLIS;
            if used.unsigned_abs() <= self.max_bytes || newest < end_of_day {
                return Ok(());
            }
            let transaction = self.connection.transaction()?;
            // Records are in the order of their numbers, also where a clock was set back between them.
            let last: i64 =
                transaction
                    .query_row("SELECT max(number) FROM record WHERE at_millis < ?1", [end_of_day], |row| row.get(0))?;
            transaction.execute("UPDATE chain SET before = (SELECT hash FROM record WHERE number = ?1)", [last])?;
            transaction.execute("DELETE FROM record WHERE number <= ?1", [last])?;
            transaction.commit()?;
        }
    }
}

fn fault(path: &Path, source: rusqlite::Error) -> JournalError {
    JournalError::Database { path: path.to_owned(), source }
}

fn json(value: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}
