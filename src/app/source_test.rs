//! `obzor source test`: what a site's backends give, told to the person who connects them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};

use super::backend;
use crate::source::{LOOKED_AT, Registry, Site, causes, plain, try_source};

/// Asks every source of a file once and prints what became of it; fails if one gave nothing. Names of municipalities that
/// the region does not have are written to `unknown_names`, to be completed as aliases.
pub fn run(path: &Path, unknown_names: Option<&Path>) -> Result<ExitCode> {
    let text = crate::diagnostic::read_text(path).with_context(|| path.display().to_string())?;
    let in_wall = toml::from_str::<toml::Table>(&text).is_ok_and(|t| t.contains_key("viewing_distance_m"));
    let site = if in_wall {
        Site::in_wall(path, &text)?.context("this wall names no source")?
    } else {
        Site::parse(path, &text)?
    };
    let zone = site.zone();
    let registry = site.region.map(|region| Arc::new(Mutex::new(Registry::new(region, &site.aliases))));
    let runtime = backend::runtime()?;
    let mut failed = false;
    let mut out = String::new();
    for table in site.sources {
        let _ = writeln!(out, "{} ({}, {})", table.name, table.kind.name(), plain(&table.access.base));
        let (native, brings_appeals) = (table.kind.name() == "native", table.kind.brings_appeals());
        match runtime.block_on(try_source(table, registry.clone(), zone.clone())) {
            Ok(trial) => {
                let secs = trial.took.as_secs_f64();
                let _ = writeln!(
                    out,
                    "  came      {} rows in {secs:.2} s, {:.0} a second",
                    trial.came,
                    trial.came as f64 / secs.max(1e-6)
                );
                if !trial.filled.is_empty() {
                    let looked = trial.came.min(LOOKED_AT);
                    let (never, some): (Vec<_>, Vec<_>) = trial.filled.iter().partition(|(_, count)| *count == 0);
                    let some = some.iter().map(|(place, count)| match *count {
                        count if count == looked => place.clone(),
                        count => format!("{place} in {count} of {looked}"),
                    });
                    let _ = writeln!(out, "  found     {}", some.collect::<Vec<_>>().join(", "));
                    if !never.is_empty() {
                        let never: Vec<&str> = never.iter().map(|(place, _)| place.as_str()).collect();
                        let _ = writeln!(out, "  not found {} in any of {looked} rows", never.join(", "));
                    }
                }
                if trial.appeals > 0 || trial.tables.is_empty() && !native {
                    let _ = writeln!(out, "  appeals   {}", trial.appeals);
                }
                for (name, records) in &trial.tables {
                    let _ = writeln!(out, "  table     {name}: {records} records");
                }
                let first = |example: &str| match example {
                    "" => String::new(),
                    example => format!(" (the first: {example})"),
                };
                for (reason, count, example) in trial.refused.reasons() {
                    let _ = writeln!(out, "  set aside {count}: {reason}{}", first(example));
                }
                for (reason, count, example) in trial.noted.reasons() {
                    let _ = writeln!(out, "  taken     {count}, but {reason}{}", first(example));
                }
                for row in &trial.rows {
                    let _ = writeln!(out, "  | {}", row.join(" | "));
                }
                if trial.came == 0 {
                    let instead = trial.instead.as_deref().unwrap_or("does its table say where the rows are?");
                    let _ = writeln!(out, "  nothing   came: {instead}");
                }
                failed |= trial.came == 0 || (brings_appeals && !native && trial.appeals == 0);
            }
            Err(error) => {
                let _ = writeln!(out, "  failed    {}", causes(&error));
                failed = true;
            }
        }
    }
    if let Some(file) = unknown_names {
        let unknown = registry.map(|registry| {
            let registry = registry.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            registry.unknown_municipalities().clone()
        });
        let unknown = unknown.unwrap_or_default();
        std::fs::write(file, aliases(&unknown)).with_context(|| format!("{} cannot be written", file.display()))?;
        let _ = writeln!(out, "{}: {} names of municipalities to be completed", file.display(), unknown.len());
    }
    // A reader who has seen enough closes the pipe: that is no fault.
    let _ = std::io::stdout().write_all(out.as_bytes());
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// A file of aliases to be completed, the commonest name first.
fn aliases(unknown: &BTreeMap<String, usize>) -> String {
    let mut names: Vec<(&String, usize)> = unknown.iter().map(|(name, count)| (name, *count)).collect();
    names.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let mut text = String::from(
        "# Names that the sources give and the region does not have, the commonest first, with how often they came.\n\
         # Write between the quotes which municipality each is; leave empty what is none of them.\n",
    );
    for (name, count) in names {
        let _ = writeln!(text, "{} = \"\" # {count}", toml::Value::from(name.as_str()));
    }
    text
}
