//! Gives words their numbers: dictionaries that grow as sources speak, municipalities found by name or by
//! place, numbers of appeals that stay the same from one start to the next.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use geo::Point;

use super::record::{AppealRecord, Remarks};
use crate::clock::Moment;
use crate::data::region::{Dictionaries, Municipality, Region, Term, Topic, place_names};
use crate::data::{Appeal, AppealId, Locator, NEVER, SourceNumber, Words, numbered};
use crate::privacy::{self, Masker};

/// Dictionaries do not grow beyond this: a backend that invents topics without end is not followed.
const MOST_TERMS: usize = 4096;
const MOST_CHANNELS: usize = 250;
/// The law's thirty days, where neither the appeal nor its topic says more.
const LAWFUL_DUE_HOURS: u32 = 30 * 24;
/// The sector of topics that no table assigns.
pub const OTHER_SECTOR: &str = "other";

/// The region as it is known so far, shared by all sources.
pub struct Registry {
    region: Region,
    grown: bool,
    locator: Locator,
    municipalities: HashMap<String, u16>,
    /// Other names of municipalities that are not known yet.
    waiting: HashMap<String, String>,
    topics: HashMap<String, u16>,
    sectors: HashMap<String, u16>,
    agencies: HashMap<String, u16>,
    channels: HashMap<String, u8>,
    masker: Masker,
}

/// The numbers that one source's appeals have been given.
#[derive(Debug, Default)]
pub struct Numbers {
    by_key: HashMap<u64, AppealId>,
    given: HashSet<AppealId>,
}

impl Numbers {
    /// The number of a key: of the source in the upper 8 bits, then the second of receipt, so that numbers
    /// ascend with time, then a part of the key's hash. The same key gets the same number in every run
    /// unless two keys of one second collide.
    fn of(&mut self, source: SourceNumber, key: &str, received: u32) -> AppealId {
        let mut hasher = std::hash::DefaultHasher::new();
        key.hash(&mut hasher);
        let hash = hasher.finish();
        *self.by_key.entry(hash).or_insert_with(|| {
            let base = numbered(source, u64::from(received) << 24);
            let mut low = hash & 0xFF_FFFF;
            while !self.given.insert(base | low) {
                low = (low + 1) & 0xFF_FFFF;
            }
            base | low
        })
    }
}

impl Registry {
    /// A registry that begins with what is known of a region; `aliases` are other names of municipalities.
    pub fn new(region: Region, aliases: &HashMap<String, String>) -> Self {
        let names = region.dictionaries.municipalities.iter().enumerate();
        let mut municipalities: HashMap<String, u16> = names.map(|(at, m)| (folded(&m.name), at as u16)).collect();
        // Without boundaries the municipality may yet be named: until then its other names wait for it.
        let mut waiting = HashMap::new();
        for (alias, name) in aliases {
            match municipalities.get(&folded(name)).copied() {
                Some(at) => _ = municipalities.insert(folded(alias), at),
                None => _ = waiting.insert(folded(alias), name.clone()),
            }
        }
        let known = |terms: &[Term]| terms.iter().enumerate().map(|(at, t)| (t.code.clone(), at as u16)).collect();
        let topics = region.dictionaries.topics.iter().enumerate().map(|(at, t)| (t.code.clone(), at as u16)).collect();
        let channels: HashMap<String, u16> = known(&region.dictionaries.channels);
        Self {
            locator: Locator::new(&region.boundaries),
            municipalities,
            waiting,
            topics,
            sectors: known(&region.dictionaries.sectors),
            agencies: known(&region.dictionaries.agencies),
            channels: channels.into_iter().filter_map(|(code, at)| Some((code, u8::try_from(at).ok()?))).collect(),
            masker: Masker::new(place_names(&region.dictionaries, &region.boundaries)),
            region,
            grown: true,
        }
    }

    /// Goes on with the numbers that were given before: terms of the kept dictionaries keep their places, those
    /// of the site that are new follow them. Says whether that can be: it cannot where the municipalities are
    /// others now.
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
    pub fn enrol(
        &mut self,
        source: SourceNumber,
        numbers: &mut Numbers,
        record: &AppealRecord,
        now: Moment,
        noted: &mut Remarks,
    ) -> Result<(Appeal, Option<Words>), &'static str> {
        if record.key.is_empty() {
            return Err("no identifier");
        }
        let second = |at: i64| u32::try_from(at).ok().filter(|at| *at < NEVER - 1);
        let received = second(record.received).filter(|at| *at > 0).ok_or("the time of receipt is before 1970")?;
        if record.received > now.secs() + 86_400 {
            return Err("received in the future");
        }
        // Clocks differ: what happens after receipt is not before it.
        let later = |at: Option<i64>| at.and_then(second).map_or(NEVER, |at| at.max(received));
        let answered = later(record.answered);
        let topic = self.topic(record)?;
        let place =
            record.place.filter(|(lon, lat)| lon.abs() <= 180.0 && lat.abs() <= 90.0 && (*lon, *lat) != (0.0, 0.0));
        let municipality = self.municipality(record, place);
        self.note_place(record, place, municipality, noted);
        let due_hours =
            self.region.dictionaries.topics.get(usize::from(topic)).map_or(LAWFUL_DUE_HOURS, |t| t.due_hours);
        let due = later(record.due).min(NEVER - 1);
        let due = if record.due.is_some() { due } else { received.saturating_add(due_hours.saturating_mul(3600)) };
        let (lon, lat) = place.or_else(|| self.locator.inside(municipality)).unwrap_or((0.0, 0.0));
        let (lon_e6, lat_e6) = privacy::snapped((lon * 1e6) as i32, (lat * 1e6) as i32);
        let appeal = Appeal {
            id: numbers.of(source, &record.key, received),
            received,
            first_reply: later(record.first_reply).min(answered),
            answered,
            accepted: later(record.accepted),
            due,
            lon_e6,
            lat_e6,
            topic,
            municipality,
            agency: self.agency(record.agency.as_deref()),
            channel: self.channel(record.channel.as_deref()),
            moves: record.moves,
            rating: if record.rating <= 5 { record.rating } else { 0 },
            repeat: record.repeat,
        };
        let words = record.text.as_deref().filter(|text| !text.is_empty()).map(|text| Words {
            text: self.masker.displayable(text),
            reply: record.reply.as_deref().map(|reply| self.masker.displayable(reply)),
        });
        Ok((appeal, words))
    }

    /// Counts appeals that stand nowhere on the map, or elsewhere than their backend says.
    fn note_place(&self, record: &AppealRecord, place: Option<(f64, f64)>, municipality: u16, noted: &mut Remarks) {
        let named = record.municipality.as_deref().filter(|name| !name.is_empty());
        if let Some(name) = named.filter(|name| !self.municipalities.contains_key(&folded(name))) {
            noted.count_term(
                "its municipality is not among the boundaries: `aliases` in [region] can say which it is",
                name,
            );
        }
        if self.region.boundaries.municipalities.is_empty() || municipality != u16::MAX {
            return;
        }
        match place {
            Some(_) => noted.count("its place is outside of the region", &record.key),
            None => noted.count("it has no place", &record.key),
        }
    }

    fn topic(&mut self, record: &AppealRecord) -> Result<u16, &'static str> {
        let name = record.topic_name.as_deref().or(record.topic.as_deref()).unwrap_or("Без темы");
        let code = record.topic.as_deref().unwrap_or(name);
        if let Some(at) = self.topics.get(code) {
            return Ok(*at);
        }
        if self.region.dictionaries.topics.len() >= MOST_TERMS {
            return Err("more topics than a wall can hold");
        }
        let sector = self.sector(record.sector.as_deref().unwrap_or(OTHER_SECTOR));
        let at = self.region.dictionaries.topics.len() as u16;
        let name = short(name);
        self.region.dictionaries.topics.push(Topic {
            code: code.to_owned(),
            name,
            short: None,
            icon: None,
            sector,
            due_hours: LAWFUL_DUE_HOURS,
        });
        self.topics.insert(code.to_owned(), at);
        self.grown = true;
        Ok(at)
    }

    fn sector(&mut self, code: &str) -> u16 {
        if let Some(at) = self.sectors.get(code) {
            return *at;
        }
        let code = if self.region.dictionaries.sectors.len() < MOST_CHANNELS { code } else { OTHER_SECTOR };
        let name = if code == OTHER_SECTOR { "Прочее".to_owned() } else { short(code) };
        grow(&mut self.region.dictionaries.sectors, &mut self.sectors, code, name, &mut self.grown)
    }

    fn agency(&mut self, name: Option<&str>) -> u16 {
        let name = name.filter(|name| !name.is_empty()).unwrap_or("—");
        match self.agencies.get(name) {
            Some(at) => *at,
            None if self.region.dictionaries.agencies.len() >= MOST_TERMS => 0,
            None => {
                grow(&mut self.region.dictionaries.agencies, &mut self.agencies, name, short(name), &mut self.grown)
            }
        }
    }

    fn channel(&mut self, code: Option<&str>) -> u8 {
        let code = code.unwrap_or("portal");
        if let Some(at) = self.channels.get(code) {
            return *at;
        }
        let channels = &mut self.region.dictionaries.channels;
        if channels.len() >= MOST_CHANNELS {
            return 0;
        }
        let at = channels.len() as u8;
        channels.push(Term { code: code.to_owned(), name: short(code), icon: None, short: None });
        self.channels.insert(code.to_owned(), at);
        self.grown = true;
        at
    }

    /// By name, else by place; `u16::MAX` where neither is known.
    fn municipality(&mut self, record: &AppealRecord, place: Option<(f64, f64)>) -> u16 {
        let named = record.municipality.as_deref().map(folded).and_then(|name| self.municipalities.get(&name).copied());
        let placed = || place.and_then(|(lon, lat)| self.locator.municipality_at(Point::new(lon, lat)));
        if let Some(at) = named.or_else(|| placed().and_then(|at| u16::try_from(at).ok())) {
            return at;
        }
        // Without boundaries the names are all that is known.
        let Some(name) = record.municipality.as_deref().filter(|_| self.region.boundaries.municipalities.is_empty())
        else {
            return u16::MAX;
        };
        let name = self.waiting.get(&folded(name)).map_or(name, String::as_str).to_owned();
        if let Some(at) = self.municipalities.get(&folded(&name)).copied() {
            return at;
        }
        let municipalities = &mut self.region.dictionaries.municipalities;
        if municipalities.len() >= MOST_TERMS {
            return u16::MAX;
        }
        let at = municipalities.len() as u16;
        municipalities.push(Municipality { name: short(&name), population: 0 });
        self.municipalities.insert(folded(&name), at);
        self.grown = true;
        at
    }
}

fn grow(terms: &mut Vec<Term>, known: &mut HashMap<String, u16>, code: &str, name: String, grown: &mut bool) -> u16 {
    let at = terms.len() as u16;
    terms.push(Term { code: code.to_owned(), name, icon: None, short: None });
    known.insert(code.to_owned(), at);
    *grown = true;
    at
}

/// A name for the screen, cleaned and of bounded length.
fn short(name: &str) -> String {
    privacy::clean(name).chars().take(80).collect()
}

/// A name of a municipality as it is compared: е for ё, small, without what every one is called.
pub fn folded(name: &str) -> String {
    crate::data::region::tidy_name(name).to_lowercase().replace('ё', "е")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::region::Boundaries;

    const NOW: Moment = Moment(1_795_172_712_000);

    fn registry() -> Registry {
        let boundaries = Boundaries::from_geojson(include_str!("../../assets/region.geojson")).unwrap();
        let municipalities =
            boundaries.municipalities.iter().map(|m| Municipality { name: m.name.clone(), population: 1 }).collect();
        let dictionaries = Dictionaries {
            region: "r".into(),
            centre: "c".into(),
            time_zone: "Europe/Moscow".into(),
            demo: false,
            attribution: None,
            sectors: vec![Term { code: "roads".into(), name: "Дороги".into(), icon: None, short: None }],
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
        let mut numbers = Numbers::default();
        assert!(registry.news().is_some() && registry.news().is_none());
        let (first, _) = registry.enrol(2, &mut numbers, &record("a"), NOW, &mut Remarks::default()).unwrap();
        assert_eq!(first.id >> 56, 2);
        assert_eq!(registry.news().unwrap().dictionaries.topics.len(), 1);
        let (again, _) = registry
            .enrol(
                2,
                &mut numbers,
                &AppealRecord { received: 1_795_000_009, ..record("a") },
                NOW,
                &mut Remarks::default(),
            )
            .unwrap();
        assert_eq!(again.id, first.id);
        let (other, _) = registry.enrol(2, &mut numbers, &record("b"), NOW, &mut Remarks::default()).unwrap();
        assert_ne!(other.id, first.id);
        assert!(registry.news().is_none());
        // Another run gives the same numbers.
        let (anew, _) = registry.enrol(2, &mut Numbers::default(), &record("a"), NOW, &mut Remarks::default()).unwrap();
        assert_eq!(anew.id, first.id);
    }

    #[test]
    fn municipalities_are_found_by_name_alias_and_place() {
        let mut registry = registry();
        let names: Vec<String> = registry.region.dictionaries.municipalities.iter().map(|m| m.name.clone()).collect();
        let place = registry.region.boundaries.municipalities[7].label_point();
        let of = |registry: &mut Registry, record: AppealRecord| {
            registry.enrol(0, &mut Numbers::default(), &record, NOW, &mut Remarks::default()).unwrap().0.municipality
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
        first.enrol(0, &mut Numbers::default(), &record("a"), NOW, &mut Remarks::default()).unwrap();
        let kept = first.news().unwrap().dictionaries.clone();
        let mut region = registry().region;
        region
            .dictionaries
            .sectors
            .insert(0, Term { code: "new".into(), name: "Новая".into(), icon: None, short: None });
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
            registry.enrol(0, &mut Numbers::default(), &record, NOW, &mut Remarks::default()).unwrap_err()
        };
        assert_eq!(refuse(record("")), "no identifier");
        assert_eq!(refuse(AppealRecord { received: 0, ..record("a") }), "the time of receipt is before 1970");
        assert_eq!(refuse(AppealRecord { received: 1_900_000_000, ..record("a") }), "received in the future");
    }
}
