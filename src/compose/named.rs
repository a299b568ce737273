//! What places, topics and agencies are called on the wall: in its language, and without names that came in rows where
//! passers-by may read none.

use std::sync::Arc;

use super::Composer;
use crate::data::Revision;
use crate::data::region::{Dictionaries, Region};
use crate::language::Arg;
use crate::layout::Layout;
use crate::privacy::Audience;

/// The dictionaries of a region as they are shown.
#[derive(Clone)]
pub struct Named {
    /// The region that they are of.
    region: Arc<Region>,
    /// In the language; none where they have no names in it.
    translated: Option<Arc<Dictionaries>>,
    /// For passers-by, without the names that came in rows; none where there are no such names.
    without_rows: Option<Arc<Dictionaries>>,
}

impl Named {
    /// As an audience sees them; none where they are as they came.
    pub fn shown_to(&self, audience: Audience) -> Option<&Dictionaries> {
        let strict = self.without_rows.as_deref().filter(|_| audience == Audience::NoText);
        strict.or(self.translated.as_deref())
    }
}

impl Composer {
    /// The dictionaries as they are shown, worked out once for a region.
    pub(super) fn named(&mut self, revision: &Revision) -> Option<Named> {
        let region = revision.snapshot.region.as_ref()?;
        if !self.named.as_ref().is_some_and(|known| Arc::ptr_eq(&known.region, region)) {
            let translated = region.dictionaries.translated(self.language.lang().code());
            let called = |kind: &str, number: usize| {
                self.language.message_with(&format!("unnamed-{kind}"), &[("number", Arg::Number(number as f64, 0))])
            };
            let without_rows = translated.as_ref().unwrap_or(&region.dictionaries).without_names_from_rows(called);
            self.named = Some(Named {
                region: region.clone(),
                translated: translated.map(Arc::new),
                without_rows: without_rows.map(Arc::new),
            });
        }
        self.named.clone()
    }

    /// Warns once about names in a layout that the region does not have: panels that use them are empty.
    pub(super) fn warn_unknown_names(&mut self, group: u64, layout: &Layout, revision: &Revision) {
        let Some(region) = &revision.snapshot.region else { return };
        // Channels and topics may come in rows: before there are any, nothing is known to be missing.
        if self.silent || revision.snapshot.is_empty() {
            return;
        }
        let address = Arc::as_ptr(region) as usize;
        if self.checked_against.insert(group, address) != Some(address) {
            for sentence in layout.unknown(&region.dictionaries) {
                tracing::warn!(layout = layout.name, "{sentence}");
            }
        }
    }
}
