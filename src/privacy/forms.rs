//! What the form of a word says: whether it is a patronymic, ends as surnames do, names a place or a role.

use super::lexicon::{NEVER_NAMES, NOT_SURNAMES, PATRONYMIC_STEMS, ROLES};

/// Beginnings of a place's name, in small letters, by which it is known in all its cases.
pub fn place_stems(name: &str) -> Vec<String> {
    // «Усть» before a hyphen is a part of too many names, also of people's.
    let words = name
        .split(' ')
        .flat_map(|word| word.split('-').filter(move |part| part.len() == word.len() || part.chars().count() > 4));
    words
        .filter(|word| word.chars().count() > 3)
        .map(|word| {
            let lower = word.to_lowercase().replace('ё', "е");
            let letters = lower.chars().count();
            lower.chars().take(letters.saturating_sub(if letters > 5 { 2 } else { 1 })).collect()
        })
        .collect()
}

/// Whether a word names one of the places, in one of its cases.
pub fn is_place(lower: &str, places: &[String]) -> bool {
    places.iter().any(|stem| lower.starts_with(stem.as_str()) && lower.chars().count() <= stem.chars().count() + 4)
}

/// «Иванович», «Сергеевны», «Ильиничне», and the spoken «Иваныч».
pub fn is_patronymic(lower: &str) -> bool {
    const MALE: &[&str] = &["ич", "ича", "ичу", "ичем", "иче"];
    const FEMALE: &[&str] = &["на", "ны", "не", "ну", "ной", "ною", "ична", "ичны", "ичне", "ичну", "ичной"];
    let ends = |ends: &[&str]| {
        ends.iter().any(|end| {
            lower.strip_suffix(end).is_some_and(|stem| {
                PATRONYMIC_STEMS.iter().any(|s| {
                    s == stem || s.strip_suffix("ов").is_some_and(|short| short == stem && end.starts_with("ич"))
                })
            })
        })
    };
    // No other word of the language ends so, «мухомович» aside; the feminine ones need their stem.
    let unmistakable = [
        "ович",
        "евич",
        "овича",
        "евича",
        "овичу",
        "евичу",
        "овичем",
        "евичем",
        "ьич",
        "ьича",
        "ьичу",
        "ьичем",
        "оглы",
        "кызы",
        "аныч",
        "еич",
        "саныч",
        "алыч",
    ];
    (lower.chars().count() > 5 && unmistakable.iter().any(|end| lower.ends_with(end)))
        || ends(MALE)
        || ends(FEMALE)
        || (lower.chars().count() > 6
            && ["овна", "евна", "инична", "овны", "евны", "овне", "евне", "овну", "евну", "евной", "ичне", "ичну"]
                .iter()
                .any(|end| lower.ends_with(end))
            && !["основ", "дух", "церк", "верх", "ур", "грунт", "фан", "кров", "плачев", "душев", "днев", "ровн"]
                .iter()
                .any(|start| lower.starts_with(start)))
}

/// Whether a word belongs to no name even beside one.
pub fn is_never_name(lower: &str) -> bool {
    NEVER_NAMES.iter().any(|start| lower == *start || (start.chars().count() > 4 && lower.starts_with(start)))
}

/// Whether a word that ends like a surname is known to be something else.
pub fn is_not_surname(lower: &str) -> bool {
    NOT_SURNAMES.iter().any(|start| lower.starts_with(start))
}

/// Whether a word says who somebody is: a doctor, a neighbour.
pub fn is_role(lower: &str) -> bool {
    ROLES.iter().any(|role| lower.starts_with(role))
}

/// Whether a word ends as surnames most often do, also written small.
pub fn ends_like_surname(lower: &str) -> bool {
    const ENDS: &[&str] = &[
        "ов",
        "ова",
        "овой",
        "ову",
        "ев",
        "ева",
        "евой",
        "еву",
        "ин",
        "ина",
        "иной",
        "ину",
        "ский",
        "ская",
        "цкий",
        "цкая",
        "енко",
        "чук",
        "ян",
        "дзе",
        "швили",
        "ого",
        "ому",
    ];
    ENDS.iter().any(|end| lower.ends_with(end))
}
