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

pub use canvas::{Canvas, Painted};
pub use gpu::{Gpu, GpuError, Readback, adapter_names};
pub use instances::{CornerInstance, GlyphInstance, PictureInstance, ShapeInstance, ViewUniform};
pub use pipelines::shaders;
pub use renderer::Renderer;
