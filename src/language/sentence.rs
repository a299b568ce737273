//! Sentences for the people who write files and run the program, in the language that they read.

use std::fmt;
use std::ops::Deref;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use serde::{Serialize, Serializer};

use super::{Lang, bundled, text_of};

/// A sentence, to be said in any language. It reads as its English text where no language is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sentence {
    english: Box<str>,
    /// The message of the bundled files; none where it came as an English text.
    message: Option<Box<Filled>>,
}

/// A message of the bundled files, and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Filled {
    key: &'static str,
    args: Vec<(&'static str, String)>,
}

impl Filled {
    fn to(&self, lang: Lang) -> String {
        let messages = messages(lang);
        let Some(pattern) = messages.get_message(self.key).and_then(|message| message.value()) else {
            return self.key.to_owned();
        };
        let args: FluentArgs<'_> = self.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        messages.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }
}

/// A sentence by the name of its message, with whatever can be written down in it.
#[macro_export]
macro_rules! sentence {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::language::Sentence::with($key, vec![$((stringify!($name), $value.to_string())),*])
    };
}

impl Sentence {
    /// The message `key`, with its arguments.
    pub fn with(key: &'static str, args: Vec<(&'static str, String)>) -> Self {
        Filled { key, args }.into()
    }

    /// The message `key`, with its arguments filled in.
    pub fn of<const N: usize>(key: &'static str, args: [(&'static str, &str); N]) -> Self {
        let args = args.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        Filled { key, args }.into()
    }

    /// The sentence with this English text, if it matches a bundled message whose name begins with `prefix`: parsers
    /// pass on only a text.
    pub fn recover(english: &str, prefix: &str) -> Option<Self> {
        let known = PATTERNS.iter().filter(|pattern| pattern.key.starts_with(prefix));
        known
            .filter_map(|pattern| Some((pattern, pattern.values(english)?)))
            .max_by_key(|(pattern, _)| pattern.literal_len())
            .map(|(pattern, args)| Self::with(pattern.key, args))
    }

    /// As it is said in a language.
    pub fn to(&self, lang: Lang) -> String {
        match &self.message {
            Some(message) => message.to(lang),
            None => localized(&self.english, lang),
        }
    }

    /// The same with each text of it changed: to hide what is secret.
    #[must_use]
    pub fn map(self, change: impl Fn(String) -> String) -> Self {
        match self.message {
            Some(message) => {
                let args = message.args.into_iter().map(|(name, value)| (name, change(value))).collect();
                Filled { args, ..*message }.into()
            }
            None => change(self.english.into()).into(),
        }
    }
}

impl From<Filled> for Sentence {
    fn from(message: Filled) -> Self {
        Self { english: message.to(Lang::En).into(), message: Some(Box::new(message)) }
    }
}

impl Deref for Sentence {
    type Target = str;

    fn deref(&self) -> &str {
        &self.english
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl From<String> for Sentence {
    fn from(english: String) -> Self {
        Self { english: english.into(), message: None }
    }
}

impl From<&str> for Sentence {
    fn from(english: &str) -> Self {
        english.to_owned().into()
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.english)
    }
}

/// Translates the English text of an error: as a whole, or the parts between colons and semicolons, as far as they
/// match a message `error-…` or `fault-…`. Anything else stays: names, addresses, the words of a library.
pub fn localized(english: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return english.to_owned();
    }
    let marks = english.match_indices([':', ';']).filter(|(at, _)| english[at + 1..].starts_with(' '));
    let mut ends: Vec<usize> = marks.map(|(at, _)| at).collect();
    ends.push(english.len());
    let recovered = |text: &str| ["error-", "fault-"].iter().find_map(|prefix| Sentence::recover(text, prefix));
    // The longest beginning that is a message, then the rest in the same way.
    let found = ends.iter().rev().find_map(|end| Some((recovered(&english[..*end])?, *end)));
    let (said, end) = match found {
        Some((sentence, end)) => (sentence.map(|value| localized(&value, lang)).to(lang), end),
        None => (english[..ends[0]].to_owned(), ends[0]),
    };
    said + &english[end..]
        .split_at_checked(2)
        .map_or_else(String::new, |(mark, rest)| mark.to_owned() + &localized(rest, lang))
}

/// An English message taken apart: what stands before its first argument, and what stands after each.
struct Pattern {
    key: &'static str,
    first: String,
    rest: Vec<(&'static str, String)>,
}

/// The patterns of all messages that have arguments and no choice.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let lines = text_of(Lang::En).lines().filter_map(|line| line.split_once(" = "));
    lines.filter_map(|(key, text)| Pattern::of(key, text)).collect()
});

impl Pattern {
    /// Of a message of one line; none where it makes a choice.
    fn of(key: &'static str, text: &'static str) -> Option<Self> {
        // Braces that are meant are written as texts.
        let plain = |part: &str| {
            [("{\"{}\"}", "{}"), ("{\"{\"}", "{"), ("{\"}\"}", "}")]
                .iter()
                .fold(part.to_owned(), |part, (written, meant)| part.replace(written, meant))
        };
        let mut parts = text.split("{ $");
        let first = plain(parts.next()?);
        let rest = parts.map(|part| part.split_once(" }").map(|(name, after)| (name, plain(after))));
        Some(Self { key, first, rest: rest.collect::<Option<_>>()? })
    }

    /// Length of its literal text. Of two patterns that match, the longer one is meant.
    fn literal_len(&self) -> usize {
        self.first.len() + self.rest.iter().map(|(_, after)| after.len()).sum::<usize>()
    }

    /// The values of its arguments where it reads as `english`.
    fn values(&self, english: &str) -> Option<Vec<(&'static str, String)>> {
        let mut left = english.strip_prefix(self.first.as_str())?;
        let mut values = Vec::new();
        for (at, (name, after)) in self.rest.iter().enumerate() {
            let is_last = at + 1 == self.rest.len();
            let value = if is_last { left.strip_suffix(after.as_str())? } else { left.split_once(after.as_str())?.0 };
            values.push((*name, value.to_owned()));
            left = if is_last { "" } else { &left[value.len() + after.len()..] };
        }
        left.is_empty().then_some(values)
    }
}

/// The bundled messages of a language, read once.
fn messages(lang: Lang) -> &'static FluentBundle<FluentResource> {
    static MESSAGES: LazyLock<[FluentBundle<FluentResource>; 2]> = LazyLock::new(|| [Lang::Ru, Lang::En].map(bundled));
    &MESSAGES[usize::from(lang == Lang::En)]
}

/// The code whose Russian message, under one of `prefixes`, is `words`: `today` for «сегодня» with `period-`.
pub fn code_of<'a>(words: &str, prefixes: &[&str], mut codes: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let words = words.to_lowercase();
    let name = |key: String| {
        let pattern = messages(Lang::Ru).get_message(&key)?.value()?;
        Some(messages(Lang::Ru).format_pattern(pattern, None, &mut Vec::new()).to_lowercase())
    };
    let is_called = |code: &str| prefixes.iter().any(|prefix| name(format!("{prefix}{code}")).as_ref() == Some(&words));
    codes.find(|code| is_called(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_said_in_the_language_that_is_asked_for() {
        let sentence = Sentence::of("fault-missing", [("name", "grid")]);
        assert_eq!(&*sentence, "`grid` is missing");
        assert_eq!(sentence.to(Lang::Ru), "не хватает `grid`");
        assert_eq!(sentence.map(|text| text.replace("grid", "***")).to(Lang::En), "`***` is missing");
        let plain = Sentence::from("only English");
        assert_eq!(
            (plain.to(Lang::Ru).as_str(), serde_json::to_string(&plain).unwrap().as_str()),
            ("only English", "\"only English\"")
        );
        let said = Sentence::of("panel-norm-range", []);
        assert_eq!(Sentence::recover(&said, "panel-"), Some(said.clone()));
        let error = "tiles.json: the secret's file a.key: No such file or directory (os error 2)";
        let russian = "tiles.json: файл секрета a.key: такого файла или папки нет";
        assert_eq!(localized(error, Lang::Ru), russian);
        assert_eq!(
            (localized(error, Lang::En).as_str(), Sentence::from(error).to(Lang::Ru).as_str()),
            (error, russian)
        );
        assert_eq!(localized("a: b; what nobody knows", Lang::Ru), "a: b; what nobody knows");
        let said = crate::sentence!("panel-no-icon-near", icon = "дом", near = "house");
        assert_eq!(Sentence::recover(&said, "panel-"), Some(said.clone()));
        let said = Sentence::of("panel-group-one", []);
        assert!(said.contains("{ clock = {} }"), "{said}");
        assert_eq!(Sentence::recover(&said, "panel-").unwrap().to(Lang::Ru), said.to(Lang::Ru));
        assert_eq!(Sentence::recover("nothing of the kind", "panel-"), None);
        assert_eq!(code_of("Сегодня", &["period-"], ["now", "today"].into_iter()), Some("today"));
    }
}
