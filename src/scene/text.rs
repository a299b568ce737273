//! Text to glyphs: shaping, equal cells for digits, cutting with an ellipsis.

use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

use cosmic_text::{Attrs, Buffer, Family, FontSystem, Metrics, Shaping, Wrap, fontdb};

use super::characters::drawable;
use super::face::Face;
use crate::geometry::{WallRect, rect};
use crate::language::Sentence;
use crate::privacy::MASK;

/// The weight of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "u16")]
pub enum Weight {
    /// 400: notes and feeds.
    Regular,
    /// 500: units and names in lists.
    Medium,
    /// 600: labels, titles, numbers.
    SemiBold,
}

impl TryFrom<u16> for Weight {
    type Error = Sentence;

    fn try_from(weight: u16) -> Result<Self, Sentence> {
        match weight {
            400 => Ok(Self::Regular),
            500 => Ok(Self::Medium),
            600 => Ok(Self::SemiBold),
            other => Err(crate::sentence!("panel-weight", weight = other)),
        }
    }
}

/// How text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextStyle {
    /// The font size in wall pixels.
    pub size: f32,
    /// The weight.
    pub weight: Weight,
    /// Extra letter spacing, in em.
    pub tracking: f32,
    /// Whether all digits have the same advance, so that columns align and tweened numbers do not jitter.
    pub tabular: bool,
}

/// One glyph of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Its font.
    pub face: Face,
    /// Its number in the font.
    pub id: u16,
    /// From the start of the run to the glyph's origin, in wall pixels.
    pub x: f32,
    /// From the baseline down to the glyph's origin, in wall pixels.
    pub y: f32,
}

/// Shaped text, from the start of its baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct TextRun {
    /// What it says.
    pub text: String,
    /// The font size in wall pixels.
    pub size: f32,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
    /// Advance of the whole run, in wall pixels.
    pub width: f32,
    /// Ink bounds in wall pixels, relative to the start of the baseline.
    pub bounds: WallRect,
    /// Left edges of the bars that stand for masked personal data, in wall pixels from the start of the run.
    pub masks: Vec<f32>,
}

impl TextRun {
    /// Whether it is an icon, and no words.
    pub fn is_icon(&self) -> bool {
        self.glyphs.iter().any(|glyph| matches!(glyph.face, Face::IconBold | Face::IconFill))
    }
}

/// Bar that stands for masked text: width, height and corner radius, in em. The width is fixed, so that it does not
/// tell the length of what it hides.
pub const MASK_BAR: (f32, f32, f32) = (2.2, 0.71, 0.14);

/// Runs that have not been asked for in this many generations are forgotten.
const KEEP_GENERATIONS: u64 = 8;

#[derive(PartialEq, Eq, Hash)]
struct Key {
    text: String,
    size: u32,
    face: Face,
    tracking: u32,
    tabular: bool,
}

/// Shapes text and remembers what it has shaped; the result depends on the arguments only.
pub struct Shaper {
    fonts: FontSystem,
    faces: HashMap<fontdb::ID, Face>,
    runs: HashMap<Key, (Arc<TextRun>, u64)>,
    generation: u64,
}

impl Default for Shaper {
    fn default() -> Self {
        Self::new()
    }
}

impl Shaper {
    /// A shaper with the bundled fonts and no other.
    pub fn new() -> Self {
        let mut database = fontdb::Database::new();
        let mut faces = HashMap::new();
        for face in Face::ALL {
            let source = fontdb::Source::Binary(Arc::new(face.bytes()));
            faces.extend(database.load_font_source(source).into_iter().map(|id| (id, face)));
        }
        let fonts = FontSystem::new_with_locale_and_db("ru".to_owned(), database);
        Self { fonts, faces, runs: HashMap::new(), generation: 0 }
    }

    /// Shapes one line.
    pub fn shape(&mut self, text: &str, style: TextStyle) -> Arc<TextRun> {
        let face = match style.weight {
            Weight::Regular => Face::Regular,
            Weight::Medium => Face::Medium,
            Weight::SemiBold => Face::SemiBold,
        };
        self.shape_in(text, face, style)
    }

    /// Shapes a single character of an icon font.
    pub fn icon(&mut self, icon: super::Icon, size: f32) -> Arc<TextRun> {
        let style = TextStyle { size, weight: Weight::Regular, tracking: 0.0, tabular: false };
        self.shape_in(icon.character.encode_utf8(&mut [0; 4]), icon.face, style)
    }

    /// Shapes one line no wider than `width`: what does not fit is cut at the end with an ellipsis.
    pub fn fit(&mut self, text: &str, style: TextStyle, width: f32) -> Arc<TextRun> {
        let run = self.shape(text, style);
        if run.width <= width {
            return run;
        }
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let (mut low, mut high) = (0, ends.len());
        while low + 1 < high {
            let middle = (low + high) / 2;
            if self.shape(&cut(text, ends[middle]), style).width <= width { low = middle } else { high = middle }
        }
        self.shape(&cut(text, ends.get(low).copied().unwrap_or(0)), style)
    }

    /// Breaks text into lines no wider than `width`, at spaces where there are any; at most `limit` lines,
    /// the last cut with an ellipsis.
    pub fn wrap(&mut self, text: &str, style: TextStyle, width: f32, limit: usize) -> Vec<Arc<TextRun>> {
        let mut lines: Vec<String> = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for word in paragraph.split_ascii_whitespace() {
                let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if !line.is_empty() && self.shape(&longer, style).width > width {
                    lines.push(std::mem::replace(&mut line, word.to_owned()));
                } else {
                    line = longer;
                }
            }
            lines.push(line);
        }
        if lines.len() > limit {
            let rest = lines.split_off(limit).join(" ");
            if let Some(last) = lines.last_mut() {
                last.push(' ');
                last.push_str(&rest);
            }
        }
        lines.iter().map(|line| self.fit(line, style, width)).collect()
    }

    /// Evicts runs that were not requested lately. Call once per composed frame.
    pub fn end_generation(&mut self) {
        self.generation += 1;
        if self.generation.is_multiple_of(KEEP_GENERATIONS) {
            let oldest = self.generation - KEEP_GENERATIONS;
            self.runs.retain(|_, (_, used)| *used >= oldest);
        }
    }

    fn shape_in(&mut self, text: &str, face: Face, style: TextStyle) -> Arc<TextRun> {
        let size = style.size.clamp(1.0, 2000.0);
        let key = Key {
            text: text.to_owned(),
            size: size.to_bits(),
            face,
            tracking: style.tracking.to_bits(),
            tabular: style.tabular,
        };
        if let Some((run, used)) = self.runs.get_mut(&key) {
            *used = self.generation;
            return run.clone();
        }
        let run = Arc::new(self.shape_anew(text, face, TextStyle { size, ..style }));
        self.runs.insert(key, (run.clone(), self.generation));
        run
    }

    fn shape_anew(&mut self, text: &str, face: Face, style: TextStyle) -> TextRun {
        let size = style.size;
        let (family, weight) = match face {
            Face::Regular => ("Golos Text", 400),
            Face::Medium => ("Golos Text", 500),
            Face::SemiBold => ("Golos Text", 600),
            Face::IconBold => ("Phosphor-Bold", 400),
            Face::IconFill => ("Phosphor-Fill", 400),
            Face::Sans => ("Noto Sans", 400),
            Face::Signs => ("Noto Sans Math", 400),
            Face::Emoji => ("Noto Emoji", 400),
        };
        let drawable = drawable(text, face);
        let text = &*drawable;
        let attrs =
            Attrs::new().family(Family::Name(family)).weight(fontdb::Weight(weight)).letter_spacing(style.tracking);
        let mut buffer = Buffer::new_empty(Metrics::new(size, size * 1.2));
        buffer.set_wrap(Wrap::None);
        buffer.set_text(text, &attrs, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.fonts, false);
        let cell = style.tabular.then(|| digit_cell(face) * size);
        let mut glyphs = Vec::new();
        let mut masks = Vec::new();
        let mut width: f32 = 0.0;
        for run in buffer.layout_runs() {
            for glyph in run.glyphs {
                if masked(text, glyph.start) {
                    // The first of its characters stands for all.
                    if text[glyph.start..].starts_with(MASK) && !masked(text, glyph.start.wrapping_sub(DOT)) {
                        masks.push(width);
                        width += MASK_BAR.0 * size;
                    }
                    continue;
                }
                let digit =
                    text.get(glyph.start..glyph.end).is_some_and(|c| c.len() == 1 && c.as_bytes()[0].is_ascii_digit());
                let advance = cell
                    .filter(|_| digit)
                    .unwrap_or(glyph.w - if cell.is_some() { style.tracking * size } else { 0.0 });
                let centring =
                    if cell.is_some() && digit { (advance - (glyph.w - style.tracking * size)) / 2.0 } else { 0.0 };
                glyphs.push(Glyph {
                    face: self.faces.get(&glyph.font_id).copied().unwrap_or(face),
                    id: glyph.glyph_id,
                    x: width + centring + glyph.x_offset * size,
                    y: -glyph.y_offset * size,
                });
                width += advance + if cell.is_some() { style.tracking * size } else { 0.0 };
            }
        }
        // Ink stays within the font's ascent and descent; accents over capitals reach a little higher.
        let bounds = rect(-0.1 * size, -1.05 * size, width + 0.2 * size, 1.35 * size);
        TextRun { text: text.to_owned(), size, glyphs, width, bounds, masks }
    }
}

/// The bytes of each character of a mask.
const DOT: usize = MASK.len() / 3;

/// Whether the character at a byte of a text belongs to a mask.
fn masked(text: &str, at: usize) -> bool {
    (0..3).any(|back| {
        let start = at.wrapping_sub(back * DOT);
        text.get(start..).is_some_and(|rest| rest.starts_with(MASK))
    })
}

/// The width of the widest digit, as a part of the size: measured in the bundled fonts.
fn digit_cell(face: Face) -> f32 {
    match face {
        Face::Regular => 0.620,
        Face::Medium => 0.630,
        _ => 0.639,
    }
}

fn cut(text: &str, at: usize) -> String {
    format!("{}…", text[..at].trim_end_matches([' ', ',', '.', '\u{a0}', '-', '–', '«', '(', '•']))
}

#[cfg(test)]
mod tests {
    use super::super::clean;
    use super::*;
    use proptest::prelude::*;

    fn style(tabular: bool) -> TextStyle {
        TextStyle { size: 100.0, weight: Weight::SemiBold, tracking: -0.02, tabular }
    }

    #[test]
    fn digits_stand_in_equal_cells() {
        let mut shaper = Shaper::new();
        let widths: Vec<f32> = ["1111", "4816", "0000"].iter().map(|t| shaper.shape(t, style(true)).width).collect();
        assert!(widths.windows(2).all(|w| (w[0] - w[1]).abs() < 0.01), "{widths:?}");
        let own = shaper.shape("1111", style(false)).width;
        assert!(own < widths[0] - 10.0, "{own}");
    }

    #[test]
    fn every_character_that_the_wall_uses_is_in_the_fonts() {
        let mut shaper = Shaper::new();
        let text = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя0123456789−–—№²°…«»„“₽%·:,.()!?/ABCxyz©\u{a0}";
        for glyph in &shaper.shape(text, style(false)).glyphs {
            assert_ne!(glyph.id, 0);
            assert_eq!(glyph.face, Face::SemiBold);
        }
        let icon = super::super::icon_named("phone", false);
        assert_eq!(shaper.icon(icon, 20.0).glyphs[0].face, Face::IconBold);
        assert_ne!(shaper.icon(icon, 20.0).glyphs[0].id, 0);
    }

    #[test]
    fn what_residents_write_is_drawn_and_the_rest_is_a_plain_sign() {
        let mut shaper = Shaper::new();
        for (text, expected) in [
            ("≥ 5 → 7 ≤ ←", "≥ 5 → 7 ≤ ←"),
            ("Пожар 🔥🚨 ☎ ✔", "Пожар 🔥🚨 ☎ ✔"),
            ("Әлем Ғылым ҙ ҡ ӝ", "Әлем Ғылым ҙ ҡ ӝ"),
            ("мы 👨‍👩‍👧 тут ☎️", "мы 👨👩👧 тут ☎"),
            ("مرحبا بكم 12", "[…] 12"),
            ("Z\u{337}a\u{337} и", "Za и"),
            ("текст 你好 世界 конец", "текст […] конец"),
        ] {
            let run = shaper.shape(text, style(false));
            assert_eq!(run.text, expected);
            assert!(run.glyphs.iter().all(|glyph| glyph.id != 0), "{text}: {:?}", run.glyphs);
        }
        let run = shaper.shape("🔥", style(false));
        assert_eq!(run.glyphs[0].face, Face::Emoji);
    }

    #[test]
    fn a_mask_is_a_bar_of_one_width_and_part_of_one_is_not_shown() {
        let mut shaper = Shaper::new();
        let run = shaper.shape("д. •••, тел. •••", style(false));
        let [first, second] = run.masks[..] else { panic!("{:?}", run.masks) };
        assert!(first > 0.0 && second > first + 220.0);
        assert!((run.width - second - 220.0).abs() < 0.1, "{} {second}", run.width);
        let dots = run.text.chars().filter(|c| *c == '•').count();
        assert_eq!(run.glyphs.len(), run.text.chars().count() - dots);
        assert_eq!(cut("у дома •••, второй", "у дома ••".len()), "у дома…");
        assert!(shaper.shape("• первый • второй", style(false)).masks.is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn fitted_text_is_never_wider_than_its_place(text in "\\PC{0,60}", width in 200f32..2000.0) {
            let mut shaper = Shaper::new();
            let text = clean(&text, 500);
            prop_assert!(shaper.fit(&text, style(false), width).width <= width);
            for line in shaper.wrap(&text, style(false), width, 3) {
                prop_assert!(line.width <= width);
            }
        }
    }
}
