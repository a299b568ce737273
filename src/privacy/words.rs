//! A text as words, numbers and marks, with their places.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Letters.
    Word,
    /// Digits.
    Number,
    /// One character that is neither.
    Mark,
}

/// A word, a number or a mark.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    /// What it is.
    pub class: Class,
    /// As it is written.
    pub text: &'a str,
    /// In small letters, with е for ё.
    pub lower: String,
    /// Its place in the text, in bytes.
    pub range: Range<usize>,
    /// Whether there is a space before it.
    pub spaced: bool,
}

/// A text and its tokens.
pub struct Text<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens, in order.
    pub tokens: Vec<Token<'a>>,
}

impl<'a> Text<'a> {
    /// Takes a text apart.
    pub fn new(text: &'a str) -> Self {
        let mut tokens: Vec<Token<'a>> = Vec::new();
        let mut spaced = true;
        let mut characters = text.char_indices().peekable();
        while let Some((from, c)) = characters.next() {
            let class = class_of(c);
            if c.is_whitespace() {
                spaced = true;
                continue;
            }
            let mut to = from + c.len_utf8();
            if class != Class::Mark {
                while let Some((at, next)) = characters.next_if(|(_, next)| class_of(*next) == class) {
                    to = at + next.len_utf8();
                }
            }
            let written = &text[from..to];
            let lower = written.to_lowercase().replace('ё', "е");
            tokens.push(Token { class, text: written, lower, range: from..to, spaced });
            spaced = false;
        }
        Self { text, tokens }
    }

    /// The token at a place, or none past the ends.
    pub fn get(&self, at: usize) -> Option<&Token<'a>> {
        self.tokens.get(at)
    }

    /// The token `back` places before `at`.
    pub fn before(&self, at: usize, back: usize) -> Option<&Token<'a>> {
        self.tokens.get(at.checked_sub(back)?)
    }

    /// From the first to the last token, in bytes.
    pub fn span(&self, first: usize, last: usize) -> Range<usize> {
        self.tokens[first].range.start..self.tokens[last].range.end
    }

    /// Whether a sentence begins at a token.
    pub fn begins_sentence(&self, at: usize) -> bool {
        self.before(at, 1)
            .is_none_or(|t| matches!(t.text, "." | "!" | "?" | "…" | ")" | "—" | "–") && !self.is_initial(at - 1))
    }

    /// Whether a dot at `at` ends an initial rather than a sentence.
    fn is_initial(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|at| self.get(at))
            .is_some_and(|t| t.class == Class::Word && t.text.chars().count() == 1 && t.is_capitalised())
    }
}

fn class_of(c: char) -> Class {
    if c.is_ascii_digit() {
        Class::Number
    } else if c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c) {
        Class::Word
    } else {
        Class::Mark
    }
}

impl Token<'_> {
    /// Whether it is a word.
    pub fn is_word(&self) -> bool {
        self.class == Class::Word
    }

    /// Whether it is a number.
    pub fn is_number(&self) -> bool {
        self.class == Class::Number
    }

    /// Whether it begins with a capital.
    pub fn is_capitalised(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether every letter of a word of several is a capital.
    pub fn is_shouted(&self) -> bool {
        self.text.chars().count() > 1 && self.text.chars().all(char::is_uppercase)
    }

    /// Letters.
    pub fn letters(&self) -> usize {
        self.text.chars().count()
    }
}
