//! Which characters of a text can be drawn, and what stands for the others.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::face::Face;

/// What stands for characters that no font of the wall has: something was written here, in another script.
pub const UNDRAWN: &str = "[…]";

/// A text without characters that cannot be drawn: each run of them becomes one [`UNDRAWN`]. Joiners and emoji
/// modifiers are dropped.
pub(super) fn drawable(text: &str, face: Face) -> Cow<'_, str> {
    let is_icon = matches!(face, Face::IconBold | Face::IconFill);
    if is_icon || text.chars().all(|c| c == ' ' || has_glyph(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut undrawn = false;
    let mut spaces = String::new();
    for c in text.chars() {
        if is_joint(c) || (is_mark(c) && !has_glyph(c)) {
            continue;
        }
        if c.is_whitespace() {
            spaces.push(c);
        } else if has_glyph(c) {
            undrawn = false;
            out.push_str(&std::mem::take(&mut spaces));
            out.push(c);
        } else {
            if !undrawn {
                out.push_str(&spaces);
                out.push_str(UNDRAWN);
            }
            spaces.clear();
            undrawn = true;
        }
    }
    out.push_str(&spaces);
    Cow::Owned(out)
}

/// The first character of a text that no font of the wall has.
pub fn undrawn(text: &str) -> Option<char> {
    text.chars().find(|c| !(c.is_whitespace() || is_joint(*c) || is_mark(*c) || has_glyph(*c)))
}

/// Whether a character changes how those around it look, and is nothing by itself.
fn is_joint(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{20e3}')
}

/// Whether a character stands over or under the one before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether any font of the wall's text has a character.
fn has_glyph(c: char) -> bool {
    static FONTS: LazyLock<Vec<swash::FontRef<'static>>> = LazyLock::new(|| {
        let faces = [Face::Regular, Face::Sans, Face::Signs, Face::Emoji];
        faces.into_iter().filter_map(|face| swash::FontRef::from_index(face.bytes(), 0)).collect()
    });
    // The commonest first, without a look into the fonts.
    matches!(c, ' '..='~' | 'А'..='я' | 'ё' | 'Ё' | '\u{a0}' | '•')
        || c.is_control()
        || FONTS.iter().any(|font| font.charmap().map(c) != 0)
}

/// Untrusted text made safe to draw: control and bidirectional control characters are dropped, at most two
/// combining marks follow a character, white space is single, and what is longer than `limit` characters is
/// cut.
pub fn clean(text: &str, limit: usize) -> String {
    let mut cleaned = String::new();
    let mut marks = 0;
    let mut count = 0;
    for character in text.chars() {
        let bidi = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}');
        let invisible =
            matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
        let combining = is_mark(character);
        marks = if combining { marks + 1 } else { 0 };
        if bidi || invisible || marks > 2 {
            continue;
        }
        let space = character.is_control() || (character.is_whitespace() && character != '\u{a0}');
        if space && cleaned.ends_with([' ', '\u{a0}']) {
            continue;
        }
        if count == limit {
            cleaned.push('…');
            break;
        }
        cleaned.push(if space { ' ' } else { character });
        count += 1;
    }
    cleaned.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn cleaned_text_is_short_and_has_no_controls(text in any::<String>(), limit in 1..40usize) {
            let cleaned = clean(&text, limit);
            prop_assert!(cleaned.chars().count() <= limit + 1);
            let forbidden = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
            prop_assert!(!cleaned.chars().any(forbidden));
            prop_assert_eq!(clean(&cleaned, limit + 1), cleaned);
        }
    }
}
