//! The bar on the wall while an alarm waits for somebody: at the wall's lower edge, over whatever is on.

use std::sync::Arc;

use super::{Composer, PanelId, finish};
use crate::alarm::{Alarm, Alarms, Priority};
use crate::clock::Moment;
use crate::geometry::{WallPoint, WallRect};
use crate::language::{Arg, Language};
use crate::layout::Catalogue;
use crate::panel::key_of;
use crate::scene::{Brush, Layer, PanelCache, Shaper, Theme, icon_named};
use crate::state::State;
use crate::wall::Wall;

/// The height of the bar, in units.
const HEIGHT: f32 = 2.6;

/// What the bar says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct AlarmBar {
    /// What stands first, what is to be done, and how many more wait.
    words: [String; 2],
    priority: Priority,
}

impl AlarmBar {
    /// Of the alarms that call; none where only those of low priority do.
    fn new(alarms: &Alarms, language: &Language, now: Moment) -> Option<Self> {
        if alarms.flood_since_millis.is_some() {
            let words = [language.message("alarms-flood"), language.message("alarms-flood-action")];
            return Some(Self { words, priority: Priority::High });
        }
        let calls = |(_, alarm): &(&str, &Alarm)| alarm.calls(now) && alarm.priority > Priority::Low;
        let standing: Vec<(&str, &Alarm)> = alarms.standing().into_iter().filter(calls).collect();
        let (_, first) = standing.first()?;
        let mut title = first.title.to(language).to_owned();
        if standing.len() > 1 {
            let more = [("count", Arg::Number((standing.len() - 1) as f64, 0))];
            title = format!("{title} · {}", language.message_with("alarms-more", &more));
        }
        Some(Self { words: [title, first.action.to(language).to_owned()], priority: first.priority })
    }
}

/// A bar, as it was painted.
pub struct PaintedBar {
    bar: AlarmBar,
    theme: Arc<Theme>,
    layers: Vec<Layer>,
}

impl Composer {
    /// The bar of the alarms at `now`, and when it changes by itself. None while the press key is pressed.
    pub(super) fn alarm_bar(
        &mut self,
        state: &State,
        catalogue: &Catalogue,
        wall: &Wall,
        now: Moment,
    ) -> (Vec<Layer>, Option<Moment>) {
        // A layout that lists what stands needs no bar.
        let lists = catalogue.get(state.layout(now)).is_some_and(|layout| layout.lists_alarms());
        let bar = AlarmBar::new(&state.alarms, &self.language, now).filter(|_| !lists && !state.is_pressed(now));
        let shelves = state.alarms.by_name.values().filter_map(|alarm| alarm.shelf.as_ref());
        let changes = shelves.map(|shelf| Moment(shelf.until_millis)).filter(|at| *at > now).min();
        let Some(bar) = bar else {
            self.alarm_bar = None;
            return (Vec::new(), changes);
        };
        let theme = self.theme(wall, None).fresh;
        let known = self.alarm_bar.as_ref();
        let known = known.filter(|known| known.bar == bar && Arc::ptr_eq(&known.theme, &theme));
        let layers = match known {
            Some(known) => known.layers.clone(),
            None => layers(&bar, &mut self.shaper, &theme, wall, now),
        };
        self.alarm_bar = Some(PaintedBar { bar, theme, layers: layers.clone() });
        (layers, changes)
    }
}

/// The viewports of the outputs under which no other hangs.
fn lowest(wall: &Wall) -> Vec<WallRect> {
    let viewports = || wall.outputs.iter().map(|output| output.viewport);
    let is_under = |one: &WallRect, other: &WallRect| {
        other.min.y >= one.max.y && other.min.x < one.max.x && one.min.x < other.max.x
    };
    viewports().filter(|one| !viewports().any(|other| is_under(one, &other))).collect()
}

/// The bar on each output of the lowest row.
fn layers(bar: &AlarmBar, shaper: &mut Shaper, theme: &Theme, wall: &Wall, now: Moment) -> Vec<Layer> {
    let mut layers = Vec::new();
    for (index, room) in lowest(wall).into_iter().enumerate() {
        let mut theme = theme.clone();
        theme.unit = theme.unit.min(room.width() / 24.0).min(room.height() / 8.0);
        let height = (HEIGHT * theme.unit).round();
        let bounds = WallRect::new(WallPoint::new(room.min.x, room.max.y - height), room.max);
        let none = PanelCache::default();
        let mut brush = Brush::new(&theme, shaper, &none, bounds, now);
        paint(bar, &mut brush);
        layers.extend(finish(brush.finish().drafts, PanelId { layout: key_of("alarm-bar"), index }, &[]).0);
    }
    layers
}

fn paint(bar: &AlarmBar, brush: &mut Brush<'_>) {
    let (u, palette, bounds) = (brush.theme.unit, brush.theme.palette.clone(), brush.bounds);
    let fill = if bar.priority == Priority::High { palette.bad } else { palette.warn };
    brush.fill_rect(bounds, 0.0, fill);
    let middle = bounds.center().y;
    let icon = WallPoint::new(bounds.min.x + 1.6 * u, middle);
    brush.icon(icon_named("warning-diamond", true), 1.5 * u, icon, palette.ink);
    let left = bounds.min.x + 2.8 * u;
    let right = bounds.max.x - 0.9 * u;
    let (title, label) = (brush.theme.title(), brush.theme.label());
    let y = middle + 0.38 * u;
    let width = brush.text_in(&bar.words[0], title, WallPoint::new(left, y), right - left, palette.ink);
    // What is to be done stands there where there is room for all of it; else the title alone.
    let from = left + width + 1.2 * u;
    if from + brush.measure(&bar.words[1], label) <= right {
        brush.text_right(&bar.words[1], label, WallPoint::new(right, y), palette.ink);
    }
}
