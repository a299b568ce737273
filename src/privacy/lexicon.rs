//! The words that tell a house from a quantity and a person from a thing.

use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! lists {
    ($($name:ident $section:literal),* $(,)?) => {
        $(
            #[doc = concat!("The list `", $section, "` of `assets/names/words.txt`.")]
            pub static $name: LazyLock<Vec<&'static str>> = LazyLock::new(|| list($section));
        )*
    };
}

lists! {
    MEASURES "measures", COUNTED "counted", COMMON_WORDS "common-words", NUMBER_WORDS "number-words", PARTS "parts",
    STREETS "streets", INSTITUTIONS "institutions", ROLES "roles", NEVER_NAMES "never-names",
    NOT_SURNAMES "not-surnames", SURNAME_ENDS "surname-ends", PHONE_WORDS "phone-words",
    DOCUMENT_WORDS "document-words",
}

/// The words of one list.
fn list(section: &str) -> Vec<&'static str> {
    let lines = include_str!("../../assets/names/words.txt").lines().filter(|line| !line.starts_with('#'));
    let mut inside = false;
    let mut words = Vec::new();
    for line in lines {
        if let Some(name) = line.strip_prefix('[') {
            inside = name.trim_end_matches(']') == section;
        } else if inside {
            words.extend(line.split_whitespace());
        }
    }
    words
}

/// Words that are units as a whole.
const UNITS: &[&str] = &[
    "р", "м", "г", "т", "ч", "мин", "сек", "л", "кв", "м2", "м3", "й", "я", "е", "го", "му", "м", "х", "ти", "ми", "и",
    "из", "до", "по", "на", "в", "с",
];

/// Whether a word in small letters says what a number before it counts.
pub fn is_measure(lower: &str) -> bool {
    UNITS[..8].contains(&lower) || MEASURES.iter().any(|m| lower.starts_with(m))
}

/// Whether what stands after a number after a house's or a street's name shows that it is a quantity.
pub fn is_quantity(lower: &str) -> bool {
    !matches!(lower, "квартира" | "квартире" | "квартиру" | "квартиры" | "квартирой" | "этаж" | "раздел")
        && COUNTED.iter().any(|word| {
            lower == *word
                || (word.chars().count() > 3 || matches!(*word, "лет" | "раз" | "руб" | "сут"))
                    && lower.starts_with(word)
        })
}

/// Whether a word in small letters, with е for ё, is a numeral.
pub fn is_number_word(lower: &str) -> bool {
    NUMBER_WORDS.contains(&lower)
}

/// What is known of a word that may be a given name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// It is a name and nothing else.
    Sure,
    /// It is a common word too.
    Doubtful,
}

/// Given names in all their cases, in small letters, with е for ё, and in Latin letters.
pub static GIVEN: LazyLock<HashMap<String, Given>> = LazyLock::new(|| {
    let mut forms = HashMap::new();
    for (_, name, given) in listed() {
        for form in cases(&name) {
            // What is surely a name of one person may be a doubtful form of another.
            let held = forms.entry(form).or_insert(given);
            if given == Given::Doubtful {
                *held = given;
            }
        }
        if given == Given::Sure && name.chars().count() > 3 {
            for latin in latin(&name) {
                forms.entry(latin).or_insert(given);
            }
        }
    }
    for word in COMMON_WORDS.iter() {
        forms.entry((*word).to_owned()).and_modify(|given| *given = Given::Doubtful);
    }
    forms
});

/// Beginnings of patronymics: what fathers are called, ready for «-ич», «-на».
pub static PATRONYMIC_STEMS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut stems: Vec<String> = Vec::new();
    for (_, name, _) in listed().filter(|(male, ..)| *male) {
        let letters: Vec<char> = name.chars().collect();
        let cut = |n: usize| letters[..letters.len() - n].iter().collect::<String>();
        match letters.last() {
            Some('й') if name.ends_with("ий") => stems.extend([format!("{}ьев", cut(2)), format!("{}иев", cut(2))]),
            Some('й') => stems.push(format!("{}ев", cut(1))),
            Some('а' | 'я') => stems.extend([format!("{}ов", cut(1)), cut(1), format!("{}и", cut(1))]),
            Some('ь') => stems.extend([format!("{}ев", cut(1)), format!("{}лев", cut(1))]),
            Some('о' | 'е' | 'и' | 'у') => stems.extend([format!("{name}ев"), format!("{}ов", cut(1))]),
            _ => stems.extend([format!("{name}ов"), format!("{name}ев")]),
        }
    }
    stems.extend(
        [
            "петров",
            "павлов",
            "львов",
            "яковлев",
            "михайлов",
            "лукин",
            "никитичн",
            "ильинич",
            "кузьминич",
            "саввич",
            "фомин",
            "лаврентьев",
        ]
        .map(str::to_owned),
    );
    stems.sort();
    stems.dedup();
    stems
});

/// The names of the list: whether of a man, in small letters with е for ё, how sure.
fn listed() -> impl Iterator<Item = (bool, String, Given)> {
    include_str!("../../assets/names/given.txt").lines().filter(|line| !line.starts_with('#')).flat_map(|line| {
        let mut words = line.split_whitespace();
        let male = words.next() == Some("m");
        words.map(move |word| {
            let given = if word.starts_with('~') { Given::Doubtful } else { Given::Sure };
            (male, word.trim_start_matches('~').to_lowercase().replace('ё', "е"), given)
        })
    })
}

/// The name in its six cases, more or less: a form too many harms less than one too few.
fn cases(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let stem: String = letters[..letters.len() - 1].iter().collect();
    let with = |stem: &str, ends: &[&str]| ends.iter().map(|e| format!("{stem}{e}")).collect::<Vec<_>>();
    let mut forms = vec![name.to_owned()];
    match letters[letters.len() - 1] {
        'а' => forms.extend(with(&stem, &["ы", "и", "е", "у", "ой", "ою", "ей"])),
        'я' => forms.extend(with(&stem, &["и", "е", "ю", "ей", "ею", "ёй"])),
        'й' | 'ь' => forms.extend(with(&stem, &["я", "ю", "ем", "ём", "е", "и", "ью"])),
        'о' | 'е' | 'и' | 'у' => {}
        _ => forms.extend(with(name, &["а", "у", "ом", "ем", "е", "ы"])),
    }
    // Fleeting vowels: «Павел» – «Павла», «Лев» – «Льва», «Пётр» – «Петра».
    if let Some(short) = name.strip_suffix("ел") {
        forms.extend(with(&format!("{short}л"), &["а", "у", "ом", "е"]));
    }
    if name == "лев" {
        forms.extend(with("льв", &["а", "у", "ом", "е"]));
    }
    if let Some(short) = name.strip_suffix("ек").or_else(|| name.strip_suffix("ок")) {
        forms.extend(with(&format!("{short}к"), &["а", "у", "ом", "е"]));
    }
    forms.into_iter().map(|f| f.replace('ё', "е")).collect()
}

/// The name as it is written in Latin letters, in the two usual ways.
fn latin(name: &str) -> Vec<String> {
    let spell = |plain: bool| -> String {
        name.chars()
            .map(|c| match c {
                'а' => "a",
                'б' => "b",
                'в' => "v",
                'г' => "g",
                'д' => "d",
                'е' => "e",
                'ж' => "zh",
                'з' => "z",
                'и' => "i",
                'й' => {
                    if plain {
                        "y"
                    } else {
                        "i"
                    }
                }
                'к' => "k",
                'л' => "l",
                'м' => "m",
                'н' => "n",
                'о' => "o",
                'п' => "p",
                'р' => "r",
                'с' => "s",
                'т' => "t",
                'у' => "u",
                'ф' => "f",
                'х' => "kh",
                'ц' => "ts",
                'ч' => "ch",
                'ш' => "sh",
                'щ' => "shch",
                'ы' => "y",
                'э' => "e",
                'ю' => {
                    if plain {
                        "yu"
                    } else {
                        "iu"
                    }
                }
                'я' => {
                    if plain {
                        "ya"
                    } else {
                        "ia"
                    }
                }
                _ => "",
            })
            .collect()
    };
    vec![spell(true), spell(false)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_their_cases() {
        for form in [
            "ольга",
            "ольге",
            "ольгой",
            "павла",
            "петра",
            "сергеем",
            "игорю",
            "наталью",
            "айгуль",
            "ruslan",
            "dmitriy",
            "dmitrii",
        ] {
            assert!(GIVEN.contains_key(form), "{form}");
        }
        assert_eq!(GIVEN.get("надежда"), Some(&Given::Doubtful));
        for word in ["свет", "поле", "или", "ей", "дом", "вода"] {
            assert_ne!(GIVEN.get(word), Some(&Given::Sure), "{word}");
        }
    }

    #[test]
    fn every_list_has_its_words() {
        for list in [
            &MEASURES,
            &COUNTED,
            &COMMON_WORDS,
            &NUMBER_WORDS,
            &PARTS,
            &STREETS,
            &INSTITUTIONS,
            &ROLES,
            &NEVER_NAMES,
            &NOT_SURNAMES,
            &SURNAME_ENDS,
            &PHONE_WORDS,
            &DOCUMENT_WORDS,
        ] {
            assert!(list.len() > 10 && list.iter().all(|word| !word.contains('ё')));
        }
    }

    #[test]
    fn quantities_are_known_by_what_follows() {
        for word in ["подъездов", "дней", "рублей", "раза", "этажей"] {
            assert!(is_quantity(word), "{word}");
        }
        for word in ["квартира", "подъезд", "нет", "корпус"] {
            assert!(!is_quantity(word), "{word}");
        }
    }
}
