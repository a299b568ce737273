//! What happens now that a map may be told to look at.

use super::super::View;
use crate::data::Revision;
use crate::data::dataset::Record;
use crate::data::measure::{Answer, Query, Warning};
use crate::data::region::Dictionaries;
use crate::geometry::{Frame, WorldRect};
use crate::map::{Happenings, Place};

/// Where early warnings and the areas of a table of alerts are.
pub fn happenings(view: &View<'_>, frame: Frame, alerts: &str) -> Happenings {
    let warnings = match (view.measured(&Query::Warnings).map(|m| &m.answer), view.region()) {
        (Some(Answer::Warnings(warnings)), Some(region)) => {
            warnings.iter().map(|warning| place_of_warning(warning, &region.dictionaries)).collect()
        }
        _ => Vec::new(),
    };
    Happenings { warnings, alerts: areas_of_alerts(frame, view.records(alerts)) }
}

/// Where an early warning is.
pub fn place_of_warning(warning: &Warning, dictionaries: &Dictionaries) -> Place {
    let municipality = warning.municipality.and_then(|number| dictionaries.municipalities.get(usize::from(number)));
    let (lon_e6, lat_e6) = warning.middle_e6;
    let middle = (f64::from(lon_e6) / 1e6, f64::from(lat_e6) / 1e6);
    Happenings::place_of_warning(municipality.map(|municipality| municipality.name.as_str()), middle)
}

/// What lies around each alert of a table that has an area.
pub fn areas_of_alerts(frame: Frame, records: &[Record]) -> Vec<WorldRect> {
    records.iter().filter_map(|record| Happenings::area_of_alert(frame, record.get("polygons")?)).collect()
}

/// Where the early warnings of a revision are, the least probable first; none before they are known.
pub fn places_of_warnings(revision: &Revision) -> Option<Vec<Place>> {
    let region = revision.snapshot.region.as_ref()?;
    let Answer::Warnings(warnings) = &revision.measures.get(&Query::Warnings)?.answer else { return None };
    Some(warnings.iter().map(|warning| place_of_warning(warning, &region.dictionaries)).collect())
}

/// What lies around each alert of a table of a revision, and the region's frame; none before either is known.
pub fn areas_of_alerts_in(revision: &Revision, table: &str) -> Option<(Frame, Vec<WorldRect>)> {
    let frame = revision.snapshot.region.as_ref()?.boundaries.frame();
    let table = revision.snapshot.datasets.get(table)?;
    Some((frame, areas_of_alerts(frame, table.records())))
}
