//! The wall file: outputs in millimetres, or a regular grid of equal ones.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::{Match, Output, Rotation, Wall, bounds_of};
use crate::diagnostic::{self, Diagnostic};
use crate::geometry::{PixelSize, WallRect, rect, snap};
use crate::language::Sentence;
use crate::privacy::Audience;
use crate::scene::ThemeChoice;
use crate::sentence;

/// Relative difference in pitch below which two outputs have the same pitch: a tape measures no better.
const SAME_PITCH: f64 = 0.01;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WallFile {
    name: String,
    viewing_distance_m: Spanned<f64>,
    #[serde(default)]
    pitch_mm: Option<Spanned<f64>>,
    /// Who may see an output that does not say so itself.
    #[serde(default)]
    audience: Audience,
    /// What everything on it is painted with, unless a layout says otherwise.
    #[serde(default)]
    theme: Option<Spanned<ThemeChoice>>,
    #[serde(default)]
    grid: Option<Spanned<Grid>>,
    #[serde(default)]
    output: Vec<Spanned<OutputEntry>>,
    // Judged where sources are.
    #[serde(default, rename = "region")]
    _region: IgnoredAny,
    #[serde(default, rename = "source")]
    _source: IgnoredAny,
}

/// Equal outputs in columns and rows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grid {
    columns: u32,
    rows: u32,
    pixels: [u32; 2],
    size_mm: [f64; 2],
    /// From the lit area of one output to that of the next: both frames and the gap between them.
    #[serde(default)]
    bezel_mm: f64,
    #[serde(default)]
    connectors: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutputEntry {
    name: Spanned<String>,
    #[serde(default)]
    edid: Option<String>,
    #[serde(default)]
    connector: Option<String>,
    #[serde(default)]
    order: Option<usize>,
    position_mm: [f64; 2],
    size_mm: [f64; 2],
    pixels: [u32; 2],
    #[serde(default)]
    rotation: Option<Spanned<u32>>,
    #[serde(default)]
    audience: Option<Audience>,
}

/// Reads and judges a wall file.
pub fn read(path: &Path) -> std::io::Result<Result<Wall, Diagnostic>> {
    Ok(parse(path, &crate::diagnostic::read_text(path)?))
}

/// An output as a file places it.
struct Placed {
    name: String,
    matched_by: Match,
    /// The top left corner of the lit area, in millimetres from the wall's.
    position_mm: [f64; 2],
    /// Width and height of the lit area as the display hangs, in millimetres.
    size_mm: [f64; 2],
    /// Width and height of the signal in pixels, before rotation.
    pixels: [u32; 2],
    rotation: Rotation,
    audience: Audience,
    /// Where the file speaks of it, in bytes.
    span: Range<usize>,
}

/// Judges the text of a wall file; `path` stands in messages only.
pub fn parse(path: &Path, text: &str) -> Result<Wall, Diagnostic> {
    let file: WallFile = diagnostic::parse(path, text).map_err(|fault| fault.of_other_kind(text, "wall"))?;
    let fault = |span, message: Sentence| Diagnostic::at(path, text, span, message);
    let mut placed = match &file.grid {
        Some(grid) => of_grid(grid, file.audience, fault)?,
        None => Vec::new(),
    };
    of_entries(&file.output, file.audience, &mut placed, fault)?;
    matched_once(&placed, fault)?;
    placed.iter().try_for_each(|output| validate_sizes(output, fault))?;
    let Some(first) = placed.first() else {
        return Err(fault(0..0, sentence!("wall-empty")).with_help(sentence!("wall-empty-help")));
    };
    let distance_m = *file.viewing_distance_m.get_ref();
    if !(0.3..=100.0).contains(&distance_m) {
        return Err(fault(file.viewing_distance_m.span(), sentence!("wall-distance", metres = distance_m))
            .with_help(sentence!("wall-distance-help")));
    }
    let pitch_mm = match &file.pitch_mm {
        Some(pitch) if (0.05..=20.0).contains(pitch.get_ref()) => *pitch.get_ref(),
        Some(pitch) => {
            return Err(fault(pitch.span(), sentence!("wall-pitch", mm = pitch.get_ref()))
                .with_help(sentence!("wall-pitch-help")));
        }
        None => first.size_mm[0] / f64::from(across(first.pixels, first.rotation)),
    };
    let outputs = outputs(placed, pitch_mm, fault)?;
    let bounds = bounds_of(&outputs);
    if bounds.width() > 65536.0 || bounds.height() > 65536.0 {
        let (width, height) = (bounds.width().round(), bounds.height().round());
        return Err(fault(0..0, sentence!("wall-too-large", width = width, height = height))
            .with_help(sentence!("wall-too-large-help")));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let theme = ThemeChoice::read(file.theme, folder).map_err(|(span, message)| fault(span, message.into()))?;
    Ok(Wall { name: file.name, outputs, pitch_mm, viewing_distance_mm: distance_m * 1000.0, bounds, theme })
}

/// Equal outputs in rows.
fn of_grid(
    grid: &Spanned<Grid>,
    audience: Audience,
    fault: impl Fn(Range<usize>, Sentence) -> Diagnostic,
) -> Result<Vec<Placed>, Diagnostic> {
    let (span, grid) = (grid.span(), grid.get_ref());
    if !(1..=32).contains(&grid.columns) || !(1..=32).contains(&grid.rows) {
        return Err(fault(span, sentence!("wall-grid-count")));
    }
    let count = (grid.columns * grid.rows) as usize;
    if !grid.connectors.is_empty() && grid.connectors.len() != count {
        return Err(fault(span, sentence!("wall-connectors", named = grid.connectors.len(), count = count))
            .with_help(sentence!("wall-connectors-help")));
    }
    let output = |index: usize| {
        let (column, row) = (index as u32 % grid.columns, index as u32 / grid.columns);
        Placed {
            name: format!("{}-{}", row + 1, column + 1),
            matched_by: match grid.connectors.get(index) {
                Some(connector) => Match::Connector(connector.clone()),
                None => Match::Order(index),
            },
            position_mm: [
                f64::from(column) * (grid.size_mm[0] + grid.bezel_mm),
                f64::from(row) * (grid.size_mm[1] + grid.bezel_mm),
            ],
            size_mm: grid.size_mm,
            pixels: grid.pixels,
            rotation: Rotation::None,
            audience,
            span: span.clone(),
        }
    };
    Ok((0..count).map(output).collect())
}

/// Outputs one by one, after those of the grid.
fn of_entries(
    entries: &[Spanned<OutputEntry>],
    audience: Audience,
    placed: &mut Vec<Placed>,
    fault: impl Fn(Range<usize>, Sentence) -> Diagnostic,
) -> Result<(), Diagnostic> {
    let in_grid = placed.len();
    let mut names: HashSet<String> = placed.iter().map(|output| output.name.clone()).collect();
    for (index, entry) in entries.iter().enumerate() {
        let (span, entry) = (entry.span(), entry.get_ref());
        if !names.insert(entry.name.get_ref().clone()) {
            return Err(fault(entry.name.span(), sentence!("wall-output-twice", name = entry.name.get_ref()))
                .with_help(sentence!("wall-output-twice-help")));
        }
        let matched_by = match (&entry.edid, &entry.connector, entry.order) {
            (Some(edid), None, None) => Match::Edid(edid.clone()),
            (None, Some(connector), None) => Match::Connector(connector.clone()),
            // After those of the grid, as they hang from left to right.
            (None, None, order) => Match::Order(order.unwrap_or(in_grid + index)),
            _ => {
                return Err(fault(span, sentence!("wall-matched-once")).with_help(sentence!("wall-matched-once-help")));
            }
        };
        let rotation = match entry.rotation.as_ref().map_or(0, |r| *r.get_ref()) {
            0 => Rotation::None,
            90 => Rotation::Quarter,
            180 => Rotation::Half,
            270 => Rotation::ThreeQuarters,
            other => {
                let span = entry.rotation.as_ref().map_or(span, Spanned::span);
                return Err(
                    fault(span, sentence!("wall-rotation", degrees = other)).with_help(sentence!("wall-rotation-help"))
                );
            }
        };
        placed.push(Placed {
            name: entry.name.get_ref().clone(),
            matched_by,
            position_mm: entry.position_mm,
            size_mm: entry.size_mm,
            pixels: entry.pixels,
            rotation,
            audience: entry.audience.unwrap_or(audience),
            span,
        });
    }
    Ok(())
}

/// Whether no display is claimed by two outputs.
fn matched_once(placed: &[Placed], fault: impl Fn(Range<usize>, Sentence) -> Diagnostic) -> Result<(), Diagnostic> {
    for (index, output) in placed.iter().enumerate() {
        let Some(other) = placed[..index].iter().find(|other| other.matched_by == output.matched_by) else { continue };
        let what = match &output.matched_by {
            Match::Connector(connector) => format!("the connector {connector}"),
            Match::Edid(edid) => format!("the EDID identity {edid}"),
            Match::Order(order) => format!("the order {order}"),
        };
        let message = sentence!("wall-matched-both", one = other.name, other = output.name, what = what);
        return Err(fault(output.span.clone(), message).with_help(sentence!("wall-matched-both-help")));
    }
    Ok(())
}

/// Whether an output's sizes are those of a display.
fn validate_sizes(output: &Placed, fault: impl Fn(Range<usize>, Sentence) -> Diagnostic) -> Result<(), Diagnostic> {
    let Placed { name, size_mm: size, pixels, span, .. } = output;
    let finite = output.position_mm.iter().chain(size).all(|mm| mm.is_finite() && mm.abs() < 1e6);
    if !finite || size.iter().any(|mm| *mm < 1.0) {
        return Err(fault(span.clone(), sentence!("wall-size", name = name)).with_help(sentence!("wall-size-help")));
    }
    if pixels.iter().any(|px| !(16..=16384).contains(px)) {
        let message = sentence!("wall-pixels", name = name, width = pixels[0], height = pixels[1]);
        return Err(fault(span.clone(), message).with_help(sentence!("wall-pixels-help")));
    }
    let hung = if across(*pixels, output.rotation) == pixels[0] { *pixels } else { [pixels[1], pixels[0]] };
    let shape = (size[1] / f64::from(hung[1])) / (size[0] / f64::from(hung[0]));
    if !(1.0 / OBLONG..=OBLONG).contains(&shape) {
        let message = sentence!("wall-oblong", name = name, times = format!("{shape:.2}"));
        return Err(fault(span.clone(), message).with_help(sentence!("wall-oblong-help")));
    }
    Ok(())
}

/// The outputs in wall pixels; none may lie on another.
fn outputs(
    placed: Vec<Placed>,
    pitch_mm: f64,
    fault: impl Fn(Range<usize>, Sentence) -> Diagnostic,
) -> Result<Vec<Output>, Diagnostic> {
    let edge = |axis: usize| placed.iter().map(|output| output.position_mm[axis]).fold(f64::INFINITY, f64::min);
    let (left, top) = (edge(0), edge(1));
    let mut outputs: Vec<Output> = Vec::with_capacity(placed.len());
    for Placed { name, matched_by, position_mm, size_mm, pixels, rotation, audience, span } in placed {
        let viewport = viewport([position_mm[0] - left, position_mm[1] - top], size_mm, pixels, rotation, pitch_mm);
        if let Some(other) = outputs.iter().find(|other| overlap(other.viewport, viewport) > 1.0) {
            return Err(fault(span, sentence!("wall-overlap", one = name, other = other.name))
                .with_help(sentence!("wall-overlap-help")));
        }
        let pixels = PixelSize::new(pixels[0], pixels[1]);
        outputs.push(Output { name, matched_by, pixels, rotation, viewport, audience });
    }
    Ok(outputs)
}

/// Largest ratio between the sides of a pixel. Pixels are square, but sizes are rounded, and some projectors stretch.
const OBLONG: f64 = 1.35;

/// Signal pixels across the display as it hangs.
fn across(pixels: [u32; 2], rotation: Rotation) -> u32 {
    match rotation {
        Rotation::None | Rotation::Half => pixels[0],
        Rotation::Quarter | Rotation::ThreeQuarters => pixels[1],
    }
}

/// Where an output stands in wall pixels. An output of the wall's own pitch gets exactly its pixels, at a
/// whole position, so that its picture is never resampled.
fn viewport(position: [f64; 2], size: [f64; 2], pixels: [u32; 2], rotation: Rotation, pitch_mm: f64) -> WallRect {
    let hung = match rotation {
        Rotation::None | Rotation::Half => pixels,
        Rotation::Quarter | Rotation::ThreeQuarters => [pixels[1], pixels[0]],
    };
    let (x, y) = ((position[0] / pitch_mm) as f32, (position[1] / pitch_mm) as f32);
    let pitch = size[0] / f64::from(hung[0]);
    if (pitch / pitch_mm - 1.0).abs() < SAME_PITCH {
        rect(x.round(), y.round(), hung[0] as f32, hung[1] as f32)
    } else {
        let width = (size[0] / pitch_mm) as f32;
        let height = width * hung[1] as f32 / hung[0] as f32;
        snap(rect(x, y, width, height))
    }
}

/// The smaller side of what two rectangles share, in pixels; rounding may make neighbours share one.
fn overlap(a: WallRect, b: WallRect) -> f32 {
    let shared = a.intersection_unchecked(&b);
    shared.width().min(shared.height())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn validate(text: &str) -> Result<Wall, Diagnostic> {
        parse(Path::new("wall.toml"), text)
    }

    #[test]
    fn a_grid_leaves_room_for_its_bezels() {
        let wall = validate(
            "name = \"a\"\nviewing_distance_m = 8\n[grid]\ncolumns = 2\nrows = 1\npixels = [1920, 1080]\n\
             size_mm = [1209.6, 680.4]\nbezel_mm = 6.3\n",
        )
        .unwrap();
        assert_eq!(wall.outputs[1].viewport, rect(1930.0, 0.0, 1920.0, 1080.0));
        assert_eq!(wall.seams().0, vec![(1925.0, 10.0)]);
        assert_eq!(wall.unit_px(), 84.0);
    }

    #[test]
    fn faults_are_named_at_their_line() {
        let good = "name = \"a\"\nviewing_distance_m = 8\n[[output]]\nname = \"b\"\nposition_mm = [0, 0]\n\
                    size_mm = [1000, 500]\npixels = [1000, 500]\n";
        assert!(validate(good).is_ok());
        for (text, line, word) in [
            (good.replace("pixels = [1000", "pixels = [1"), 3, "pixels"),
            (good.replace("= 8", "= 800"), 2, "800"),
            (format!("{good}rotation = 45\n"), 8, "45"),
            (format!("{good}conector = \"DP-1\"\n"), 8, "conector"),
            (format!("{good}{}", &good[good.find("[[").unwrap()..]), 9, "two outputs"),
            (format!("{good}{}", good[good.find("[[").unwrap()..].replace("\"b\"", "\"c\"")), 8, "hangs over"),
            ("name = \"a\"\nviewing_distance_m = 8\n".to_owned(), 1, "at least one"),
            (
                format!("{}connector = \"DP-1\"\n{}connector = \"DP-1\"\n", good, {
                    let other = &good[good.find("[[").unwrap()..];
                    other.replace("\"b\"", "\"c\"").replace("[0, 0]", "[2000, 0]")
                }),
                9,
                "both matched by the connector DP-1",
            ),
            (good.replace("[1000, 500]\npixels", "[100, 500]\npixels"), 3, "as high as wide"),
        ] {
            let fault = validate(&text).unwrap_err();
            assert!(fault.message.contains(word), "{fault}");
            assert_eq!(fault.line, line, "{fault}");
        }
    }

    proptest! {
        #[test]
        fn outputs_of_the_walls_pitch_are_never_resampled(
            columns in 1..6u32, rows in 1..4u32, bezel in 0f64..40.0, pitch in 0.1f64..3.0
        ) {
            let (width, height) = (1920.0 * pitch, 1080.0 * pitch);
            let wall = validate(&format!(
                "name = \"a\"\nviewing_distance_m = 8\n[grid]\ncolumns = {columns}\nrows = {rows}\n\
                 pixels = [1920, 1080]\nsize_mm = [{width:?}, {height:?}]\nbezel_mm = {bezel:?}\n"
            )).unwrap();
            for output in &wall.outputs {
                prop_assert_eq!(output.scale(), 1.0);
                prop_assert_eq!(output.viewport, snap(output.viewport));
                prop_assert!(wall.bounds.contains_box(&output.viewport));
            }
        }
    }
}
