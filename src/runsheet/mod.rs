//! Run sheets: the rehearsed steps of a visit, what is said at each, and how long it takes.

mod plan;

use std::path::{Path, PathBuf};

use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use utoipa::ToSchema;

pub use plan::{CatchUp, Offer, Shorten};

use crate::clock::Moment;
use crate::diagnostic::{self, Diagnostic, SourceFile};
use crate::language::LocalizedText;
use crate::language::Sentence;
use crate::map::Target;
use crate::sentence;

/// Speaking rate, calm and to an audience, in words per minute.
const WORDS_A_MINUTE: f64 = 120.0;

/// How one step gives way to the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Advance {
    /// When the speaker says so.
    #[default]
    ByHand,
    /// When its time is over; after the last comes the first.
    ByTime,
}

/// A step: what is on the wall, and what is said to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What the speaker calls it.
    pub title: LocalizedText,
    /// The layout: a built-in name, NAME/PRESET, or a file; none for the one that suits the wall's shape.
    pub layout: Option<String>,
    /// How long it is to last, in seconds.
    pub secs: f64,
    /// How long it lasts at least where a visit is late, in seconds; none where it is not shortened.
    pub min_secs: Option<f64>,
    /// Whether it may be left out where a visit is late.
    pub may_skip: bool,
    /// What maps are to look at.
    pub look: Option<Target>,
    /// What is said.
    pub notes: LocalizedText,
    /// Where the file speaks of it, in bytes.
    pub source: std::ops::Range<usize>,
}

/// A run sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSheet {
    /// Its name.
    pub title: LocalizedText,
    /// How its steps give way.
    pub advance: Advance,
    /// The civil time in the region at which a visit is to end, whenever it began; none for as long as was rehearsed.
    pub fixed_end: Option<Time>,
    /// One after the other; at least one.
    pub steps: Vec<Step>,
    /// The file it came from.
    pub path: PathBuf,
    /// The text of that file.
    pub text: String,
}

/// Where a visit is: which step, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// The number of the step, from 0.
    pub step: usize,
    /// When it began, in milliseconds since 1970.
    pub began_millis: i64,
    /// When the visit began, in milliseconds since 1970: with its first step; none where it began with another one.
    #[serde(default)]
    pub visit_began_millis: Option<i64>,
    /// For how long in all the visit was elsewhere, in milliseconds: that is counted apart.
    #[serde(default)]
    pub detour_millis: i64,
    /// Since when it is elsewhere, in milliseconds since 1970; none while it is at its step.
    #[serde(default)]
    pub detour_since_millis: Option<i64>,
}

impl At {
    /// At a step that begins at `now`.
    pub fn begun(step: usize, now: Moment, visit_began_millis: Option<i64>) -> Self {
        Self { step, began_millis: now.0, visit_began_millis, detour_millis: 0, detour_since_millis: None }
    }

    /// The moment at which the step's clock stands at `now`: it stands still while the visit is elsewhere.
    pub fn clock(self, now: Moment) -> Moment {
        self.detour_since_millis.map_or(now, |since| now.min(Moment(since)))
    }

    /// The same when it is back from elsewhere, at `now`: its step, and the visit, began later by as much.
    #[must_use]
    pub fn returned(self, now: Moment) -> Self {
        let Some(since) = self.detour_since_millis else { return self };
        let away = now.0.saturating_sub(since).max(0);
        Self {
            began_millis: self.began_millis.saturating_add(away),
            visit_began_millis: self.visit_began_millis.map(|began| began.saturating_add(away)),
            detour_millis: self.detour_millis.saturating_add(away),
            detour_since_millis: None,
            ..self
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: LocalizedText,
    #[serde(default)]
    advance: Advance,
    fixed_end: Option<Spanned<String>>,
    #[serde(default)]
    step: Vec<Spanned<StepTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepTable {
    title: LocalizedText,
    #[serde(default)]
    layout: Option<Spanned<String>>,
    secs: f64,
    min_secs: Option<f64>,
    #[serde(default)]
    may_skip: bool,
    #[serde(default)]
    look: Option<Target>,
    #[serde(default)]
    notes: LocalizedText,
}

/// The run sheets that come with the program.
pub const BUILT_IN: &[(&str, &str)] =
    &[("governors-visit", include_str!("../../layouts/run-sheets/governors-visit.toml"))];

/// Whether a file's text is meant as a run sheet.
pub fn is_meant(text: &str) -> bool {
    toml::from_str::<toml::Table>(text).is_ok_and(|table| table.contains_key("step"))
}

/// Why there is no such run sheet.
#[derive(Debug, thiserror::Error)]
pub enum RunSheetError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is wrong.
    #[error(transparent)]
    Wrong(Box<Diagnostic>),
    /// There is none of this name.
    #[error("there is no run sheet `{name}`; {help}")]
    Unknown {
        /// The name.
        name: String,
        /// The nearest one, or all.
        help: Sentence,
    },
}

/// A run sheet by the name of one that comes with the program, or by the path of its file.
///
/// # Errors
/// When there is none, or it is wrong.
pub fn load(name: &str) -> Result<RunSheet, RunSheetError> {
    let (path, text) = if name.contains(".toml") {
        let path = PathBuf::from(name);
        let text = crate::diagnostic::read_text(&path)
            .map_err(|source| RunSheetError::Unreadable { path: path.clone(), source })?;
        (path, text)
    } else {
        let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) else {
            let help = diagnostic::expected(name, BUILT_IN.iter().map(|(name, _)| *name));
            return Err(RunSheetError::Unknown { name: name.to_owned(), help });
        };
        (PathBuf::from(format!("layouts/run-sheets/{name}.toml")), (*text).to_owned())
    };
    parse(&path, &text).map_err(|fault| RunSheetError::Wrong(Box::new(fault)))
}

/// Judges the text of a run sheet. Layout files are named relative to its folder.
///
/// # Errors
/// What is wrong, at its place.
pub fn parse(path: &Path, text: &str) -> Result<RunSheet, Diagnostic> {
    let file: File = diagnostic::parse(path, text).map_err(|fault| fault.of_other_kind(text, "run sheet"))?;
    let own = SourceFile { path, text };
    let mut steps = Vec::new();
    for entry in file.step {
        let source = entry.span();
        let fault = |message: Sentence, help: Sentence| Err(own.fault(source.clone(), message, help));
        let table = entry.into_inner();
        if !(3.0..=3600.0).contains(&table.secs) {
            return fault(sentence!("visit-secs", secs = table.secs), sentence!("visit-secs-help"));
        }
        if table.min_secs.is_some_and(|least| !(3.0..=table.secs).contains(&least)) {
            return fault(sentence!("visit-min-secs", secs = table.secs), sentence!("visit-min-secs-help"));
        }
        let said = spoken_secs(&table.notes);
        if said > 1.15 * table.secs {
            return fault(
                sentence!("visit-notes", said = said.round(), secs = table.secs.round()),
                sentence!("visit-notes-help"),
            );
        }
        // What is wrong with its layout is said where the layout is named.
        let source = table.layout.as_ref().map_or(source.clone(), Spanned::span);
        let layout = table.layout.as_ref().map(|name| own.layout_name(name.get_ref()));
        let StepTable { title, secs, min_secs, may_skip, look, notes, .. } = table;
        steps.push(Step { title, layout, secs, min_secs, may_skip, look, notes, source });
    }
    if steps.is_empty() {
        return Err(own.fault(0..0, sentence!("visit-empty"), sentence!("visit-empty-help")));
    }
    let fixed_end = file.fixed_end.map(|written| {
        Time::strptime("%H:%M", written.get_ref()).map_err(|_| {
            let message = sentence!("schedule-time", text = written.get_ref());
            own.fault_of(&written, message, sentence!("visit-end-help"))
        })
    });
    Ok(RunSheet {
        title: file.title,
        advance: file.advance,
        fixed_end: fixed_end.transpose()?,
        steps,
        path: path.to_owned(),
        text: text.to_owned(),
    })
}

/// Seconds that it takes to read the notes aloud in the longer of the two languages.
fn spoken_secs(notes: &LocalizedText) -> f64 {
    let words = match notes {
        LocalizedText::Once(text) => text.split_whitespace().count(),
        LocalizedText::Each { ru, en } => ru.split_whitespace().count().max(en.split_whitespace().count()),
    };
    words as f64 * 60.0 / WORDS_A_MINUTE
}

impl RunSheet {
    /// The step after one, or before it, that a plan does not leave out; a visit neither runs over its end nor back over its
    /// beginning by hand.
    pub fn neighbour(&self, step: usize, forward: bool, plan: &CatchUp) -> usize {
        let last = self.steps.len() - 1;
        let is_there = |step: &usize| !plan.skips(*step);
        let found = if forward { (step + 1..=last).find(is_there) } else { (0..step.min(last)).rev().find(is_there) };
        found.unwrap_or(step.min(last))
    }

    /// When the step that is shown gives way by itself, and to which.
    pub fn next_by_time(&self, at: At, plan: &CatchUp) -> Option<(Moment, usize)> {
        if self.advance != Advance::ByTime || self.steps.len() < 2 || at.detour_since_millis.is_some() {
            return None;
        }
        // A step that a shorter sheet no longer has gives way at once.
        let secs = self.steps.get(at.step).map_or(0.0, |step| plan.secs_of(at.step, step.secs));
        let next = (at.step + 1..self.steps.len()).find(|step| !plan.skips(*step)).unwrap_or(0);
        Some((Moment(at.began_millis).plus_millis((secs * 1000.0) as i64), next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "title = \"Визит\"\nadvance = \"by-time\"\n[[step]]\ntitle = \"Раз\"\nlayout = \"overview\"\nsecs = 20\n\
                       notes = \"Здравствуйте.\"\n[[step]]\ntitle = \"Два\"\nlayout = \"own.toml\"\nsecs = 30.5\n\
                       look = { municipality = \"Ключевск\" }\n";

    #[test]
    fn a_visit_is_behind_by_what_its_steps_took_longer() {
        let sheet = parse(Path::new("visit.toml"), TWO).unwrap();
        let at = |step, began, visit| At::begun(step, Moment(began), visit);
        let none = CatchUp::default();
        let behind = |at, now| sheet.behind_secs(at, &none, &jiff::tz::TimeZone::UTC, Moment(now));
        assert_eq!(behind(at(0, 1000, Some(1000)), 16_000), Some(0.0));
        assert_eq!(behind(at(0, 1000, Some(1000)), 31_000), Some(10.0), "the first step lasts 20 s");
        assert_eq!(behind(at(1, 11_000, Some(1000)), 12_000), Some(-10.0), "it was turned after 10 s");
        assert_eq!(behind(at(1, 91_000, Some(1000)), 92_000), Some(70.0));
        assert_eq!(behind(at(1, 91_000, None), 92_000), None);
    }

    #[test]
    fn steps_follow_one_another() {
        let mut sheet = parse(Path::new("visits/v.toml"), TWO).unwrap();
        let none = CatchUp::default();
        assert_eq!(sheet.steps[1].layout.as_deref(), Some("visits/own.toml"));
        assert_eq!(
            [sheet.neighbour(0, false, &none), sheet.neighbour(0, true, &none), sheet.neighbour(1, true, &none)],
            [0, 1, 1]
        );
        let at = |step| At::begun(step, Moment(1000), None);
        assert_eq!(sheet.next_by_time(at(0), &none), Some((Moment(21_000), 1)));
        assert_eq!(sheet.next_by_time(at(1), &none), Some((Moment(31_500), 0)));
        assert_eq!(sheet.next_by_time(at(5), &none), Some((Moment(1000), 0)), "the sheet was shortened");
        sheet.advance = Advance::ByHand;
        assert_eq!(sheet.next_by_time(at(0), &none), None);
    }

    #[test]
    fn faults_are_named_at_their_step() {
        let long = format!(
            "title = \"В\"\n[[step]]\ntitle = \"Раз\"\nlayout = \"overview\"\nsecs = 10\nnotes = \"{}\"\n",
            "слово ".repeat(60)
        );
        for (text, line, message) in [
            ("title = \"Визит\"\n".to_owned(), 1, "at least one"),
            (TWO.replace("secs = 20", "secs = 2"), 3, "cannot last 2"),
            (TWO.replace("secs = 20", "sec = 20"), 6, "unknown key `sec`"),
            (TWO.replace("secs = 20", "secs = 20\nmin_secs = 21"), 3, "shortened"),
            (TWO.replace("advance", "fixed_end = \"11\"\nadvance"), 2, "no time of day"),
            (long, 2, "take about 30 seconds"),
        ] {
            let fault = parse(Path::new("v.toml"), &text).expect_err(message);
            assert!(fault.message.contains(message) && fault.line == line, "{fault}");
        }
        assert!(is_meant(TWO) && !is_meant("name = \"a\""));
    }

    #[test]
    fn those_that_come_with_the_program_are_sound() {
        for (name, text) in BUILT_IN {
            let sheet = parse(Path::new(name), text).unwrap_or_else(|fault| panic!("{fault}"));
            assert!(sheet.steps.iter().all(|step| matches!(step.notes, LocalizedText::Each { .. })), "{name}");
        }
    }
}
