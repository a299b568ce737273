//! What the schedule puts on the wall: when its hour comes, or its condition holds.

use jiff::tz::TimeZone;

use super::record::Origin;
use super::{Conductor, Order, Refusal, Via};
use crate::clock::Moment;
use crate::data::Revision;
use crate::diagnostic;
use crate::layout::LayoutRef;
use crate::schedule::{Airing, Hold, Schedule, Skip};
use crate::signal::{Latch, Signal, Surroundings};
use crate::state::{Claim, Command, Layer};

/// A slot that begins so soon after somebody has shown something by hand does not end it, in milliseconds.
const LEAST_HAND_MILLIS: i64 = 60_000;
/// What does not change for a week is decided anew after a day, in milliseconds.
const DAY_MILLIS: i64 = 86_400_000;

/// The schedule of a wall, and what was last decided by it.
#[derive(Default)]
pub struct Scheduled {
    /// The schedule.
    pub schedule: Schedule,
    /// Until when the last decision holds, if nothing else changes; none where it must be decided anew.
    holds_until: Option<Moment>,
    /// The zone that it was decided in.
    zone: Option<TimeZone>,
    /// Version of the state that the last decision was carried out in.
    decided: u64,
}

impl Scheduled {
    /// A schedule by which nothing was decided yet.
    pub(super) fn new(schedule: Schedule) -> Self {
        Self { schedule, ..Self::default() }
    }

    /// The zone of the schedule's civil times: its own, or the region's; none before either is known.
    pub fn zone(&self, revision: &Revision) -> Option<TimeZone> {
        let own = self.schedule.calendar.time_zone.clone();
        let name = || Some(&revision.snapshot.region.as_ref()?.dictionaries.time_zone);
        own.or_else(|| TimeZone::get(name()?).ok())
    }
}

impl Conductor {
    /// The schedule.
    pub fn schedule(&self) -> &Scheduled {
        &self.scheduled
    }

    /// What rules watch.
    pub fn signals(&self) -> Vec<Signal> {
        let slots = self.scheduled.schedule.slots.iter().filter_map(|slot| slot.when.as_ref());
        let alarms = self.alarm_rules().iter().map(|rule| &rule.when);
        slots.chain(alarms).map(|when| when.signal.clone()).collect()
    }

    /// Goes on with conditions, and puts on the wall what the schedule shows at `now`.
    pub(super) fn follow_schedule(&mut self, around: Surroundings<'_>, looks: bool, now: Moment) {
        if self.scheduled.schedule.is_empty() && self.state.claim(Layer::Schedule).is_none() {
            self.scheduled.holds_until = None;
            return;
        }
        let latched = looks && self.latch(around, now);
        let Some(zone) = self.scheduled.zone(around.revision) else { return };
        let known = &self.scheduled;
        let decided = known.holds_until.is_some_and(|until| now < until)
            && known.zone.as_ref() == Some(&zone)
            && known.decided == self.state.version;
        if decided && !latched {
            return;
        }
        let (airing, until) = self.scheduled.schedule.airing(self.state.overrides(), now, &zone);
        // Where a map looks is not known before the data is: it is decided again with it.
        let looks_somewhere = airing.is_some_and(|airing| airing.item.look.is_some());
        let awaits = looks_somewhere && around.revision.snapshot.region.is_none();
        let claim = airing.and_then(|airing| self.claim_of(airing, until, around.revision));
        let shown = self.state.claim(Layer::Schedule);
        let command = match &claim {
            Some(claim) if shown.is_some_and(|shown| is_the_same(shown, claim)) => None,
            Some(claim) => Some(Command::Claim { claim: claim.clone() }),
            None => shown.map(|_| Command::Withdraw { layer: Layer::Schedule }),
        };
        if let Some(command) = command {
            self.carry_out(command, Origin::program(Via::Schedule), now);
        }
        self.scheduled.holds_until = if awaits { None } else { Some(until.unwrap_or(now.plus_millis(DAY_MILLIS))) };
        self.scheduled.zone = Some(zone);
        self.scheduled.decided = self.state.version;
    }

    /// Goes on with the conditions of slots; says whether one of them stands elsewhere.
    fn latch(&mut self, around: Surroundings<'_>, now: Moment) -> bool {
        let schedule = &self.scheduled.schedule;
        let conditions = schedule.slots.iter().filter_map(|slot| Some((&slot.name, slot.when.as_ref()?)));
        let mut changed: Vec<(String, Latch)> = Vec::new();
        for (name, when) in conditions.clone() {
            let stands = self.state.latches.get(name).copied().unwrap_or_default();
            let next = stands.next(when.signal.read(around, now), when, now);
            if next != stands {
                changed.push((name.clone(), next));
            }
        }
        // Those of slots that the file has no more.
        for name in self.state.latches.keys().filter(|name| conditions.clone().all(|(known, _)| known != *name)) {
            changed.push((name.clone(), Latch::Off));
        }
        let any = !changed.is_empty();
        for (slot, latch) in changed {
            self.carry_out(Command::Latch { slot, latch }, Origin::program(Via::Schedule), now);
        }
        any
    }

    /// The claim of what the schedule shows.
    fn claim_of(&self, airing: Airing<'_>, until: Option<Moment>, revision: &Revision) -> Option<Claim> {
        let held = self.state.hold.as_ref().filter(|_| airing.held);
        Some(Claim {
            layer: Layer::Schedule,
            by: airing.slot.name.clone(),
            show: Some(self.show_of(&airing.item.layout, airing.item.look.as_ref(), revision)?),
            reason: held.map(|hold| hold.reason.clone()),
            since_millis: airing.since.0,
            until_millis: until.map(|at| at.0),
        })
    }

    /// When the schedule changes by itself.
    pub(super) fn next_scheduled(&self) -> Option<Moment> {
        self.scheduled.holds_until
    }

    /// When one of its conditions changes by itself.
    pub(super) fn next_latch(&self) -> Option<Moment> {
        let slots = self.scheduled.schedule.slots.iter();
        let latches = slots.filter_map(|slot| self.state.latches.get(&slot.name)?.next_change(slot.when.as_ref()?));
        latches.min()
    }

    /// When what is shown by hand at `now` gives way: the next time that a slot begins or ends by the clock; none where none
    /// does.
    pub(super) fn hand_until(&self, revision: &Revision, now: Moment) -> Option<Moment> {
        let zone = self.scheduled.zone(revision)?;
        let coming = self.scheduled.schedule.coming(self.state.overrides(), now, &zone, 8);
        coming.into_iter().map(|(at, _)| at).find(|at| at.millis_since(now) >= LEAST_HAND_MILLIS)
    }

    /// What it means to skip a slot.
    pub(super) fn skip(
        &self,
        slot: Option<&str>,
        order: &Order,
        revision: &Revision,
        now: Moment,
    ) -> Result<Command, Refusal> {
        let reason = reason_of(order)?;
        let zone = self.scheduled.zone(revision).ok_or(Refusal::NoData)?;
        let slot = self.slot_of(slot, now, &zone)?;
        // What is held stays, whatever its time: what is meant is to let go of it.
        let hold = self.state.hold.as_ref();
        if hold.is_some_and(|hold| hold.slot == slot && hold.until_millis.is_none_or(|until| now.0 < until)) {
            return Err(Refusal::IsHeld);
        }
        let time = self.scheduled.schedule.this_or_next(&slot, now, &zone).ok_or(Refusal::NothingScheduled)?;
        let by = order.by.name.clone();
        let (from_millis, until_millis) = (time.from.0, time.until.0);
        Ok(Command::Skip { skip: Skip { slot, from_millis, until_millis, by, reason } })
    }

    /// What it means to hold a slot.
    pub(super) fn hold(
        &self,
        (slot, for_secs): (Option<&str>, Option<f64>),
        order: &Order,
        revision: &Revision,
        now: Moment,
    ) -> Result<Command, Refusal> {
        let reason = reason_of(order)?;
        let zone = self.scheduled.zone(revision).ok_or(Refusal::NoData)?;
        let slot = self.slot_of(slot, now, &zone)?;
        // A playlist that is held goes on where it is.
        let (airing, _) = self.scheduled.schedule.airing(self.state.overrides(), now, &zone);
        let since = airing.filter(|airing| airing.slot.name == slot).map_or(now, |airing| airing.slot_since);
        let until_millis = for_secs.map(|secs| now.0 + (secs * 1000.0) as i64);
        let by = order.by.name.clone();
        Ok(Command::Hold { hold: Hold { slot, since_millis: since.0, until_millis, by, reason } })
    }

    /// The name of the slot that is meant: that of the name, or the one that the schedule shows.
    fn slot_of(&self, name: Option<&str>, now: Moment, zone: &TimeZone) -> Result<String, Refusal> {
        let schedule = &self.scheduled.schedule;
        if schedule.is_empty() {
            return Err(Refusal::NoSchedule);
        }
        match name {
            Some(name) => match schedule.slot(name) {
                Some(slot) => Ok(slot.name.clone()),
                None => {
                    let help = diagnostic::expected(name, schedule.slots.iter().map(|slot| slot.name.as_str()));
                    Err(Refusal::NoSuchSlot { name: name.to_owned(), help })
                }
            },
            None => {
                let (airing, _) = schedule.airing(self.state.overrides(), now, zone);
                airing.map(|airing| airing.slot.name.clone()).ok_or(Refusal::NothingScheduled)
            }
        }
    }
}

/// The reason of an order that takes one.
pub(super) fn reason_of(order: &Order) -> Result<String, Refusal> {
    let reason = order.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    reason.map(str::to_owned).ok_or(Refusal::NoReason)
}

/// Whether a claim shows what another shows, for the same reason and as long. Where its maps look now is its own, unless it
/// was put there before anybody knew where they were to look.
fn is_the_same(shown: &Claim, claim: &Claim) -> bool {
    let look = |claim: &Claim| claim.show.as_ref().and_then(|show| show.look.clone());
    if look(shown).is_none() && look(claim).is_some() {
        return false;
    }
    let layout = |claim: &Claim| -> Option<LayoutRef> { Some(claim.show.as_ref()?.layout.clone()) };
    (layout(shown), &shown.by, &shown.reason, shown.since_millis, shown.until_millis)
        == (layout(claim), &claim.by, &claim.reason, claim.since_millis, claim.until_millis)
}
