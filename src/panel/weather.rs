//! The weather of a table: as it is, and the next hours beside it.

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::clock::Moment;
use crate::data::dataset::Record;
use crate::data::written_numbers;
use crate::geometry::{WallPoint, WallRect};
use crate::language::{Arg, LocalizedText, NBSP};
use crate::scene::{Brush, Icon, icon_named};

/// The weather. The table's first record is what is now, those after it are to come; each has `time` (seconds since
/// 1970), `temperature_c`, `condition` and, if it is known, `wind_m_s`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weather {
    #[serde(default = "weather")]
    dataset: String,
    #[serde(default)]
    title: Option<LocalizedText>,
}

fn weather() -> String {
    "weather".to_owned()
}

/// One of the next hours needs this much, in units.
const COLUMN: f32 = 4.2;

/// What the sky can be, with its icon by day and by night.
const CONDITIONS: [(&str, &str, &str); 8] = [
    ("clear", "sun", "moon"),
    ("partly-cloudy", "cloud-sun", "cloud-moon"),
    ("cloudy", "cloud", "cloud"),
    ("fog", "cloud-fog", "cloud-fog"),
    ("rain", "cloud-rain", "cloud-rain"),
    ("sleet", "cloud-snow", "cloud-snow"),
    ("snow", "cloud-snow", "cloud-snow"),
    ("thunder", "cloud-lightning", "cloud-lightning"),
];

/// One moment of it.
#[derive(Debug, Clone, PartialEq)]
struct Sky {
    at: Moment,
    temperature_c: f64,
    /// Its place among the conditions.
    condition: Option<usize>,
    wind_m_s: Option<f64>,
}

impl Sky {
    fn of(view: &View<'_>, record: &Record) -> Option<Self> {
        let number = |field: &str| written_numbers::number(record.get(field)?);
        let condition = record.get("condition").and_then(|v| v.as_str());
        Some(Self {
            at: view.moment(record.get("time")?)?,
            temperature_c: number("temperature_c")?,
            condition: condition.and_then(|code| CONDITIONS.iter().position(|(known, ..)| *known == code)),
            wind_m_s: number("wind_m_s"),
        })
    }

    fn icon(&self, view: &View<'_>) -> Option<Icon> {
        let (_, day, night) = CONDITIONS[self.condition?];
        let hour = self.at.zoned(view.zone).hour();
        Some(icon_named(if (6..21).contains(&hour) { day } else { night }, false))
    }

    fn degrees(&self, view: &View<'_>) -> String {
        // Above and below zero are told apart by a sign, as a forecast says it.
        format!("{}°", view.language.change(self.temperature_c.round(), 0))
    }
}

impl Weather {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"weather = { dataset = "weather" }"#;
}

impl Panel for Weather {
    fn info(&self) -> PanelInfo {
        PanelInfo::of_table((11.0, 7.0), &self.dataset)
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let title = frame::text_or_default(&self.title, view.language, || view.language.message("weather-title"));
        let body = frame::paint_frame(view, brush, &title, "");
        let skies: Vec<Sky> = view.records(&self.dataset).iter().filter_map(|record| Sky::of(view, record)).collect();
        let Some(now) = skies.first() else {
            frame::paint_empty_state(brush, body, "cloud", &view.language.message("chart-empty-table"), "");
            return;
        };
        let later: Vec<&Sky> = skies[1..].iter().filter(|sky| sky.at > brush.now).collect();
        if let Some(next) = later.iter().map(|sky| sky.at).min() {
            brush.changes_at(next);
        }
        let u = brush.theme.unit;
        // The next hours stand at the right where there is room, else under it, else not at all.
        let aside = ((body.width() - 11.0 * u) / (COLUMN * u)).floor().max(0.0) as usize;
        let under = if body.height() >= 11.5 * u { (body.width() / (COLUMN * u)).floor() as usize } else { 0 };
        let (mut main, mut rest) = (body, None);
        if aside >= 2 {
            let width = aside.min(later.len()).min(8) as f32 * COLUMN * u;
            main.max.x -= width;
            rest = Some(WallRect::new(WallPoint::new(main.max.x, body.min.y), body.max));
        } else if under >= 2 {
            main.max.y -= 5.6 * u;
            rest = Some(WallRect::new(WallPoint::new(body.min.x, main.max.y), body.max));
        }
        as_it_is(view, brush, main, now);
        if let Some(area) = rest {
            hours(view, brush, area, &later);
        }
    }
}

fn as_it_is(view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, now: &Sky) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    // An icon and four characters stand within the width.
    let by_width = (area.width() / u - 0.6) / 3.4;
    let size = ((area.height() / u - 2.6) / 0.9).min(by_width).clamp(2.0, 5.1);
    let number = brush.theme.number(size);
    let baseline = area.center().y - 0.55 * u + 0.36 * number.size;
    let mut x = area.min.x;
    if let Some(icon) = now.icon(view) {
        let side = 0.95 * number.size;
        brush.icon(icon, side, WallPoint::new(x + side / 2.0, baseline - 0.36 * number.size), palette.now);
        x += side + 0.6 * u;
    }
    brush.text(&now.degrees(view), number, WallPoint::new(x, baseline), palette.text);
    let mut words: Vec<String> =
        now.condition.iter().map(|at| view.language.message(&format!("weather-{}", CONDITIONS[*at].0))).collect();
    let metres = |wind: f64| view.language.message_with("weather-wind", &[("speed", Arg::Number(wind.round(), 0))]);
    words.extend(now.wind_m_s.map(metres));
    let note = brush.theme.note();
    let rows = (((area.max.y - baseline - 1.7 * u) / (1.25 * note.size)).floor().max(0.0) as usize + 1).min(3);
    for (row, line) in brush.wrapped(&words.join(", "), note, area.width() - 0.4 * u, rows).into_iter().enumerate() {
        let at = WallPoint::new(area.min.x, baseline + 1.7 * u + row as f32 * 1.25 * note.size);
        brush.run(line, at, palette.quiet);
    }
}

fn hours(view: &View<'_>, brush: &mut Brush<'_>, area: WallRect, later: &[&Sky]) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let shown = ((area.width() / (COLUMN * u)).floor() as usize).min(later.len()).min(8);
    let pitch = area.width() / shown.max(1) as f32;
    let top = area.center().y - 2.3 * u;
    for (index, sky) in later.iter().take(shown).enumerate() {
        let middle = area.min.x + (index as f32 + 0.5) * pitch;
        let hour = view.language.time(&sky.at.zoned(view.zone));
        brush.text_centred(&hour, brush.theme.note(), WallPoint::new(middle, top + 0.9 * u), palette.quiet);
        if let Some(icon) = sky.icon(view) {
            brush.icon(icon, 1.5 * u, WallPoint::new(middle, top + 2.3 * u), palette.now);
        }
        let degrees = sky.degrees(view).replace(NBSP, "");
        brush.text_centred(&degrees, brush.theme.title(), WallPoint::new(middle, top + 4.4 * u), palette.text);
    }
}
