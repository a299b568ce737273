//! A fault in plain words, and the words that many faults share.

use std::ops::Range;

use crate::language::Sentence;

/// Kind of a fault, for code that continues after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cause {
    /// A key or a value that is not known here.
    UnknownName,
    /// A key that must be there is not.
    MissingKey,
    /// Any other.
    #[default]
    Other,
}

/// A fault in plain words.
pub struct Plain {
    /// Where it is, in bytes: not always where the reader noticed it.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: Sentence,
    /// What to write instead.
    pub help: Option<Sentence>,
    /// Of which kind it is.
    pub cause: Cause,
}

impl Plain {
    pub(super) fn new(span: Range<usize>, message: Sentence) -> Self {
        Self { span, message, help: None, cause: Cause::Other }
    }

    pub(super) fn help(self, help: Sentence) -> Self {
        Self { help: Some(help), ..self }
    }
}

/// To write this.
pub(super) fn write(text: &str) -> Sentence {
    Sentence::of("fault-write", [("text", text)])
}
