//! Files judged before anybody stands in front of a wall.

mod against_site;
mod schedule;

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Result;
use jiff::tz::TimeZone;

use super::preflight;
use crate::clock::Clock;
use crate::data::filter::FilterSpec;
use crate::demo::datasets;
use crate::diagnostic::{self, Diagnostic};
use crate::language::Sentence;
use crate::layout::{self, Catalogue, Layout, LayoutError, legibility};
use crate::operation::{self, Operation};
use crate::runsheet::{self, RunSheet};
use crate::source::{Site, SourceTable};
use crate::wall::{self, Wall};
use against_site::AgainstSite;

/// What a file turned out to be.
enum Judged {
    /// With the site that its file describes, and what is wrong with its colours and with what the site names.
    Wall(Box<Wall>, Option<Box<Site>>, Vec<Diagnostic>),
    Layout(Box<Layout>),
    /// With what it names that it does not have itself.
    Site(Box<Site>, Vec<Diagnostic>),
    /// With the layouts of its steps.
    RunSheet(RunSheet, Vec<Layout>),
    /// How a wall is operated.
    Operation {
        path: PathBuf,
        text: String,
        /// What its rules count.
        filters: Vec<FilterSpec>,
        /// The layouts of its slots.
        layouts: Vec<Layout>,
        /// What is wrong in its year, and what is to be known of it.
        year: (Vec<Diagnostic>, Vec<Sentence>),
    },
    Wrong(Vec<Diagnostic>),
}

/// The faults of wall, layout and site files, and what they name that is not on this machine; layouts are judged on
/// the walls and against the sites among them.
///
/// # Errors
/// When what is named is neither a file nor a layout that comes with the program.
pub fn files(files: &[PathBuf]) -> Result<(Vec<Diagnostic>, Vec<Sentence>)> {
    let judged: Vec<Judged> = files.iter().map(|path| validate(path)).collect::<Result<_>>()?;
    let walls: Vec<&Wall> =
        judged.iter().filter_map(|j| if let Judged::Wall(wall, ..) = j { Some(&**wall) } else { None }).collect();
    let mut faults: Vec<Diagnostic> = Vec::new();
    let mut absent: Vec<Sentence> = Vec::new();
    let sites: Vec<&Site> = judged.iter().filter_map(site_of).collect();
    let site = AgainstSite::new(&sites);
    for found in &judged {
        match (found, &site) {
            (Judged::RunSheet(sheet, _), Some(site)) => faults.extend(site.run_sheet(sheet)),
            (Judged::Operation { path, text, filters, .. }, Some(site)) => {
                faults.extend(site.rules(filters, path, text));
            }
            _ => {}
        }
    }
    for layout in judged.iter().flat_map(layouts_of) {
        faults.extend(legibility::characters(layout));
        match &site {
            Some(site) => faults.extend(site.layout(layout)),
            None => absent.extend(against_demo(layout, &sites)),
        }
    }
    for found in &judged {
        match found {
            Judged::Wrong(found) => faults.extend(found.iter().cloned()),
            // Colours can be judged without knowing where they will hang.
            Judged::Layout(layout) if walls.is_empty() => faults.extend(legibility::contrast(layout, None)),
            Judged::Layout(layout) => walls.iter().for_each(|wall| faults.extend(on_wall(layout, wall))),
            Judged::RunSheet(_, layouts) | Judged::Operation { layouts, .. } => {
                let on_walls = walls.iter().flat_map(|wall| layouts.iter().flat_map(|layout| on_wall(layout, wall)));
                // What several steps show is wrong once.
                on_walls.for_each(|fault| {
                    if !faults.contains(&fault) {
                        faults.push(fault);
                    }
                });
            }
            Judged::Wall(_, _, own) | Judged::Site(_, own) => faults.extend(own.iter().cloned()),
        }
        if let Judged::Operation { filters, year: (own, notes), .. } = found {
            faults.extend(own.iter().cloned());
            absent.extend(notes.iter().cloned());
            if sites.is_empty() {
                absent.extend(preflight::unknown_to_demo(filters));
            }
        }
        if let Judged::Wall(_, Some(site), _) | Judged::Site(site, _) = found {
            let of = |source: &SourceTable| {
                let said = |what: &String| Sentence::of("check-not-here", [("source", &source.name), ("what", what)]);
                source.absent().iter().map(said).collect()
            };
            absent.extend(site.sources.iter().flat_map::<Vec<Sentence>, _>(of));
            absent.extend(
                site.region.iter().flat_map(|region| region.boundaries.left_out.iter().cloned().map(Sentence::from)),
            );
        }
    }
    Ok((faults, absent))
}

fn site_of(judged: &Judged) -> Option<&Site> {
    match judged {
        Judged::Wall(_, site, _) => site.as_deref(),
        Judged::Site(site, _) => Some(site),
        _ => None,
    }
}

fn layouts_of(judged: &Judged) -> Vec<&Layout> {
    match judged {
        Judged::Layout(layout) => vec![layout],
        Judged::RunSheet(_, layouts) | Judged::Operation { layouts, .. } => layouts.iter().collect(),
        _ => Vec::new(),
    }
}

/// What a layout names that the demo region does not have, and no file brings: sentences, since a region of one's own
/// may well have it.
fn against_demo(layout: &Layout, sites: &[&Site]) -> Vec<Sentence> {
    let file = layout.path.display().to_string();
    let brought: Vec<String> = sites.iter().flat_map(|site| site.tables()).collect();
    let tables = layout.placements.iter().flat_map(|placement| &placement.info.tables);
    let foreign = tables.filter(|table| !datasets::NAMES.contains(&table.as_str()) && !brought.contains(table));
    let mut absent: Vec<Sentence> =
        foreign.map(|table| Sentence::of("check-demo-no-table", [("file", &file), ("table", table)])).collect();
    absent.extend(
        preflight::unknown(layout)
            .into_iter()
            .map(|said| format!("{file}: {}", said.replacen("the region", "the demo region", 1)).into()),
    );
    absent
}

/// What would not be read on a wall: by measure, and by preflight.
fn on_wall(layout: &Layout, wall: &Wall) -> Vec<Diagnostic> {
    [legibility::validate(layout, wall), preflight::validate(layout, wall)].concat()
}

/// A layout that a file names: what is wrong with its own file is said there, and what is not there where it is named.
fn layout_named(path: &Path, text: &str, name: &str, source: &Range<usize>) -> Result<Layout, Diagnostic> {
    Catalogue::load(name).map_err(|error| match error {
        LayoutError::Wrong(fault) if !fault.is_of_whole_file() => *fault,
        LayoutError::Wrong(fault) => {
            let own = Diagnostic::at(path, text, source.clone(), fault.message);
            match fault.help {
                Some(help) => own.with_help(help),
                None => own,
            }
        }
        other => Diagnostic::at(path, text, source.clone(), other.to_string()),
    })
}

/// A file of operation: the layouts of its slots must be there.
fn operation(path: &Path, text: &str) -> Result<(Operation, Vec<Layout>), Diagnostic> {
    let operation = operation::parse(path, text)?;
    let named = operation.layouts();
    let layouts: Result<Vec<Layout>, Diagnostic> =
        named.iter().map(|(name, source)| layout_named(path, text, name, source)).collect();
    let layouts = layouts?;
    Ok((operation, layouts))
}

/// A run sheet's layouts: each must be there.
fn run_sheet(path: &Path, text: &str) -> Result<(RunSheet, Vec<Layout>), Diagnostic> {
    let sheet = runsheet::parse(path, text)?;
    let named = sheet.steps.iter().filter_map(|step| Some((step.layout.as_deref()?, &step.source)));
    let layouts: Result<Vec<Layout>, Diagnostic> =
        named.map(|(name, source)| layout_named(path, text, name, source)).collect();
    Ok((sheet, layouts?))
}

/// The file of `FILE` or `FILE/PRESET`, and the preset.
fn narrowed(path: &Path) -> (&Path, Option<&str>) {
    match (path.parent(), path.file_name().and_then(|name| name.to_str())) {
        (Some(file), Some(preset)) if file.is_file() => (file, Some(preset)),
        _ => (path, None),
    }
}

fn validate(path: &Path) -> Result<Judged> {
    let named = path.to_str().filter(|name| !name.contains(".toml"));
    if let (false, Some(name)) = (path.exists(), named) {
        // A layout that comes with the program, by the name under which it is shown.
        return match Catalogue::load(name) {
            Ok(layout) => Ok(Judged::Layout(Box::new(layout))),
            Err(LayoutError::Wrong(fault)) => Ok(Judged::Wrong(vec![*fault])),
            Err(error) => Err(error.into()),
        };
    }
    let (path, preset) = narrowed(path);
    let text = match diagnostic::read_text(path) {
        Ok(text) => text,
        Err(error) => {
            return Ok(Judged::Wrong(vec![Diagnostic::at(path, "", 0..0, diagnostic::why_unreadable(&error))]));
        }
    };
    // What a file has says what it was meant as: a wall is seen from a distance, a site has sources.
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    // Or else its grid is of screens, which have pixels.
    let of_screens = table.get("grid").is_some_and(|grid| grid.get("pixels").is_some());
    // What is no TOML yet still shows by its lines what it is to be.
    let begins = |key: &str| table.is_empty() && text.lines().any(|line| line.trim_start().starts_with(key));
    let is_layout = table.contains_key("placement") || begins("[[placement]]");
    let is_wall = table.contains_key("viewing_distance_m")
        || table.contains_key("output")
        || of_screens
        || begins("viewing_distance_m")
        || begins("[[output]]");
    let is_site = !is_layout
        && (["source", "region"].iter().any(|key| table.contains_key(*key))
            || begins("[[source]]")
            || begins("[region]"));
    let is_sheet = runsheet::is_meant(&text) || begins("[[step]]");
    if let (true, Some(preset)) = (is_wall || is_site || is_sheet, preset) {
        let fault =
            Diagnostic::at(path, &text, 0..0, format!("only layouts have presets: this file has no `{preset}`"));
        return Ok(Judged::Wrong(vec![fault.with_help("give the file alone")]));
    }
    let judged = if operation::is_meant(&text) {
        diagnostic::collect_all(path, &text, |text| operation(path, text)).map(|(operation, layouts)| {
            let today = Clock::system().now().zoned(&TimeZone::system()).date();
            let year = schedule::findings(&operation.schedule, path, &text, today);
            let filters = operation.filters();
            Judged::Operation { path: path.to_owned(), text: text.clone(), filters, layouts, year }
        })
    } else if is_sheet {
        diagnostic::collect_all(path, &text, |text| run_sheet(path, text))
            .map(|(sheet, layouts)| Judged::RunSheet(sheet, layouts))
    } else if is_wall {
        let validate = |text: &str| Ok((wall::parse(path, text)?, Site::in_wall(path, text)?));
        diagnostic::collect_all(path, &text, validate).map(|(wall, site)| {
            let theme: Vec<_> = wall.theme.iter().collect();
            let mut own = legibility::colours(&theme, path, &text);
            own.extend(site.iter().flat_map(|site| against_site::of_itself(site, path, &text)));
            Judged::Wall(Box::new(wall), site.map(Box::new), own)
        })
    } else if is_site {
        diagnostic::collect_all(path, &text, |text| Site::parse(path, text)).map(|site| {
            let own = against_site::of_itself(&site, path, &text);
            Judged::Site(Box::new(site), own)
        })
    } else {
        let validate = |text: &str| layout::parse(path, text, preset);
        diagnostic::collect_all(path, &text, validate).map(|layout| Judged::Layout(Box::new(layout)))
    };
    Ok(judged.unwrap_or_else(Judged::Wrong))
}
