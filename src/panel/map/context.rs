//! What every layer of a map is painted with.

use std::sync::Arc;

use geo::{Contains, Point};

use super::super::View;
use super::super::kit::key_of;
use super::happenings::{places_of_alerts, places_of_warnings};
use crate::data::measure::{Answer, Query};
use crate::data::places::TiledPoints;
use crate::data::region::Region;
use crate::geometry::{WallPoint, WallRect, WorldPoint, km_per_unit};
use crate::map::{CameraInputs, CameraPose, Gazetteer, LandMesh, Lens, Place, Residents, Target, Window};
use crate::scene::Brush;

/// Where a map lies on the wall.
pub struct MapRoom {
    /// Area that holds the whole region and every name, in wall pixels.
    pub body: WallRect,
    /// Clip rectangle of the map, in wall pixels.
    pub clip: WallRect,
    /// Lower left corner of the keys, in wall pixels: that of the body, or outside of it where the body made room for
    /// them.
    pub corner: WallPoint,
}

impl MapRoom {
    /// All of a place.
    pub fn all_of(place: WallRect) -> Self {
        Self { body: place, clip: place, corner: WallPoint::new(place.min.x, place.max.y) }
    }
}

/// A map while it is painted: what it shows, and where.
pub struct MapContext<'a> {
    pub view: &'a View<'a>,
    pub region: Arc<Region>,
    pub gazetteer: Arc<(Arc<Region>, Gazetteer)>,
    pub pose: CameraPose,
    /// Within which the whole region lies, and every name.
    pub body: WallRect,
    /// Outside of which nothing of the map is painted.
    pub clip: WallRect,
    /// The lower left corner of the keys: that of the body, or beyond it where the body has given way to them.
    pub corner: WallPoint,
    /// Lens that shows the whole region.
    pub home: Lens,
}

impl<'a> MapContext<'a> {
    /// A map that looks where it was told to; notes when it moves. `alerts` is the table of the alerts.
    pub fn new(
        view: &'a View<'a>,
        brush: &mut Brush<'_>,
        region: Arc<Region>,
        inputs: &CameraInputs<'_>,
        alerts: &str,
        room: MapRoom,
    ) -> Self {
        let MapRoom { body, clip, corner } = room;
        let gazetteer = Self::gazetteer(brush, &region);
        let u = brush.theme.unit;
        let area = body.inflate(-1.4 * u, -0.3 * u);
        let home = Lens::fit(gazetteer.1.extent, area);
        let frame = gazetteer.1.frame;
        let warnings = || places_of_warnings(view.measured(&Query::Warnings).map(|m| &m.answer), view.region());
        let place = |target: &Target| {
            let place =
                target.place(|| warnings().unwrap_or_default(), || places_of_alerts(frame, view.records(alerts)));
            place.unwrap_or(Place::Region)
        };
        let bounds = |place: &Place| gazetteer.1.bounds_of(place).unwrap_or(gazetteer.1.extent);
        let pose = inputs.pose(area, brush.now, place, bounds);
        if let Some(next) = pose.next {
            brush.changes_at(next);
        }
        Self { view, region, gazetteer, pose, body, clip, corner, home }
    }

    /// The places of a region, worked out once.
    pub fn gazetteer(brush: &mut Brush<'_>, region: &Arc<Region>) -> Arc<(Arc<Region>, Gazetteer)> {
        let held = region.clone();
        // The region is held with what was worked out, so that its address is not given to another one.
        brush.cached(key_of(("gazetteer", Arc::as_ptr(region) as usize)), move || {
            let gazetteer = Gazetteer::new(&held.boundaries, &held.dictionaries);
            (held, gazetteer)
        })
    }

    /// The places of everything.
    pub fn places(&self) -> &Gazetteer {
        &self.gazetteer.1
    }

    /// The lens.
    pub fn lens(&self) -> &Lens {
        &self.pose.lens
    }

    /// How many times larger than the whole region it is seen.
    pub fn zoom(&self) -> f64 {
        self.pose.lens.scale / self.home.scale
    }

    /// How far the camera is from showing the whole region: 0 is there, above 1 is elsewhere; without a unit.
    pub fn away_from_home(&self) -> f32 {
        let shift = (self.lens().centre - self.home.centre).length() * self.home.scale / f64::from(self.body.width());
        (4.0 * (self.zoom().log2().abs() + shift)) as f32
    }

    /// What holds the whole region where the map rests.
    pub fn home_rect(&self) -> WallRect {
        let extent = self.places().extent;
        WallRect::from_points([self.home.place(extent.min), self.home.place(extent.max)])
    }

    /// The municipality on whose land a place is, by its number.
    pub fn municipality_at(&self, at: WorldPoint) -> Option<usize> {
        let (lon, lat) = self.places().frame.degrees(at);
        let land = &self.region.boundaries.municipalities;
        (0..land.len()).find(|number| {
            self.places().municipalities[*number].bounds.contains(at)
                && land[*number].land.contains(&Point::new(lon, lat))
        })
    }

    /// The window that is prepared around what is seen.
    pub fn window(&self) -> Window {
        Window::around(self.lens(), self.clip, self.home.scale)
    }

    /// Where a place of an appeal stands on the wall, if it is seen.
    pub fn seen(&self, at: WorldPoint) -> Option<WallPoint> {
        let at = self.lens().place(at);
        self.clip.contains(at).then_some(at)
    }

    /// Where an appeal's place is.
    pub fn world(&self, lon_e6: i32, lat_e6: i32) -> WorldPoint {
        self.places().frame.place_e6(lon_e6, lat_e6)
    }

    /// Where appeals came from that a query is about.
    pub fn found(&self, query: &Query) -> Option<&'a Arc<TiledPoints>> {
        match &self.view.measured(query)?.answer {
            Answer::Places(places) => Some(places),
            _ => None,
        }
    }

    /// The land in as much detail as can be seen where a wall pixel is as wide as `scale` makes it.
    pub fn land_mesh(&self, brush: &mut Brush<'_>, scale: f64) -> Arc<LandMesh> {
        let metres = 1000.0 * km_per_unit(self.places().extent.center()) / scale;
        let boundaries = &self.region.boundaries;
        let key = key_of(("relief", Arc::as_ptr(&self.region) as usize, boundaries.detail(metres)));
        brush.cached(key, || LandMesh::new(boundaries, self.places().frame, metres))
    }

    /// Where people live.
    pub fn residents(&self, brush: &mut Brush<'_>) -> Arc<Residents> {
        let key = key_of(("residents", Arc::as_ptr(&self.region) as usize));
        brush.cached(key, || Residents::new(&self.region, self.places()))
    }

    /// Key of what a layer at rest depends on besides its own content: the region, the clip rectangle and the lens.
    pub fn still_key(&self) -> u64 {
        let lens = self.lens();
        let edges = [self.clip.min.x, self.clip.min.y, self.clip.max.x, self.clip.max.y].map(f32::to_bits);
        let numbers = [lens.centre.x, lens.centre.y, lens.scale].map(f64::to_bits);
        key_of((Arc::as_ptr(&self.region) as usize, edges, numbers))
    }

    /// What a picture of the map at rest depends on besides its own.
    pub fn home_key(&self) -> u64 {
        let numbers = [self.home.centre.x, self.home.centre.y, self.home.scale].map(f64::to_bits);
        key_of((Arc::as_ptr(&self.region) as usize, numbers))
    }

    /// What a layer of a window depends on besides its own.
    pub fn window_key(&self, window: &Window) -> u64 {
        let size = [window.size.0, window.size.1, window.scale].map(f64::to_bits);
        key_of((Arc::as_ptr(&self.region) as usize, window.level, window.step, size))
    }
}
