//! Panels that take turns at one place.

use std::path::Path;

use serde::Deserialize;

use super::{Panel, PanelInfo, PanelTable, PickedPlace, View};
use crate::clock::{Moment, ease_in_out_cubic, ease_out_cubic};
use crate::data::filter::FilterSpec;
use crate::data::measure::Query;
use crate::data::region::Dictionaries;
use crate::geometry::{WallPoint, WallVector};
use crate::language::Sentence;
use crate::scene::Brush;

/// A group whose panels take turns.
#[derive(Debug, Deserialize)]
#[serde(try_from = "GroupTable")]
pub struct Group {
    members: Vec<Member>,
    hold_millis: i64,
    show: Show,
}

/// A panel of a group, and what it says of itself.
#[derive(Debug)]
struct Member {
    panel: Box<dyn Panel>,
    info: PanelInfo,
}

/// Which of its panels a group shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Show {
    /// All that have something to show, by turns.
    #[default]
    ByTurns,
    /// The first that has something to show.
    First,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupTable {
    /// In the order of their turns.
    panels: Vec<PanelTable>,
    /// Which of them is shown.
    #[serde(default)]
    show: Show,
    /// How long each is shown.
    #[serde(default = "default_hold")]
    hold_secs: f64,
}

/// A panel goes in this time, and comes in this time.
const VEIL_MILLIS: i64 = 400;

fn default_hold() -> f64 {
    12.0
}

impl TryFrom<GroupTable> for Group {
    type Error = Sentence;

    fn try_from(table: GroupTable) -> Result<Self, Sentence> {
        if !(2.0..=3600.0).contains(&table.hold_secs) {
            return Err(crate::sentence!("panel-hold-secs", least = 2));
        }
        let mut members = Vec::new();
        for table in table.panels {
            let mut named = table.named();
            let one = named.pop().filter(|_| named.is_empty());
            let (_, panel) = one.ok_or(crate::sentence!("panel-group-one"))?;
            members.push(Member { info: panel.info(), panel });
        }
        if members.len() < 2 {
            return Err(crate::sentence!("panel-group-two"));
        }
        Ok(Self { members, hold_millis: (table.hold_secs * 1000.0) as i64, show: table.show })
    }
}

impl Group {
    /// As a layout writes it.
    pub const EXAMPLE: &str = "group = { hold_secs = 12, panels = [{ warnings = {} }, { funnel = {} }] }";

    /// The panel whose turn it is, and when its turn ends if others follow. Turns follow the clock, so that all walls
    /// show the same.
    fn turn(&self, view: &View<'_>, now: Moment) -> (&Member, Option<Moment>) {
        // Each is asked with what it would see, whoever is shown.
        let has_something = |member: &&Member| {
            let freshness_table = member.panel.freshness_table(&member.info, view, now);
            member.panel.has_something(&view.with_freshness_of(freshness_table, now))
        };
        let full: Vec<&Member> = self.members.iter().filter(has_something).collect();
        let shown = match (self.show, full.first()) {
            (Show::First, first) => return (first.copied().unwrap_or(&self.members[0]), None),
            // What has nothing to show has no turn.
            (Show::ByTurns, Some(_)) => full,
            (Show::ByTurns, None) => self.members.iter().collect(),
        };
        if let [only] = shown[..] {
            return (only, None);
        }
        // Turns end between full minutes: at those clocks and charts change.
        let phase = self.hold_millis / 2;
        let turn = (now.0 + phase).div_euclid(self.hold_millis);
        let index = turn.rem_euclid(shown.len() as i64) as usize;
        (shown[index], Some(Moment((turn + 1) * self.hold_millis - phase)))
    }
}

impl Panel for Group {
    fn queries(&self, dictionaries: &Dictionaries) -> Vec<Query> {
        self.members.iter().flat_map(|member| member.panel.queries(dictionaries)).collect()
    }

    fn filters(&mut self) -> Vec<&mut FilterSpec> {
        self.members.iter_mut().flat_map(|member| member.panel.filters()).collect()
    }

    fn validate(&self) -> Result<(), Sentence> {
        self.members.iter().try_for_each(|member| member.panel.validate())
    }

    fn load(&mut self, folder: &Path) -> Result<(), Sentence> {
        self.members.iter_mut().try_for_each(|member| {
            member.panel.load(folder)?;
            // What was read may need more room.
            member.info = member.panel.info();
            Ok(())
        })
    }

    fn info(&self) -> PanelInfo {
        let infos = self.members.iter().map(|member| member.info.clone());
        infos.reduce(PanelInfo::merge).unwrap_or_else(|| PanelInfo::without_data((0.0, 0.0)))
    }

    fn freshness_table<'s>(&'s self, _: &'s PanelInfo, view: &View<'_>, now: Moment) -> Option<&'s str> {
        let (member, _) = self.turn(view, now);
        member.panel.freshness_table(&member.info, view, now)
    }

    fn place_at(&self, view: &View<'_>, brush: &mut Brush<'_>, at: WallPoint) -> Option<PickedPlace> {
        self.turn(view, brush.now).0.panel.place_at(view, brush, at)
    }

    fn paint(&self, view: &View<'_>, brush: &mut Brush<'_>) {
        let (member, until) = self.turn(view, brush.now);
        member.panel.paint(view, brush);
        let Some(until) = until else { return };
        // One goes into the ground and the next comes out of it, as one gesture.
        let began = until.plus_millis(-self.hold_millis);
        let coming = brush.animate(began, VEIL_MILLIS, ease_out_cubic);
        let leaving = brush.animate(until.plus_millis(-VEIL_MILLIS), VEIL_MILLIS, ease_in_out_cubic);
        brush.changes_at(until);
        let veil = if leaving < 1.0 { leaving.max(1.0 - coming) } else { 0.0 };
        if veil > 0.0 {
            let (bounds, ground) = (brush.bounds, brush.theme.palette.ground);
            brush.layer(WallVector::zero(), bounds);
            brush.fill_rect(bounds, 0.0, ground.alpha(veil));
        }
    }
}
