//! What the words mean by which backends say where an appeal stands.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is in work.
    Open,
    /// It was answered.
    Closed,
    /// It was answered by a refusal: it is not in work.
    Rejected,
    /// It is told of elsewhere: it is not in work.
    Duplicate,
}

/// Words that a site's file adds to those that are known.
pub type Statuses = BTreeMap<String, Standing>;

/// The words of Open311 (`open`, `closed`) and of what servers put in their place, and of Russian portals.
const KNOWN: [(&str, Standing); 77] = {
    use Standing::{Closed, Duplicate, Open, Rejected};
    [
        ("acknowledged", Open),
        ("action scheduled", Open),
        ("active", Open),
        ("assigned", Open),
        ("confirmed", Open),
        ("created", Open),
        ("in process", Open),
        ("in progress", Open),
        ("in work", Open),
        ("investigating", Open),
        ("new", Open),
        ("on hold", Open),
        ("open", Open),
        ("pending", Open),
        ("planned", Open),
        ("postponed", Open),
        ("received", Open),
        ("registered", Open),
        ("reopened", Open),
        ("submitted", Open),
        ("unconfirmed", Open),
        ("under review", Open),
        ("в работе", Open),
        ("в обработке", Open),
        ("в процессе", Open),
        ("зарегистрировано", Open),
        ("на исполнении", Open),
        ("на модерации", Open),
        ("на рассмотрении", Open),
        ("назначено", Open),
        ("направлено исполнителю", Open),
        ("новая", Open),
        ("новое", Open),
        ("новый", Open),
        ("отложено", Open),
        ("открыто", Open),
        ("поступило", Open),
        ("принято", Open),
        ("принято в работу", Open),
        ("продлено", Open),
        ("answered", Closed),
        ("archived", Closed),
        ("closed", Closed),
        ("complete", Closed),
        ("completed", Closed),
        ("done", Closed),
        ("fixed", Closed),
        ("no further action", Closed),
        ("not responsible", Closed),
        ("resolved", Closed),
        ("solved", Closed),
        ("unable to fix", Closed),
        ("выполнено", Closed),
        ("дан ответ", Closed),
        ("завершено", Closed),
        ("закрыто", Closed),
        ("закрыта", Closed),
        ("закрыт", Closed),
        ("исполнено", Closed),
        ("решено", Closed),
        ("решена", Closed),
        ("устранено", Closed),
        ("canceled", Rejected),
        ("cancelled", Rejected),
        ("declined", Rejected),
        ("invalid", Rejected),
        ("rejected", Rejected),
        ("spam", Rejected),
        ("withdrawn", Rejected),
        ("отказано", Rejected),
        ("отклонено", Rejected),
        ("отклонена", Rejected),
        ("отозвано", Rejected),
        ("duplicate", Duplicate),
        ("дубликат", Duplicate),
        ("дубль", Duplicate),
        ("повтор", Duplicate),
    ]
};

/// What a status means: by the site's own words, else by those that are known. Case, hyphens and underscores do not
/// count; what follows a dash tells who did it («Fixed - Council»). None where nobody says what it means.
pub fn standing(status: &str, own: &Statuses) -> Option<Standing> {
    let plain = folded(status);
    if let Some((_, meant)) = own.iter().find(|(word, _)| folded(word) == plain) {
        return Some(*meant);
    }
    let known = |word: &str| KNOWN.iter().find(|(other, _)| *other == word).map(|(_, standing)| *standing);
    let begins = |first: Option<&str>| known(&folded(first?));
    known(&plain)
        .or_else(|| begins(status.split(" - ").next()))
        .or_else(|| begins(status.split([':', '—', '–']).next()))
}

fn folded(word: &str) -> String {
    let spaced: String = word.chars().map(|c| if matches!(c, '_' | '-') { ' ' } else { c }).collect();
    spaced.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_however_they_are_written() {
        let none = Statuses::new();
        for (word, expected) in [
            ("open", Some(Standing::Open)),
            ("OPEN", Some(Standing::Open)),
            ("In_Progress", Some(Standing::Open)),
            ("in-progress", Some(Standing::Open)),
            ("Archived", Some(Standing::Closed)),
            ("fixed - council", Some(Standing::Closed)),
            ("Closed: fixed", Some(Standing::Closed)),
            ("no further action", Some(Standing::Closed)),
            ("Решено", Some(Standing::Closed)),
            ("duplicate", Some(Standing::Duplicate)),
            ("Отклонено", Some(Standing::Rejected)),
            ("s7", None),
            ("closed-ish", None),
        ] {
            assert_eq!(standing(word, &none), expected, "{word}");
        }
        let own = Statuses::from([("S7".to_owned(), Standing::Closed), ("closed".to_owned(), Standing::Open)]);
        assert_eq!([standing("s7", &own), standing("Closed", &own)], [Some(Standing::Closed), Some(Standing::Open)]);
    }
}
