//! Appeals as cards in columns: what the resident wrote, and under it what was answered.

use serde::Deserialize;

use super::kit::{changes_with_status, key_of};
use super::{Panel, PanelInfo, View, frame};
use crate::clock::Moment;
use crate::data::filter::FilterSpec;
use crate::data::region::Dictionaries;
use crate::data::{Appeal, NEVER, SOME_TIME};
use crate::geometry::{WallPoint, WallRect, WallVector, rect};
use crate::language::{LocalizedText, Sentence};
use crate::scene::{Brush, icon_named};

/// Cards.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cards {
    #[serde(default)]
    title: Option<LocalizedText>,
    /// Whether only answered ones are shown.
    #[serde(default)]
    answered: bool,
    /// How long a page of them is shown.
    #[serde(default = "hold")]
    hold_secs: f64,
    #[serde(default)]
    filter: FilterSpec,
}

fn hold() -> f64 {
    20.0
}

/// The least width and the height of a card, in units.
const CARD: (f32, f32) = (19.0, 8.6);
/// Pages beyond this many are old news.
const MAX_PAGES: usize = 4;

impl Cards {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"cards = { answered = true, hold_secs = 20 }"#;

    /// The appeals that are told of, the newest or the last answered first.
    fn told(&self, view: &View<'_>, dictionaries: &Dictionaries, now: Moment) -> Vec<Appeal> {
        let filter = self.filter.resolve(dictionaries);
        let seconds = u32::try_from(now.secs()).unwrap_or(0);
        let all =
            if self.answered { view.answered() } else { view.latest().iter().map(|arrival| arrival.appeal).collect() };
        let hidden = |appeal: &Appeal| self.answered && view.reply_to(appeal.id).is_none();
        all.into_iter().filter(|a| filter.admits(dictionaries, a, seconds) && !hidden(a)).collect()
    }
}

impl Panel for Cards {
    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn validate(&self) -> Result<(), Sentence> {
        if (6.0..=3600.0).contains(&self.hold_secs) {
            Ok(())
        } else {
            Err(crate::sentence!("panel-hold-secs", least = 6))
        }
    }

    fn info(&self) -> PanelInfo {
        PanelInfo { shows_texts: true, yields_to_press: true, ..PanelInfo::of_appeals((CARD.0 + 1.5, 2.0 + CARD.1)) }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let usual = if self.answered { "cards-answered" } else { "feed-title" };
        let title = frame::text_or_default(&self.title, view.language, || view.language.message(usual));
        let Some(dictionaries) = view.dictionaries() else {
            frame::paint_frame(view, brush, &title, "");
            return;
        };
        let told = self.told(view, dictionaries, brush.now);
        let filter = self.filter.resolve(dictionaries);
        changes_with_status(brush, &filter, view.latest().iter().map(|arrival| &arrival.appeal));
        let u = brush.theme.unit;
        let room = frame::body(view, brush, true);
        let fit = |room: f32, least: f32| ((room / (least * u)).floor() as usize).max(1);
        let (columns, rows) = (fit(room.width() + 0.8 * u, CARD.0 + 0.8), fit(room.height() + 0.8 * u, CARD.1 + 0.8));
        let a_page = columns * rows;
        let pages = told.len().div_ceil(a_page).clamp(1, MAX_PAGES);
        let hold = (self.hold_secs * 1000.0) as i64;
        let turn = brush.now.0.div_euclid(hold);
        let page = usize::try_from(turn.rem_euclid(pages as i64)).unwrap_or(0);
        let note = if pages > 1 { format!("{} / {pages}", page + 1) } else { String::new() };
        let body = frame::paint_frame(view, brush, &title, &note);
        if told.is_empty() {
            let words = view.language.message(if self.answered { "cards-empty" } else { "feed-empty" });
            frame::paint_empty_state(brush, body, "tray", &words, "");
            return;
        }
        if pages > 1 {
            brush.changes_at(Moment((turn + 1) * hold));
        }
        let gap = 0.8 * u;
        let (width, height) = ((body.width() + gap) / columns as f32, (body.height() + gap) / rows as f32);
        for (place, appeal) in told.into_iter().skip(page * a_page).take(a_page).enumerate() {
            let (column, row) = ((place % columns) as f32, (place / columns) as f32);
            let (left, top) = (body.min.x + column * width, body.min.y + row * height);
            let card = rect(left, top, width - gap, (height - gap).min(1.5 * CARD.1 * u));
            let words = CardWords { words: view.words_of(appeal.id), reply: view.reply_to(appeal.id) };
            let edges = [card.min.x, card.min.y, card.max.x, card.max.y].map(f32::to_bits);
            let today = view.day_of_measures().date();
            let key = key_of((appeal.id, &words, edges, today, view.language.lang() as u8, brush.theme.unit.to_bits()));
            let clip = brush.bounds;
            brush.keyed_layer(key, WallVector::zero(), clip, |brush| {
                paint_card(view, dictionaries, brush, &appeal, words, card);
            });
        }
    }
}

/// What stands on a card, as far as it may be shown.
#[derive(Clone, Copy, Hash)]
struct CardWords<'a> {
    /// What the resident wrote.
    words: Option<&'a str>,
    /// What was answered.
    reply: Option<&'a str>,
}

fn paint_card(
    view: &View<'_>,
    dictionaries: &Dictionaries,
    brush: &mut Brush<'_>,
    appeal: &Appeal,
    told: CardWords<'_>,
    card: WallRect,
) {
    let CardWords { words, reply } = told;
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    brush.fill_rect(card, 0.33 * u, palette.raised);
    let inner = card.inflate(-0.7 * u, -0.5 * u);
    let (label, note) = (brush.theme.label(), brush.theme.note());
    let channel = dictionaries.channels.get(usize::from(appeal.channel)).and_then(|c| c.icon.as_deref());
    let icon_at = WallPoint::new(inner.min.x + 0.55 * u, inner.min.y + 0.65 * u);
    brush.icon(icon_named(channel.unwrap_or("tray"), false), 1.1 * u, icon_at, palette.now);
    let topic = dictionaries.topics.get(usize::from(appeal.topic));
    let sector = topic.and_then(|t| dictionaries.sectors.get(usize::from(t.sector))).map_or("", |s| s.name.as_str());
    let place = dictionaries.municipalities.get(usize::from(appeal.municipality)).map_or("", |m| m.name.as_str());
    let head = inner.min.y + 1.0 * u;
    // When it was answered, where it was; when it came, where it was not.
    let second = if reply.is_some() && appeal.answered != NEVER && appeal.answered > SOME_TIME {
        appeal.answered
    } else {
        appeal.received
    };
    let at = Moment::from_secs(i64::from(second)).zoned(view.zone);
    let time = view.language.time_or_day(&at, view.day_of_measures().date());
    let width = brush.text_right(&time, note, WallPoint::new(inner.max.x, head), palette.quiet);
    let x = icon_at.x + 1.0 * u;
    let room = inner.max.x - width - 0.6 * u - x;
    let used = brush.text_in(sector, label, WallPoint::new(x, head), room, palette.text);
    if room - used > 4.0 * u {
        let at = WallPoint::new(x + used + 0.45 * u, head);
        brush.text_in(place, note, at, room - used - 0.45 * u, palette.quiet);
    }
    let pitch = 1.25 * note.size;
    let rows = (((inner.max.y - head - 0.3 * u) / pitch).floor() as usize).max(2);
    // The answer has what it needs of at most half of the lines; the appeal has the rest.
    let answer = reply.map(|reply| brush.wrapped(reply, note, inner.width() - 1.9 * u, (rows / 2).max(1)));
    let for_answer = answer.as_ref().map_or(0, Vec::len);
    let said = words.or_else(|| topic.map(|t| t.name.as_str())).unwrap_or("");
    let mut y = head + 0.25 * u;
    for line in brush.wrapped(said, note, inner.width(), (rows - for_answer).max(1)) {
        y += pitch;
        brush.run(line, WallPoint::new(inner.min.x, y), palette.text);
    }
    let Some(answer) = answer else { return };
    let mut y = inner.max.y - (answer.len() as f32 - 1.0) * pitch - 0.25 * u;
    // A line at its side and a tick say that it is the answer.
    let bar = rect(inner.min.x, y - 0.85 * u, 0.12 * u, answer.len() as f32 * pitch);
    brush.fill_rect(bar, 0.06 * u, palette.good);
    let tick = WallPoint::new(inner.min.x + 0.95 * u, y - 0.35 * u);
    brush.icon(icon_named("check-circle", true), 1.05 * u, tick, palette.good);
    for line in answer {
        brush.run(line, WallPoint::new(inner.min.x + 1.9 * u, y), palette.quiet);
        y += pitch;
    }
}
