//! CAP 1.1 and 1.2 alerts (OASIS, <https://docs.oasis-open.org/emergency/cap/v1.2/>), with their areas: one alert, a feed
//! that holds alerts, or a feed of links to them.
//!
//! Each `<info>` in the wall's language is a record: the standard lets a message warn of several events. An Update and a
//! Cancel take what they reference off the wall, also when it is still in the feed later.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fetch::{Fetcher, SourceError};
use super::record::{Batch, RowIssues};
use super::xml;
use crate::clock::Moment;
use crate::data::features::position;
use crate::data::written_times::moment;

/// An alert that does not say when it ends is shown for a day after it was sent: the standard leaves that to whoever
/// shows it (1.2, `expires`).
const DEFAULT_SECS: i64 = 86_400;
/// No more links of a feed are followed.
const MAX_LINKS: usize = 200;
/// So many withdrawn alerts are remembered.
const MAX_WITHDRAWN: usize = 4096;
/// Corners of the polygon that stands for a circle.
const CORNERS: usize = 48;
/// Kilometres in a degree of a great circle, on a sphere of the Earth's mean radius, 6,371.0088 km (IUGG).
const KM_PER_DEGREE: f64 = 111.195;

/// What a `[[source]]` of `kind = "cap"` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// The table's name.
    #[serde(default = "alerts")]
    pub dataset: String,
    /// The language of the info blocks that are shown, such as `ru-RU`.
    #[serde(default = "russian")]
    language: String,
    #[serde(skip)]
    state: State,
}

#[derive(Debug, Clone, Default)]
struct State {
    /// Alerts that others have updated or cancelled, by sender and identifier.
    withdrawn: HashSet<(String, String)>,
    /// What stood behind the links of a feed: an alert does not change, another one updates it.
    linked: HashMap<String, Value>,
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

    /// Reads what is actual and for the public. Expired, cancelled and test alerts are left out.
    pub async fn poll(&mut self, fetcher: &Fetcher, zone: &TimeZone, now: Moment) -> Result<Batch, SourceError> {
        let (url, bytes) = fetcher.document("").await?;
        let wrong = |what: String| SourceError::Wrong { url: url.clone(), what };
        let root = xml::value(&bytes).map_err(wrong)?;
        let mut batch = Batch::default();
        let mut messages: Vec<Value> = within(&root).into_iter().cloned().collect();
        let links = if messages.is_empty() { links(&root) } else { Vec::new() };
        if messages.is_empty() && links.is_empty() && !is_feed(&root) {
            return Err(wrong("neither a CAP alert nor a feed of alerts".to_owned()));
        }
        self.state.linked.retain(|link, _| links.contains(link));
        for link in links {
            match self.follow_link(fetcher, &link).await {
                Ok(alert) => messages.push(alert),
                Err(error) => {
                    batch.came += 1;
                    batch.refused.count(format!("its link cannot be followed: {error}"), link);
                }
            }
        }
        let records = self.records(&messages, zone, now.secs(), &mut batch);
        batch.tables.push((self.dataset.clone(), records));
        Ok(batch)
    }

    async fn follow_link(&mut self, fetcher: &Fetcher, link: &str) -> Result<Value, SourceError> {
        if let Some(known) = self.state.linked.get(link) {
            return Ok(known.clone());
        }
        let (url, bytes) = fetcher.document(link).await?;
        let read = xml::value(&bytes).ok().filter(|root| root.get("info").is_some());
        let alert = read.ok_or_else(|| SourceError::Wrong { url, what: "no CAP alert".to_owned() })?;
        self.state.linked.insert(link.to_owned(), alert.clone());
        Ok(alert)
    }

    fn records(
        &mut self,
        messages: &[Value],
        zone: &TimeZone,
        now: i64,
        batch: &mut Batch,
    ) -> Vec<serde_json::Map<String, Value>> {
        for message in messages.iter().filter(|message| is_actual(message)) {
            if matches!(message["msgType"].as_str(), Some("Update" | "Cancel")) {
                self.state.withdrawn.extend(references(message));
            }
        }
        // What is remembered in excess is in no feed any more.
        if self.state.withdrawn.len() > MAX_WITHDRAWN {
            let present: HashSet<(String, String)> = messages.iter().map(identity).collect();
            self.state.withdrawn.retain(|alert| present.contains(alert));
        }
        let mut records = Vec::new();
        for message in messages {
            batch.came += 1;
            match self.read(message, zone, now, &mut batch.noted) {
                Ok(found) => records.extend(found.into_iter().filter_map(|record| record.as_object().cloned())),
                Err(reason) => batch.refused.count(reason, message["identifier"].as_str().unwrap_or("?")),
            }
        }
        records
    }

    /// The records of a message: one for each info block in the wall's language.
    fn read(
        &self,
        alert: &Value,
        zone: &TimeZone,
        now: i64,
        noted: &mut RowIssues,
    ) -> Result<Vec<Value>, &'static str> {
        if !is_actual(alert) {
            return Err("not an actual alert");
        }
        if alert["scope"].as_str().is_some_and(|scope| !scope.trim().eq_ignore_ascii_case("public")) {
            return Err("not for the public");
        }
        match alert["msgType"].as_str() {
            Some("Cancel") => return Err("cancelled"),
            Some("Ack" | "Error") => return Err("an answer to another message"),
            _ => {}
        }
        if self.state.withdrawn.contains(&identity(alert)) {
            return Err("cancelled or updated by a later message");
        }
        let infos = self.spoken(alert);
        if infos.is_empty() {
            return Err("no info in it");
        }
        let sent = moment(&alert["sent"], zone);
        let mut records = Vec::new();
        let mut reason = "no headline";
        for info in infos {
            if is_all_clear(info) {
                reason = "all clear: the danger is over";
                continue;
            }
            let onset = moment(&info["onset"], zone).or_else(|| moment(&info["effective"], zone));
            let expires = moment(&info["expires"], zone);
            let until = expires.or_else(|| sent.or(onset).map(|at| at + DEFAULT_SECS));
            if until.is_some_and(|at| at <= now) {
                reason = if expires.is_some() { "expired" } else { "it has no end and is older than a day" };
                continue;
            }
            let Some(text) = word(info, "headline").or_else(|| word(info, "event")) else { continue };
            let areas = many(&info["area"]);
            let names: Vec<&str> = areas.iter().filter_map(|area| area["areaDesc"].as_str()).collect();
            records.push(json!({
                "id": alert["identifier"], "text": text, "severity": info["severity"], "urgency": info["urgency"],
                "onset": onset, "time": onset.or(sent), "expires": until, "area": names.join(", "),
                "instruction": info["instruction"], "polygons": outlines(&areas, alert, noted),
            }));
        }
        if records.is_empty() { Err(reason) } else { Ok(records) }
    }

    /// The info blocks in the wall's language; those of the first block's language, where there is none in it. Blocks
    /// without a language are in `en-US` (1.2, `language`).
    fn spoken<'a>(&self, alert: &'a Value) -> Vec<&'a Value> {
        let infos = many(&alert["info"]);
        let language = |info: &Value| primary(info["language"].as_str().unwrap_or("en-US"));
        let wanted = primary(&self.language);
        let own: Vec<&Value> = infos.iter().copied().filter(|info| language(info) == wanted).collect();
        match infos.first().map(|info| language(info)) {
            Some(first) if own.is_empty() => infos.into_iter().filter(|info| language(info) == first).collect(),
            _ => own,
        }
    }
}

/// The language of a tag (RFC 5646), without its region and script: `RU_ru`, `rus` and `ru-RU` are all `ru`.
fn primary(tag: &str) -> String {
    let first = tag.trim().split(['-', '_']).next().unwrap_or("").to_lowercase();
    match first.as_str() {
        "rus" => "ru".to_owned(),
        "eng" => "en".to_owned(),
        _ => first,
    }
}

fn is_actual(alert: &Value) -> bool {
    alert["status"].as_str().is_none_or(|status| status.trim() == "Actual")
}

fn is_all_clear(info: &Value) -> bool {
    let clear = |word: &&Value| word.as_str().is_some_and(|word| word.trim().eq_ignore_ascii_case("AllClear"));
    many(&info["responseType"]).iter().any(clear) || info["urgency"].as_str().is_some_and(|word| word.trim() == "Past")
}

/// By what an alert is referenced: its sender and identifier.
fn identity(alert: &Value) -> (String, String) {
    let word = |key: &str| alert[key].as_str().unwrap_or("").trim().to_owned();
    (word("sender"), word("identifier"))
}

/// The alerts that a message references, `sender,identifier,sent` between blanks.
fn references(alert: &Value) -> Vec<(String, String)> {
    let references = alert["references"].as_str().unwrap_or("").split_whitespace();
    let read = |reference: &str| {
        let mut parts = reference.splitn(3, ',');
        Some((parts.next()?.trim().to_owned(), parts.next()?.trim().to_owned()))
    };
    references.filter_map(read).collect()
}

fn word<'a>(info: &'a Value, key: &str) -> Option<&'a str> {
    info[key].as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The alerts in a document: itself, or those in the contents of a feed's entries.
fn within(root: &Value) -> Vec<&Value> {
    if root.get("identifier").is_some() && root.get("info").is_some() {
        return vec![root];
    }
    let alert_in = |entry| -> Option<&Value> {
        let entry: &Value = entry;
        if entry.get("info").is_some() {
            return Some(entry);
        }
        entry.get("content").and_then(|content| content.get("alert")).or_else(|| entry.get("alert"))
    };
    entries(root).into_iter().filter_map(alert_in).collect()
}

fn entries(root: &Value) -> Vec<&Value> {
    [&root["alert"], &root["entry"], &root["channel"]["item"], &root["item"]].into_iter().flat_map(many).collect()
}

fn is_feed(root: &Value) -> bool {
    ["entry", "channel", "title", "updated", "alert"].iter().any(|key| root.get(*key).is_some())
}

/// The addresses by which a feed's entries lead to alerts.
fn links(root: &Value) -> Vec<String> {
    let link_of = |entry: &Value| {
        let links = many(&entry["link"]);
        let typed = |link: &&&Value| link["@type"].as_str().is_some_and(|kind| kind.contains("cap"));
        let best = links.iter().find(typed).or_else(|| links.first())?;
        Some(best.as_str().or_else(|| best["@href"].as_str())?.trim().to_owned())
    };
    entries(root).into_iter().filter_map(link_of).filter(|link| !link.is_empty()).take(MAX_LINKS).collect()
}

fn many(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list.iter().collect(),
        single => vec![single],
    }
}

/// The outlines of an alert's areas, longitude first; `noted` is told of those that cannot be drawn.
fn outlines(areas: &[&Value], alert: &Value, noted: &mut RowIssues) -> Vec<Vec<[f64; 2]>> {
    let mut outlines = Vec::new();
    for area in areas {
        let polygons = many(&area["polygon"]).into_iter().map(|text| text.as_str().and_then(polygon));
        let circles = many(&area["circle"]).into_iter().map(|text| text.as_str().and_then(circle));
        for outline in polygons.chain(circles) {
            match outline {
                Some(outline) => outlines.push(outline),
                None => {
                    let identifier = alert["identifier"].as_str().unwrap_or("?");
                    noted.count("one of its areas cannot be read: it is not drawn", identifier);
                }
            }
        }
        if area["polygon"].is_null() && area["circle"].is_null() {
            let identifier = alert["identifier"].as_str().unwrap_or("?");
            noted.count("one of its areas has neither polygon nor circle: maps do not show it", identifier);
        }
    }
    outlines
}

/// `lat,lon` as longitude and latitude.
fn pair(text: &str) -> Option<[f64; 2]> {
    let (lat, lon) = text.split_once(',')?;
    let (lat, lon): (f64, f64) = (lat.trim().parse().ok()?, lon.trim().parse().ok()?);
    position(&json!([lon, lat])).filter(|_| lon.abs() <= 180.0).map(|(lon, lat)| [lon, lat])
}

/// `lat,lon lat,lon ...` to longitudes and latitudes, the last the first again: a ring that is not closed is closed.
fn polygon(text: &str) -> Option<Vec<[f64; 2]>> {
    let mut points: Vec<[f64; 2]> = text.split_whitespace().map(pair).collect::<Option<_>>()?;
    if points.first() != points.last() {
        points.extend(points.first().copied());
    }
    (points.len() >= 4).then_some(points)
}

/// `lat,lon radius` in kilometres to a polygon with its corners on the circle.
fn circle(text: &str) -> Option<Vec<[f64; 2]>> {
    let mut parts = text.split_whitespace();
    let ([lon, lat], radius_km) = (pair(parts.next()?)?, parts.next()?.parse::<f64>().ok()?);
    if !(0.0..=2000.0).contains(&radius_km) || lat.abs() > 85.0 {
        return None;
    }
    // A circle without a radius is a place: as small as can be seen on a region's map.
    let degrees = radius_km.max(0.2) / KM_PER_DEGREE;
    let corner = |at: usize| {
        let angle = std::f64::consts::TAU * at as f64 / CORNERS as f64;
        [lon + degrees * angle.sin() / lat.to_radians().cos(), lat + degrees * angle.cos()]
    };
    Some((0..=CORNERS).map(|at| corner(at % CORNERS)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_172_712;

    fn message(kind: &str, id: &str, rest: &str) -> String {
        format!(
            "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>{id}</identifier><sender>s</sender>\
             <sent>2026-11-20T12:00:00+03:00</sent><status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{rest}</alert>"
        )
    }

    fn info(language: &str, headline: &str, rest: &str) -> String {
        format!(
            "<info><language>{language}</language><event>e</event><headline>{headline}</headline><severity>Severe</severity>{rest}</info>"
        )
    }

    fn read(source: &mut Cap, messages: &[String]) -> (Vec<String>, Batch) {
        let messages: Vec<Value> = messages.iter().map(|text| xml::value(text.as_bytes()).unwrap()).collect();
        let mut batch = Batch::default();
        let records = source.records(&messages, &TimeZone::UTC, NOW, &mut batch);
        (records.iter().map(|record| record["text"].as_str().unwrap().to_owned()).collect(), batch)
    }

    fn source() -> Cap {
        toml::from_str("").unwrap()
    }

    #[test]
    fn latitude_comes_first_in_cap() {
        assert_eq!(polygon("55,37 56,37 56,38 55,37").unwrap()[0], [37.0, 55.0]);
        assert_eq!(polygon("\n55,37 56,37\n 56,38 ").unwrap().len(), 4);
        assert_eq!(polygon("55,37 56,37 55,37"), None);
        assert_eq!(polygon("155,37 56,37 56,38 155,37"), None);
        assert_eq!(polygon("55.0 40.0, 55.0 40.2, 55.1 40.2"), None);
    }

    #[test]
    fn circles_are_as_wide_as_they_say() {
        let ring = circle("55.05,40.1 3.5").unwrap();
        assert_eq!(ring.first(), ring.last());
        for [lon, lat] in ring {
            let (x, y) = ((lon - 40.1) * lat.to_radians().cos() * KM_PER_DEGREE, (lat - 55.05) * KM_PER_DEGREE);
            assert!((x.hypot(y) - 3.5).abs() < 0.01, "{}", x.hypot(y));
        }
        assert!(
            circle("55.05,40.1").is_none() && circle("55.05,40.1 -1").is_none() && circle("55.05,40.1 0").is_some()
        );
    }

    #[test]
    fn every_block_in_the_language_of_the_wall_is_shown() {
        let blocks = [info("en-US", "Wind", ""), info("RU_ru", "Ветер", ""), info("ru", "Гололёд", "")].concat();
        assert_eq!(read(&mut source(), &[message("Alert", "1", &blocks)]).0, ["Ветер", "Гололёд"]);
        let foreign = [info("de", "Sturm", ""), info("en", "Storm", "")].concat();
        assert_eq!(read(&mut source(), &[message("Alert", "1", &foreign)]).0, ["Sturm"]);
        let without = "<info><headline>Storm</headline></info>";
        let mut english: Cap = toml::from_str("language = \"en-GB\"").unwrap();
        assert_eq!(read(&mut english, &[message("Alert", "1", without)]).0, ["Storm"]);
    }

    #[test]
    fn updates_and_cancels_take_off_what_they_reference() {
        let alert = |id: &str| message("Alert", id, &info("ru", id, ""));
        let cancel = |id: &str, of: &str| {
            message(
                "Cancel",
                id,
                &format!("<references>s,{of},2026-11-20T12:00:00+03:00</references>{}", info("ru", id, "")),
            )
        };
        let update = message("Update", "9", &format!("<references>s,2,x s,3,y</references>{}", info("ru", "9", "")));
        let mut cap = source();
        let (shown, batch) = read(&mut cap, &[alert("1"), alert("2"), alert("3"), cancel("8", "1"), update.clone()]);
        assert_eq!((shown, batch.refused.total()), (vec!["9".to_owned()], 4));
        // The feed may have the alert for longer than its cancellation.
        assert_eq!(read(&mut cap, &[alert("1"), alert("4")]).0, ["4"]);
        // Of another sender it is another alert.
        let other = alert("1").replace("<sender>s<", "<sender>t<");
        assert_eq!(read(&mut cap, &[other]).0, ["1"]);
    }

    #[test]
    fn what_is_not_for_a_wall_is_set_aside() {
        let shown = |text: String| read(&mut source(), &[text]).0.len();
        let alert = |rest: &str| message("Alert", "1", &info("ru", "x", rest));
        assert_eq!(shown(alert("")), 1);
        assert_eq!(shown(alert("").replace("Public", "Restricted")), 0);
        assert_eq!(shown(alert("").replace("Public", "Private")), 0);
        assert_eq!(shown(alert("").replace("Actual", "Exercise")), 0);
        assert_eq!(shown(alert("<responseType>AllClear</responseType>")), 0);
        assert_eq!(shown(alert("<expires>2026-11-20T13:00:00+03:00</expires>")), 0);
        assert_eq!(shown(alert("<expires>2026-11-21T13:00:00+03:00</expires>")), 1);
        // Without an end it is shown for a day.
        assert_eq!(shown(alert("").replace("2026-11-20", "2026-11-18")), 0);
    }

    #[test]
    fn areas_that_cannot_be_drawn_are_named() {
        let area = "<area><areaDesc>А</areaDesc><polygon>55.0 40.0, 55.0 40.2</polygon><circle>55,40 2</circle></area>";
        let message = xml::value(message("Alert", "1", &info("ru", "x", area)).as_bytes()).unwrap();
        let mut batch = Batch::default();
        let records = source().records(&[message], &TimeZone::UTC, NOW, &mut batch);
        assert_eq!((records[0]["polygons"].as_array().unwrap().len(), batch.noted.total()), (1, 1));
    }

    #[test]
    fn links_are_found_in_feeds_of_either_kind() {
        let atom = "<feed><title>t</title><entry><link href=\"a.html\" type=\"text/html\"/><link href=\"l2\" type=\"application/cap+xml\"/></entry></feed>";
        let rss = "<rss><channel><item><link>http://h/1.xml</link></item></channel></rss>";
        let of = |text: &str| links(&xml::value(text.as_bytes()).unwrap());
        assert_eq!((of(atom), of(rss)), (vec!["l2".to_owned()], vec!["http://h/1.xml".to_owned()]));
    }
}
