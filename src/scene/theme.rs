//! The visual language as data: colours and sizes, from the smallest type size `u` upwards.

use super::{Colour, TextStyle, Weight};

/// The colours of a theme, by role.
#[derive(Debug, Clone, PartialEq)]
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
}

/// A palette and the unit that every size is a multiple of.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// The colours.
    pub palette: Palette,
    /// The smallest font size that can be read, in wall pixels.
    pub u: f32,
}

impl Theme {
    /// The dark theme of a situation room.
    pub fn dark(u: f32) -> Self {
        let palette = Palette {
            ground: Colour::rgb(0x07_0B12),
            glow: Colour::rgb(0x1A_2C43),
            panel_top: Colour::rgb(0x10_1A27),
            panel_bottom: Colour::rgb(0x0B_131D),
            panel_border: Colour::rgb(0x1B_2836),
            raised: Colour::rgb(0x16_2232),
            hairline: Colour::rgb(0x22_303F),
            track: Colour::rgb(0x1A_2735),
            axis: Colour::rgb(0x3D_5065),
            land: Colour::rgb(0x13_2133),
            outline: Colour::rgb(0x8F_A9C6),
            inner_border: Colour::rgb(0x13_2133).mix(Colour::rgb(0x8C_A6C4), 0.45),
            river: Colour::rgb(0x24_5078),
            text: Colour::rgb(0xF4_F7FB),
            quiet: Colour::rgb(0xBD_C9D5),
            old: Colour::rgb(0x95_A4B5),
            now: Colour::rgb(0x8C_CBFF),
            now_past: Colour::rgb(0x4A_88BC),
            before: Colour::rgb(0x87_97A9),
            good: Colour::rgb(0x6B_DCAE),
            warn: Colour::rgb(0xFF_BC57),
            bad: Colour::rgb(0xFF_8A75),
            ink: Colour::rgb(0x0A_1018),
            plate: Colour::rgb(0x0B_1420).alpha(0.86),
            pill: Colour::rgb(0x2A_3A4C),
            series: [0x8C_CBFF, 0xF2_A119, 0xB0_F6DA, 0xD0_6217, 0xEF_EC5F, 0x6A_73FB, 0x97_B3A0, 0x96_78A9]
                .map(Colour::rgb),
        };
        Self { palette, u }
    }

    /// The spacing step.
    pub fn s(&self) -> f32 {
        self.u / 7.0
    }

    fn style(&self, size: f32, weight: Weight, tracking: f32) -> TextStyle {
        TextStyle { size: self.u * size, weight, tracking, tabular: false }
    }

    /// Periods, comparisons, the text of feeds.
    pub fn note(&self) -> TextStyle {
        self.style(1.0, Weight::Regular, 0.0)
    }

    /// Names in lists.
    pub fn list(&self) -> TextStyle {
        self.style(1.0, Weight::Medium, 0.0)
    }

    /// Names of measures, changes.
    pub fn label(&self) -> TextStyle {
        self.style(1.0, Weight::SemiBold, 0.0)
    }

    /// The header of a panel.
    pub fn title(&self) -> TextStyle {
        self.style(1.1, Weight::SemiBold, -0.005)
    }

    /// The header of a page.
    pub fn page_title(&self) -> TextStyle {
        self.style(1.3, Weight::SemiBold, -0.01)
    }

    /// The unit after a number.
    pub fn unit(&self) -> TextStyle {
        self.style(1.4, Weight::Medium, 0.0)
    }

    /// The time of day.
    pub fn clock(&self) -> TextStyle {
        TextStyle { tabular: true, ..self.style(2.0, Weight::SemiBold, -0.015) }
    }

    /// A number of `size` units: 2.5 medium, 3.0 large, 5.1 for a page.
    pub fn number(&self, size: f32) -> TextStyle {
        TextStyle { tabular: true, ..self.style(size, Weight::SemiBold, -0.025) }
    }

    /// Digits in a column.
    pub fn column(&self, weight: Weight) -> TextStyle {
        TextStyle { tabular: true, ..self.style(1.0, weight, 0.0) }
    }
}

/// The heat ramp, from none (0) to most (1): cividis-like, evenly lighter in OKLab, mixed in sRGB.
pub fn heat(t: f32) -> Colour {
    const STOPS: [u32; 9] =
        [0x0A_1930, 0x0D_2C59, 0x22_4678, 0x4A_6184, 0x72_7D89, 0xA4_9572, 0xCE_B162, 0xF1_D357, 0xFD_F7B4];
    let place = t.clamp(0.0, 1.0) * 8.0;
    let below = (place as usize).min(7);
    Colour::rgb(STOPS[below]).mix(Colour::rgb(STOPS[below + 1]), place - below as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_the_dark_theme_can_be_read_from_eight_metres() {
        let Palette { panel_top, text, quiet, now, good, warn, bad, ink, old, .. } = Theme::dark(42.0).palette;
        for colour in [text, quiet, now, good, warn] {
            assert!(colour.contrast(panel_top) >= 10.0, "{colour:?}");
        }
        assert!(bad.contrast(panel_top) >= 7.0 && old.contrast(panel_top) >= 6.0);
        for under in [warn, bad, now] {
            assert!(ink.contrast(under) >= 8.0);
        }
    }

    #[test]
    fn the_heat_ramp_only_grows_lighter() {
        let steps: Vec<f64> = (0..=100).map(|i| heat(i as f32 / 100.0).luminance()).collect();
        assert!(steps.windows(2).all(|w| w[0] < w[1]));
    }
}
