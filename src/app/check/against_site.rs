//! What layouts and run sheets name, held against the site that they are checked with.

use std::ops::Range;
use std::path::Path;

use crate::data::filter::FilterSpec;
use crate::data::region::{Dictionaries, Term};
use crate::diagnostic::{self, Diagnostic};
use crate::language::Sentence;
use crate::layout::{Layout, Placement};
use crate::panel::unknown_icon;
use crate::runsheet::RunSheet;
use crate::scene::has_icon;
use crate::source::Site;

/// What is known of the sites that a check was given.
pub struct AgainstSite {
    tables: Vec<String>,
    /// Municipalities and their other names; none where they come by themselves in rows.
    municipalities: Option<Vec<String>>,
    sectors: Option<Vec<String>>,
    channels: Option<Vec<String>>,
}

impl AgainstSite {
    /// None where no site is given, or one whose backend has dictionaries and tables of its own.
    pub fn new(sites: &[&Site]) -> Option<Self> {
        if sites.is_empty() || sites.iter().any(|site| site.has_native()) {
            return None;
        }
        let dictionaries = || sites.iter().filter_map(|site| Some(&site.region.as_ref()?.dictionaries));
        let sources = || sites.iter().flat_map(|site| &site.sources);
        let codes = |terms: fn(&Dictionaries) -> &[Term]| -> Vec<String> {
            dictionaries().flat_map(terms).map(|term| term.code.clone()).collect()
        };
        let names = dictionaries().flat_map(|d| &d.municipalities).map(|municipality| municipality.name.clone());
        let aliases = sites.iter().flat_map(|site| site.aliases.keys().cloned());
        let municipalities: Vec<String> = names.chain(aliases).collect();
        let none_come = |brings: fn(&crate::source::Kind) -> bool| !sources().any(|source| brings(&source.kind));
        Some(Self {
            tables: sources().flat_map(|source| source.kind.names()).collect(),
            municipalities: Some(municipalities).filter(|names| !names.is_empty()),
            sectors: none_come(crate::source::Kind::brings_sectors).then(|| codes(|d| &d.sectors)),
            channels: none_come(crate::source::Kind::brings_channels).then(|| codes(|d| &d.channels)),
        })
    }

    /// What a layout names that the site does not have, each at its panel.
    pub fn layout(&self, layout: &Layout) -> Vec<Diagnostic> {
        let mut faults: Vec<Diagnostic> = Vec::new();
        for placement in &layout.placements {
            for (message, help) in self.placement(placement) {
                let span = span_of(&layout.text, &placement.source, &message.1);
                let fault = Diagnostic::at(&layout.path, &layout.text, span, message.0).with_help(help);
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
        }
        for ((message, name), help) in layout.presets.iter().flat_map(|preset| self.filter(&preset.filter)) {
            let quoted = format!("\"{name}\"");
            let span = layout.text.rfind(&quoted).map_or(0..0, |at| at..at + quoted.len());
            faults.push(Diagnostic::at(&layout.path, &layout.text, span, message).with_help(help));
        }
        faults
    }

    /// What a run sheet's steps look at that the site does not have.
    pub fn run_sheet(&self, sheet: &RunSheet) -> Vec<Diagnostic> {
        let looks =
            sheet.steps.iter().flat_map(|step| step.look.iter().flat_map(|to| to.names()).map(move |n| (step, n)));
        let unknown = looks.filter_map(|(step, name)| {
            let (message, help) = missing("check-no-municipality", name, self.municipalities.as_ref())?;
            let span = span_of(&sheet.text, &step_around(&sheet.text, step.source.start), name);
            Some(Diagnostic::at(&sheet.path, &sheet.text, span, message.0).with_help(help))
        });
        unknown.collect()
    }

    fn filter(&self, filter: &FilterSpec) -> Vec<((Sentence, String), Sentence)> {
        let named = [
            ("check-no-sector", &filter.sector, &self.sectors),
            ("check-no-municipality", &filter.municipality, &self.municipalities),
            ("check-no-channel", &filter.channel, &self.channels),
        ];
        named.into_iter().filter_map(|(key, name, known)| missing(key, name.as_ref()?, known.as_ref())).collect()
    }

    fn placement(&self, placement: &Placement) -> Vec<((Sentence, String), Sentence)> {
        let tables =
            placement.info.tables.iter().filter_map(|table| missing("check-no-table", table, Some(&self.tables)));
        let filters = placement.filters.iter().flat_map(|filter| self.filter(filter));
        let looks = placement.info.looks_at.iter();
        let looks = looks.filter_map(|name| missing("check-no-municipality", name, self.municipalities.as_ref()));
        tables.chain(filters).chain(looks).collect()
    }
}

/// What a site names that it does not have itself: sectors of its sources, icons.
pub fn of_itself(site: &Site, path: &Path, text: &str) -> Vec<Diagnostic> {
    let Some(dictionaries) = site.region.as_ref().map(|region| &region.dictionaries) else { return Vec::new() };
    let sectors: Vec<String> = dictionaries.sectors.iter().map(|sector| sector.code.clone()).collect();
    let named = site.sources.iter().flat_map(|source| source.kind.named_sectors());
    let mut found: Vec<((Sentence, String), Sentence)> =
        named.filter_map(|code| missing("check-no-sector", code, Some(&sectors))).collect();
    let icons =
        [&dictionaries.sectors, &dictionaries.channels].into_iter().flatten().filter_map(|term| term.icon.as_ref());
    let icons = icons.chain(dictionaries.topics.iter().filter_map(|topic| topic.icon.as_ref()));
    found.extend(icons.filter(|icon| !has_icon(icon, false)).map(|icon| {
        let help = Sentence::from(unknown_icon(icon));
        ((Sentence::of("check-no-icon", [("name", icon)]), icon.clone()), help)
    }));
    let whole = 0..text.len();
    let fault = |((message, name), help): ((Sentence, String), Sentence)| {
        Diagnostic::at(path, text, span_of(text, &whole, &name), message).with_help(help)
    };
    found.into_iter().map(fault).collect()
}

/// What is said of a name that is not among the known ones, with that name; none where it is, or nothing is known.
fn missing(key: &'static str, name: &str, known: Option<&Vec<String>>) -> Option<((Sentence, String), Sentence)> {
    let known = known.filter(|known| !known.iter().any(|one| one == name))?;
    let help = diagnostic::expected(name, known.iter().map(String::as_str));
    Some(((Sentence::of(key, [("name", name)]), name.to_owned()), help))
}

/// Where a name stands in quotes within a part of a text; the part's beginning where it does not.
fn span_of(text: &str, part: &Range<usize>, name: &str) -> Range<usize> {
    // A placement's own place is its heading alone: what it says follows up to the next.
    let end = text[part.end.min(text.len())..].find("\n[[").map_or(text.len(), |at| part.end + at);
    let quoted = format!("\"{name}\"");
    let found = text.get(part.start..end).and_then(|inside| inside.find(&quoted));
    found.map_or(part.clone(), |at| part.start + at..part.start + at + quoted.len())
}

/// The `[[step]]` that a byte lies in, from its heading on.
fn step_around(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind("[[step]]").unwrap_or(if text[at..].starts_with("[[") { at } else { 0 });
    start..start + "[[step]]".len().min(text.len() - start)
}
