//! What is wrong in a file, shown at its line, with what to write instead.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A fault in a file that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Diagnostic {
    /// The file.
    pub path: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    #[serde(skip)]
    span: Range<usize>,
    #[serde(skip)]
    text: std::sync::Arc<str>,
}

impl Diagnostic {
    /// A fault at the bytes `span` of `text`, the content of `path`.
    pub fn at(path: &Path, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let start = floor_char_boundary(text, span.start);
        let end = floor_char_boundary(text, span.end).max(start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            message: message.into(),
            help: None,
            span: start..end,
            text: text.into(),
        }
    }

    /// Whether it speaks of these bytes of its file.
    pub fn is_at(&self, span: &Range<usize>) -> bool {
        self.span == *span
    }

    /// Whether it names no place in its file.
    pub fn is_of_whole_file(&self) -> bool {
        self.span == (0..0)
    }

    /// The same fault with a sentence that says what to write.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display().to_string();
        let snippet = Snippet::source(&*self.text)
            .path(path.as_str())
            .annotation(AnnotationKind::Primary.span(self.span.clone()));
        let mut group = Level::ERROR.primary_title(self.message.as_str()).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        write!(f, "{}", Renderer::plain().render(&[group]))
    }
}

/// Reads TOML into `T`; a key that `T` does not know is refused with the nearest one that it does.
pub fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Diagnostic> {
    toml::from_str(text).map_err(|error| {
        let message = error.message().trim().to_owned();
        let help = suggestion(&message);
        let diagnostic = Diagnostic::at(path, text, error.span().unwrap_or(0..0), message);
        match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        }
    })
}

/// Every fault of a text that `judge` finds one at a time: a `[[table]]` that is wrong is taken out before the rest is
/// judged again. What cannot be taken out ends the search.
pub fn every<T>(text: &str, judge: impl Fn(&str) -> Result<T, Diagnostic>) -> Vec<Diagnostic> {
    let mut faults: Vec<Diagnostic> = Vec::new();
    let mut left = text.to_owned();
    while let Err(mut fault) = judge(&left) {
        let Some(table) = table_around(&left, fault.span.start) else {
            // Of a file without that table it may be true, and of the file not.
            if faults.is_empty() {
                faults.push(fault);
            }
            break;
        };
        // Lines and columns stay where they are.
        let blank: String = left[table.clone()]
            .chars()
            .map(|c| if c == '\n' { "\n".into() } else { " ".repeat(c.len_utf8()) })
            .collect();
        left.replace_range(table, &blank);
        fault.text = text.into();
        faults.push(fault);
    }
    faults
}

/// The `[[table]]` that a byte lies in, its own tables `[table.of-it]` included, to the next one's beginning.
fn table_around(text: &str, at: usize) -> Option<Range<usize>> {
    let heads: Vec<usize> = text
        .split_inclusive('\n')
        .scan(0, |from, line| {
            let start = *from;
            *from += line.len();
            Some((start, line))
        })
        .filter(|(_, line)| line.starts_with("[[") || (line.starts_with('[') && !line.contains('.')))
        .map(|(start, _)| start)
        .collect();
    let own = heads.iter().rposition(|head| *head <= at)?;
    let end = heads.get(own + 1).copied().unwrap_or(text.len());
    text[heads[own]..].starts_with("[[").then_some(heads[own]..end)
}

/// The known name nearest to `wrong`, when one is near enough to have been meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(wrong, name), name))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// A sentence that offers the nearest of `known`, or lists them all.
pub fn expected<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(wrong, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known here: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

/// Reads the names out of serde's "unknown field `a`, expected one of `b`, `c`".
fn suggestion(message: &str) -> Option<String> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = quoted.next()?;
    let known: Vec<&str> = quoted.collect();
    Some(expected(wrong, known.iter().copied()))
}

fn floor_char_boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Screen {
        width: u32,
        rotation: Option<u32>,
    }

    #[test]
    fn every_wrong_table_is_said_at_its_place() {
        #[derive(Debug, Deserialize)]
        struct File {
            #[allow(dead_code)]
            item: Vec<Item>,
        }
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Item {
            #[allow(dead_code)]
            size: u8,
        }
        let text = "[[item]]\nsise = 1\n\n[[item]]\nsize = 2\n\n[[item]]\nsize = \"ё\"\n[[item]]\nsize = 300\n";
        let judge = |text: &str| parse::<File>(Path::new("a.toml"), text);
        let lines: Vec<usize> = every(text, judge).iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [2, 8, 10]);
        // What is wrong outside of such tables is said alone.
        assert_eq!(every("item = 1\n", judge).len(), 1);
        assert_eq!(every("[[item]]\nsize = = 1\n[[item]]\nsise = 1\n", judge).len(), 2);
        assert!(every("[[item]]\nsize = 1\n", judge).is_empty());
    }

    #[test]
    fn an_unknown_key_is_shown_at_its_place_with_the_nearest_known_one() {
        let text = "width = 5\nrotatoin = 90\n";
        let fault = parse::<Screen>(Path::new("wall.toml"), text).unwrap_err();
        assert_eq!((fault.line, fault.column), (2, 1));
        assert_eq!(fault.help.as_deref(), Some("did you mean `rotation`?"));
        let shown = fault.to_string();
        assert!(shown.contains("wall.toml:2:1") && shown.contains("rotatoin = 90"), "{shown}");
    }

    #[test]
    fn columns_are_counted_in_characters() {
        let fault = Diagnostic::at(Path::new("a.toml"), "имя = 5", 9..10, "no");
        assert_eq!((fault.line, fault.column), (1, 7));
    }

    #[test]
    fn a_span_outside_the_text_or_inside_a_character_does_not_panic() {
        for span in [0..0, 1..2, 3..900, 900..901] {
            let _ = Diagnostic::at(Path::new("a.toml"), "ёж", span, "no").to_string();
        }
    }
}
