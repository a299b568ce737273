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

/// What is no TOML at all.
pub fn syntax(text: &str, span: &Range<usize>, found: &str) -> Option<Plain> {
    let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[span.start..].find('\n').map_or(text.len(), |at| span.start + at);
    let rest = &text[span.start..line_end];
    let first = rest.chars().next();
    if found == "duplicate key" {
        let key = text.get(span.clone()).unwrap_or_default();
        let plain = Plain::new(span.clone(), Sentence::of("fault-twice", [("name", key)]));
        let single = text[line_start..].starts_with('[') && !text[line_start..].starts_with("[[");
        let help = if single && REPEATED.contains(&key) {
            write(&format!("[[{key}]]"))
        } else {
            Sentence::of("fault-twice-help", [])
        };
        return Some(plain.help(help));
    }
    let known = [
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
    if !known.iter().any(|start| found.starts_with(start)) {
        return None;
    }
    if let Some(at) =
        text[line_start..line_end].find(is_odd_blank).filter(|at| line_start + at >= span.start.saturating_sub(3))
    {
        let at = line_start + at;
        let width = text[at..].chars().next().map_or(1, char::len_utf8);
        return Some(
            Plain::new(at..at + width, Sentence::of("fault-odd-blank", []))
                .help(Sentence::of("fault-odd-blank-help", [])),
        );
    }
    if first.is_some_and(|c| matches!(c, '«' | '“' | '„' | '”' | '‘' | '’')) {
        let words = rest
            .trim_start_matches(['«', '“', '„', '”', '‘', '’'])
            .split(['»', '”', '“', '’'])
            .next()
            .unwrap_or_default();
        return Some(
            Plain::new(span.clone(), Sentence::of("fault-curly-quotes", [])).help(write(&format!("\"{words}\""))),
        );
    }
    // A quote that is not closed is noticed only lines later.
    if let Some(at) = open_quote(text, line_start, line_end) {
        return Some(
            Plain::new(at..at + 1, Sentence::of("fault-open-quote", []))
                .help(Sentence::of("fault-open-quote-help", [])),
        );
    }
    if found.starts_with("invalid unquoted key") {
        let token = token_around(text, span.start);
        let key = &text[token.clone()];
        if let Some((latin, letters)) = latin_of(key) {
            return Some(Plain::new(token.clone(), of_letters(key, &letters)).help(write(&latin)));
        }
        let message = Sentence::of("fault-key-letters", [("name", key)]);
        return Some(Plain::new(token, message).help(Sentence::of("fault-key-letters-help", [])));
    }
    let near = |number: &regex::Match<'_>| {
        line_start + number.end() + 2 >= span.start && line_start + number.start() <= span.start
    };
    let numbers = COMMA.captures_iter(&text[line_start..line_end]);
    if let Some(number) = numbers.into_iter().find(|found| found.get(0).is_some_and(|all| near(&all))) {
        let help = write(&format!("{}.{}", &number[1], &number[2]));
        return Some(Plain::new(span.clone(), Sentence::of("fault-decimal-comma", [])).help(help));
    }
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect();
    let said = match word.to_lowercase().as_str() {
        "true" | "да" | "yes" | "on" | "вкл" | "истина" => Some("true"),
        "false" | "нет" | "no" | "off" | "выкл" | "ложь" => Some("false"),
        _ => None,
    };
    let in_value = text[line_start..span.start].trim_end().ends_with('=');
    if let (Some(said), true) = (said, in_value) {
        return Some(
            Plain::new(span.clone(), Sentence::of("fault-not-a-boolean", [("got", word.as_str())])).help(write(said)),
        );
    }
    if first == Some(';') {
        return Some(
            Plain::new(span.clone(), Sentence::of("fault-semicolon", []))
                .help(Sentence::of("fault-semicolon-help", [])),
        );
    }
    let line = &text[line_start..line_end];
    let colon = line.find(':').filter(|at| line[..*at].chars().all(|c| c.is_alphanumeric() || " _-.".contains(c)));
    if let Some(at) = colon.filter(|_| found.starts_with("key with no value")) {
        let at = line_start + at;
        let help = Sentence::of("fault-colon-help", []);
        return Some(Plain::new(at..at + 1, Sentence::of("fault-colon", [])).help(help));
    }
    if found.starts_with("string values must be quoted") {
        let words = rest.split([',', '}', ']']).next().unwrap_or_default().trim();
        return Some(Plain::new(span.clone(), Sentence::of("fault-unquoted", [])).help(write(&format!("\"{words}\""))));
    }
    if let Some(at) =
        open_bracket(text, span.start).filter(|_| found.starts_with("missing comma") || found.starts_with("unclosed"))
    {
        let bracket = &text[at..=at];
        let message = Sentence::of("fault-open-bracket", [("bracket", bracket)]);
        let close = if bracket == "[" { "]" } else { "}" };
        return Some(
            Plain::new(at..at + 1, message).help(Sentence::of("fault-open-bracket-help", [("bracket", close)])),
        );
    }
    Some(Plain::new(span.clone(), Sentence::of("fault-syntax", [("found", found)])))
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
