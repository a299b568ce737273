//! Gives words their numbers: dictionaries that grow as sources speak, municipalities found by name or by
//! place, numbers of appeals that stay the same from one start to the next.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use geo::Point;

use super::appeal_ids::{AppealIds, stable_hash};
use super::places::{MunicipalityIndex, folded};
use super::record::{AppealRecord, ReportedTime, RowIssues};
use crate::clock::Moment;
use crate::data::region::{
    Dictionaries, Municipality, OTHER_SECTOR, Region, Term, Topic, UNLISTED, UNLISTED_CHANNEL, place_names,
};
use crate::data::{Appeal, Locator, MaskedTexts, NEVER, SOME_TIME, SourceNumber, UNKNOWN};
use crate::privacy::{self, Masker};

/// Tolerated difference between the clocks of backends, in seconds.
const CLOCKS_DIFFER_SECS: i64 = 120;
/// Dictionaries do not grow beyond this: a backend that invents topics without end is not followed.
const MAX_TERMS: usize = 4096;
const MAX_CHANNELS: usize = 250;
/// So many names of rows are remembered as they were masked.
const MAX_MASKED: usize = 65_536;
/// Default due time, in hours, of a topic that came in rows: the law's thirty days.
const LAWFUL_DUE_HOURS: u32 = 30 * 24;
/// Why a municipality's name says nothing of a place.
pub const NOT_AMONG_BOUNDARIES: &str =
    "its municipality is not among the boundaries: `aliases` in [region] can say which it is";

/// The region as it is known so far, shared by all sources.
pub struct Registry {
    region: Region,
    grown: bool,
    locator: Locator,
    municipalities: MunicipalityIndex,
    /// Names of municipalities that none of the known ones has, and how often they came.
    unknown: BTreeMap<String, usize>,
    /// Other names of municipalities that are not known yet.
    waiting: HashMap<String, String>,
    topics: HashMap<String, u16>,
    sectors: HashMap<String, u16>,
    agencies: HashMap<String, u16>,
    channels: HashMap<String, u8>,
    masker: Masker,
    /// Names of rows as the masker leaves them.
    masked: HashMap<String, (String, String)>,
}

impl Registry {
    /// A registry that begins with what is known of a region; `aliases` are other names of municipalities.
    pub fn new(region: Region, aliases: &HashMap<String, String>) -> Self {
        let mut municipalities = MunicipalityIndex::default();
        for (at, municipality) in region.dictionaries.municipalities.iter().enumerate() {
            municipalities.insert(&municipality.name, at as u16);
        }
        // Without boundaries the municipality may yet be named: until then its other names wait for it.
        let mut waiting = HashMap::new();
        for (alias, name) in aliases.iter().filter(|(_, name)| !name.is_empty()) {
            match municipalities.find(name) {
                Some(at) => municipalities.alias(alias, at),
                None => _ = waiting.insert(folded(alias), name.clone()),
            }
        }
        let known = |terms: &[Term]| terms.iter().enumerate().map(|(at, t)| (t.code.clone(), at as u16)).collect();
        let topics = region.dictionaries.topics.iter().enumerate().map(|(at, t)| (t.code.clone(), at as u16)).collect();
        let channels: HashMap<String, u16> = known(&region.dictionaries.channels);
        Self {
            locator: Locator::new(&region.boundaries),
            municipalities,
            unknown: BTreeMap::new(),
            waiting,
            topics,
            sectors: known(&region.dictionaries.sectors),
            agencies: known(&region.dictionaries.agencies),
            channels: channels.into_iter().filter_map(|(code, at)| Some((code, u8::try_from(at).ok()?))).collect(),
            masker: Masker::new(place_names(&region.dictionaries, &region.boundaries)),
            region,
            grown: true,
            masked: HashMap::new(),
        }
    }

    /// Continues the previous numbering: terms of the kept dictionaries keep their indices, and new terms of the site
    /// follow them. Returns false, and changes nothing, if the municipalities are others now.
    pub fn adopt(region: &mut Region, kept: &Dictionaries) -> bool {
        let own = &mut region.dictionaries;
        let same = own.municipalities.len() <= kept.municipalities.len()
            && own.municipalities.iter().zip(&kept.municipalities).all(|(a, b)| a.name == b.name);
        if !same {
            return false;
        }
        let known = own.municipalities.len();
        own.municipalities.extend(kept.municipalities[known..].iter().cloned());
        let merge = |own: &mut Vec<Term>, kept: &[Term]| {
            let mut merged = kept.to_vec();
            for term in own.drain(..) {
                match merged.iter_mut().find(|held| held.code == term.code) {
                    // The site's own word for it counts.
                    Some(held) => *held = term,
                    None => merged.push(term),
                }
            }
            *own = merged;
        };
        merge(&mut own.sectors, &kept.sectors);
        merge(&mut own.channels, &kept.channels);
        merge(&mut own.agencies, &kept.agencies);
        own.topics.clone_from(&kept.topics);
        true
    }

    /// What masks the texts of this region.
    pub fn masker(&self) -> &Masker {
        &self.masker
    }

    /// Names of municipalities that came and that none of the known ones has, with how often they came.
    pub fn unknown_municipalities(&self) -> &BTreeMap<String, usize> {
        &self.unknown
    }

    /// Whether the land of its municipalities is known.
    pub fn has_boundaries(&self) -> bool {
        !self.region.boundaries.municipalities.is_empty()
    }

    /// The place in the dictionary of a municipality, by its name or another one of it.
    pub fn place_of(&self, municipality: &str) -> Option<u16> {
        self.municipalities.find(municipality)
    }

    /// The region, if it has grown since this was last asked.
    pub fn news(&mut self) -> Option<Arc<Region>> {
        if !std::mem::take(&mut self.grown) {
            return None;
        }
        Some(Arc::new(self.region.clone()))
    }

    /// An appeal in numbers, and its words masked; `noted` is told of what could not be taken of it.
    ///
    /// # Errors
    /// A short sentence for which rows are counted: why it cannot be used.
    pub fn ingest(
        &mut self,
        source: SourceNumber,
        numbers: &mut AppealIds,
        record: &AppealRecord,
        now: Moment,
        noted: &mut RowIssues,
    ) -> Result<(Appeal, Option<MaskedTexts>), &'static str> {
        if record.key.is_empty() {
            return Err("no identifier");
        }
        let second = |at: i64| u32::try_from(at).ok().filter(|at| *at < NEVER - 1);
        let received = second(record.received).filter(|at| *at > 0).ok_or("the time of receipt is before 1970")?;
        if record.received > now.secs() + 86_400 {
            return Err("received in the future");
        }
        if record.received > now.secs() + CLOCKS_DIFFER_SECS {
            noted.count("it is received in the future: are its times of another zone?", &record.key);
        }
        // Clocks differ: what happens after receipt is not before it.
        let later = |at: i64| second(at).map_or(UNKNOWN, |at| at.max(received));
        let time = |told: ReportedTime| match told {
            ReportedTime::Nothing => UNKNOWN,
            ReportedTime::NotYet => NEVER,
            ReportedTime::SomeTime => SOME_TIME,
            ReportedTime::At(at) => later(at),
        };
        let answered = time(record.answered);
        // An answer before the first reply was the first reply.
        let first = |at: u32| if answered > SOME_TIME { at.min(answered) } else { at };
        let topic = self.topic(record, noted);
        let place =
            record.place.filter(|(lon, lat)| lon.abs() <= 180.0 && lat.abs() <= 90.0 && (*lon, *lat) != (0.0, 0.0));
        let municipality = self.municipality(record, place);
        self.note_place(record, place, municipality, noted);
        let (lon, lat) = place.or_else(|| self.locator.inside(municipality)).unwrap_or((0.0, 0.0));
        let (lon_e6, lat_e6) = privacy::snap_to_grid((lon * 1e6) as i32, (lat * 1e6) as i32);
        let appeal = Appeal {
            id: numbers.of(source, &record.key, received),
            received,
            first_reply: record.first_reply.map_or(UNKNOWN, |at| first(later(at))),
            answered,
            accepted: time(record.accepted),
            due: record.due.map_or(UNKNOWN, later),
            lon_e6,
            lat_e6,
            topic,
            municipality,
            agency: self.agency(record, noted),
            channel: self.channel(record, noted),
            moves: record.moves,
            rating: if record.rating <= 5 { record.rating } else { 0 },
            repeat: record.repeat,
        };
        let words = record.text.as_deref().filter(|text| !text.is_empty()).map(|text| MaskedTexts {
            text: self.masker.displayable(text),
            reply: record.reply.as_deref().map(|reply| self.masker.displayable(reply)),
        });
        Ok((appeal, words))
    }

    /// Counts appeals that stand nowhere on the map, or elsewhere than their backend says.
    fn note_place(
        &mut self,
        record: &AppealRecord,
        place: Option<(f64, f64)>,
        municipality: u16,
        noted: &mut RowIssues,
    ) {
        let named = record.municipality.as_deref().filter(|name| !name.is_empty());
        if let Some(name) = named.filter(|name| self.has_boundaries() && self.municipalities.find(name).is_none()) {
            let masked = self.masked(name);
            // What names somebody is no municipality, and stands in no file.
            let fits = self.unknown.len() < MAX_TERMS || self.unknown.contains_key(&masked);
            if fits && !masked.contains(privacy::MASK) {
                *self.unknown.entry(masked).or_insert(0) += 1;
            }
            noted.count_term(NOT_AMONG_BOUNDARIES, name);
        }
        if !self.has_boundaries() || municipality != u16::MAX {
            return;
        }
        match place {
            Some(_) => noted.count("its place is outside of the region", &record.key),
            None => noted.count("it has no place", &record.key),
        }
    }

    fn topic(&mut self, record: &AppealRecord, noted: &mut RowIssues) -> u16 {
        let name = record.topic_name.as_deref().or(record.topic.as_deref()).unwrap_or("Без темы");
        let code = record.topic.as_deref().unwrap_or(name);
        let code = match self.known(code, |registry| &registry.topics) {
            Ok(at) => return at,
            Err((code, _)) => code,
        };
        if self.region.dictionaries.topics.len() >= MAX_TERMS {
            noted.count("there are more topics than a wall can hold: its topic is not known", &record.key);
            return UNLISTED;
        }
        let sector = self.sector(record.sector.as_deref().unwrap_or(OTHER_SECTOR), record, noted);
        let name = short(&self.masked(name));
        let topics = &mut self.region.dictionaries.topics;
        let at = topics.len() as u16;
        topics.push(Topic {
            code: code.clone(),
            name,
            short: None,
            icon: None,
            sector,
            due_hours: LAWFUL_DUE_HOURS,
            from_rows: record.topic.is_some() || record.topic_name.is_some(),
        });
        self.topics.insert(code, at);
        self.grown = true;
        at
    }

    fn sector(&mut self, code: &str, record: &AppealRecord, noted: &mut RowIssues) -> u16 {
        let (code, name) = match self.known(code, |registry| &registry.sectors) {
            Ok(at) => return at,
            Err(new) => new,
        };
        if self.region.dictionaries.sectors.len() >= MAX_CHANNELS {
            noted.count("there are more sectors than a wall can hold: its sector is not known", &record.key);
            return UNLISTED;
        }
        let is_other = code == OTHER_SECTOR;
        let name = if is_other { "Прочее".to_owned() } else { short(&name) };
        let term = Term { code, name, from_rows: !is_other, ..Term::default() };
        grow(&mut self.region.dictionaries.sectors, &mut self.sectors, term, &mut self.grown)
    }

    fn agency(&mut self, record: &AppealRecord, noted: &mut RowIssues) -> u16 {
        let Some(name) = record.agency.as_deref().filter(|name| !name.is_empty()) else { return UNLISTED };
        let (code, name) = match self.known(name, |registry| &registry.agencies) {
            Ok(at) => return at,
            Err(new) => new,
        };
        if self.region.dictionaries.agencies.len() >= MAX_TERMS {
            noted.count("there are more executors than a wall can hold: its executor is not known", &record.key);
            return UNLISTED;
        }
        let term = Term { name: short(&name), code, from_rows: true, ..Term::default() };
        grow(&mut self.region.dictionaries.agencies, &mut self.agencies, term, &mut self.grown)
    }

    fn channel(&mut self, record: &AppealRecord, noted: &mut RowIssues) -> u8 {
        let Some(code) = record.channel.as_deref().filter(|code| !code.is_empty()) else { return UNLISTED_CHANNEL };
        let (code, name) = match self.known(code, |registry| &registry.channels) {
            Ok(at) => return at,
            Err(new) => new,
        };
        let channels = &mut self.region.dictionaries.channels;
        if channels.len() >= MAX_CHANNELS {
            noted.count("there are more channels than a wall can hold: its channel is not known", &record.key);
            return UNLISTED_CHANNEL;
        }
        let at = channels.len() as u8;
        channels.push(Term { code: code.clone(), name: short(&name), from_rows: true, ..Term::default() });
        self.channels.insert(code, at);
        self.grown = true;
        at
    }

    /// The number of a term by what a row calls it, or else the code and the name that a new one would have.
    fn known<N: Copy>(&mut self, raw: &str, terms: fn(&Self) -> &HashMap<String, N>) -> Result<N, (String, String)> {
        if let Some(at) = terms(self).get(raw) {
            return Ok(*at);
        }
        let (code, name) = self.named(raw);
        terms(self).get(&code).copied().ok_or((code, name))
    }

    /// A name that came in a row, as the public may see it: also its code is kept on disk and told to others.
    fn masked(&mut self, raw: &str) -> String {
        self.named(raw).1
    }

    /// The code and the name of a term that came in a row. What the masker has changed keeps a code of its own: two names
    /// that look alike without what is personal are two.
    fn named(&mut self, raw: &str) -> (String, String) {
        if let Some(known) = self.masked.get(raw) {
            return known.clone();
        }
        let name = self.masker.term(raw);
        let code = if name.contains(privacy::MASK) {
            format!("{name}~{:08x}", stable_hash([raw]) as u32)
        } else {
            name.clone()
        };
        // A backend that invents names without end does not fill the memory.
        if self.masked.len() >= MAX_MASKED {
            self.masked.clear();
        }
        self.masked.insert(raw.to_owned(), (code.clone(), name.clone()));
        (code, name)
    }

    /// By name, else by place; `u16::MAX` where neither is known.
    fn municipality(&mut self, record: &AppealRecord, place: Option<(f64, f64)>) -> u16 {
        let named = record.municipality.as_deref().and_then(|name| self.municipalities.find(name));
        let placed = || place.and_then(|(lon, lat)| self.locator.municipality_at(Point::new(lon, lat)));
        if let Some(at) = named.or_else(|| placed().and_then(|at| u16::try_from(at).ok())) {
            return at;
        }
        // Without boundaries the names are all that is known.
        let Some(name) = record.municipality.as_deref().filter(|_| self.region.boundaries.municipalities.is_empty())
        else {
            return u16::MAX;
        };
        // Named by an alias of the site's, it is no name of a row's.
        let (name, from_rows) = match self.waiting.get(&folded(name)) {
            Some(known) => (known.clone(), false),
            None => (self.masked(name), true),
        };
        if let Some(at) = self.municipalities.find(&name) {
            return at;
        }
        let municipalities = &mut self.region.dictionaries.municipalities;
        if municipalities.len() >= MAX_TERMS {
            return u16::MAX;
        }
        let at = municipalities.len() as u16;
        municipalities.push(Municipality { name: short(&name), population: 0, from_rows });
        self.municipalities.insert(&name, at);
        self.grown = true;
        at
    }
}

fn grow(terms: &mut Vec<Term>, known: &mut HashMap<String, u16>, term: Term, grown: &mut bool) -> u16 {
    let at = terms.len() as u16;
    known.insert(term.code.clone(), at);
    terms.push(term);
    *grown = true;
    at
}

/// A name for the screen, cleaned and of bounded length.
fn short(name: &str) -> String {
    privacy::clean(name).chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::region::Boundaries;

    const NOW: Moment = Moment(1_795_172_712_000);

    fn registry() -> Registry {
        let boundaries = Boundaries::from_geojson(include_str!("../../assets/region.geojson")).unwrap();
        let municipalities = boundaries
            .municipalities
            .iter()
            .map(|m| Municipality { name: m.name.clone(), population: 1, from_rows: false })
            .collect();
        let dictionaries = Dictionaries {
            region: "r".into(),
            centre: "c".into(),
            time_zone: "Europe/Moscow".into(),
            demo: false,
            attribution: None,
            sectors: vec![Term {
                code: "roads".into(),
                name: "Дороги".into(),
                icon: None,
                short: None,
                from_rows: false,
            }],
            topics: Vec::new(),
            channels: Vec::new(),
            agencies: Vec::new(),
            municipalities,
            translations: Default::default(),
        };
        let aliases = HashMap::from([("Ключи".to_owned(), "Ключевск".to_owned())]);
        Registry::new(Region { dictionaries, boundaries }, &aliases)
    }

    fn record(key: &str) -> AppealRecord {
        AppealRecord {
            key: key.into(),
            received: 1_795_000_000,
            topic: Some("pothole".into()),
            sector: Some("roads".into()),
            ..AppealRecord::default()
        }
    }

    #[test]
    fn appeals_keep_their_numbers_and_dictionaries_grow_once() {
        let mut registry = registry();
        let mut numbers = AppealIds::default();
        assert!(registry.news().is_some() && registry.news().is_none());
        let (first, _) = registry.ingest(2, &mut numbers, &record("a"), NOW, &mut RowIssues::default()).unwrap();
        assert_eq!(first.id >> 56, 2);
        assert_eq!(registry.news().unwrap().dictionaries.topics.len(), 1);
        let (again, _) = registry
            .ingest(
                2,
                &mut numbers,
                &AppealRecord { received: 1_795_000_009, ..record("a") },
                NOW,
                &mut RowIssues::default(),
            )
            .unwrap();
        assert_eq!(again.id, first.id);
        let (other, _) = registry.ingest(2, &mut numbers, &record("b"), NOW, &mut RowIssues::default()).unwrap();
        assert_ne!(other.id, first.id);
        assert!(registry.news().is_none());
        // Another run gives the same numbers.
        let (anew, _) =
            registry.ingest(2, &mut AppealIds::default(), &record("a"), NOW, &mut RowIssues::default()).unwrap();
        assert_eq!(anew.id, first.id);
    }

    #[test]
    fn municipalities_are_found_by_name_alias_and_place() {
        let mut registry = registry();
        let names: Vec<String> = registry.region.dictionaries.municipalities.iter().map(|m| m.name.clone()).collect();
        let place = registry.region.boundaries.municipalities[7].label_point();
        let of = |registry: &mut Registry, record: AppealRecord| {
            registry
                .ingest(0, &mut AppealIds::default(), &record, NOW, &mut RowIssues::default())
                .unwrap()
                .0
                .municipality
        };
        let named = |name: &str| AppealRecord { municipality: Some(name.into()), ..record("a") };
        let at = names.iter().position(|n| n == "Ключевск").unwrap() as u16;
        assert_eq!(of(&mut registry, named("городской округ КЛЮЧЕВСК")), at);
        assert_eq!(of(&mut registry, named("Ключи")), at);
        assert_eq!(of(&mut registry, AppealRecord { place: Some((place.x(), place.y())), ..record("a") }), 7);
        assert_eq!(of(&mut registry, named("Нигде")), u16::MAX);
    }

    #[test]
    fn kept_numbers_are_gone_on_with() {
        let mut first = registry();
        first.ingest(0, &mut AppealIds::default(), &record("a"), NOW, &mut RowIssues::default()).unwrap();
        let kept = first.news().unwrap().dictionaries.clone();
        let mut region = registry().region;
        region
            .dictionaries
            .sectors
            .insert(0, Term { code: "new".into(), name: "Новая".into(), icon: None, short: None, from_rows: false });
        assert!(Registry::adopt(&mut region, &kept));
        assert_eq!(region.dictionaries.topics, kept.topics);
        let codes: Vec<&str> = region.dictionaries.sectors.iter().map(|s| s.code.as_str()).collect();
        assert_eq!(codes, ["roads", "new"]);
        region.dictionaries.municipalities[0].name = "Другой".into();
        assert!(!Registry::adopt(&mut region, &kept));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let mut registry = registry();
        let mut refuse = |record: AppealRecord| {
            registry.ingest(0, &mut AppealIds::default(), &record, NOW, &mut RowIssues::default()).unwrap_err()
        };
        assert_eq!(refuse(record("")), "no identifier");
        assert_eq!(refuse(AppealRecord { received: 0, ..record("a") }), "the time of receipt is before 1970");
        assert_eq!(refuse(AppealRecord { received: 1_900_000_000, ..record("a") }), "received in the future");
    }
}
