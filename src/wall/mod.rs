//! The physical wall: its outputs, where they hang, and which part of the wall each shows.
//!
//! A wall is described in millimetres, because that is what a tape measures. From the positions follow the
//! viewports: rectangles of wall pixels, bezels and gaps included, so that a picture goes on behind them.

mod file;

pub use file::{parse, read};

use euclid::Transform2D;

use crate::geometry::{OutputPx, PixelSize, WallPoint, WallPx, WallRect, rect};
use crate::privacy::Audience;
use crate::scene::ThemeChoice;

/// Cap height that 16 arc minutes ask for, as a part of the viewing distance, over Golos' cap height of
/// 0.70 em: the smallest type size is this times the distance over the pixel pitch.
const SMALLEST_TYPE: f64 = 0.00665;

/// How an output is told from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// The identity in its EDID, as `obzor outputs` prints it.
    Edid(String),
    /// The connector's name, such as `HDMI-A-1`.
    Connector(String),
    /// Its place among the outputs of the session, from 0, left to right, then top to bottom.
    Order(usize),
}

/// Clockwise quarter turns of the picture before it is scanned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rotation {
    /// As it hangs.
    #[default]
    None,
    /// A quarter turn clockwise.
    Quarter,
    /// Upside down.
    Half,
    /// A quarter turn counter-clockwise.
    ThreeQuarters,
}

/// One physical display signal.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The name that messages and `--output` use; unique on the wall.
    pub name: String,
    /// Which of the session's outputs it is.
    pub matched_by: Match,
    /// The pixels of its signal, before rotation.
    pub pixels: PixelSize,
    /// How the display hangs.
    pub rotation: Rotation,
    /// The part of the wall that it shows, in wall pixels.
    pub viewport: WallRect,
    /// Who may see it.
    pub audience: Audience,
}

impl Output {
    /// From wall pixels to the pixels of the signal, rotation included.
    pub fn out_from_wall(&self) -> Transform2D<f32, WallPx, OutputPx> {
        // Written out so that an output of the wall's own pitch gets whole numbers and nothing else.
        let (s, min) = (self.scale(), self.viewport.min);
        let (width, height) = (self.pixels.width as f32, self.pixels.height as f32);
        match self.rotation {
            Rotation::None => Transform2D::new(s, 0.0, 0.0, s, -min.x * s, -min.y * s),
            Rotation::Quarter => Transform2D::new(0.0, s, -s, 0.0, width + min.y * s, -min.x * s),
            Rotation::Half => Transform2D::new(-s, 0.0, 0.0, -s, width + min.x * s, height + min.y * s),
            Rotation::ThreeQuarters => Transform2D::new(0.0, -s, s, 0.0, -min.y * s, height + min.x * s),
        }
    }

    /// Output pixels to a wall pixel: 1 where the pitch of the output is the wall's.
    pub fn scale(&self) -> f32 {
        let across = match self.rotation {
            Rotation::None | Rotation::Half => self.pixels.width,
            Rotation::Quarter | Rotation::ThreeQuarters => self.pixels.height,
        };
        across as f32 / self.viewport.width()
    }
}

/// Gaps between neighbouring outputs along one axis: the middle and the width of each, in wall pixels.
pub type Seams = Vec<(f32, f32)>;

/// The whole canvas.
#[derive(Debug, Clone, PartialEq)]
pub struct Wall {
    /// What people call it.
    pub name: String,
    /// The outputs, in the order of the file.
    pub outputs: Vec<Output>,
    /// Millimetres to a wall pixel.
    pub pitch_mm: f64,
    /// Viewing distance in millimetres.
    pub viewing_distance_mm: f64,
    /// From (0, 0) to the far corner of the farthest output.
    pub bounds: WallRect,
    /// What everything on it is painted with, unless a layout says otherwise.
    pub theme: Option<ThemeChoice>,
}

impl Wall {
    /// A wall of one output of `size` pixels, read from where the smallest type is `unit_px` pixels high.
    pub fn single(size: PixelSize, unit_px: f32) -> Self {
        let bounds = rect(0.0, 0.0, size.width as f32, size.height as f32);
        let output = Output {
            name: "wall".to_owned(),
            matched_by: Match::Order(0),
            pixels: size,
            rotation: Rotation::None,
            viewport: bounds,
            audience: Audience::default(),
        };
        Self::with_unit("wall", vec![output], bounds, unit_px)
    }

    /// A wall of outputs that stand side by side as a desktop arranges them, at `(left, top)` each.
    pub fn of_desktop(
        outputs: impl IntoIterator<Item = (String, (i32, i32), PixelSize)>,
        unit_px: Option<f32>,
    ) -> Self {
        let mut outputs: Vec<_> = outputs.into_iter().collect();
        outputs.sort_by_key(|(name, (left, top), _)| (*top, *left, name.clone()));
        let left = outputs.iter().map(|o| o.1.0).min().unwrap_or(0);
        let top = outputs.iter().map(|o| o.1.1).min().unwrap_or(0);
        let outputs: Vec<Output> = outputs
            .into_iter()
            .map(|(name, (x, y), pixels)| Output {
                matched_by: Match::Connector(name.clone()),
                name,
                pixels,
                rotation: Rotation::None,
                viewport: rect((x - left) as f32, (y - top) as f32, pixels.width as f32, pixels.height as f32),
                audience: Audience::default(),
            })
            .collect();
        let bounds = bounds_of(&outputs);
        let unit = unit_px.unwrap_or_else(|| unit_for(bounds));
        Self::with_unit("desktop", outputs, bounds, unit)
    }

    fn with_unit(name: &str, outputs: Vec<Output>, bounds: WallRect, unit_px: f32) -> Self {
        let pitch_mm = 0.63;
        let viewing_distance_mm = f64::from(unit_px) * pitch_mm / SMALLEST_TYPE;
        Self { name: name.to_owned(), outputs, pitch_mm, viewing_distance_mm, bounds, theme: None }
    }

    /// The smallest type size that can be read from the viewing distance, in wall pixels: the unit `u` of
    /// every measure in a theme.
    pub fn unit_px(&self) -> f32 {
        (SMALLEST_TYPE * self.viewing_distance_mm / self.pitch_mm).round().max(6.0) as f32
    }

    /// Vertical and horizontal gaps between neighbouring outputs that no pixel covers: `(centre x, width)` and `(centre
    /// y, height)`, in wall pixels.
    pub fn seams(&self) -> (Seams, Seams) {
        let mut across = Vec::new();
        let mut down = Vec::new();
        for a in &self.outputs {
            for b in &self.outputs {
                let (va, vb) = (a.viewport, b.viewport);
                let gap_x = vb.min.x - va.max.x;
                let gap_y = vb.min.y - va.max.y;
                let beside = va.min.y < vb.max.y && vb.min.y < va.max.y;
                let above = va.min.x < vb.max.x && vb.min.x < va.max.x;
                if beside && gap_x >= -0.5 && gap_x < va.width() {
                    across.push(((va.max.x + vb.min.x) / 2.0, gap_x.max(0.0)));
                }
                if above && gap_y >= -0.5 && gap_y < va.height() {
                    down.push(((va.max.y + vb.min.y) / 2.0, gap_y.max(0.0)));
                }
            }
        }
        for seams in [&mut across, &mut down] {
            seams.sort_by(|a, b| a.0.total_cmp(&b.0));
            seams.dedup_by(|a, b| (a.0 - b.0).abs() < 0.5);
        }
        (across, down)
    }

    /// Who may see what stands in `place`: the strictest audience of the outputs that show a part of it.
    pub fn audience_of(&self, place: WallRect) -> Audience {
        let seen = self.outputs.iter().filter(|output| output.viewport.intersects(&place));
        seen.map(|output| output.audience).min().unwrap_or_default()
    }

    /// The output called `name`.
    pub fn output(&self, name: &str) -> Option<&Output> {
        self.outputs.iter().find(|output| output.name == name)
    }
}

/// The rectangle from the wall's origin to the far corner of its outputs.
fn bounds_of(outputs: &[Output]) -> WallRect {
    let far = outputs.iter().fold(WallPoint::zero(), |far, output| far.max(output.viewport.max));
    WallRect::new(WallPoint::zero(), far)
}

/// The unit u, in wall pixels, for a wall without a measured viewing distance: a 44th of its width, or of 1.6 times its
/// height if that is less, between 10 and 168; small enough for a board on a single screen.
fn unit_for(bounds: WallRect) -> f32 {
    let short = bounds.width().min(bounds.height() * 1.6);
    (short / 44.0).clamp(10.0, 168.0).round()
}

#[cfg(test)]
mod tests {
    use super::*;
    use euclid::point2;

    #[test]
    fn the_unit_follows_distance_and_pitch() {
        let mut wall = Wall::single(PixelSize::new(1920, 1080), 26.0);
        assert_eq!(wall.unit_px(), 26.0);
        wall.viewing_distance_mm = 8000.0;
        wall.pitch_mm = 0.63;
        assert_eq!(wall.unit_px(), 84.0);
    }

    #[test]
    fn a_turned_output_keeps_its_corners() {
        let mut output = Wall::single(PixelSize::new(1080, 1920), 26.0).outputs.remove(0);
        output.pixels = PixelSize::new(1920, 1080);
        for (rotation, top_left) in
            [(Rotation::Quarter, point2(1920.0, 0.0)), (Rotation::ThreeQuarters, point2(0.0, 1080.0))]
        {
            output.rotation = rotation;
            assert!((output.out_from_wall().transform_point(point2(0.0, 0.0)) - top_left).length() < 1e-3);
            assert!((output.scale() - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn seams_of_a_desktop_are_its_inner_edges() {
        let size = PixelSize::new(1920, 1080);
        let wall =
            Wall::of_desktop((0..4).map(|i| (format!("HEADLESS-{i}"), (1920 * (i % 2), 1080 * (i / 2)), size)), None);
        assert_eq!(wall.seams(), (vec![(1920.0, 0.0)], vec![(1080.0, 0.0)]));
        assert_eq!(wall.bounds.size(), euclid::size2(3840.0, 2160.0));
    }
}
