//! The visual language as data: colours, sizes and form, from the smallest type size `u` upwards.
//!
//! A theme is a file in `assets/themes`; a wall and a layout choose one and change what they will of it.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::language::Sentence;

use serde::Deserialize;
use toml::Spanned;

use super::vision::{Cones, difference};
use super::{Colour, Picture, Ramp, TextStyle, Weight};

/// The themes that come with the program.
pub const BUILT_IN: [(&str, &str); 3] = [
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    ("contrast", include_str!("../../assets/themes/contrast.toml")),
];

/// The colours of a theme, by role.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Palette {
    /// Under everything, and in the gutters.
    pub ground: Colour,
    /// The light in the middle of the wall.
    pub glow: Colour,
    /// A panel, at its top.
    pub panel_top: Colour,
    /// A panel, at its bottom.
    pub panel_bottom: Colour,
    /// The line around a panel.
    pub panel_border: Colour,
    /// A tile under an icon.
    pub raised: Colour,
    /// Rules between rows.
    pub hairline: Colour,
    /// The empty part of a bar.
    pub track: Colour,
    /// Axes and outlines of chips.
    pub axis: Colour,
    /// A bar in the place of what is personal.
    pub mask: Colour,
    /// Land on the map.
    pub land: Colour,
    /// The outline of the region.
    pub outline: Colour,
    /// Borders between municipalities, already mixed with the land.
    pub inner_border: Colour,
    /// Rivers.
    pub river: Colour,
    /// Text.
    pub text: Colour,
    /// Quiet text.
    pub quiet: Colour,
    /// Text of a panel whose data is old.
    pub old: Colour,
    /// Today's data.
    pub now: Colour,
    /// Bars of hours that are over.
    pub now_past: Colour,
    /// The year ago.
    pub before: Colour,
    /// Better.
    pub good: Colour,
    /// An early signal, ageing data.
    pub warn: Colour,
    /// Worse, overdue, broken.
    pub bad: Colour,
    /// Text on the last three.
    pub ink: Colour,
    /// Under text that stands on the map.
    pub plate: Colour,
    /// Under the stamp of old data.
    pub pill: Colour,
    /// Colours of series, in this order.
    pub series: [Colour; 8],
    /// The heat ramp, from none to most, evenly lighter or darker.
    pub heat: [Colour; 9],
}

/// Least OKLab difference between the colours of two states: twice what is just noticeable. Shape and word tell them
/// apart, too.
const LEAST_DIFFERENCE: f64 = 0.04;

impl Palette {
    /// The first two states whose colours look alike with some kind of colour vision; none if all differ.
    pub fn alike(&self) -> Option<(&'static str, &'static str)> {
        let states = [("good", self.good), ("warn", self.warn), ("bad", self.bad), ("old", self.old)];
        let pairs =
            states.iter().enumerate().flat_map(|(at, one)| states[at + 1..].iter().map(move |other| (one, other)));
        let alike = |a: Colour, b: Colour| Cones::EACH.iter().any(|cones| difference(a, b, *cones) < LEAST_DIFFERENCE);
        pairs.into_iter().find(|(a, b)| alike(a.1, b.1)).map(|(a, b)| (a.0, b.0))
    }

    /// The colours of old data: grey, and on a dark ground darker than the stamp that says since when.
    fn faded(&self) -> Self {
        let (grey, under) = (self.old, self.panel_bottom);
        Self {
            text: grey,
            quiet: grey,
            now: grey,
            good: grey,
            warn: grey,
            bad: grey,
            ink: under,
            now_past: grey.mix(under, 0.5),
            before: grey.mix(under, 0.4),
            outline: grey.mix(under, 0.3),
            inner_border: self.inner_border.mix(self.land, 0.4),
            river: self.river.mix(self.land, 0.5),
            // A hint of what they were: what is told apart by colour still is.
            series: self.series.map(|colour| colour.mix(grey, 0.7).mix(under, 0.2)),
            heat: self.heat.map(|colour| colour.mix(colour.grey(), 0.75).mix(self.ground, 0.28)),
            ..self.clone()
        }
    }

    /// The heat ramp at a place on it, from 0 to 1: mixed in sRGB between its stops.
    pub fn heat_at(&self, t: f32) -> Colour {
        let place = t.clamp(0.0, 1.0) * 8.0;
        let below = (place as usize).min(7);
        self.heat[below].mix(self.heat[below + 1], place - below as f32)
    }
}

/// How text of one role is set.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Type {
    /// In units of the smallest type.
    size: f32,
    weight: Weight,
    /// In parts of the size.
    #[serde(default)]
    tracking: f32,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scale {
    note: Type,
    list: Type,
    label: Type,
    title: Type,
    page_title: Type,
    unit: Type,
    clock: Type,
    number: Type,
}

/// Edges and corners, in units of the smallest type.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The radius of a panel's corners.
    pub radius: f32,
    /// The width of the line around it.
    pub border: f32,
    /// Spacing steps per unit u.
    pub steps: f32,
    /// How far its shadow reaches below it.
    #[serde(default)]
    pub shadow: f32,
}

/// A theme file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    palette: Palette,
    scale: Scale,
    form: Form,
}

/// How things move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// Changes are animated.
    #[default]
    Full,
    /// Changes appear at once.
    Reduced,
}

/// A choice of a theme and what is changed of it: `theme = "light"` or a table.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct ThemeChoice {
    /// One of [`BUILT_IN`]; the dark one by default.
    pub base: Option<String>,
    /// Colours in the place of the base's.
    pub colours: toml::Table,
    /// A picture in the place of the shield, relative to the file that names it.
    pub emblem: Option<PathBuf>,
    /// How things move.
    pub motion: Option<Movement>,
    picture: Option<Arc<Picture>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "the name of a theme, or a table such as { base = \"light\" }")]
enum Written {
    Name(String),
    Table(ChoiceTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceTable {
    base: Option<String>,
    #[serde(default)]
    colours: toml::Table,
    emblem: Option<PathBuf>,
    motion: Option<Movement>,
}

impl TryFrom<Written> for ThemeChoice {
    type Error = Sentence;

    fn try_from(written: Written) -> Result<Self, Sentence> {
        let choice = match written {
            Written::Name(name) => Self { base: Some(name), ..Self::default() },
            Written::Table(ChoiceTable { base, colours, emblem, motion }) => {
                Self { base, colours, emblem, motion, picture: None }
            }
        };
        file_of(&[&choice]).map(|_| choice)
    }
}

impl ThemeChoice {
    /// What a file in `folder` writes of its theme, with the emblem read.
    ///
    /// # Errors
    /// Where the theme stands in the file, and a sentence that names the picture and what is wrong with it.
    pub fn read(written: Option<Spanned<Self>>, folder: &Path) -> Result<Option<Self>, (Range<usize>, String)> {
        let Some(written) = written else { return Ok(None) };
        let (span, mut theme) = (written.span(), written.into_inner());
        if let Some(emblem) = &theme.emblem {
            let path = folder.join(emblem);
            let picture = Picture::read(&path).map_err(|why| (span, format!("{}: {why}", path.display())))?;
            theme.picture = Some(Arc::new(picture));
        }
        Ok(Some(theme))
    }
}

/// The high-contrast theme. Once chosen, no other choice overrides it.
const CONTRAST: &str = "contrast";

/// Resolves choices to a theme: the last one that names a base decides, and colours chosen for another base are
/// dropped. High contrast, once chosen, stays.
fn file_of(choices: &[&ThemeChoice]) -> Result<ThemeFile, Sentence> {
    let named = choices.iter().rev().find(|choice| choice.base.is_some());
    let needed = choices.iter().any(|choice| choice.base.as_deref() == Some(CONTRAST));
    let base = match named {
        _ if needed => CONTRAST,
        named => named.and_then(|choice| choice.base.as_deref()).unwrap_or("dark"),
    };
    let Some((_, text)) = BUILT_IN.iter().find(|(name, _)| *name == base) else {
        let names: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
        return Err(crate::sentence!("panel-no-theme", name = base, known = names.join(", ")));
    };
    let mut table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    if let Some(palette) = table.get_mut("palette").and_then(toml::Value::as_table_mut) {
        let of_base =
            |choice: &&&ThemeChoice| choice.base.as_deref().unwrap_or("dark") == base || choice.base.is_none();
        let colours = choices.iter().filter(of_base).flat_map(|choice| choice.colours.clone());
        palette.extend(colours);
    }
    table.try_into().map_err(|error| format!("`colours`: {}", error.message()).into())
}

/// A palette, a scale of type, and the unit that every size is a multiple of.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// The colours of what is shown: grey where it is old.
    pub palette: Palette,
    /// Palette of the stamps that tell the data's age. It never fades.
    pub stamp: Palette,
    /// Edges and corners.
    pub form: Form,
    /// The unit u: the smallest readable font size, in wall pixels.
    pub unit: f32,
    /// How things move.
    pub motion: Movement,
    /// The picture in the place of the shield.
    pub emblem: Option<Arc<Picture>>,
    scale: Scale,
    ramp: Arc<Ramp>,
}

/// A palette's ramp: the first levels fade in, so that the field has no edge.
pub fn ramp(palette: &Palette) -> Ramp {
    std::array::from_fn(|level| {
        let t = level as f32 / 255.0;
        let edge = (t / 0.2).clamp(0.0, 1.0);
        palette.heat_at(t).alpha(edge * edge * (3.0 - 2.0 * edge))
    })
}

impl Theme {
    /// The dark theme of a situation room.
    pub fn dark(u: f32) -> Self {
        Self::new(&[], u)
    }

    /// Resolves `choices`, of which later ones override earlier ones (the wall's, then the layout's). `unit` is u in
    /// wall pixels.
    pub fn new(choices: &[&ThemeChoice], unit: f32) -> Self {
        // Each choice was judged when it was read, so that together they are a theme, too.
        let file = file_of(choices).or_else(|_| file_of(&[]));
        let ThemeFile { palette, scale, form } = file.unwrap_or_else(|why| unreachable!("the dark theme: {why}"));
        let motion = choices.iter().rev().find_map(|choice| choice.motion).unwrap_or_default();
        let emblem = choices.iter().rev().find_map(|choice| choice.picture.clone());
        let (stamp, ramp) = (palette.clone(), Arc::new(ramp(&palette)));
        Self { palette, stamp, form, unit, motion, emblem, scale, ramp }
    }

    /// The same theme for what is too old to be acted upon.
    pub fn faded(&self) -> Self {
        let palette = self.stamp.faded();
        let ramp = Arc::new(ramp(&palette));
        Self { palette, ramp, ..self.clone() }
    }

    /// The colours of the heat's levels.
    pub fn ramp(&self) -> Arc<Ramp> {
        self.ramp.clone()
    }

    /// The spacing step.
    pub fn spacing(&self) -> f32 {
        self.unit / self.form.steps
    }

    fn style(&self, of: Type) -> TextStyle {
        TextStyle { size: self.unit * of.size, weight: of.weight, tracking: of.tracking, tabular: false }
    }

    /// Periods, comparisons, the text of feeds.
    pub fn note(&self) -> TextStyle {
        self.style(self.scale.note)
    }

    /// Names in lists.
    pub fn list(&self) -> TextStyle {
        self.style(self.scale.list)
    }

    /// Names of measures, changes.
    pub fn label(&self) -> TextStyle {
        self.style(self.scale.label)
    }

    /// The header of a panel.
    pub fn title(&self) -> TextStyle {
        self.style(self.scale.title)
    }

    /// The header of a page.
    pub fn page_title(&self) -> TextStyle {
        self.style(self.scale.page_title)
    }

    /// The unit after a number.
    pub fn unit(&self) -> TextStyle {
        self.style(self.scale.unit)
    }

    /// The time of day.
    pub fn clock(&self) -> TextStyle {
        TextStyle { tabular: true, ..self.style(self.scale.clock) }
    }

    /// A number with a font size of `size` u: 2.5 medium, 3.0 large, 5.1 for a page.
    pub fn number(&self, size: f32) -> TextStyle {
        TextStyle { tabular: true, ..self.style(Type { size, ..self.scale.number }) }
    }

    /// Digits in a column.
    pub fn column(&self, weight: Weight) -> TextStyle {
        TextStyle { tabular: true, ..self.style(Type { weight, ..self.scale.note }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn themes() -> impl Iterator<Item = Theme> {
        BUILT_IN.iter().map(|(name, _)| {
            let choice = ThemeChoice { base: Some((*name).to_owned()), ..ThemeChoice::default() };
            Theme::new(&[&choice], 42.0)
        })
    }

    #[test]
    fn text_of_every_theme_can_be_read_from_eight_metres() {
        for theme in themes() {
            let Palette { panel_top, panel_bottom, ground, text, quiet, now, good, warn, bad, ink, old, .. } =
                theme.palette;
            for under in [panel_top, panel_bottom, ground] {
                for colour in [text, quiet] {
                    assert!(colour.contrast(under) >= 9.0, "{colour:?} on {under:?}");
                }
                for colour in [now, good, warn, bad] {
                    assert!(colour.contrast(under) >= 6.5, "{colour:?} on {under:?}");
                }
                assert!(old.contrast(under) >= 5.0, "{old:?} on {under:?}");
            }
            for under in [warn, bad, now] {
                assert!(ink.contrast(under) >= 7.0, "{ink:?} on {under:?}");
            }
        }
    }

    #[test]
    fn states_are_told_apart_without_one_kind_of_cones() {
        for (theme, (name, _)) in themes().zip(BUILT_IN) {
            assert_eq!(theme.palette.alike(), None, "{name}");
        }
    }

    #[test]
    fn old_data_can_be_read_and_has_no_colour_of_a_state() {
        for theme in themes() {
            let Palette { panel_top, panel_bottom, text, quiet, now, good, warn, bad, .. } = theme.faded().palette;
            for under in [panel_top, panel_bottom] {
                assert!(text.contrast(under) >= 5.0, "{text:?} on {under:?}");
            }
            assert!([quiet, now, good, warn, bad].iter().all(|colour| *colour == text));
            assert_eq!(theme.faded().stamp, theme.palette);
        }
    }

    #[test]
    fn heat_ramps_go_one_way() {
        for theme in themes().flat_map(|theme| [theme.faded(), theme]) {
            let steps: Vec<f64> = (0..=100).map(|i| theme.palette.heat_at(i as f32 / 100.0).luminance()).collect();
            assert!(steps.windows(2).all(|w| w[0] < w[1]) || steps.windows(2).all(|w| w[0] > w[1]));
        }
    }

    #[test]
    fn a_site_changes_what_it_will_and_is_told_what_it_cannot() {
        let read = |text: &str| toml::from_str::<ThemeChoice>(text).map_err(|error| error.to_string());
        let own = read("base = \"light\"\nmotion = \"reduced\"\ncolours = { now = \"#112233\" }").unwrap();
        let theme = Theme::new(&[&own], 10.0);
        assert_eq!((theme.palette.now, theme.motion), (Colour::rgb(0x11_2233), Movement::Reduced));
        // A layout that needs another base does not take over colours that were chosen for this one.
        let dark = ThemeChoice { base: Some("dark".to_owned()), ..ThemeChoice::default() };
        assert_eq!(Theme::new(&[&own, &dark], 10.0).palette.now, Theme::dark(10.0).palette.now);
        for (text, wrong) in [
            ("base = \"lite\"", "dark, light, contrast"),
            ("colours = { nwo = \"#112233\" }", "nwo"),
            ("colours = { now = \"blue\" }", "#RRGGBB"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(wrong), "{said}");
        }
    }
}
