//! `[[alarm]]` of `operation.toml`.

use serde::Deserialize;
use toml::Spanned;

use super::{NoData, Priority, Rule, Takeover};
use crate::diagnostic::{Diagnostic, SourceFile};
use crate::language::{LocalizedText, Sentence};
use crate::map::Target;
use crate::sentence;
use crate::signal::{MAX_HOLD_SECS, WhenTable, read_when};

/// A takeover without an end of its own lasts no longer than this, in seconds.
const DEFAULT_TAKEOVER_SECS: f64 = 900.0;
/// A takeover lasts from 10 seconds to 8 hours.
const TAKEOVER_SECS: std::ops::RangeInclusive<f64> = 10.0..=28_800.0;
/// An alarm is told again after a minute at the soonest.
const LEAST_REPEAT_SECS: f64 = 60.0;
/// What nobody knows is an alarm after a minute at the soonest: a wall that has just started knows nothing yet.
const LEAST_NO_DATA_SECS: f64 = 60.0;

/// `[[alarm]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmTable {
    name: Spanned<String>,
    title: LocalizedText,
    when: Spanned<WhenTable>,
    #[serde(default)]
    after_secs: f64,
    #[serde(default)]
    clear_after_secs: f64,
    priority: Priority,
    takeover: Option<Spanned<TakeoverTable>>,
    action: Option<LocalizedText>,
    repeat_after_secs: Option<f64>,
    #[serde(default)]
    no_data: NoData,
    #[serde(default)]
    notify: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TakeoverTable {
    layout: Spanned<String>,
    look: Option<Target>,
    at_most_secs: Option<f64>,
}

/// Judges the alarms of a file. Layout files are named relative to its folder; who is told must be among `known`.
///
/// # Errors
/// What is wrong, at its place.
pub fn read_alarms(
    file: SourceFile<'_>,
    tables: Vec<Spanned<AlarmTable>>,
    known: &[&str],
) -> Result<Vec<Rule>, Diagnostic> {
    let mut rules: Vec<Rule> = Vec::new();
    for table in tables {
        let source = table.span();
        let rule = rule(file, table.into_inner(), source, known)?;
        if rules.iter().any(|other| other.name == rule.name) {
            let message = sentence!("alarm-same-name", name = rule.name);
            return Err(file.fault(rule.source, message, sentence!("alarm-same-name-help")));
        }
        rules.push(rule);
    }
    Ok(rules)
}

fn rule(
    file: SourceFile<'_>,
    table: AlarmTable,
    source: std::ops::Range<usize>,
    known: &[&str],
) -> Result<Rule, Diagnostic> {
    let own = |message: Sentence, help: Sentence| file.fault_of(&table.name, message, help);
    if table.name.get_ref().trim().is_empty() {
        return Err(own(sentence!("alarm-no-name"), sentence!("alarm-no-name-help")));
    }
    // Whoever is called must know what to do.
    let Some(action) = table.action.clone().filter(|action| !action.is_empty()) else {
        return Err(own(sentence!("alarm-no-action"), sentence!("alarm-no-action-help")));
    };
    let mut when = read_when(file, &table.when)?;
    if when.rise_after_millis != 0 {
        return Err(file.fault(table.when.span(), sentence!("alarm-for-secs"), sentence!("alarm-for-secs-help")));
    }
    let is_hold = |secs: f64| (0.0..=MAX_HOLD_SECS).contains(&secs);
    let is_repeat = table.repeat_after_secs.is_none_or(|secs| (LEAST_REPEAT_SECS..=MAX_HOLD_SECS).contains(&secs));
    if !is_hold(table.after_secs) || !is_hold(table.clear_after_secs) || !is_repeat {
        return Err(own(sentence!("alarm-secs"), sentence!("alarm-secs-help")));
    }
    if table.no_data == NoData::Alarm && table.after_secs < LEAST_NO_DATA_SECS {
        return Err(own(sentence!("alarm-no-data"), sentence!("alarm-no-data-help")));
    }
    let millis = |secs: f64| (secs * 1000.0) as i64;
    (when.rise_after_millis, when.clear_after_millis) = (millis(table.after_secs), millis(table.clear_after_secs));
    let takeover = match (table.takeover, table.priority) {
        (Some(takeover), Priority::High) => {
            let span = takeover.span();
            let takeover = takeover.into_inner();
            let secs = takeover.at_most_secs.unwrap_or(DEFAULT_TAKEOVER_SECS);
            if !TAKEOVER_SECS.contains(&secs) {
                return Err(file.fault(span, sentence!("alarm-takeover-secs"), sentence!("alarm-takeover-secs-help")));
            }
            let (source, layout) = (takeover.layout.span(), file.layout_name(takeover.layout.get_ref()));
            Some(Takeover { layout, look: takeover.look, at_most_millis: millis(secs), source })
        }
        (None, Priority::High) => {
            return Err(own(sentence!("alarm-no-takeover"), sentence!("alarm-no-takeover-help")));
        }
        (Some(takeover), Priority::Middle | Priority::Low) => {
            return Err(file.fault(takeover.span(), sentence!("alarm-takeover"), sentence!("alarm-takeover-help")));
        }
        (None, Priority::Middle | Priority::Low) => None,
    };
    if let Some(unknown) = table.notify.iter().find(|name| !known.contains(&name.get_ref().as_str())) {
        let message = sentence!("alarm-notify", name = unknown.get_ref());
        let help = crate::diagnostic::expected(unknown.get_ref(), known.iter().copied());
        return Err(file.fault(unknown.span(), message, help));
    }
    Ok(Rule {
        name: table.name.get_ref().trim().to_owned(),
        title: table.title,
        when,
        priority: table.priority,
        takeover,
        action,
        repeat_after_millis: table.repeat_after_secs.map(millis),
        no_data: table.no_data,
        notify: table.notify.into_iter().map(Spanned::into_inner).collect(),
        source,
    })
}
