//! What the wall tells of itself: what was heard of each source, and the early warnings in words.

use crate::control::{Heard, WarningTold};
use crate::data::freshness::Freshness;
use crate::data::measure::{Answer, Query};
use crate::data::{Revision, Snapshot, SourceNumber};
use crate::source::SourceTable;

/// What a source brings, under its name.
pub struct Brings {
    name: String,
    appeals: bool,
    /// Its tables and pictures.
    tables: Vec<String>,
}

impl Brings {
    /// Of a site's source.
    pub fn of(source: &SourceTable) -> Self {
        let kind = &source.kind;
        Self { name: source.name.clone(), appeals: kind.brings_appeals(), tables: kind.names() }
    }
}

/// What was last heard of each source: of its appeals, or else of its table that is most behind.
pub fn heard(sources: &[Brings], snapshot: &Snapshot) -> Vec<Heard> {
    let of = |(number, source): (SourceNumber, &Brings)| {
        let tables = || {
            let fresh: Option<Vec<&Freshness>> =
                source.tables.iter().map(|table| snapshot.dataset_freshness.get(table)).collect();
            fresh?.into_iter().min_by_key(|fresh| fresh.stale_from())
        };
        let fresh = if source.appeals { snapshot.source_freshness.get(&number) } else { tables() };
        let mut heard = Heard::of(source.name.as_str(), fresh);
        if fresh.is_none() {
            heard.lost_since_secs = snapshot.unanswered.get(&number).map(|since| since.secs());
        }
        heard
    };
    (0..=SourceNumber::MAX).zip(sources).map(of).collect()
}

/// The early warnings of a revision, in words.
pub fn warnings(revision: &Revision) -> Vec<WarningTold> {
    let measured = revision.measures.get(&Query::Warnings).map(|m| &m.answer);
    let (Some(Answer::Warnings(warnings)), Some(region)) = (measured, revision.snapshot.region.as_ref()) else {
        return Vec::new();
    };
    let dictionaries = &region.dictionaries;
    let told = warnings.iter().map(|warning| WarningTold {
        topic: dictionaries.topics.get(usize::from(warning.topic)).map_or_else(String::new, |t| t.name.clone()),
        municipality: warning
            .municipality
            .and_then(|m| Some(dictionaries.municipalities.get(usize::from(m))?.name.clone())),
        hours: warning.hours,
        count: warning.count,
        expected: (warning.expected * 10.0).round() / 10.0,
        middle: (f64::from(warning.middle_e6.0) / 1e6, f64::from(warning.middle_e6.1) / 1e6),
    });
    told.collect()
}
