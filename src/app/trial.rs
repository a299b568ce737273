//! `obzor source test`: what a site's backends give, told to the person who connects them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};

use super::backend;
use crate::source::{LOOKED_AT, Registry, Site, causes, plain, try_source};

/// Asks every source of a file once and prints what became of it; fails if one gave nothing.
pub fn run(path: &Path) -> Result<ExitCode> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
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
                for (reason, count, example) in trial.refused.reasons() {
                    let _ = writeln!(out, "  set aside {count}: {reason} (the first: {example})");
                }
                for (reason, count, example) in trial.noted.reasons() {
                    let _ = writeln!(out, "  taken     {count}, but {reason} (the first: {example})");
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
    // A reader who has seen enough closes the pipe: that is no fault.
    let _ = std::io::stdout().write_all(out.as_bytes());
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
