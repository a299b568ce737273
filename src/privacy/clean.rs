//! Text from outside, made fit to be shown: what cannot be seen, what turns the line around and what piles
//! up over other lines is taken out.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest text, in characters: a wall shows two lines of it.
pub const LONGEST: usize = 2000;
/// Markup within markup is read no deeper.
const DEEPEST_MARKUP: usize = 16;
/// Marks over one letter: the Cyrillic stress and breve need one, no alphabet on a wall needs three.
const MAX_MARKS: usize = 2;

/// The text in composed form (NFC), on one line, without control, format and private characters, at most
/// [`LONGEST`] characters; a cut one ends in an ellipsis.
pub fn clean(raw: &str) -> String {
    let mut text = once(raw);
    // What was written for a browser twice over is a tag only now.
    for _ in 0..DEEPEST_MARKUP {
        if !text.contains(['<', '&']) {
            break;
        }
        let again = once(&text);
        if again == text {
            break;
        }
        text = again;
    }
    text
}

fn once(raw: &str) -> String {
    let raw = &*without_markup(raw);
    let mut out = String::with_capacity(raw.len().min(4 * LONGEST));
    let (mut kept, mut marks, mut spaced) = (0, 0, true);
    // Only so much is looked at: a text of a gigabyte costs no more than one of a page.
    for c in raw.chars().take(8 * LONGEST).flat_map(plain).nfc() {
        if kept == LONGEST {
            out.pop();
            out.push('…');
            break;
        }
        if is_combining_mark(c) {
            marks += 1;
            if marks > MAX_MARKS || spaced {
                continue;
            }
        } else {
            marks = 0;
        }
        if c.is_whitespace() || c.is_control() {
            if !spaced {
                out.push(if c == '\u{a0}' { c } else { ' ' });
                kept += 1;
            }
            spaced = true;
            continue;
        }
        if is_unseen(c) {
            continue;
        }
        spaced = false;
        out.push(c);
        kept += 1;
    }
    out.truncate(out.trim_end().len());
    out
}

/// The text of what was written for a browser: without tags, with the characters that entities name. What only looks
/// like a tag, «<20 м/с>», stays.
fn without_markup(raw: &str) -> Cow<'_, str> {
    let raw = raw.char_indices().nth(8 * LONGEST).map_or(raw, |(end, _)| &raw[..end]);
    if !raw.contains(['<', '&']) {
        return Cow::Borrowed(raw);
    }
    let text = TAG.replace_all(raw, " ");
    let resolved = ENTITY.replace_all(&text, |found: &regex::Captures<'_>| {
        let name = &found[1];
        let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        });
        match number.and_then(char::from_u32) {
            Some(c) => c.to_string(),
            None => quick_xml::escape::resolve_html5_entity(name).map_or_else(|| found[0].to_owned(), str::to_owned),
        }
    });
    Cow::Owned(resolved.into_owned())
}

/// Tags, comments, and what scripts and styles hold.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"(?is)<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)\s*>|</?(?:a|abbr|b|blockquote|body|br|center|cite|code|dd|div|dl|dt|em|figure|figcaption|font|h[1-6]|head|hr|html|i|iframe|img|ins|li|mark|nobr|ol|p|pre|q|s|small|span|strike|strong|sub|sup|table|tbody|td|th|thead|title|tr|tt|u|ul|video|wbr)(?:\s[^<>]*)?/?>",
    )
});

static ENTITY: LazyLock<Regex> =
    LazyLock::new(|| super::pattern(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"));

/// Letters and digits in disguise as what they are, so that «９００» is known to be a number.
fn plain(c: char) -> impl Iterator<Item = char> {
    let disguised = matches!(c as u32,
        0xFF01..=0xFF5E | 0x1D400..=0x1D7FF | 0x2460..=0x2473 | 0x2070..=0x2079 | 0x2080..=0x2089 | 0x24B6..=0x24E9);
    let mut folded = std::iter::once(c).nfkc();
    let simple = if disguised { folded.next() } else { Some(c) };
    let rest = if disguised { folded.next() } else { None };
    let digit = match c as u32 {
        0x0660..=0x0669 => char::from_digit(c as u32 - 0x0660, 10),
        0x06F0..=0x06F9 => char::from_digit(c as u32 - 0x06F0, 10),
        _ => None,
    };
    digit.or(simple).into_iter().chain(rest)
}

/// Characters without a picture of their own: directions, joiners, tags, private use, not characters.
fn is_unseen(c: char) -> bool {
    matches!(c as u32,
        0x00AD | 0x034F | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFF
        | 0xE000..=0xF8FF | 0xE0000..=0x10FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_is_taken_out() {
        assert_eq!(clean("а\u{202e}б\u{200b}в\u{0}г\r\n\t  д"), "абв г д");
        assert_eq!(clean("и\u{306} е\u{308}"), "й ё");
        assert_eq!(clean("х\u{301}\u{302}\u{303}\u{304}\u{305}!").chars().count(), 4);
        assert_eq!(clean("\u{301}\u{302} а"), "а");
        assert_eq!(clean("тел. ９００ １２３ и ٤٥"), "тел. 900 123 и 45");
        assert_eq!(clean("5\u{a0}км"), "5\u{a0}км");
        assert_eq!(clean("  "), "");
    }

    #[test]
    fn a_long_text_is_cut() {
        let cut = clean(&"ж".repeat(1_000_000));
        assert_eq!(cut.chars().count(), LONGEST);
        assert!(cut.ends_with('…'));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(raw in ".{0,80}") {
            let once = clean(&raw);
            prop_assert_eq!(clean(&once), once.clone());
            prop_assert!(!once.chars().any(|c| c.is_control() || is_unseen(c)));
        }
    }
}
