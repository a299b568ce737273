//! The layouts that can be shown by name, as they are told.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::data::region::{Dictionaries, Region};
use crate::language::{Lang, Language};
use crate::layout::{BUILT_IN, Catalogue, Preset};

/// A layout, as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LayoutView {
    /// The name by which it is shown.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Its presets.
    pub presets: Vec<PresetView>,
}

/// A preset, as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PresetView {
    /// The name by which it is shown: NAME/PRESET.
    pub name: String,
    /// What people call it.
    pub title: String,
}

/// The layouts that a wall holds, and the region that their presets name.
#[derive(Debug, Clone, Default)]
pub struct HeldLayouts {
    /// Their names.
    pub names: Vec<String>,
    /// The region; none before the first data.
    pub region: Option<Arc<Region>>,
}

/// The layouts that come with the program and those that a wall holds besides; what cannot be read is left out.
pub fn layout_views(held: &HeldLayouts, lang: Lang) -> Vec<LayoutView> {
    let language = Language::new(lang);
    let own = held.region.as_ref().map(|region| &region.dictionaries);
    let called = own.map(|dictionaries| dictionaries.called_in(lang.code()));
    let dictionaries = called.as_deref();
    let built_in = BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).filter(|name| name != "identify");
    let others = held.names.iter().filter(|name| name.contains(".toml") && !name.contains(".toml/")).cloned();
    let view = |name: String| {
        let layout = Catalogue::load(&name).ok()?;
        let stem = || {
            let file = std::path::Path::new(&name).file_stem();
            file.map_or_else(|| name.clone(), |stem| stem.to_string_lossy().into_owned())
        };
        let title = if name.contains(".toml") { stem() } else { language.message(&format!("layout-{name}")) };
        let preset = |preset: &Preset| PresetView {
            name: format!("{name}/{}", preset.name),
            title: preset_title(preset, dictionaries),
        };
        Some(LayoutView { presets: layout.presets.iter().map(preset).collect(), title, name })
    };
    built_in.chain(others).filter_map(view).collect()
}

/// What people call a layout: one that comes with the program by its title and its preset's sector, another by its name.
pub fn layout_title(name: &str, language: &Language, dictionaries: Option<&Dictionaries>) -> String {
    let (layout, preset) = name.split_once('/').unwrap_or((name, ""));
    let is_built_in = BUILT_IN.iter().any(|(known, _)| *known == layout);
    match (is_built_in, preset) {
        (false, _) => name.to_owned(),
        (true, "") => language.message(&format!("layout-{layout}")),
        (true, preset) => {
            let sectors = dictionaries.map_or(&[][..], |dictionaries| &dictionaries.sectors);
            let sector = sectors.iter().find(|sector| sector.code == preset).map(|sector| sector.name.as_str());
            format!(
                "{} · {}",
                language.message(&format!("layout-{layout}")),
                sector.unwrap_or(preset.trim_start_matches('@'))
            )
        }
    }
}

/// What a preset narrows a layout to, in words; else its name.
fn preset_title(preset: &Preset, dictionaries: Option<&Dictionaries>) -> String {
    let sector = preset.filter.sector.as_deref().and_then(|code| {
        let sectors = &dictionaries?.sectors;
        Some(sectors.iter().find(|sector| sector.code == code)?.name.clone())
    });
    sector.or_else(|| preset.filter.municipality.clone()).unwrap_or_else(|| preset.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_that_comes_with_the_program_has_a_title_in_both_languages() {
        for lang in [Lang::Ru, Lang::En] {
            let names = vec!["missing.toml".to_owned(), "night".to_owned()];
            let views = layout_views(&HeldLayouts { names, region: None }, lang);
            assert_eq!(views.len(), BUILT_IN.len() - 1);
            for view in &views {
                assert!(!view.title.is_empty() && !view.title.contains("layout-"), "{view:?}");
            }
            assert!(views.iter().any(|view| !view.presets.is_empty()));
        }
    }
}
