//! Any JSON over HTTP: a list is found, its rows are mapped, its pages are followed.

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::fetch::{Fetcher, SourceError};
use super::mapping::{Mapping, RowGeometry, text};
use super::paging::{Fresh, Pages};
use super::record::Batch;
use crate::clock::Moment;
use crate::data::dataset::Record;

/// No more pages are followed in one poll.
const MAX_PAGES: usize = 10_000;

/// What a `[[source]]` of `kind = "rest"` says; places are JSONPath (RFC 9535), of the rows relative to one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// Where the rows are.
    #[serde(deserialize_with = "json_path")]
    items: JsonPath,
    /// How more than one answer is asked for; none where one holds all.
    #[serde(default)]
    paging: Option<Paging>,
    /// Appeals.
    #[serde(default)]
    appeal: Option<super::mapping::AppealMap>,
    /// Or a table of this name.
    #[serde(default)]
    dataset: Option<String>,
    /// The table's fields.
    #[serde(default)]
    fields: std::collections::BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case", deny_unknown_fields)]
enum Paging {
    /// `page` and a size, from `first`.
    Page {
        #[serde(default = "page_name")]
        name: String,
        #[serde(default = "one")]
        first: usize,
        #[serde(default)]
        size_name: Option<String>,
        #[serde(default = "hundred")]
        size: usize,
    },
    /// Rows that were already read, and a size.
    Offset {
        #[serde(default = "offset_name")]
        name: String,
        #[serde(default = "limit_name")]
        size_name: String,
        #[serde(default = "hundred")]
        size: usize,
    },
    /// What the answer says to ask with next.
    Cursor {
        #[serde(default = "cursor_name")]
        name: String,
        #[serde(deserialize_with = "json_path")]
        next: JsonPath,
    },
    /// The `Link` header, or an address in the answer.
    Link {
        #[serde(default)]
        next: Option<JsonPath>,
    },
}

fn json_path<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<JsonPath, D::Error> {
    let text = String::deserialize(deserializer)?;
    JsonPath::parse(&text)
        .map_err(|e| serde::de::Error::custom(format!("`{text}` is not a JSONPath, such as $.data[*]: {e}")))
}

/// What an answer is, for a person who looks for the rows in it.
fn outline(value: &Value) -> String {
    match value {
        Value::Object(object) if object.is_empty() => "an empty object".to_owned(),
        Value::Object(object) => {
            let kind = |value: &Value| match value {
                Value::Array(list) => format!(" (a list of {})", list.len()),
                Value::Object(_) => " (an object)".to_owned(),
                _ => String::new(),
            };
            let keys = object.iter().take(12).map(|(key, value)| format!("{key}{}", kind(value)));
            format!("an object with {}", keys.collect::<Vec<_>>().join(", "))
        }
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Null => "null".to_owned(),
        _ => "a single value".to_owned(),
    }
}

fn page_name() -> String {
    "page".into()
}

fn offset_name() -> String {
    "offset".into()
}

fn limit_name() -> String {
    "limit".into()
}

fn cursor_name() -> String {
    "cursor".into()
}

fn one() -> usize {
    1
}

fn hundred() -> usize {
    100
}

impl Rest {
    /// What its rows are.
    pub fn mapping(&self) -> Mapping {
        Mapping { appeal: self.appeal.clone(), dataset: self.dataset.clone(), fields: self.fields.clone() }
    }

    /// Whether its rows are appeals.
    pub fn brings_appeals(&self) -> bool {
        self.appeal.is_some()
    }

    /// As a site's file writes it.
    pub const EXAMPLE: &str = r#"[[source]]
name = "portal"
kind = "rest"
url = "http://127.0.0.1:8080/api/appeals"
every_secs = 60
auth = { bearer = { env = "PORTAL_TOKEN" } }
items = "$.data[*]"
paging = { by = "page", size = 200, size_name = "per_page" }
appeal = { key = "$.id", received = "$.created_at", answered = "$.closed_at", topic = "$.category.code", topic_name = "$.category.title", lon = "$.geo.lon", lat = "$.geo.lat", text = "$.body" }
"#;

    /// Reads all pages.
    pub async fn poll(&mut self, fetcher: &Fetcher, zone: &TimeZone, _: Moment) -> Result<Batch, SourceError> {
        let mapping = self.mapping();
        let paths = Paths::of(&mapping).map_err(|what| SourceError::Wrong { url: fetcher.base().to_string(), what })?;
        let mut batch = Batch { whole: true, ..Batch::default() };
        let mut path = String::new();
        let mut query: Vec<(String, String)> = self.paging.as_ref().map_or_else(Vec::new, |p| p.query(0, 0));
        let mut seen: Vec<String> = Vec::new();
        let mut pages = Pages::default();
        // Rows as the server counts them: those that came twice, too.
        let mut passed = 0;
        for page in 1..=MAX_PAGES {
            let (url, bytes, link) = fetcher.linked_document(&path, &query).await?;
            let (value, mended) = fetcher.any_json(&url, &bytes)?;
            drop(bytes);
            batch.noted.count_times("something in the answer is no JSON: it was left out", mended);
            let found: Vec<&Value> = self.items.query(&value).all();
            if found.is_empty() && !self.has_place_for_rows(&value) {
                // An error that is said with a status of 200 is no list without rows.
                let what = format!("`{}` finds no rows; the answer is {}", self.items, outline(&value));
                return Err(SourceError::Wrong { url, what });
            }
            if found.is_empty() && page == 1 {
                batch.instead = Some(format!("`{}` finds no rows; the answer is {}", self.items, outline(&value)));
            }
            passed += found.len();
            let fresh = if self.paging.is_some() { pages.fresh(&found) } else { Fresh { rows: found, again: 0 } };
            for row in &fresh.rows {
                let all = || -> Record { row.as_object().cloned().unwrap_or_default() };
                mapping.take(&mut batch, zone, RowGeometry::default(), |place| paths.find(place, row), all);
            }
            let Some(paging) = &self.paging else { break };
            if !fresh.rows.is_empty() {
                batch.noted.count_times("rows came on two pages: each was taken once", fresh.again);
            }
            let first = |path: &JsonPath| path.query(&value).first().and_then(text).filter(|t| !t.is_empty());
            match paging {
                Paging::Page { .. } | Paging::Offset { .. } => {
                    if fresh.rows.is_empty() {
                        break;
                    }
                    query = paging.query(page, passed);
                }
                Paging::Cursor { name, next } => {
                    let Some(cursor) = first(next) else { break };
                    // A cursor that comes back would be followed for ever.
                    if seen.contains(&cursor) {
                        break;
                    }
                    query = vec![(name.clone(), cursor.clone())];
                    seen.push(cursor);
                }
                Paging::Link { next } => {
                    let Some(to) = link.or_else(|| next.as_ref().and_then(first)) else { break };
                    if seen.contains(&to) {
                        break;
                    }
                    path.clone_from(&to);
                    query = Vec::new();
                    seen.push(to);
                }
            }
        }
        Ok(batch)
    }
}

impl Rest {
    /// Whether an answer without rows has the list, an empty one, in which they would stand; so it is taken to be where
    /// `items` does not say which list that is.
    fn has_place_for_rows(&self, answer: &Value) -> bool {
        let items = self.items.to_string();
        let list = items.strip_suffix("[*]").or_else(|| items.strip_suffix(".*"));
        match list.and_then(|list| JsonPath::parse(list).ok()) {
            Some(list) => list.query(answer).iter().any(|place| place.is_array() || place.is_object()),
            None => !looks_like_an_error(answer),
        }
    }
}

/// Whether an object says of itself that something failed.
fn looks_like_an_error(answer: &Value) -> bool {
    let Some(object) = answer.as_object() else { return false };
    let failed = ["success", "ok"].iter().any(|key| object.get(*key) == Some(&Value::Bool(false)));
    let says = ["error", "errors", "fault", "exception"].iter().any(|key| {
        object
            .get(*key)
            .is_some_and(|said| !matches!(said, Value::Null | Value::Bool(false)) && said.as_str() != Some(""))
    });
    failed || says
}

impl Paging {
    /// The parameters of a page, after `page` pages and `rows` rows.
    fn query(&self, page: usize, rows: usize) -> Vec<(String, String)> {
        match self {
            Self::Page { name, first, size_name, size } => {
                let mut query = vec![(name.clone(), (first + page).to_string())];
                query.extend(size_name.iter().map(|size_name| (size_name.clone(), size.to_string())));
                query
            }
            Self::Offset { name, size_name, size } => {
                vec![(name.clone(), rows.to_string()), (size_name.clone(), size.to_string())]
            }
            Self::Cursor { .. } | Self::Link { .. } => Vec::new(),
        }
    }
}

/// The paths of a mapping, read once.
struct Paths(std::collections::HashMap<String, JsonPath>);

impl Paths {
    fn of(mapping: &Mapping) -> Result<Self, String> {
        let read = |place: &str| {
            JsonPath::parse(place)
                .map(|path| (place.to_owned(), path))
                .map_err(|e| format!("`{place}` is not a JSONPath: {e}"))
        };
        mapping.places().into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    fn find(&self, place: &str, row: &Value) -> Option<Value> {
        self.0.get(place)?.query(row).first().cloned()
    }
}
