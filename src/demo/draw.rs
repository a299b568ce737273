//! Chance that is the same on every machine.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

/// A stream of numbers that is the same on every machine.
pub struct Draw(Xoshiro256PlusPlus);

impl Draw {
    pub fn new(seed: u64, what: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed ^ what.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// From 0, inclusive, to 1, exclusive.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From 0 to `n` − 1.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// With this probability.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A normal deviate, from the sum of four uniform ones: near enough for scatter, and cheap.
    pub fn normal(&mut self) -> f64 {
        (self.unit() + self.unit() + self.unit() + self.unit() - 2.0) * 1.732
    }

    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }
}
