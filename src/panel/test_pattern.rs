//! What an installer looks at: the name of each output, its edges, its geometry, its greys.

use serde::Deserialize;

use super::{Panel, PanelInfo, View};
use crate::geometry::{WallPoint, rect};
use crate::scene::{Brush, Colour, Fill, TextStyle, Weight};

/// A test pattern over the whole wall, with the name of every output.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestPattern {}

impl TestPattern {
    /// As a layout writes it.
    pub const EXAMPLE: &str = "test-pattern = {}";
}

impl Panel for TestPattern {
    fn info(&self) -> PanelInfo {
        PanelInfo::without_data((4.0, 4.0))
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let palette = brush.theme.palette.clone();
        let bounds = brush.bounds;
        brush.fill_rect(bounds, 0.0, palette.ground);
        // A grid of squares of the wall runs on behind the bezels: it must look unbroken.
        let step = 120.0;
        let mut x = bounds.min.x;
        while x < bounds.max.x {
            brush.fill_rect(rect(x, bounds.min.y, 2.0, bounds.height()), 0.0, palette.hairline);
            x += step;
        }
        let mut y = bounds.min.y;
        while y < bounds.max.y {
            brush.fill_rect(rect(bounds.min.x, y, bounds.width(), 2.0), 0.0, palette.hairline);
            y += step;
        }
        brush.line(&[bounds.min, bounds.max], 3.0, palette.axis);
        brush.line(
            &[WallPoint::new(bounds.max.x, bounds.min.y), WallPoint::new(bounds.min.x, bounds.max.y)],
            3.0,
            palette.axis,
        );
        for output in &view.wall.outputs {
            let area = output.viewport;
            let Some(seen) = area.intersection(&bounds) else { continue };
            brush.bordered_rect(seen, 0.0, Fill::Solid(Colour::CLEAR), 4.0, palette.warn);
            let middle = seen.center();
            let diameter = seen.width().min(seen.height()) * 0.9;
            brush.ring(middle, diameter, 3.0, palette.now);
            let height = seen.height();
            let name_style = TextStyle {
                size: (height * 0.24).min(seen.width() * 1.3 / output.name.chars().count().max(4) as f32),
                weight: Weight::SemiBold,
                tracking: 0.0,
                tabular: false,
            };
            let small = TextStyle { size: (height * 0.05).max(14.0), weight: Weight::Medium, ..name_style };
            brush.text_centred(
                &output.name,
                name_style,
                WallPoint::new(middle.x, middle.y + 0.1 * name_style.size),
                palette.text,
            );
            let size = format!("{} × {}", output.pixels.width, output.pixels.height);
            brush.text_centred(&size, small, WallPoint::new(middle.x, middle.y + height * 0.17), palette.quiet);
            let place = format!("{:.0}, {:.0}", area.min.x, area.min.y);
            brush.text_centred(&place, small, WallPoint::new(middle.x, middle.y + height * 0.24), palette.quiet);
            // Eleven greys and three primaries: each must be told from its neighbours.
            let strip = rect(middle.x - diameter * 0.4, middle.y + height * 0.29, diameter * 0.8, height * 0.05);
            let cells: Vec<Colour> = (0..=10)
                .map(|i| Colour([(i as f32 * 25.5) as u8; 4]))
                .map(|c| Colour([c.0[0], c.0[1], c.0[2], 255]))
                .chain([0xFF_0000, 0x00_FF00, 0x00_00FF].map(Colour::rgb))
                .collect();
            let width = strip.width() / cells.len() as f32;
            for (index, colour) in cells.iter().enumerate() {
                let cell = rect(
                    (strip.min.x + index as f32 * width).round(),
                    strip.min.y.round(),
                    width.ceil(),
                    strip.height().round(),
                );
                brush.fill_rect(cell, 0.0, *colour);
            }
        }
    }
}
