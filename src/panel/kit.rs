//! What panels paint with besides the brush: names and icons of terms, values on their way, keys of layers.

use jiff::Zoned;

use super::View;
use crate::clock::Moment;
use crate::data::filter::FilterSpec;
use crate::data::measure::{Dimension, Filter};
use crate::data::region::{Dictionaries, Term};
use crate::data::{Appeal, came};
use crate::language::Sentence;
use crate::scene::{Brush, Icon, TextStyle, icon_named, icon_names};

/// Fraction of the needed size below which a panel is not shown: text is never shrunk.
const TOLERANCE: f32 = 0.97;

/// Whether a place of this size, in wall pixels, is enough for a panel that needs `smallest` units.
pub fn fits(width: f32, height: f32, smallest: (f32, f32), u: f32) -> bool {
    width >= smallest.0 * u * TOLERANCE && height >= smallest.1 * u * TOLERANCE
}

/// What to write in the place of the name of an icon that is not bundled.
pub fn unknown_icon(name: &str) -> Sentence {
    match crate::diagnostic::nearest(name, icon_names()) {
        Some(near) => crate::diagnostic::expected(name, std::iter::once(near)),
        None => crate::sentence!("panel-icon-help"),
    }
}

/// The icon of the sector that a filter is about.
pub fn icon_of_filter(filter: &FilterSpec, dictionaries: &Dictionaries) -> Option<Icon> {
    let code = filter.sector.as_ref()?;
    let sector = dictionaries.sectors.iter().find(|sector| sector.code == *code)?;
    Some(icon_named(sector.icon.as_deref()?, false))
}

/// What something is called, whole and, where it has a shorter name, short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Name<'a> {
    /// The whole name.
    pub whole: &'a str,
    /// The short one.
    pub short: Option<&'a str>,
}

impl<'a> Name<'a> {
    /// Of a term.
    pub fn of(term: &'a Term) -> Self {
        Self { whole: &term.name, short: term.short.as_deref() }
    }

    /// The whole name if it has room, else the short one.
    pub fn within(self, brush: &mut Brush<'_>, style: TextStyle, room: f32) -> &'a str {
        match self.short {
            Some(short) if brush.measure(self.whole, style) > room => short,
            _ => self.whole,
        }
    }
}

/// What a group of a dimension is called.
pub fn name_of(dictionaries: &Dictionaries, dimension: Dimension, group: u16) -> Name<'_> {
    let at = usize::from(group);
    let found = match dimension {
        Dimension::Municipality => dictionaries.municipalities.get(at).map(|m| Name { whole: &m.name, short: None }),
        Dimension::Topic => dictionaries.topics.get(at).map(|t| Name { whole: &t.name, short: t.short.as_deref() }),
        Dimension::Sector => dictionaries.sectors.get(at).map(Name::of),
        Dimension::Channel => dictionaries.channels.get(at).map(Name::of),
        Dimension::Agency => dictionaries.agencies.get(at).map(Name::of),
    };
    found.unwrap_or_default()
}

/// The icon of a group of a dimension; a topic without one has its sector's.
pub fn icon_of(dictionaries: &Dictionaries, dimension: Dimension, group: u16) -> Option<Icon> {
    let at = usize::from(group);
    let sector = |at: usize| dictionaries.sectors.get(at).and_then(|sector| sector.icon.as_deref());
    let name = match dimension {
        Dimension::Sector => sector(at),
        Dimension::Channel => dictionaries.channels.get(at).and_then(|channel| channel.icon.as_deref()),
        Dimension::Topic => {
            dictionaries.topics.get(at).and_then(|t| t.icon.as_deref().or_else(|| sector(usize::from(t.sector))))
        }
        Dimension::Municipality | Dimension::Agency => None,
    };
    Some(icon_named(name?, false))
}

/// Measures are taken by the same clock, at most a moment before the frame.
const AHEAD_MILLIS: i64 = 2000;

/// A value on its way from what it was to what it is: 600 ms, decelerating.
pub fn tween(brush: &mut Brush<'_>, before: Option<f64>, now: f64, changed: Moment) -> f64 {
    let Some(before) = before.filter(|before| before.is_finite() && now.is_finite()) else { return now };
    // A change in the future dates from before the clock was set back.
    if changed > brush.now.plus_millis(AHEAD_MILLIS) {
        return now;
    }
    let t = f64::from(brush.animate(changed, 600, crate::clock::ease_out_cubic));
    if t >= 1.0 { now } else { before + (now - before) * t }
}

/// The day and time of the frame. The panel is painted anew when the day is over.
pub fn today(view: &View<'_>, brush: &mut Brush<'_>) -> Zoned {
    let now = brush.now.zoned(view.zone);
    if let Ok(end) = now.end_of_day() {
        brush.changes_at(Moment(end.timestamp().as_millisecond() + 1));
    }
    now
}

/// Repaints the panel when the state of one of these appeals changes, if the filter asks for a state.
pub fn changes_with_status<'a>(brush: &mut Brush<'_>, filter: &Filter, appeals: impl Iterator<Item = &'a Appeal>) {
    if filter.status.is_none() {
        return;
    }
    let times = appeals.flat_map(|appeal| [appeal.answered, appeal.accepted, appeal.due]).filter(|time| came(*time));
    // What is overdue is so from the second after.
    let moments = times.flat_map(|time| [i64::from(time), i64::from(time) + 1]).map(Moment::from_secs);
    if let Some(next) = moments.filter(|moment| *moment > brush.now).min() {
        brush.changes_at(next);
    }
}

/// A key for a layer, from what its content depends on.
pub fn key_of(parts: impl std::hash::Hash) -> u64 {
    use std::hash::Hasher;
    let mut hasher = std::hash::DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}
