//! The program: wiring, the event loop, what happens when something breaks.

pub mod backend;


pub mod still;
pub mod stage;


