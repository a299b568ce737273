//! Names of the East as they are written in Russia: patronymics of two words, names of three syllables.

use super::words::Text;

/// What stands after a father's name: son and daughter, of Azerbaijan, Kazakhstan, Uzbekistan and their neighbours.
const CHILD_OF: [&str; 10] = ["оглы", "оглу", "оглi", "кызы", "гызы", "кизи", "угли", "улы", "уулу", "кзы"];

/// Korean surnames as they are written in Russian, in small letters.
const KOREAN: [&str; 46] = [
    "ан",
    "бан",
    "ван",
    "ган",
    "го",
    "дю",
    "ем",
    "кан",
    "ким",
    "ко",
    "когай",
    "ку",
    "квон",
    "ли",
    "лим",
    "мин",
    "мун",
    "нам",
    "ни",
    "но",
    "ногай",
    "пак",
    "пан",
    "пек",
    "пяк",
    "сим",
    "син",
    "со",
    "сон",
    "тен",
    "те",
    "тё",
    "тин",
    "хам",
    "хан",
    "хван",
    "хегай",
    "цой",
    "чен",
    "чжон",
    "чон",
    "шегай",
    "шек",
    "шин",
    "югай",
    "юн",
];
/// A syllable of a Korean name is no longer, in letters.
const LONGEST_SYLLABLE: usize = 4;

/// Marks the words of such names.
pub fn mark(text: &Text<'_>, named: &mut [bool]) {
    for at in 0..text.tokens.len() {
        if CHILD_OF.contains(&text.tokens[at].lower.as_str()) {
            patronymic(text, at, named);
        }
        if KOREAN.contains(&text.tokens[at].lower.as_str()) {
            korean(text, at, named);
        }
    }
}

/// «Алиев Мамед Гасан оглы», «Гасан-оглы»: the father's name, and what stands before it with a capital.
fn patronymic(text: &Text<'_>, at: usize, named: &mut [bool]) {
    let mut first = at;
    // A surname, a given name, the father's.
    let mut words = 3;
    for back in 1..=4 {
        match text.before(at, back) {
            Some(t) if t.text == "-" && back == 1 => {}
            Some(t) if words > 0 && t.is_word() && t.is_capitalised() => {
                first = at - back;
                words -= 1;
            }
            _ => break,
        }
    }
    if first < at {
        named[first..=at].fill(true);
    }
}

/// «Ким Чен Ир», «Пак Ен-Су»: a surname and two short syllables, all with capitals.
fn korean(text: &Text<'_>, at: usize, named: &mut [bool]) {
    let syllable = |at: usize| {
        text.get(at).filter(|t| t.is_word() && t.is_capitalised() && !t.is_shouted() && t.letters() <= LONGEST_SYLLABLE)
    };
    if !text.tokens[at].is_capitalised() || syllable(at + 1).is_none() {
        return;
    }
    let hyphen = usize::from(text.get(at + 2).is_some_and(|t| matches!(t.text, "-" | "–")));
    let second = at + 2 + hyphen;
    let joined = hyphen == 1 && text.get(second).is_some_and(|t| t.is_word() && t.letters() <= LONGEST_SYLLABLE);
    if joined || syllable(second).is_some() {
        named[at..=second].fill(true);
    }
}
