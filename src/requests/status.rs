//! How the wall is: its state, its sources, its early warnings, its frames.

use serde::Serialize;
use utoipa::ToSchema;

use crate::data::freshness::Freshness;
use crate::data::measure::{Answer, Query};
use crate::data::{Revision, Snapshot, SourceNumber};
use crate::geometry::PixelSize;
use crate::layout::LayoutRef;
use crate::source::SourceTable;
use crate::state::State;
use crate::wall::{Output, Rotation};

/// How the wall is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Status {
    /// Counts since the start.
    pub counts: Counts,
    /// The layout that is shown, or on its way in.
    #[schema(value_type = Object)]
    pub layout: LayoutRef,
    /// What is shown, and why.
    #[schema(value_type = Object)]
    pub state: State,
    /// Appeals in memory.
    pub appeals: usize,
    /// Measures on the wall: none until the first complete set of appeals was measured.
    pub measures: usize,
    /// End of the complete data, in seconds since 1970.
    pub data_until_secs: Option<i64>,
    /// When the backend stopped answering, in seconds since 1970.
    pub lost_since_secs: Option<i64>,
    /// Each source's appeals.
    pub sources: Vec<SourceStatus>,
    /// Each table.
    pub tables: Vec<SourceStatus>,
    /// The GPU; none while it is being built anew.
    pub device: Option<String>,
    /// The outputs that show something.
    pub outputs: Vec<String>,
    /// Where more is received than was to be expected.
    pub warnings: Vec<WarningView>,
}

/// An output, as it is told.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OutputView {
    /// Its name.
    pub name: String,
    /// The width of its signal, in pixels, as it hangs.
    pub width: u32,
    /// The height of its signal, in pixels, as it hangs.
    pub height: u32,
    /// Whether it shows something.
    pub is_lit: bool,
}

impl OutputView {
    /// Of an output that shows something, or does not.
    pub fn new(output: &Output, is_lit: bool) -> Self {
        let PixelSize { width, height, .. } = output.pixels;
        let lies = matches!(output.rotation, Rotation::Quarter | Rotation::ThreeQuarters);
        let (width, height) = if lies { (height, width) } else { (width, height) };
        Self { name: output.name.clone(), width, height, is_lit }
    }
}

/// Last known state of a source or a table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SourceStatus {
    /// Its name in the site's file.
    pub name: String,
    /// The second up to which it is complete; none before the first complete set.
    pub data_until_secs: Option<i64>,
    /// Since when its backend has not answered.
    pub lost_since_secs: Option<i64>,
}

impl SourceStatus {
    /// Of something so fresh.
    pub fn of(name: impl Into<String>, fresh: Option<&Freshness>) -> Self {
        Self {
            name: name.into(),
            data_until_secs: fresh.map(|f| f.data_until.secs()),
            lost_since_secs: fresh.and_then(|f| f.lost_since).map(|at| at.secs()),
        }
    }
}

/// An early warning in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WarningView {
    /// The topic's name.
    pub topic: String,
    /// The municipality's name; none where it is the whole region.
    pub municipality: Option<String>,
    /// Over how many hours it is counted.
    pub hours: u32,
    /// Appeals in these hours.
    pub count: u32,
    /// How many were to be expected.
    pub expected: f64,
    /// The middle of the appeals: longitude and latitude in degrees.
    pub middle: (f64, f64),
}

/// Frames since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Counts {
    /// Frames that were composed.
    pub composed: u64,
    /// Frames in which something was painted.
    pub painted: u64,
    /// Output pixels that were painted.
    pub pixels: u64,
    /// Frames that were finished more than 33 ms after they were due.
    pub late: u64,
    /// How often the GPU was built anew.
    pub rebuilt: u64,
}

/// What a monitoring system watches.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// The moment, in milliseconds since 1970.
    pub now_millis: i64,
    /// Since the program began, in seconds.
    pub uptime_secs: f64,
    /// Since a frame was last composed, in seconds; none before the first.
    pub frame_age_secs: Option<f64>,
    /// Until the next frame is due by itself, in seconds; none where none is.
    pub next_frame_secs: Option<f64>,
    /// Claims on the wall.
    pub claims: usize,
    /// Whether the press key is pressed.
    pub pressed: bool,
    /// Each output, and the seconds since it was last painted.
    pub outputs: Vec<(OutputView, Option<f64>)>,
    /// How the wall is.
    pub status: Status,
}

/// What a source has, under its name.
pub struct SourceContents {
    name: String,
    appeals: bool,
    /// Its tables and pictures.
    tables: Vec<String>,
}

impl SourceContents {
    /// Of a site's source.
    pub fn of(source: &SourceTable) -> Self {
        let kind = &source.kind;
        Self { name: source.name.clone(), appeals: kind.brings_appeals(), tables: kind.names() }
    }
}

/// What was last heard of each source: of its appeals, or else of its table that is most behind.
pub fn source_statuses(sources: &[SourceContents], snapshot: &Snapshot) -> Vec<SourceStatus> {
    let of = |(number, source): (SourceNumber, &SourceContents)| {
        let tables = || {
            let fresh: Option<Vec<&Freshness>> =
                source.tables.iter().map(|table| snapshot.dataset_freshness.get(table)).collect();
            fresh?.into_iter().min_by_key(|fresh| fresh.stale_from())
        };
        let fresh = if source.appeals { snapshot.source_freshness.get(&number) } else { tables() };
        let mut heard = SourceStatus::of(source.name.as_str(), fresh);
        if fresh.is_none() {
            heard.lost_since_secs = snapshot.unanswered.get(&number).map(|since| since.secs());
        }
        heard
    };
    (0..=SourceNumber::MAX).zip(sources).map(of).collect()
}

/// The early warnings of a revision, in words.
pub fn warning_views(revision: &Revision) -> Vec<WarningView> {
    let measured = revision.measures.get(&Query::Warnings).map(|m| &m.answer);
    let (Some(Answer::Warnings(warnings)), Some(region)) = (measured, revision.snapshot.region.as_ref()) else {
        return Vec::new();
    };
    let dictionaries = &region.dictionaries;
    let told = warnings.iter().map(|warning| WarningView {
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
