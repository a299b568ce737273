//! `obzor source test`: what a site's backends give, told to the person who connects them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};

use super::backend;
use crate::language::{Lang, Sentence, localized};
use crate::sentence;
use crate::source::{LOOKED_AT, Registry, Site, SourceTest, causes, plain, try_source};

/// Asks every source of a file once and prints what became of it; fails if one gave nothing. Names of municipalities that
/// the region does not have are written to `unknown_names`, to be completed as aliases.
pub fn run(path: &Path, unknown_names: Option<&Path>) -> Result<ExitCode> {
    let lang = Lang::of_environment();
    let text = crate::diagnostic::read_text(path).with_context(|| path.display().to_string())?;
    let in_wall = toml::from_str::<toml::Table>(&text).is_ok_and(|t| t.contains_key("viewing_distance_m"));
    let site = if in_wall {
        Site::in_wall(path, &text)?.with_context(|| sentence!("source-none").to(lang))?
    } else {
        Site::parse(path, &text)?
    };
    // What has no example ends in a blank.
    let said = |sentence: &Sentence| format!("  {}", sentence.to(lang).trim_end());
    let zone = site.zone();
    let registry = site.region.map(|region| Arc::new(Mutex::new(Registry::new(region, &site.aliases))));
    let runtime = backend::runtime()?;
    let mut failed = false;
    let mut lines: Vec<String> = Vec::new();
    for table in site.sources {
        lines.push(format!("{} ({}, {})", table.name, table.kind.name(), plain(&table.access.base)));
        let (native, brings_appeals) = (table.kind.name() == "native", table.kind.brings_appeals());
        match runtime.block_on(try_source(table, registry.clone(), zone.clone())) {
            Ok(test) => {
                failed |= test.came == 0 || (brings_appeals && !native && test.appeals == 0);
                lines.extend(report(&test, native, lang));
            }
            Err(error) => {
                lines.push(said(&sentence!("source-failed", why = localized(&causes(&error), lang))));
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
        lines.push(sentence!("source-names", file = file.display(), count = unknown.len()).to(lang));
    }
    // A reader who has seen enough closes the pipe: that is no fault.
    let _ = std::io::stdout().write_all((lines.join("\n") + "\n").as_bytes());
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What a source gave, a line for each thing that is to be known.
fn report(test: &SourceTest, native: bool, lang: Lang) -> Vec<String> {
    // What has no example ends in a blank.
    let said = |sentence: &Sentence| format!("  {}", sentence.to(lang).trim_end());
    let mut lines = Vec::new();
    let secs = test.took.as_secs_f64();
    lines.push(said(&sentence!("source-came", rows = test.came, secs = format!("{secs:.2}"))));
    if !test.filled.is_empty() {
        let looked = test.came.min(LOOKED_AT);
        let (never, some): (Vec<_>, Vec<_>) = test.filled.iter().partition(|(_, count)| *count == 0);
        let some = some.iter().map(|(place, count)| match *count {
            count if count == looked => place.clone(),
            count => sentence!("source-found-some", place = place, count = count, all = looked).to(lang),
        });
        lines.push(said(&sentence!("source-found", places = some.collect::<Vec<_>>().join(", "))));
        if !never.is_empty() {
            let never: Vec<&str> = never.iter().map(|(place, _)| place.as_str()).collect();
            lines.push(said(&sentence!("source-not-found", places = never.join(", "), all = looked)));
        }
    }
    if test.appeals > 0 || test.tables.is_empty() && !native {
        lines.push(said(&sentence!("source-appeals", count = test.appeals)));
    }
    for (name, records) in &test.tables {
        lines.push(said(&sentence!("source-table", name = name, count = records)));
    }
    let first = |example: &str| match example {
        "" => String::new(),
        example => sentence!("source-first", example = localized(example, lang)).to(lang),
    };
    for (reason, count, example) in test.refused.reasons() {
        lines.push(said(&sentence!(
            "source-set-aside",
            count = count,
            reason = localized(reason, lang),
            first = first(example)
        )));
    }
    for (reason, count, example) in test.noted.reasons() {
        lines.push(said(&sentence!(
            "source-taken",
            count = count,
            reason = localized(reason, lang),
            first = first(example)
        )));
    }
    for row in &test.rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.to(lang)).collect();
        lines.push(format!("  | {}", cells.join(" | ")));
    }
    if test.came == 0 {
        let instead = match &test.instead {
            Some(instead) => localized(instead, lang),
            None => sentence!("source-nothing-help").to(lang),
        };
        lines.push(said(&sentence!("source-nothing", instead = instead)));
    }
    lines
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
