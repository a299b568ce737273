//! Houses and flats: the number that makes of a street somebody's home.

use std::ops::Range;

use super::Kind;
use super::lexicon::{INSTITUTIONS, PARTS, STREETS, is_number_word, is_quantity};
use super::words::{Text, Token};

/// The houses and flats of a text.
pub fn find(text: &Text<'_>, found: &mut Vec<(Range<usize>, Kind)>) {
    let mut street_until = 0;
    for at in 0..text.tokens.len() {
        let token = &text.tokens[at];
        if !token.is_word() {
            continue;
        }
        if PARTS.contains(&token.lower.as_str()) {
            if let Some((_, last)) = number_after(text, at)
                && !counts(text, &token.lower, last)
                && is_abbreviated(text, at, token)
            {
                found.push((text.span(at, last), Kind::Address));
                street_until = street_until.max(last);
            }
            continue;
        }
        if STREETS.contains(&token.lower.as_str()) {
            // «ул. Мира, 5», «5-й микрорайон, 12»: the number within the next words is the house's.
            if let Some((first, last)) = house_of_street(text, at)
                && street_until < first
            {
                found.push((text.span(first, last), Kind::Address));
                street_until = last;
            }
            continue;
        }
        if token.is_capitalised() && token.letters() >= 3 && (at == 0 || at > street_until) {
            let numbered = at > 0 && text.tokens[at - 1].is_number() && text.get(at + 1).is_some_and(|t| t.text == ",");
            let institution = !numbered && INSTITUTIONS.iter().any(|word| begins(&token.lower, word));
            if let Some((first, last)) = number_after(text, at)
                && !institution
                && text.tokens[first].text != "№"
                && !counts(text, "", last)
                && text.tokens[first..=last].iter().find(|t| t.is_number()).is_some_and(|t| t.letters() <= 3)
            {
                found.push((text.span(first, last), Kind::Address));
                street_until = last;
            }
        }
    }
    fractions(text, found);
}

/// Whether a word is another in one of its forms: «Школьная» is not a form of «школ».
fn begins(lower: &str, word: &str) -> bool {
    lower.strip_prefix(word).is_some_and(|rest| rest.chars().count() <= 3)
}

/// «под», «уч» before a number: a short word needs its dot, or to stand close to others.
fn is_abbreviated(text: &Text<'_>, at: usize, token: &Token<'_>) -> bool {
    let dotted = text.get(at + 1).is_some_and(|t| t.text == ".");
    match token.lower.as_str() {
        "под" | "ком" | "уч" => dotted || text.get(at + 1).is_some_and(|t| t.text == "№"),
        _ => true,
    }
}

/// The number that follows at once, with its letter and its fraction: first and last token. Between them
/// may stand a dot, a comma, «№», «номер».
fn number_after(text: &Text<'_>, at: usize) -> Option<(usize, usize)> {
    let mut first = at + 1;
    for _ in 0..3 {
        match text.get(first) {
            Some(t)
                if matches!(t.text, "." | "," | "№" | ":" | "-" | "—" | "–" | "#" | "N")
                    || t.lower == "номер"
                    || t.lower == "ном" =>
            {
                first += 1
            }
            _ => break,
        }
    }
    let token = text.get(first)?;
    if is_number_word(&token.lower) {
        let more = text.get(first + 1).is_some_and(|t| is_number_word(&t.lower));
        return Some((first, first + usize::from(more)));
    }
    if !token.is_number() || token.letters() > 4 {
        return None;
    }
    Some((first, tail(text, first)))
}

/// The last token of a house's number: «15а», «15/2», «15-23», «15 к 2», «15 корп. 2», «7, 12».
fn tail(text: &Text<'_>, first: usize) -> usize {
    let mut last = first;
    while let Some(next) = text.get(last + 1) {
        let after = text.get(last + 2);
        let letter = next.is_word() && next.letters() == 1 && !next.is_latin();
        let part = matches!(next.lower.as_str(), "к" | "с") && after.is_some_and(|t| t.is_number() && t.letters() <= 4);
        if part {
            // «12к2», «12 с 1».
            last += 2;
        } else if letter
            && (!next.spaced || (next.text.chars().all(char::is_uppercase) && after.is_none_or(|t| !t.is_word())))
        {
            last += 1;
        } else if matches!(next.text, "/" | "-" | "\\" | "–")
            && after.is_some_and(|t| t.is_number() && t.letters() <= 4)
        {
            last += 2;
        } else if matches!(next.text, "\"" | "«") && after.is_some_and(|t| t.is_word() && t.letters() == 1) {
            last += 2 + usize::from(text.get(last + 3).is_some_and(|t| matches!(t.text, "\"" | "»")));
        } else if matches!(next.lower.as_str(), "к" | "с" | "корп" | "кв" | "стр" | "а") {
            let dot = usize::from(after.is_some_and(|t| t.text == "."));
            if text.get(last + 2 + dot).is_some_and(|t| t.is_number() && t.letters() <= 4) {
                last += 2 + dot;
            } else {
                break;
            }
        } else {
            break;
        }
    }
    last
}

/// Whether the number that ends at `last` counts something.
fn counts(text: &Text<'_>, part: &str, last: usize) -> bool {
    let Some(next) = text.get(last + 1) else { return false };
    if next.text == "%"
        || next.text == "₽"
        || (next.text == "-" && text.get(last + 2).is_some_and(|t| t.is_word() && t.letters() <= 2))
    {
        return true;
    }
    if matches!(next.text, ":") && text.get(last + 2).is_some_and(Token::is_number) {
        return true;
    }
    // «12 500 000», «20.11»: thousands, or a date.
    let group = |t: Option<&Token<'_>>, length: usize| t.is_some_and(|t| t.is_number() && t.letters() == length);
    if (next.spaced && group(Some(next), 3))
        || (next.text == "." && group(text.get(last + 2), 2) && !text.tokens[last + 2].spaced)
    {
        return true;
    }
    // Abbreviations of addresses are never followed by what they count.
    let abbreviated = matches!(part, "д" | "кв" | "корп" | "стр" | "оф");
    !abbreviated && next.is_word() && is_quantity(&next.lower)
}

/// The number of a house within the words after the kind of a street.
fn house_of_street(text: &Text<'_>, at: usize) -> Option<(usize, usize)> {
    let mut words = 0;
    let mut place = at + 1;
    while let Some(token) = text.get(place) {
        if token.is_number() {
            // «ул. 8 Марта, 5», «5-я линия»: a number before the name belongs to the name.
            if words == 0 && text.tokens[at].lower.starts_with("площад") {
                return None;
            }
            let named = text.get(place + 1).is_some_and(|t| {
                (t.is_word() && t.is_capitalised() && t.letters() > 1)
                    || (t.text == "-" && text.get(place + 2).is_some_and(|w| w.is_word() && w.letters() <= 2))
            });
            if named && words == 0 {
                place += 1;
                continue;
            }
            let last = tail(text, place);
            return (token.letters() <= 4 && !counts(text, "", last)).then_some((place, last));
        }
        if token.is_word() {
            words += 1;
            let part = PARTS.contains(&token.lower.as_str());
            let named = token.is_capitalised() || words <= 1 || part;
            if words > 4 || !named {
                return None;
            }
        } else if !matches!(token.text, "." | "," | "№" | "«" | "»" | "\"" | "-" | "–" | ":") {
            return None;
        }
        place += 1;
    }
    None
}

/// «12-45», «7/2-31» right after a comma and a capitalised word are a house and a flat; this finds what is
/// left: three numbers with dashes or slashes that are no date.
fn fractions(text: &Text<'_>, found: &mut Vec<(Range<usize>, Kind)>) {
    for at in 0..text.tokens.len().saturating_sub(4) {
        let part = |offset: usize| &text.tokens[at + offset];
        let number = |offset: usize| {
            part(offset).is_number() && part(offset).letters() <= 3 && (offset == 0 || !part(offset).spaced)
        };
        if number(0) && part(1).text == "/" && number(2) && part(3).text == "-" && number(4) {
            found.push((text.span(at, at + 4), Kind::Address));
        }
    }
}

impl Token<'_> {
    fn is_latin(&self) -> bool {
        self.text.chars().all(|c| c.is_ascii_alphabetic())
    }
}
