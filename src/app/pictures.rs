//! The pictures that were read back for those who look: no more than a few a second, however many look.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use super::stage::Stage;
use crate::control::{PREVIEW_EVERY, Picture};

/// Pictures as they were read back last, by output; none for the wall.
#[derive(Default)]
pub struct Pictures {
    held: HashMap<Option<String>, (Picture, Instant)>,
    /// When any was last read back.
    read: Option<Instant>,
}

impl Pictures {
    /// The picture of an output: the one that is held, as long as nothing was painted since or another was read back a
    /// moment ago. Reading back holds the wall up, so it has its own pace.
    pub fn of(&mut self, output: Option<String>, stage: &Stage) -> Picture {
        let painted = stage.counts.painted;
        let rests = self.read.is_some_and(|at| at.elapsed() < PREVIEW_EVERY);
        if let Some((picture, _)) = self.held.get(&output).filter(|(picture, _)| picture.1 == painted || rests) {
            return picture.clone();
        }
        if output.as_ref().is_some_and(|name| !stage.output_names().contains(name)) {
            return (None, painted);
        }
        let picture = stage.stitched(output.as_deref()).unwrap_or_else(|error| {
            tracing::warn!(%error, "no picture for the view");
            None
        });
        let now = Instant::now();
        self.read = Some(now);
        let picture = (picture.map(Arc::new), painted);
        // Outputs that are gone are not held for ever.
        self.held.retain(|_, (_, at)| at.elapsed().as_secs() < 60);
        self.held.insert(output, (picture.clone(), now));
        picture
    }
}
