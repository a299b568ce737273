//! From a scene to pixels: layers kept on the GPU, painted again only where something changed.
//!
//! Nothing here knows of appeals or panels. Every GPU object is a cache of the scene: all of them can be
//! dropped and come again from it.

mod atlas;
mod canvas;
mod gpu;
mod instances;
mod layers;
mod pipelines;
mod renderer;
mod surface;

pub use canvas::{Canvas, Painted, PixelFormat};
pub use gpu::{Gpu, GpuError, Readback};
pub use instances::{CornerInstance, GlyphInstance, HeatInstance, PictureInstance, ShapeInstance, ViewUniform};
pub use pipelines::shaders;
pub use renderer::Renderer;
pub use surface::{OutputSurface, Presented, present_all};
