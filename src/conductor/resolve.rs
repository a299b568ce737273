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
    let happenings = || crate::panel::happenings_of(revision, alerts).ok_or(Refusal::NoData);
    let (kind, number, count, frame, happenings) = match target {
        Target::Place(place) => return Ok(place.clone()),
        Target::Warning(number) => {
            let (frame, happenings) = happenings()?;
            ("warning", *number, happenings.warnings.len(), frame, happenings)
        }
        Target::Alert(number) => {
            let (frame, happenings) = happenings()?;
            ("alert", *number, happenings.alerts.len(), frame, happenings)
        }
    };
    target.place(frame, || happenings).ok_or(Refusal::NoSuchHappening { kind, number, count })
}
