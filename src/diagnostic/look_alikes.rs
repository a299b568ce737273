//! Cyrillic letters that look like Latin ones.

use crate::language::Sentence;

/// The letters of a name that look Latin and are none.
pub(super) fn of_letters(name: &str, letters: &str) -> Sentence {
    Sentence::of("fault-cyrillic", [("name", name), ("letters", letters)])
}

/// Cyrillic letters and the Latin ones that look alike.
const LOOK_ALIKES: [(char, char); 24] = [
    ('а', 'a'),
    ('е', 'e'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('х', 'x'),
    ('у', 'y'),
    ('к', 'k'),
    ('м', 'm'),
    ('т', 't'),
    ('і', 'i'),
    ('ѕ', 's'),
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('Х', 'X'),
    ('У', 'Y'),
];

/// The fault of a name with Cyrillic letters that look Latin, and what to write: where the name in Latin letters is
/// `known`.
pub fn cyrillic_in(name: &str, known: impl Fn(&str) -> bool) -> Option<(Sentence, Sentence)> {
    let (latin, letters) = latin_of(name).filter(|(latin, _)| known(latin))?;
    Some((of_letters(name, &letters), super::words::write(&latin)))
}

/// The same in Latin letters, and which of its letters were Cyrillic; none where it has no such letters, or others, too.
pub(super) fn latin_of(name: &str) -> Option<(String, String)> {
    let mut letters = Vec::new();
    let latin: String = name
        .chars()
        .map(|c| match LOOK_ALIKES.iter().find(|(cyrillic, _)| *cyrillic == c) {
            Some((_, latin)) => {
                if !letters.contains(&c) {
                    letters.push(c);
                }
                *latin
            }
            None => c,
        })
        .collect();
    let letters: Vec<String> = letters.into_iter().map(String::from).collect();
    (!letters.is_empty() && latin.is_ascii()).then(|| (latin, letters.join(", ")))
}
