//! Layouts by name: those that come with the program, and files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Layout, parse};
use crate::diagnostic::Diagnostic;
use crate::language::Sentence;

/// A layout by name and content: means the same on another machine, and when it is replayed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LayoutRef {
    /// The name by which it is shown: `NAME`, `NAME/PRESET`, or the path of a file.
    pub name: String,
    /// The SHA-256 of its file's text, in hexadecimal digits.
    pub digest: String,
}

/// Layouts by name, as they were last read without a fault.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    layouts: HashMap<LayoutRef, Arc<Layout>>,
    /// By name, the newest reading and the one before it, which a transition may still show.
    newest: HashMap<String, (LayoutRef, Option<LayoutRef>)>,
}

/// Why a layout cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// The file cannot be read.
    #[error("{path}: {why}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// The file is wrong.
    #[error("{0}")]
    Wrong(Box<Diagnostic>),
    /// There is no layout of this name.
    #[error("there is no layout `{name}`; {help}")]
    Unknown {
        /// The name.
        name: String,
        /// The nearest one, or all.
        help: Sentence,
    },
}

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../layouts/", $name, ".toml")))),*]
    };
}

/// The layouts that come with the program.
pub const BUILT_IN: &[(&str, &str)] = built_in![
    "situation-room",
    "overview",
    "portrait",
    "sector",
    "weekly-review",
    "deadlines",
    "prevention",
    "channels",
    "results",
    "services",
    "municipality",
    "public-kiosk",
    "night",
    "emergency",
    "alarms",
    "identify",
];

/// The file and the preset that a layout's name names; none for one that comes with the program.
pub fn file_of(name: &str) -> Option<(PathBuf, Option<&str>)> {
    match name.rsplit_once(".toml/") {
        Some((path, preset)) => Some((PathBuf::from(format!("{path}.toml")), Some(preset))),
        None => name.ends_with(".toml").then(|| (PathBuf::from(name), None)),
    }
}

impl Catalogue {
    /// The layout `NAME`, `NAME/PRESET`, or the file at a path.
    ///
    /// # Errors
    /// When there is none of that name, or the file cannot be read or is wrong.
    pub fn load(name: &str) -> Result<Layout, LayoutError> {
        if let Some((path, preset)) = file_of(name) {
            return Self::read(&path, preset);
        }
        let (plain, preset) = name.split_once('/').map_or((name, None), |(n, p)| (n, Some(p)));
        let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == plain) else {
            let help = crate::diagnostic::expected(plain, BUILT_IN.iter().map(|(name, _)| *name));
            return Err(LayoutError::Unknown { name: name.to_owned(), help });
        };
        let path = PathBuf::from(format!("layouts/{plain}.toml"));
        parse(&path, text, preset).map_err(|fault| LayoutError::Wrong(Box::new(fault)))
    }

    /// Reads a layout file, narrowed to one of its presets.
    ///
    /// # Errors
    /// When the file cannot be read or is wrong.
    pub fn read(path: &Path, preset: Option<&str>) -> Result<Layout, LayoutError> {
        let text =
            crate::diagnostic::read_text(path).map_err(|why| LayoutError::Unreadable { path: path.to_owned(), why })?;
        parse(path, &text, preset).map_err(|fault| LayoutError::Wrong(Box::new(fault)))
    }

    /// Stores a layout under `name` and returns its reference. Keeps the version before it for the transition.
    pub fn put(&mut self, name: &str, layout: Layout) -> LayoutRef {
        let added = LayoutRef { name: name.to_owned(), digest: layout.digest.clone() };
        let before = match self.newest.remove(name) {
            Some((newest, before)) if newest == added => before,
            newest => newest.map(|(newest, _)| newest),
        };
        let held = |other: &LayoutRef| *other == added || before.as_ref() == Some(other);
        self.layouts.retain(|other, _| other.name != name || held(other));
        self.layouts.insert(added.clone(), Arc::new(layout));
        self.newest.insert(name.to_owned(), (added.clone(), before));
        added
    }

    /// Lets layouts go whose name is not to be kept; returns how many names went.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) -> usize {
        let before = self.newest.len();
        self.newest.retain(|name, _| keep(name));
        self.layouts.retain(|layout, _| keep(&layout.name));
        before - self.newest.len()
    }

    /// A layout by its reference; none if it was reloaded twice since.
    pub fn get(&self, wanted: &LayoutRef) -> Option<&Arc<Layout>> {
        self.layouts.get(wanted)
    }

    /// The last good reading of a name.
    pub fn newest(&self, name: &str) -> Option<&LayoutRef> {
        self.newest.get(name).map(|(newest, _)| newest)
    }

    /// The names of the layouts, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.newest.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.into_iter()
    }

    /// The names of layouts that were read from a file.
    pub fn read_from(&self, path: &Path) -> Vec<String> {
        let from = |newest: &LayoutRef| self.get(newest).is_some_and(|layout| layout.path == path);
        self.newest.values().filter(|(newest, _)| from(newest)).map(|(newest, _)| newest.name.clone()).collect()
    }

    /// Every layout that is held.
    pub fn layouts(&self) -> impl Iterator<Item = &Arc<Layout>> {
        self.layouts.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(columns: u8) -> Layout {
        let text = format!(
            "name = \"a\"\ngrid = {{ columns = {columns}, rows = 1 }}\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\n\
             panel.text = {{ body = \"a\" }}\n"
        );
        parse(Path::new("a.toml"), &text, None).unwrap()
    }

    #[test]
    fn a_layout_means_its_content_and_the_one_before_it_is_held() {
        let mut catalogue = Catalogue::default();
        let refs: Vec<LayoutRef> = [1, 2, 1, 3].map(|columns| catalogue.put("a.toml", layout(columns))).to_vec();
        assert_eq!((&refs[0], refs[0] == refs[1]), (&refs[2], false));
        assert_eq!(catalogue.newest("a.toml"), Some(&refs[3]));
        assert!(catalogue.get(&refs[3]).is_some() && catalogue.get(&refs[2]).is_some());
        assert!(catalogue.get(&refs[1]).is_none());
        // Read once more as it is: what was before it stays.
        assert_eq!(catalogue.put("a.toml", layout(3)), refs[3]);
        assert!(catalogue.get(&refs[2]).is_some());
        assert_eq!(catalogue.read_from(Path::new("a.toml")), ["a.toml"]);
    }
}
