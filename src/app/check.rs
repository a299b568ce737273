//! Files judged before anybody stands in front of a wall.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::diagnostic::Diagnostic;
use crate::layout::{self, Layout, legibility};
use crate::source::Site;
use crate::wall::{self, Wall};

/// What a file turned out to be.
enum Judged {
    Wall(Box<Wall>),
    Layout(Box<Layout>),
    Site,
    Wrong(Box<Diagnostic>),
}

/// The faults of wall, layout and site files; layouts are judged on the walls among them.
pub fn files(files: &[PathBuf]) -> Result<Vec<Diagnostic>> {
    let judged: Vec<Judged> = files.iter().map(|path| judge(path)).collect::<Result<_>>()?;
    let walls: Vec<&Wall> =
        judged.iter().filter_map(|j| if let Judged::Wall(wall) = j { Some(&**wall) } else { None }).collect();
    let mut faults: Vec<Diagnostic> = Vec::new();
    for found in &judged {
        match found {
            Judged::Wrong(fault) => faults.push((**fault).clone()),
            Judged::Layout(layout) => walls.iter().for_each(|wall| faults.extend(legibility::judge(layout, wall))),
            Judged::Wall(_) | Judged::Site => {}
        }
    }
    Ok(faults)
}

fn judge(path: &Path) -> Result<Judged> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    // What a file has says what it was meant as: a wall is seen from a distance, a site has sources.
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    let is_wall = table.contains_key("viewing_distance_m") || table.contains_key("output");
    let is_site = table.contains_key("source") || table.contains_key("region");
    let wrong = |fault: Diagnostic| Judged::Wrong(Box::new(fault));
    Ok(if is_wall {
        match (wall::parse(path, &text), Site::in_wall(path, &text)) {
            (Ok(wall), Ok(_)) => Judged::Wall(Box::new(wall)),
            (Err(fault), _) | (_, Err(fault)) => wrong(fault),
        }
    } else if is_site {
        Site::parse(path, &text).map_or_else(wrong, |_| Judged::Site)
    } else {
        layout::parse(path, &text, None).map_or_else(wrong, |layout| Judged::Layout(Box::new(layout)))
    })
}
