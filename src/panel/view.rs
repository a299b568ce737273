//! What a panel sees of the world, and what of it decided its picture.

use std::cell::RefCell;
use std::sync::Arc;

use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::alarm::Alarms;
use crate::clock::Moment;
use crate::data::dataset::{Dataset, Record};
use crate::data::freshness::{Age, Freshness};
use crate::data::measure::{Answer, Counted, Figure, Group, Near, Query, near};
use crate::data::region::{Dictionaries, Region};
use crate::data::written_times;
use crate::data::{Appeal, AppealId, Arrival, Degrees, Measured, ReportedFields, Revision};
use crate::language::Language;
use crate::map::CameraMove;
use crate::picture::Picture;
use crate::privacy::Audience;
use crate::wall::Wall;

/// What panels read of: the data, and where maps were told to look.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The data.
    pub revision: &'a Revision,
    /// What maps were told to look at, the oldest first.
    pub camera: &'a [CameraMove],
    /// The alarms.
    pub alarms: &'a Alarms,
}

/// Whether a value that was read once is the same in other inputs.
type Unchanged = Box<dyn Fn(&Inputs<'_>) -> bool>;

/// Everything that a panel read while it was painted. Its picture is valid as long as all of it reads the same.
#[derive(Default)]
pub struct Reads(RefCell<Vec<Unchanged>>);

impl Reads {
    /// Whether everything that was read is the same in `inputs`.
    pub fn are_same_in(&self, inputs: &Inputs<'_>) -> bool {
        self.0.borrow().iter().all(|unchanged| unchanged(inputs))
    }

    /// Reads from `inputs`, and remembers what was read.
    fn read<T: PartialEq + 'static>(&self, inputs: &Inputs<'_>, get: impl Fn(&Inputs<'_>) -> T + 'static) {
        let before = get(inputs);
        self.0.borrow_mut().push(Box::new(move |inputs| get(inputs) == before));
    }
}

/// Equal only to what lies at the same place in memory.
#[derive(Debug, Clone)]
pub struct ByAddress<T: ?Sized>(pub Arc<T>);

impl<T: ?Sized> PartialEq for ByAddress<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What a panel sees. Data is read through methods that record every read: a later revision in which all of these are
/// the same needs no new picture.
#[derive(Clone, Copy)]
pub struct View<'a> {
    inputs: Inputs<'a>,
    reads: &'a Reads,
    /// The table by whose freshness the panel is judged; none where it is judged by the appeals'.
    freshness_table: Option<&'a str>,
    /// The words.
    pub language: &'a Language,
    /// The region's time zone.
    pub zone: &'a TimeZone,
    /// The wall that the panel hangs on.
    pub wall: &'a Wall,
    /// How old what the panel shows is at the moment of painting; none before there is anything.
    pub age: Option<Age>,
    /// Whether another panel of the layout shows the stamp that all share.
    pub shared_stamp: bool,
    /// Whether a panel of the layout shows numbers beside those of a year ago.
    pub compares: bool,
    /// Who may see the outputs that the panel is on.
    pub audience: Audience,
    translated: Option<&'a Dictionaries>,
}

impl<'a> View<'a> {
    /// The view of a panel for `NoText` that is judged by the freshness of the appeals and has a stamp of its own.
    pub fn new(
        inputs: Inputs<'a>,
        reads: &'a Reads,
        language: &'a Language,
        zone: &'a TimeZone,
        wall: &'a Wall,
        now: Moment,
    ) -> Self {
        let age = inputs.revision.snapshot.appeals_freshness.map(|fresh| fresh.age(now));
        Self {
            inputs,
            reads,
            freshness_table: None,
            language,
            zone,
            wall,
            age,
            shared_stamp: false,
            compares: false,
            audience: Audience::NoText,
            translated: None,
        }
    }

    /// The same for `audience`, with the dictionaries as they are shown to it; none where they are the region's own.
    pub fn shown_to(self, audience: Audience, translated: Option<&'a Dictionaries>) -> Self {
        Self { audience, translated, ..self }
    }

    /// The same view, with reads recorded in `reads`.
    pub fn read_into(self, reads: &'a Reads) -> Self {
        Self { reads, ..self }
    }

    /// The same view, judged by the freshness of `table`, or of the appeals if there is none. If the table is further
    /// behind than the appeals, the panel has a stamp of its own.
    pub fn with_freshness_of(self, table: Option<&'a str>, now: Moment) -> Self {
        let age = |table: Option<&str>| freshness(&self.inputs, table).map(|fresh| fresh.age(now));
        let kind = |age: Option<Age>| age.map(|age| std::mem::discriminant(&age));
        let own = age(table);
        let behind = table.is_some() && own != Some(Age::Live) && kind(own) != kind(age(None));
        Self { freshness_table: table, age: own, shared_stamp: self.shared_stamp && !behind, ..self }
    }

    /// The table of these that is further behind than the appeals and than all others; none if no table is.
    pub fn max_behind<'t>(&self, tables: impl Iterator<Item = &'t str>, now: Moment) -> Option<&'t str> {
        let severity = |table: Option<&str>| self.freshness_of(table).map_or(0, |fresh| fresh.age(now).severity());
        let appeals = severity(None);
        let behind = tables.map(|table| (severity(Some(table)), table)).filter(|(severity, _)| *severity > appeals);
        behind.reduce(|one, other| if other.0 > one.0 { other } else { one }).map(|(_, table)| table)
    }

    /// Like `freshness`, but records no read: for what does not affect the picture.
    pub fn freshness_unnoted(&self) -> Option<Freshness> {
        freshness(&self.inputs, self.freshness_table)
    }

    /// How fresh what the panel shows is; none before there is anything.
    pub fn freshness(&self) -> Option<Freshness> {
        self.freshness_of(self.freshness_table)
    }

    /// How fresh a table is, or without one the appeals.
    pub fn freshness_of(&self, table: Option<&str>) -> Option<Freshness> {
        let name = table.map(str::to_owned);
        self.reads.read(&self.inputs, move |inputs| freshness(inputs, name.as_deref()));
        freshness(&self.inputs, table)
    }

    /// Whether the data is too old to be acted upon.
    pub fn faded(&self) -> bool {
        matches!(self.age, Some(Age::Old | Age::Lost(_)))
    }

    /// What maps were told to look at, the oldest first.
    pub fn camera(&self) -> &'a [CameraMove] {
        self.reads.read(&self.inputs, |inputs| inputs.camera.to_vec());
        self.inputs.camera
    }

    /// The alarms.
    pub fn alarms(&self) -> &'a Alarms {
        self.reads.read(&self.inputs, |inputs| inputs.alarms.clone());
        self.inputs.alarms
    }

    /// The region, once a source has named it.
    pub fn region(&self) -> Option<&'a Arc<Region>> {
        self.reads.read(&self.inputs, |inputs| inputs.revision.snapshot.region.clone().map(ByAddress));
        self.inputs.revision.snapshot.region.as_ref()
    }

    /// The dictionaries as they are called in the language, once a source has named the region.
    pub fn dictionaries(&self) -> Option<&'a Dictionaries> {
        let region = self.region()?;
        Some(self.translated.unwrap_or(&region.dictionaries))
    }

    /// The records of a table as this audience may see them; none before it is known.
    pub fn records(&self, table: &str) -> &'a [Record] {
        self.table(table).map_or(&[], |table| table.shown_to(self.audience))
    }

    /// A table; of what it holds this audience may see what [`View::records`] gives.
    pub fn table(&self, name: &str) -> Option<&'a Arc<Dataset>> {
        let wanted = name.to_owned();
        self.reads.read(&self.inputs, move |inputs| inputs.revision.snapshot.datasets.get(&wanted).cloned());
        self.inputs.revision.snapshot.datasets.get(name)
    }

    /// The last picture of a camera.
    pub fn picture(&self, name: &str) -> Option<&'a Arc<Picture>> {
        let wanted = name.to_owned();
        self.reads
            .read(&self.inputs, move |inputs| inputs.revision.snapshot.pictures.get(&wanted).cloned().map(ByAddress));
        self.inputs.revision.snapshot.pictures.get(name)
    }

    /// The moment that a value of a table says, in whatever way it writes it.
    pub fn moment(&self, value: &serde_json::Value) -> Option<Moment> {
        written_times::moment(value, self.zone).map(Moment::from_secs)
    }

    /// A measure.
    pub fn measured(&self, query: &Query) -> Option<&'a Arc<Measured>> {
        let wanted = *query;
        self.reads.read(&self.inputs, move |inputs| inputs.revision.measures.get(&wanted).cloned().map(ByAddress));
        self.inputs.revision.measures.get(query)
    }

    /// A measure that is one number.
    pub fn figure(&self, query: &Query) -> Option<(&'a Figure, &'a Measured)> {
        let measured = self.measured(query)?;
        match &measured.answer {
            Answer::Figure(figure) => Some((figure, measured)),
            _ => None,
        }
    }

    /// A measure that is one number a group.
    pub fn groups(&self, query: &Query) -> Option<(&'a [Group], &'a Measured)> {
        let measured = self.measured(query)?;
        match &measured.answer {
            Answer::Groups(groups) => Some((groups, measured)),
            _ => None,
        }
    }

    /// When the measures were taken, to the millisecond. It differs in every revision that measured anew.
    pub fn measured_at(&self) -> Moment {
        self.reads.read(&self.inputs, |inputs| inputs.revision.measured);
        self.inputs.revision.measured
    }

    /// The day on which the measures were taken.
    pub fn day_of_measures(&self) -> Zoned {
        let zone = self.zone.clone();
        self.reads.read(&self.inputs, move |inputs| inputs.revision.measured.zoned(&zone).date());
        self.inputs.revision.measured.zoned(self.zone)
    }

    /// Whether the appeals, when they were measured, reached back less than so many seconds.
    pub fn reaches_back_less_than(&self, seconds: u32) -> bool {
        let get = move |inputs: &Inputs<'_>| {
            let since = inputs.revision.measured.secs() - i64::from(seconds);
            inputs.revision.snapshot.first_received().is_some_and(|first| i64::from(first) > since)
        };
        self.reads.read(&self.inputs, get);
        get(&self.inputs)
    }

    /// Whether there is no appeal at all.
    pub fn has_no_appeals(&self) -> bool {
        self.reads.read(&self.inputs, |inputs| inputs.revision.snapshot.is_empty());
        self.inputs.revision.snapshot.is_empty()
    }

    /// The newest appeals, newest first.
    pub fn latest(&self) -> &'a [Arrival] {
        self.reads.read(&self.inputs, |inputs| ByAddress(inputs.revision.snapshot.latest.clone()));
        &self.inputs.revision.snapshot.latest
    }

    /// Those of the appeals with known words that have an answer, the last answered first.
    pub fn answered(&self) -> Vec<Appeal> {
        self.reads.read(&self.inputs, |inputs| inputs.revision.snapshot.answered());
        self.inputs.revision.snapshot.answered()
    }

    /// Which optional times any appeal tells.
    pub fn tells(&self) -> ReportedFields {
        self.reads.read(&self.inputs, |inputs| inputs.revision.snapshot.tells());
        self.inputs.revision.snapshot.tells()
    }

    /// Since when any source that has never answered has failed.
    pub fn unanswered_since(&self) -> Option<Moment> {
        self.reads.read(&self.inputs, |inputs| inputs.revision.snapshot.unanswered_since());
        self.inputs.revision.snapshot.unanswered_since()
    }

    /// What the resident wrote in an appeal, as far as it is known and this audience may read it.
    pub fn words_of(&self, id: AppealId) -> Option<&'a str> {
        let audience = self.audience;
        self.reads.read(&self.inputs, move |inputs| words_of(inputs, id, audience).map(str::to_owned));
        words_of(&self.inputs, id, audience)
    }

    /// What was answered to an appeal, as far as it is known and this audience may read it.
    pub fn reply_to(&self, id: AppealId) -> Option<&'a str> {
        let audience = self.audience;
        self.reads.read(&self.inputs, move |inputs| reply_to(inputs, id, audience).map(str::to_owned));
        reply_to(&self.inputs, id, audience)
    }

    /// The appeals that a metric counts in a part of the region, at most `count` of them one by one. Nothing is noted:
    /// it answers a question, and paints nothing.
    pub fn near(&self, counted: Counted, part: &Degrees, count: usize, now: Moment) -> Option<Near> {
        near(&self.inputs.revision.snapshot, counted, part, count, now.max(self.inputs.revision.measured))
    }
}

fn freshness(inputs: &Inputs<'_>, table: Option<&str>) -> Option<Freshness> {
    let snapshot = &inputs.revision.snapshot;
    match table {
        Some(table) => snapshot.dataset_freshness.get(table).copied(),
        None => snapshot.appeals_freshness,
    }
}

fn words_of<'a>(inputs: &Inputs<'a>, id: AppealId, audience: Audience) -> Option<&'a str> {
    let words = inputs.revision.snapshot.words.get(&id)?;
    words.text.shown_to(audience).filter(|text| !text.is_empty())
}

fn reply_to<'a>(inputs: &Inputs<'a>, id: AppealId, audience: Audience) -> Option<&'a str> {
    let reply = inputs.revision.snapshot.words.get(&id)?.reply.as_ref()?;
    reply.shown_to(audience).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::measure::{Compare, Filter, Metric, Period};
    use crate::geometry::PixelSize;

    fn measured(value: f64) -> Arc<Measured> {
        let figure = Figure { now: Some(value), ..Figure::default() };
        Arc::new(Measured { answer: Answer::Figure(figure), before: None, changed: Moment(0) })
    }

    #[test]
    fn only_what_was_read_asks_for_a_new_picture() {
        let query = |metric: Metric| Query::Value(metric.into(), Period::Today, Compare::YearAgo, Filter::default());
        let (received, resolved) = (query(Metric::Received), query(Metric::Resolved));
        let mut revision = Revision::default();
        revision.measures.extend([(received, measured(1.0)), (resolved, measured(2.0))]);
        let table = |rows: usize| Arc::new(Dataset::kept("t", vec![Record::new(); rows], Vec::new()));
        revision.snapshot.datasets.extend([("t".to_owned(), table(1)), ("other".to_owned(), table(1))]);
        let alarms = Alarms::default();
        let inputs = Inputs { revision: &revision, camera: &[], alarms: &alarms };
        let reads = Reads::default();
        let (language, wall) = (Language::new(crate::language::Lang::En), Wall::single(PixelSize::new(64, 36), 8.0));
        let zone = TimeZone::UTC;
        let view = View::new(inputs, &reads, &language, &zone, &wall, Moment(0));
        view.measured(&received);
        view.records("t");
        let same = |change: &dyn Fn(&mut Revision)| {
            let mut next = Revision { number: 2, ..revision.clone() };
            change(&mut next);
            reads.are_same_in(&Inputs { revision: &next, camera: &[], alarms: &alarms })
        };
        assert!(same(&|_| {}));
        assert!(same(&|next| next.measured = Moment(2000)));
        assert!(same(&|next| drop(next.measures.insert(resolved, measured(3.0)))));
        assert!(same(&|next| drop(next.snapshot.datasets.insert("other".to_owned(), table(2)))));
        assert!(same(&|next| drop(next.snapshot.datasets.insert("t".to_owned(), table(1)))), "equal content");
        assert!(!same(&|next| drop(next.snapshot.datasets.insert("t".to_owned(), table(2)))));
        assert!(!same(&|next| drop(next.measures.insert(received, measured(3.0)))));
        assert!(!same(&|next| drop(next.measures.remove(&received))));
    }
}
