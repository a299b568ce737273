//! From any backend's fields to appeals and tables, as a site's file says.

use std::collections::{BTreeMap, HashSet};

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::record::{AppealRecord, Batch, LOOKED_AT, ReportedTime, RowIssues};
use super::request_status::{Standing, Statuses, standing};
use crate::data::dataset::Record;
use crate::data::written_numbers::number;
use crate::data::written_times::{moment_as, validate_format};
use crate::privacy::redact;

/// Where a row lies, if that is known beside its fields.
#[derive(Debug, Clone, Default)]
pub struct RowGeometry {
    /// Longitude and latitude in degrees.
    pub place: Option<(f64, f64)>,
    /// Rings of such points.
    pub areas: Vec<Value>,
}

/// Where in a row each part of an appeal stands. What a name is depends on the kind of source: a JSONPath, a
/// column, a property.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppealMap {
    /// How the times are written, in the letters of `strftime`, where they are not of the usual forms:
    /// `"%d %b %Y %H:%M"`.
    #[serde(default)]
    pub time_format: Option<String>,
    /// What tells appeals apart.
    pub key: String,
    /// When it was received.
    pub received: String,
    /// When the resident got the first reply.
    #[serde(default)]
    pub first_reply: Option<String>,
    /// When the executor answered.
    #[serde(default)]
    pub answered: Option<String>,
    /// The word that says whether it is in work.
    #[serde(default)]
    pub status: Option<String>,
    /// What such words mean, beside those that are known.
    #[serde(default)]
    pub statuses: Statuses,
    /// When the resident confirmed the answer.
    #[serde(default)]
    pub accepted: Option<String>,
    /// The due date.
    #[serde(default)]
    pub due: Option<String>,
    /// Days from receipt to the due date, where the backend tells none.
    #[serde(default)]
    pub due_days: Option<f64>,
    /// Longitude in degrees.
    #[serde(default)]
    pub lon: Option<String>,
    /// Latitude in degrees.
    #[serde(default)]
    pub lat: Option<String>,
    /// Code or name of the topic.
    #[serde(default)]
    pub topic: Option<String>,
    /// The topic's name.
    #[serde(default)]
    pub topic_name: Option<String>,
    /// Code of the sector.
    #[serde(default)]
    pub sector: Option<String>,
    /// Name of the municipality.
    #[serde(default)]
    pub municipality: Option<String>,
    /// Name of the executor.
    #[serde(default)]
    pub agency: Option<String>,
    /// Code of the channel.
    #[serde(default)]
    pub channel: Option<String>,
    /// How often the due date was moved.
    #[serde(default)]
    pub moves: Option<String>,
    /// 1 to 5.
    #[serde(default)]
    pub rating: Option<String>,
    /// Whether it is a repeat: true, yes, да, a number over 0, or the key of an earlier appeal.
    #[serde(default)]
    pub repeat: Option<String>,
    /// What the resident wrote.
    #[serde(default)]
    pub text: Option<String>,
    /// What the executor answered.
    #[serde(default)]
    pub reply: Option<String>,
}

/// What the rows of a source are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Appeals.
    #[serde(default)]
    pub appeal: Option<AppealMap>,
    /// Records of a table of this name.
    #[serde(default)]
    pub dataset: Option<String>,
    /// The table's fields by their place in a row; all that there are, if none is named.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

impl Mapping {
    /// Whether it says what the rows are.
    ///
    /// # Errors
    /// A sentence that says what to write.
    pub fn validate(&self) -> Result<(), String> {
        if let Some(format) = self.appeal.as_ref().and_then(|map| map.time_format.as_deref()) {
            validate_format(format)?;
        }
        if self.appeal.as_ref().and_then(|map| map.due_days).is_some_and(|days| !(0.01..=3650.0).contains(&days)) {
            return Err("`due_days` is 0.01 to 3650".to_owned());
        }
        match (&self.appeal, &self.dataset) {
            (None, None) => {
                Err("neither `appeal` nor `dataset` says what the rows are: map them to appeals or name a table"
                    .to_owned())
            }
            (_, None) if !self.fields.is_empty() => {
                Err("`fields` are those of a table: name it with `dataset`".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Every place that it names.
    pub fn places(&self) -> Vec<&str> {
        let mut places: Vec<&str> = self.fields.values().map(String::as_str).collect();
        if let Some(map) = &self.appeal {
            places.extend([map.key.as_str(), map.received.as_str()]);
            let others = [
                &map.first_reply,
                &map.answered,
                &map.status,
                &map.accepted,
                &map.due,
                &map.lon,
                &map.lat,
                &map.topic,
                &map.topic_name,
                &map.sector,
                &map.municipality,
                &map.agency,
                &map.channel,
                &map.moves,
                &map.rating,
                &map.repeat,
                &map.text,
                &map.reply,
            ];
            places.extend(others.into_iter().flatten().map(String::as_str));
        }
        // One place may be two things of an appeal.
        let mut seen = HashSet::new();
        places.retain(|place| seen.insert(*place));
        places
    }

    /// Adds a row to a batch, or counts why it is refused. `at` looks up a place in the row; `all` gives the row with
    /// all its fields.
    pub fn take(
        &self,
        batch: &mut Batch,
        zone: &TimeZone,
        geometry: RowGeometry,
        at: impl Fn(&str) -> Option<Value>,
        all: impl FnOnce() -> Record,
    ) {
        let RowGeometry { place, areas } = geometry;
        batch.came += 1;
        let row = batch.came;
        let at = |place: &str| at(place).filter(|value| !value.is_null());
        if row <= LOOKED_AT {
            for place in self.places() {
                batch.look(place, at(place).is_some());
            }
        }
        if let Some(map) = &self.appeal {
            match appeal(map, zone, place, at, &mut batch.noted) {
                Ok(record) => batch.appeals.push(record),
                Err(reason) => {
                    let example = at(&map.key).as_ref().and_then(text).unwrap_or_else(|| format!("row {row}"));
                    batch.refused.count(reason, example);
                }
            }
        }
        if let Some(name) = &self.dataset {
            let mut record = if self.fields.is_empty() {
                all()
            } else {
                self.fields.iter().map(|(field, place)| (field.clone(), at(place).unwrap_or(Value::Null))).collect()
            };
            if let Some((lon, lat)) = place {
                record.entry("lon").or_insert_with(|| Value::from(lon));
                record.entry("lat").or_insert_with(|| Value::from(lat));
            }
            if !areas.is_empty() {
                record.entry("polygons").or_insert_with(|| Value::from(areas));
            }
            match batch.tables.iter_mut().find(|(held, _)| held == name) {
                Some((_, records)) => records.push(record),
                None => batch.tables.push((name.clone(), vec![record])),
            }
        }
    }
}

fn appeal(
    map: &AppealMap,
    zone: &TimeZone,
    place: Option<(f64, f64)>,
    at: impl Fn(&str) -> Option<Value>,
    noted: &mut RowIssues,
) -> Result<AppealRecord, String> {
    let value = |place: &Option<String>| place.as_deref().and_then(&at);
    let moment = |value: &Value| moment_as(value, zone, map.time_format.as_deref());
    let words = |place: &Option<String>| value(place).as_ref().and_then(text).filter(|text| !text.is_empty());
    let key = at(&map.key).as_ref().and_then(text).filter(|key| !key.is_empty()).ok_or("no identifier")?;
    let received = at(&map.received).ok_or("no time of receipt")?;
    let received =
        moment(&received).ok_or("the time of receipt cannot be read: `time_format` can say how it is written")?;
    let mut time = |place: &Option<String>| {
        let place = place.as_deref()?;
        read_at(place, &at, moment, ("time: `time_format` can say how it is written", &key), noted)
    };
    let (first_reply, mut answered, accepted, due) = (
        time(&map.first_reply),
        ReportedTime::by(map.answered.is_some(), time(&map.answered)),
        ReportedTime::by(map.accepted.is_some(), time(&map.accepted)),
        time(&map.due),
    );
    let mut figure = |place: &Option<String>| read_at(place.as_deref()?, &at, number, ("number", &key), noted);
    let coordinates = figure(&map.lon).zip(figure(&map.lat));
    let mut count = |place: &Option<String>| figure(place).map_or(0, |n| n.clamp(0.0, 255.0) as u8);
    let (moves, rating) = (count(&map.moves), count(&map.rating));
    if let Some(status) = words(&map.status) {
        answered = answered_by(&status, &map.statuses, answered, noted);
    }
    let term = || map.due_days.map(|days| received.saturating_add((days * 86_400.0) as i64));
    Ok(AppealRecord {
        first_reply,
        answered,
        accepted,
        due: due.or_else(term),
        place: coordinates.or(place),
        topic: words(&map.topic),
        topic_name: words(&map.topic_name),
        sector: words(&map.sector),
        municipality: words(&map.municipality),
        agency: words(&map.agency),
        channel: words(&map.channel),
        moves,
        rating,
        repeat: value(&map.repeat).is_some_and(|v| truth(&v)),
        text: words(&map.text),
        reply: words(&map.reply),
        key,
        received,
    })
}

/// Reads the value at a place. An unreadable value is not the same as a missing one: `noted` counts which `kind` it is
/// not, and for which appeal.
fn read_at<T>(
    place: &str,
    at: impl Fn(&str) -> Option<Value>,
    read: impl Fn(&Value) -> Option<T>,
    (kind, key): (&str, &str),
    noted: &mut RowIssues,
) -> Option<T> {
    let found = at(place).filter(|value| text(value).is_some_and(|text| !text.is_empty()))?;
    let read = read(&found);
    if read.is_none() {
        noted.count(format!("`{place}` holds what is no {kind}"), key);
    }
    read
}

/// What a status makes of what is known of an answer; `noted` is told of words that nobody knows.
pub fn answered_by(status: &str, own: &Statuses, answered: ReportedTime, noted: &mut RowIssues) -> ReportedTime {
    match (standing(status, own), answered) {
        (None, answered) => {
            let status: String = redact(status).chars().take(40).collect();
            let reason = format!("its status «{status}» is not known: `statuses` can say what it means");
            noted.count_term(reason, &status);
            if answered == ReportedTime::Nothing { ReportedTime::NotYet } else { answered }
        }
        // One that was opened again is in work, whenever it was answered before.
        (Some(Standing::Open), _) => ReportedTime::NotYet,
        (Some(_), ReportedTime::At(at)) => ReportedTime::At(at),
        (Some(_), _) => ReportedTime::SomeTime,
    }
}

/// A value as text: identifiers come as numbers and as strings.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64().is_some_and(|n| n > 0.0),
        Value::String(text) => {
            !matches!(text.trim().to_lowercase().as_str(), "" | "0" | "false" | "no" | "нет" | "null")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_become_appeals_or_are_counted() {
        let mapping: Mapping = toml::from_str(
            "dataset = \"all\"\n[appeal]\nkey = \"id\"\nreceived = \"at\"\nlon = \"x\"\nlat = \"y\"\nrepeat = \"of\"\nrating = \"mark\"\n",
        )
        .unwrap();
        let mut batch = Batch::default();
        for row in [
            json!({ "id": 7, "at": "2026-11-20T10:00:00", "x": "37,5", "y": 55, "of": "3", "mark": "5" }),
            json!({ "at": "2026-11-20" }),
            json!({ "id": "8", "at": "yesterday" }),
        ] {
            let row = row.as_object().unwrap().clone();
            mapping.take(&mut batch, &TimeZone::UTC, RowGeometry::default(), |at| row.get(at).cloned(), || row.clone());
        }
        assert_eq!((batch.came, batch.appeals.len(), batch.refused.total()), (3, 1, 2));
        let first = &batch.appeals[0];
        assert_eq!((first.key.as_str(), first.place, first.repeat, first.rating), ("7", Some((37.5, 55.0)), true, 5));
        let reasons: Vec<_> = batch.refused.reasons().collect();
        assert_eq!(
            reasons,
            [
                ("no identifier", 1, "row 2"),
                ("the time of receipt cannot be read: `time_format` can say how it is written", 1, "8")
            ]
        );
        assert_eq!(batch.tables[0].1.len(), 3);
        assert_eq!((batch.filled["id"], batch.filled["at"], batch.filled["x"]), (2, 3, 1));
    }
}
