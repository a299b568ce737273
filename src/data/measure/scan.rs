//! The passes over the columns.

use jiff::tz::TimeZone;

use super::period::{day_starts, seconds};
use super::{Answer, Dimension, Figure, Filter, Group, Metric, Period, Window, YEAR_SECS};
use crate::clock::Moment;
use crate::data::region::Dictionaries;
use crate::data::{Appeal, Snapshot};

/// Slots of a day in the trend of a flow.
const DAY_SLOTS: usize = 48;
/// Days in the trend of everything else.
const TREND_DAYS: usize = 14;
const WEEK_SECS: u32 = 7 * 86_400;

/// A snapshot being measured.
pub struct Scan<'a> {
    snapshot: &'a Snapshot,
    dictionaries: &'a Dictionaries,
    zone: TimeZone,
    now: Moment,
}

/// What is summed for a value: a share is `sum` over `count`, a median is of `values`.
#[derive(Debug, Clone, Default)]
struct Tally {
    sum: f64,
    count: f64,
    values: Vec<f32>,
}

impl<'a> Scan<'a> {
    pub fn new(snapshot: &'a Snapshot, dictionaries: &'a Dictionaries, now: Moment) -> Self {
        let zone = TimeZone::get(&dictionaries.time_zone).unwrap_or(TimeZone::UTC);
        Self { snapshot, dictionaries, zone, now }
    }

    pub fn figure(&self, metric: Metric, period: Period, filter: Filter) -> Figure {
        let window = period.window(self.now, &self.zone);
        let year_ago = window.earlier(YEAR_SECS);
        let mut tallies = self.tally(metric, filter, &[window, year_ago], |_| 0, 1);
        let mut figure =
            Figure { now: tallies[0][0].value(metric), year_ago: tallies[1][0].value(metric), ..Figure::default() };
        if matches!(metric, Metric::Received | Metric::Resolved | Metric::Repeats) && period == Period::Today {
            figure.slots = DAY_SLOTS;
            let slots = |from: u32, count: usize| -> Vec<Window> {
                let width = 86_400 / DAY_SLOTS as u32;
                (0..count as u32).map(|i| Window { from: from + i * width, to: from + (i + 1) * width }).collect()
            };
            let come = ((window.to - window.from) as usize * DAY_SLOTS / 86_400 + 1).min(DAY_SLOTS);
            figure.trend = cumulated(self.flow(metric, filter, &slots(window.from, come)));
            figure.trend_year_ago = cumulated(self.flow(metric, filter, &slots(year_ago.from, DAY_SLOTS)));
        } else {
            figure.slots = TREND_DAYS;
            let span = if period == Period::Now { 0 } else { period.days() as u32 * 86_400 };
            let ends = |to: u32| -> Vec<Window> {
                (0..TREND_DAYS as u32)
                    .rev()
                    .map(|back| {
                        let to = to.saturating_sub(back * 86_400);
                        Window { from: to.saturating_sub(span), to }
                    })
                    .collect()
            };
            let both: Vec<Window> = [ends(window.to), ends(year_ago.to)].concat();
            tallies = self.tally(metric, filter, &both, |_| 0, 1);
            let mut values = tallies.iter_mut().map(|t| t[0].value(metric).unwrap_or(f64::NAN));
            figure.trend = values.by_ref().take(TREND_DAYS).collect();
            figure.trend_year_ago = values.collect();
        }
        figure
    }

    pub fn groups(&self, metric: Metric, period: Period, dimension: Dimension, filter: Filter) -> Vec<Group> {
        let count = match dimension {
            Dimension::Municipality => self.dictionaries.municipalities.len(),
            Dimension::Sector => self.dictionaries.sectors.len(),
            Dimension::Channel => self.dictionaries.channels.len(),
            Dimension::Topic => self.dictionaries.topics.len(),
        };
        let window = period.window(self.now, &self.zone);
        let key = |a: &Appeal| match dimension {
            Dimension::Municipality => usize::from(a.municipality),
            Dimension::Sector => usize::from(self.sector(a)),
            Dimension::Channel => usize::from(a.channel),
            Dimension::Topic => usize::from(a.topic),
        };
        let mut tallies = self.tally(metric, filter, &[window, window.earlier(WEEK_SECS)], key, count);
        let (now, week_ago) = tallies.split_at_mut(1);
        now[0]
            .iter_mut()
            .zip(&mut week_ago[0])
            .enumerate()
            .map(|(key, (now, week_ago))| Group {
                key: key as u16,
                now: now.value(metric).unwrap_or(0.0),
                week_ago: week_ago.value(metric),
            })
            .collect()
    }

    pub fn hours(&self, metric: Metric, filter: Filter) -> Answer {
        let window = Period::Today.window(self.now, &self.zone);
        let counts = |from: u32| -> [u32; 24] {
            let hours: Vec<Window> =
                (0..24).map(|h| Window { from: from + h * 3600, to: from + (h + 1) * 3600 }).collect();
            let counted = self.flow(metric, filter, &hours);
            std::array::from_fn(|hour| counted[hour] as u32)
        };
        let begun = ((window.to - window.from).div_ceil(3600)).min(24) as u8;
        Answer::Hours { today: counts(window.from), year_ago: counts(window.from.saturating_sub(YEAR_SECS)), begun }
    }

    pub fn sector_hours(&self, metric: Metric, filter: Filter) -> Vec<[u32; 24]> {
        let window = Period::Today.window(self.now, &self.zone);
        let mut rows = vec![[0; 24]; self.dictionaries.sectors.len()];
        self.each_event(metric, filter, Window { to: window.from + 86_400, ..window }, |appeal, second| {
            if let Some(row) = rows.get_mut(usize::from(self.sector(appeal))) {
                row[((second - window.from) / 3600).min(23) as usize] += 1;
            }
        });
        rows
    }

    pub fn days(&self, metric: Metric, days: u16, filter: Filter) -> Answer {
        let starts = day_starts(self.now, &self.zone, usize::from(days));
        let now = seconds(self.now.secs()) + 1;
        let windows: Vec<Window> = starts.windows(2).map(|d| Window { from: d[0], to: d[1].min(now) }).collect();
        let year_ago = starts.windows(2).map(|d| Window { from: d[0], to: d[1] }.earlier(YEAR_SECS));
        let both: Vec<Window> = windows.iter().copied().chain(year_ago).collect();
        let mut tallies = self.tally(metric, filter, &both, |_| 0, 1);
        let mut values = tallies.iter_mut().map(|t| t[0].value(metric).unwrap_or(f64::NAN));
        let days = values.by_ref().take(windows.len()).collect();
        Answer::Days { days, year_ago: values.collect() }
    }

    fn sector(&self, appeal: &Appeal) -> u16 {
        self.dictionaries.sector_of(appeal).unwrap_or(u16::MAX)
    }

    /// Calls `found` for each event that a flow counts, with the second at which it happened.
    fn each_event(&self, metric: Metric, filter: Filter, window: Window, mut found: impl FnMut(&Appeal, u32)) {
        let by_receipt = matches!(metric, Metric::Received | Metric::Repeats | Metric::RepeatShare);
        for chunk in &self.snapshot.chunks {
            let may = if by_receipt {
                chunk.may_have_received(window.from, window.to)
            } else {
                // First replies come while an appeal is in work, so the same bounds serve both.
                chunk.may_have_open(window.from.saturating_sub(1), window.to)
            };
            if !may {
                continue;
            }
            for appeal in chunk.rows() {
                let second = match metric {
                    Metric::FirstReplyHours => appeal.first_reply,
                    _ if by_receipt => appeal.received,
                    _ => appeal.answered,
                };
                if window.contains(second) && filter.admits(self.dictionaries, &appeal) {
                    found(&appeal, second);
                }
            }
        }
    }

    /// Counts of a flow in each of `windows`, which follow one another.
    fn flow(&self, metric: Metric, filter: Filter, windows: &[Window]) -> Vec<f64> {
        let mut counts = vec![0.0; windows.len()];
        let (Some(first), Some(last)) = (windows.first(), windows.last()) else { return counts };
        self.each_event(metric, filter, Window { from: first.from, to: last.to }, |appeal, second| {
            if metric == Metric::Repeats && !appeal.repeat {
                return;
            }
            let at = windows.partition_point(|w| w.to <= second);
            if windows.get(at).is_some_and(|w| w.contains(second)) {
                counts[at] += 1.0;
            }
        });
        counts
    }

    /// One tally a window and group. A stock is taken at the last second of each window.
    fn tally(
        &self,
        metric: Metric,
        filter: Filter,
        windows: &[Window],
        key: impl Fn(&Appeal) -> usize,
        groups: usize,
    ) -> Vec<Vec<Tally>> {
        let mut tallies = vec![vec![Tally::default(); groups]; windows.len()];
        // Windows of this year and of the last lie far apart: each stretch is scanned by itself.
        let mut order: Vec<usize> = (0..windows.len()).collect();
        order.sort_by_key(|i| windows[*i].to);
        let stretches = order.chunk_by(|a, b| windows[*b].to - windows[*a].to <= 8 * 86_400);
        for stretch in stretches {
            let span = Window {
                from: stretch.iter().map(|i| windows[*i].from).min().unwrap_or(0),
                to: stretch.iter().map(|i| windows[*i].to).max().unwrap_or(0),
            };
            if metric.is_stock() {
                let instants: Vec<u32> = stretch.iter().map(|i| windows[*i].to.saturating_sub(1)).collect();
                self.each_open(filter, instants[0], instants[instants.len() - 1], |appeal| {
                    let Some(group) = Some(key(appeal)).filter(|group| *group < groups) else { return };
                    for (at, window) in instants.iter().zip(stretch) {
                        if appeal.is_open(*at) {
                            tallies[*window][group].add_stock(metric, appeal, *at);
                        }
                    }
                });
            } else {
                self.each_event(metric, filter, span, |appeal, second| {
                    let Some(group) = Some(key(appeal)).filter(|group| *group < groups) else { return };
                    for window in stretch.iter().filter(|w| windows[**w].contains(second)) {
                        tallies[*window][group].add_flow(metric, appeal, windows[*window].to);
                    }
                });
            }
        }
        tallies
    }

    fn each_open(&self, filter: Filter, from: u32, to: u32, mut found: impl FnMut(&Appeal)) {
        for chunk in self.snapshot.chunks.iter().filter(|c| c.may_have_open(from, to)) {
            for appeal in chunk.rows() {
                if appeal.received <= to && appeal.answered > from && filter.admits(self.dictionaries, &appeal) {
                    found(&appeal);
                }
            }
        }
    }
}

impl Tally {
    fn add_stock(&mut self, metric: Metric, appeal: &Appeal, at: u32) {
        self.count += 1.0;
        let counts = match metric {
            Metric::Overdue | Metric::OverdueShare => appeal.is_overdue(at),
            Metric::Postponed => appeal.moves > 0,
            _ => true,
        };
        self.sum += f64::from(u8::from(counts));
    }

    fn add_flow(&mut self, metric: Metric, appeal: &Appeal, seen_at: u32) {
        self.count += 1.0;
        match metric {
            Metric::FirstReplyHours => self.values.push((appeal.first_reply - appeal.received) as f32 / 3600.0),
            Metric::ResolutionDays => self.values.push((appeal.answered - appeal.received) as f32 / 86_400.0),
            Metric::AcceptedShare => self.sum += f64::from(u8::from(appeal.accepted < seen_at)),
            Metric::Rating if appeal.rating == 0 => self.count -= 1.0,
            Metric::Rating => self.sum += f64::from(appeal.rating),
            Metric::Repeats | Metric::RepeatShare => self.sum += f64::from(u8::from(appeal.repeat)),
            _ => self.sum += 1.0,
        }
    }

    fn value(&mut self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::OverdueShare | Metric::RepeatShare | Metric::AcceptedShare => {
                (self.count > 0.0).then(|| 100.0 * self.sum / self.count)
            }
            Metric::Rating => (self.count > 0.0).then(|| self.sum / self.count),
            Metric::FirstReplyHours | Metric::ResolutionDays => median(&mut self.values),
            _ => Some(self.sum),
        }
    }
}

/// The median; the mean of the two in the middle when there is an even number.
fn median(values: &mut [f32]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let (middle, odd) = (values.len() / 2, values.len() % 2 == 1);
    let (below, at, _) = values.select_nth_unstable_by(middle, f32::total_cmp);
    let upper = f64::from(*at);
    if odd {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(f32::total_cmp).unwrap_or(*at);
    Some((f64::from(lower) + upper) / 2.0)
}

fn cumulated(mut counts: Vec<f64>) -> Vec<f64> {
    let mut total = 0.0;
    for count in &mut counts {
        total += *count;
        *count = total;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::region::{Boundaries, Municipality, Region, Term, Topic};
    use crate::data::{NEVER, Store, Update, measure};
    use proptest::prelude::*;
    use std::sync::Arc;

    const NOW: u32 = 1_795_172_712; // 2026-11-20T14:05:12 in Moscow

    fn region() -> Region {
        let term = |code: &str| Term { code: code.to_owned(), name: code.to_owned(), icon: None };
        let topic = |sector| Topic { code: "t".to_owned(), name: "t".to_owned(), sector, due_hours: 24 };
        Region {
            dictionaries: Dictionaries {
                region: "r".to_owned(),
                centre: "c".to_owned(),
                time_zone: "Europe/Moscow".to_owned(),
                demo: true,
                attribution: None,
                sectors: vec![term("a"), term("b")],
                topics: vec![topic(0), topic(1)],
                channels: vec![term("x")],
                agencies: vec![term("y")],
                municipalities: vec![Municipality { name: "m".to_owned(), population: 1 }; 2],
            },
            boundaries: Boundaries::default(),
        }
    }

    fn snapshot(mut appeals: Vec<Appeal>) -> Snapshot {
        appeals.sort_by_key(|a| a.id);
        let mut store = Store::new();
        store.apply(Update::Region(Arc::new(region())), Moment(0));
        store.apply(Update::Appeals(appeals), Moment(0));
        store.apply(Update::Complete(Moment(0)), Moment(0));
        store.snapshot()
    }

    fn random_appeal() -> impl Strategy<Value = Appeal> {
        let span = 40 * 86_400u32;
        ((0..span, any::<bool>()), 0..span, 0..span, 0..span, 0..2u16, 0..2u16, any::<bool>(), 0..6u8).prop_map(
            move |((back, last_year), reply, answer, accept, topic, municipality, repeat, rating)| {
                let received = NOW - back - if last_year { YEAR_SECS } else { 0 };
                let known = |at: u32| if at > NOW { NEVER } else { at };
                let answered = known(received + answer);
                Appeal {
                    id: 0,
                    received,
                    first_reply: known(received + reply.min(answer)),
                    answered,
                    accepted: if answered == NEVER { NEVER } else { known(answered + accept) },
                    due: received + 86_400,
                    lon_e6: 0,
                    lat_e6: 0,
                    topic,
                    municipality,
                    agency: 0,
                    channel: 0,
                    moves: u8::from(repeat),
                    rating,
                    repeat,
                }
            },
        )
    }

    /// The same measures, written as plainly as can be.
    fn oracle(rows: &[Appeal], metric: Metric, window: Window) -> Option<f64> {
        let at = window.to - 1;
        let share = |part: usize, whole: usize| (whole > 0).then(|| 100.0 * part as f64 / whole as f64);
        let received: Vec<_> = rows.iter().filter(|a| window.contains(a.received)).collect();
        let answered: Vec<_> = rows.iter().filter(|a| window.contains(a.answered)).collect();
        let open: Vec<_> = rows.iter().filter(|a| a.received <= at && a.answered > at).collect();
        let overdue = open.iter().filter(|a| a.due < at).count();
        match metric {
            Metric::Received => Some(received.len() as f64),
            Metric::Resolved => Some(answered.len() as f64),
            Metric::InWork => Some(open.len() as f64),
            Metric::Overdue => Some(overdue as f64),
            Metric::OverdueShare => share(overdue, open.len()),
            Metric::Postponed => Some(open.iter().filter(|a| a.moves > 0).count() as f64),
            Metric::Repeats => Some(received.iter().filter(|a| a.repeat).count() as f64),
            Metric::RepeatShare => share(received.iter().filter(|a| a.repeat).count(), received.len()),
            Metric::AcceptedShare => share(answered.iter().filter(|a| a.accepted < window.to).count(), answered.len()),
            Metric::Rating => {
                let marks: Vec<f64> = answered.iter().map(|a| f64::from(a.rating)).filter(|m| *m > 0.0).collect();
                (!marks.is_empty()).then(|| marks.iter().sum::<f64>() / marks.len() as f64)
            }
            Metric::FirstReplyHours | Metric::ResolutionDays => {
                let mut values: Vec<f32> = rows
                    .iter()
                    .filter_map(|a| match metric {
                        Metric::FirstReplyHours if window.contains(a.first_reply) => {
                            Some((a.first_reply - a.received) as f32 / 3600.0)
                        }
                        Metric::ResolutionDays if window.contains(a.answered) => {
                            Some((a.answered - a.received) as f32 / 86_400.0)
                        }
                        _ => None,
                    })
                    .collect();
                values.sort_by(f32::total_cmp);
                let n = values.len();
                (n > 0).then(|| (f64::from(values[(n - 1) / 2]) + f64::from(values[n / 2])) / 2.0)
            }
        }
    }

    proptest! {
        #[test]
        fn every_measure_agrees_with_its_plain_definition(
            mut rows in prop::collection::vec(random_appeal(), 0..120)
        ) {
            for (id, row) in rows.iter_mut().enumerate() {
                row.id = id as u64;
            }
            let snapshot = snapshot(rows.clone());
            let now = Moment::from_secs(i64::from(NOW));
            let zone = TimeZone::get("Europe/Moscow").unwrap();
            for metric in Metric::ALL {
                for period in [Period::Now, Period::Today, Period::Hours24, Period::Days7, Period::Days30] {
                    let window = period.window(now, &zone);
                    let query = measure::Query::Value(metric, period, Filter::default());
                    let Some(Answer::Figure(figure)) = measure::answer(&snapshot, &query, now) else { panic!() };
                    prop_assert_eq!(figure.now, oracle(&rows, metric, window), "{:?} {:?}", metric, period);
                    prop_assert_eq!(figure.year_ago, oracle(&rows, metric, window.earlier(YEAR_SECS)));
                    let query = measure::Query::Groups(metric, period, Dimension::Municipality, Filter::default());
                    let Some(Answer::Groups(groups)) = measure::answer(&snapshot, &query, now) else { panic!() };
                    for group in groups {
                        let own: Vec<Appeal> = rows.iter().filter(|a| a.municipality == group.key).copied().collect();
                        prop_assert_eq!(group.now, oracle(&own, metric, window).unwrap_or(0.0));
                        prop_assert_eq!(group.week_ago, oracle(&own, metric, window.earlier(WEEK_SECS)));
                    }
                }
            }
        }

        #[test]
        fn the_hours_of_a_day_add_up_to_the_day(mut rows in prop::collection::vec(random_appeal(), 0..120)) {
            for (id, row) in rows.iter_mut().enumerate() {
                row.id = id as u64;
            }
            let snapshot = snapshot(rows);
            let now = Moment::from_secs(i64::from(NOW));
            let all = Filter::default();
            let value = measure::answer(&snapshot, &measure::Query::Value(Metric::Received, Period::Today, all), now);
            let Some(Answer::Figure(figure)) = value else { panic!() };
            let Some(Answer::Hours { today, .. }) =
                measure::answer(&snapshot, &measure::Query::Hours(Metric::Received, all), now) else { panic!() };
            let Some(Answer::SectorHours(sectors)) =
                measure::answer(&snapshot, &measure::Query::SectorHours(Metric::Received, all), now) else { panic!() };
            prop_assert_eq!(figure.now, Some(f64::from(today.iter().sum::<u32>())));
            prop_assert_eq!(figure.trend.last().copied(), figure.now);
            prop_assert_eq!(sectors.iter().flatten().sum::<u32>(), today.iter().sum::<u32>());
        }
    }
}
