//! What a panel paints with: shapes and text go into the current layer, in wall pixels.

use std::any::Any;
use std::sync::Arc;

use super::text::MASK_BAR;
use super::{
    Border, Colour, Content, Fill, Heat, Icon, Mesh, Movement, Picture, Primitive, Shaper, TextRun, TextStyle, Theme,
};
use crate::clock::Moment;
use crate::geometry::{WallPoint, WallRect, WallVector, rect};

/// Font size in u above which text may lie across a bezel.
pub const HEADLINE: f32 = 2.0;

/// A layer while it is painted.
#[derive(Debug)]
pub struct Draft {
    /// What has been painted.
    pub content: Content,
    /// Content painted earlier under the same key; used instead of `content`.
    pub kept: Option<Arc<Content>>,
    /// Hash of everything that the content depends on; none for a layer that is not keyed.
    pub key: Option<u64>,
    /// Scale factor about the origin, applied before `offset`.
    pub zoom: f32,
    /// Translation in wall pixels, applied after `zoom`.
    pub offset: WallVector,
    /// Clip rectangle in wall pixels.
    pub clip: WallRect,
}

/// Paints one panel, and gathers when its picture changes next.
pub struct Brush<'a> {
    /// Colours and sizes.
    pub theme: &'a Theme,
    /// Where the panel may paint.
    pub bounds: WallRect,
    /// The moment that the picture will be seen.
    pub now: Moment,
    /// Horizontal bezels: `(centre y, height)` in wall pixels.
    pub bezels: &'a [(f32, f32)],
    shaper: &'a mut Shaper,
    drafts: Vec<Draft>,
    last: &'a PanelCache,
    cached_now: CachedValues,
    next: Option<Moment>,
}

/// Values by key.
pub type CachedValues = Vec<(u64, Arc<dyn Any + Send + Sync>)>;

/// Layers and values cached from a panel's previous frame.
#[derive(Debug, Default)]
pub struct PanelCache {
    /// Its keyed layers.
    pub layers: Vec<(u64, Arc<Content>)>,
    /// What it cached.
    pub values: CachedValues,
}

/// A finished picture of a panel.
#[derive(Debug)]
pub struct Painting {
    /// Its layers.
    pub drafts: Vec<Draft>,
    /// What it cached.
    pub values: CachedValues,
    /// When it changes next if no data comes.
    pub next: Option<Moment>,
}

impl<'a> Brush<'a> {
    /// A brush for a panel that fills `bounds` (wall pixels); `last` is the cache of the panel's previous frame.
    pub fn new(theme: &'a Theme, shaper: &'a mut Shaper, last: &'a PanelCache, bounds: WallRect, now: Moment) -> Self {
        let mut brush = Self {
            theme,
            bounds,
            now,
            bezels: &[],
            shaper,
            drafts: Vec::new(),
            last,
            cached_now: Vec::new(),
            next: None,
        };
        brush.layer(WallVector::zero(), bounds);
        brush
    }

    /// The picture.
    pub fn finish(self) -> Painting {
        Painting { drafts: self.drafts, values: self.cached_now, next: self.next }
    }

    /// Starts a layer; everything painted from here on goes into it. Rounds `offset` to whole wall pixels.
    pub fn layer(&mut self, offset: WallVector, clip: WallRect) {
        let clip = clip.intersection(&self.bounds).unwrap_or_else(WallRect::zero);
        self.drafts.push(Draft {
            content: Content::default(),
            kept: None,
            key: None,
            zoom: 1.0,
            offset: offset.round(),
            clip,
        });
    }

    /// Starts a layer whose content depends on `key` alone. Calls `paint` only if the previous frame had no layer of
    /// this key.
    pub fn keyed_layer(&mut self, key: u64, offset: WallVector, clip: WallRect, paint: impl FnOnce(&mut Self)) {
        self.layer(offset, clip);
        let last = self.drafts.len() - 1;
        self.drafts[last].key = Some(key);
        match self.last.layers.iter().find(|(known, _)| *known == key) {
            Some((_, content)) => self.drafts[last].kept = Some(content.clone()),
            None => paint(self),
        }
    }

    /// Starts a keyed layer that a camera moves: scaled by `zoom`, then moved by `offset` in fractions of wall pixels.
    /// It must not contain text.
    pub fn moving_layer(
        &mut self,
        key: u64,
        (zoom, offset): (f32, WallVector),
        clip: WallRect,
        paint: impl FnOnce(&mut Self),
    ) {
        self.keyed_layer(key, WallVector::zero(), clip, paint);
        let last = self.drafts.len() - 1;
        (self.drafts[last].zoom, self.drafts[last].offset) = (zoom, offset);
    }

    /// Returns the value cached under `key`, or computes it with `make`. The value stays cached while every frame asks
    /// for it. `key` must cover everything that the value depends on.
    pub fn cached<T: Send + Sync + 'static>(&mut self, key: u64, make: impl FnOnce() -> T) -> Arc<T> {
        let known = self.cached_now.iter().chain(&self.last.values).find(|(k, _)| *k == key);
        let found = known.and_then(|(_, value)| value.clone().downcast::<T>().ok());
        let value = found.unwrap_or_else(|| Arc::new(make()));
        if !self.cached_now.iter().any(|(k, _)| *k == key) {
            self.cached_now.push((key, value.clone()));
        }
        value
    }

    /// Marks the current layer as costly, so that the renderer caches it as a texture.
    pub fn cache_as_texture(&mut self) {
        self.current().costly = true;
    }

    /// The picture changes at `moment`, without any new data.
    pub fn changes_at(&mut self, moment: Moment) {
        let moment = moment.max(self.now);
        self.next = Some(self.next.map_or(moment, |next| next.min(moment)));
    }

    /// The picture moves now: the next frame differs.
    pub fn keep_animating(&mut self) {
        self.changes_at(self.now);
    }

    /// Eased progress, 0 to 1, of an animation of `millis` that began at `since`. Notes that the picture moves or will
    /// move.
    pub fn animate(&mut self, since: Moment, millis: i64, ease: fn(f32) -> f32) -> f32 {
        // Where nothing is to move, what changes is there at once.
        let millis = if self.theme.motion == Movement::Reduced { 0 } else { millis };
        let end = since.plus_millis(millis);
        if self.now < since {
            self.changes_at(since);
        } else if self.now < end {
            self.keep_animating();
        }
        ease(since.progress(self.now, millis))
    }

    fn current(&mut self) -> &mut Content {
        let last = self.drafts.len() - 1;
        &mut self.drafts[last].content
    }

    fn push(&mut self, primitive: Primitive) {
        self.current().primitives.push(primitive);
    }

    /// A filled rectangle.
    pub fn fill(&mut self, rect: WallRect, radius: f32, fill: Fill) {
        if rect.width() > 0.0 && rect.height() > 0.0 {
            self.push(Primitive::Rect { rect, radius, fill, border: None });
        }
    }

    /// A rectangle of one colour.
    pub fn fill_rect(&mut self, rect: WallRect, radius: f32, colour: Colour) {
        self.fill(rect, radius, Fill::Solid(colour));
    }

    /// A filled rectangle with a line inside its edge.
    pub fn bordered_rect(&mut self, rect: WallRect, radius: f32, fill: Fill, width: f32, colour: Colour) {
        self.push(Primitive::Rect { rect, radius, fill, border: Some(Border { width: width.max(2.0), colour }) });
    }

    /// A filled circle.
    pub fn dot(&mut self, centre: WallPoint, diameter: f32, colour: Colour) {
        self.fill_rect(
            rect(centre.x - diameter / 2.0, centre.y - diameter / 2.0, diameter, diameter),
            diameter / 2.0,
            colour,
        );
    }

    /// A circle of a line.
    pub fn ring(&mut self, centre: WallPoint, diameter: f32, width: f32, colour: Colour) {
        let edges = rect(centre.x - diameter / 2.0, centre.y - diameter / 2.0, diameter, diameter);
        self.ring_around(edges, diameter / 2.0, width, colour);
    }

    /// A line inside the edge of a rectangle, and nothing in it.
    pub fn ring_around(&mut self, edges: WallRect, radius: f32, width: f32, colour: Colour) {
        self.bordered_rect(edges, radius, Fill::Solid(Colour::CLEAR), width, colour);
    }

    /// A line through points.
    pub fn line(&mut self, points: &[WallPoint], width: f32, colour: Colour) {
        if points.len() > 1 {
            self.push(Primitive::Line { points: points.into(), width: width.max(2.0), colour });
        }
    }

    /// A level or upright hairline, snapped to whole pixels.
    pub fn rule(&mut self, from: WallPoint, to: WallPoint, colour: Colour) {
        let width = (0.05 * self.theme.unit).round().max(2.0);
        let (a, b) = (from.round(), to.round());
        let edges = if a.y == b.y { rect(a.x, a.y, b.x - a.x, width) } else { rect(a.x, a.y, width, b.y - a.y) };
        self.fill_rect(edges, 0.0, colour);
    }

    /// A row of dots, as a dotted line.
    pub fn dotted(&mut self, points: &[WallPoint], diameter: f32, pitch: f32, colour: Colour) {
        let mut until_next = 0.0;
        for pair in points.windows(2) {
            let way = pair[1] - pair[0];
            let length = way.length();
            let mut at = until_next;
            while at < length {
                self.dot(pair[0] + way * (at / length), diameter.max(2.0), colour);
                at += pitch;
            }
            until_next = at - length;
        }
    }

    /// Triangles.
    pub fn mesh(&mut self, mesh: Arc<Mesh>) {
        if !mesh.indices.is_empty() {
            self.push(Primitive::Mesh(mesh));
        }
    }

    /// A triangle of one colour with smoothed edges that points up or down, `size` wide.
    pub fn triangle(&mut self, centre: WallPoint, size: f32, up: bool, colour: Colour) {
        let (half, height) = (size / 2.0, size * 0.78);
        let sign = if up { -1.0 } else { 1.0 };
        let tip = WallPoint::new(centre.x, centre.y + sign * height / 2.0);
        let base = centre.y - sign * height / 2.0;
        let corners = [tip, WallPoint::new(centre.x - half, base), WallPoint::new(centre.x + half, base)];
        let mesh = Mesh {
            points: corners.iter().map(|p| [p.x, p.y]).collect(),
            colours: vec![colour; 3],
            indices: vec![0, 1, 2],
        };
        self.mesh(Arc::new(mesh));
        // The line rounds the corners and smooths the edges.
        self.line(&[corners[0], corners[1], corners[2], corners[0]], (size * 0.16).max(2.0), colour);
    }

    /// A picture.
    pub fn image(&mut self, picture: Arc<Picture>, rect: WallRect, radius: f32) {
        self.push(Primitive::Image { picture, rect, radius });
    }

    /// A field of levels.
    pub fn heat(&mut self, heat: Heat) {
        self.push(Primitive::Heat(heat));
    }

    /// Shaped text whose baseline begins at `origin`, on whole pixels; a bar where something was masked.
    pub fn run(&mut self, run: Arc<TextRun>, origin: WallPoint, colour: Colour) {
        let origin = WallPoint::new(origin.x, self.off_bezel(origin.y, run.size)).round();
        let (width, height, radius) = MASK_BAR;
        for at in &run.masks {
            let bar = rect(origin.x + at, origin.y - height * run.size, width * run.size, height * run.size);
            self.fill_rect(bar, radius * run.size, self.theme.palette.mask);
        }
        if !run.glyphs.is_empty() {
            self.push(Primitive::Text { run, origin, colour });
        }
    }

    /// Tops of at most `most` rows of height `pitch`, downwards from `from` and above `to`, all in wall pixels. No row
    /// lies on a bezel.
    pub fn rows(&self, from: f32, to: f32, pitch: f32, most: usize) -> Vec<f32> {
        let mut tops = Vec::with_capacity(most);
        let mut top = from;
        while tops.len() < most {
            let cut =
                |(at, gap): &&(f32, f32)| top + 0.9 * pitch > at - gap / 2.0 && top + 0.1 * pitch < at + gap / 2.0;
            if let Some((at, gap)) = self.bezels.iter().find(cut) {
                top = at + gap / 2.0;
            }
            // The last row may end where its text does.
            if top + 0.95 * pitch > to && !tops.is_empty() {
                break;
            }
            tops.push(top);
            top += pitch;
        }
        tops
    }

    /// A baseline near `y` at which no bezel cuts a line of small type. The line stays within its row: it moves by at
    /// most half of its height.
    fn off_bezel(&self, y: f32, size: f32) -> f32 {
        let moved = self.drafts.last().is_some_and(|draft| draft.offset != WallVector::zero());
        if moved || size > HEADLINE * self.theme.unit { y } else { self.nearest_clear(y, size) }
    }

    /// The baseline nearest to `y` at which no bezel cuts type of font size `size`, in wall pixels.
    pub fn nearest_clear(&self, y: f32, size: f32) -> f32 {
        let (capitals, clear) = (0.7 * size, 0.08 * size);
        let cut = self.bezels.iter().find(|(at, gap)| y > at - gap / 2.0 && y - capitals < at + gap / 2.0);
        cut.map_or(y, |(at, gap)| {
            let (over, under) = (at - gap / 2.0 - clear, at + gap / 2.0 + capitals + clear);
            if y - over <= under - y { over } else { under }
        })
    }

    /// Text that begins at `origin`; returns its width.
    pub fn text(&mut self, text: &str, style: TextStyle, origin: WallPoint, colour: Colour) -> f32 {
        let run = self.shaper.shape(text, style);
        let width = run.width;
        self.run(run, origin, colour);
        width
    }

    /// Text that begins at `origin` and is cut at `width`; returns how wide it came out.
    pub fn text_in(&mut self, text: &str, style: TextStyle, origin: WallPoint, width: f32, colour: Colour) -> f32 {
        let run = self.shaper.fit(text, style, width.max(0.0));
        let width = run.width;
        self.run(run, origin, colour);
        width
    }

    /// Text that ends at `end`; returns its width.
    pub fn text_right(&mut self, text: &str, style: TextStyle, end: WallPoint, colour: Colour) -> f32 {
        let run = self.shaper.shape(text, style);
        let width = run.width;
        self.run(run, WallPoint::new(end.x - width, end.y), colour);
        width
    }

    /// Text whose middle is at `middle`.
    pub fn text_centred(&mut self, text: &str, style: TextStyle, middle: WallPoint, colour: Colour) {
        let run = self.shaper.shape(text, style);
        let origin = WallPoint::new(middle.x - run.width / 2.0, middle.y);
        self.run(run, origin, colour);
    }

    /// The width of text.
    pub fn measure(&mut self, text: &str, style: TextStyle) -> f32 {
        self.shaper.shape(text, style).width
    }

    /// Text broken into at most `limit` lines.
    pub fn wrapped(&mut self, text: &str, style: TextStyle, width: f32, limit: usize) -> Vec<Arc<TextRun>> {
        self.shaper.wrap(text, style, width, limit)
    }

    /// Like `wrapped`, but with lines of similar width, so that no word stands alone in the last one.
    pub fn balanced(&mut self, text: &str, style: TextStyle, width: f32, limit: usize) -> Vec<Arc<TextRun>> {
        let mut lines = self.wrapped(text, style, width, limit);
        let count = lines.len();
        let parts = if count > 1 { (10..20).rev() } else { (0..0).rev() };
        for part in parts {
            let closer = self.wrapped(text, style, width * part as f32 / 20.0, limit + 1);
            // Not at the price of another line, or of a word that is wider than that.
            if closer.len() > count || closer.iter().any(|line| line.text.ends_with('…')) {
                break;
            }
            lines = closer;
        }
        lines
    }

    /// An icon whose box of `size` is centred at `centre`.
    pub fn icon(&mut self, icon: Icon, size: f32, centre: WallPoint, colour: Colour) {
        let run = self.shaper.icon(icon, size);
        // Phosphor draws in a square from 64/1024 em below the baseline to 960/1024 above it.
        let origin = WallPoint::new(centre.x - run.width / 2.0, centre.y + size * 0.4375);
        self.run(run, origin, colour);
    }
}
