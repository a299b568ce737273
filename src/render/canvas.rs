//! The picture of one output: a texture a layout, and what has been painted on it.

use std::sync::Arc;

use euclid::Transform2D;

use super::{Gpu, ViewUniform};
use crate::geometry::{OutputPixels, OutputPx, PixelSize, WallPixels, WallPx, WallRect, WallVector};
use crate::scene::{Colour, Layer};
use crate::wall::Output;

/// In which order a pixel's bytes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelFormat(pub(super) wgpu::TextureFormat);

impl PixelFormat {
    /// Red first: what a picture file wants.
    pub const RED_FIRST: Self = Self(wgpu::TextureFormat::Rgba8Unorm);
    /// Blue first: what most displays want.
    pub const BLUE_FIRST: Self = Self(wgpu::TextureFormat::Bgra8Unorm);
}

/// Statistics of painting one frame of one output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Painted {
    /// Rectangles that were painted again.
    pub rects: u32,
    /// Output pixels in them.
    pub pixels: u64,
    /// Layers whose content was uploaded.
    pub uploads: u32,
}

/// The picture of a group of layers on one output.
pub struct GroupCanvas {
    pub id: u64,
    pub texture: wgpu::Texture,
    pub view: wgpu::TextureView,
    /// What it shows; none until it was painted.
    pub painted: Option<Vec<Layer>>,
    /// For putting it over others during a transition.
    pub group: Option<wgpu::BindGroup>,
}

/// What the last frame showed: groups by number with their opacity and offset.
pub type Arrangement = Vec<(u64, f32, WallVector)>;

/// One output's pixels.
pub struct Canvas {
    pub(super) format: wgpu::TextureFormat,
    pub(super) size: PixelSize,
    pub(super) viewport: WallRect,
    pub(super) out_from_wall: Transform2D<f32, WallPx, OutputPx>,
    pub(super) scale: f32,
    pub(super) groups: Vec<GroupCanvas>,
    /// Several groups put over one another.
    pub(super) mixed: Option<(wgpu::Texture, wgpu::TextureView)>,
    pub(super) arrangement: Option<Arrangement>,
    /// A rectangle over all of it in the colour of the ground that was painted last.
    pub(super) ground: Option<(Colour, wgpu::Buffer)>,
}

impl Canvas {
    /// An unpainted canvas for an output.
    pub fn new(output: &Output, format: PixelFormat) -> Self {
        Self {
            format: format.0,
            size: output.pixels,
            viewport: output.viewport,
            out_from_wall: output.out_from_wall(),
            scale: output.scale(),
            groups: Vec::new(),
            mixed: None,
            arrangement: None,
            ground: None,
        }
    }

    /// The picture as it was last painted; none before the first time.
    pub fn picture(&self) -> Option<&wgpu::Texture> {
        match self.arrangement.as_deref() {
            None | Some([]) => None,
            Some([(id, opacity, offset)]) if *opacity >= 1.0 && *offset == WallVector::zero() => {
                self.groups.iter().find(|g| g.id == *id).map(|g| &g.texture)
            }
            Some(_) => self.mixed.as_ref().map(|(texture, _)| texture),
        }
    }

    /// The pixels across and down.
    pub fn size(&self) -> PixelSize {
        self.size
    }

    pub(super) fn texture(&self, gpu: &Gpu) -> wgpu::Texture {
        gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("canvas"),
            size: wgpu::Extent3d { width: self.size.width, height: self.size.height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: self.format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT
                | wgpu::TextureUsages::TEXTURE_BINDING
                | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        })
    }

    /// Converts wall pixels to output pixels, clipped to the output; none if they lie outside.
    pub(super) fn seen(&self, pixels: WallPixels) -> Option<OutputPixels> {
        let wall = pixels.to_f32().intersection(&self.viewport)?;
        let out = self.out_from_wall.outer_transformed_box(&wall);
        // A hair's breadth of rounding must not cost a row of pixels.
        let low = (out.min + euclid::vec2(1e-3, 1e-3)).floor().to_i32();
        let high = (out.max - euclid::vec2(1e-3, 1e-3)).ceil().to_i32();
        let edges =
            OutputPixels::new(euclid::point2(0, 0), euclid::point2(self.size.width as i32, self.size.height as i32));
        OutputPixels::new(low, high).intersection(&edges)
    }

    /// The wall pixels that output pixels lie on, and one more on every side.
    pub(super) fn wall_under(&self, pixels: OutputPixels) -> WallRect {
        let wall = self.out_from_wall.inverse().unwrap_or_else(Transform2D::identity);
        let margin = 1.0 / self.scale.max(1e-3);
        wall.outer_transformed_box(&pixels.to_f32()).inflate(margin, margin)
    }

    /// All of the output, in wall pixels.
    pub(super) fn whole(&self) -> WallPixels {
        crate::geometry::cover(self.viewport)
    }

    /// How a layer enlarged by `zoom` and moved by `offset` is seen.
    pub(super) fn uniform(&self, zoom: f32, offset: WallVector, opacity: f32) -> ViewUniform {
        let m = self.out_from_wall;
        let w = m.inverse().unwrap_or_else(Transform2D::identity);
        ViewUniform {
            x_axis: [m.m11, m.m12],
            y_axis: [m.m21, m.m22],
            origin: [m.m31, m.m32],
            size: [self.size.width as f32, self.size.height as f32],
            wall_x_axis: [w.m11, w.m12],
            wall_y_axis: [w.m21, w.m22],
            wall_origin: [w.m31, w.m32],
            offset: [offset.x, offset.y],
            scale: self.scale,
            opacity,
            zoom,
            padding: 0.0,
        }
    }

    /// A canvas whose pixels are the wall pixels of `edges`, for a picture of one layer at `scale`.
    pub(super) fn of_layer(edges: WallRect, scale: f32, format: wgpu::TextureFormat) -> Self {
        let size = PixelSize::new(
            ((edges.width() * scale).ceil() as u32).max(1),
            ((edges.height() * scale).ceil() as u32).max(1),
        );
        Self {
            format,
            size,
            viewport: edges,
            out_from_wall: Transform2D::translation(-edges.min.x, -edges.min.y).then_scale(scale, scale),
            scale,
            groups: Vec::new(),
            mixed: None,
            arrangement: None,
            ground: None,
        }
    }
}

/// Keeps the layers that were painted, to be compared with the next ones.
pub fn remember(layers: &[Layer]) -> Vec<Layer> {
    layers.iter().map(|l| Layer { content: Arc::clone(&l.content), ..l.clone() }).collect()
}
