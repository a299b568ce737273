//! Files judged before anybody stands in front of a wall.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::rehearsal;
use crate::demo::datasets;
use crate::diagnostic::{self, Diagnostic};
use crate::layout::{self, Catalogue, Layout, LayoutError, Placement, legibility};
use crate::runsheet;
use crate::source::{Site, SourceTable};
use crate::wall::{self, Wall};

/// What a file turned out to be.
enum Judged {
    /// With the site that its file describes, and the colours of its theme that cannot be read.
    Wall(Box<Wall>, Option<Box<Site>>, Vec<Diagnostic>),
    Layout(Box<Layout>),
    Site(Box<Site>),
    /// With the layouts of its steps.
    RunSheet(Vec<Layout>),
    Wrong(Vec<Diagnostic>),
}

/// The faults of wall, layout and site files, and what they name that is not on this machine; layouts are judged on
/// the walls among them.
pub fn files(files: &[PathBuf]) -> Result<(Vec<Diagnostic>, Vec<String>)> {
    let judged: Vec<Judged> = files.iter().map(|path| judge(path)).collect::<Result<_>>()?;
    let walls: Vec<&Wall> =
        judged.iter().filter_map(|j| if let Judged::Wall(wall, ..) = j { Some(&**wall) } else { None }).collect();
    let mut faults: Vec<Diagnostic> = Vec::new();
    let mut absent: Vec<String> = Vec::new();
    let brought: Vec<String> = judged.iter().flat_map(brings).collect();
    let brought: Vec<&str> = brought.iter().map(String::as_str).collect();
    // Whether the files say where data comes from, and not from a backend that has tables of its own.
    let sites = judged.iter().filter_map(site_of);
    let known = sites.clone().next().is_some() && sites.clone().all(|site| !site.has_native());
    for layout in judged.iter().flat_map(layouts_of) {
        faults.extend(legibility::characters(layout));
        if known {
            faults.extend(without_table(layout, &brought));
        } else {
            let tables = layout.placements.iter().flat_map(|p| p.info.tables.iter().map(String::as_str));
            let foreign = tables.filter(|table| !datasets::NAMES.contains(table) && !brought.contains(table));
            absent.extend(
                foreign.map(|table| format!("{}: the demo region has no table `{table}`", layout.path.display())),
            );
            let unknown = rehearsal::unknown(layout).into_iter();
            absent.extend(unknown.map(|said| {
                format!("{}: {}", layout.path.display(), said.replacen("the region", "the demo region", 1))
            }));
        }
    }
    for found in &judged {
        match found {
            Judged::Wrong(found) => faults.extend(found.iter().cloned()),
            // Colours can be judged without knowing where they will hang.
            Judged::Layout(layout) if walls.is_empty() => faults.extend(legibility::contrast(layout, None)),
            Judged::Layout(layout) => walls.iter().for_each(|wall| faults.extend(on_wall(layout, wall))),
            Judged::RunSheet(layouts) => {
                let on_walls = walls.iter().flat_map(|wall| layouts.iter().flat_map(|layout| on_wall(layout, wall)));
                // What several steps show is wrong once.
                on_walls.for_each(|fault| {
                    if !faults.contains(&fault) {
                        faults.push(fault);
                    }
                });
            }
            Judged::Wall(_, _, colours) => faults.extend(colours.iter().cloned()),
            Judged::Site(_) => {}
        }
        if let Judged::Wall(_, Some(site), _) | Judged::Site(site) = found {
            let of = |source: &SourceTable| {
                source.absent().into_iter().map(|what| format!("{}: {what} on this machine", source.name)).collect()
            };
            absent.extend(site.sources.iter().flat_map::<Vec<String>, _>(of));
            absent.extend(site.region.iter().flat_map(|region| region.boundaries.left_out.clone()));
        }
    }
    Ok((faults, absent))
}

fn site_of(judged: &Judged) -> Option<&Site> {
    match judged {
        Judged::Wall(_, site, _) => site.as_deref(),
        Judged::Site(site) => Some(site),
        _ => None,
    }
}

fn layouts_of(judged: &Judged) -> Vec<&Layout> {
    match judged {
        Judged::Layout(layout) => vec![layout],
        Judged::RunSheet(layouts) => layouts.iter().collect(),
        _ => Vec::new(),
    }
}

/// The tables that a site's sources bring.
fn brings(judged: &Judged) -> Vec<String> {
    site_of(judged).map(|site| site.tables()).unwrap_or_default()
}

/// Panels that show tables which no source brings, each at its place in the layout's file.
fn without_table(layout: &Layout, brought: &[&str]) -> Vec<Diagnostic> {
    let missing = |placement: &Placement| {
        let table = placement.info.tables.iter().find(|table| !brought.contains(&table.as_str()))?;
        let message = format!("no source of these files brings the table `{table}`");
        let fault = Diagnostic::at(&layout.path, &layout.text, placement.source.clone(), message);
        Some(fault.with_help(diagnostic::expected(table, brought.iter().copied())))
    };
    layout.placements.iter().filter_map(missing).collect()
}

/// What would not be read on a wall: by measure, and by rehearsal.
fn on_wall(layout: &Layout, wall: &Wall) -> Vec<Diagnostic> {
    [legibility::judge(layout, wall), rehearsal::judge(layout, wall)].concat()
}

/// A run sheet's layouts: each must be there.
fn run_sheet(path: &Path, text: &str) -> Result<Vec<Layout>, Diagnostic> {
    let sheet = runsheet::parse(path, text)?;
    let named = sheet.steps.iter().filter_map(|step| Some((step, step.layout.as_deref()?)));
    named
        .map(|(step, name)| {
            Catalogue::load(name).map_err(|error| match error {
                LayoutError::Wrong(fault) if !fault.is_of_whole_file() => *fault,
                // What is not there was named by the step.
                LayoutError::Wrong(fault) => {
                    let own = Diagnostic::at(path, text, step.source.clone(), fault.message);
                    match fault.help {
                        Some(help) => own.with_help(help),
                        None => own,
                    }
                }
                other => Diagnostic::at(path, text, step.source.clone(), other.to_string()),
            })
        })
        .collect()
}

/// The file of `FILE` or `FILE/PRESET`, and the preset.
fn narrowed(path: &Path) -> (&Path, Option<&str>) {
    match (path.parent(), path.file_name().and_then(|name| name.to_str())) {
        (Some(file), Some(preset)) if file.is_file() => (file, Some(preset)),
        _ => (path, None),
    }
}

fn judge(path: &Path) -> Result<Judged> {
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
    let text = crate::diagnostic::read_text(path).with_context(|| format!("{} cannot be read", path.display()))?;
    // What a file has says what it was meant as: a wall is seen from a distance, a site has sources.
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    // Or else its grid is of screens, which have pixels.
    let of_screens = table.get("grid").is_some_and(|grid| grid.get("pixels").is_some());
    let is_wall = table.contains_key("viewing_distance_m") || table.contains_key("output") || of_screens;
    let is_site = table.contains_key("source") || table.contains_key("region");
    let is_sheet = runsheet::is_meant(&text);
    if let (true, Some(preset)) = (is_wall || is_site || is_sheet, preset) {
        let fault =
            Diagnostic::at(path, &text, 0..0, format!("only layouts have presets: this file has no `{preset}`"));
        return Ok(Judged::Wrong(vec![fault.with_help("give the file alone")]));
    }
    let judged = if is_sheet {
        diagnostic::every(path, &text, |text| run_sheet(path, text)).map(Judged::RunSheet)
    } else if is_wall {
        let judge = |text: &str| Ok((wall::parse(path, text)?, Site::in_wall(path, text)?));
        diagnostic::every(path, &text, judge).map(|(wall, site)| {
            let theme: Vec<_> = wall.theme.iter().collect();
            let colours = legibility::colours(&theme, path, &text);
            Judged::Wall(Box::new(wall), site.map(Box::new), colours)
        })
    } else if is_site {
        diagnostic::every(path, &text, |text| Site::parse(path, text)).map(|site| Judged::Site(Box::new(site)))
    } else {
        let judge = |text: &str| layout::parse(path, text, preset);
        diagnostic::every(path, &text, judge).map(|layout| Judged::Layout(Box::new(layout)))
    };
    Ok(judged.unwrap_or_else(Judged::Wrong))
}
