//! `when` of slots and alarms: a signal, its band, and for how long it must hold.

use serde::Deserialize;
use toml::Spanned;

use super::{Band, Severity, Signal, When};
use crate::data::filter::FilterSpec;
use crate::data::measure::{Measure, Period};
use crate::diagnostic::{Diagnostic, SourceFile};
use crate::language::Sentence;
use crate::sentence;

/// A condition must hold for no longer than a day, in seconds.
pub const MAX_HOLD_SECS: f64 = 86_400.0;

/// `when`: what must hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhenTable {
    metric: Option<Measure>,
    period: Option<Period>,
    #[serde(default)]
    filter: FilterSpec,
    dataset: Option<String>,
    field: Option<String>,
    warnings: Option<FilterSpec>,
    alerts: Option<String>,
    severity: Option<Severity>,
    source: Option<String>,
    output: Option<String>,
    disk: Option<Disk>,
    above: Option<f64>,
    below: Option<f64>,
    clear: Option<f64>,
    #[serde(default)]
    for_secs: f64,
}

/// What is watched of a disk.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Disk {
    /// What is free, in MiB.
    FreeMib,
}

/// What must hold, and for how long, as a slot or an alarm says it.
///
/// # Errors
/// What is wrong, at its place.
pub fn read_when(file: SourceFile<'_>, written: &Spanned<WhenTable>) -> Result<When, Diagnostic> {
    let fault = |message: Sentence, help: Sentence| Err(file.fault_of(written, message, help));
    let table = written.get_ref();
    let signals = signals(table);
    let [signal] = signals.as_slice() else {
        return fault(sentence!("when-one"), sentence!("when-one-help"));
    };
    let signal = match signal {
        Ok(signal) => signal.clone(),
        Err(message) => return fault(message.clone(), sentence!("when-one-help")),
    };
    // What is counted from nothing on needs no band; how old something is falls to nothing at once.
    let counts = matches!(signal, Signal::Warnings(_) | Signal::Alerts { .. } | Signal::DarkOutputs(_));
    let is_age = matches!(signal, Signal::SourceAge(_));
    let above = table.above.or_else(|| (counts && table.below.is_none()).then_some(0.0));
    let band = match (above, table.below, table.clear.or(above.filter(|_| counts || is_age))) {
        (Some(above), None, Some(clear)) if clear <= above => Band::Above { above, clear },
        (None, Some(below), Some(clear)) if clear >= below => Band::Below { below, clear },
        (Some(_), Some(_), _) | (None, None, _) => {
            return fault(sentence!("when-side"), sentence!("when-side-help"));
        }
        (_, _, None) => return fault(sentence!("when-no-clear"), sentence!("when-no-clear-help")),
        _ => return fault(sentence!("when-wrong-clear"), sentence!("when-wrong-clear-help")),
    };
    let numbers = [Some(table.for_secs), above, table.below, table.clear];
    if !(0.0..=MAX_HOLD_SECS).contains(&table.for_secs) || numbers.into_iter().flatten().any(|n| !n.is_finite()) {
        return fault(sentence!("when-secs"), sentence!("when-secs-help"));
    }
    Ok(When { signal, band, rise_after_millis: (table.for_secs * 1000.0) as i64, clear_after_millis: 0 })
}

/// Each thing that is named to be watched.
fn signals(table: &WhenTable) -> Vec<Result<Signal, Sentence>> {
    let mut named: Vec<Result<Signal, Sentence>> = Vec::new();
    if let Some(measure) = table.metric {
        let filter = table.filter.clone();
        let period = table.period.or_else(|| measure.is_stock().then_some(Period::Now));
        named.push(match period {
            Some(period) => Ok(Signal::Metric { measure, period, filter }),
            None => Err(sentence!("when-no-period")),
        });
    }
    if let Some(dataset) = table.dataset.clone() {
        let field = table.field.clone().unwrap_or_else(|| "value".to_owned());
        named.push(Ok(Signal::Table { dataset, field }));
    }
    named.extend(table.warnings.clone().map(|filter| Ok(Signal::Warnings(filter))));
    if let Some(dataset) = table.alerts.clone() {
        named.push(Ok(Signal::Alerts { dataset, severity: table.severity.unwrap_or(Severity::Unknown) }));
    }
    named.extend(table.source.clone().map(|name| Ok(Signal::SourceAge(name))));
    named.extend(table.output.clone().map(|name| Ok(Signal::DarkOutputs(Some(name).filter(|name| name != "any")))));
    named.extend(table.disk.as_ref().map(|Disk::FreeMib| Ok(Signal::FreeDisk)));
    named
}
