//! One line of announcements: paged, or running at a speed that can be read.

use serde::Deserialize;

use super::kit::key_of;
use super::{Panel, PanelInfo, View};
use crate::clock::{Moment, ease_in_out_cubic};
use crate::geometry::{WallPoint, WallVector};
use crate::language::Sentence;
use crate::scene::{Brush, clean};

/// A page stands this long.
const PAGE_MILLIS: i64 = 8000;
/// Pages change in this time.
const TURN_MILLIS: i64 = 600;
/// The mean width of Golos' letters, in em.
const LETTER_EM: f64 = 0.55;

/// A ticker.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticker {
    /// The dataset whose records it shows.
    dataset: String,
    /// The field of a record that is the text.
    #[serde(default = "text_field")]
    field: String,
    #[serde(default)]
    motion: Motion,
    /// Characters a second at which a line runs.
    #[serde(default = "default_speed")]
    speed: f64,
}

fn default_speed() -> f64 {
    12.0
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Motion {
    /// Items stand in columns; the page turns every eight seconds.
    #[default]
    Page,
    /// The line runs to the left without end.
    Run,
}

fn text_field() -> String {
    "text".to_owned()
}

impl Ticker {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"ticker = { dataset = "announcements", motion = "run" }"#;
}

impl Panel for Ticker {
    fn info(&self) -> PanelInfo {
        PanelInfo {
            ages: false,
            pace: (self.motion == Motion::Run).then_some(self.speed),
            shows_texts: true,
            yields_to_press: true,
            is_strip: true,
            ..PanelInfo::of_table((14.0, 1.5), &self.dataset)
        }
    }

    fn validate(&self) -> Result<(), Sentence> {
        if (1.0..=60.0).contains(&self.speed) { Ok(()) } else { Err(crate::sentence!("panel-ticker-speed")) }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let bounds = brush.bounds;
        let palette = brush.theme.palette.clone();
        let (u, s) = (brush.theme.unit, brush.theme.spacing());
        brush.rule(bounds.min, WallPoint::new(bounds.max.x, bounds.min.y), palette.hairline);
        let texts = view.records(&self.dataset).iter().filter_map(|record| record.get(&self.field)?.as_str());
        let items: Vec<String> = texts.map(|text| clean(text, 160)).filter(|t| !t.is_empty()).collect();
        if items.is_empty() {
            return;
        }
        let baseline = bounds.min.y + bounds.height() / 2.0 + 0.36 * u;
        let colour = palette.text;
        let accent = palette.now;
        let paint = |brush: &mut Brush<'_>, text: &str, x: f32, room: f32| -> f32 {
            let middle = WallPoint::new(x + 0.3 * u, baseline - 0.35 * u);
            diamond(brush, middle, 0.5 * u, accent);
            let style = brush.theme.note();
            1.0 * u + brush.text_in(text, style, WallPoint::new(x + 1.0 * u, baseline), room - 1.0 * u, colour)
        };
        if self.motion == Motion::Run {
            let style = brush.theme.note();
            let gap = 2.5 * u;
            let lengths: Vec<f32> = items.iter().map(|text| 1.0 * u + brush.measure(text, style) + gap).collect();
            let total: f32 = lengths.iter().sum::<f32>().max(1.0);
            let run = (brush.now.0 as f64 / 1000.0 * self.speed * LETTER_EM * f64::from(u)).rem_euclid(f64::from(total))
                as f32;
            let copies = (bounds.width() / total).ceil() as usize + 1;
            let key = key_of((&items, bounds.width() as i32));
            brush.keep_animating();
            brush.keyed_layer(key, WallVector::new(-run, 0.0), bounds, |brush| {
                let mut x = bounds.min.x;
                for _ in 0..copies {
                    for (text, length) in items.iter().zip(&lengths) {
                        paint(brush, text, x, f32::MAX);
                        x += length;
                    }
                }
            });
            return;
        }
        // Columns begin at the left edge of each screen, so that no item lies across a seam.
        let mut starts: Vec<f32> = vec![bounds.min.x];
        starts.extend(
            view.wall
                .seams()
                .0
                .iter()
                .map(|(x, gap)| x + gap / 2.0)
                .filter(|x| *x > bounds.min.x + 8.0 * u && *x < bounds.max.x - 8.0 * u),
        );
        let narrow = 22.0 * u;
        if starts.len() == 1 {
            let count = ((bounds.width() / narrow).floor() as usize).clamp(1, 4);
            starts = (0..count).map(|i| bounds.min.x + bounds.width() * i as f32 / count as f32).collect();
        }
        let pages = items.len().div_ceil(starts.len()) as i64;
        let page = brush.now.0.div_euclid(PAGE_MILLIS);
        let began = Moment(page * PAGE_MILLIS);
        let turn = if pages > 1 { brush.animate(began, TURN_MILLIS, ease_in_out_cubic) } else { 1.0 };
        if pages > 1 {
            brush.changes_at(began.plus_millis(PAGE_MILLIS));
        }
        for (which, shift) in [(page - 1, turn * bounds.height()), (page, (turn - 1.0) * bounds.height())] {
            if turn >= 1.0 && which != page {
                continue;
            }
            let first = which.rem_euclid(pages) as usize * starts.len();
            let shown: Vec<&String> = items.iter().skip(first).take(starts.len()).collect();
            let key = key_of((&shown, bounds.width() as i32, bounds.min.x as i32, bounds.min.y as i32));
            brush.keyed_layer(key, WallVector::new(0.0, shift), bounds, |brush| {
                for (index, text) in shown.iter().enumerate() {
                    let end = starts.get(index + 1).copied().unwrap_or(bounds.max.x);
                    let x = starts[index] + 4.0 * s;
                    paint(brush, text, x, end - x - 4.0 * s);
                }
            });
        }
    }
}

fn diamond(brush: &mut Brush<'_>, middle: WallPoint, size: f32, colour: crate::scene::Colour) {
    let h = size / 2.0;
    let points = [
        WallPoint::new(middle.x, middle.y - h),
        WallPoint::new(middle.x + h, middle.y),
        WallPoint::new(middle.x, middle.y + h),
        WallPoint::new(middle.x - h, middle.y),
    ];
    let mesh = crate::scene::Mesh {
        points: points.iter().map(|p| [p.x, p.y]).collect(),
        colours: vec![colour; 4],
        indices: vec![0, 1, 2, 0, 2, 3],
    };
    brush.mesh(std::sync::Arc::new(mesh));
    brush.line(&[points[0], points[1], points[2], points[3], points[0]], 2.0, colour);
}
