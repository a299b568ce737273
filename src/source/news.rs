//! RSS and Atom as a table of news, for feeds and tickers.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

use super::encoding::xml_text;
use super::fetch::{Fetcher, SourceError};
use super::record::{Batch, RowIssues};
use crate::clock::Moment;
use crate::data::written_times::moment;
use crate::privacy::clean;

/// More entries are not kept.
const MAX_ENTRIES: usize = 200;

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
    pub async fn poll(&mut self, fetcher: &Fetcher, zone: &TimeZone, _: Moment) -> Result<Batch, SourceError> {
        let (url, bytes) = fetcher.document("").await?;
        self.read(&bytes, zone).map_err(|what| SourceError::Wrong { url, what })
    }

    fn read(&self, bytes: &[u8], zone: &TimeZone) -> Result<Batch, String> {
        if crate::diagnostic::is_web_page(bytes) {
            return Err("a web page came where news were asked for: is this the address of the feed?".to_owned());
        }
        let is_xml = !bytes.trim_ascii_start().starts_with(b"{");
        let text = if is_xml { xml_text(bytes) } else { String::from_utf8_lossy(bytes).into_owned() };
        let (unread, zone) = (Arc::new(Mutex::new(RowIssues::default())), zone.clone());
        let noted = unread.clone();
        let parser = feed_rs::parser::Builder::new().timestamp_parser(move |text| {
            let at = moment(&Value::from(text), &zone).and_then(|secs| Timestamp::from_second(secs).ok());
            if at.is_none() && !text.trim().is_empty() {
                let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
                noted.count("its time cannot be read: it has none", text);
            }
            at?.to_string().parse().ok()
        });
        let feed = parser.build().parse(text.as_bytes()).map_err(|e| format!("neither RSS nor Atom: {e}"))?;
        let mut batch = Batch { came: feed.entries.len(), ..Batch::default() };
        batch.noted = std::mem::take(&mut *unread.lock().unwrap_or_else(PoisonError::into_inner));
        if feed.entries.is_empty() {
            batch.instead = Some("the feed has no entries now".to_owned());
        }
        let mut records = Vec::new();
        for entry in feed.entries.into_iter().take(MAX_ENTRIES) {
            let title = entry.title.map(|t| clean(&t.content)).filter(|t| !t.is_empty());
            let summary = entry.summary.map(|s| clean(&s.content)).filter(|s| !s.is_empty());
            let Some(title) = title.or_else(|| summary.as_deref().map(beginning)) else {
                batch.refused.count("it has neither a title nor a text", entry.id);
                continue;
            };
            let time = entry.published.or(entry.updated).map(|at| at.timestamp());
            let record = json!({
                "text": title, "summary": summary.filter(|summary| *summary != title),
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

/// The first words of a text that has no title.
fn beginning(text: &str) -> String {
    const MAX_LETTERS: usize = 120;
    match text.char_indices().nth(MAX_LETTERS) {
        None => text.to_owned(),
        Some((end, _)) => {
            let whole = text[..end].rfind(' ').unwrap_or(end);
            format!("{}…", text[..whole].trim_end())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(items: &str) -> Result<Batch, String> {
        let news = News { dataset: "n".to_owned() };
        let feed = format!("<rss version=\"2.0\"><channel><title>Н</title>{items}</channel></rss>");
        news.read(feed.as_bytes(), &TimeZone::get("Europe/Moscow").unwrap())
    }

    #[test]
    fn what_offices_write_as_news_is_read() {
        let items = "<item><title>Иванов & сыновья</title><pubDate>Ср, 25 ноя 2026 10:00:00 +0300</pubDate></item>\
            <item><description>&lt;p&gt;Только описание&lt;/p&gt;</description><pubDate>25.11.2026 10:00</pubDate></item>\
            <item><title>Скоро</title><pubDate>завтра</pubDate></item><item><title> </title><guid>7</guid></item>";
        let batch = read(items).unwrap();
        let records = &batch.tables[0].1;
        let told: Vec<_> = records.iter().map(|r| (r["text"].as_str().unwrap(), r["time"].as_i64())).collect();
        let at = Some(1_795_590_000);
        assert_eq!(told, [("Иванов & сыновья", at), ("Только описание", at), ("Скоро", None)]);
        assert_eq!((batch.came, batch.refused.total(), batch.noted.total()), (4, 1, 1));
        assert!(read("").unwrap().instead.is_some());
        let news = News { dataset: "n".to_owned() };
        let page = news.read(b"<!DOCTYPE html><html><p>login<br></html>", &TimeZone::UTC).unwrap_err();
        assert!(page.starts_with("a web page"), "{page}");
    }

    #[test]
    fn a_text_without_a_title_begins_with_whole_words() {
        let text = "слово ".repeat(40);
        let start = beginning(text.trim());
        assert!(start.ends_with("слово…") && start.chars().count() <= 121, "{start}");
    }
}
