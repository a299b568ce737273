//! From the words of people to identities: what a target means now.

use super::order::Refusal;
use crate::data::Revision;
use crate::map::{Place, Target};

/// The place that a target means while the data is as it is; `alerts` is the table of the maps' alerts.
pub fn place_of(target: &Target, revision: &Revision, alerts: &str) -> Result<Place, Refusal> {
    let Some(region) = &revision.snapshot.region else {
        return match target {
            Target::Place(place @ (Place::Home | Place::Region)) => Ok(place.clone()),
            _ => Err(Refusal::NoData),
        };
    };
    let names = region.dictionaries.municipalities.iter().map(|m| m.name.as_str());
    let known: Vec<&str> = names.chain(region.boundaries.aliases.keys().map(String::as_str)).collect();
    if let Some(name) = target.names().find(|name| !known.contains(&name.as_str())) {
        let help = crate::diagnostic::expected(name, known.iter().copied());
        return Err(Refusal::UnknownMunicipality { name: name.clone(), help });
    }
    let (kind, number, places) = match target {
        Target::Place(place) => return Ok(place.clone()),
        Target::Warning(number) => ("warning", *number, crate::panel::warnings_in(revision)),
        Target::Alert(number) => ("alert", *number, crate::panel::alerts_in(revision, alerts)),
    };
    let places = places.ok_or(Refusal::NoData)?;
    let count = places.len();
    places.into_iter().nth(number).ok_or(Refusal::NoSuchTarget { kind, number, count })
}

/// The same, with what is not there left out: a step shows what it can.
pub fn nearest_place(target: &Target, revision: &Revision, alerts: &str) -> Result<Place, Refusal> {
    match (place_of(target, revision, alerts), target) {
        (Err(refusal @ Refusal::UnknownMunicipality { .. }), Target::Place(Place::Municipalities(names))) => {
            tracing::warn!(%refusal, "a step looks at what is not there");
            let known = |name: &&String| place_of(&Target::municipality(name.as_str()), revision, alerts).is_ok();
            let known: Vec<String> = names.iter().filter(known).cloned().collect();
            Ok(if known.is_empty() { Place::Region } else { Place::Municipalities(known) })
        }
        (Err(Refusal::NoData), _) => Err(Refusal::NoData),
        (Err(refusal), _) => {
            tracing::warn!(%refusal, "a step looks at what is not there: it shows the region");
            Ok(Place::Region)
        }
        (found, _) => found,
    }
}
