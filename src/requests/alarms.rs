//! Alarms, as they are told.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::alarm::{Acknowledged, Alarm, Alarms, Priority, Rule, Shelf, Stands};
use crate::clock::Moment;
use crate::data::region::Dictionaries;
use crate::language::{Lang, Language};

/// All alarms of a wall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlarmsView {
    /// Those that stand, the highest and then the oldest first; then all others, in the order of the file.
    pub alarms: Vec<AlarmView>,
    /// Since when more rise than anybody can answer, in milliseconds since 1970; none where that is not so.
    pub flood_since_millis: Option<i64>,
}

/// An alarm, as it is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlarmView {
    /// The name of its rule.
    pub name: String,
    /// What it tells people.
    pub title: String,
    /// What is to be done.
    pub action: String,
    /// How much it disturbs.
    pub priority: Priority,
    /// Where it stands.
    pub stands: Stands,
    /// When it rose, in milliseconds since 1970.
    pub risen_millis: Option<i64>,
    /// The number with which it rose.
    pub value: Option<f64>,
    /// Why it rose; where it has not, when it would.
    pub because: String,
    /// Who has it.
    pub acknowledged: Option<Acknowledged>,
    /// For how long it disturbs nobody.
    pub shelf: Option<Shelf>,
    /// Whether it rose first of those that stand.
    pub is_first: bool,
    /// Whether nobody knows the number that it watches.
    pub is_unknown: bool,
}

impl AlarmsView {
    /// The alarms of some rules at `now`, in a language.
    pub fn new(rules: &[Rule], alarms: &Alarms, lang: Lang, dictionaries: Option<&Dictionaries>, now: Moment) -> Self {
        let language = Language::new(lang);
        let first = alarms.first_out();
        let none = |rule: &Rule| Alarm::of(rule);
        let view = |rule: &Rule| {
            let alarm = alarms.by_name.get(&rule.name).cloned().unwrap_or_else(|| none(rule));
            let because = match alarm.risen_millis.filter(|_| alarm.is_standing()) {
                Some(_) => rule.when.words(alarm.value, &language, dictionaries),
                None => rule.when.words(None, &language, dictionaries),
            };
            AlarmView {
                name: rule.name.clone(),
                title: rule.title.in_lang(lang).to_owned(),
                action: rule.action.in_lang(lang).to_owned(),
                priority: rule.priority,
                stands: alarm.stands,
                risen_millis: alarm.risen_millis.filter(|_| alarm.is_standing()),
                value: alarm.value,
                because,
                acknowledged: alarm.acknowledged.clone(),
                shelf: alarm.shelf.clone().filter(|_| alarm.is_shelved(now)),
                is_first: first == Some(rule.name.as_str()),
                is_unknown: alarms.watch.unknown.contains(&rule.name),
            }
        };
        let standing: Vec<&str> = alarms.standing().into_iter().map(|(name, _)| name).collect();
        let place = |rule: &&Rule| standing.iter().position(|name| *name == rule.name).unwrap_or(usize::MAX);
        let mut sorted: Vec<&Rule> = rules.iter().collect();
        sorted.sort_by_key(place);
        Self { alarms: sorted.into_iter().map(view).collect(), flood_since_millis: alarms.flood_since_millis }
    }
}
