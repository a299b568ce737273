//! What is wrong in a file, shown at its line, with what to write instead.

mod collect;
mod look_alikes;
mod plain;
mod read;
mod secrets;
mod slips;
mod source_file;
mod words;

use std::fmt;
use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;

pub use collect::{collect_all, parse};
pub use look_alikes::cyrillic_in;
pub use read::{is_web_page, read_bytes, read_text, why_unreadable};
use secrets::{without_secrets, without_values};
pub use source_file::SourceFile;
pub use words::Cause;

use crate::language::{Lang, Sentence};

/// A fault in a file that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Diagnostic {
    /// The file.
    pub path: Box<Path>,
    /// Its line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: Sentence,
    /// What to write instead.
    pub help: Option<Sentence>,
    /// Of which kind it is.
    #[serde(skip)]
    pub cause: Cause,
    #[serde(skip)]
    span: Range<usize>,
    #[serde(skip)]
    text: std::sync::Arc<str>,
}

impl Diagnostic {
    /// A fault at the bytes `span` of `text`, the content of `path`.
    pub fn at(path: &Path, text: &str, span: Range<usize>, message: impl Into<Sentence>) -> Self {
        let start = floor_char_boundary(text, span.start);
        let end = floor_char_boundary(text, span.end).max(start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            path: path.into(),
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            message: message.into().map(|words| without_values(text, words)),
            help: None,
            cause: Cause::Other,
            span: start..end,
            text: without_secrets(text).into(),
        }
    }

    /// A fault that the TOML parser `found` at the bytes `span`, in plain words.
    pub fn of_toml(path: &Path, text: &str, span: Range<usize>, found: &str) -> Self {
        let plain = plain::plain(text, span, found.trim());
        let mut fault = Self::at(path, text, plain.span, plain.message);
        fault.cause = plain.cause;
        match plain.help {
            Some(help) => fault.with_help(help),
            None => fault,
        }
    }

    /// Whether it speaks of these bytes of its file.
    pub fn is_at(&self, span: &Range<usize>) -> bool {
        self.span == *span
    }

    /// Adds what the file is, if another kind was meant: the commonest mistake is to pass the wrong file.
    #[must_use]
    pub fn of_other_kind(self, text: &str, meant: &str) -> Self {
        let begins = |key: &str| text.lines().any(|line| line.starts_with(key));
        let kinds = [
            ("run sheet", begins("[[step]]"), "run-sheet"),
            ("layout", begins("[[placement]]"), "layout"),
            ("wall", begins("viewing_distance_m"), "wall"),
            ("site", begins("[[source]]"), "source"),
        ];
        match kinds.into_iter().find(|(_, is, _)| *is) {
            Some((kind, _, help)) if kind != meant => self.with_help(crate::sentence!("fault-other-kind", kind = help)),
            _ => self,
        }
    }

    /// Whether it names no place in its file.
    pub fn is_of_whole_file(&self) -> bool {
        self.span == (0..0)
    }

    /// The same fault with a sentence that says what to write.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Sentence>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Diagnostic {
    /// The fault at its line, with what to write instead, in a language.
    pub fn in_lang(&self, lang: Lang) -> String {
        let path = self.path.display().to_string();
        let snippet = Snippet::source(&*self.text)
            .path(path.as_str())
            .annotation(AnnotationKind::Primary.span(self.span.clone()));
        let (error, help) = match lang {
            Lang::Ru => ("ошибка", "что делать"),
            Lang::En => ("error", "help"),
        };
        let (message, advice) = (self.message.to(lang), self.help.as_ref().map(|help| help.to(lang)));
        let mut group = Level::ERROR.with_name(error).primary_title(message.as_str()).element(snippet);
        if let Some(advice) = &advice {
            group = group.element(Level::HELP.with_name(help).message(advice.as_str()));
        }
        Renderer::plain().render(&[group])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_lang(Lang::En))
    }
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
pub fn expected<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Sentence {
    match nearest(wrong, known.clone()) {
        Some(name) => Sentence::of("fault-meant", [("name", name)]),
        None => {
            let known: Vec<&str> = known.into_iter().collect();
            Sentence::of("fault-known", [("known", known.join(", ").as_str())])
        }
    }
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
