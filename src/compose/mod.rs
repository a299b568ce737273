//! Composes (State, Revision, Wall, now) into a scene and the moment of its next change.
//!
//! The scene is a function of these four alone. The composer caches what it has painted only to avoid repainting: equal
//! content keeps its address, so that the renderer compares pointers.

mod alarm_bar;
mod named;
mod pairing_sign;

use std::collections::HashMap;
use std::sync::Arc;

use named::Named;
pub use pairing_sign::{PairingSign, fingerprint_groups};

use jiff::tz::TimeZone;

use crate::alarm::Alarms;
use crate::clock::Moment;
use crate::data::Revision;
use crate::data::freshness::Age;
use crate::geometry::{WallPoint, WallRect, WallVector};
use crate::language::{Arg, Lang, Language};
use crate::layout::{Catalogue, Layout, LayoutRef, Motion, Placement, motion};
use crate::map::CameraMove;
use crate::panel::{ByAddress, Inputs, Picked, Reads, View, key_of, yielded};
use crate::privacy::Audience;
use crate::scene::{
    Brush, Colour, Content, Fill, Group, Layer, LayerId, Painting, PanelCache, Primitive, Scene, Shaper, Theme,
    ThemeChoice,
};
use crate::state::State;
use crate::wall::Wall;

/// A scene, and when it changes without any new data or command.
pub struct Composed {
    /// What to draw.
    pub scene: Scene,
    /// Moment of the next change without new data or commands; none if there is none. Not after `now` during an
    /// animation.
    pub next: Option<Moment>,
    /// Whether no panel of the layout that is shown has room on the wall: words stand in their place.
    pub is_without_room: bool,
    /// How many panels were painted anew for it; all others are as they were.
    pub painted_panels: usize,
}

/// Composes scenes, one after another.
pub struct Composer {
    shaper: Shaper,
    language: Language,
    panels: HashMap<PanelId, PaintedPanel>,
    /// Grows whenever the revision or the camera is another one.
    inputs_number: u64,
    inputs: Option<(u64, Vec<CameraMove>, Alarms)>,
    wall: Option<Wall>,
    dropped: HashMap<u64, Vec<&'static str>>,
    /// By layout, the address of the region that the layout was last checked against.
    checked_against: HashMap<u64, usize>,
    painted_panels: usize,
    silent: bool,
    named: Option<Named>,
    themes: Vec<(Vec<ThemeChoice>, f32, Themes)>,
    /// The pairing that is shown, and until when.
    pairing: Option<(PairingSign, Moment)>,
    /// The bar of alarms as it was last painted.
    alarm_bar: Option<alarm_bar::PaintedBar>,
}

/// A panel by the layout that it stands in, as hashed, and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct PanelId {
    layout: u64,
    index: usize,
}

/// A layout that is painted.
struct OnAir<'a> {
    /// Its reference, as hashed.
    id: u64,
    layout: &'a Layout,
    /// Whether the press key is pressed.
    is_pressed: bool,
}

/// Whether a panel gives way to a sign while the press key is pressed.
fn yields_to_press(placement: &Placement) -> bool {
    placement.staff || placement.info.yields_to_press
}

/// Themes that are remembered: those of a change, and of what was before it.
const MAX_THEMES: usize = 4;

/// A theme for what is fresh, and for what is old.
#[derive(Clone)]
struct Themes {
    fresh: Arc<Theme>,
    old: Arc<Theme>,
}

/// What a panel's picture depends on besides its reads. If any of it differs, the panel is repainted.
#[derive(Debug, Clone, PartialEq)]
struct PaintSettings {
    bounds: WallRect,
    zone: TimeZone,
    age: Option<std::mem::Discriminant<Age>>,
    shared_stamp: bool,
    compares: bool,
    audience: Audience,
    /// Whether a sign stands in its place.
    yields: bool,
    theme: ByAddress<Theme>,
}

/// A panel as it was last painted.
struct PaintedPanel {
    setting: PaintSettings,
    /// What it read; the picture stays right while that stays the same.
    reads: Reads,
    /// The composer's number of the inputs that `reads` were last compared with.
    compared_with: u64,
    painted: Moment,
    next: Option<Moment>,
    layers: Vec<Layer>,
    kept: PanelCache,
    used: bool,
}

impl PaintedPanel {
    /// Whether the picture is still right at `now`, in this setting and with these inputs.
    fn is_valid(&mut self, setting: &PaintSettings, inputs: &Inputs<'_>, number: u64, now: Moment) -> bool {
        if self.setting != *setting || now < self.painted || self.next.is_some_and(|next| next <= now) {
            return false;
        }
        if self.compared_with != number {
            if !self.reads.are_same_in(inputs) {
                return false;
            }
            self.compared_with = number;
        }
        true
    }
}

impl Default for Composer {
    fn default() -> Self {
        Self::new(Lang::Ru)
    }
}

impl Composer {
    /// A composer that speaks `lang`.
    pub fn new(lang: Lang) -> Self {
        let (shaper, language) = (Shaper::new(), Language::new(lang));
        Self {
            shaper,
            language,
            panels: HashMap::new(),
            inputs_number: 0,
            inputs: None,
            wall: None,
            dropped: HashMap::new(),
            checked_against: HashMap::new(),
            named: None,
            themes: Vec::new(),
            pairing: None,
            alarm_bar: None,
            painted_panels: 0,
            silent: false,
        }
    }

    /// Like `new`, but logs nothing; for preflight.
    pub fn silent(lang: Lang) -> Self {
        Self { silent: true, ..Self::new(lang) }
    }

    /// Shows the digits of a pairing from `now` on over whatever is on, until its time is over.
    ///
    /// They are not state: nobody else may come to know them, neither from the journal nor from another machine.
    pub fn show_pairing(&mut self, sign: PairingSign, now: Moment) {
        let until = now.plus_millis(sign.lasts_millis);
        self.pairing = Some((sign, until));
    }

    /// Shows the digits of the pairing of this id no more; those of another stay.
    pub fn hide_pairing(&mut self, id: &str) {
        self.pairing.take_if(|(sign, _)| sign.id == id);
    }

    /// Whether the digits of a pairing are shown at `now`.
    pub fn shows_pairing(&self, now: Moment) -> bool {
        self.pairing.as_ref().is_some_and(|(_, until)| *until > now)
    }

    /// The scene at `now`.
    pub fn compose(
        &mut self,
        state: &State,
        catalogue: &Catalogue,
        revision: &Revision,
        wall: &Wall,
        now: Moment,
    ) -> Composed {
        if self.language.lang() != state.lang {
            self.language = Language::new(state.lang);
            self.panels.clear();
            self.named = None;
        }
        if self.wall.as_ref() != Some(wall) {
            // Many panels read bezel positions and output names: repaint all of them.
            self.wall = Some(wall.clone());
            (self.panels, self.alarm_bar) = (HashMap::new(), None);
        }
        let known = self.inputs.as_ref().is_some_and(|(number, camera, alarms)| {
            *number == revision.number && *camera == state.camera && *alarms == state.alarms
        });
        if !known {
            self.inputs = Some((revision.number, state.camera.clone(), state.alarms.clone()));
            self.inputs_number += 1;
        }
        self.painted_panels = 0;
        let mut next: Option<Moment> = None;
        let mut shown: Vec<(LayoutRef, Motion)> = Vec::new();
        let change = state.transition.as_ref().and_then(|change| {
            let motions = motion(&change.transition, Moment(change.began_millis), now, wall.bounds)?;
            Some((change.from.clone(), motions))
        });
        match change {
            Some((from, (leaving, coming))) => {
                shown.push((from, leaving));
                shown.push((state.layout(now).clone(), coming));
                next = Some(now);
            }
            None => shown.push((state.layout(now).clone(), Motion::REST)),
        }
        if let Some(names) = catalogue.newest("identify").filter(|_| state.identify) {
            shown = vec![(names.clone(), Motion::REST)];
        }
        let mut groups = Vec::new();
        let mut is_without_room = false;
        let mut ground = None;
        for (shown, motion) in shown.into_iter().rev() {
            let Some(layout) = catalogue.get(&shown) else { continue };
            let id = key_of(&shown);
            let theme = self.theme(wall, layout.theme.as_ref());
            let on_air = OnAir { id, layout, is_pressed: state.is_pressed(now) };
            let inputs = Inputs { revision, camera: &state.camera, alarms: &state.alarms };
            let (mut layers, changes) = self.layers(&on_air, inputs, wall, &theme, now);
            if layers.is_empty() && self.dropped.get(&id).is_some_and(|dropped| !dropped.is_empty()) {
                // Without a message nobody would know why the wall is black.
                is_without_room = true;
                layers = self.words_of_no_room(id, layout, wall, &theme.fresh, now);
            }
            next = [next, changes].into_iter().flatten().min();
            // The incoming layout uses the scene's ground. A leaving layout with another ground brings its own.
            let own = theme.fresh.palette.ground;
            if *ground.get_or_insert(own) != own {
                layers.insert(0, background(id, wall.bounds, own));
            }
            groups.push(Group { id, opacity: motion.opacity, offset: motion.offset, layers });
        }
        groups.reverse();
        let ground = ground.unwrap_or_else(|| self.theme(wall, None).fresh.palette.ground);
        let (bar, bar_changes) = self.alarm_bar(state, catalogue, wall, now);
        next = next.into_iter().chain(bar_changes).min();
        // A group has a ground of its own: over the last one, whatever it shows stays to be seen.
        groups.last_mut().into_iter().for_each(|top: &mut Group| top.layers.extend(bar.iter().cloned()));
        if self.shows_pairing(now)
            && let Some((sign, until)) = self.pairing.clone()
        {
            next = next.into_iter().chain([until]).min();
            let theme = self.theme(wall, None).fresh;
            let zone = zone_of(revision);
            let layers = pairing_sign::layers(&sign, until, &mut self.shaper, &self.language, &theme, wall, &zone);
            match groups.last_mut() {
                Some(top) => top.layers.extend(layers),
                None => {
                    groups.push(Group { id: key_of("pairing"), opacity: 1.0, offset: WallVector::zero(), layers });
                }
            }
        }
        self.panels.retain(|_, panel| std::mem::take(&mut panel.used));
        self.shaper.end_generation();
        Composed {
            scene: Scene { ground, bounds: wall.bounds, groups },
            next,
            is_without_room,
            painted_panels: self.painted_panels,
        }
    }

    /// What a layout is painted with on a wall.
    fn theme(&mut self, wall: &Wall, layout: Option<&ThemeChoice>) -> Themes {
        let choices = || wall.theme.iter().chain(layout);
        let u = wall.unit_px();
        // Runs every frame: a cached theme is found without cloning.
        let known = self.themes.iter().find(|(known, size, _)| known.iter().eq(choices()) && *size == u);
        if let Some((.., themes)) = known {
            return themes.clone();
        }
        let fresh = Theme::new(&choices().collect::<Vec<_>>(), u);
        let themes = Themes { old: Arc::new(fresh.faded()), fresh: Arc::new(fresh) };
        self.themes.truncate(MAX_THEMES - 1);
        self.themes.insert(0, (choices().cloned().collect(), u, themes.clone()));
        themes
    }

    /// What is under a point of the wall, as it is shown at `now`; none where there is no panel.
    pub fn pick(
        &mut self,
        state: &State,
        catalogue: &Catalogue,
        revision: &Revision,
        wall: &Wall,
        at: WallPoint,
        now: Moment,
    ) -> Option<Picked> {
        let shown = state.layout(now);
        let layout = catalogue.get(shown)?;
        // What was placed last lies on top.
        let placed = layout.arranged(wall).into_iter().rev();
        let (index, placement, bounds) = placed.into_iter().find(|(_, _, bounds)| bounds.contains(at))?;
        let is_pressed = state.is_pressed(now);
        if is_pressed && yields_to_press(placement) {
            return Some(Picked { panel: placement.kind, place: None });
        }
        let theme = self.theme(wall, layout.theme.as_ref());
        let zone = zone_of(revision);
        let named = self.named(revision);
        let audience = if is_pressed { Audience::NoText } else { wall.audience_of(bounds) };
        let translated = named.as_ref().and_then(|named| named.shown_to(audience));
        let (inputs, reads) = (Inputs { revision, camera: &state.camera, alarms: &state.alarms }, Reads::default());
        let view = View::new(inputs, &reads, &self.language, &zone, wall, now).shown_to(audience, translated);
        let none = PanelCache::default();
        let id = key_of(shown);
        let kept = self.panels.get(&PanelId { layout: id, index }).map_or(&none, |panel| &panel.kept);
        let (_, bezels) = wall.seams();
        let mut brush = Brush::new(&theme.fresh, &mut self.shaper, kept, bounds, now);
        brush.bezels = &bezels;
        Some(Picked { panel: placement.kind, place: placement.panel.place_at(&view, &mut brush, at) })
    }

    fn layers(
        &mut self,
        on_air: &OnAir<'_>,
        inputs: Inputs<'_>,
        wall: &Wall,
        themes: &Themes,
        now: Moment,
    ) -> (Vec<Layer>, Option<Moment>) {
        let OnAir { id: group, layout, is_pressed } = *on_air;
        let revision = inputs.revision;
        self.warn_unknown_names(group, layout, revision);
        let zone = zone_of(revision);
        let named = self.named(revision);
        let (_, bezels) = wall.seams();
        let bezels: Vec<(f32, f32)> = bezels.into_iter().filter(|(_, gap)| *gap > 0.5).collect();
        let arranged = layout.arranged(wall);
        let compares = arranged.iter().any(|(_, placement, _)| placement.info.compares);
        let mut layers = Vec::new();
        let mut next = revision.snapshot.appeals_freshness.map(|fresh| fresh.next_change(now));
        let mut dropped = Vec::new();
        for (index, placement, bounds) in arranged {
            if !layout.has_room(placement, bounds, themes.fresh.unit) {
                dropped.push(placement.kind);
                continue;
            }
            let audience = if is_pressed { Audience::NoText } else { wall.audience_of(bounds) };
            let yields = is_pressed && yields_to_press(placement);
            let translated = named.as_ref().and_then(|named| named.shown_to(audience));
            // These reads only select the freshness of the panel. They do not affect its picture.
            let unpainted = Reads::default();
            let view = View::new(inputs, &unpainted, &self.language, &zone, wall, now);
            let mut view = view.shown_to(audience, translated);
            (view.shared_stamp, view.compares) = (layout.shared_stamp, compares);
            let mut view = view.with_freshness_of(placement.panel.freshness_table(&placement.info, &view, now), now);
            // A table that has fallen behind says so itself, where there is room for it.
            view.shared_stamp = layout.shared_stamp
                && (view.shared_stamp || !layout.has_room_for_stamp(placement, bounds, themes.fresh.unit));
            next = [next, view.freshness_unnoted().map(|f| f.next_change(now))].into_iter().flatten().min();
            let old = view.faded() && placement.info.fades();
            let theme = if old { &themes.old } else { &themes.fresh };
            let setting = PaintSettings {
                bounds,
                zone: zone.clone(),
                age: view.age.map(|age| std::mem::discriminant(&age)),
                shared_stamp: view.shared_stamp,
                compares,
                audience,
                yields,
                theme: ByAddress(theme.clone()),
            };
            let mut last = self.panels.remove(&PanelId { layout: group, index });
            let is_valid = last.as_mut().is_some_and(|last| last.is_valid(&setting, &inputs, self.inputs_number, now));
            let painted = match last {
                Some(last) if is_valid => PaintedPanel { used: true, ..last },
                last => {
                    // Layers and values cached for another theme or audience must not be reused.
                    let alike = |last: &PaintedPanel| {
                        (&last.setting.theme, last.setting.audience, last.setting.yields)
                            == (&setting.theme, audience, yields)
                    };
                    let last = last.filter(alike);
                    let (kept, before) = last.map_or_else(Default::default, |l| (l.kept, l.layers));
                    let reads = Reads::default();
                    let mut brush = Brush::new(theme, &mut self.shaper, &kept, bounds, now);
                    brush.bezels = &bezels;
                    if yields {
                        yielded(&view.read_into(&reads), &mut brush, placement.info.is_strip);
                    } else {
                        placement.panel.paint(&view.read_into(&reads), &mut brush);
                    }
                    let Painting { drafts, values, next } = brush.finish();
                    let (layers, keyed) = finish(drafts, PanelId { layout: group, index }, &before);
                    let kept = PanelCache { layers: keyed, values };
                    self.painted_panels += 1;
                    let compared_with = self.inputs_number;
                    PaintedPanel { setting, reads, compared_with, painted: now, next, layers, kept, used: true }
                }
            };
            layers.extend(painted.layers.iter().cloned());
            next = [next, painted.next].into_iter().flatten().min();
            self.panels.insert(PanelId { layout: group, index }, painted);
        }
        if self.dropped.get(&group) != Some(&dropped) {
            if !dropped.is_empty() && !self.silent {
                tracing::warn!(
                    layout = layout.name,
                    panels = dropped.join(", "),
                    "no room to read these panels: they are left out"
                );
            }
            self.dropped.insert(group, dropped);
        }
        (layers, next)
    }
}

impl Composer {
    /// What stands on a wall on which no panel of a layout can be read.
    fn words_of_no_room(&mut self, group: u64, layout: &Layout, wall: &Wall, theme: &Theme, now: Moment) -> Vec<Layer> {
        let words = self.language.message_with("layout-no-room", &[("layout", Arg::Text(&layout.name))]);
        let none = PanelCache::default();
        let mut brush = Brush::new(theme, &mut self.shaper, &none, wall.bounds, now);
        // As large as it takes to stand on the wall whole, since the type of the wall's distance has no room either.
        let side = wall.bounds.width().min(wall.bounds.height());
        let style = crate::scene::TextStyle { size: (side / 9.0).min(theme.list().size).max(8.0), ..theme.list() };
        let room = wall.bounds.width() * 0.88;
        let lines = brush.wrapped(&words, style, room, 6);
        let pitch = 1.3 * style.size;
        let top = wall.bounds.center().y - pitch * (lines.len() as f32 - 1.0) / 2.0 + 0.35 * style.size;
        let text = theme.palette.text;
        for (index, line) in lines.into_iter().enumerate() {
            let at = WallPoint::new(wall.bounds.min.x + wall.bounds.width() * 0.06, top + index as f32 * pitch);
            brush.run(line, at, text);
        }
        finish(brush.finish().drafts, PanelId { layout: group, index: usize::MAX }, &[]).0
    }
}

/// A layer of one colour under all others of a group.
fn background(group: u64, bounds: WallRect, colour: Colour) -> Layer {
    let fill = Primitive::Rect { rect: bounds, radius: 0.0, fill: Fill::Solid(colour), border: None };
    Layer {
        id: LayerId(key_of((group, "background"))),
        content: Arc::new(Content::new(vec![fill], false)),
        zoom: 1.0,
        offset: WallVector::zero(),
        clip: bounds,
    }
}

/// The region's time zone; before it is known, this machine's.
pub fn zone_of(revision: &Revision) -> TimeZone {
    let name = revision.snapshot.region.as_ref().map(|r| r.dictionaries.time_zone.clone());
    name.and_then(|name| TimeZone::get(&name).ok()).unwrap_or_else(TimeZone::system)
}

/// Assigns layer ids, and keeps the previous `Arc` of content that comes out equal.
fn finish(
    drafts: Vec<crate::scene::Draft>,
    panel: PanelId,
    before: &[Layer],
) -> (Vec<Layer>, Vec<(u64, Arc<Content>)>) {
    let mut layers: Vec<Layer> = Vec::new();
    let mut keyed = Vec::new();
    for (index, draft) in drafts.into_iter().enumerate() {
        let slot = draft.key.map_or((0, index as u64), |key| (1, key));
        let mut id = LayerId(key_of((panel, slot, 0)));
        let mut copy = 1;
        while layers.iter().any(|layer| layer.id == id) {
            id = LayerId(key_of((panel, slot, copy)));
            copy += 1;
        }
        let last = before.iter().find(|layer| layer.id == id);
        let content = match (draft.kept, last) {
            (Some(kept), _) => kept,
            (None, Some(last)) if *last.content == draft.content => last.content.clone(),
            (None, _) => Arc::new(draft.content),
        };
        if let Some(key) = draft.key {
            keyed.push((key, content.clone()));
        }
        if content.primitives.is_empty() {
            continue;
        }
        layers.push(Layer { id, content, zoom: draft.zoom, offset: draft.offset, clip: draft.clip });
    }
    (layers, keyed)
}
