//! Slips of the pen that make a file no TOML, and where they are: not always where the reader notices.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::look_alikes::{latin_of, of_letters};
use super::words::{Plain, write};
use crate::language::Sentence;

/// Keys of tables of which a file has several.
const REPEATED: [&str; 6] = ["placement", "preset", "output", "source", "step", "theme"];

static COMMA: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"=\s*(-?\d+),(\d+)").unwrap_or_else(|e| panic!("{e}")));

/// A number with a decimal comma, among others in a list.
static PAIR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(\d+),(\d+)").unwrap_or_else(|e| panic!("{e}")));

/// How faults of syntax begin, as the reader says them.
const FOUND: [&str; 10] = [
    "invalid ",
    "missing ",
    "string values",
    "unexpected ",
    "key with no value",
    "unclosed",
    "extra ",
    "expected ",
    "unquoted",
    "newline",
];

/// Decimal commas in a list, which make one number two: `[1209,6, 680,4]`.
pub fn commas_in_list(text: &str, span: &Range<usize>, found: &str) -> Option<Plain> {
    if !found.contains("length") {
        return None;
    }
    let line_end = text[span.start..].find('\n').map_or(text.len(), |at| span.start + at);
    let list = text[span.start..line_end].split_once('[')?.1.split_once(']')?.0;
    let numbers = PAIR.find_iter(list).count();
    // Every comma that no blank follows stands in a number.
    let commas = list.matches(',').count();
    if numbers == 0 || commas + 1 != 2 * numbers {
        return None;
    }
    let meant = PAIR.replace_all(list, "$1.$2");
    Some(Plain::new(span.clone(), Sentence::of("fault-decimal-comma", [])).help(write(&format!("[{meant}]"))))
}

/// Where the reader stopped, in a line of a file.
struct Stop<'a> {
    text: &'a str,
    /// What it stopped at, in bytes of the text.
    span: &'a Range<usize>,
    /// What it said of it.
    found: &'a str,
    /// Where the line begins.
    line_start: usize,
    line: &'a str,
    /// The line from where it stopped.
    rest: &'a str,
}

/// What is no TOML at all.
pub fn syntax(text: &str, span: &Range<usize>, found: &str) -> Option<Plain> {
    let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[span.start..].find('\n').map_or(text.len(), |at| span.start + at);
    let (line, rest) = (&text[line_start..line_end], &text[span.start..line_end]);
    let stop = Stop { text, span, found, line_start, line, rest };
    if found == "duplicate key" {
        return Some(stop.duplicate_key());
    }
    if !FOUND.iter().any(|start| found.starts_with(start)) {
        return None;
    }
    // An unclosed quote is noticed only lines later; what looks like a fault there is none.
    stop.odd_blank()
        .or_else(|| stop.curly_quotes())
        .or_else(|| stop.open_quote())
        .or_else(|| stop.letters_of_key())
        .or_else(|| stop.decimal_comma())
        .or_else(|| stop.word_for_boolean())
        .or_else(|| stop.semicolon())
        .or_else(|| stop.colon())
        .or_else(|| stop.unquoted())
        .or_else(|| stop.open_bracket())
        .or_else(|| Some(Plain::new(span.clone(), Sentence::of("fault-syntax", [("found", found)]))))
}

impl Stop<'_> {
    fn first(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn duplicate_key(&self) -> Plain {
        let key = self.text.get(self.span.clone()).unwrap_or_default();
        let plain = Plain::new(self.span.clone(), Sentence::of("fault-twice", [("name", key)]));
        let single = self.line.starts_with('[') && !self.line.starts_with("[[");
        plain.help(if single && REPEATED.contains(&key) {
            write(&format!("[[{key}]]"))
        } else {
            Sentence::of("fault-twice-help", [])
        })
    }

    fn odd_blank(&self) -> Option<Plain> {
        let at = self.line_start + self.line.find(is_odd_blank)?;
        if at < self.span.start.saturating_sub(3) {
            return None;
        }
        let width = self.text[at..].chars().next().map_or(1, char::len_utf8);
        let plain = Plain::new(at..at + width, Sentence::of("fault-odd-blank", []));
        Some(plain.help(Sentence::of("fault-odd-blank-help", [])))
    }

    fn curly_quotes(&self) -> Option<Plain> {
        const OPENING: [char; 6] = ['«', '“', '„', '”', '‘', '’'];
        self.first().filter(|c| OPENING.contains(c))?;
        let words = self.rest.trim_start_matches(OPENING).split(['»', '”', '“', '’']).next().unwrap_or_default();
        let plain = Plain::new(self.span.clone(), Sentence::of("fault-curly-quotes", []));
        Some(plain.help(write(&format!("\"{words}\""))))
    }

    fn open_quote(&self) -> Option<Plain> {
        let at = open_quote(self.text, self.line_start, self.line_start + self.line.len())?;
        let plain = Plain::new(at..at + 1, Sentence::of("fault-open-quote", []));
        Some(plain.help(Sentence::of("fault-open-quote-help", [])))
    }

    fn letters_of_key(&self) -> Option<Plain> {
        if !self.found.starts_with("invalid unquoted key") {
            return None;
        }
        let token = token_around(self.text, self.span.start);
        let key = &self.text[token.clone()];
        Some(match latin_of(key) {
            Some((latin, letters)) => Plain::new(token.clone(), of_letters(key, &letters)).help(write(&latin)),
            None => Plain::new(token.clone(), Sentence::of("fault-key-letters", [("name", key)]))
                .help(Sentence::of("fault-key-letters-help", [])),
        })
    }

    fn decimal_comma(&self) -> Option<Plain> {
        let is_near = |number: regex::Match<'_>| {
            self.line_start + number.end() + 2 >= self.span.start && self.line_start + number.start() <= self.span.start
        };
        let number = COMMA.captures_iter(self.line).find(|found| found.get(0).is_some_and(is_near))?;
        let help = write(&format!("{}.{}", &number[1], &number[2]));
        Some(Plain::new(self.span.clone(), Sentence::of("fault-decimal-comma", [])).help(help))
    }

    fn word_for_boolean(&self) -> Option<Plain> {
        let word: String = self.rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect();
        let meant = match word.to_lowercase().as_str() {
            "true" | "да" | "yes" | "on" | "вкл" | "истина" => "true",
            "false" | "нет" | "no" | "off" | "выкл" | "ложь" => "false",
            _ => return None,
        };
        let in_value = self.text[self.line_start..self.span.start].trim_end().ends_with('=');
        let message = Sentence::of("fault-not-a-boolean", [("got", word.as_str())]);
        in_value.then(|| Plain::new(self.span.clone(), message).help(write(meant)))
    }

    fn semicolon(&self) -> Option<Plain> {
        self.first().filter(|c| *c == ';')?;
        let plain = Plain::new(self.span.clone(), Sentence::of("fault-semicolon", []));
        Some(plain.help(Sentence::of("fault-semicolon-help", [])))
    }

    fn colon(&self) -> Option<Plain> {
        let at = self.line.find(':').filter(|_| self.found.starts_with("key with no value"))?;
        if !self.line[..at].chars().all(|c| c.is_alphanumeric() || " _-.".contains(c)) {
            return None;
        }
        let at = self.line_start + at;
        let plain = Plain::new(at..at + 1, Sentence::of("fault-colon", []));
        Some(plain.help(Sentence::of("fault-colon-help", [])))
    }

    fn unquoted(&self) -> Option<Plain> {
        if !self.found.starts_with("string values must be quoted") {
            return None;
        }
        let words = self.rest.split([',', '}', ']']).next().unwrap_or_default().trim();
        let plain = Plain::new(self.span.clone(), Sentence::of("fault-unquoted", []));
        Some(plain.help(write(&format!("\"{words}\""))))
    }

    fn open_bracket(&self) -> Option<Plain> {
        if !["missing comma", "unclosed"].iter().any(|start| self.found.starts_with(start)) {
            return None;
        }
        let at = open_bracket(self.text, self.span.start)?;
        let bracket = &self.text[at..=at];
        let close = if bracket == "[" { "]" } else { "}" };
        let plain = Plain::new(at..at + 1, Sentence::of("fault-open-bracket", [("bracket", bracket)]));
        Some(plain.help(Sentence::of("fault-open-bracket-help", [("bracket", close)])))
    }
}

/// A blank that is none to a reader of TOML: a no-break space and its kin.
fn is_odd_blank(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{2000}'..='\u{200a}' | '\u{3000}' | '\u{200b}' | '\u{feff}')
}

/// The key that a byte lies in.
fn token_around(text: &str, at: usize) -> Range<usize> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '=' | '.' | '[' | ']' | '{' | '}' | ',' | '"');
    let start =
        text[..at].rfind(ends).map_or(0, |found| found + text[found..].chars().next().map_or(1, char::len_utf8));
    let end = text[at..].find(ends).map_or(text.len(), |found| at + found);
    start..end.max(start)
}

/// The opening quote of a text that is not closed on its line: on this line or on the one before it with words.
fn open_quote(text: &str, line_start: usize, line_end: usize) -> Option<usize> {
    let open_in = |from: usize, to: usize| {
        let line = &text[from..to];
        // A comment holds whatever it likes; three quotes begin a text of several lines.
        if line.contains("\"\"\"") || line.trim_start().starts_with('#') {
            return None;
        }
        let quotes: Vec<usize> =
            line.match_indices('"').map(|(at, _)| at).filter(|at| !line[..*at].ends_with('\\')).collect();
        (quotes.len() % 2 == 1).then(|| {
            // Before a text stands what begins a value; the quote after which none does is the open one.
            let begins = |at: &&usize| line[..**at].trim_end().ends_with(['=', '[', ',', '{']);
            from + quotes.iter().rev().find(begins).copied().unwrap_or(quotes[0])
        })
    };
    open_in(line_start, line_end).or_else(|| {
        let before = text[..line_start].trim_end_matches(['\n', '\r', ' ', '\t']);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        open_in(start, before.len())
    })
}

/// The innermost bracket before `at` that is not closed before it.
fn open_bracket(text: &str, at: usize) -> Option<usize> {
    let mut open = Vec::new();
    let mut quoted = false;
    for (place, c) in text[..at].char_indices() {
        match c {
            '"' => quoted = !quoted,
            '\n' => quoted = false,
            '[' | '{' if !quoted => open.push(place),
            ']' | '}' if !quoted => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}
