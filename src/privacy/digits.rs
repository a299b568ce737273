//! Numbers that name somebody: phones, documents, cards, plates, dates of birth.
//!
//! Seven digits or more, however they are grouped, are masked unless they are money, a measure, a date or a
//! time; fewer are masked where the words before them say what they are.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::lexicon::{DOCUMENT_WORDS, PHONE_WORDS, is_measure, is_number_word};
use super::words::{Text, Token};
use super::{Kind, pattern};

/// Number of digits that identify a person even without a keyword.
const IDENTIFYING_DIGITS: usize = 7;

static SAFE: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        // From one year to another.
        pattern(r"\b(?:19|20)\d\d\s?[-–—]\s?(?:19|20)\d\d\b"),
        pattern(
            r"\b(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])(?:[./](?:(?:20[12]\d)|[12]\d))?(?:\s?г\.?)?(?:\s*[-–—]\s*\d{1,2}[./]\d{1,2}(?:[./]20[12]\d)?)?\b",
        ),
        pattern(r"\b(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?(?:\s?[-–—]\s?(?:[01]?\d|2[0-4])[:.][0-5]\d)?\b"),
    ]
});

static PLATES: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    const L: &str = "АВЕКМНОРСТУХABEKMHOPCTYX";
    [
        pattern(&format!(r"(?i)\b[{L}]\d{{3}}[{L}]{{2}}\s?(?:\d{{2,3}})?(?:\s?rus)?\b")),
        pattern(&format!(r"\b[{L}]\s?[-]?\d{{3}}\s?[-]?[{L}]{{2}}\s?[-/]?(?:\d{{2,3}})?\b")),
        pattern(&format!(r"\b[{L}]{{2}}\s?\d{{3,4}}\s?[-/]?\d{{2,3}}\b")),
        pattern(&format!(r"\b\d{{4}}\s?[{L}]{{2}}\s?[-/]?\d{{2,3}}\b")),
        // «госномер 123», «номер машины А 123»: what a word says is a plate, however little of it is told.
        pattern(
            r"(?i)\b(?:гос(?:ударственн[а-я]+|\.)?\s?-?\s?(?:номер[а-я]*|знак[а-я]*|рег\.?\s?знак[а-я]*)|номер[а-я]*\s(?:авто[а-я]*|машин[а-я]*)|(?:авто[а-я]*|машин[а-я]*)\s(?:с\s)?номер[а-я]*|г/н|грз)\s?[:№—–-]?\s?(?:[А-ЯA-Z]\s?)?\d{3,4}(?:\s?[А-ЯA-Z]{2})?(?:\s?\d{2,3})?\b",
        ),
    ]
});

static BIRTH: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    const DATE: &str = r"\d{1,2}(?:[./-]\d{1,2}[./-]|\s+[а-я]{3,8}\s+)(?:19|20)?\d{2}(?:\s?г(?:ода|\.)?)?";
    [
        pattern(&format!(
            r"(?i)(?:род(?:ил[а-я]*|ивш[а-я]*|\.)|рожден[а-я]*|рождён[а-я]*|д\.?\s?р\.?|г\.\s?р\.)\s*[:—–-]?\s*{DATE}"
        )),
        pattern(&format!(r"(?i){DATE}\s*(?:рождения|г\.?\s?р\.?)")),
        pattern(r"(?i)\b\d{1,2}[./-]\d{1,2}[./-](?:19\d\d|200\d)\b|\b19\d\d\s?(?:г\.?\s?р\.?|года рождения)"),
    ]
});

/// Documents that letters and digits make together, and codes that open doors.
static DOCUMENTS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        // A certificate of birth: «II-МЮ № 123456», its series alone, too.
        pattern(r"(?i)\b[IVXLCІХ]{1,6}\s?[-–—]\s?[А-ЯЁ]{2}\s?(?:№|N|номер)?\s?\d{6}\b"),
        // A passport's series alone, where a word says so.
        pattern(r"(?i)\b(?:паспорт[а-я]*|серия|серии|сер\.)(?:\s[а-яё]+){0,2}\s?[:№—–-]?\s?\d{2}\s?\d{2}\b"),
        // The code of an entrance: «код домофона 38К1234», «домофон 12#3456», «код 1234».
        pattern(
            r"(?i)\b(?:код[а-я]*|домофон[а-я]*|пароль|пин(?:-?код)?|pin)(?:\s(?:от|на|для|к|в|подъезда|двери|домофон[а-я]*|входа|калитк[а-я]*|ворот|шлагбаум[а-я]*|замк[а-я]*|сейф[а-я]*))*\s?[:=—–-]?\s?[*#]?\d[\dА-ЯA-Zа-яa-z*#]{1,11}\b[*#]?",
        ),
    ]
});

/// Letters that stand for digits of a number: «8 9О3 123 45 б7».
static LOOK_ALIKES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\+?[78З]|[\dОOоo])[\s(.-]*(?:[\dОOоoЗзIlбБBВ][\s().-]*){9,10}"));

/// The telling numbers of a text.
pub fn find(text: &Text<'_>, found: &mut Vec<(Range<usize>, Kind)>) {
    for pattern in PLATES.iter() {
        found.extend(pattern.find_iter(text.text).map(|hit| (hit.range(), Kind::Plate)));
    }
    for pattern in DOCUMENTS.iter() {
        found.extend(pattern.find_iter(text.text).map(|hit| (hit.range(), Kind::Document)));
    }
    // Letters among digits hide a telephone from those who look for digits alone.
    let is_disguised = |hit: &regex::Match<'_>| {
        let digits = hit.as_str().chars().filter(char::is_ascii_digit).count();
        let letters = hit.as_str().chars().filter(|c| c.is_alphabetic()).count();
        letters > 0 && digits >= 7
    };
    for hit in LOOK_ALIKES.find_iter(text.text).filter(is_disguised) {
        let trimmed = hit.as_str().trim_end_matches(|c: char| !c.is_alphanumeric());
        found.push((hit.start()..hit.start() + trimmed.len(), Kind::Contact));
    }
    for pattern in BIRTH.iter() {
        found.extend(pattern.find_iter(text.text).map(|hit| (hit.range(), Kind::Document)));
    }
    let safe: Vec<Range<usize>> = SAFE.iter().flat_map(|p| p.find_iter(text.text).map(|hit| hit.range())).collect();
    let is_safe = |token: &Token<'_>| safe.iter().any(|r| r.start <= token.range.start && token.range.end <= r.end);
    let mut at = 0;
    while at < text.tokens.len() {
        let token = &text.tokens[at];
        if is_number_word(&token.lower) {
            let last = run_of_words(text, at);
            judge_words(text, at, last, found);
            at = last + 1;
            continue;
        }
        if !token.is_number() || (is_safe(token) && !is_keyed(text, at, &PHONE_WORDS)) {
            at += 1;
            continue;
        }
        let last = run(text, at, is_safe);
        validate(text, at, last, found);
        at = last + 1;
    }
}

/// The last token of a run of digits that begins at `first`: groups with little between them.
fn run(text: &Text<'_>, first: usize, is_safe: impl Fn(&Token<'_>) -> bool) -> usize {
    let mut last = first;
    let mut at = first + 1;
    let mut marks = 0;
    while let Some(token) = text.get(at) {
        if token.is_number() {
            if is_safe(token) && token.spaced {
                break;
            }
            last = at;
            marks = 0;
        } else if marks < 3
            && matches!(
                token.text,
                "-" | "–" | "—" | "‑" | "−" | "(" | ")" | "." | "/" | "_" | "*" | "·" | "•" | "=" | "|"
            )
        {
            marks += 1;
        } else {
            break;
        }
        at += 1;
    }
    last
}

fn validate(text: &Text<'_>, first: usize, last: usize, found: &mut Vec<(Range<usize>, Kind)>) {
    let groups: Vec<&str> = text.tokens[first..=last].iter().filter(|t| t.is_number()).map(|t| t.text).collect();
    let digits: usize = groups.iter().map(|g| g.len()).sum();
    let phone = is_keyed(text, first, &PHONE_WORDS);
    let document = is_keyed(text, first, &DOCUMENT_WORDS);
    let international = text.before(first, 1).is_some_and(|t| t.text == "+");
    // «2-34-56», «23-45-67»: a phone of a town.
    let dashed = groups.len() >= 3
        && (5..IDENTIFYING_DIGITS).contains(&digits)
        && groups[1..].iter().all(|g| g.len() == 2)
        && text.tokens[first + 1..=last].iter().all(|t| !t.spaced);
    let telling = digits >= IDENTIFYING_DIGITS
        || dashed
        || (international && digits >= 5)
        || ((phone || document) && digits >= 4);
    // «12 500 рублей», «3 000 000 кВт»: thousands in groups of three, then what is measured.
    let measured = text.get(last + 1).is_some_and(|t| is_measure(&t.lower) || t.text == "₽" || t.text == "%")
        && groups[1..].iter().all(|g| g.len() == 3)
        && groups[0].len() <= 9
        && !international
        && !phone;
    if !telling || measured {
        return;
    }
    let from = if international { first - 1 } else { first };
    // A bracket that the run opened with belongs to it.
    let from =
        if from > 0 && text.tokens[from - 1].text == "(" && text.tokens[first..=last].iter().any(|t| t.text == ")") {
            from - 1
        } else {
            from
        };
    let kind = if document && !phone { Kind::Document } else { Kind::Contact };
    found.push((text.span(from, last), kind));
}

/// Whether one of the few words before a number begins as one of `keys`.
fn is_keyed(text: &Text<'_>, at: usize, keys: &[&str]) -> bool {
    let mut words = 0;
    for back in 1..=8 {
        let Some(token) = text.before(at, back) else { return false };
        if matches!(token.text, "!" | "?" | ";")
            || (token.text == "." && text.before(at, back + 1).is_some_and(|t| t.letters() > 4))
        {
            return false;
        }
        if token.is_word() {
            words += 1;
            if keys.iter().any(|key| token.lower.starts_with(key)) {
                return true;
            }
            if words == 4 {
                return false;
            }
        }
    }
    false
}

/// The last token of a run of words that are numbers.
fn run_of_words(text: &Text<'_>, first: usize) -> usize {
    let mut last = first;
    let mut at = first + 1;
    while let Some(token) = text.get(at) {
        if is_number_word(&token.lower) || token.is_number() {
            last = at;
        } else if !matches!(token.text, "," | "-" | "–" | "—" | ".") || at - last > 1 {
            break;
        }
        at += 1;
    }
    last
}

/// A phone that is spelled out.
fn judge_words(text: &Text<'_>, first: usize, last: usize, found: &mut Vec<(Range<usize>, Kind)>) {
    let words = text.tokens[first..=last].iter().filter(|t| t.is_word()).count();
    let digits: usize = text.tokens[first..=last].iter().filter(|t| t.is_number()).map(|t| t.letters()).sum();
    let keyed = is_keyed(text, first, &PHONE_WORDS) || is_keyed(text, first, &DOCUMENT_WORDS);
    let measured = text.get(last + 1).is_some_and(|t| is_measure(&t.lower));
    if (words >= 5 && !measured) || (keyed && words >= 3) || words + digits >= IDENTIFYING_DIGITS && !measured {
        found.push((text.span(first, last), Kind::Contact));
    }
}
