//! Icons by name: glyphs of the bundled Phosphor fonts.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::face::Face;

/// A glyph of an icon font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Icon {
    /// The bold face on tiles, the filled one for alarms.
    pub face: Face,
    /// Its code point.
    pub character: char,
}

static TABLE: LazyLock<HashMap<String, HashMap<String, String>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../assets/fonts/phosphor.json")).unwrap_or_default());

/// The icon called `name`; a plain circle of a clock stands for one that is not bundled.
pub fn icon_named(name: &str, filled: bool) -> Icon {
    let (face, style) = if filled { (Face::IconFill, "fill") } else { (Face::IconBold, "bold") };
    let lookup = |name: &str| {
        let code = TABLE.get(style)?.get(name)?;
        char::from_u32(u32::from_str_radix(code, 16).ok()?)
    };
    let character = lookup(name).or_else(|| lookup("clock")).unwrap_or('?');
    Icon { face, character }
}

/// Whether an icon of this name is bundled.
pub fn has_icon(name: &str, filled: bool) -> bool {
    TABLE.get(if filled { "fill" } else { "bold" }).is_some_and(|names| names.contains_key(name))
}

/// The names of all icons, to find the one that was meant.
pub fn icon_names() -> impl Iterator<Item = &'static str> + Clone {
    TABLE.values().flat_map(|names| names.keys().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_and_unknown_ones_have_a_stand_in() {
        assert_ne!(icon_named("phone", false), icon_named("globe", false));
        assert_eq!(icon_named("no such icon", false), icon_named("clock", false));
        assert_eq!(icon_named("plugs", true).face, Face::IconFill);
    }
}
