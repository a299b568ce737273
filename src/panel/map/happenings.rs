//! What happens now that a map may be told to look at.

use std::sync::Arc;

use crate::data::Revision;
use crate::data::dataset::Record;
use crate::data::measure::{Answer, Query};
use crate::data::region::Region;
use crate::geometry::Frame;
use crate::map::Place;

/// Where the early warnings of an answer are, the least probable first; none before they and the region are known.
pub fn places_of_warnings(answer: Option<&Answer>, region: Option<&Arc<Region>>) -> Option<Vec<Place>> {
    let (Answer::Warnings(warnings), municipalities) = (answer?, &region?.dictionaries.municipalities) else {
        return None;
    };
    let place = |warning: &crate::data::measure::Warning| {
        let municipality = warning.municipality.and_then(|number| municipalities.get(usize::from(number)));
        let (lon_e6, lat_e6) = warning.middle_e6;
        let middle = (f64::from(lon_e6) / 1e6, f64::from(lat_e6) / 1e6);
        Place::of_warning(municipality.map(|municipality| municipality.name.as_str()), middle)
    };
    Some(warnings.iter().map(place).collect())
}

/// What lies around each alert of a table that has an area.
pub fn places_of_alerts(frame: Frame, records: &[Record]) -> Vec<Place> {
    records.iter().filter_map(|record| Place::around_polygons(frame, record.get("polygons")?)).collect()
}

/// Where the early warnings of a revision are; none before they and the region are known.
pub fn warnings_in(revision: &Revision) -> Option<Vec<Place>> {
    let measured = revision.measures.get(&Query::Warnings)?;
    places_of_warnings(Some(&measured.answer), revision.snapshot.region.as_ref())
}

/// What lies around the alerts of a table of a revision; none before it and the region are known.
pub fn alerts_in(revision: &Revision, table: &str) -> Option<Vec<Place>> {
    let frame = revision.snapshot.region.as_ref()?.boundaries.frame();
    Some(places_of_alerts(frame, revision.snapshot.datasets.get(table)?.records()))
}
