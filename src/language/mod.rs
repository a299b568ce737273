//! Words, numbers and dates on screen: Russian by default, English beside it.

mod sentence;

use std::collections::BTreeMap;

use fixed_decimal::{Decimal, FloatPrecision, SignDisplay, SignedRoundingMode, UnsignedRoundingMode};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{MD, YMD, YMDE};
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale;
use jiff::Zoned;

pub use sentence::{Sentence, code_of, localized};

/// A no-break space, as it stands between a number and its unit.
pub const NBSP: char = '\u{a0}';

/// The languages that the wall speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lang {
    /// Russian.
    #[default]
    Ru,
    /// English.
    En,
}

impl Lang {
    /// The language that the environment asks for (`LC_ALL`, `LC_MESSAGES`, `LANG`, the first that is set): Russian where
    /// that is Russian, else English.
    pub fn of_environment() -> Self {
        let asked = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
        if asked.is_some_and(|locale| locale.to_lowercase().starts_with("ru")) { Self::Ru } else { Self::En }
    }

    /// Its two letters.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

/// Words of a file: the same in every language, or in each of them its own.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "words, or words for each language and no other: { ru = \"...\", en = \"...\" }"
)]
pub enum LocalizedText {
    /// Whatever language the wall speaks.
    Once(String),
    /// By language.
    Each {
        /// In Russian.
        ru: String,
        /// In English.
        en: String,
    },
}

impl Default for LocalizedText {
    fn default() -> Self {
        Self::Once(String::new())
    }
}

impl LocalizedText {
    /// As it is said in a language.
    pub fn to(&self, language: &Language) -> &str {
        self.in_lang(language.lang)
    }

    /// As it is said in a language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match (self, lang) {
            (Self::Once(words), _)
            | (Self::Each { ru: words, .. }, Lang::Ru)
            | (Self::Each { en: words, .. }, Lang::En) => words,
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Once(words) if words.is_empty())
    }
}

/// Messages and formats of one language.
pub struct Language {
    lang: Lang,
    messages: FluentBundle<FluentResource>,
    decimal: DecimalFormatter,
    long_date: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    weekday_date: FixedCalendarDateTimeFormatter<Gregorian, YMDE>,
    month_day: FixedCalendarDateTimeFormatter<Gregorian, MD>,
    short_date: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    short_day: FixedCalendarDateTimeFormatter<Gregorian, MD>,
}

/// The bundled messages of a language.
///
/// # Panics
/// If they are broken, which tests rule out.
fn bundled(lang: Lang) -> FluentBundle<FluentResource> {
    let mut messages = FluentBundle::new_concurrent(lang.code().parse().into_iter().collect());
    // Isolation marks are for mixed directions; the wall's fonts have no glyph for them.
    messages.set_use_isolating(false);
    let resource = FluentResource::try_new(text_of(lang).to_owned()).expect("bundled messages parse");
    messages.add_resource(resource).expect("bundled messages have no duplicates");
    messages
}

/// The file of messages of a language.
fn text_of(lang: Lang) -> &'static str {
    match lang {
        Lang::Ru => include_str!("../../assets/messages/ru.ftl"),
        Lang::En => include_str!("../../assets/messages/en.ftl"),
    }
}

/// The messages that pages in a browser fill in themselves, by their keys: those that begin with `tablet-`. An argument
/// stands in them as `{ $name }`.
pub fn messages_for_pages(lang: Lang) -> BTreeMap<&'static str, &'static str> {
    let lines = text_of(lang).lines().filter(|line| line.starts_with("tablet-"));
    lines.filter_map(|line| line.split_once(" = ")).collect()
}

/// An argument of a message.
pub enum Arg<'a> {
    /// Text.
    Text(&'a str),
    /// A number with this many decimals, which decide its plural form with it.
    Number(f64, usize),
}

impl Language {
    /// Loads the bundled messages.
    ///
    /// # Panics
    /// If the bundled message files or the compiled locale data are broken, which tests rule out.
    pub fn new(lang: Lang) -> Self {
        let messages = bundled(lang);
        let locale: Locale = lang.code().parse().expect("a bundled locale");
        let decimal =
            DecimalFormatter::try_new(locale.clone().into(), Default::default()).expect("compiled number data");
        let long_date =
            FixedCalendarDateTimeFormatter::try_new(locale.clone().into(), YMD::long()).expect("compiled date data");
        let weekday_date =
            FixedCalendarDateTimeFormatter::try_new(locale.clone().into(), YMDE::long()).expect("compiled date data");
        let month_day =
            FixedCalendarDateTimeFormatter::try_new(locale.clone().into(), MD::long()).expect("compiled date data");
        let short_date =
            FixedCalendarDateTimeFormatter::try_new(locale.clone().into(), YMD::medium()).expect("compiled date data");
        let short_day =
            FixedCalendarDateTimeFormatter::try_new(locale.into(), MD::medium()).expect("compiled date data");
        Self { lang, messages, decimal, long_date, weekday_date, month_day, short_date, short_day }
    }

    /// Which language it is.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The message called `key`; the key itself where there is none.
    pub fn message(&self, key: &str) -> String {
        self.message_with(key, &[])
    }

    /// The message called `key` with its arguments filled in.
    pub fn message_with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let Some(pattern) = self.messages.get_message(key).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        let mut filled = FluentArgs::new();
        for (name, arg) in args {
            let value = match arg {
                Arg::Text(text) => FluentValue::from(*text),
                Arg::Number(number, decimals) => FluentValue::Number(FluentNumber::new(
                    // The form is that of the number that is read, not of what it was before it was rounded.
                    rounded(*number, *decimals),
                    FluentNumberOptions {
                        minimum_fraction_digits: Some(*decimals).filter(|d| *d > 0),
                        ..Default::default()
                    },
                )),
            };
            filled.set(*name, value);
        }
        let mut errors = Vec::new();
        self.messages.format_pattern(pattern, Some(&filled), &mut errors).into_owned()
    }

    /// A number with `decimals` digits after the decimal sign, grouped as the language groups; a dash where
    /// there is none.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        self.decimal_of(value, decimals, SignDisplay::Negative)
    }

    /// A number as it is said: 803 тыс., 1,10 млн.
    pub fn compact(&self, value: f64) -> String {
        let with = |value: f64, decimals: usize, unit: &str| {
            format!("{}{NBSP}{}", self.number(value, decimals), self.message(unit))
        };
        match value.abs() {
            n if n >= 999_500.0 => with(value / 1e6, 2, "unit-millions"),
            n if n >= 99_950.0 => with(value / 1e3, 0, "unit-thousands"),
            n if n >= 10_000.0 => with(value / 1e3, 1, "unit-thousands"),
            _ => self.number(value, usize::from(value.fract() != 0.0 && value.abs() < 100.0)),
        }
    }

    /// A compact number beside a greater one: in thousands if that one is.
    pub fn compact_beside(&self, value: f64, other: f64) -> String {
        if other.abs() >= 10_000.0 && (1_000.0..10_000.0).contains(&value.abs()) {
            return format!("{}{NBSP}{}", self.number(value / 1e3, 1), self.message("unit-thousands"));
        }
        self.compact(value)
    }

    /// A change with its sign: − or +, none for zero.
    pub fn change(&self, value: f64, decimals: usize) -> String {
        self.decimal_of(value, decimals, SignDisplay::ExceptZero)
    }

    fn decimal_of(&self, value: f64, decimals: usize, sign: SignDisplay) -> String {
        if !value.is_finite() {
            return "—".to_owned();
        }
        let magnitude = -(decimals as i16);
        let Ok(mut decimal) = Decimal::try_from_f64(value, FloatPrecision::RoundTrip) else { return "—".to_owned() };
        // As people round: 62.5 is 63.
        decimal.round_with_mode(magnitude, SignedRoundingMode::Unsigned(UnsignedRoundingMode::HalfExpand));
        decimal.absolute.pad_end(magnitude);
        decimal.apply_sign_display(sign);
        // CLDR writes a hyphen-minus; type wants the minus sign.
        plain(&self.decimal.format(&decimal).to_string()).replace('-', "−")
    }

    /// What a principal is called: a part of the program by its title, anybody else by their name.
    pub fn principal(&self, name: &str) -> String {
        let key = format!("by-{name}");
        let title = self.message(&key);
        if title == key { name.to_owned() } else { title }
    }

    /// A number with its sign of per cent, as the language sets it.
    pub fn percent(&self, number: &str) -> String {
        match self.lang {
            Lang::Ru => format!("{number}{NBSP}%"),
            Lang::En => format!("{number}%"),
        }
    }

    /// A day in as few letters as it takes: «20.11.2026», “Nov 20, 2026”.
    pub fn short_date(&self, at: &Zoned) -> String {
        match self.lang {
            Lang::Ru => format!("{:02}.{:02}.{}", at.day(), at.month(), at.year()),
            Lang::En => {
                self.date_of(at).map(|date| plain(&self.short_date.format(&date).to_string())).unwrap_or_default()
            }
        }
    }

    /// «20 ноября 2026 г.»
    pub fn date(&self, at: &Zoned) -> String {
        self.date_of(at).map(|date| plain(&self.long_date.format(&date).to_string())).unwrap_or_default()
    }

    /// «пятница, 20 ноября 2026 г.»
    pub fn weekday_date(&self, at: &Zoned) -> String {
        self.date_of(at).map(|date| plain(&self.weekday_date.format(&date).to_string())).unwrap_or_default()
    }

    /// A day of this year in as few letters as it takes: «07.11», “Nov 7”.
    pub fn short_day(&self, at: &Zoned) -> String {
        match self.lang {
            Lang::Ru => format!("{:02}.{:02}", at.day(), at.month()),
            Lang::En => {
                self.date_of(at).map(|date| plain(&self.short_day.format(&date).to_string())).unwrap_or_default()
            }
        }
    }

    /// When something was: the time of day where that was `today`, the day where it was not.
    pub fn time_or_day(&self, at: &Zoned, today: jiff::civil::Date) -> String {
        if at.date() == today { self.time(at) } else { self.short_day(at) }
    }

    /// «9–15 ноября», «28 ноября – 4 декабря»
    pub fn days(&self, from: &Zoned, to: &Zoned) -> String {
        let said = |at: &Zoned| {
            self.date_of(at).map(|date| plain(&self.month_day.format(&date).to_string())).unwrap_or_default()
        };
        if (from.year(), from.month()) != (to.year(), to.month()) {
            return format!("{} – {}", said(from), said(to));
        }
        // Within a month the days stand together, wherever the language puts the month.
        let (first, last) = (from.day().to_string(), to.day().to_string());
        said(to).replacen(&last, &format!("{first}–{last}"), 1)
    }

    /// «14:05»
    pub fn time(&self, at: &Zoned) -> String {
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// «14:05:12»
    pub fn time_with_seconds(&self, at: &Zoned) -> String {
        format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
    }

    fn date_of(&self, at: &Zoned) -> Option<Date<Gregorian>> {
        Date::try_new_gregorian(i32::from(at.year()), at.month() as u8, at.day() as u8).ok()
    }
}

/// A number as `decimals` digits say it, halves away from zero.
fn rounded(number: f64, decimals: usize) -> f64 {
    let scale = 10_f64.powi(decimals.min(9) as i32);
    (number * scale).round() / scale
}

/// CLDR's narrow no-break space is not in the wall's fonts: the plain one takes its place.
fn plain(text: &str) -> String {
    text.replace('\u{202f}', "\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    fn keys(source: &str) -> Vec<&str> {
        source
            .lines()
            .filter(|l| !l.starts_with([' ', '#', '}']))
            .filter_map(|l| l.split_once(" ="))
            .map(|(k, _)| k)
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        let ru = keys(text_of(Lang::Ru));
        assert_eq!(ru, keys(text_of(Lang::En)));
        for lang in [Lang::Ru, Lang::En] {
            let language = Language::new(lang);
            assert!(ru.iter().all(|key| language.messages.has_message(key)), "{lang:?}");
        }
    }

    #[test]
    fn russian_plurals_have_four_forms() {
        let ru = Language::new(Lang::Ru);
        let hours = |n: f64, d: usize| ru.message_with("unit-hours", &[("count", Arg::Number(n, d))]);
        assert_eq!([hours(1.0, 0), hours(3.0, 0), hours(11.0, 0), hours(21.0, 0)], ["час", "часа", "часов", "час"]);
        assert_eq!([hours(1.5, 1), hours(5.0, 1)], ["часа", "часа"]);
        // What is rounded takes the form of what is read.
        assert_eq!([hours(65.3, 0), hours(137.6, 0), hours(20.7, 0)], ["часов", "часов", "час"]);
    }

    #[test]
    fn numbers_are_grouped_with_a_no_break_space_and_a_decimal_comma() {
        let ru = Language::new(Lang::Ru);
        assert_eq!(ru.number(18_240.0, 0), "18\u{a0}240");
        assert_eq!(ru.number(1_234_567.25, 1), "1\u{a0}234\u{a0}567,3");
        assert_eq!([62.5, 63.5, -62.5].map(|n| ru.number(n, 0)), ["63", "64", "−63"]);
        assert_eq!(ru.change(-27.0, 0), "−27");
        assert_eq!(ru.change(1.66, 1), "+1,7");
        assert_eq!(ru.change(-0.2, 0), "0");
        assert_eq!(ru.number(f64::NAN, 0), "—");
    }

    #[test]
    fn dates_are_written_as_people_write_them() {
        let at = date(2026, 11, 20).at(9, 5, 7, 0).to_zoned(TimeZone::UTC).unwrap();
        let ru = Language::new(Lang::Ru);
        let on = |month, day| date(2026, month, day).at(9, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
        let weeks = |language: &Language| [(9, 15), (1, 11)].map(|(a, b)| language.days(&on(11, a), &on(11, b)));
        assert_eq!(weeks(&ru), ["9–15 ноября", "1–11 ноября"]);
        assert_eq!(weeks(&Language::new(Lang::En)), ["November 9–15", "November 1–11"]);
        assert_eq!(ru.days(&on(11, 28), &on(12, 4)), "28 ноября – 4 декабря");
        assert_eq!(ru.date(&at).replace(NBSP, " "), "20 ноября 2026 г.");
        assert_eq!(ru.weekday_date(&at).replace(NBSP, " "), "пятница, 20 ноября 2026 г.");
        assert_eq!((ru.time(&at), ru.time_with_seconds(&at)), ("09:05".into(), "09:05:07".into()));
    }
}
