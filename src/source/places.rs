//! Municipalities by the names that rows give them.

use std::collections::HashMap;

use crate::data::municipal_name::MunicipalName;

/// Municipalities by their names.
#[derive(Debug, Default)]
pub struct MunicipalityIndex {
    /// By core and kind, and by alias.
    whole: HashMap<String, u16>,
    /// By core alone; none where several have it.
    core: HashMap<String, Option<u16>>,
}

impl MunicipalityIndex {
    /// Adds a municipality.
    pub fn insert(&mut self, name: &str, at: u16) {
        let name = MunicipalName::of(name);
        self.whole.entry(name.folded()).or_insert(at);
        self.core.entry(name.folded_core()).and_modify(|held| *held = None).or_insert(Some(at));
    }

    /// Adds another name of one. It tells apart those that have their core in common.
    pub fn alias(&mut self, name: &str, at: u16) {
        self.whole.insert(folded(name), at);
        self.core.entry(MunicipalName::of(name).folded_core()).or_insert(Some(at));
    }

    /// The municipality of a name: of that kind, else the only one that has the name without a kind.
    pub fn find(&self, name: &str) -> Option<u16> {
        let name = MunicipalName::of(name);
        let whole = self.whole.get(&name.folded()).copied();
        whole.or_else(|| self.core.get(&name.folded_core()).copied().flatten())
    }
}

/// A name as it is compared: е for ё, small, with its kind.
pub fn folded(name: &str) -> String {
    MunicipalName::of(name).folded()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_and_the_district_around_it_are_two() {
        let mut places = MunicipalityIndex::default();
        places.insert("Беловский городской округ", 0);
        places.insert("Беловский район", 1);
        places.insert("Юрга", 2);
        assert_eq!(places.find("Беловский г.о."), Some(0));
        assert_eq!(places.find("беловский муниципальный р-н"), None);
        assert_eq!(places.find("Беловский р-н"), Some(1));
        // Without a kind it is either.
        assert_eq!(places.find("Беловский"), None);
        places.alias("Беловский", 1);
        assert_eq!(places.find("Беловский"), Some(1));
        for name in ["Юрга", "город Юрга", "Юргинский"] {
            assert_eq!(places.find(name).is_some(), name != "Юргинский", "{name}");
        }
    }
}
