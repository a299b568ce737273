//! A base map without a network: vector tiles of the Protomaps schema from one PMTiles file.
//!
//! Format: PMTiles, version 3; Mapbox Vector Tile, version 2; the schema's layers `earth`, `landcover`, `landuse`,
//! `water`, `buildings` and `roads`. What else is in a tile is not drawn.

mod pmtiles_file;
mod tile;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use lru::LruCache;

use crate::geometry::{WorldPoint, WorldRect, WorldVector};
use pmtiles_file::Archive;
pub use tile::{Area, AreaKind, LineKind, SIDE, Tile};

/// Decoded tiles in the cache.
const HELD: NonZeroUsize = NonZeroUsize::new(256).unwrap();
/// Prefetch requests that may be queued.
const MAX_WAITING: usize = 512;
/// Wall pixels to the side of a tile, at least: at most twice as many.
const TILE_PX: f64 = 512.0;

/// Why a file cannot be a base map.
#[derive(Debug, thiserror::Error)]
pub enum BasemapError {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(#[from] std::io::Error),
    /// It is not PMTiles.
    #[error("not a PMTiles archive of version 3: {0}")]
    NotPmtiles(pmtiles::PmtError),
    /// It holds pictures.
    #[error("holds {0} tiles: a base map is made of vector tiles (MVT) in the Protomaps schema")]
    NotVector(String),
}

/// A tile's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileAt {
    /// The zoom: the Earth is 2^z tiles wide.
    pub z: u8,
    /// From the west; columns go on beyond the Earth's edge, as a frame does.
    pub x: u32,
    /// From the north.
    pub y: u32,
}

impl TileAt {
    /// The part of the Earth that it shows.
    pub fn bounds(self) -> WorldRect {
        let side = 1.0 / f64::from(1u32 << self.z);
        let corner = WorldPoint::new(f64::from(self.x) * side, f64::from(self.y) * side);
        WorldRect::new(corner, corner + WorldVector::splat(side))
    }
}

/// A base map. Tiles are decoded on demand, or ahead of it after [`Basemap::expect`].
#[derive(Debug)]
pub struct Basemap {
    archive: Archive,
    path: PathBuf,
    held: Mutex<LruCache<TileAt, Option<Arc<Tile>>>>,
    ahead: SyncSender<TileAt>,
    /// Attribution that the data's licence requires; empty if the file names none.
    pub attribution: String,
}

impl Basemap {
    /// Opens a file.
    ///
    /// # Errors
    /// When it is not a PMTiles archive of vector tiles.
    pub fn open(path: &Path) -> Result<Arc<Self>, BasemapError> {
        let archive = Archive::open(path)?;
        let (ahead, announced) = sync_channel(MAX_WAITING);
        let basemap = Arc::new(Self {
            attribution: archive.attribution(),
            archive,
            path: path.to_owned(),
            held: Mutex::new(LruCache::new(HELD)),
            ahead,
        });
        let weak: Weak<Self> = Arc::downgrade(&basemap);
        std::thread::Builder::new().name("basemap".to_owned()).spawn(move || {
            // Ends with the base map itself, which holds the other end.
            while let Ok(at) = announced.recv() {
                let Some(basemap) = weak.upgrade() else { return };
                basemap.tile(at);
            }
        })?;
        Ok(basemap)
    }

    /// The tiles over a part of the Earth that is seen at `scale` wall pixels to the whole Earth.
    pub fn tiles(&self, part: WorldRect, scale: f64) -> Vec<TileAt> {
        let fitting = (scale / TILE_PX).log2().floor().clamp(0.0, 22.0) as u8;
        let (least, most) = self.archive.zooms();
        let z = fitting.clamp(least, most);
        let count = f64::from(1u32 << z);
        // A frame goes on beyond the antimeridian, by at most one Earth.
        let place = |at: f64, limit: f64| (at * count).floor().clamp(0.0, limit * count - 1.0) as u32;
        let (left, right) = (place(part.min.x, 2.0), place(part.max.x, 2.0));
        let (top, bottom) = (place(part.min.y, 1.0), place(part.max.y, 1.0));
        (top..=bottom).flat_map(|y| (left..=right).map(move |x| TileAt { z, x, y })).collect()
    }

    /// A tile; none where the archive has none.
    pub fn tile(&self, at: TileAt) -> Option<Arc<Tile>> {
        let at = TileAt { x: at.x % (1 << at.z), ..at };
        if let Some(tile) = self.held.lock().unwrap_or_else(PoisonError::into_inner).get(&at) {
            return tile.clone();
        }
        // Decoded without the lock: two threads may do the same work once, which is right and rare.
        let tile = match self.archive.read(at).map(|bytes| bytes.map(|bytes| Tile::decode(&bytes)).transpose()) {
            Ok(Ok(tile)) => tile.map(Arc::new),
            Ok(Err(error)) => self.unreadable(at, &error),
            Err(error) => self.unreadable(at, &error),
        };
        self.held.lock().unwrap_or_else(PoisonError::into_inner).put(at, tile.clone());
        tile
    }

    /// Prefetches tiles that will be needed.
    pub fn expect(&self, tiles: impl IntoIterator<Item = TileAt>) {
        for at in tiles {
            if self.ahead.try_send(at).is_err() {
                // What was not read ahead is read when it is needed.
                return;
            }
        }
    }

    /// One bad tile leaves a hole, not an empty map.
    fn unreadable(&self, at: TileAt, error: &dyn std::fmt::Display) -> Option<Arc<Tile>> {
        tracing::warn!(file = %self.path.display(), z = at.z, x = at.x, y = at.y, %error, "a tile cannot be read");
        None
    }
}
