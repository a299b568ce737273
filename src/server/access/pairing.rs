//! Pairing: whoever stands before the wall reads digits from it and so shows that they are in the room.

use std::collections::VecDeque;

use super::secret::{NoRandomness, random, six_digits};
use crate::digest::hex;

/// For so long the wall shows the digits, in milliseconds.
const OPEN_MILLIS: i64 = 120_000;
/// So many wrong answers, from wherever they come and over however many pairings, end a pairing.
const MAX_WRONG: u32 = 5;
/// So many pairings may begin within a time, of those that nobody answers: the wall is not covered without end.
const MAX_BEGUN: usize = 3;
const BEGUN_MILLIS: i64 = 600_000;
/// After the first pairing that wrong answers ended, none begins for so long; after each further one four times as long.
const FIRST_PAUSE_MILLIS: i64 = 60_000;
/// The longest such pause: a day.
const LONGEST_PAUSE_MILLIS: i64 = 86_400_000;

/// A pairing that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What tells it from others.
    pub id: String,
    /// Who asked: the name that the token will have.
    pub name: String,
    /// The digits that the wall shows.
    pub digits: String,
    /// What the QR code says beside its address: 128 bits.
    pub secret: String,
    /// When it ends, in milliseconds since 1970.
    pub until_millis: i64,
}

/// The pairing of a wall: one at a time.
#[derive(Debug, Default)]
pub struct Pairing {
    pending: Option<Pending>,
    /// Wrong answers since the last that was right, or the last pause.
    wrong: u32,
    /// When the last pairings began, since the last that went well.
    begun_millis: VecDeque<i64>,
    /// Pairings that wrong answers ended, since the last that went well.
    failed: u32,
    not_before_millis: i64,
}

/// Why no pairing begins, or an answer is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PairingRefusal {
    /// Another waits for its answer, or wrong answers have ended one.
    #[error("ask again in {secs} s")]
    Later {
        /// Seconds until one may begin.
        secs: i64,
    },
    /// The digits are others.
    #[error("these are not the digits on the wall; tries left: {left}")]
    Wrong {
        /// Tries left.
        left: u32,
    },
    /// There is no such pairing, or not any more.
    #[error("this pairing has ended: ask for another")]
    Ended,
    /// No secret can be made.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl Pairing {
    /// Begins a pairing for somebody who calls themselves `name`; `is_local` where they are at the wall's machine, which no
    /// stranger keeps from pairing.
    ///
    /// # Errors
    /// While another waits for its answer, for a while after wrong answers have ended one, and where many began that nobody
    /// answered.
    pub fn begin(&mut self, name: &str, is_local: bool, now_millis: i64) -> Result<Pending, PairingRefusal> {
        self.begun_millis.retain(|begun| now_millis - begun < BEGUN_MILLIS);
        let pending_until = self.pending(now_millis).map_or(0, |pending| pending.until_millis);
        let crowded = !is_local && self.begun_millis.len() >= MAX_BEGUN;
        let crowded_until = self.begun_millis.front().filter(|_| crowded).map_or(0, |begun| begun + BEGUN_MILLIS);
        let busy_until = pending_until.max(crowded_until).max(self.not_before_millis);
        if busy_until > now_millis {
            return Err(PairingRefusal::Later { secs: (busy_until - now_millis).div_euclid(1000) + 1 });
        }
        let pending = Pending {
            id: hex(&random::<16>()?),
            name: name.to_owned(),
            digits: six_digits()?,
            secret: hex(&random::<16>()?),
            until_millis: now_millis + OPEN_MILLIS,
        };
        self.begun_millis.push_back(now_millis);
        self.pending = Some(pending.clone());
        Ok(pending)
    }

    /// Takes an answer: the digits, or the QR code's secret. Returns the name of whoever asked; a pairing gives one token.
    ///
    /// # Errors
    /// When there is no such pairing, or the answer is wrong.
    pub fn answer(&mut self, id: &str, answer: &str, now_millis: i64) -> Result<String, PairingRefusal> {
        let pending = self.pending.as_mut().filter(|pending| pending.until_millis > now_millis);
        let pending = pending.filter(|pending| pending.id == id).ok_or(PairingRefusal::Ended)?;
        let answer: String = answer.chars().filter(|c| !c.is_whitespace()).collect();
        if answer == pending.digits || answer == pending.secret {
            let name = pending.name.clone();
            *self = Self::default();
            return Ok(name);
        }
        self.wrong += 1;
        if self.wrong < MAX_WRONG {
            return Err(PairingRefusal::Wrong { left: MAX_WRONG - self.wrong });
        }
        (self.pending, self.wrong) = (None, 0);
        let pause = FIRST_PAUSE_MILLIS.saturating_mul(4_i64.saturating_pow(self.failed)).min(LONGEST_PAUSE_MILLIS);
        self.not_before_millis = now_millis + pause;
        self.failed += 1;
        Err(PairingRefusal::Ended)
    }

    /// The pairing that waits for its answer at `now_millis`.
    pub fn pending(&self, now_millis: i64) -> Option<&Pending> {
        self.pending.as_ref().filter(|pending| pending.until_millis > now_millis)
    }

    /// Ends the pairing of an id without an answer; says whether it was there. Wrong answers to it still count.
    pub fn cancel(&mut self, id: &str) -> bool {
        self.pending.take_if(|pending| pending.id == id).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_or_the_secret_give_one_token() {
        let mut pairing = Pairing::default();
        let first = pairing.begin("Планшет", true, 0).unwrap();
        assert_eq!((first.digits.len(), first.secret.len(), first.until_millis), (6, 32, 120_000));
        assert_eq!(pairing.begin("Другой", true, 119_000), Err(PairingRefusal::Later { secs: 2 }));
        let spaced = format!("{} {}", &first.digits[..3], &first.digits[3..]);
        assert_eq!(pairing.answer(&first.id, &spaced, 60_000), Ok("Планшет".to_owned()));
        assert_eq!(pairing.answer(&first.id, &first.digits, 60_001), Err(PairingRefusal::Ended));
        let second = pairing.begin("Планшет", true, 60_002).unwrap();
        assert_eq!(pairing.answer(&first.id, &second.digits, 60_003), Err(PairingRefusal::Ended));
        assert!(pairing.answer(&second.id, &second.secret, 60_004).is_ok());
        let third = pairing.begin("Планшет", true, 60_005).unwrap();
        assert_eq!(pairing.answer(&third.id, &third.digits, 180_005), Err(PairingRefusal::Ended), "too late");
        assert!(pairing.begin("Планшет", true, 180_005).is_ok());
    }

    #[test]
    fn a_pairing_that_is_given_up_forgets_no_wrong_answer() {
        let mut pairing = Pairing::default();
        for left in [4, 3, 2, 1] {
            let pending = pairing.begin("x", true, 0).unwrap();
            assert_eq!(pairing.answer(&pending.id, "wrong", 0), Err(PairingRefusal::Wrong { left }));
            assert!(pairing.cancel(&pending.id));
        }
        let pending = pairing.begin("x", true, 0).unwrap();
        assert_eq!(pairing.answer(&pending.id, "wrong", 0), Err(PairingRefusal::Ended));
        assert!(matches!(pairing.begin("x", true, 0), Err(PairingRefusal::Later { secs: 61 })));
    }

    #[test]
    fn strangers_cover_the_wall_for_a_while_at_most() {
        let mut pairing = Pairing::default();
        for index in 0..3 {
            let pending = pairing.begin("x", false, index * 1000).unwrap();
            pairing.cancel(&pending.id);
        }
        assert_eq!(pairing.begin("x", false, 3000), Err(PairingRefusal::Later { secs: 598 }));
        let local = pairing.begin("Планшет", true, 3000).unwrap();
        assert!(pairing.answer(&local.id, &local.digits, 3001).is_ok());
        assert!(pairing.begin("x", false, 3002).is_ok(), "one that went well begins anew");
    }

    #[test]
    fn guessing_ends_after_five_tries_and_costs_more_each_time() {
        let mut pairing = Pairing::default();
        let (mut now, mut pauses) = (0, Vec::new());
        for _ in 0..8 {
            let pending = pairing.begin("x", true, now).unwrap();
            for left in (1..MAX_WRONG).rev() {
                assert_eq!(pairing.answer(&pending.id, "wrong", now), Err(PairingRefusal::Wrong { left }));
            }
            assert_eq!(pairing.answer(&pending.id, "", now), Err(PairingRefusal::Ended));
            assert_eq!(pairing.answer(&pending.id, &pending.digits, now), Err(PairingRefusal::Ended));
            let Err(PairingRefusal::Later { secs }) = pairing.begin("x", true, now) else { panic!("no pause") };
            pauses.push(secs);
            now += secs * 1000;
        }
        assert_eq!(pauses, [61, 241, 961, 3841, 15_361, 61_441, 86_401, 86_401]);
    }
}
