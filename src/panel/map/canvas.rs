//! What a layer of a map is painted through.

use crate::geometry::{WallPoint, WorldPoint, WorldRect};
use crate::map::LandMesh;

/// How points of the Earth are brought onto a layer, and what of it is needed.
pub struct MapCanvas<'a> {
    /// Where a point is painted.
    pub place: &'a dyn Fn(WorldPoint) -> WallPoint,
    /// What lies outside is not seen.
    pub seen: WorldRect,
    /// Scale in wall pixels to the whole Earth.
    pub scale: f64,
    /// The land in as much detail as can be seen.
    pub land_mesh: &'a LandMesh,
}
