//! What maps look at: in the words of files and of people, and as a place that means the same for ever.

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::geometry::{Frame, WorldPoint, WorldRect};

/// A place that a map looks at, the same on every machine and whenever it is replayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Place {
    /// What the layout says, or else the whole region.
    Home,
    /// The whole region.
    Region,
    /// A municipality, by its name.
    Municipality(String),
    /// Several municipalities together.
    Municipalities(Vec<String>),
    /// What lies around a point.
    Around {
        /// Degrees of longitude.
        lon: f64,
        /// Degrees of latitude.
        lat: f64,
        /// Kilometres across.
        span_km: f64,
    },
    /// What lies between two meridians and two parallels, in degrees.
    Within {
        /// The western edge.
        west: f64,
        /// The southern edge.
        south: f64,
        /// The eastern edge.
        east: f64,
        /// The northern edge.
        north: f64,
    },
}

/// What a map is to look at, as files and people name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "TargetForm", into = "TargetForm")]
pub enum Target {
    /// A place.
    Place(Place),
    /// An early warning, by its place in the list: 0 is the least probable.
    Warning(usize),
    /// The area of an alert, by its place among those of the map's table that have one.
    Alert(usize),
}

/// A target as it is written.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, rename = "Target")]
enum TargetForm {
    Home,
    Region,
    Municipality(String),
    Municipalities(Vec<String>),
    Around { lon: f64, lat: f64, span_km: f64 },
    Within { west: f64, south: f64, east: f64, north: f64 },
    Warning(usize),
    Alert(usize),
}

impl PartialSchema for Target {
    fn schema() -> RefOr<Schema> {
        TargetForm::schema()
    }
}

impl ToSchema for Target {}

impl From<TargetForm> for Target {
    fn from(form: TargetForm) -> Self {
        Self::Place(match form {
            TargetForm::Home => Place::Home,
            TargetForm::Region => Place::Region,
            TargetForm::Municipality(name) => Place::Municipality(name),
            TargetForm::Municipalities(names) => Place::Municipalities(names),
            TargetForm::Around { lon, lat, span_km } => Place::Around { lon, lat, span_km },
            TargetForm::Within { west, south, east, north } => Place::Within { west, south, east, north },
            TargetForm::Warning(index) => return Self::Warning(index),
            TargetForm::Alert(index) => return Self::Alert(index),
        })
    }
}

impl From<Target> for TargetForm {
    fn from(target: Target) -> Self {
        match target {
            Target::Place(Place::Home) => Self::Home,
            Target::Place(Place::Region) => Self::Region,
            Target::Place(Place::Municipality(name)) => Self::Municipality(name),
            Target::Place(Place::Municipalities(names)) => Self::Municipalities(names),
            Target::Place(Place::Around { lon, lat, span_km }) => Self::Around { lon, lat, span_km },
            Target::Place(Place::Within { west, south, east, north }) => Self::Within { west, south, east, north },
            Target::Warning(index) => Self::Warning(index),
            Target::Alert(index) => Self::Alert(index),
        }
    }
}

/// A warning of the whole region is looked at this many kilometres across.
const WARNING_SPAN_KM: f64 = 40.0;

impl Place {
    /// Where a warning is: the municipality that most of its appeals are from, or else around their middle, which is in
    /// degrees of longitude and latitude.
    pub fn of_warning(municipality: Option<&str>, (lon, lat): (f64, f64)) -> Self {
        match municipality {
            Some(name) => Self::Municipality(name.to_owned()),
            None => Self::Around { lon, lat, span_km: WARNING_SPAN_KM },
        }
    }

    /// What lies around `polygons`, lists of pairs of longitude and latitude, as alerts have them; none where they have
    /// no corner.
    pub fn around_polygons(frame: Frame, polygons: &serde_json::Value) -> Option<Self> {
        let corners: Vec<WorldPoint> =
            polygons.as_array()?.iter().flat_map(|polygon| corners(frame, polygon)).collect();
        let area = (!corners.is_empty()).then(|| WorldRect::from_points(corners))?;
        let ((west, north), (east, south)) = (frame.degrees(area.min), frame.degrees(area.max));
        Some(Self::Within { west, south, east, north })
    }
}

impl Target {
    /// A municipality.
    pub fn municipality(name: impl Into<String>) -> Self {
        Self::Place(Place::Municipality(name.into()))
    }

    /// The municipalities that it names.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        let (one, several) = match self {
            Self::Place(Place::Municipality(name)) => (Some(name), None),
            Self::Place(Place::Municipalities(names)) => (None, Some(names)),
            _ => (None, None),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }

    /// Resolves the target with the current warnings and alerts, each in their order; none if there are too few.
    pub fn place(&self, warnings: impl FnOnce() -> Vec<Place>, alerts: impl FnOnce() -> Vec<Place>) -> Option<Place> {
        match self {
            Self::Place(place) => Some(place.clone()),
            Self::Warning(index) => warnings().into_iter().nth(*index),
            Self::Alert(index) => alerts().into_iter().nth(*index),
        }
    }
}

/// The corners of a polygon of longitudes and latitudes.
pub fn corners(frame: Frame, polygon: &serde_json::Value) -> impl Iterator<Item = WorldPoint> + use<'_> {
    let pair = move |p: &serde_json::Value| Some(frame.place(p.get(0)?.as_f64()?, p.get(1)?.as_f64()?));
    polygon.as_array().into_iter().flatten().filter_map(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_written_as_ever_and_places_as_targets() {
        for text in [
            r#""home""#,
            r#"{"municipality":"Ёлкино"}"#,
            r#"{"around":{"lon":45.0,"lat":58.0,"span_km":10.0}}"#,
            r#"{"within":{"west":44.0,"south":57.0,"east":45.0,"north":58.0}}"#,
            r#"{"warning":0}"#,
            r#"{"alert":2}"#,
        ] {
            let target: Target = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&target).unwrap(), text);
            if let Target::Place(place) = &target {
                assert_eq!(serde_json::to_string(place).unwrap(), text);
            }
        }
        assert!(serde_json::from_str::<Target>(r#"{"warning":-1}"#).is_err());
        assert!(serde_json::from_str::<Place>(r#"{"warning":0}"#).is_err(), "a place is no number in a list");
    }

    #[test]
    fn what_happens_becomes_a_place_that_stays() {
        let frame = Frame::PLAIN;
        let area = serde_json::json!([[[45.0, 57.0], [46.0, 57.0], [46.0, 58.0]], []]);
        let warnings = || vec![Place::of_warning(Some("Ёлкино"), (45.0, 58.0)), Place::of_warning(None, (45.0, 58.0))];
        let alerts = || Place::around_polygons(frame, &area).into_iter().collect();
        assert_eq!(Target::Warning(0).place(warnings, alerts), Some(Place::Municipality("Ёлкино".into())));
        assert_eq!(
            Target::Warning(1).place(warnings, alerts),
            Some(Place::Around { lon: 45.0, lat: 58.0, span_km: 40.0 })
        );
        assert_eq!(Target::Warning(2).place(warnings, alerts), None);
        let Some(Place::Within { west, south, east, north }) = Target::Alert(0).place(warnings, alerts) else {
            panic!("an area")
        };
        let found = [west, south, east, north];
        assert!(found.iter().zip([45.0, 57.0, 46.0, 58.0]).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
        assert_eq!(Target::Alert(1).place(warnings, alerts), None);
        assert_eq!(Place::around_polygons(frame, &serde_json::json!([[]])), None);
    }
}
