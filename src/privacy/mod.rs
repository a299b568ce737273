//! What residents write, made fit to be seen by others: cleaned, and masked of everything that names a person.
//!
//! 59-ФЗ and 152-ФЗ forbid to disclose whose an appeal is, and a wall is filmed. Nothing but a
//! [`Displayable`] reaches the store, and a [`Displayable`] comes from nowhere but here: text that was not
//! masked cannot be shown by mistake. Where it is doubtful whether a word names somebody, it is masked.

mod address;
mod clean;
mod contacts;
mod digits;
mod eastern_names;
mod forms;
mod lexicon;
mod names;
mod words;

use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;

pub use clean::{LONGEST, clean};
use words::Text;

/// What stands where something was masked.
pub const MASK: &str = "•••";

/// Who may see an output; the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Passers-by: nothing that residents wrote is shown.
    NoText,
    /// Visitors and cameras: everything personal is masked.
    #[default]
    Public,
    /// Those who work on appeals: houses and flats, which they must find, are not masked.
    Staff,
}

/// What a masked place held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Phone, e-mail, handle, link.
    Contact,
    /// Passport, СНИЛС, ИНН, card, account, date of birth.
    Document,
    /// A person's name.
    Name,
    /// A car's plate.
    Plate,
    /// House and flat.
    Address,
}

/// A text that may be shown, in its form for each audience.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Displayable {
    public: Arc<str>,
    staff: Arc<str>,
}

impl Displayable {
    /// The text as an audience may see it; none where it may see no text at all.
    pub fn shown_to(&self, audience: Audience) -> Option<&str> {
        match audience {
            Audience::NoText => None,
            Audience::Public => Some(&self.public),
            Audience::Staff => Some(&self.staff),
        }
    }
}

/// A backend's message, masked as for the public and on one line, for logs and terminals: logs have more readers than
/// the wall, and are kept longer.
pub fn redact(said: &str) -> String {
    Masker::default().displayable(said).public().to_owned()
}

/// Snaps a place, in millionths of a degree, to the centre of a cell of about 55 by 60 metres (at 55° of latitude), so
/// that a house cannot be told from its neighbours.
pub fn snap_to_grid(lon_e6: i32, lat_e6: i32) -> (i32, i32) {
    let middle = |value: i32, cell: i32| value.div_euclid(cell) * cell + cell / 2;
    (middle(lon_e6, 1000), middle(lat_e6, 500))
}

impl Displayable {
    /// The form for the public: what may be kept on disk.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// A text from the archive, which was masked for the public before.
    pub fn kept(public: &str) -> Self {
        let text: Arc<str> = clean(public).into();
        Self { public: text.clone(), staff: text }
    }
}

/// Masks texts of a region.
#[derive(Debug, Clone, Default)]
pub struct Masker {
    /// Stems of the names of places, which look like people's and are not.
    places: Arc<[String]>,
}

impl Masker {
    /// A masker that knows the names of the region's places.
    pub fn new<'a>(places: impl IntoIterator<Item = &'a str>) -> Self {
        Self { places: places.into_iter().flat_map(forms::place_stems).collect() }
    }

    /// A text for every audience.
    pub fn displayable(&self, raw: &str) -> Displayable {
        let text = clean(raw);
        let found = self.found(&text);
        let public = masked(&text, found.iter().map(|(range, _)| range.clone()));
        let staff = masked(&text, found.iter().filter(|(_, kind)| *kind != Kind::Address).map(|(r, _)| r.clone()));
        let public: Arc<str> = public.into();
        let staff = if *staff == *public { public.clone() } else { staff.into() };
        Displayable { public, staff }
    }

    /// Masks the name of a thing, such as a topic, for the public. A number after a word is a house only if the text
    /// mentions a street, or after a word such as «кв.», so that «Категория 5» and «Категория 6» stay two.
    pub fn term(&self, raw: &str) -> String {
        let text = clean(raw);
        let speaks_of_streets =
            Text::new(&text).tokens.iter().any(|token| lexicon::STREETS.contains(&token.lower.as_str()));
        let numbered = |range: &Range<usize>| text[range.clone()].starts_with(|c: char| !c.is_alphabetic());
        let found = self.found(&text);
        let personal =
            found.iter().filter(|(range, kind)| *kind != Kind::Address || speaks_of_streets || !numbered(range));
        masked(&text, personal.map(|(range, _)| range.clone()))
    }

    /// What is personal in a cleaned text, in bytes, in order and without overlaps within a kind.
    pub fn found(&self, text: &str) -> Vec<(Range<usize>, Kind)> {
        let text = Text::new(text);
        let mut found = contacts::find(&text);
        digits::find(&text, &mut found);
        address::find(&text, &mut found);
        names::find(&text, &self.places, &mut found);
        found.sort_by_key(|(range, _)| (range.start, range.end));
        found
    }
}

/// A pattern of this folder: each is a constant, and a test compiles it.
fn pattern(text: &str) -> regex::Regex {
    regex::Regex::new(text).unwrap_or_else(|e| panic!("{e}"))
}

/// The text with a mask over each range; ranges that touch, or have only a mark between them, share one.
fn masked(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> String {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        let between = |last: &Range<usize>| text.get(last.end..range.start).unwrap_or("");
        let near = |gap: &str| gap.chars().all(|c| c == ' ' || c == '.' || c == '-' || c == '\u{a0}');
        match joined.last_mut() {
            Some(last) if range.start <= last.end || near(between(last)) => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in joined {
        out.push_str(&text[at..range.start]);
        out.push_str(MASK);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn public(text: &str) -> String {
        Masker::new(["Каменогорье", "Усть-Велега"]).displayable(text).shown_to(Audience::Public).unwrap().to_owned()
    }

    #[test]
    fn each_audience_sees_what_it_may() {
        let shown = Masker::default().displayable("Протечка на Садовой, д. 5, кв. 12. Звоните Олегу: 8 900 123-45-67");
        assert_eq!(shown.shown_to(Audience::NoText), None);
        assert_eq!(shown.shown_to(Audience::Public), Some("Протечка на Садовой, •••, •••. Звоните •••: •••"));
        assert_eq!(shown.shown_to(Audience::Staff), Some("Протечка на Садовой, д. 5, кв. 12. Звоните •••: •••"));
        assert!(Audience::NoText < Audience::Public && Audience::Public < Audience::Staff);
        assert_eq!(Audience::default(), Audience::Public);
    }

    #[test]
    fn names_of_things_keep_their_numbers_and_lose_their_people() {
        let term = |text: &str| Masker::default().term(text);
        for text in ["Категория 5", "Новое-1", "Школа № 12", "Дороги", "ООО «Ромашка»", "Тема 12"]
        {
            assert_eq!(term(text), text);
        }
        for (text, expected) in [
            ("Сосед Иванов Пётр Сергеевич, кв. 12", "Сосед •••, •••"),
            ("исп. Сидорова Анна Павловна", "исп. •••"),
            ("Яма на ул. Мира, 5", "Яма на ул. Мира, •••"),
            ("Тема тел 89161234567", "Тема тел •••"),
        ] {
            assert_eq!(term(text), expected);
        }
    }

    #[test]
    fn what_hides_from_simple_rules_is_found() {
        for (text, expected) in [
            ("Машина, гос номер 123, стоит", "Машина, •••, стоит"),
            ("Звонил Алиев Мамед Гасан оглы вчера", "Звонил ••• вчера"),
            ("Писала Гусейнова Лейла Рашид кызы", "Писала •••"),
            ("Сосед Ким Чен Ир шумит", "Сосед ••• шумит"),
            ("Свидетельство II-МЮ № 123456 потеряно", "Свидетельство ••• потеряно"),
            ("Код домофона 38К1234, заходите", "•••, заходите"),
            ("паспорт серии 45 10 утерян", "••• утерян"),
            ("звоните 8 9О3 123 4б 67", "звоните •••"),
        ] {
            let shown = public(text);
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn what_names_nobody_is_left_alone() {
        for text in [
            "В доме 5 подъездов, и во всех нет света третий день",
            "Заплатили 12 500 рублей за 3 месяца, а воды нет 40 дней",
            "Автобус 23 не пришёл в 14:05, ждали 2 часа",
            "В Каменогорье не убран снег, на остановке гололёд",
            "Нет места в саду № 7, очередь 120 человек",
            "Вера в ремонт потеряна. Надежда есть только на губернатора",
            "С 12.11.2026 по 20.11.2026 нет отопления, дома +14",
            "Номер автобуса 23, код региона 42",
            "В паспорте дома ошибка, дому 30 лет",
            "Серия домов П-44, этажей 17",
            "Не хватает на пак молока, но ли это главное",
            "2 345 678 руб. на 115 000 чел. в 2024–2026 годах",
        ] {
            assert_eq!(public(text), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_masked_without_a_panic(raw in ".{0,200}") {
            let shown = Masker::default().displayable(&raw);
            prop_assert!(shown.shown_to(Audience::Public).is_some());
        }

        #[test]
        fn found_places_lie_between_characters(raw in "[а-яА-Яё0-9 .,@:+-]{0,120}") {
            let text = clean(&raw);
            for (range, _) in Masker::default().found(&text) {
                prop_assert!(text.get(range.clone()).is_some_and(|t| !t.is_empty()), "{:?}", range);
            }
        }
    }
}
