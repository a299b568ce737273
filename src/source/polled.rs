//! A source that is asked again and again: what comes is numbered, masked and handed over.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

use super::appeal_ids::AppealIds;
use super::fetch::{Fetcher, SourceError};
use super::record::{Batch, RowIssues, keep_last};
use super::registry::{NOT_AMONG_BOUNDARIES, Registry};
use super::site::SourceTable;
use super::supervisor::RunningSource;
use super::update_sender::UpdateSender;
use crate::clock::{Clock, Moment};
use crate::data::dataset::{Dataset, MUNICIPALITY_NUMBER};
use crate::data::shrinkage::Shrinkage;
use crate::data::{Appeal, LATEST, MaskedTexts, UnreportedFields, Update};
use crate::privacy::Masker;

/// Appeals are handed over in parts of this size.
const PART: usize = 65_536;

/// The registry that a site's sources share; none where a native backend brings the region.
pub type SharedRegistry = Option<Arc<Mutex<Registry>>>;

/// A source of any kind but the native.
pub struct Polled {
    table: SourceTable,
    fetcher: Fetcher,
    registry: SharedRegistry,
    numbers: AppealIds,
    zone: TimeZone,
    clock: Clock,
    updates: UpdateSender,
    /// Hash of the last complete set. An equal set is not handed over again.
    last: Option<u64>,
    /// Refused and noted rows that were logged last.
    faults_told: (RowIssues, RowIssues),
    /// By table, how many records it had when it was last handed over, and how often it was suspiciously small since.
    tables: HashMap<String, (usize, Shrinkage)>,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub struct Ingested {
    /// The appeals, by ascending number.
    pub appeals: Vec<Appeal>,
    /// The words of the newest.
    pub words: Vec<(u64, MaskedTexts)>,
    /// Rows that were set aside.
    pub refused: RowIssues,
    /// Rows that were taken, though something of them could not be.
    pub noted: RowIssues,
}

impl Polled {
    /// A source of a site.
    ///
    /// # Errors
    /// When its access cannot be set up.
    pub fn new(
        table: SourceTable,
        registry: SharedRegistry,
        zone: TimeZone,
        clock: Clock,
        updates: UpdateSender,
    ) -> Result<Self, SourceError> {
        let fetcher = Fetcher::open(table.access.clone())?;
        let (numbers, faults_told) = (AppealIds::default(), <(RowIssues, RowIssues)>::default());
        let tables = HashMap::new();
        Ok(Self { table, fetcher, registry, numbers, zone, clock, updates, last: None, faults_told, tables })
    }

    /// Asks once; what comes is not handed over yet.
    ///
    /// # Errors
    /// When it does not come, or is not what it should be.
    pub async fn ask(&mut self) -> Result<Batch, SourceError> {
        let mut batch = self.table.kind.poll(&self.fetcher, &self.zone, self.clock.now()).await?;
        let most = self.table.max_rows;
        if batch.appeals.len() > most {
            let over = batch.appeals.len() - most;
            batch.appeals.truncate(most);
            (0..over).for_each(|_| batch.refused.count("more rows than most_rows allows", ""));
        }
        for (_, records) in &mut batch.tables {
            if records.len() > most {
                let over = records.len() - most;
                records.truncate(most);
                (0..over).for_each(|_| batch.refused.count("more rows than most_rows allows", ""));
            }
        }
        Ok(batch)
    }

    /// What it says of none of its appeals; none where it brings none.
    pub fn untold(&self) -> Option<UnreportedFields> {
        self.table.kind.brings_appeals().then(|| self.table.kind.untold())
    }

    /// Tells the store what is known before the backend has answered: how often it speaks, and the region of the site, by
    /// whose land and time zone a wall is right even while no source answers.
    async fn begin(&self) -> Result<(), SourceError> {
        self.updates.send(Update::Period(self.table.every)).await?;
        if let Some(untold) = self.untold() {
            self.updates.send(Update::UnreportedFields(untold)).await?;
        }
        self.send_region().await
    }

    async fn send_region(&self) -> Result<(), SourceError> {
        let news = self.registry.as_ref().and_then(|r| r.lock().unwrap_or_else(PoisonError::into_inner).news());
        match news {
            Some(region) => self.updates.send(Update::Region(region)).await,
            None => Ok(()),
        }
    }

    /// Gives a batch's appeals their numbers, and masks their words.
    pub fn ingest(&mut self, batch: &mut Batch, now: Moment) -> Ingested {
        let mut enrolled = Ingested {
            refused: std::mem::take(&mut batch.refused),
            noted: std::mem::take(&mut batch.noted),
            ..Ingested::default()
        };
        let Some(registry) = &self.registry else {
            let reason = "a native backend brings the region: beside it only tables are taken";
            batch.appeals.drain(..).for_each(|record| enrolled.refused.count(reason, record.key));
            return enrolled;
        };
        let mut registry = registry.lock().unwrap_or_else(PoisonError::into_inner);
        keep_last(&mut batch.appeals, |record| {
            enrolled.refused.count("its key comes again later: the last one counts", record.key.as_str());
        });
        // Only the newest are read on a wall: only their words are masked and kept.
        let mut received: Vec<i64> = batch.appeals.iter().map(|record| record.received).collect();
        received.sort_unstable_by(|a, b| b.cmp(a));
        let newest = received.get(LATEST).copied().unwrap_or(i64::MIN);
        for mut record in batch.appeals.drain(..) {
            if record.received < newest {
                record.text = None;
            }
            match registry.ingest(self.updates.source(), &mut self.numbers, &record, now, &mut enrolled.noted) {
                Ok((appeal, words)) => {
                    enrolled.words.extend(words.map(|words| (appeal.id, words)));
                    enrolled.appeals.push(appeal);
                }
                Err(reason) => enrolled.refused.count(reason, record.key),
            }
        }
        enrolled.appeals.sort_unstable_by_key(|appeal| appeal.id);
        enrolled.appeals.dedup_by_key(|appeal| appeal.id);
        enrolled
    }

    /// The tables of a batch, masked. A record that names its municipality gets the number of that.
    pub fn tables(&self, batch: &mut Batch) -> Vec<Dataset> {
        let mut masker = Masker::default();
        if let Some(registry) = &self.registry {
            let registry = registry.lock().unwrap_or_else(PoisonError::into_inner);
            masker = registry.masker().clone();
            for record in batch.tables.iter_mut().flat_map(|(_, records)| records) {
                let Some(name) = record.get("municipality").and_then(|name| name.as_str()) else { continue };
                match registry.place_of(name) {
                    Some(at) => drop(record.insert(MUNICIPALITY_NUMBER.to_owned(), at.into())),
                    None if registry.has_boundaries() && !name.is_empty() => {
                        batch.noted.count_term(NOT_AMONG_BOUNDARIES, name)
                    }
                    None => {}
                }
            }
        }
        let tables = batch.tables.drain(..);
        tables.map(|(name, records)| Dataset::masked(name, records, &self.table.published, &masker)).collect()
    }

    async fn deliver(&mut self, mut batch: Batch) -> Result<(), SourceError> {
        let now = self.clock.now();
        let whole = batch.whole;
        let tables = self.tables(&mut batch);
        for dataset in tables {
            if !self.admits(&dataset, now) {
                continue;
            }
            self.updates.send(Update::Dataset(Arc::new(dataset), now)).await?;
        }
        for (name, picture) in batch.pictures.drain(..) {
            self.updates.send(Update::Picture(name, picture, now)).await?;
        }
        let enrolled = self.ingest(&mut batch, now);
        self.log_issues(enrolled.refused, enrolled.noted);
        self.send_region().await?;
        if !self.table.kind.brings_appeals() {
            return Ok(());
        }
        if whole {
            let mut hasher = DefaultHasher::new();
            enrolled.appeals.hash(&mut hasher);
            let sum = hasher.finish();
            if self.last.replace(sum) == Some(sum) {
                self.updates.send(Update::Heartbeat(now)).await?;
            } else {
                self.updates.send(Update::StartOver).await?;
                for part in enrolled.appeals.chunks(PART) {
                    self.updates.send(Update::Appeals(part.to_vec())).await?;
                }
                self.updates.send(Update::Complete(now)).await?;
            }
        } else {
            self.updates.send(Update::Changes { appeals: enrolled.appeals, until: now }).await?;
        }
        if enrolled.words.is_empty() {
            return Ok(());
        }
        self.updates.send(Update::MaskedTexts(enrolled.words)).await
    }

    /// Whether a table is to be shown: one that suddenly has nothing, or far less than before, waits to be confirmed.
    fn admits(&mut self, dataset: &Dataset, now: Moment) -> bool {
        // Alerts end and news are taken back: that is what their tables are for.
        if !self.table.kind.is_a_stock() {
            return true;
        }
        let came = dataset.records().len();
        let (shown, shrinkage) = self.tables.entry(dataset.name.clone()).or_default();
        let was_suspicious = shrinkage.since().is_some();
        if shrinkage.admits(*shown, came, now) {
            *shown = came;
            return true;
        }
        if !was_suspicious {
            tracing::warn!(
                source = self.table.name,
                table = dataset.name,
                shown = *shown,
                came,
                "the table suddenly has far fewer records: the ones before are shown until this is confirmed"
            );
        }
        false
    }

    /// Logs refused and noted rows if they differ from those logged before.
    fn log_issues(&mut self, refused: RowIssues, noted: RowIssues) {
        if refused != self.faults_told.0 {
            for (reason, count, example) in refused.reasons() {
                tracing::warn!(source = self.table.name, count, example, "set aside: {reason}");
            }
        }
        // Of which rows something is missing changes with every poll: only new reasons are told.
        for (reason, count, example) in noted.reasons() {
            if self.faults_told.1.reasons().all(|(told, ..)| told != reason) {
                tracing::warn!(source = self.table.name, count, example, "taken, but {reason}");
            }
        }
        self.faults_told = (refused, noted);
    }
}

impl RunningSource for Polled {
    fn name(&self) -> String {
        self.table.name.clone()
    }

    async fn run(&mut self, mut alive: impl FnMut() + Send) -> Result<(), SourceError> {
        self.begin().await?;
        loop {
            let batch = self.ask().await?;
            alive();
            self.deliver(batch).await?;
            tokio::time::sleep(self.table.every).await;
        }
    }

    async fn load_once(&mut self) -> Result<(), SourceError> {
        self.begin().await?;
        let batch = self.ask().await?;
        self.deliver(batch).await
    }

    async fn report_lost(&self, since: Moment) {
        let _ = self.updates.send(Update::Lost(since)).await;
    }
}
