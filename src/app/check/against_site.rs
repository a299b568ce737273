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
use crate::source::{Kind, Site};

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
        let none_come = |brings: fn(&Kind) -> bool| !sources().any(|source| brings(&source.kind));
        Some(Self {
            tables: sites.iter().flat_map(|site| site.tables()).collect(),
            municipalities: Some(municipalities).filter(|names| !names.is_empty()),
            sectors: none_come(Kind::brings_sectors).then(|| codes(|d| &d.sectors)),
            channels: none_come(Kind::brings_channels).then(|| codes(|d| &d.channels)),
        })
    }

    /// What a layout names that the site does not have, each at its panel.
    pub fn layout(&self, layout: &Layout) -> Vec<Diagnostic> {
        let mut faults: Vec<Diagnostic> = Vec::new();
        for placement in &layout.placements {
            for missing in self.placement(placement) {
                let span = span_of(&layout.text, &placement.source, &missing.name);
                let fault = missing.at(&layout.path, &layout.text, span);
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
        }
        for missing in layout.presets.iter().flat_map(|preset| self.filter(&preset.filter)) {
            let quoted = format!("\"{}\"", missing.name);
            let span = layout.text.rfind(&quoted).map_or(0..0, |at| at..at + quoted.len());
            faults.push(missing.at(&layout.path, &layout.text, span));
        }
        faults
    }

    /// What a run sheet's steps look at that the site does not have.
    pub fn run_sheet(&self, sheet: &RunSheet) -> Vec<Diagnostic> {
        let looks =
            sheet.steps.iter().flat_map(|step| step.look.iter().flat_map(|to| to.names()).map(move |n| (step, n)));
        let unknown = looks.filter_map(|(step, name)| {
            let missing = missing("check-no-municipality", name, self.municipalities.as_ref())?;
            let span = span_of(&sheet.text, &step_around(&sheet.text, step.source.start), name);
            Some(missing.at(&sheet.path, &sheet.text, span))
        });
        unknown.collect()
    }

    /// What rules of a file of operation count that the site does not have: they would never rise.
    pub fn rules(&self, filters: &[FilterSpec], path: &Path, text: &str) -> Vec<Diagnostic> {
        let unknown = filters.iter().flat_map(|filter| self.filter(filter));
        unknown
            .map(|missing| {
                let span = span_of(text, &(0..text.len()), &missing.name);
                missing.at(path, text, span)
            })
            .collect()
    }

    fn filter(&self, filter: &FilterSpec) -> Vec<Missing> {
        let named = [
            ("check-no-sector", &filter.sector, &self.sectors),
            ("check-no-municipality", &filter.municipality, &self.municipalities),
            ("check-no-channel", &filter.channel, &self.channels),
        ];
        named.into_iter().filter_map(|(key, name, known)| missing(key, name.as_ref()?, known.as_ref())).collect()
    }

    fn placement(&self, placement: &Placement) -> Vec<Missing> {
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
    let mut found: Vec<Missing> = named.filter_map(|code| missing("check-no-sector", code, Some(&sectors))).collect();
    let icons =
        [&dictionaries.sectors, &dictionaries.channels].into_iter().flatten().filter_map(|term| term.icon.as_ref());
    let icons = icons.chain(dictionaries.topics.iter().filter_map(|topic| topic.icon.as_ref()));
    found.extend(icons.filter(|icon| !has_icon(icon, false)).map(|icon| Missing {
        name: icon.clone(),
        message: Sentence::of("check-no-icon", [("name", icon)]),
        help: unknown_icon(icon),
    }));
    let whole = 0..text.len();
    found.into_iter().map(|missing| missing.at(path, text, span_of(text, &whole, &missing.name))).collect()
}

/// A name that is not there.
struct Missing {
    name: String,
    message: Sentence,
    help: Sentence,
}

impl Missing {
    /// The fault that it is at the bytes `span` of a file.
    fn at(&self, path: &Path, text: &str, span: Range<usize>) -> Diagnostic {
        Diagnostic::at(path, text, span, self.message.clone()).with_help(self.help.clone())
    }
}

/// A name that is not among the known ones; none where it is, or nothing is known.
fn missing(key: &'static str, name: &str, known: Option<&Vec<String>>) -> Option<Missing> {
    let known = known.filter(|known| !known.iter().any(|one| one == name))?;
    let help = diagnostic::expected(name, known.iter().map(String::as_str));
    Some(Missing { name: name.to_owned(), message: Sentence::of(key, [("name", name)]), help })
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
