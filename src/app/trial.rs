//! `obzor source test`: what a site's backends give, told to the person who connects them.

use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};

use super::backend;
use crate::source::{Registry, Site, try_source};

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
    for table in site.sources {
        println!("{} ({}, {})", table.name, table.kind.name(), table.access.base);
        let native = table.kind.name() == "native";
        match runtime.block_on(try_source(table, registry.clone(), zone.clone())) {
            Ok(trial) => {
                let secs = trial.took.as_secs_f64();
                println!(
                    "  came      {} rows in {secs:.2} s, {:.0} a second",
                    trial.came,
                    trial.came as f64 / secs.max(1e-6)
                );
                if trial.appeals > 0 || trial.tables.is_empty() && !native {
                    println!("  appeals   {}", trial.appeals);
                }
                trial.tables.iter().for_each(|(name, records)| println!("  table     {name}: {records} records"));
                for (reason, count, example) in trial.refused.reasons() {
                    println!("  set aside {count}: {reason} (the first: {example})");
                }
                trial.rows.iter().for_each(|row| println!("  | {}", row.join(" | ")));
                failed |= trial.came == 0;
            }
            Err(error) => {
                println!("  failed    {error}");
                failed = true;
            }
        }
    }
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
