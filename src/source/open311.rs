//! Open311 GeoReport v2 and the ways in which real servers leave it.
//!
//! <https://wiki.open311.org/GeoReport_v2/>: XML is mandatory and JSON usual; there is no paging, 90 days or
//! 1,000 requests at most; only `open` and `closed` exist.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::tz::TimeZone;
use regex::bytes::Regex;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fetch::{Fetcher, SourceError};
use super::mapping::{answered_by, text};
use super::paging::Pages;
use super::record::{AppealRecord, Batch, ReportedTime, RowIssues, keep_last};
use super::request_status::Statuses;
use super::xml;
use crate::clock::Moment;
use crate::data::written_numbers::number;
use crate::data::written_times::moment;
use crate::privacy::redact;

/// Answers as long as this are taken to have been cut off.
const DEFAULT_LIMIT: usize = 1000;
/// A window is not made shorter than this.
const SHORTEST_WINDOW_SECS: i64 = 3600;
/// No more pages or windows are asked for in one poll.
const MAX_ANSWERS: usize = 20_000;
const DAY: i64 = 86_400;

/// What a `[[source]]` of `kind = "open311"` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open311 {
    /// Several cities on one server are told apart by it.
    #[serde(default)]
    jurisdiction: Option<String>,
    /// The format that is asked for; what comes is read as what it is.
    #[serde(default)]
    format: Format,
    /// How a server hands out more than fits into one answer.
    #[serde(default)]
    paging: Paging,
    /// Requests a page.
    #[serde(default = "hundred")]
    page_size: usize,
    /// The name of the parameter for it: `page_size`, `per_page`, `limit`.
    #[serde(default)]
    page_size_name: Option<String>,
    /// Days that a window of `paging = "windows"` spans at first.
    #[serde(default = "thirty")]
    window_days: u32,
    /// Days that are read at the start.
    #[serde(default = "year")]
    history_days: u32,
    /// Days that are read again by each poll, because what changes in them cannot be asked for.
    #[serde(default = "week")]
    reread_days: u32,
    /// After so many hours everything is read again, so that what was withdrawn goes from the wall too.
    #[serde(default = "day")]
    whole_every_hours: u32,
    /// The parameter by which the server tells what was changed since, such as `updated_after`.
    #[serde(default)]
    updated_after: Option<String>,
    /// Sectors of the services, by service code, name or group.
    #[serde(default)]
    sectors: BTreeMap<String, String>,
    /// The sector of all others.
    #[serde(default)]
    sector: Option<String>,
    /// The channel of all requests.
    #[serde(default)]
    channel: Option<String>,
    /// What the server's own words for where a request stands mean, beside `open`, `closed` and those that are known.
    #[serde(default)]
    statuses: Statuses,
    #[serde(skip)]
    state: State,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Format {
    #[default]
    Json,
    Xml,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Paging {
    /// By dates, walked back; a window that comes back full is halved.
    #[default]
    Windows,
    /// By `page` from 1.
    Page,
    /// By `offset` and a limit.
    Offset,
}

#[derive(Debug, Clone, Default)]
struct State {
    /// Services by code: name and group.
    services: BTreeMap<String, (String, Option<String>)>,
    /// The latest change that has been seen.
    read_until: Option<i64>,
    /// When everything was last read.
    whole_at: i64,
    /// The base that discovery has named.
    endpoint: Option<String>,
    discovered: bool,
}

fn hundred() -> usize {
    100
}

fn thirty() -> u32 {
    30
}

fn year() -> u32 {
    400
}

fn day() -> u32 {
    24
}

fn week() -> u32 {
    7
}

impl Open311 {
    /// The sectors that its file names.
    pub fn named_sectors(&self) -> Vec<&str> {
        self.sectors.values().chain(&self.sector).map(String::as_str).collect()
    }

    /// As a site's file writes it.
    pub const EXAMPLE: &str = r#"[[source]]
name = "city"
kind = "open311"
url = "http://127.0.0.1:8311/georeport/v2/"
every_secs = 60
jurisdiction = "city.example"
history_days = 90
sectors = { "POTHOLE" = "roads", "Street Lighting" = "landscaping" }
"#;

    /// Reads everything the first time, then what may have changed.
    pub async fn poll(&mut self, fetcher: &Fetcher, zone: &TimeZone, now: Moment) -> Result<Batch, SourceError> {
        let now = now.secs();
        if !self.state.discovered {
            self.discover(fetcher).await?;
            self.services(fetcher).await?;
            self.state.discovered = true;
        }
        let since =
            self.state.read_until.filter(|_| now < self.state.whole_at + i64::from(self.whole_every_hours) * 3600);
        let from = now - i64::from(if since.is_none() { self.history_days } else { self.reread_days }) * DAY;
        // Two hours of overlap: servers' clocks differ, and changes are not committed in their order.
        let updated = self.updated_after.clone().zip(since).map(|(name, at)| (name, at - 7200));
        let mut batch = Batch { whole: since.is_none(), ..Batch::default() };
        match (self.paging, &updated) {
            (Paging::Windows, None) => self.windows(fetcher, zone, from, now, &mut batch).await?,
            _ => self.pages(fetcher, zone, from, now, updated, &mut batch).await?,
        }
        // A request may come by two windows or pages: that is no fault of the server.
        keep_last(&mut batch.appeals, |_| {});
        self.state.read_until = Some(now);
        if batch.whole {
            self.state.whole_at = now;
        }
        Ok(batch)
    }

    /// A discovery document at the address names the base of the production server.
    async fn discover(&mut self, fetcher: &Fetcher) -> Result<(), SourceError> {
        let base = fetcher.base().path().to_owned();
        if !base.contains("discovery") {
            return Ok(());
        }
        let answer = fetcher.document("").await?;
        let value = read(&answer.1).map_err(|what| SourceError::Wrong { url: answer.0.clone(), what })?;
        let endpoints = value.get("endpoints").map(|e| e.get("endpoint").unwrap_or(e));
        let listed = list_of(endpoints.cloned().unwrap_or(Value::Null));
        let score = |e: &Value| {
            let is = |key: &str, word: &str| e.get(key).and_then(Value::as_str).is_some_and(|t| t.contains(word));
            usize::from(is("specification", "GeoReport_v2")) * 2 + usize::from(is("type", "production"))
        };
        let best = listed.iter().filter(|e| e.get("url").is_some_and(Value::is_string)).max_by_key(|e| score(e));
        let url = best.and_then(|e| e.get("url")?.as_str()).ok_or_else(|| SourceError::Wrong {
            url: answer.0,
            what: "the discovery document names no endpoint".to_owned(),
        })?;
        self.state.endpoint = Some(format!("{}/", url.trim_end_matches('/')));
        Ok(())
    }

    async fn services(&mut self, fetcher: &Fetcher) -> Result<(), SourceError> {
        let Some(answer) = self.ask(fetcher, "services", &[]).await? else { return Ok(()) };
        for service in list_of(unwrapped(answer, &["services", "service"])) {
            let word = |key: &str| service.get(key).and_then(text).filter(|t| !t.is_empty());
            if let Some(code) = word("service_code") {
                let name = word("service_name").unwrap_or_else(|| code.clone());
                self.state.services.insert(code, (name, word("group")));
            }
        }
        Ok(())
    }

    async fn windows(
        &self,
        fetcher: &Fetcher,
        zone: &TimeZone,
        from: i64,
        now: i64,
        batch: &mut Batch,
    ) -> Result<(), SourceError> {
        let mut to = now + 60;
        let mut span = i64::from(self.window_days.max(1)) * DAY;
        for _ in 0..MAX_ANSWERS {
            if to <= from {
                return Ok(());
            }
            let start = (to - span).max(from);
            let dates = [("start_date".to_owned(), stamp(start)), ("end_date".to_owned(), stamp(to))];
            let rows = self.requests(fetcher, &dates).await?;
            if ignores_dates(&rows, zone, start..to) {
                // Shorter windows would bring the same again and again.
                let what = "the server ignores `start_date` and `end_date`: no more than its one answer is known";
                batch.noted.count(what, "");
                self.take(&rows, zone, batch);
                return Ok(());
            }
            if rows.len() >= DEFAULT_LIMIT && to - start > SHORTEST_WINDOW_SECS {
                // It was cut off: what it held comes again in shorter windows.
                span = ((to - start) / 2).max(SHORTEST_WINDOW_SECS);
                continue;
            }
            if rows.len() < DEFAULT_LIMIT / 4 {
                span = (span * 2).min(90 * DAY);
            }
            self.take(&rows, zone, batch);
            to = start;
        }
        Ok(())
    }

    async fn pages(
        &self,
        fetcher: &Fetcher,
        zone: &TimeZone,
        from: i64,
        now: i64,
        updated: Option<(String, i64)>,
        batch: &mut Batch,
    ) -> Result<(), SourceError> {
        let dates = match updated {
            Some((name, at)) => vec![(name, stamp(at))],
            None => vec![("start_date".to_owned(), stamp(from)), ("end_date".to_owned(), stamp(now + 60))],
        };
        let offset = self.paging == Paging::Offset;
        let size_name =
            self.page_size_name.clone().unwrap_or_else(|| if offset { "limit" } else { "page_size" }.into());
        let mut seen = 0;
        let mut pages = Pages::default();
        for page in 0..MAX_ANSWERS {
            let place = if offset {
                ("offset".to_owned(), seen.to_string())
            } else {
                ("page".to_owned(), (page + 1).to_string())
            };
            let mut query = dates.clone();
            query.extend([place, (size_name.clone(), self.page_size.to_string())]);
            let rows = self.requests(fetcher, &query).await?;
            // Some cap pages below what was asked for, and one that does not know of pages sends the same one again and
            // again: the end is where nothing new comes.
            let fresh = pages.fresh(&rows.iter().collect::<Vec<_>>());
            if fresh.rows.is_empty() {
                return Ok(());
            }
            seen += rows.len();
            self.take(fresh.rows, zone, batch);
        }
        Ok(())
    }

    async fn requests(&self, fetcher: &Fetcher, query: &[(String, String)]) -> Result<Vec<Value>, SourceError> {
        let answer = self.ask(fetcher, "requests", query).await?.unwrap_or(Value::Null);
        if let Some(error) = error_in(&answer) {
            return Err(SourceError::Wrong { url: super::fetch::plain(fetcher.base()), what: error });
        }
        Ok(list_of(unwrapped(answer, &["service_requests", "requests", "request"])))
    }

    /// None where the server has nothing: Mark-a-Spot answers 404 then.
    async fn ask(
        &self,
        fetcher: &Fetcher,
        what: &str,
        query: &[(String, String)],
    ) -> Result<Option<Value>, SourceError> {
        let ending = if self.format == Format::Json { "json" } else { "xml" };
        let base = self.state.endpoint.as_deref().unwrap_or("");
        let mut pairs = query.to_vec();
        if let Some(jurisdiction) = &self.jurisdiction {
            pairs.push(("jurisdiction_id".to_owned(), jurisdiction.clone()));
        }
        let path = format!("{base}{what}.{ending}");
        let (url, bytes) = match fetcher.document_with(&path, &pairs).await {
            Err(SourceError::Refused { status, .. }) if status == reqwest::StatusCode::NOT_FOUND => return Ok(None),
            answer => answer?,
        };
        read(&bytes).map(Some).map_err(|what| SourceError::Wrong { url, what })
    }

    fn take<'a>(&self, rows: impl IntoIterator<Item = &'a Value>, zone: &TimeZone, batch: &mut Batch) {
        for row in rows {
            batch.came += 1;
            match self.appeal(row, zone, &mut batch.noted) {
                Ok(record) => {
                    if record.sector.is_none() {
                        let service = record.topic.as_deref().unwrap_or("—");
                        batch.noted.count_term("`sectors` names none for its service", service);
                    }
                    batch.appeals.push(record);
                }
                Err(reason) => {
                    let key = row.get("service_request_id").and_then(text);
                    batch.refused.count(reason, key.unwrap_or_else(|| format!("row {}", batch.came)));
                }
            }
        }
    }

    fn appeal(&self, row: &Value, zone: &TimeZone, noted: &mut RowIssues) -> Result<AppealRecord, &'static str> {
        let Value::Object(row) = row else { return Err("not an object") };
        let word = |key: &str| row.get(key).and_then(text).filter(|t| !t.is_empty());
        let time = |key: &str| row.get(key).and_then(|v| moment(v, zone));
        let key = word("service_request_id").ok_or(if word("token").is_some() {
            "a token without an identifier yet"
        } else {
            "no identifier"
        })?;
        let received = match row.get("requested_datetime").filter(|v| !v.is_null()) {
            None => return Err("no time of receipt"),
            Some(value) => moment(value, zone).ok_or("the time of receipt cannot be read")?,
        };
        let updated = time("updated_datetime").filter(|at| *at >= received);
        // Of a request that is closed, the last change is the closing, where nothing else says when that was.
        let last_change = || last_note(row, zone).or(updated);
        let answered = match (word("status"), ReportedTime::by(false, time("closed_datetime"))) {
            (None, closed) => closed,
            (Some(status), closed) => match answered_by(&status, &self.statuses, closed, noted) {
                ReportedTime::SomeTime => last_change().map_or(ReportedTime::SomeTime, ReportedTime::At),
                told => told,
            },
        };
        let code = word("service_code");
        let service = code.as_ref().and_then(|code| self.state.services.get(code));
        let name = word("service_name").or_else(|| service.map(|(name, _)| name.clone()));
        let group = word("group").or_else(|| service.and_then(|(_, group)| group.clone()));
        let sector = [&code, &name, &group]
            .into_iter()
            .flatten()
            .find_map(|word| self.sectors.get(word))
            .or(self.sector.as_ref());
        let coordinate = |names: [&str; 2]| names.into_iter().find_map(|n| row.get(n).and_then(number));
        Ok(AppealRecord {
            key,
            received,
            answered,
            due: time("expected_datetime"),
            place: coordinate(["long", "lon"]).zip(coordinate(["lat", "latitude"])),
            topic: code.or_else(|| name.clone()),
            topic_name: name,
            sector: sector.cloned(),
            municipality: word("zone").or_else(|| word("municipality")),
            agency: word("agency_responsible"),
            channel: self.channel.clone().or_else(|| word("channel")),
            // The requestor's name, address and contacts are never taken over.
            text: word("description"),
            reply: word("status_notes"),
            ..AppealRecord::default()
        })
    }
}

/// Whether most of what came was received outside of the window that was asked for, by more than a day.
fn ignores_dates(rows: &[Value], zone: &TimeZone, asked: std::ops::Range<i64>) -> bool {
    let received = rows.iter().filter_map(|row| moment(row.get("requested_datetime")?, zone));
    let outside = received.filter(|at| *at < asked.start - DAY || *at > asked.end + DAY).count();
    outside * 2 > rows.len()
}

/// When the last of the nested notes of a closed request was written.
fn last_note(row: &Map<String, Value>, zone: &TimeZone) -> Option<i64> {
    let notes = row.get("notes")?.as_array()?;
    notes.iter().filter_map(|note| moment(note.get("datetime")?, zone)).max()
}

fn stamp(secs: i64) -> String {
    Moment::from_secs(secs).zoned(&TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The list inside of its wrappings, if it has any.
fn unwrapped(mut value: Value, names: &[&str]) -> Value {
    for name in names {
        if let Some(inner) = value.get_mut(*name) {
            value = inner.take();
        }
    }
    value
}

/// What an answer says went wrong, if it is an error in the place of requests: the standard's list of `code` and
/// `description`, or an object with an error.
fn error_in(answer: &Value) -> Option<String> {
    let known =
        |value: &Value| ["service_request_id", "token", "service_code"].iter().any(|key| value.get(*key).is_some());
    let error = |value: &Value| {
        let said = ["description", "message", "error", "detail"].iter().find_map(|key| text(value.get(*key)?));
        let marked = ["code", "error", "errors", "message", "status_code"].iter().any(|key| value.get(*key).is_some());
        (marked && !known(value)).then(|| said.unwrap_or_else(|| "without words".to_owned()))
    };
    let inner = answer.get("error").or_else(|| answer.get("errors")).unwrap_or(answer);
    let wrapped = ["service_requests", "requests", "request"].iter().any(|name| answer.get(*name).is_some());
    let said = match inner {
        _ if wrapped => None,
        Value::Array(list) if !list.is_empty() => {
            list.iter().map(error).collect::<Option<Vec<_>>>().map(|all| all.join("; "))
        }
        Value::Object(_) => error(inner),
        Value::String(said) if answer.is_object() => Some(said.clone()),
        _ => None,
    };
    said.map(|said| {
        format!("an error came where requests were asked for: {}", redact(&said)).chars().take(240).collect()
    })
}

fn list_of(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        Value::Object(_) => vec![value],
        _ => Vec::new(),
    }
}

/// Reads an answer as what it is, whatever was asked for. Numbers with leading zeros, which the standard's
/// own examples have, are read as texts.
fn read(bytes: &[u8]) -> Result<Value, String> {
    static ZEROS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"([:\[,]\s*)(0\d+)(\s*[,}\]])").unwrap_or_else(|e| panic!("{e}")));
    let start = bytes.iter().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF));
    match start {
        None => Ok(Value::Null),
        Some(b'<') if crate::diagnostic::is_web_page(bytes) => {
            Err("a web page came where requests were asked for: is this the address of the API?".to_owned())
        }
        Some(b'<') => xml::value(bytes),
        Some(_) => {
            let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
            serde_json::from_slice(bytes).or_else(|first| {
                serde_json::from_slice(&ZEROS.replace_all(bytes, &b"${1}\"${2}\"${3}"[..]))
                    .map_err(|_| redact(&first.to_string()))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_leading_zeros_are_texts() {
        let value = read(br#"[{"address_id": 00123, "zip": 0450, "lat": 0.5, "n": 10}]"#).unwrap();
        assert_eq!(value[0]["address_id"], "00123");
        assert_eq!(value[0]["lat"], 0.5);
        assert!(read(b"[{]").is_err());
        assert_eq!(read(b"  "), Ok(Value::Null));
    }

    #[test]
    fn lists_are_found_in_their_wrappings() {
        let list = |text: &str| {
            list_of(unwrapped(read(text.as_bytes()).unwrap(), &["service_requests", "requests", "request"])).len()
        };
        assert_eq!(list(r#"{"service_requests": []}"#), 0);
        assert_eq!(list(r#"{"service_requests": [{}, {}]}"#), 2);
        assert_eq!(list(r#"[{}]"#), 1);
        assert_eq!(list("<service_requests><request><a>1</a></request></service_requests>"), 1);
        assert_eq!(list("<service_requests/>"), 0);
    }
}
