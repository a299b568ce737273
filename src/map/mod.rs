//! Maps: from the Earth to the wall, where they look, what they count and which names they show. No pixel is
//! painted here.

pub mod camera;
pub mod classes;
pub mod field;
mod gazetteer;
pub mod label;
mod lens;
pub mod outside_labels;
mod residents;
mod ring;
mod target;
pub mod window;

pub use camera::{CameraInputs, CameraMove, CameraPose, Tour};
pub use classes::Classes;
pub use gazetteer::{Gazetteer, Ground, LandMesh};
pub use lens::Lens;
pub use residents::Residents;
pub use ring::{coverage, cut, triangles};
pub use target::{Place, Target, corners};
pub use window::Window;
