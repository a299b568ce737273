//! A file while it is judged.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;

use super::Diagnostic;
use crate::language::Sentence;

/// A file and its text: says what is wrong in it, and what it names relative to itself.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    /// The file.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
}

impl SourceFile<'_> {
    /// A fault at these bytes, with what to write instead.
    pub fn fault(&self, span: Range<usize>, message: Sentence, help: Sentence) -> Diagnostic {
        Diagnostic::at(self.path, self.text, span, message).with_help(help)
    }

    /// A fault of something that was read.
    pub fn fault_of<T>(&self, at: &Spanned<T>, message: Sentence, help: Sentence) -> Diagnostic {
        self.fault(at.span(), message, help)
    }

    /// Where the files lie that it names.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// The name of a layout as it is loaded: one that is a file lies beside this file.
    pub fn layout_name(&self, name: &str) -> String {
        if name.contains(".toml") { self.folder().join(name).to_string_lossy().into_owned() } else { name.to_owned() }
    }
}
