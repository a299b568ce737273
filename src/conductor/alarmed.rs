//! What alarms put on the wall, and who is told of them.

use uuid::Uuid;

use super::order::{Order, Refusal};
use super::record::Origin;
use super::{Conductor, Via};
use crate::alarm::{
    Alarm, Alarms, FLOOD_RISES, MAX_SHELF_SECS, Notice, Priority, Rule, Told, Watch, acknowledge, note_rise, shelve,
    step, takeover, unshelve,
};
use crate::clock::Moment;
use crate::data::Revision;
use crate::diagnostic;
use crate::language::Language;
use crate::signal::Surroundings;
use crate::state::{AlarmChange, Claim, Command, Layer};

/// Notices that nobody has fetched; more are dropped.
const MAX_NOTICES: usize = 256;
/// An alarm is shelved for a minute at least, in seconds.
const LEAST_SHELF_SECS: f64 = 60.0;

/// The rules of a wall, and what is to be told of them.
#[derive(Default)]
pub(super) struct Alarmed {
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
    notices: Vec<Notice>,
}

impl Conductor {
    /// The rules.
    pub fn alarm_rules(&self) -> &[Rule] {
        &self.alarmed.rules
    }

    /// What is to be told to those who are off duty.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.alarmed.notices)
    }

    /// Goes on with every alarm, and gives the wall to the one that takes it over.
    pub(super) fn watch_alarms(&mut self, around: Surroundings<'_>, looks: bool, now: Moment) {
        if self.alarmed.rules.is_empty() && self.state.alarms == Alarms::default() {
            return;
        }
        if looks {
            self.step_alarms(around, now);
        }
        self.settle_takeover(around.revision, now);
    }

    fn step_alarms(&mut self, around: Surroundings<'_>, now: Moment) {
        let rules = std::mem::take(&mut self.alarmed.rules);
        let mut changes: Vec<AlarmChange> = Vec::new();
        let mut told: Vec<(usize, Told)> = Vec::new();
        let mut watch = Watch { rules: rules.len(), unknown: Vec::new() };
        for (index, rule) in rules.iter().enumerate() {
            let value = rule.when.signal.read(around, now);
            if value.is_none() {
                watch.unknown.push(rule.name.clone());
            }
            let known = self.state.alarms.by_name.get(&rule.name);
            let before = known.cloned().unwrap_or_else(|| Alarm::of(rule));
            let (mut next, heard) = step(&before, rule, value, now);
            if next.is_standing() && (next.risen_millis != before.risen_millis || next.because.is_empty()) {
                next.because = self.because(rule, next.value, around.revision);
            }
            told.extend(heard.map(|heard| (index, heard)));
            if next != before || known.is_none() != is_quiet(&next) {
                changes.push((rule.name.clone(), (!is_quiet(&next)).then(|| Box::new(next))));
            }
        }
        let gone = self.state.alarms.by_name.keys().filter(|name| rules.iter().all(|rule| rule.name != **name));
        changes.extend(gone.map(|name| (name.clone(), None)));
        changes.retain(|(name, next)| self.state.alarms.by_name.get(name) != next.as_deref());
        let rises = told.iter().filter(|(_, told)| *told == Told::Rose).count();
        let mut after = self.state.alarms.clone();
        let flood_begins = note_rise(&mut after, rises, now);
        let flood = self.state.alarms.flood_since_millis;
        let flood_changes = after.flood_since_millis != flood;
        if !changes.is_empty() || flood_changes || watch != self.state.alarms.watch {
            let command = Command::Alarms { alarms: changes, rises, watch: Some(watch) };
            self.carry_out(command, Origin::program(Via::Alarm), now);
        }
        for (index, told) in told {
            self.tell(&rules[index], told, flood_begins || flood.is_some(), now);
        }
        if flood_begins {
            self.tell_flood(&rules, now);
        }
        // What rose during a flood, and still waits for somebody, is told when it is over.
        if let (Some(since), None) = (flood, self.state.alarms.flood_since_millis) {
            let waits = |rule: &&Rule| {
                let alarm = self.state.alarms.by_name.get(&rule.name);
                alarm.is_some_and(|alarm| alarm.calls(now) && alarm.risen_millis >= Some(since))
            };
            let waiting: Vec<Rule> = rules.iter().filter(waits).cloned().collect();
            waiting.iter().for_each(|rule| self.tell(rule, Told::Rose, false, now));
        }
        self.alarmed.rules = rules;
    }

    /// Why a rule has risen, in the wall's words.
    fn because(&self, rule: &Rule, value: Option<f64>, revision: &Revision) -> String {
        let own = revision.snapshot.region.as_ref().map(|region| &region.dictionaries);
        let called = own.map(|dictionaries| dictionaries.called_in(self.state.lang.code()));
        rule.when.words(value, &Language::new(self.state.lang), called.as_deref())
    }

    /// Gives the wall to the alarm that takes it over, or takes it back.
    pub(super) fn settle_takeover(&mut self, revision: &Revision, now: Moment) {
        let wanted = takeover(&self.alarmed.rules, &self.state.alarms, now).cloned();
        let has_it = self.state.claim(Layer::Alarm).filter(|claim| !claim.has_ended(now)).map(|claim| claim.by.clone());
        let alarm = wanted.as_ref().and_then(|rule| self.state.alarms.by_name.get(&rule.name).cloned());
        match (wanted, alarm, has_it) {
            (Some(rule), Some(alarm), has_it) => {
                if has_it.as_ref() == Some(&rule.name) && alarm.taken_millis.is_some() {
                    return;
                }
                let taken = Alarm { taken_millis: Some(alarm.taken_millis.unwrap_or(now.0)), ..alarm };
                let Some(claim) = self.takeover_claim(&rule, &taken, revision, now) else { return };
                let alarms = vec![(rule.name.clone(), Some(Box::new(taken)))];
                let command = Command::Alarms { alarms, rises: 0, watch: None };
                self.carry_out(command, Origin::program(Via::Alarm), now);
                self.carry_out(Command::Claim { claim }, Origin::program(Via::Alarm), now);
            }
            (_, _, Some(_)) => {
                self.carry_out(Command::Withdraw { layer: Layer::Alarm }, Origin::program(Via::Alarm), now);
            }
            (_, _, None) => {}
        }
    }

    fn takeover_claim(&self, rule: &Rule, alarm: &Alarm, revision: &Revision, now: Moment) -> Option<Claim> {
        let takeover = rule.takeover.as_ref()?;
        let title = alarm.title.in_lang(self.state.lang);
        Some(Claim {
            layer: Layer::Alarm,
            by: rule.name.clone(),
            show: Some(self.show_of(&takeover.layout, takeover.look.as_ref(), revision)?),
            reason: Some(format!("{title}. {}", alarm.because)),
            since_millis: now.0,
            until_millis: Some(alarm.taken_millis.unwrap_or(now.0).saturating_add(takeover.at_most_millis)),
        })
    }

    /// Tells those who are off duty; during a flood each by itself is not told.
    fn tell(&mut self, rule: &Rule, told: Told, is_flood: bool, now: Moment) {
        let is_flood = is_flood || self.state.alarms.flood_since_millis.is_some();
        // The summary stands for each of them.
        if rule.notify.is_empty() || is_flood {
            return;
        }
        let lang = self.state.lang;
        let because = self.state.alarms.by_name.get(&rule.name).map_or_else(String::new, |a| a.because.clone());
        self.push_notice(Notice {
            id: Uuid::now_v7(),
            at_millis: now.0,
            alarm: rule.name.clone(),
            told,
            title: rule.title.in_lang(lang).to_owned(),
            because,
            action: rule.action.in_lang(lang).to_owned(),
            priority: rule.priority,
            to: rule.notify.clone(),
        });
    }

    /// Tells everybody once that more rises than can be told.
    fn tell_flood(&mut self, rules: &[Rule], now: Moment) {
        let mut to: Vec<String> = rules.iter().flat_map(|rule| rule.notify.clone()).collect();
        to.sort();
        to.dedup();
        let language = Language::new(self.state.lang);
        let standing = self.state.alarms.standing();
        let titles: Vec<&str> = standing.iter().map(|(_, alarm)| alarm.title.in_lang(self.state.lang)).collect();
        let notice = Notice {
            id: Uuid::now_v7(),
            at_millis: now.0,
            alarm: "flood".to_owned(),
            told: Told::Flood,
            title: language.message("alarms-flood"),
            because: titles.into_iter().take(FLOOD_RISES).collect::<Vec<_>>().join("; "),
            action: language.message("alarms-flood-action"),
            priority: Priority::High,
            to,
        };
        if !notice.to.is_empty() {
            self.push_notice(notice);
        }
    }

    fn push_notice(&mut self, notice: Notice) {
        if self.alarmed.notices.len() < MAX_NOTICES {
            self.alarmed.notices.push(notice);
        } else {
            tracing::error!(alarm = notice.alarm, "a notice is dropped: nobody fetches them");
        }
    }

    /// When an alarm goes on by itself.
    pub(super) fn next_alarm(&self) -> Option<Moment> {
        let of = |rule: &Rule| self.state.alarms.by_name.get(&rule.name)?.next_change(rule);
        self.alarmed.rules.iter().filter_map(of).min()
    }

    /// What it means to take an alarm.
    pub(super) fn acknowledge(&self, name: &str, order: &Order, now: Moment) -> Result<Command, Refusal> {
        let alarm = self.alarm_of(name)?;
        let by = &order.by.name;
        let next = alarm.and_then(|alarm| acknowledge(&alarm, by, order.reason.clone(), now));
        next.map(|next| only(name, next)).ok_or(Refusal::NothingToAcknowledge)
    }

    /// What it means to shelve an alarm.
    pub(super) fn shelve(&self, name: &str, secs: f64, order: &Order, now: Moment) -> Result<Command, Refusal> {
        let reason = super::scheduled::reason_of(order)?;
        if !(LEAST_SHELF_SECS..=MAX_SHELF_SECS).contains(&secs) {
            return Err(Refusal::NoSuchShelf);
        }
        let alarm = self.alarm_of(name)?;
        let rule = self.alarmed.rules.iter().find(|rule| rule.name == name);
        let alarm = alarm.or_else(|| rule.map(Alarm::of)).ok_or(Refusal::NothingToAcknowledge)?;
        Ok(only(name, shelve(&alarm, &order.by.name, reason, (secs * 1000.0) as i64, now)))
    }

    /// What it means to end a shelf.
    pub(super) fn unshelve(&self, name: &str, now: Moment) -> Result<Command, Refusal> {
        let next = self.alarm_of(name)?.and_then(|alarm| unshelve(&alarm, now));
        next.map(|next| only(name, next)).ok_or(Refusal::NotShelved)
    }

    /// The alarm of a rule; none while nothing is known of it.
    fn alarm_of(&self, name: &str) -> Result<Option<Alarm>, Refusal> {
        let rules = &self.alarmed.rules;
        if rules.iter().any(|rule| rule.name == name) {
            return Ok(self.state.alarms.by_name.get(name).cloned());
        }
        let help = diagnostic::expected(name, rules.iter().map(|rule| rule.name.as_str()));
        Err(Refusal::NoSuchAlarm { name: name.to_owned(), help })
    }
}

fn only(name: &str, alarm: Alarm) -> Command {
    Command::Alarms { alarms: vec![(name.to_owned(), Some(Box::new(alarm)))], rises: 0, watch: None }
}

/// Whether nothing of an alarm is worth keeping.
fn is_quiet(alarm: &Alarm) -> bool {
    alarm.stands == crate::alarm::Stands::Normal && alarm.latch == crate::signal::Latch::Off && alarm.shelf.is_none()
}
