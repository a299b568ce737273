//! What to draw, as plain data: groups of layers of primitives, in wall pixels. No GPU is known here.

mod brush;
mod characters;
mod damage;
mod description;
mod face;
mod heat;
mod icons;
mod text;
mod theme;
pub mod vision;

use std::sync::{Arc, LazyLock, OnceLock};

use serde::{Deserialize, Deserializer};

pub use crate::picture::Picture;
pub use brush::{Brush, CachedValues, Draft, HEADLINE, Painting, PanelCache};
pub use characters::{UNDRAWN, clean, undrawn};
pub use damage::damage;
pub use description::describe;
pub use face::Face;
pub use heat::{Field, Heat, Ramp};
pub use icons::{Icon, has_icon, icon_named, icon_names};
pub use text::{Glyph, Shaper, TextRun, TextStyle, Weight};
pub use theme::{BUILT_IN as THEMES, Form, Movement, Palette, Theme, ThemeChoice, ramp};

use crate::geometry::{WallPoint, WallRect, WallVector};

/// A colour in sRGB with straight alpha, as a screen takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour(pub [u8; 4]);

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 || d.len() == 8);
        let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let wrong = || serde::de::Error::custom(format!("a colour is written #RRGGBB or #RRGGBBAA, not `{text}`"));
        let value = value.ok_or_else(wrong)?;
        Ok(if text.len() == 7 { Self::rgb(value) } else { Self(value.to_be_bytes()) })
    }
}

impl Colour {
    /// Nothing.
    pub const CLEAR: Self = Self([0; 4]);

    /// An opaque colour from `0xRRGGBB`.
    pub const fn rgb(hex: u32) -> Self {
        Self([(hex >> 16) as u8, (hex >> 8) as u8, hex as u8, 255])
    }

    /// The same colour with its opacity multiplied by `alpha`, 0 to 1.
    #[must_use]
    pub fn alpha(self, alpha: f32) -> Self {
        let [r, g, b, a] = self.0;
        Self([r, g, b, (f32::from(a) * alpha.clamp(0.0, 1.0)).round() as u8])
    }

    /// The colour a fraction `t` (0 to 1) of the way to `other`, mixed in sRGB.
    #[must_use]
    pub fn mix(self, other: Self, t: f32) -> Self {
        let t = t.clamp(0.0, 1.0);
        Self(std::array::from_fn(|i| (f32::from(self.0[i]) * (1.0 - t) + f32::from(other.0[i]) * t).round() as u8))
    }

    /// Relative luminance by WCAG 2.2.
    pub fn luminance(self) -> f64 {
        static LINEAR: LazyLock<[f64; 256]> = LazyLock::new(|| {
            std::array::from_fn(|code| {
                let c = code as f64 / 255.0;
                if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            })
        });
        let linear = |channel: usize| LINEAR[usize::from(self.0[channel])];
        0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2)
    }

    /// The grey of the same luminance.
    pub fn grey(self) -> Self {
        let luminance = self.luminance();
        let coded =
            if luminance <= 0.003_130_8 { 12.92 * luminance } else { 1.055 * luminance.powf(1.0 / 2.4) - 0.055 };
        let level = (255.0 * coded).round() as u8;
        Self([level, level, level, self.0[3]])
    }

    /// Contrast by WCAG 2.2, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

/// How a shape is filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fill {
    /// One colour.
    Solid(Colour),
    /// From the top edge to the bottom edge.
    Vertical(Colour, Colour),
    /// From the left edge to the right edge.
    Horizontal(Colour, Colour),
    /// From the middle to the edge of the ellipse within the rectangle.
    Radial(Colour, Colour),
}

/// A line inside the edge of a rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Border {
    /// Its width in wall pixels.
    pub width: f32,
    /// Its colour.
    pub colour: Colour,
}

/// Triangles with one colour a corner.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mesh {
    /// Corners, in wall pixels.
    pub points: Vec<[f32; 2]>,
    /// The colour of each corner.
    pub colours: Vec<Colour>,
    /// Indices into `points`, three a triangle.
    pub indices: Vec<u32>,
}

/// The smallest things that are drawn, in wall pixels.
#[derive(Debug, Clone, PartialEq)]
pub enum Primitive {
    /// A rectangle with rounded corners.
    Rect {
        /// Its edges.
        rect: WallRect,
        /// Corner radius in wall pixels.
        radius: f32,
        /// What is inside.
        fill: Fill,
        /// The line inside its edge.
        border: Option<Border>,
    },
    /// A line through points, with round ends and joints.
    Line {
        /// The points.
        points: Arc<[WallPoint]>,
        /// Line width in wall pixels.
        width: f32,
        /// Its colour. It must be opaque: a translucent line shows its joints.
        colour: Colour,
    },
    /// Triangles. Their edges are not smoothed: a line covers them where it matters.
    Mesh(Arc<Mesh>),
    /// Shaped text.
    Text {
        /// The glyphs.
        run: Arc<TextRun>,
        /// Where the baseline begins.
        origin: WallPoint,
        /// Its colour.
        colour: Colour,
    },
    /// A picture stretched over a rectangle.
    Image {
        /// The pixels.
        picture: Arc<Picture>,
        /// Its edges.
        rect: WallRect,
        /// Corner radius in wall pixels.
        radius: f32,
    },
    /// A field of levels shown by the heat ramp.
    Heat(Heat),
}

impl Primitive {
    /// A rectangle around every pixel that the primitive may touch.
    pub fn bounds(&self) -> WallRect {
        let around =
            |points: &[WallPoint], reach: f32| WallRect::from_points(points.iter().copied()).inflate(reach, reach);
        match self {
            Self::Rect { rect, .. } | Self::Image { rect, .. } => rect.inflate(1.0, 1.0),
            Self::Line { points, width, .. } => around(points, width / 2.0 + 1.0),
            Self::Mesh(mesh) => {
                WallRect::from_points(mesh.points.iter().map(|p| WallPoint::new(p[0], p[1]))).inflate(1.0, 1.0)
            }
            Self::Text { run, origin, .. } => run.bounds.translate(origin.to_vector()).inflate(1.0, 1.0),
            Self::Heat(heat) => heat.rect.inflate(1.0, 1.0),
        }
    }
}

/// What a layer shows; shared between frames for as long as it does not change.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    /// In the order of painting.
    pub primitives: Vec<Primitive>,
    /// Whether a cached texture costs less than painting it again.
    pub costly: bool,
    known: KnownBounds,
}

/// Bounds, computed once: a map's land has a hundred thousand vertices. They follow from the primitives, so equality
/// ignores them.
#[derive(Debug, Clone, Default)]
struct KnownBounds(OnceLock<WallRect>);

impl PartialEq for KnownBounds {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Content {
    /// Finished content.
    pub fn new(primitives: Vec<Primitive>, costly: bool) -> Self {
        Self { primitives, costly, known: KnownBounds::default() }
    }

    /// A rectangle around all of it.
    pub fn bounds(&self) -> WallRect {
        let around = || self.primitives.iter().map(Primitive::bounds).fold(WallRect::zero(), |all, b| all.union(&b));
        *self.known.0.get_or_init(around)
    }
}

/// A number that stays with a layer from frame to frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LayerId(pub u64);

/// Content at a place.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Which layer of the last frame it continues.
    pub id: LayerId,
    /// What it shows.
    pub content: Arc<Content>,
    /// Scale factor about the origin; 1 unless a camera moves the layer. Line widths are not scaled.
    pub zoom: f32,
    /// Translation in wall pixels, applied after `zoom`. Whole pixels where `zoom` is 1, so that glyphs stay sharp.
    pub offset: WallVector,
    /// Clip rectangle in wall pixels.
    pub clip: WallRect,
}

impl Layer {
    /// The pixels that it may touch.
    pub fn bounds(&self) -> WallRect {
        self.seen(self.content.bounds())
    }

    /// Maps a rectangle of the content to the wall: zoomed, moved and clipped, in wall pixels.
    pub fn seen(&self, part: WallRect) -> WallRect {
        let moved = (part * self.zoom).translate(self.offset);
        moved.intersection(&self.clip).unwrap_or_else(WallRect::zero)
    }
}

/// Layers that appear and move as one: a layout.
#[derive(Debug, Clone)]
pub struct Group {
    /// Which group of the last frame it continues.
    pub id: u64,
    /// From 0, not seen, to 1.
    pub opacity: f32,
    /// Translation in whole wall pixels.
    pub offset: WallVector,
    /// In the order of painting.
    pub layers: Vec<Layer>,
}

/// A whole picture of the wall.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The colour under everything.
    pub ground: Colour,
    /// The wall's edges.
    pub bounds: WallRect,
    /// In the order of painting; more than one only during a transition.
    pub groups: Vec<Group>,
}
