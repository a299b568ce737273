//! Names of people: given names, patronymics, surnames, and whatever stands where a name is announced.

use std::ops::Range;

use super::forms::{ends_like_surname, is_never_name, is_not_surname, is_patronymic, is_place, is_role};
use super::lexicon::{GIVEN, Given, SURNAME_ENDS};
use super::words::Text;
use super::{Kind, eastern_names};

/// Words after which somebody names himself, whatever the name and however it is written.
const ANNOUNCED: &[&[&str]] = &[
    &["меня", "зовут"],
    &["мое", "имя"],
    &["мои", "данные"],
    &["моя", "фамилия"],
    &["зовут", "меня"],
    &["с", "уважением"],
    &["с", "ув"],
    &["фио"],
    &["ф", "и", "о"],
    &["заявитель"],
    &["заявительница"],
    &["подпись"],
    &["обратилась", "гражданка"],
    &["обратился", "гражданин"],
    &["на", "имя"],
    &["по", "имени"],
    &["по", "фамилии"],
    &["абонент"],
    &["собственник"],
    &["получатель"],
    &["my", "name", "is"],
    &["его", "зовут"],
    &["ее", "зовут"],
    &["мужа", "зовут"],
    &["жену", "зовут"],
    &["сына", "зовут"],
    &["дочь", "зовут"],
    &["спросить"],
    &["спросите"],
    &["спрашивать"],
    &["контактное", "лицо"],
];

/// The names in a text.
pub fn find(text: &Text<'_>, places: &[String], found: &mut Vec<(Range<usize>, Kind)>) {
    let count = text.tokens.len();
    let mut search = Search { text, places, named: vec![false; count] };
    for at in 0..count {
        announced(text, at, &mut search.named);
        if text.tokens[at].is_word() {
            search.known(at);
            search.initials(at);
            search.role(at);
            search.surname(at);
        }
    }
    let mut named = search.named;
    eastern_names::mark(text, &mut named);
    let mut at = 0;
    while at < count {
        if !named[at] {
            at += 1;
            continue;
        }
        let first = at;
        let hyphened = |at: usize| text.tokens[at + 1].text == "-" && at + 2 < count && named[at + 2];
        while at + 1 < count && (named[at + 1] || hyphened(at)) {
            at += 1;
        }
        found.push((text.span(first, at), Kind::Name));
        at += 1;
    }
}

/// A text being searched: which of its tokens belong to names.
struct Search<'a> {
    text: &'a Text<'a>,
    places: &'a [String],
    named: Vec<bool>,
}

impl Search<'_> {
    fn name(&mut self, at: usize) {
        self.named[at] = true;
        around(self.text, at, self.places, &mut self.named);
    }

    /// Given names and patronymics that the lists know, with what stands beside them.
    fn known(&mut self, at: usize) {
        let (text, token) = (self.text, &self.text.tokens[at]);
        if is_patronymic(&token.lower) && (token.is_capitalised() || is_given(text, at.wrapping_sub(1)).is_some()) {
            self.name(at);
        }
        match is_given(text, at) {
            // «г. Владимир» is a town.
            Some(_) if is_town(text, at) => {}
            Some(Given::Sure) if token.is_capitalised() || token.letters() > 3 => self.name(at),
            // «9 Мая» is a day.
            Some(Given::Doubtful) if text.before(at, 1).is_some_and(|t| t.is_number()) => {}
            Some(Given::Doubtful) if token.is_capitalised() && !token.is_shouted() => {
                let beside = |near: usize| is_surname(text, near, self.places) || is_patronymic_at(text, near);
                let surnamed = beside(at.wrapping_sub(1)) || beside(at + 1);
                if surnamed || (!text.begins_sentence(at) && !is_quoted(text, at) && !is_street(text, at)) {
                    self.name(at);
                }
            }
            _ => {}
        }
    }

    /// «А. П. Журавко», «Журавко А.П.»: two initials are a name, one is only beside a name.
    fn initials(&mut self, at: usize) {
        let text = self.text;
        if !initials(text, at) {
            return;
        }
        let known = self.named[at];
        let two = initials(text, at + 2);
        let last = if two { at + 3 } else { at + 1 };
        // A double name stands on both sides of its hyphen.
        let hyphen = at > 1 && text.tokens[at - 2].text == "-" && !text.tokens[at - 1].spaced;
        for near in [last + 1, at.wrapping_sub(1), if hyphen { at.wrapping_sub(3) } else { usize::MAX }] {
            if text.get(near).is_some_and(|t| t.is_word() && t.is_capitalised() && t.letters() > 2) {
                self.named[near] = true;
            }
        }
        let beside = |near: usize| text.get(near).is_some_and(|t| t.is_word() && self.named[near]);
        if known || two || beside(last + 1) || beside(at.wrapping_sub(1)) {
            self.named[at..=last].fill(true);
        }
    }

    /// «сосед из 45-й Петров»: capitals that follow soon after somebody's role.
    fn role(&mut self, at: usize) {
        if !is_role(&self.text.tokens[at].lower) {
            return;
        }
        let mut taken = 0;
        for (step, next) in self.text.tokens.iter().enumerate().skip(at + 1).take(5) {
            if matches!(next.text, "." | "!" | "?") {
                return;
            }
            let unfit = is_place(&next.lower, self.places)
                || next.is_shouted()
                || is_never_name(&next.lower)
                || (taken == 0 && is_not_surname(&next.lower));
            if next.is_word() && next.is_capitalised() && !unfit {
                self.named[step] = true;
                taken += 1;
            } else if taken > 0 && next.is_word() {
                return;
            }
        }
    }

    /// A surname by itself, inside of a sentence, with a name before it that no list has.
    fn surname(&mut self, at: usize) {
        let (text, token) = (self.text, &self.text.tokens[at]);
        let alone = token.is_capitalised() && !token.is_shouted() && !text.begins_sentence(at) && !is_street(text, at);
        if !(alone && is_surname(text, at, self.places)) {
            return;
        }
        self.named[at] = true;
        let Some(before) = text.before(at, 1) else { return };
        let fits = before.is_word() && before.is_capitalised() && before.letters() > 2 && !text.begins_sentence(at - 1);
        let known = is_never_name(&before.lower) || is_role(&before.lower) || is_place(&before.lower, self.places);
        self.named[at - 1] |= fits && !known;
    }
}

fn is_given(text: &Text<'_>, at: usize) -> Option<Given> {
    text.get(at).filter(|t| t.is_word()).and_then(|t| GIVEN.get(&t.lower).copied())
}

fn is_patronymic_at(text: &Text<'_>, at: usize) -> bool {
    text.get(at).is_some_and(|t| t.is_word() && is_patronymic(&t.lower))
}

/// Whether a capitalised word ends as surnames do and is nothing else that is known.
fn is_surname(text: &Text<'_>, at: usize, places: &[String]) -> bool {
    text.get(at).is_some_and(|t| {
        t.is_word()
            && t.is_capitalised()
            && t.letters() >= 4
            && SURNAME_ENDS.iter().any(|end| t.lower.ends_with(end))
            && !is_place(&t.lower, places)
            && !is_not_surname(&t.lower)
    })
}

/// Whether the words before show that a capitalised word names a street, a place or an organisation.
fn is_street(text: &Text<'_>, at: usize) -> bool {
    const STREETS: &[&str] = &[
        "ул",
        "улица",
        "улице",
        "улицы",
        "улицу",
        "пр",
        "проспект",
        "проспекте",
        "проспекту",
        "пер",
        "переулок",
        "переулке",
        "ш",
        "шоссе",
        "бульвар",
        "бульваре",
        "наб",
        "набережная",
        "набережной",
        "мкр",
        "микрорайон",
        "микрорайоне",
        "проезд",
        "проезде",
        "пл",
        "площадь",
        "площади",
        "им",
        "имени",
        "жк",
        "остановка",
        "остановке",
        "станция",
        "станции",
        "г",
        "город",
        "городе",
        "города",
        "село",
        "селе",
        "деревня",
        "деревне",
        "поселок",
        "поселке",
        "п",
        "с",
        "д",
        "дер",
        "пос",
        "пгт",
        "округ",
        "округе",
        "район",
        "районе",
        "сквер",
        "сквере",
        "парк",
        "парке",
        "магазин",
        "магазине",
        "тц",
    ];
    (1..=3).any(|back| {
        text.before(at, back).is_some_and(|t| {
            STREETS.contains(&t.lower.as_str())
                && (t.letters() > 1 || text.before(at, back - 1).is_some_and(|dot| dot.text == "."))
        }) && (1..back).all(|near| {
            text.before(at, near).is_some_and(|t| t.text == "." || t.text == "«" || (t.is_word() && t.is_capitalised()))
        })
    })
}

fn is_town(text: &Text<'_>, at: usize) -> bool {
    text.before(at, 1).is_some_and(|t| t.lower.starts_with("город"))
        || (text.before(at, 1).is_some_and(|t| t.text == ".") && text.before(at, 2).is_some_and(|t| t.lower == "г"))
}

fn is_quoted(text: &Text<'_>, at: usize) -> bool {
    text.before(at, 1).is_some_and(|t| matches!(t.text, "«" | "\"" | "“" | "„"))
}

/// A capital and a dot.
fn initials(text: &Text<'_>, at: usize) -> bool {
    let letter = text.get(at).is_some_and(|t| t.is_word() && t.letters() == 1 && t.is_capitalised());
    letter && text.get(at + 1).is_some_and(|t| t.text == ".")
}

/// Masks what stands beside a name and belongs to it: surname and patronymic, in any order and any writing.
fn around(text: &Text<'_>, at: usize, places: &[String], named: &mut [bool]) {
    for step in [1_isize, -1] {
        let mut near = at as isize;
        for _ in 0..2 {
            near += step;
            let Some(index) = usize::try_from(near).ok() else { break };
            // A double name.
            let Some(mut token) = text.get(index) else { break };
            if token.text == "-" && !token.spaced {
                near += step;
                let Some(next) = usize::try_from(near).ok().and_then(|i| text.get(i)) else { break };
                token = next;
            }
            let Ok(index) = usize::try_from(near) else { break };
            // What stands before a patronymic is a given name, also one that no list has.
            let before_patronymic = step < 0 && near == at as isize + step && is_patronymic_at(text, at);
            let capital = token.is_capitalised()
                && !is_role(&token.lower)
                && (step > 0
                    || before_patronymic
                    || !text.begins_sentence(index)
                    || ends_like_surname(&token.lower)
                    || is_surname(text, index, places)
                    || token.letters() < 7);
            let small = ends_like_surname(&token.lower)
                && token.letters() > 4
                && near == at as isize + step
                && is_lowercase_name(text, at);
            let belongs = token.is_word()
                && token.letters() > 1
                && !is_place(&token.lower, places)
                && !is_never_name(&token.lower)
                && (is_patronymic(&token.lower) || GIVEN.get(&token.lower) == Some(&Given::Sure) || capital || small);
            if !belongs {
                break;
            }
            named[index] = true;
        }
    }
}

/// «иванов сергей»: where the name itself is written small, its surname may be too.
fn is_lowercase_name(text: &Text<'_>, at: usize) -> bool {
    text.get(at).is_some_and(|t| !t.is_capitalised() || t.is_shouted())
}

/// After «меня зовут» the first word is a name whatever it looks like, and the next ones as long as they may be.
fn announced(text: &Text<'_>, at: usize, named: &mut [bool]) {
    let matches = |phrase: &[&str]| {
        let mut place = at;
        for (index, word) in phrase.iter().enumerate() {
            // Dots between the letters of «Ф. И. О.» do not matter.
            while index > 0 && text.get(place).is_some_and(|t| t.text == ".") {
                place += 1;
            }
            if text.get(place).is_none_or(|t| t.lower != *word) {
                return None;
            }
            place += 1;
        }
        Some(place)
    };
    let Some(mut place) = ANNOUNCED.iter().find_map(|phrase| matches(phrase)) else { return };
    while text.get(place).is_some_and(|t| {
        matches!(t.text, ":" | "," | "-" | "—" | "–" | "." | "«" | "\"" | "(")
            || matches!(
                t.lower.as_str(),
                "я" | "это"
                    | "мой"
                    | "жительница"
                    | "житель"
                    | "ваша"
                    | "ваш"
                    | "постоянная"
                    | "пенсионерка"
                    | "пенсионер"
                    | "собственник"
                    | "собственница"
                    | "гражданка"
                    | "гражданин"
                    | "квартиры"
                    | "дома"
                    | "лица"
            )
    }) {
        place += 1;
    }
    let mut taken = 0;
    while let Some(token) = text.get(place) {
        let small = GIVEN.contains_key(&token.lower) || is_patronymic(&token.lower) || ends_like_surname(&token.lower);
        let first = taken == 0
            && !matches!(
                token.lower.as_str(),
                "в" | "на"
                    | "и"
                    | "не"
                    | "у"
                    | "с"
                    | "по"
                    | "жители"
                    | "жильцы"
                    | "дома"
                    | "обращения"
                    | "председатель"
                    | "старшую"
                    | "старшего"
                    | "мастера"
                    | "диспетчера"
                    | "меня"
                    | "мне"
                    | "вас"
            );
        if token.is_word() && (first || (taken < 4 && (token.is_capitalised() || small))) {
            named[place] = true;
            taken += 1;
        } else if !(token.text == "." || token.text == "-")
            || taken == 0
            || text.get(place - 1).is_none_or(|t| t.is_word() && t.letters() > 1 && token.text == ".")
        {
            return;
        }
        place += 1;
    }
}
