//! `obzor region import`: boundaries from anywhere made into a region pack, judged on the way.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use geo::{Area, CoordsIter, Validation};

use crate::data::municipal_name::MunicipalName;
use crate::data::region::{Boundaries, Boundary, Scale};
use crate::data::topology::Topology;
use crate::data::{Locator, features};
use crate::language::{Lang, Sentence, localized};
use crate::sentence;
use crate::source::geojson_text;

/// Metres by which borders may move: for a region on one screen, for a tile of a wall, for an inset.
const TOLERANCES_M: [f64; 3] = [60.0, 250.0, 1000.0];

/// What is imported.
#[derive(Debug)]
pub struct Import {
    /// The GeoJSON file.
    pub file: PathBuf,
    /// The property that holds the names.
    pub name_field: Option<String>,
    /// TOML: other names of municipalities, `"Ключи" = "Ключевск"`.
    pub aliases: Option<PathBuf>,
    /// The pack.
    pub out: PathBuf,
}

/// Makes a pack and says what it holds; doubtful places are named, and stop nothing.
pub fn run(import: &Import) -> Result<ExitCode> {
    let lang = Lang::of_environment();
    let progress = |sentence: Sentence| eprintln!("{}", sentence.to(lang));
    let say = |sentence: Sentence| println!("{}", sentence.to(lang));
    let bytes = std::fs::read(&import.file).with_context(|| import.file.display().to_string())?;
    progress(sentence!("import-reading", size = format!("{:.1}", bytes.len() as f64 / 1e6)));
    let text = geojson_text(&bytes).map_err(anyhow::Error::msg).with_context(|| import.file.display().to_string())?;
    let mut boundaries =
        Boundaries::named_by(&text, import.name_field.as_deref()).with_context(|| import.file.display().to_string())?;
    progress(sentence!("import-borders", count = boundaries.municipalities.len()));
    if let Some(path) = &import.aliases {
        boundaries.aliases = toml::from_str(&read(path)?).with_context(|| path.display().to_string())?;
    }
    let nameless = boundaries.municipalities.iter().filter(|m| m.name.starts_with('№')).count();
    if nameless == boundaries.municipalities.len() {
        let properties = properties(&text);
        let help = if properties.is_empty() {
            sentence!("import-no-properties")
        } else {
            sentence!("import-properties", names = properties)
        };
        bail!("{}", sentence!("import-nameless", file = import.file.display(), help = help.to(lang)).to(lang));
    }
    let doubts = doubts(&boundaries, lang);
    let lands: Vec<_> = boundaries.municipalities.iter().map(|m| &m.land).collect();
    progress(sentence!("import-neighbours"));
    let topology = Topology::of(&lands);
    let points = |lands: &mut dyn Iterator<Item = usize>| lands.sum::<usize>();
    let before = points(&mut lands.iter().map(|land| land.coords_count()));
    say(sentence!(
        "import-read",
        file = import.file.display(),
        count = lands.len(),
        points = before,
        arcs = topology.arcs()
    ));
    let scales = TOLERANCES_M.map(|tolerance_m| {
        progress(sentence!("import-simplifying", metres = tolerance_m));
        Scale { tolerance_m, lands: topology.simplified(tolerance_m) }
    });
    for scale in &scales {
        let left = points(&mut scale.lands.iter().map(CoordsIter::coords_count));
        say(sentence!("import-simplified", metres = scale.tolerance_m, points = left));
    }
    boundaries.scales = scales.to_vec();
    let names: Vec<&str> = boundaries.municipalities.iter().map(|m| m.name.as_str()).collect();
    say(sentence!("import-names", names = names.join(", ")));
    for doubt in &doubts {
        say(sentence!("import-doubt", doubt = doubt.to(lang)));
    }
    std::fs::write(&import.out, boundaries.to_geojson())
        .with_context(|| format!("{} cannot be written", import.out.display()))?;
    // What was written is what will be read.
    let again = Boundaries::from_geojson(&read(&import.out)?)?;
    if again.municipalities.len() != names.len() || again.scales.len() != TOLERANCES_M.len() {
        bail!("{} does not hold what was written", import.out.display());
    }
    say(sentence!("import-done", file = import.out.display()));
    Ok(ExitCode::SUCCESS)
}

/// What a person should look at: names that are missing or given twice, borders that cross themselves, land
/// that two municipalities claim.
fn doubts(boundaries: &Boundaries, lang: Lang) -> Vec<Sentence> {
    let mut doubts: Vec<Sentence> = boundaries.left_out.iter().map(|what| what.as_str().into()).collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (at, municipality) in boundaries.municipalities.iter().enumerate() {
        let name = municipality.name.as_str();
        if name.is_empty() || name.starts_with('№') {
            doubts.push(sentence!("import-no-name", number = at + 1));
        }
        if let Some(first) = seen.insert(name, at) {
            doubts.push(sentence!("import-same-name", one = first + 1, other = at + 1, name = name));
        }
        if let Err(error) = municipality.land.check_validation() {
            doubts.push(sentence!("import-border", name = name, fault = localized(&error.to_string(), lang)));
        }
        if municipality.land.unsigned_area() == 0.0 {
            doubts.push(sentence!("import-no-land", name = name));
        }
    }
    for (alias, name) in &boundaries.aliases {
        let meant = MunicipalName::of(name);
        let named = |m: &&Boundary| m.name == *name || MunicipalName::of(&m.name).core == meant.core;
        let what = match boundaries.municipalities.iter().filter(named).count() {
            _ if name.is_empty() => sentence!("import-alias-open", alias = alias, name = name),
            0 => sentence!("import-alias-wrong", alias = alias, name = name),
            _ => continue,
        };
        doubts.push(what);
    }
    let locator = Locator::new(boundaries);
    for (at, municipality) in boundaries.municipalities.iter().enumerate() {
        let inside = municipality.label_point();
        if let Some(other) = locator.municipality_at(inside).filter(|other| *other != at) {
            doubts.push(sentence!(
                "import-overlap",
                one = municipality.name,
                other = boundaries.municipalities[other].name
            ));
        }
    }
    doubts
}

/// The properties that the first feature has.
fn properties(text: &str) -> String {
    let features = features::features(text).map(|(features, _)| features).unwrap_or_default();
    let first = features.first().and_then(|feature| feature.get("properties")?.as_object());
    let names: Vec<String> = first.into_iter().flatten().map(|(name, _)| format!("`{name}`")).collect();
    names.join(", ")
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}
