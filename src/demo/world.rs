//! The seeded world: which appeals are received on a day, and what becomes of them.

use std::sync::Arc;

use geo::{BoundingRect, Point};
use jiff::civil::Date;
use jiff::{ToSpan, tz::TimeZone};

use super::dictionary::{CHANNELS, SECTORS, dictionaries};
use super::draw::Draw;
use super::{Life, texts};
use crate::clock::Moment;
use crate::data::region::{Boundaries, Region};
use crate::data::{Appeal, NEVER};

/// Moscow's time is three hours ahead of UTC all year.
const ZONE_SECS: i64 = 3 * 3600;
/// Appeals a day at the anchor: 1.1 million over the year before it.
const PER_DAY: f64 = 2565.0;
/// What a year does to the number of new appeals, and then to the shares of them that are repeats, late,
/// and postponed more than once: −27 %, −65 %, 14 times fewer overdue, 4.5 times fewer repeated moves.
const YEAR_NEW: f64 = 0.73;
const YEAR_REPEATS: f64 = 0.35 / YEAR_NEW;
const YEAR_LATE: f64 = 1.0 / 14.0 / YEAR_NEW;
const YEAR_MOVES: f64 = 1.0 / 4.5 / YEAR_NEW;
/// Numbers that a day has: day × this + place in the day.
const IDS_A_DAY: u64 = 100_000;
/// Candidate places a municipality.
const PLACES: usize = 1536;
/// Nothing happens to an appeal more days after its receipt than this.
const LONGEST_LIFE_DAYS: i64 = 95;

/// The world of one seed and one month.
pub struct World {
    seed: u64,
    /// The first day of the month in which the world began, in days since 1970: rates are what they are there.
    anchor_day: i64,
    /// The region.
    pub region: Arc<Region>,
    /// The boundaries as GeoJSON.
    pub boundaries_json: &'static str,
    places: Vec<Vec<(i32, i32)>>,
    municipalities: Chooser,
    /// How much more or less often than others a municipality is late.
    lateness: Vec<f64>,
    channels: Chooser,
    hours: [Chooser; 2],
    topics: Vec<(u16, u32, u16)>,
    /// One chooser of topics a month.
    months: Vec<Chooser>,
}

/// A snowfall, a failure of heating, a broken main.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burst {
    /// What people write about.
    pub topic: u16,
    /// Where; none for the whole region.
    pub municipality: Option<u16>,
    /// The second at which it begins.
    pub begins: u32,
}

/// Picks an index by weight with one draw (Vose's alias method).
struct Chooser {
    cells: Vec<(f64, u32)>,
}

impl Chooser {
    fn new(weights: &[f64]) -> Self {
        let sum: f64 = weights.iter().sum();
        let mut scaled: Vec<f64> = weights.iter().map(|w| w * weights.len() as f64 / sum).collect();
        let mut cells: Vec<(f64, u32)> = (0..weights.len()).map(|i| (1.0, i as u32)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..weights.len()).partition(|i| scaled[*i] < 1.0);
        while let (Some(s), Some(l)) = (small.pop(), large.pop()) {
            cells[s] = (scaled[s], l as u32);
            scaled[l] -= 1.0 - scaled[s];
            if scaled[l] < 1.0 { small.push(l) } else { large.push(l) }
        }
        Self { cells }
    }

    fn pick(&self, draw: &mut Draw) -> usize {
        let place = draw.unit() * self.cells.len() as f64;
        let index = (place as usize).min(self.cells.len() - 1);
        let (keep, other) = self.cells[index];
        if place - (index as f64) < keep { index } else { other as usize }
    }
}

impl World {
    /// The world of `seed` as it is begun in the month of `now`.
    ///
    /// # Panics
    /// If the bundled boundaries are broken, which tests rule out.
    pub fn new(seed: u64, now: Moment) -> Self {
        let boundaries_json = include_str!("../../assets/region.geojson");
        let boundaries = Boundaries::from_geojson(boundaries_json).expect("bundled boundaries");
        let zone = TimeZone::fixed(jiff::tz::offset(3));
        let first = now.zoned(&zone).date().first_of_month();
        let anchor_day = days_since_epoch(first);
        let mut draw = Draw::new(seed, 1);
        let places = boundaries.municipalities.iter().map(|m| scatter(&boundaries, m, &mut draw)).collect();
        let populations: Vec<f64> =
            boundaries.municipalities.iter().map(|m| f64::from(m.population.unwrap_or(1000))).collect();
        let lateness = populations.iter().map(|_| (draw.unit() * 4.2 - 2.6).exp()).collect();
        let topics: Vec<(u16, u32, u16)> = SECTORS
            .iter()
            .enumerate()
            .flat_map(|(s, (.., topics))| topics.iter().map(move |t| (s as u16, t.2, t.4 as u16)))
            .collect();
        let months = (0..12).map(|month| Chooser::new(&topic_weights(month))).collect();
        let weights: Vec<f64> = CHANNELS.iter().map(|c| c.3).collect();
        Self {
            seed,
            anchor_day,
            places,
            municipalities: Chooser::new(&populations),
            lateness,
            channels: Chooser::new(&weights),
            hours: [Chooser::new(&WORKDAY), Chooser::new(&WEEKEND)],
            topics,
            months,
            region: Arc::new(Region { dictionaries: dictionaries(&boundaries), boundaries }),
            boundaries_json,
        }
    }

    /// What the resident wrote, with the personal data that people put where it does not belong, and what
    /// the executor answered.
    pub fn words(&self, appeal: &Appeal) -> (String, Option<String>) {
        (texts::appeal(self.seed, appeal), texts::reply(self.seed, appeal))
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What tells this world's numbers from another's.
    pub fn epoch(&self) -> String {
        format!("{:x}-{:x}", self.seed, self.anchor_day)
    }

    /// The day of a second, counted from 1970 in the region's time.
    pub fn day_of(&self, secs: i64) -> i64 {
        (secs + ZONE_SECS).div_euclid(86_400)
    }

    /// The month of a second, from 1, in the region's time.
    pub fn month_of(&self, secs: i64) -> i8 {
        self.date_of(secs).month()
    }

    /// The year of a second, in the region's own zone.
    pub fn year_of(&self, secs: i64) -> i64 {
        i64::from(self.date_of(secs).year())
    }

    fn date_of(&self, secs: i64) -> Date {
        let first = Date::constant(1970, 1, 1);
        first.checked_add(self.day_of(secs).days()).unwrap_or(first)
    }

    /// The day on which a number was given.
    pub fn day_of_id(&self, id: u64) -> i64 {
        (id / IDS_A_DAY) as i64
    }

    /// The appeals of some days as they stand at `now`, in order of number and time.
    pub fn appeals(&self, days: impl Iterator<Item = i64>, now: Moment) -> impl Iterator<Item = Appeal> {
        let second = now.secs().max(0) as u32;
        days.flat_map(|day| self.day(day)).filter_map(move |life| life.at(second))
    }

    /// Everything that is ever received on a day, in order of number and time.
    pub fn day(&self, day: i64) -> Vec<Life> {
        let mut draw = Draw::new(self.seed, day as u64 ^ 0x00A9_9EA1);
        let years = (day - self.anchor_day) as f64 / 365.0;
        let weekday = (day + 3).rem_euclid(7);
        let of_week = [1.16, 1.15, 1.13, 1.12, 1.10, 0.74, 0.62][weekday as usize];
        let date = Date::constant(1970, 1, 1).checked_add(day.days()).unwrap_or(Date::constant(1970, 1, 1));
        let month = (date.month() - 1) as usize;
        let count = PER_DAY * YEAR_NEW.powf(years) * of_week * (1.0 + 0.05 * draw.normal());
        let mut born: Vec<(u32, u16, u16)> = Vec::with_capacity(count as usize + 64);
        let midnight = (day * 86_400 - ZONE_SECS).max(0) as u32;
        let hours = &self.hours[usize::from(weekday >= 5)];
        for _ in 0..count.max(0.0) as usize {
            let second = hours.pick(&mut draw) as u32 * 3600 + (draw.unit() * 3600.0) as u32;
            let topic = self.months[month].pick(&mut draw) as u16;
            born.push((midnight + second, topic, self.municipalities.pick(&mut draw) as u16));
        }
        self.bursts(day, month, midnight, &mut born);
        born.sort_unstable();
        born.truncate(IDS_A_DAY as usize);
        let rates = Rates::after(years);
        born.into_iter()
            .enumerate()
            .map(|(index, (received, topic, municipality))| {
                let id = day.max(0) as u64 * IDS_A_DAY + index as u64;
                self.live(&mut draw, id, received, topic, municipality, &rates)
            })
            .collect()
    }

    /// What happens after one second and not after another, by time and number.
    pub fn events(&self, after: i64, until: i64) -> Vec<(u32, Life)> {
        let window = (after.max(0) as u32).saturating_add(1)..=(until.max(0) as u32);
        let days = self.day_of(after) - LONGEST_LIFE_DAYS..=self.day_of(until);
        let mut found = Vec::new();
        for life in days.flat_map(|day| self.day(day)) {
            found.extend(life.events().filter(|at| window.contains(at)).map(|at| (at, life)));
        }
        found.sort_unstable_by_key(|(at, life)| (*at, life.end.id));
        found
    }

    /// Bursts on a day: what happens to the region or a place besides everyday life.
    pub fn bursts_of(&self, day: i64) -> Vec<Burst> {
        let date = Date::constant(1970, 1, 1).checked_add(day.days()).unwrap_or(Date::constant(1970, 1, 1));
        let midnight = (day * 86_400 - ZONE_SECS).max(0) as u32;
        self.bursts(day, (date.month() - 1) as usize, midnight, &mut Vec::new())
    }

    /// What came upon the region or one of its places on this day.
    fn bursts(&self, day: i64, month: usize, midnight: u32, born: &mut Vec<(u32, u16, u16)>) -> Vec<Burst> {
        let mut bursts = Vec::new();
        let mut draw = Draw::new(self.seed, day as u64 ^ 0x000B_0257);
        let winter = matches!(month, 0 | 1 | 2 | 10 | 11);
        let topic_of = |code: &str| SECTORS.iter().flat_map(|s| s.5).position(|t| t.0 == code).unwrap_or(0) as u16;
        // A snowfall multiplies everything about snow over the whole region, for a day.
        if winter && draw.chance(0.06) {
            let codes = ["snow-road", "ice", "yard"].map(topic_of);
            bursts.extend(codes.map(|topic| Burst { topic, municipality: None, begins: midnight }));
            for _ in 0..(PER_DAY * (1.5 + 2.0 * draw.unit())) as usize {
                let second = (self.hours[0].pick(&mut draw) as f64 + draw.unit()) * 3600.0;
                born.push((midnight + second as u32, codes[draw.below(3)], self.municipalities.pick(&mut draw) as u16));
            }
        }
        // A heating failure or a broken main strikes one municipality for some hours.
        for (code, probability) in [("heating", if winter { 0.5 } else { 0.02 }), ("hot-water", 0.25), ("lamp", 0.15)] {
            if draw.chance(probability) {
                let municipality = draw.below(self.places.len()) as u16;
                let begins = (6.0 + 12.0 * draw.unit()) * 3600.0;
                let second = midnight + begins as u32;
                bursts.push(Burst { topic: topic_of(code), municipality: Some(municipality), begins: second });
                for _ in 0..20 + draw.below(60) {
                    let second = begins + draw.exponential(3600.0);
                    if second < 86_400.0 {
                        born.push((midnight + second as u32, topic_of(code), municipality));
                    }
                }
            }
        }
        bursts
    }

    fn live(&self, draw: &mut Draw, id: u64, received: u32, topic: u16, municipality: u16, rates: &Rates) -> Life {
        let (_, due_hours, agency) = self.topics[usize::from(topic)];
        let channel = self.channels.pick(draw) as u8;
        let due_secs = due_hours * 3600;
        let late = (rates.late * self.lateness[usize::from(municipality)]).min(0.6);
        let repeat = draw.chance(rates.repeats);
        let postponed = draw.unit();
        let moves = if postponed < rates.moves_again * 0.25 {
            3
        } else if postponed < rates.moves_again {
            2
        } else if postponed < rates.moves_again + rates.moves_once {
            1
        } else {
            0
        };
        let move_secs = (due_secs / 2).clamp(86_400, 10 * 86_400);
        let last_due = f64::from(due_secs + u32::from(moves) * move_secs);
        let answered_after = if draw.chance(late) {
            last_due + 600.0 + draw.exponential(3.4 * 86_400.0)
        } else {
            // Executors answer in the last part of the time they have.
            let from = if moves > 0 { 0.8 } else { 0.18 };
            last_due * (from + (0.985 - from) * draw.unit().sqrt())
        }
        .min(LONGEST_LIFE_DAYS as f64 * 86_400.0 - 10.0 * 86_400.0);
        let reply_after = (rates.reply_hours * 3600.0 * (0.9 * draw.normal()).exp()).clamp(60.0, answered_after);
        let accepted_after =
            draw.chance(rates.accepted).then(|| answered_after + draw.exponential(20.0 * 3600.0).min(9.0 * 86_400.0));
        let places = &self.places[usize::from(municipality)];
        let (lon, lat) = places[draw.below(places.len())];
        let jitter = |draw: &mut Draw| (draw.unit() * 1600.0 - 800.0) as i32;
        let answered = received + answered_after as u32;
        Life {
            end: Appeal {
                id,
                received,
                first_reply: received + reply_after as u32,
                answered,
                accepted: accepted_after.map_or(NEVER, |after| received + after as u32),
                due: received + due_secs,
                lon_e6: lon + jitter(draw),
                lat_e6: lat + jitter(draw) / 2,
                topic,
                municipality,
                agency,
                channel,
                moves,
                rating: [3, 4, 4, 5, 5, 5, 5, 2][draw.below(8)],
                repeat,
            },
            move_secs,
        }
    }
}

/// Shares of appeals that something happens to, some years after the anchor.
struct Rates {
    repeats: f64,
    late: f64,
    moves_once: f64,
    moves_again: f64,
    reply_hours: f64,
    accepted: f64,
}

impl Rates {
    fn after(years: f64) -> Self {
        Self {
            repeats: (0.062 * YEAR_REPEATS.powf(years)).min(0.5),
            late: (0.0105 * YEAR_LATE.powf(years)).min(0.5),
            moves_once: (0.035 * 0.7f64.powf(years)).min(0.3),
            moves_again: (0.009 * YEAR_MOVES.powf(years)).min(0.3),
            reply_hours: 2.6 * 0.76f64.powf(years),
            accepted: (0.815 - 0.017 * years).clamp(0.5, 0.95),
        }
    }
}

#[rustfmt::skip]
const WORKDAY: [f64; 24] = [
    9.0, 6.0, 4.0, 3.0, 4.0, 8.0, 20.0, 42.0, 68.0, 84.0, 90.0, 88.0,
    82.0, 80.0, 78.0, 74.0, 70.0, 66.0, 62.0, 56.0, 46.0, 34.0, 23.0, 14.0,
];
#[rustfmt::skip]
const WEEKEND: [f64; 24] = [
    14.0, 9.0, 6.0, 4.0, 4.0, 6.0, 12.0, 24.0, 42.0, 60.0, 72.0, 78.0,
    78.0, 74.0, 70.0, 68.0, 66.0, 64.0, 62.0, 58.0, 50.0, 40.0, 30.0, 20.0,
];

/// Weights of all topics in a month: sectors lean from their January weight to their July one and back.
fn topic_weights(month: usize) -> Vec<f64> {
    let winter = 0.5 + 0.5 * (std::f64::consts::TAU * month as f64 / 12.0).cos();
    SECTORS
        .iter()
        .flat_map(|(.., january, july, topics)| {
            let sector = january * winter + july * (1.0 - winter);
            let sum: f64 = topics.iter().map(|t| t.3 * season(t.0, winter)).sum();
            topics.iter().map(move |t| sector * t.3 * season(t.0, winter) / sum)
        })
        .collect()
}

fn season(topic: &str, winter: f64) -> f64 {
    match topic {
        "heating" | "snow-road" | "ice" | "school-cold" => winter * winter + 0.02,
        "grass" => (1.0 - winter).powi(2) + 0.01,
        _ => 1.0,
    }
}

fn days_since_epoch(date: Date) -> i64 {
    date.since(Date::constant(1970, 1, 1)).map(|span| i64::from(span.get_days())).unwrap_or(0)
}

/// Where people of a municipality live: around its towns, along its roads, and here and there.
fn scatter(boundaries: &Boundaries, municipality: &crate::data::region::Boundary, draw: &mut Draw) -> Vec<(i32, i32)> {
    use geo::Contains;
    let inside = |at: Point<f64>| municipality.land.contains(&at);
    let centre = municipality.centre.unwrap_or_else(|| municipality.label_point());
    let towns: Vec<Point<f64>> =
        boundaries.towns.iter().map(|t| t.at).filter(|at| inside(*at) && *at != centre).collect();
    let roads: Vec<Point<f64>> =
        boundaries.roads.iter().flat_map(|road| road.path.points()).filter(|at| inside(*at)).collect();
    let extent = municipality.land.bounding_rect();
    let size = f64::from(municipality.population.unwrap_or(10_000)).sqrt() / 800.0;
    let mut places = Vec::with_capacity(PLACES);
    let mut tries = 0;
    while places.len() < PLACES && tries < 40 * PLACES {
        tries += 1;
        let kind = draw.unit();
        let (around, spread) = if kind < 0.62 || (towns.is_empty() && roads.is_empty()) {
            (centre, 0.055 * size.max(0.25))
        } else if kind < 0.78 && !towns.is_empty() {
            (towns[draw.below(towns.len())], 0.012)
        } else if kind < 0.97 && !roads.is_empty() {
            (roads[draw.below(roads.len())], 0.010)
        } else if let Some(extent) = extent {
            let (w, h) = (extent.width(), extent.height());
            (Point::new(extent.min().x + w * draw.unit(), extent.min().y + h * draw.unit()), 0.0)
        } else {
            (centre, 0.05)
        };
        let at = Point::new(around.x() + 1.9 * spread * draw.normal(), around.y() + spread * draw.normal());
        if inside(at) {
            places.push(((at.x() * 1e6) as i32, (at.y() * 1e6) as i32));
        }
    }
    if places.is_empty() {
        places.push(((centre.x() * 1e6) as i32, (centre.y() * 1e6) as i32));
    }
    places
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "World({})", self.epoch())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_172_712; // 2026-11-20T14:05:12 in Moscow

    #[test]
    fn the_same_seed_and_time_give_the_same_appeals() {
        let (a, b) = (World::new(7, Moment::from_secs(NOW)), World::new(7, Moment::from_secs(NOW)));
        let day = a.day_of(NOW);
        assert_eq!(a.day(day), b.day(day));
        assert_ne!(a.day(day), World::new(8, Moment::from_secs(NOW)).day(day));
    }

    #[test]
    fn numbers_ascend_with_receipt_and_lives_are_in_order() {
        let world = World::new(1, Moment::from_secs(NOW));
        let day = world.day_of(NOW);
        let lives = [world.day(day - 1), world.day(day)].concat();
        assert!(lives.windows(2).all(|p| p[0].end.id < p[1].end.id && p[0].end.received <= p[1].end.received));
        for life in &lives {
            let end = life.end;
            assert!(end.received < end.first_reply && end.first_reply <= end.answered && end.answered <= end.accepted);
            assert_eq!(world.day_of(i64::from(end.received)), world.day_of_id(end.id));
            assert!(i64::from(life.events().max().unwrap() - end.received) < LONGEST_LIFE_DAYS * 86_400);
        }
    }

    #[test]
    fn appeals_lie_in_their_municipality() {
        let world = World::new(1, Moment::from_secs(NOW));
        let lives = world.day(world.day_of(NOW));
        let right = lives.iter().filter(|life| {
            let at = Point::new(f64::from(life.end.lon_e6) / 1e6, f64::from(life.end.lat_e6) / 1e6);
            world.region.boundaries.municipality_at(at) == Some(usize::from(life.end.municipality))
        });
        // The jitter around a place may cross a border by some metres.
        assert!(right.count() * 100 >= lives.len() * 98);
    }

    /// 1.1 million in a year, and the year-on-year results near those that a centre has reported.
    #[test]
    fn two_years_tell_the_story_of_the_centre() {
        let world = World::new(20, Moment::from_secs(NOW));
        let today = world.day_of(NOW);
        let year = |last: i64| -> (f64, f64, f64) {
            // One day in seven, all weekdays in turn, stands for its week.
            let mut sums = (0.0, 0.0, 0.0);
            for week in 0..52 {
                for life in world.day(last - 7 * week - week % 7) {
                    sums.0 += 7.0;
                    sums.1 += 7.0 * f64::from(u8::from(life.end.repeat));
                    sums.2 += 7.0 * f64::from(u8::from(life.end.moves >= 2));
                }
            }
            sums
        };
        let (now, then) = (year(today - 1), year(today - 365));
        assert!((1.0e6..1.25e6).contains(&now.0), "{}", now.0);
        let change = |a: f64, b: f64| 100.0 * (a / b - 1.0);
        assert!((-31.0..-22.0).contains(&change(now.0, then.0)), "{}", change(now.0, then.0));
        assert!((-69.0..-60.0).contains(&change(now.1, then.1)), "{}", change(now.1, then.1));
        assert!((3.6..5.6).contains(&(then.2 / now.2)), "{}", then.2 / now.2);
        let overdue = |day: i64| {
            let at = (day * 86_400 + 43_200) as u32;
            let lives = (0..60).flat_map(|back| world.day(day - back));
            lives.filter_map(|life| life.at(at)).filter(|a| a.is_overdue(at)).count() as f64
        };
        let times = overdue(today - 365) / overdue(today);
        assert!((9.0..20.0).contains(&times), "{times}");
    }
}
