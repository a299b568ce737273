//! The passes over the columns.

use jiff::tz::TimeZone;

use super::metric::{Basis, Metric};
use super::period::{day_starts, seconds};
use super::tally::Tallies;
use super::{Answer, Compare, Dimension, Figure, Filter, Group, Period, Window, YEAR_SECS};
use crate::clock::Moment;
use crate::data::places::{TileSorter, TiledPoints};
use crate::data::region::{Boundaries, Dictionaries, Topic};
use crate::data::timeline::Timeline;
use crate::data::{Appeal, Chunk, ReportedFields, Snapshot};
use crate::geometry::WorldRect;

/// Slots of a day in the trend of a flow.
const DAY_SLOTS: usize = 48;
/// Days in the trend of everything else.
const TREND_DAYS: usize = 14;
const WEEK_SECS: u32 = 7 * 86_400;
/// Windows whose ends are at most this many seconds apart are summed in one pass.
const ONE_PASS_SECS: u32 = 8 * 86_400;

/// A snapshot being measured.
pub struct Scan<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) dictionaries: &'a Dictionaries,
    pub(super) zone: TimeZone,
    pub(super) now: Moment,
    /// What any source tells. Where there is no appeal, none is in work; confirmations are told by few backends.
    pub(super) tells: ReportedFields,
}

/// What an empty snapshot says of itself.
const NOTHING_RECEIVED: ReportedFields = ReportedFields {
    first_reply: true,
    answered: true,
    answer_time: true,
    answered_some_time: false,
    accepted: false,
    due: true,
    moves: true,
    repeat: true,
    channel: true,
};

impl<'a> Scan<'a> {
    pub fn new(snapshot: &'a Snapshot, dictionaries: &'a Dictionaries, now: Moment) -> Self {
        let zone = TimeZone::get(&dictionaries.time_zone).unwrap_or(TimeZone::UTC);
        let tells = if snapshot.is_empty() { NOTHING_RECEIVED } else { snapshot.tells() };
        Self { snapshot, dictionaries, zone, now, tells }
    }

    /// A value with its trend: cumulative by half-hour if `hourly`, otherwise by day.
    pub fn figure(&self, metric: Metric, period: Period, compare: Compare, filter: Filter, hourly: bool) -> Figure {
        let window = period.window(self.now, &self.zone);
        let before = period.compared(compare, self.now, &self.zone);
        let values = self.values(metric, filter, &[window, before], |_| 0, 1);
        let known = self.reaches_back_to(metric, before);
        let mut figure = Figure { now: values[0][0], before: values[0][1].filter(|_| known), ..Figure::default() };
        if hourly {
            figure.slots = DAY_SLOTS;
            let slots = |from: u32, count: usize| -> Vec<Window> {
                let width = 86_400 / DAY_SLOTS as u32;
                (0..count as u32).map(|i| Window { from: from + i * width, to: from + (i + 1) * width }).collect()
            };
            let come = ((window.to - window.from) as usize * DAY_SLOTS / 86_400 + 1).min(DAY_SLOTS);
            let mut today = slots(window.from, come);
            // The slot that is not over ends now.
            if let Some(last) = today.last_mut() {
                // A day of 25 hours has its last in its last slot.
                last.to = window.to.max(last.from);
            }
            let flow = |windows: &[Window]| {
                let values = self.values(metric, filter, windows, |_| 0, 1).swap_remove(0);
                cumulated(values.into_iter().map(|v| v.unwrap_or(0.0)).collect())
            };
            figure.trend = flow(&today);
            figure.trend_before = flow(&slots(before.from, DAY_SLOTS));
        } else {
            figure.slots = TREND_DAYS;
            let span = if period == Period::Now { 0 } else { period.days() as u32 * 86_400 };
            let ends = |to: u32| {
                (0..TREND_DAYS as u32).rev().map(move |back| {
                    let to = to.saturating_sub(back * 86_400);
                    Window { from: to.saturating_sub(span), to }
                })
            };
            let both: Vec<Window> = ends(window.to).chain(ends(before.to)).collect();
            let values = self.values(metric, filter, &both, |_| 0, 1).swap_remove(0);
            let mut values = values.into_iter().map(|v| v.unwrap_or(f64::NAN));
            figure.trend = values.by_ref().take(TREND_DAYS).collect();
            figure.trend_before = values.collect();
        }
        if !known {
            figure.trend_before.fill(f64::NAN);
        }
        figure
    }

    pub fn groups(&self, metric: Metric, period: Period, dimension: Dimension, filter: Filter) -> Vec<Group> {
        let count = self.count_of(dimension);
        let window = period.window(self.now, &self.zone);
        if dimension == Dimension::Channel && !self.tells.channel {
            return (0..count).map(|key| Group { key: key as u16, now: None, week_ago: None }).collect();
        }
        let key = |a: &Appeal| usize::from(self.place_in(dimension, a));
        let by_place = dimension == Dimension::Municipality;
        let residents = |group: usize| {
            if by_place { self.residents(u16::try_from(group).ok()) } else { self.residents(filter.municipality) }
        };
        let windows = [window, window.earlier(WEEK_SECS)];
        let values = self.values_by(metric, filter, &windows, key, count, residents);
        let groups = values.into_iter().enumerate();
        groups.map(|(key, v)| Group { key: key as u16, now: v[0], week_ago: v[1] }).collect()
    }

    /// How many groups a dimension has.
    pub fn count_of(&self, dimension: Dimension) -> usize {
        match dimension {
            Dimension::Municipality => self.dictionaries.municipalities.len(),
            Dimension::Sector => self.dictionaries.sectors.len(),
            Dimension::Channel => self.dictionaries.channels.len(),
            Dimension::Topic => self.dictionaries.topics.len(),
            Dimension::Agency => self.dictionaries.agencies.len(),
        }
    }

    /// Which group of a dimension an appeal is in.
    pub fn place_in(&self, dimension: Dimension, appeal: &Appeal) -> u16 {
        match dimension {
            Dimension::Municipality => appeal.municipality,
            Dimension::Sector => self.sector(appeal),
            Dimension::Channel => u16::from(appeal.channel),
            Dimension::Topic => appeal.topic,
            Dimension::Agency => appeal.agency,
        }
    }

    pub fn hours(&self, metric: Metric, filter: Filter) -> Answer {
        let window = Period::Today.window(self.now, &self.zone);
        let before = Period::Today.compared(Compare::YearAgo, self.now, &self.zone);
        let counts = |from: u32, to: u32| -> [u32; 24] {
            let values = self.values(metric, filter, &hours_of(Window { from, to }, &self.zone), |_| 0, 1);
            std::array::from_fn(|hour| values[0][hour].unwrap_or(0.0) as u32)
        };
        let begun = self.now.zoned(&self.zone).hour().unsigned_abs() + 1;
        Answer::Hours { today: counts(window.from, window.to), year_ago: counts(before.from, u32::MAX), begun }
    }

    pub fn sector_hours(&self, metric: Metric, filter: Filter) -> Vec<[u32; 24]> {
        let window = Period::Today.window(self.now, &self.zone);
        let hours = hours_of(window, &self.zone);
        let sectors = self.dictionaries.sectors.len();
        let values = self.values(metric, filter, &hours, |a| usize::from(self.sector(a)), sectors);
        values.iter().map(|v| std::array::from_fn(|hour| v[hour].unwrap_or(0.0) as u32)).collect()
    }

    /// One value a day, oldest first, and the same days a year ago.
    pub fn days(&self, metric: Metric, days: u16, filter: Filter) -> (Vec<f64>, Vec<f64>) {
        let starts = day_starts(self.now, &self.zone, usize::from(days));
        let now = seconds(self.now.secs()) + 1;
        let windows: Vec<Window> = starts.windows(2).map(|d| Window { from: d[0], to: d[1].min(now) }).collect();
        let year_ago = starts.windows(2).map(|d| Window { from: d[0], to: d[1] }.earlier(YEAR_SECS));
        let both: Vec<Window> = windows.iter().copied().chain(year_ago).collect();
        let values = self.values(metric, filter, &both, |_| 0, 1).swap_remove(0);
        // Days before what is held are not known to be empty.
        let known = |(value, window): (Option<f64>, &Window)| {
            value.filter(|_| self.reaches_back_to(metric, *window)).unwrap_or(f64::NAN)
        };
        let mut values = values.into_iter().zip(&both).map(known);
        (values.by_ref().take(windows.len()).collect(), values.collect())
    }

    /// Whether the data reaches back to a window, to within a day. A comparison with incomplete data would show growth
    /// everywhere.
    fn reaches_back_to(&self, metric: Metric, window: Window) -> bool {
        let from = if metric.is_stock() { window.to } else { window.from };
        self.snapshot.first_received().is_none_or(|first| first <= from.saturating_add(86_400))
    }

    /// Whether any source reports what a metric needs: unreported is not zero.
    pub fn is_reported(&self, metric: Metric) -> bool {
        metric.is_reported(self.tells)
    }

    /// Whether any source tells what a filter asks for.
    fn is_filter_told(&self, filter: Filter) -> bool {
        filter.channel.is_none() || self.tells.channel
    }

    fn sector(&self, appeal: &Appeal) -> u16 {
        self.dictionaries.sector_of(appeal).unwrap_or(u16::MAX)
    }

    /// Residents of a municipality, or of all.
    fn residents(&self, municipality: Option<u16>) -> u64 {
        let all = &self.dictionaries.municipalities;
        match municipality {
            Some(at) => all.get(usize::from(at)).map_or(0, |m| u64::from(m.population)),
            None => all.iter().map(|m| u64::from(m.population)).sum(),
        }
    }

    /// One value a group and window, whose groups are not places.
    fn values(
        &self,
        metric: Metric,
        filter: Filter,
        windows: &[Window],
        key: impl Fn(&Appeal) -> usize,
        groups: usize,
    ) -> Vec<Vec<Option<f64>>> {
        self.values_by(metric, filter, windows, key, groups, |_| self.residents(filter.municipality))
    }

    /// One value a group and window. A stock is taken at the last second of each window.
    fn values_by(
        &self,
        metric: Metric,
        filter: Filter,
        windows: &[Window],
        key: impl Fn(&Appeal) -> usize,
        groups: usize,
        residents: impl Fn(usize) -> u64,
    ) -> Vec<Vec<Option<f64>>> {
        let mut found = vec![vec![None; windows.len()]; groups];
        if !self.is_reported(metric) || !self.is_filter_told(filter) {
            return found;
        }
        // Windows of this year and of the last lie far apart: each stretch is passed over by itself.
        let mut order: Vec<usize> = (0..windows.len()).collect();
        order.sort_by_key(|i| (windows[*i].to, windows[*i].from));
        let near = |a: &usize, b: &usize| {
            // A state is judged at the end of the window that is asked for.
            filter.status.is_none()
                && windows[*b].to - windows[*a].to <= ONE_PASS_SECS
                && windows[*b].from >= windows[*a].from
        };
        for stretch in order.chunk_by(near) {
            let sorted: Vec<Window> = stretch.iter().map(|i| windows[*i]).collect();
            let mut tallies = Tallies::new(metric, &sorted, groups);
            self.pass(metric, filter, &mut tallies, &key);
            for (group, values) in tallies.values(&residents).into_iter().enumerate() {
                for (place, value) in stretch.iter().zip(values) {
                    found[group][*place] = value;
                }
            }
        }
        found
    }

    /// Sums every appeal that counts.
    fn pass(&self, metric: Metric, filter: Filter, tallies: &mut Tallies<'_>, key: impl Fn(&Appeal) -> usize) {
        self.visit(metric, filter, tallies.extent(), |appeal, happened| match happened {
            None => tallies.add_open(key(appeal), appeal),
            Some(second) => tallies.add_event(key(appeal), appeal, second),
        });
    }

    /// Calls `found` with every appeal that a metric that counts appeals counts in a window, and the second of what
    /// is counted: of receipt for what is in work.
    pub fn counted(&self, metric: Metric, window: Window, filter: Filter, mut found: impl FnMut(&Appeal, u32)) {
        let Some(condition) = metric.counted() else { return };
        let last = window.to.saturating_sub(1);
        self.visit(metric, filter, window, |appeal, happened| {
            let stands = happened.is_some() || appeal.is_open(last);
            if stands && condition.holds(appeal, last) {
                found(appeal, happened.unwrap_or(appeal.received));
            }
        });
    }

    /// Calls `found` with each appeal that may count in `extent`, and the second of its event. Of all other appeals,
    /// only the deciding columns are read.
    fn visit(&self, metric: Metric, filter: Filter, extent: Window, mut found: impl FnMut(&Appeal, Option<u32>)) {
        let (from, to) = (extent.from.saturating_sub(1), extent.to);
        let gate = Gate::new(filter, self.dictionaries, to.saturating_sub(1));
        for chunk in self.snapshot.chunks.iter().filter(|chunk| may_count(metric, chunk, extent)) {
            if metric.is_stock() {
                chunk.open_between(from, to, |row| {
                    if gate.opens(chunk, row) {
                        found(&chunk.get(row), None);
                    }
                });
                continue;
            }
            chunk.happened_in(column(metric.basis()), extent.from, extent.to, |row, second| {
                if gate.opens(chunk, row) {
                    found(&chunk.get(row), Some(second));
                }
            });
        }
    }

    /// Where the appeals came from that a metric counts in a period, or in what that is compared with.
    pub fn places(
        &self,
        metric: Metric,
        period: Period,
        compare: Option<Compare>,
        filter: Filter,
        land: &Boundaries,
    ) -> TiledPoints {
        let window = match compare {
            None => period.window(self.now, &self.zone),
            Some(compare) => period.compared(compare, self.now, &self.zone),
        };
        let frame = land.frame();
        let mut sorter = TileSorter::new(around(land));
        self.counted(metric, window, filter, |appeal, _| sorter.add(frame.place_e6(appeal.lon_e6, appeal.lat_e6)));
        sorter.sorted()
    }

    /// The same in the order of time.
    pub fn timeline(&self, metric: Metric, period: Period, filter: Filter, land: &Boundaries) -> Timeline {
        let window = period.window(self.now, &self.zone);
        let frame = land.frame();
        let mut happened = Vec::new();
        self.counted(metric, window, filter, |appeal, second| {
            happened.push((second, frame.place_e6(appeal.lon_e6, appeal.lat_e6)));
        });
        Timeline::new(around(land), (window.from, window.to), happened)
    }
}

/// A filter by columns: a row that it does not admit is not read.
struct Gate {
    filter: Filter,
    /// By topic, where it asks for a sector or a topic.
    topics: Option<Vec<bool>>,
    status_at: u32,
}

impl Gate {
    fn new(filter: Filter, dictionaries: &Dictionaries, status_at: u32) -> Self {
        let admits = |(number, topic): (usize, &Topic)| {
            filter.sector.is_none_or(|s| s == topic.sector) && filter.topic.is_none_or(|t| usize::from(t) == number)
        };
        let asked = filter.sector.is_some() || filter.topic.is_some();
        let topics = asked.then(|| dictionaries.topics.iter().enumerate().map(admits).collect());
        Self { filter, topics, status_at }
    }

    fn opens(&self, chunk: &Chunk, row: usize) -> bool {
        let topic = || usize::from(chunk.topics()[row]);
        self.topics.as_ref().is_none_or(|topics| topics.get(topic()).copied().unwrap_or(false))
            && self.filter.municipality.is_none_or(|m| m == chunk.municipalities()[row])
            && self.filter.channel.is_none_or(|c| c == chunk.channels()[row])
            && self.filter.agency.is_none_or(|a| a == chunk.agencies()[row])
            && self.filter.status.is_none_or(|s| s.holds(&chunk.get(row), self.status_at))
    }
}

/// Whether a chunk may hold an appeal that counts in `extent`.
pub(super) fn may_count(metric: Metric, chunk: &Chunk, extent: Window) -> bool {
    let (from, to) = (extent.from.saturating_sub(1), extent.to);
    if metric.is_stock() {
        return chunk.may_have_open(from, to);
    }
    match metric.basis() {
        Basis::Receipt => chunk.may_have_received(extent.from, extent.to),
        // The same bounds serve both.
        Basis::FirstReply | Basis::Answer => chunk.may_have_open(from, to),
        // A confirmation comes after the answer, whenever.
        Basis::Acceptance | Basis::Open => chunk.may_have_received(0, to),
    }
}

/// The part of the Earth that the land lies in, and a little more: places are snapped to a grid.
fn around(land: &Boundaries) -> WorldRect {
    let extent = land.world_extent();
    extent.inflate(extent.width() * 0.02, extent.height() * 0.02)
}

/// The 24 clock hours of `day`, as far as it has come. Hours to come, and an hour that the clock skipped, are empty; an
/// hour that it showed twice is two hours long.
pub(super) fn hours_of(day: Window, zone: &TimeZone) -> Vec<Window> {
    let date = Moment::from_secs(i64::from(day.from)).zoned(zone).date();
    let begun = |hour: i8| -> u32 {
        let at = if hour < 24 { Ok(date.at(hour, 0, 0, 0)) } else { date.tomorrow().map(|next| next.at(0, 0, 0, 0)) };
        let second = at.and_then(|at| at.to_zoned(zone.clone())).map(|at| seconds(at.timestamp().as_second()));
        // Midnight itself may be left out: the day begins where it begins.
        second.unwrap_or(day.to).clamp(day.from, day.to.max(day.from))
    };
    (0..24).map(|hour| Window { from: if hour == 0 { day.from } else { begun(hour) }, to: begun(hour + 1) }).collect()
}

/// The column of moments that a flow counts by.
pub(super) fn column(basis: Basis) -> fn(&Chunk) -> &[u32] {
    match basis {
        Basis::Receipt | Basis::Open => Chunk::received,
        Basis::FirstReply => Chunk::first_replies,
        Basis::Answer => Chunk::answered,
        Basis::Acceptance => Chunk::accepted,
    }
}

fn cumulated(mut counts: Vec<f64>) -> Vec<f64> {
    let mut total = 0.0;
    for count in &mut counts {
        total += *count;
        *count = total;
    }
    counts
}
