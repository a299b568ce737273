//! The archive's file: SQLite with a write-ahead log.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

use super::{ArchiveError, Difference};
use crate::clock::Moment;
use crate::data::dataset::{Dataset, Record};
use crate::data::freshness::Freshness;
use crate::data::region::{Boundaries, Dictionaries, Region};
use crate::data::{Appeal, AppealId, ArchivedData, MaskedTexts, SourceNumber};
use crate::privacy::Displayable;

/// «OBZR»: tells the archive from other databases.
const APPLICATION_ID: i64 = 0x4F42_5A52;
/// Each step brings the file from its form to the next.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE appeal (
        id INTEGER PRIMARY KEY, received INTEGER NOT NULL, first_reply INTEGER, answered INTEGER, accepted INTEGER,
        due INTEGER NOT NULL, lon_e6 INTEGER NOT NULL, lat_e6 INTEGER NOT NULL, topic INTEGER NOT NULL,
        municipality INTEGER NOT NULL, agency INTEGER NOT NULL, channel INTEGER NOT NULL, moves INTEGER NOT NULL,
        rating INTEGER NOT NULL, repeat INTEGER NOT NULL) STRICT;
    CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL, reply TEXT) STRICT;
    CREATE TABLE document (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE source (number INTEGER PRIMARY KEY, data_until INTEGER NOT NULL, period INTEGER NOT NULL) STRICT;
    CREATE TABLE dataset (name TEXT PRIMARY KEY, records TEXT NOT NULL, data_until INTEGER NOT NULL, period INTEGER NOT NULL) STRICT, WITHOUT ROWID;
",
// Which fields of a table are published: what is kept without knowing is shown to nobody who may see no texts.
"ALTER TABLE dataset ADD COLUMN published TEXT NOT NULL DEFAULT '[]';"];
const PAGE_BYTES: u64 = 4096;

/// An open archive.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    connection: Connection,
}

impl File {
    /// Opens or creates an archive of at most `max_mib` MiB. A corrupt file of ours is renamed and replaced by a new
    /// one; a foreign file is left alone.
    ///
    /// # Errors
    /// When the file is not ours, is of a later form, or the disk says no.
    pub fn open(path: &Path, max_mib: u64) -> Result<Self, ArchiveError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|source| ArchiveError::Folder { path: folder.to_owned(), source })?;
        }
        match Self::try_open(path, max_mib) {
            Err(ArchiveError::Database { source, .. }) if is_torn(&source) => {
                if !begins_like_ours(path) {
                    return Err(ArchiveError::Foreign(path.to_owned()));
                }
                let aside = path.with_extension("torn");
                tracing::error!(path = %path.display(), aside = %aside.display(), "the archive is torn: it is set aside and begun anew");
                for ending in ["", "-wal", "-shm"] {
                    let part = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
                    // What cannot be moved fails again when it is opened.
                    let _ = std::fs::rename(part(path), part(&aside));
                }
                Self::try_open(path, max_mib)
            }
            other => other,
        }
    }

    fn try_open(path: &Path, max_mib: u64) -> Result<Self, ArchiveError> {
        let fault = |source| ArchiveError::Database { path: path.to_owned(), source };
        own(path);
        let connection = Connection::open(path).map_err(fault)?;
        let number =
            |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(fault);
        let (id, form) = (number("application_id")?, number("user_version")?);
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(fault)?;
        if id != APPLICATION_ID && (id != 0 || tables > 0) {
            return Err(ArchiveError::Foreign(path.to_owned()));
        }
        let known = MIGRATIONS.len() as i64;
        if form > known {
            return Err(ArchiveError::Later { path: path.to_owned(), found: form, known });
        }
        connection
            .execute_batch(&format!(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864;
                 PRAGMA max_page_count = {};",
                (max_mib << 20) / PAGE_BYTES
            ))
            .map_err(fault)?;
        for (step, migration) in MIGRATIONS.iter().enumerate().skip(form.max(0) as usize) {
            let (version, id) = (step + 1, APPLICATION_ID);
            connection
                .execute_batch(&format!(
                    "BEGIN; {migration} PRAGMA application_id = {id}; PRAGMA user_version = {version}; COMMIT;"
                ))
                .map_err(fault)?;
        }
        Ok(Self { path: path.to_owned(), connection })
    }

    fn fault(&self, source: rusqlite::Error) -> ArchiveError {
        ArchiveError::Database { path: self.path.clone(), source }
    }

    /// Writes a difference, all of it or nothing.
    ///
    /// # Errors
    /// What the database says; nothing of it is written then.
    pub fn write(&mut self, difference: &Difference) -> Result<(), ArchiveError> {
        let path = self.path.clone();
        self.transact(difference).map_err(|source| ArchiveError::Database { path, source })
    }

    fn transact(&mut self, difference: &Difference) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        {
            let mut put = transaction.prepare(
                "INSERT OR REPLACE INTO appeal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            )?;
            for a in &difference.put {
                put.execute(params![
                    key(a.id),
                    a.received,
                    known(a.first_reply),
                    known(a.answered),
                    known(a.accepted),
                    a.due,
                    a.lon_e6,
                    a.lat_e6,
                    a.topic,
                    a.municipality,
                    a.agency,
                    a.channel,
                    a.moves,
                    a.rating,
                    a.repeat,
                ])?;
            }
            let mut delete = transaction.prepare("DELETE FROM appeal WHERE id = ?1")?;
            for id in &difference.gone {
                delete.execute([key(*id)])?;
            }
            let mut say = transaction.prepare("INSERT OR REPLACE INTO words VALUES (?1, ?2, ?3)")?;
            for (id, words) in &difference.words {
                // On disk stands what the public may see, and no more.
                let reply = words.reply.as_ref().map(Displayable::public);
                say.execute(params![key(*id), words.text.public(), reply])?;
            }
            let mut forget = transaction.prepare("DELETE FROM words WHERE id = ?1")?;
            for id in &difference.forgotten {
                forget.execute([key(*id)])?;
            }
            if let Some(region) = &difference.region {
                let dictionaries = serde_json::to_string(&region.dictionaries).unwrap_or_default();
                let documents = [("dictionaries", dictionaries), ("boundaries", region.boundaries.to_geojson())];
                for (name, body) in documents {
                    transaction.execute("INSERT OR REPLACE INTO document VALUES (?1, ?2)", params![name, body])?;
                }
            }
            for table in &difference.datasets {
                let records = serde_json::to_string(table.records()).unwrap_or_default();
                let published = serde_json::to_string(table.published()).unwrap_or_default();
                transaction.execute(
                    "INSERT OR REPLACE INTO dataset VALUES (?1, ?2, 0, 0, ?3)",
                    params![table.name, records, published],
                )?;
            }
            for (name, fresh) in &difference.tables {
                transaction.execute(
                    "UPDATE dataset SET data_until = ?2, period = ?3 WHERE name = ?1",
                    params![name, fresh.data_until.0, fresh.period_millis],
                )?;
            }
            for (number, fresh) in &difference.sources {
                transaction.execute(
                    "INSERT OR REPLACE INTO source VALUES (?1, ?2, ?3)",
                    params![number, fresh.data_until.0, fresh.period_millis],
                )?;
            }
        }
        transaction.commit()
    }

    /// Everything that is kept; none where nothing complete is.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self) -> Result<Option<ArchivedData>, ArchiveError> {
        let document = |name: &str| {
            let found =
                self.connection.query_row("SELECT body FROM document WHERE name = ?1", [name], |row| row.get(0));
            found.optional().map_err(|e| self.fault(e))
        };
        let (dictionaries, boundaries): (Option<String>, Option<String>) =
            (document("dictionaries")?, document("boundaries")?);
        let (Some(dictionaries), Some(boundaries)) = (dictionaries, boundaries) else { return Ok(None) };
        let unreadable = |what: String| ArchiveError::Unreadable { path: self.path.clone(), what };
        let dictionaries: Dictionaries = serde_json::from_str(&dictionaries).map_err(|e| unreadable(e.to_string()))?;
        let boundaries = if boundaries.is_empty() {
            Boundaries::default()
        } else {
            Boundaries::from_geojson(&boundaries).map_err(|e| unreadable(e.to_string()))?
        };
        let sources = self.sources().map_err(|e| self.fault(e))?;
        if sources.is_empty() {
            return Ok(None);
        }
        Ok(Some(ArchivedData {
            region: Arc::new(Region { dictionaries, boundaries }),
            appeals: self.appeals().map_err(|e| self.fault(e))?,
            words: self.words().map_err(|e| self.fault(e))?,
            datasets: self.datasets().map_err(|e| self.fault(e))?,
            sources,
        }))
    }

    /// The dictionaries by which the kept appeals are numbered.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn dictionaries(&self) -> Result<Option<Dictionaries>, ArchiveError> {
        let found = self
            .connection
            .query_row("SELECT body FROM document WHERE name = 'dictionaries'", [], |row| row.get::<_, String>(0))
            .optional()
            .map_err(|e| self.fault(e))?;
        let read = found.map(|text| serde_json::from_str(&text));
        read.transpose().map_err(|e| ArchiveError::Unreadable { path: self.path.clone(), what: e.to_string() })
    }

    fn sources(&self) -> rusqlite::Result<Vec<(SourceNumber, Freshness)>> {
        let mut query = self.connection.prepare("SELECT number, data_until, period FROM source")?;
        query.query_map([], |row| Ok((row.get(0)?, fresh(row.get(1)?, row.get(2)?))))?.collect()
    }

    fn appeals(&self) -> rusqlite::Result<Vec<Appeal>> {
        let count: u32 = self.connection.query_row("SELECT count(*) FROM appeal", [], |row| row.get(0))?;
        let mut appeals = Vec::with_capacity(count as usize);
        // The numbers are unsigned: those whose highest bit is set come after the others.
        for range in ["id >= 0", "id < 0"] {
            let mut query = self.connection.prepare(&format!("SELECT * FROM appeal WHERE {range} ORDER BY id"))?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let moment = |at: usize| {
                    Ok::<u32, rusqlite::Error>(row.get::<_, Option<u32>>(at)?.unwrap_or(crate::data::NEVER))
                };
                appeals.push(Appeal {
                    id: row.get::<_, i64>(0)? as AppealId,
                    received: row.get(1)?,
                    first_reply: moment(2)?,
                    answered: moment(3)?,
                    accepted: moment(4)?,
                    due: row.get(5)?,
                    lon_e6: row.get(6)?,
                    lat_e6: row.get(7)?,
                    topic: row.get(8)?,
                    municipality: row.get(9)?,
                    agency: row.get(10)?,
                    channel: row.get(11)?,
                    moves: row.get(12)?,
                    rating: row.get(13)?,
                    repeat: row.get(14)?,
                });
            }
        }
        Ok(appeals)
    }

    fn words(&self) -> rusqlite::Result<Vec<(AppealId, MaskedTexts)>> {
        let mut query = self.connection.prepare("SELECT id, text, reply FROM words")?;
        let rows = query.query_map([], |row| {
            let text = Displayable::kept(&row.get::<_, String>(1)?);
            let reply: Option<String> = row.get(2)?;
            Ok((
                row.get::<_, i64>(0)? as AppealId,
                MaskedTexts { text, reply: reply.map(|reply| Displayable::kept(&reply)) },
            ))
        })?;
        rows.collect()
    }

    fn datasets(&self) -> rusqlite::Result<Vec<(Dataset, Freshness)>> {
        let mut query = self.connection.prepare("SELECT name, records, data_until, period, published FROM dataset")?;
        let rows = query.query_map([], |row| {
            let records: Vec<Record> = serde_json::from_str(&row.get::<_, String>(1)?).unwrap_or_default();
            let published: Vec<String> = serde_json::from_str(&row.get::<_, String>(4)?).unwrap_or_default();
            Ok((Dataset::kept(row.get::<_, String>(0)?, records, published), fresh(row.get(2)?, row.get(3)?)))
        })?;
        rows.collect()
    }
}

/// Makes the file for the wall's user alone: what is in it is masked, and still nobody else's. Its log takes
/// the same rights.
fn own(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // What cannot be made here cannot be opened either, and is told then.
        let _ = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    }
}

fn key(id: AppealId) -> i64 {
    id as i64
}

fn known(at: u32) -> Option<u32> {
    (at != crate::data::NEVER).then_some(at)
}

fn fresh(data_until: i64, period_millis: i64) -> Freshness {
    Freshness { data_until: Moment(data_until), lost_since: None, period_millis: period_millis.max(1000) }
}

fn is_torn(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase))
}

/// Whether a file that is no sound database was one of ours: SQLite's header keeps the application's number
/// in bytes 68 to 71 (<https://www.sqlite.org/fileformat2.html>).
fn begins_like_ours(path: &Path) -> bool {
    let Ok(bytes) = std::fs::read(path) else { return false };
    bytes.is_empty()
        || (bytes.starts_with(b"SQLite format 3\0")
            && bytes.get(68..72) == Some(&(APPLICATION_ID as u32).to_be_bytes()))
}
