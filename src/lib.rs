//! Obzor drives the video wall of a management centre: see ARCHITECTURE.md.
// Whether a picture of the wall may go to another thread is decided through all of wgpu's types.
#![recursion_limit = "256"]
#![warn(missing_docs, clippy::too_many_lines)]

pub mod alarm;
pub mod app;
pub mod archive;
pub mod basemap;
pub mod clock;
pub mod compose;
pub mod conductor;
pub mod data;
pub mod demo;
pub mod diagnostic;
pub mod digest;
pub mod geometry;
pub mod journal;
pub mod language;
pub mod layout;
pub mod map;
pub mod native_api;
pub mod notify;
pub mod operation;
pub mod panel;
pub mod picture;
pub mod privacy;
pub mod render;
pub mod requests;
pub mod runsheet;
pub mod scene;
pub mod schedule;
pub mod server;
pub mod signal;
pub mod source;
pub mod state;
pub mod wall;
