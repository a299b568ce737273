//! The PMTiles file: bytes of tiles by their place.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use pmtiles::{
    AsyncBackend, AsyncPmTilesReader, BackendResponse, HashMapCache, PmtError, PmtResult, TileCoord, TileType,
};

use super::{BasemapError, TileAt};

/// No answer of the file is longer: a broken directory must not ask for all memory.
const MAX_BYTES: usize = 64 << 20;

/// An open file.
pub struct Archive {
    reader: AsyncPmTilesReader<LocalFile, HashMapCache>,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").finish_non_exhaustive()
    }
}

impl Archive {
    /// Opens a file and reads its root directory.
    pub fn open(path: &Path) -> Result<Self, BasemapError> {
        let backend = LocalFile(File::open(path)?);
        let reader = pollster::block_on(AsyncPmTilesReader::try_from_cached_source(backend, HashMapCache::default()))
            .map_err(BasemapError::NotPmtiles)?;
        match reader.get_header().tile_type {
            TileType::Mvt => Ok(Self { reader }),
            other => Err(BasemapError::NotVector(format!("{other:?}").to_lowercase())),
        }
    }

    /// The least and the most zoom that it has.
    pub fn zooms(&self) -> (u8, u8) {
        let header = self.reader.get_header();
        (header.min_zoom.min(22), header.max_zoom.clamp(header.min_zoom, 22))
    }

    /// Attribution, without markup.
    pub fn attribution(&self) -> String {
        let metadata = pollster::block_on(self.reader.get_metadata()).unwrap_or_default();
        let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap_or_default();
        let written = metadata.get("attribution").and_then(|a| a.as_str()).unwrap_or_default();
        let mut depth = 0;
        let plain = written.chars().filter(|c| {
            depth += i32::from(*c == '<');
            let shown = depth == 0;
            depth -= i32::from(*c == '>' && depth > 0);
            shown
        });
        crate::privacy::clean(&plain.collect::<String>().replace("&copy;", "©").replace("&amp;", "&"))
    }

    /// The bytes of a tile, decompressed; none where there is none.
    pub fn read(&self, at: TileAt) -> PmtResult<Option<impl AsRef<[u8]> + use<>>> {
        pollster::block_on(self.reader.get_tile_decompressed(TileCoord::new(at.z, at.x, at.y)?))
    }
}

/// Positioned reads instead of a memory map: a file that is truncated while the wall runs is an error, not a crash.
struct LocalFile(File);

impl AsyncBackend for LocalFile {
    async fn read(&self, offset: u64, length: usize) -> PmtResult<BackendResponse> {
        if length > MAX_BYTES {
            return Err(PmtError::InvalidEntry);
        }
        let mut bytes = vec![0; length];
        let mut read = 0;
        while read < length {
            match self.0.read_at(&mut bytes[read..], offset + read as u64)? {
                0 => break,
                n => read += n,
            }
        }
        bytes.truncate(read);
        Ok(BackendResponse::new(bytes.into()))
    }
}
