//! Data as it would be in conditions that a wall must stand: too old, lost, not there, with names three times as long.

use std::sync::Arc;

use super::appeal::{Appeal, NEVER};
use super::chunks::append;
use super::columns::Chunk;
use super::dataset::Dataset;
use super::freshness::Freshness;
use super::region::Region;
use super::{MaskedTexts, Snapshot};
use crate::clock::Moment;
use crate::privacy::Displayable;

/// Names in [`Condition::Long`] are so many times as long as they are.
pub const LONGER: usize = 3;

/// How data may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// A little older than it should be: its age is said.
    Stale,
    /// Too old to be acted upon: what happened since is not known.
    Old,
    /// The last good data of a backend that does not answer any more.
    Lost,
    /// The region is known, and nothing else: a backend without appeals and with empty tables.
    Empty,
    /// Every name and text three times as long.
    Long,
}

impl Condition {
    /// Every condition, by the name that people write.
    pub const ALL: [(&str, Self); 5] = [
        ("stale", Self::Stale),
        ("old", Self::Old),
        ("lost", Self::Lost),
        ("empty", Self::Empty),
        ("long", Self::Long),
    ];

    /// The same data as it would be in this condition at `now`. Municipalities that are `named`, which panels look for
    /// by their names, keep them.
    pub fn of(self, mut snapshot: Snapshot, now: Moment, named: &[&str]) -> Snapshot {
        match self {
            Self::Stale => age(&mut snapshot, now, 65, None),
            Self::Old => age(&mut snapshot, now, 8700, None),
            Self::Lost => age(&mut snapshot, now, 4030, Some(4000)),
            Self::Empty => {
                (snapshot.chunks, snapshot.latest) = (Vec::new(), [].into());
                for table in snapshot.datasets.values_mut() {
                    *table = Arc::new(Dataset::kept(&table.name, Vec::new(), table.published().to_vec()));
                }
            }
            Self::Long => lengthen(&mut snapshot, named),
        }
        snapshot
    }
}

/// Ages a snapshot: complete up to `age_secs` before `now`, lost since `lost_secs` before it; the newest appeals came
/// before that.
fn age(snapshot: &mut Snapshot, now: Moment, age_secs: u32, lost_secs: Option<i64>) {
    let ago = |secs: i64| now.plus_millis(-1000 * secs);
    let freshness =
        Freshness { data_until: ago(i64::from(age_secs)), lost_since: lost_secs.map(ago), period_millis: 15_000 };
    snapshot.appeals_freshness = Some(freshness);
    snapshot.dataset_freshness.values_mut().for_each(|fresh| *fresh = freshness);
    let until = u32::try_from(freshness.data_until.secs()).unwrap_or(0);
    // Most of a year is as it was.
    let unchanged = snapshot.chunks.iter().take_while(|chunk| !has_later(chunk, until)).count();
    let rest = snapshot.chunks.split_off(unchanged);
    let known: Vec<Appeal> = rest.iter().flat_map(|chunk| chunk.rows()).filter_map(|a| as_of(a, until)).collect();
    append(&mut snapshot.chunks, &known);
    let earlier = snapshot.latest.iter().map(|arrival| {
        let mut arrival = *arrival;
        arrival.arrived = arrival.arrived.plus_millis(-1000 * i64::from(age_secs));
        arrival.appeal.received = arrival.appeal.received.saturating_sub(age_secs);
        arrival
    });
    snapshot.latest = earlier.collect();
}

/// Whether anything in a chunk happened after a second.
fn has_later(chunk: &Chunk, second: u32) -> bool {
    let columns = [chunk.received(), chunk.first_replies(), chunk.answered(), chunk.accepted()];
    columns.iter().any(|column| column.iter().any(|at| *at > second && *at != NEVER))
}

/// An appeal as it was known at a second; none before it was received.
fn as_of(appeal: Appeal, second: u32) -> Option<Appeal> {
    let so_far = |at: u32| if at > second { NEVER } else { at };
    (appeal.received <= second).then(|| Appeal {
        first_reply: so_far(appeal.first_reply),
        answered: so_far(appeal.answered),
        accepted: so_far(appeal.accepted),
        ..appeal
    })
}

fn longer(text: &mut String) {
    *text = [text.as_str(); LONGER].join(" ");
}

fn lengthen(snapshot: &mut Snapshot, named: &[&str]) {
    if let Some(region) = &snapshot.region {
        snapshot.region = Some(Arc::new(with_long_names(region, named)));
    }
    let displayable = |text: &Displayable| Displayable::kept(&[text.public(); LONGER].join(" "));
    let words = snapshot.words.iter().map(|(id, words)| {
        (*id, MaskedTexts { text: displayable(&words.text), reply: words.reply.as_ref().map(displayable) })
    });
    snapshot.words = Arc::new(words.collect());
    for table in snapshot.datasets.values_mut() {
        let mut records = table.records().to_vec();
        for (field, value) in records.iter_mut().flatten() {
            // Words that panels understand, such as `condition`, are not names.
            if let (true, serde_json::Value::String(text)) = (TEXTS.contains(&field.as_str()), value) {
                longer(text);
            }
        }
        *table = Arc::new(Dataset::kept(&table.name, records, table.published().to_vec()));
    }
}

/// The fields of tables that hold what people wrote.
const TEXTS: [&str; 6] = ["name", "text", "title", "headline", "event", "address"];

fn with_long_names(region: &Region, named: &[&str]) -> Region {
    let mut region = region.clone();
    let own = &mut region.dictionaries;
    [&mut own.centre, &mut own.region].into_iter().for_each(longer);
    for term in [&mut own.sectors, &mut own.channels, &mut own.agencies].into_iter().flatten() {
        longer(&mut term.name);
        term.short.iter_mut().for_each(longer);
    }
    for topic in &mut own.topics {
        longer(&mut topic.name);
        topic.short.iter_mut().for_each(longer);
    }
    let places = own.municipalities.iter_mut().map(|m| &mut m.name);
    let places = places.chain(region.boundaries.municipalities.iter_mut().map(|m| &mut m.name));
    places.filter(|name| !named.contains(&name.as_str())).for_each(longer);
    for translation in own.translations.values_mut() {
        [&mut translation.centre, &mut translation.region].into_iter().for_each(longer);
        let terms = [&mut translation.sectors, &mut translation.topics];
        let others = [&mut translation.channels, &mut translation.agencies];
        for called in terms.into_iter().chain(others).flat_map(|terms| terms.values_mut()) {
            longer(&mut called.name);
            called.short.iter_mut().for_each(longer);
        }
    }
    region
}
