//! New appeals, newest at the top: a new one pushes the others down, then all rest.
//!
//! Appeals that arrive within one slot of time enter together at its end, so a rush never makes the feed
//! run, and where every row stands is a function of the arrivals and the moment alone. What a resident
//! wrote is not shown: the sector, the topic and the municipality are.

use serde::Deserialize;

use super::kit::{Name, changes_with_status, key_of, name_of, today};
use super::{Panel, PanelInfo, View, frame};
use crate::clock::{Moment, ease_in_out_cubic};
use crate::data::Arrival;
use crate::data::dataset::Record;
use crate::data::filter::FilterSpec;
use crate::data::measure::Dimension;
use crate::data::region::{Dictionaries, OTHER_SECTOR};
use crate::geometry::{WallPoint, WallRect, WallVector, rect};
use crate::language::{Arg, LocalizedText};
use crate::scene::{Brush, icon_named};

/// Rows enter at the ends of slots this long; a row rests for at least the rest of the slot.
const SLOT_MILLIS: i64 = 4000;
const MINUTE_MILLIS: i64 = 60_000;
const HOUR_MILLIS: i64 = 3_600_000;
/// A row is pushed down in this time.
const PUSH_MILLIS: i64 = 500;
/// From this width, in units, a row shows what the resident wrote: less holds no sentence.
const WORDS_FROM: f32 = 18.0;
/// A row's height in units.
const ROW: f32 = 2.55;
/// The side of the channel's tile, in units.
const TILE: f32 = 1.7;

/// A feed of appeals.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    #[serde(default)]
    title: Option<LocalizedText>,
    #[serde(default)]
    filter: FilterSpec,
    /// A table of texts in the place of appeals: news.
    #[serde(default)]
    dataset: Option<String>,
}

impl Feed {
    /// As a layout writes it.
    pub const EXAMPLE: &str = r#"feed = { filter = { sector = "housing" } }"#;
}

/// The moment at which an arrival enters: the end of its slot.
fn entry(arrival: &Arrival) -> Moment {
    Moment((arrival.arrived.0.div_euclid(SLOT_MILLIS) + 1) * SLOT_MILLIS)
}

/// Whether it has entered by `now`. An arrival more than a slot ahead dates from before the clock was set back.
fn has_entered(arrival: &Arrival, now: Moment) -> bool {
    let at = entry(arrival);
    at <= now || at > now.plus_millis(2 * SLOT_MILLIS)
}

impl Panel for Feed {
    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        vec![&mut self.filter]
    }

    fn info(&self) -> PanelInfo {
        PanelInfo { shows_texts: true, ..PanelInfo::of_table_or_appeals((13.0, 2.0 + ROW), self.dataset.as_deref()) }
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        if let Some(name) = &self.dataset {
            return self.news(view, brush, name);
        }
        let Some(dictionaries) = view.dictionaries() else {
            frame::paint_frame(view, brush, &self.heading(view), "");
            return;
        };
        let filter = self.filter.resolve(dictionaries);
        let seconds = u32::try_from(brush.now.secs()).unwrap_or(0);
        let admitted = |a: &&Arrival| filter.admits(dictionaries, &a.appeal, seconds);
        let arrivals: Vec<&Arrival> = view.latest().iter().filter(admitted).collect();
        // Counted by time of receipt, however late a source delivers. Sampled once a slot: digits that change with
        // every appeal cannot be read.
        let slot = |moment: Moment| moment.0.div_euclid(SLOT_MILLIS) * SLOT_MILLIS;
        let counted_at = Moment(slot(brush.now));
        let received = |a: &Arrival| Moment::from_secs(i64::from(a.appeal.received));
        let since = |millis: i64| {
            let from = counted_at.plus_millis(-millis);
            arrivals.iter().filter(|a| received(a) > from && received(a) <= counted_at).count()
        };
        // Where less than one comes in a minute, minutes say nothing.
        let (minute, hour) = (since(MINUTE_MILLIS), since(HOUR_MILLIS));
        let turns =
            arrivals.iter().flat_map(|a| [0, MINUTE_MILLIS, HOUR_MILLIS].map(|after| received(a).plus_millis(after)));
        if let Some(next) = turns.filter(|moment| *moment > counted_at).min() {
            brush.changes_at(Moment(slot(next.plus_millis(SLOT_MILLIS - 1))));
        }
        changes_with_status(brush, &filter, view.latest().iter().map(|arrival| &arrival.appeal));
        let (key, recent) = if hour < 60 { ("feed-rate-hour", hour) } else { ("feed-rate", minute) };
        let rate = if view.faded() {
            "—".to_owned()
        } else {
            view.language.message_with(key, &[("count", Arg::Number(recent as f64, 0))])
        };
        let body = frame::paint_frame(view, brush, &self.heading(view), &rate);
        if arrivals.is_empty() {
            if view.age.is_some() {
                frame::paint_empty_state(brush, body, "tray", &view.language.message("feed-empty"), "");
            }
            return;
        }
        let u = brush.theme.unit;
        let rows = (body.height() / (ROW * u)).floor().max(1.0) as usize;
        // Rows share the height that is left over, as far as that does not tear them apart.
        let row = (body.height() / rows as f32).min(1.16 * ROW * u).max(ROW * u).floor();
        let area = rect(brush.bounds.min.x, body.min.y, brush.bounds.width(), rows as f32 * row);
        // Rows that are pushing now have not taken their place yet; later ones are not seen at all.
        let mut entered: Vec<&Arrival> = arrivals.iter().copied().filter(|a| has_entered(a, brush.now)).collect();
        entered.sort_by_key(|a| std::cmp::Reverse((a.appeal.received, a.appeal.id)));
        if let Some(next) = arrivals.iter().filter(|a| !has_entered(a, brush.now)).map(|a| entry(a)).min() {
            brush.changes_at(next);
        }
        let pushing = entered.iter().filter(|a| a_is_pushing(a, brush.now)).count();
        let push = entered
            .iter()
            .find(|a| a_is_pushing(a, brush.now))
            .map_or(1.0, |first| brush.animate(entry(first), PUSH_MILLIS, ease_in_out_cubic));
        // The rows that come on top push all others down; one that was received earlier opens a gap between those before
        // and after it, and stands in it once that is open.
        let on_top = entered.iter().take_while(|a| a_is_pushing(a, brush.now)).count();
        let visible = &entered[..entered.len().min(rows + pushing.min(rows))];
        let form = self.form(view, dictionaries, brush, body.width());
        let mut above = 0;
        for (index, arrival) in visible.iter().enumerate() {
            let comes = a_is_pushing(arrival, brush.now);
            if comes && index >= on_top {
                above += 1;
                if push < 1.0 {
                    continue;
                }
            }
            let pushed = (on_top + above).min(rows) as f32;
            let shift = (pushed * row * (push - 1.0)).round();
            let age = self.age(view, brush, arrival);
            let last = pushing == 0 && index + 1 == rows;
            let key = key_of((
                arrival.appeal.id,
                (&age, last, row as i32, form.beside, form.whole),
                view.words_of(arrival.appeal.id),
                view.language.lang() as u8,
                area.min.x as i32,
                area.width() as i32,
            ));
            let top = area.min.y + index as f32 * row + shift;
            brush.keyed_layer(key, WallVector::new(0.0, top), area, |brush| {
                // Painted at the top of the wall and moved: the same content serves wherever the row stands.
                let place = rect(body.min.x, 0.0, body.width(), row);
                paint_row(&Row { arrival, age: &age, form, last }, view, dictionaries, brush, place);
            });
        }
    }
}

fn a_is_pushing(arrival: &Arrival, now: Moment) -> bool {
    let at = entry(arrival);
    at <= now && now < at.plus_millis(PUSH_MILLIS)
}

impl Feed {
    /// The form of all rows: whole names of sectors, and the place in the first line, where there is room for any that may
    /// come. So no row changes its form when another enters.
    fn form(&self, view: &View<'_>, dictionaries: &Dictionaries, brush: &mut Brush<'_>, width: f32) -> Form {
        let (u, label, note) = (brush.theme.unit, brush.theme.label(), brush.theme.note());
        let elsewhere = self.filter.municipality.is_none();
        let age = view.language.message_with("age-minutes", &[("count", Arg::Number(59.0, 0))]);
        let room = width - brush.measure(&age, note) - (TILE + 1.2) * u;
        let places = dictionaries.municipalities.iter().filter(|_| elsewhere);
        let place = places.map(|m| brush.measure(&m.name, note) + 0.45 * u).fold(0.0, f32::max);
        let forms = [(true, true), (false, true), (false, false)];
        let forms = forms.map(|(whole, beside)| Form { elsewhere, beside, whole });
        let mut fits = |form: &Form| {
            let names = dictionaries.sectors.iter().map(|sector| form.head(Name::of(sector)));
            let sector = names.map(|name| brush.measure(name, label)).fold(0.0, f32::max);
            sector + if form.beside { place } else { 0.0 } <= room
        };
        forms.into_iter().find(|form| fits(form)).unwrap_or(forms[2])
    }

    fn heading(&self, view: &View<'_>) -> String {
        let usual = if self.dataset.is_some() { "feed-table-title" } else { "feed-title" };
        frame::text_or_default(&self.title, view.language, || view.language.message(usual))
    }

    /// The texts of a table, each with the time of its record, as many as there is room for.
    fn news(&self, view: &View<'_>, brush: &mut Brush<'_>, name: &str) {
        let body = frame::paint_frame(view, brush, &self.heading(view), "");
        // Newest first; those of which no time is known follow as they came.
        let mut records: Vec<(Option<Moment>, &Record)> =
            view.records(name).iter().map(|record| (record.get("time").and_then(|v| view.moment(v)), record)).collect();
        records.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let today = today(view, brush).date();
        let (u, palette, style) = (brush.theme.unit, brush.theme.palette.clone(), brush.theme.note());
        let (text, quiet) = (palette.text, palette.quiet);
        let pitch = 1.25 * style.size;
        let mut y = body.min.y;
        for (time, record) in records {
            let Some(words) = record.get("text").and_then(|v| v.as_str()).filter(|words| !words.is_empty()) else {
                continue;
            };
            let time = time.map(|at| view.language.time_or_day(&at.zoned(view.zone), today)).unwrap_or_default();
            let lines = brush.wrapped(words, style, body.width() - 4.2 * u, 2);
            let height = pitch * lines.len() as f32 + 0.8 * u;
            if y + height > body.max.y {
                break;
            }
            brush.text(&time, style, WallPoint::new(body.min.x, y + 1.1 * u), quiet);
            for (index, line) in lines.into_iter().enumerate() {
                brush.run(line, WallPoint::new(body.min.x + 4.2 * u, y + 1.1 * u + index as f32 * pitch), text);
            }
            y += height;
            brush.rule(WallPoint::new(body.min.x, y), WallPoint::new(body.max.x, y), palette.hairline);
        }
        if y == body.min.y && view.age.is_some() {
            frame::paint_empty_state(brush, body, "tray", &view.language.message("chart-empty-table"), "");
        }
    }

    /// How long ago it was received, in steps that can be read: five seconds, then minutes, then hours.
    fn age(&self, view: &View<'_>, brush: &mut Brush<'_>, arrival: &Arrival) -> String {
        let received = Moment::from_secs(i64::from(arrival.appeal.received));
        if view.faded() {
            let today = brush.now.zoned(view.zone).date();
            return view.language.time_or_day(&received.zoned(view.zone), today);
        }
        let seconds = brush.now.millis_since(received).max(0) / 1000;
        let (step, key, count) = match seconds {
            0..60 => (5, "age-seconds", seconds / 5 * 5),
            60..3600 => (60, "age-minutes", seconds / 60),
            3600..172_800 => (3600, "age-hours", seconds / 3600),
            _ => (86_400, "age-days", seconds / 86_400),
        };
        brush.changes_at(received.plus_millis((seconds / step + 1) * step * 1000));
        view.language.message_with(key, &[("count", Arg::Number(count as f64, 0))])
    }
}

/// How the rows of a feed are written.
#[derive(Debug, Clone, Copy)]
struct Form {
    /// Whether they say where they come from: on a screen about one municipality its name is not said again.
    elsewhere: bool,
    /// Whether the place stands beside the sector, in the first line.
    beside: bool,
    /// Whether sectors and topics are called by their whole names.
    whole: bool,
}

impl Form {
    fn place<'a>(self, dictionaries: &'a Dictionaries, arrival: &Arrival) -> &'a str {
        let municipality = dictionaries.municipalities.get(usize::from(arrival.appeal.municipality));
        municipality.filter(|_| self.elsewhere).map_or("", |m| m.name.as_str())
    }

    fn head(self, name: Name<'_>) -> &str {
        if self.whole { name.whole } else { name.short.unwrap_or(name.whole) }
    }
}

/// A row of the feed.
struct Row<'a> {
    arrival: &'a Arrival,
    /// How old it is, in words.
    age: &'a str,
    form: Form,
    /// Whether none stands under it.
    last: bool,
}

fn paint_row(row: &Row<'_>, view: &View<'_>, dictionaries: &Dictionaries, brush: &mut Brush<'_>, place: WallRect) {
    let Row { arrival, age, form, last } = *row;
    let appeal = &arrival.appeal;
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let channel = dictionaries.channels.get(usize::from(appeal.channel));
    let topic = dictionaries.topics.get(usize::from(appeal.topic));
    let (text, quiet, accent) = (palette.text, palette.quiet, palette.now);
    let tile = rect(place.min.x, place.min.y + 0.38 * u, TILE * u, TILE * u);
    brush.fill_rect(tile, 0.38 * u, palette.raised);
    let icon = channel.and_then(|c| c.icon.as_deref()).unwrap_or("tray");
    brush.icon(icon_named(icon, false), 1.05 * u, tile.center(), accent);
    let x = tile.max.x + 0.6 * u;
    let (first, second) = (place.min.y + 1.08 * u, place.min.y + 2.22 * u);
    let (label, note) = (brush.theme.label(), brush.theme.note());
    let tabular = crate::scene::TextStyle { tabular: true, ..note };
    let age_width = brush.text_right(age, tabular, WallPoint::new(place.max.x, first), quiet);
    let room = place.max.x - age_width - 0.6 * u - x;
    let about = name_of(dictionaries, Dimension::Topic, appeal.topic);
    // Of a topic without a sector the topic says more than «Прочее».
    let sector = topic.and_then(|t| dictionaries.sectors.get(usize::from(t.sector)).filter(|s| s.code != OTHER_SECTOR));
    let head = sector.map_or(about, Name::of);
    let where_from = form.place(dictionaries, arrival);
    let beside = if where_from.is_empty() || !form.beside { 0.0 } else { brush.measure(where_from, note) + 0.45 * u };
    let used = brush.text_in(form.head(head), label, WallPoint::new(x, first), room - beside, text);
    // The place is half of the message: where it has no room in the first line it begins the second.
    if form.beside && !where_from.is_empty() {
        brush.text(where_from, note, WallPoint::new(x + used + 0.45 * u, first), quiet);
    }
    // What the resident wrote says more than the topic, where it may be shown and there is room for it.
    let wide = place.max.x - x >= WORDS_FROM * u;
    let words = view.words_of(appeal.id).filter(|_| wide);
    let mut left = x;
    if !form.beside && !where_from.is_empty() {
        left += brush.text_in(where_from, note, WallPoint::new(x, second), place.max.x - x, text) + 0.45 * u;
    }
    let room = place.max.x - left;
    let words = match words {
        Some(words) => without_greeting(words),
        None if sector.is_none() => String::new(),
        None => about.within(brush, note, room).to_owned(),
    };
    // Beside the place a word that would be torn is left out.
    if left == x || brush.measure(&words, note) <= room {
        brush.text_in(&words, note, WallPoint::new(left, second), room, quiet);
    }
    let y = place.max.y - (0.05 * u).round().max(2.0);
    // Nothing follows the last row.
    if !last {
        brush.rule(WallPoint::new(place.min.x, y), WallPoint::new(place.max.x, y), palette.hairline);
    }
}

/// How letters begin before they come to the point.
const GREETINGS: [&str; 9] = [
    "здравствуйте",
    "добрый день",
    "добрый вечер",
    "доброе утро",
    "доброго времени суток",
    "доброго дня",
    "приветствую",
    "good afternoon",
    "hello",
];

/// A message without its greeting: one line is short, and has the point in it or not.
fn without_greeting(text: &str) -> String {
    let begins = |greeting: &&&str| {
        let mut letters = text.chars().flat_map(char::to_lowercase);
        greeting.chars().all(|letter| letters.next() == Some(letter))
            && !letters.next().is_some_and(char::is_alphabetic)
    };
    let Some(greeting) = GREETINGS.iter().find(begins) else { return text.to_owned() };
    let rest: String = text.chars().skip(greeting.chars().count()).collect();
    let mut rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "!,.;:—–-".contains(c)).chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_begins_with_its_point() {
        assert_eq!(without_greeting("Здравствуйте! возле остановки яма"), "Возле остановки яма");
        assert_eq!(without_greeting("ДОБРЫЙ ДЕНЬ, не горит фонарь"), "Не горит фонарь");
        assert_eq!(without_greeting("Здравствуйте"), "Здравствуйте");
        assert_eq!(without_greeting("Приветствуются жалобы"), "Приветствуются жалобы");
        assert_eq!(without_greeting("Яма во дворе"), "Яма во дворе");
        assert_eq!(without_greeting(""), "");
    }

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_enters_after_it_arrived_and_never_in_another_ones_push(a in 0i64..1_000_000, b in 0i64..1_000_000) {
            let at = |millis| entry(&Arrival { arrived: Moment(millis), appeal: crate::data::Appeal {
                id: 1, received: 0, first_reply: 0, answered: 0, accepted: 0, due: 0, lon_e6: 0, lat_e6: 0, topic: 0,
                municipality: 0, agency: 0, channel: 0, moves: 0, rating: 0, repeat: false } });
            prop_assert!(at(a) > Moment(a) && at(a) <= Moment(a + SLOT_MILLIS));
            let gap = at(a).millis_since(at(b)).abs();
            prop_assert!(gap == 0 || gap >= PUSH_MILLIS + 3000);
        }
    }
}
