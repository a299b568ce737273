//! CAP 1.2 alerts (OASIS, <https://docs.oasis-open.org/emergency/cap/v1.2/>), with their polygons.

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fetch::{Fetcher, SourceError};
use super::moments::moment;
use super::record::Batch;
use super::xml;
use crate::clock::Moment;

/// What a `[[source]]` of `kind = "cap"` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// The table's name.
    #[serde(default = "alerts")]
    pub dataset: String,
    /// The language of the info block that is preferred, such as `ru-RU`.
    #[serde(default = "russian")]
    language: String,
}

fn alerts() -> String {
    "alerts".into()
}

fn russian() -> String {
    "ru".into()
}

impl Cap {
    /// As a site's file writes it.
    pub const EXAMPLE: &str = r#"[[source]]
name = "warnings"
kind = "cap"
url = "http://127.0.0.1:8080/alert.xml"
every_secs = 60
published = ["text", "area", "instruction"]
"#;

    /// Reads one alert, or a feed that holds alerts. Expired, cancelled and test alerts are left out.
    pub async fn poll(&mut self, fetcher: &Fetcher, zone: &TimeZone, now: Moment) -> Result<Batch, SourceError> {
        let (url, bytes) = fetcher.document("").await?;
        let root = xml::value(&bytes).map_err(|what| SourceError::Wrong { url, what })?;
        let mut batch = Batch::default();
        let mut records = Vec::new();
        for alert in within(&root) {
            batch.came += 1;
            match self.record(alert, zone, now.secs()) {
                Ok(record) => records.extend(record.as_object().cloned()),
                Err(reason) => batch.refused.count(reason, alert["identifier"].as_str().unwrap_or("?")),
            }
        }
        batch.tables.push((self.dataset.clone(), records));
        Ok(batch)
    }

    fn record(&self, alert: &Value, zone: &TimeZone, now: i64) -> Result<Value, &'static str> {
        if alert["status"].as_str().is_some_and(|s| s != "Actual") {
            return Err("not an actual alert");
        }
        if alert["msgType"].as_str() == Some("Cancel") {
            return Err("cancelled");
        }
        let infos: Vec<&Value> = many(&alert["info"]);
        let spoken = |i: &&&Value| i["language"].as_str().is_some_and(|l| l.starts_with(&self.language));
        let info = infos.iter().find(spoken).or(infos.first()).ok_or("no info in it")?;
        let expires = moment(&info["expires"], zone);
        if expires.is_some_and(|at| at <= now) {
            return Err("expired");
        }
        let areas = many(&info["area"]);
        let polygons: Vec<Vec<[f64; 2]>> =
            areas.iter().flat_map(|a| many(&a["polygon"])).filter_map(|p| polygon(p.as_str()?)).collect();
        let names: Vec<&str> = areas.iter().filter_map(|a| a["areaDesc"].as_str()).collect();
        let text = info["headline"].as_str().or(info["event"].as_str()).ok_or("no headline")?;
        Ok(json!({
            "id": alert["identifier"], "text": text, "severity": info["severity"], "urgency": info["urgency"],
            "onset": moment(&info["onset"], zone).or_else(|| moment(&info["effective"], zone)), "expires": expires,
            "area": names.join(", "), "instruction": info["instruction"], "polygons": polygons,
        }))
    }
}

/// The alerts in a document: itself, or those in the contents of a feed's entries.
fn within(root: &Value) -> Vec<&Value> {
    if root.get("identifier").is_some() && root.get("info").is_some() {
        return vec![root];
    }
    let lists = [&root["alert"], &root["entry"], &root["channel"]["item"]];
    lists
        .into_iter()
        .flat_map(many)
        .flat_map(|e| {
            let inner = e.get("content").and_then(|c| c.get("alert")).or_else(|| e.get("alert"));
            if e.get("info").is_some() { vec![e] } else { inner.into_iter().collect() }
        })
        .collect()
}

fn many(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list.iter().collect(),
        single => vec![single],
    }
}

/// `lat,lon lat,lon ...` to longitudes and latitudes; at least four points, the last the first again.
fn polygon(text: &str) -> Option<Vec<[f64; 2]>> {
    let points: Option<Vec<[f64; 2]>> = text
        .split_whitespace()
        .map(|pair| {
            let (lat, lon) = pair.split_once(',')?;
            let (lat, lon): (f64, f64) = (lat.parse().ok()?, lon.parse().ok()?);
            (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some([lon, lat])
        })
        .collect();
    points.filter(|p| p.len() >= 4 && p.first() == p.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latitude_comes_first_in_cap() {
        assert_eq!(polygon("55,37 56,37 56,38 55,37").unwrap()[0], [37.0, 55.0]);
        assert_eq!(polygon("55,37 56,37 55,37"), None);
        assert_eq!(polygon("155,37 56,37 56,38 155,37"), None);
    }

    #[test]
    fn an_alert_is_read_in_the_language_of_the_wall() {
        let text = "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>a1</identifier><status>Actual</status><msgType>Alert</msgType>\
            <info><language>en-US</language><event>Wind</event></info>\
            <info><language>ru-RU</language><event>Ветер</event><headline>Сильный ветер</headline><severity>Severe</severity>\
            <expires>2026-11-21T00:00:00+03:00</expires><area><areaDesc>Север</areaDesc><polygon>55,37 56,37 56,38 55,37</polygon></area></info></alert>";
        let source: Cap = toml::from_str("").unwrap();
        let root = xml::value(text.as_bytes()).unwrap();
        let alerts = within(&root);
        let record = source.record(alerts[0], &TimeZone::UTC, 1_795_172_712).unwrap();
        assert_eq!(record["text"], "Сильный ветер");
        assert_eq!(record["polygons"][0][0][0], 37.0);
        assert_eq!(source.record(alerts[0], &TimeZone::UTC, 1_800_000_000), Err("expired"));
    }
}
