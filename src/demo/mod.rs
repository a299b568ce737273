//! The demo backend: a region that does not exist, alive.
//!
//! Nothing is stored. Everything that ever happens to an appeal is a function of the seed and of the day it
//! was received; what is known of it at a moment is what has happened by then. So the same seed and time
//! give the same bytes, and a year of appeals costs no memory.

pub mod datasets;
mod dictionary;
mod draw;
mod english;
mod life;
mod server;
mod texts;
mod world;

pub use life::Life;
pub use server::{openapi, serve};
pub use world::{Burst, World};
