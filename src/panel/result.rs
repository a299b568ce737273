//! A result, told large: how much less or more than a year ago, from what to what, and the days or months of both in
//! true proportion.

use serde::Deserialize;

use super::{Panel, PanelInfo, View, frame};
use crate::data::filter::FilterSpec;
use crate::data::measure::{Answer, Compare, Measure, Period, Query};
use crate::data::region::Dictionaries;
use crate::data::written_numbers::{number, whole};
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, Language, LocalizedText, Sentence};
use crate::scene::{Brush, TextStyle, Weight};

/// A result.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearResult {
    /// The measure, held against the same time a year ago.
    #[serde(default)]
    metric: Option<Measure>,
    /// In its place a table of as many records of the one year as of the other, the oldest first.
    #[serde(default)]
    dataset: Option<String>,
    /// The field of its records.
    #[serde(default)]
    field: Option<String>,
    /// Whether what stands at the end of a year is told, not the sum of it.
    #[serde(default)]
    at_end: bool,
    /// What it is about, as it follows a number: «новых проблем».
    words: LocalizedText,
    #[serde(default = "month")]
    period: Period,
    #[serde(default)]
    filter: FilterSpec,
}

fn month() -> Period {
    Period::Days30
}

/// From this ratio on it is told as so many times, not as per cent.
const TIMES: f64 = 3.0;
/// More bars than this for a period are put together: days to months.
const MAX_BARS: usize = 31;
const MONTHS: usize = 12;

impl YearResult {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"result = { metric = "repeats", words = "повторных обращений" }"#;

    fn period(&self) -> Period {
        if self.metric.is_some_and(|metric| metric.is_stock()) { Period::Now } else { self.period }
    }

    fn value(&self, dictionaries: &Dictionaries) -> Option<Query> {
        Some(Query::Value(self.metric?, self.period(), Compare::YearAgo, self.filter.resolve(dictionaries)))
    }

    fn days(&self, dictionaries: &Dictionaries) -> Option<Query> {
        let days = if self.metric?.is_stock() { 30 } else { self.period.days().clamp(7, 365) as u16 };
        Some(Query::Days(self.metric?, days, self.filter.resolve(dictionaries)))
    }

    /// What there is to tell; none before both years are known.
    fn evidence(&self, view: &View<'_>) -> Option<Evidence> {
        let found = match self.dataset.as_deref() {
            Some(name) => self.of_table(view, name),
            None => self.of_measure(view),
        };
        found.filter(|evidence| evidence.before > 0.0 && evidence.now.is_finite())
    }

    fn of_measure(&self, view: &View<'_>) -> Option<Evidence> {
        let dictionaries = view.dictionaries()?;
        let (figure, _) = view.figure(&self.value(dictionaries)?)?;
        let bars = match view.measured(&self.days(dictionaries)?).map(|m| &m.answer) {
            Some(Answer::Days { days, year_ago }) => [bars_of(year_ago), bars_of(days)],
            _ => Default::default(),
        };
        let (now, before) = (figure.now?, figure.before?);
        let told = |value: f64| view.language.compact_beside(value, now.max(before));
        let period = view.language.message(&format!("period-{}", self.period().code()));
        Some(Evidence {
            now,
            before,
            then: view.language.message_with("result-ago", &[("value", Arg::Text(&told(before)))]),
            at_last: (format!("{period}: {}", told(now)), told(now)),
            bars,
            years: Default::default(),
        })
    }

    fn of_table(&self, view: &View<'_>, name: &str) -> Option<Evidence> {
        let field = self.field.as_deref()?;
        let records = view.records(name);
        // A sum over a month that cannot be read would be that of another year.
        let values: Vec<f64> = records.iter().map(|record| number(record.get(field)?)).collect::<Option<_>>()?;
        let half = records.len() / 2;
        let (then, now) = values.split_at(half);
        let year = |at: Option<usize>| whole(records.get(at?)?.get("year")?).map(|year| year.to_string());
        let years = [year(half.checked_sub(1)), year(records.len().checked_sub(1))];
        let told = |year: &Option<String>, value: f64, other: f64, words: &str| {
            let value = view.language.compact_beside(value, other);
            let Some(year) = year else { return value };
            view.language.message_with(words, &[("year", Arg::Text(year)), ("value", Arg::Text(&value))])
        };
        // That it is what stands at the end of a year is said once.
        let first = if self.at_end { "result-end-of" } else { "result-of" };
        let total = |part: &[f64]| if self.at_end { part.last().copied() } else { Some(part.iter().sum()) };
        let (before, sum) = (total(then)?, total(now)?);
        Some(Evidence {
            now: sum,
            before,
            then: told(&years[0], before, sum, first),
            at_last: (told(&years[1], sum, before, "result-of"), view.language.compact_beside(sum, before)),
            bars: [then.to_vec(), now.to_vec()],
            years: years.map(Option::unwrap_or_default),
        })
    }
}

/// What a result is told from.
struct Evidence {
    now: f64,
    before: f64,
    /// What was before, in words.
    then: String,
    /// What is now, in words, and shorter.
    at_last: (String, String),
    /// The days or months of both.
    bars: [Vec<f64>; 2],
    /// Which years they are of, where that is known.
    years: [String; 2],
}

/// Days as they are, or put together to months.
fn bars_of(days: &[f64]) -> Vec<f64> {
    let mean = |part: &[f64]| part.iter().copied().filter(|v| v.is_finite()).sum::<f64>() / part.len().max(1) as f64;
    let bars = if days.len() > MAX_BARS { MONTHS } else { days.len() };
    (0..bars).map(|m| mean(&days[m * days.len() / bars..(m + 1) * days.len() / bars])).collect()
}

impl Panel for YearResult {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        [self.value(dictionaries), self.days(dictionaries)].into_iter().flatten().collect()
    }

    fn validate(&self) -> Result<(), Sentence> {
        match (self.metric, self.dataset.is_some() && self.field.is_some()) {
            (Some(_), false) if self.dataset.is_none() => Ok(()),
            (None, true) => Ok(()),
            _ => Err(crate::sentence!("panel-result-of")),
        }
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn info(&self) -> PanelInfo {
        PanelInfo::of_table_or_appeals((22.0, 9.0), self.dataset.as_deref())
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let (u, bounds, palette) = (brush.theme.unit, brush.bounds, brush.theme.palette.clone());
        frame::ground(view, brush);
        let pad = 5.0 * brush.theme.spacing();
        let mut body = bounds.inflate(-pad, -0.6 * u);
        if !view.shared_stamp {
            frame::stamp(view, brush, WallPoint::new(body.min.x, bounds.max.y - 0.83 * u));
            body.max.y -= 1.5 * u;
        }
        let Some(evidence) = self.evidence(view) else {
            let words = view.language.message("chart-empty-table");
            frame::paint_empty_state(brush, body, "chart-line-up", self.words.to(view.language), &words);
            return;
        };
        let parts = told(view.language, evidence.now, evidence.before);
        let at_one = widest(view.language, brush);
        // The evidence stands beside the number where the place is wide, under the words where it is high.
        let upright = body.height() > UPRIGHT * body.width();
        let mut block = body;
        let mut under = WallRect::new(WallPoint::new(body.min.x, body.max.y), body.max);
        if upright {
            // If the place spans two screens, the words go to the upper one.
            let seam = view.wall.seams().1.into_iter().find(|(at, _)| body.min.y < *at && body.max.y > *at);
            let (end, start) = match seam.filter(|(_, gap)| *gap > 0.5) {
                Some((at, gap)) => (at - gap / 2.0, at + gap / 2.0 + 1.2 * u),
                None => (body.min.y + body.height() * 0.62, body.min.y + body.height() * 0.62 + 0.6 * u),
            };
            block.max.y = end;
            under.min.y = start;
        }
        let by_width = if upright { body.width() } else { body.width() - 8.6 * u } / at_one.max(1.0);
        let size = ((block.height() / u - 4.6) / 0.88).min(by_width).clamp(2.5, MAX_LARGE);
        // The block stands in the middle of its place.
        let top = block.min.y + ((block.height() - (0.78 * size + 4.4) * u) / 2.0).max(0.0);
        let baseline = top + 0.72 * size * u;
        let end = headline(brush, &parts, size, WallPoint::new(body.min.x, baseline));
        // Under the tail of a comma.
        let words_at = baseline + (0.16 * size + 1.45).max(1.9) * u;
        let words = [parts.comparison.as_str(), self.words.to(view.language)].join(" ").trim().to_owned();
        let title = TextStyle { weight: Weight::Medium, ..brush.theme.page_title() };
        brush.text_in(&words, title, WallPoint::new(body.min.x, words_at), body.width(), palette.text);
        from_what_to_what(brush, &evidence, WallPoint::new(body.min.x, words_at + 1.75 * u), body.max.x);
        let beside = WallRect::new(
            // Where the widest result would end: those side by side begin alike.
            WallPoint::new(
                (body.min.x + at_one * size + 1.4 * u).max(end + 1.2 * u).max(body.max.x - 9.0 * u),
                baseline - 0.72 * size * u,
            ),
            WallPoint::new(body.max.x, baseline),
        );
        if upright {
            evidence.in_years(brush, under);
        } else if beside.width() > 5.0 * u {
            bars(brush, beside, &evidence.bars);
        }
    }
}

/// A place so many times as high as wide, or higher, has the evidence under the words.
const UPRIGHT: f32 = 0.72;
/// The largest number, in units.
const MAX_LARGE: f32 = 9.6;

/// The styles of the number and of what stands before and after it.
fn styles(brush: &Brush<'_>, size: f32) -> (TextStyle, TextStyle) {
    let theme = brush.theme;
    (theme.number(size), TextStyle { size: 0.42 * size * theme.unit, ..theme.unit() })
}

/// How far what stands before the number is from it, and the number from what follows, in wall pixels.
fn gaps(brush: &Brush<'_>, size: f32) -> (f32, f32) {
    ((0.15 + 0.07 * size) * brush.theme.unit, 0.4 * brush.theme.unit)
}

/// Width at size 1 of the widest possible result, not of the actual one: results side by side have the same size.
fn widest(language: &Language, brush: &mut Brush<'_>) -> f32 {
    let (large, small) = styles(brush, 1.0);
    let times = brush.measure(&language.message("result-in"), small)
        + 0.1 * brush.theme.unit
        + brush.measure("8,8", large)
        + brush.measure(&language.message_with("result-times", &[("count", Arg::Number(2.0, 0))]), small);
    brush.measure(&language.percent("−88"), large).max(times)
}

/// As large as its place allows: the number is what is read from the door. Returns where it ends.
fn headline(brush: &mut Brush<'_>, parts: &ReportedTime, size: f32, at: WallPoint) -> f32 {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let ((number, unit), (before, after)) = (styles(brush, size), gaps(brush, size));
    let mut x = at.x;
    if !parts.lead.is_empty() {
        x += brush.text(&parts.lead, unit, at, palette.quiet) + before;
    }
    x += brush.text(&parts.number, number, WallPoint::new(x - 0.1 * u, at.y), palette.text) + after;
    if !parts.tail.is_empty() {
        x += brush.text(&parts.tail, unit, WallPoint::new(x, at.y), palette.quiet);
    }
    x
}

/// What it was and what it became, before `right`. The period goes before a number is cut.
fn from_what_to_what(brush: &mut Brush<'_>, evidence: &Evidence, at: WallPoint, right: f32) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let (note, label) = (brush.theme.note(), brush.theme.label());
    let width = brush.text(&evidence.then, note, at, palette.quiet);
    let arrow = WallPoint::new(at.x + width + 0.6 * u, at.y - 0.35 * u);
    let at = WallPoint::new(arrow.x + 1.9 * u, at.y);
    let (whole, number) = &evidence.at_last;
    let Some(words) = [whole, number].into_iter().find(|words| at.x + brush.measure(words, label) <= right) else {
        return;
    };
    arrow_right(brush, arrow, 1.3 * u, palette.quiet);
    brush.text(words, label, at, palette.heat[7]);
}

impl Evidence {
    /// The bars of both years over their numbers.
    fn in_years(&self, brush: &mut Brush<'_>, place: WallRect) {
        let (u, note, palette) = (brush.theme.unit, brush.theme.note(), brush.theme.palette.clone());
        let named = self.years.iter().any(|year| !year.is_empty());
        let floor = place.max.y - if named { 1.6 * u } else { 0.3 * u };
        let area = WallRect::new(place.min, WallPoint::new(place.max.x, floor));
        if area.height() < 2.0 * u {
            return;
        }
        let starts = bars(brush, area, &self.bars);
        for ((year, x), colour) in self.years.iter().zip(starts).zip([palette.quiet, palette.heat[7]]) {
            brush.text(year, note, WallPoint::new(x, place.max.y - 0.3 * u), colour);
        }
    }
}

/// The days or months of both times side by side, on one scale.
/// Returns where each begins.
fn bars(brush: &mut Brush<'_>, area: WallRect, [then, now]: &[Vec<f64>; 2]) -> [f32; 2] {
    if then.is_empty() || now.is_empty() {
        return [area.min.x; 2];
    }
    let most = then.iter().chain(now).copied().fold(0.0, f64::max).max(1e-9);
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let gap = 0.7 * u;
    let pitch = (area.width() - gap) / (then.len() + now.len()) as f32;
    let gold = palette.heat[7];
    for (index, value) in then.iter().chain(now).enumerate() {
        let is_now = index >= then.len();
        let x = area.min.x + index as f32 * pitch + if is_now { gap } else { 0.0 };
        let height = ((value / most) as f32 * area.height()).max(2.0);
        let bar = rect(x, area.max.y - height, (pitch * 0.85).max(2.0), height);
        brush.fill_rect(bar, 0.07 * u, if is_now { gold } else { palette.before.mix(palette.panel_top, 0.3) });
    }
    [area.min.x, area.min.x + then.len() as f32 * pitch + gap]
}

/// A comparison in words: «−27 %», or «в 4,5 раза меньше».
#[derive(Debug, PartialEq, Default)]
struct ReportedTime {
    lead: String,
    number: String,
    tail: String,
    comparison: String,
}

fn told(language: &Language, now: f64, before: f64) -> ReportedTime {
    let (most, least) = (now.max(before), now.min(before));
    if least > 0.0 && most / least >= TIMES {
        let times = most / least;
        let decimals = usize::from(times < 9.95);
        let rounded = if decimals == 0 { times.round() } else { (times * 10.0).round() / 10.0 };
        return ReportedTime {
            lead: language.message("result-in"),
            number: language.number(rounded, usize::from(rounded.fract() != 0.0)),
            tail: language
                .message_with("result-times", &[("count", Arg::Number(rounded, usize::from(rounded.fract() != 0.0)))]),
            comparison: language.message(if now < before { "result-less" } else { "result-more" }),
        };
    }
    let change = language.change((now / before - 1.0) * 100.0, 0);
    ReportedTime { number: language.percent(&change), ..ReportedTime::default() }
}

fn arrow_right(brush: &mut Brush<'_>, from: WallPoint, length: f32, colour: crate::scene::Colour) {
    let u = brush.theme.unit;
    let tip = WallPoint::new(from.x + length, from.y);
    brush.line(&[from, tip], 0.08 * u, colour);
    let head = 0.3 * u;
    brush.line(
        &[WallPoint::new(tip.x - head, tip.y - head), tip, WallPoint::new(tip.x - head, tip.y + head)],
        0.08 * u,
        colour,
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Lang;

    #[test]
    fn a_change_is_told_as_people_say_it() {
        let russian = Language::new(Lang::Ru);
        let said = |now: f64, before: f64| {
            let ReportedTime { lead, number, tail, comparison } = told(&russian, now, before);
            [lead, number, tail, comparison].join(" ").trim().to_owned()
        };
        assert_eq!(said(73.0, 100.0), "−27\u{a0}%");
        assert_eq!(said(10.0, 45.0), "в 4,5 раза меньше");
        assert_eq!(said(10.0, 140.0), "в 14 раз меньше");
        assert_eq!(said(66.0, 22.0), "в 3 раза больше");
        assert_eq!(said(10.0, 210.0), "в 21 раз меньше");
        assert_eq!(russian.compact(1_104_000.0), "1,10\u{a0}млн");
        assert_eq!(russian.compact(33_700.0), "33,7\u{a0}тыс.");
        assert_eq!(russian.compact(803_000.0), "803\u{a0}тыс.");
    }
}
