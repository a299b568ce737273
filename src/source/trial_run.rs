//! A source tried out: what came, what was taken, what was set aside and why, how the wall would show it.

use std::time::{Duration, Instant};

use jiff::tz::TimeZone;

use super::fetch::SourceError;
use super::polled::{Polled, SharedRegistry};
use super::record::RowIssues;
use super::site::SourceTable;
use super::update_sender::UpdateSender;
use crate::clock::Clock;
use crate::data::region::Dictionaries;
use crate::language::Sentence;
use crate::privacy::Audience;
use crate::sentence;

/// So many rows are shown.
const SHOWN: usize = 5;
/// And so many characters of a cell.
const LONGEST_CELL: usize = 200;

/// What a source gave.
#[derive(Debug)]
pub struct SourceTest {
    /// How long it took.
    pub took: Duration,
    /// Rows that came.
    pub came: usize,
    /// Appeals that the wall would take.
    pub appeals: usize,
    /// Tables by name, with their records.
    pub tables: Vec<(String, usize)>,
    /// Rows that were set aside.
    pub refused: RowIssues,
    /// Rows that were taken, though something of them could not be.
    pub noted: RowIssues,
    /// Of the first rows, how many had a value at each place that the mapping names.
    pub filled: Vec<(String, usize)>,
    /// What was found in place of rows, where there are none.
    pub instead: Option<String>,
    /// The first rows, as a wall shows them to the public: headings and cells.
    pub rows: Vec<Vec<Sentence>>,
}

/// Asks a source once.
///
/// # Errors
/// When it cannot be reached, or what comes is not what it should be.
pub async fn try_source(
    table: SourceTable,
    registry: SharedRegistry,
    zone: TimeZone,
) -> Result<SourceTest, SourceError> {
    let (sender, _queue) = tokio::sync::mpsc::channel(1);
    let clock = Clock::system();
    let mut source = Polled::new(table, registry.clone(), zone.clone(), clock.clone(), UpdateSender::new(0, sender))?;
    let began = Instant::now();
    let mut batch = source.ask().await?;
    let (took, came) = (began.elapsed(), batch.came);
    let tables = source.tables(&mut batch);
    let enrolled = source.ingest(&mut batch, clock.now());
    let mut rows = Vec::new();
    let news = registry.and_then(|r| r.lock().unwrap_or_else(std::sync::PoisonError::into_inner).news());
    if let Some(region) = news {
        let mut newest = enrolled.appeals.clone();
        newest.sort_by_key(|appeal| std::cmp::Reverse(appeal.received));
        for appeal in newest.iter().take(SHOWN) {
            let words = enrolled.words.iter().find(|(id, _)| *id == appeal.id).map(|(_, words)| words);
            let text = words.and_then(|words| words.text.shown_to(Audience::Public)).unwrap_or("");
            rows.push(cells(&region.dictionaries, appeal, &zone, text));
        }
    }
    for table in &tables {
        for record in table.records().iter().take(SHOWN) {
            // A border of a million corners is no cell to be read.
            let cells = record.iter().map(|(field, value)| {
                let text = value.to_string();
                let shown: String = text.trim_matches('"').chars().take(LONGEST_CELL).collect();
                verbatim(format!("{field}: {shown}"))
            });
            rows.push(cells.take(8).collect());
        }
    }
    for (name, picture) in &batch.pictures {
        let (width, height) = (picture.width, picture.height);
        rows.push(vec![sentence!("source-pixels", name = name, width = width, height = height)]);
    }
    let tables = tables.iter().map(|table| (table.name.clone(), table.records().len())).collect();
    Ok(SourceTest {
        took,
        came,
        appeals: enrolled.appeals.len(),
        tables,
        refused: enrolled.refused,
        noted: enrolled.noted,
        filled: batch.filled.into_iter().collect(),
        instead: batch.instead,
        rows,
    })
}

/// What a backend gave, which reads alike in every language.
fn verbatim(text: impl std::fmt::Display) -> Sentence {
    sentence!("source-cell", text = text)
}

fn cells(dictionaries: &Dictionaries, appeal: &crate::data::Appeal, zone: &TimeZone, text: &str) -> Vec<Sentence> {
    let topic = dictionaries.topics.get(usize::from(appeal.topic));
    let sector = topic.and_then(|t| dictionaries.sectors.get(usize::from(t.sector)));
    let municipality = dictionaries.municipalities.get(usize::from(appeal.municipality));
    let received = crate::clock::Moment::from_secs(i64::from(appeal.received)).zoned(zone);
    let state = match appeal.answered {
        crate::data::NEVER => sentence!("source-in-work"),
        crate::data::UNKNOWN => sentence!("source-not-told"),
        _ => sentence!("source-answered"),
    };
    vec![
        verbatim(received.strftime("%Y-%m-%d %H:%M")),
        verbatim(sector.map_or("—", |s| &s.name)),
        verbatim(topic.map_or("—", |t| &t.name)),
        verbatim(municipality.map_or("—", |m| &m.name)),
        state,
        verbatim(text.chars().take(100).collect::<String>()),
    ]
}
