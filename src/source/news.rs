//! RSS and Atom as a table of news, for feeds and tickers.

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fetch::{Fetcher, SourceError};
use super::record::Batch;
use crate::clock::Moment;
use crate::privacy::clean;

/// More entries are not kept.
const MOST_ENTRIES: usize = 200;

/// What a `[[source]]` of `kind = "rss"` says; Atom is read too.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct News {
    /// The table's name.
    pub dataset: String,
}

impl News {
    /// As a site's file writes it.
    pub const EXAMPLE: &str = r#"[[source]]
name = "news"
kind = "rss"
url = "http://127.0.0.1:8080/news.xml"
every_secs = 300
dataset = "announcements"
"#;

    /// Reads the feed: a record has `text` (the title), `summary`, `link`, `time` in seconds.
    pub async fn poll(&mut self, fetcher: &Fetcher, _: &TimeZone, _: Moment) -> Result<Batch, SourceError> {
        let (url, bytes) = fetcher.document("").await?;
        let feed = feed_rs::parser::parse(bytes.as_slice())
            .map_err(|e| SourceError::Wrong { url, what: format!("neither RSS nor Atom: {e}") })?;
        let mut batch = Batch { came: feed.entries.len(), ..Batch::default() };
        let mut records = Vec::new();
        for entry in feed.entries.into_iter().take(MOST_ENTRIES) {
            let Some(title) = entry.title.map(|t| clean(&t.content)).filter(|t| !t.is_empty()) else {
                batch.refused.count("no title", entry.id);
                continue;
            };
            let time = entry.published.or(entry.updated).map(|at| at.timestamp());
            let record = json!({
                "text": title, "summary": entry.summary.map(|s| clean(&s.content)),
                "link": entry.links.first().map(|l| l.href.clone()), "time": time,
            });
            records.extend(match record {
                Value::Object(record) => Some(record),
                _ => None,
            });
        }
        batch.tables.push((self.dataset.clone(), records));
        Ok(batch)
    }
}
