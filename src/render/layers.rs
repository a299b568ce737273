//! A layer's content on the GPU: instances in batches, in the order of painting.

use std::ops::Range;
use std::sync::Arc;

use bytemuck::Pod;
use euclid::point2;

use super::Gpu;
use super::atlas::{Atlas, GlyphKey};
use super::instances::{CornerInstance, GlyphInstance, HeatInstance, PictureInstance, ShapeInstance};
use super::pipelines::Layouts;
use crate::geometry::WallRect;
use crate::scene::{Content, Field, Fill, Heat, Primitive, TextRun};

/// Instances of one kind that follow one another.
pub enum Batch {
    Shapes(Range<u32>),
    /// The insides of opaque shapes, of one colour each or not.
    Insides(Range<u32>, Insides),
    Glyphs(Range<u32>),
    /// Indices of the mesh.
    Mesh(Range<u32>),
    /// The instance, and what it shows.
    Picture(u32, wgpu::BindGroup),
    /// The instance, and the fields and ramp that it shows.
    Heat(u32, wgpu::BindGroup),
}

/// How insides are filled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Insides {
    Solid,
    Gradient,
}

/// Width and height, in wall pixels, from which the inside of an opaque rectangle is a batch of its own.
const LARGE: f32 = 48.0;

/// Content on the GPU, for one scale.
pub struct LayerBuffers {
    /// Held so that its address, which is part of the cache key, is not reused.
    pub content: Arc<Content>,
    pub bounds: WallRect,
    /// Each with a rectangle around all of it, in the layer's pixels.
    pub batches: Vec<(Batch, WallRect)>,
    /// Insides that hide what is under them, each with its batch.
    pub covers: Vec<(usize, WallRect)>,
    pub shapes: Option<wgpu::Buffer>,
    pub glyphs: Option<wgpu::Buffer>,
    pub corners: Option<wgpu::Buffer>,
    pub indices: Option<wgpu::Buffer>,
    pub pictures: Option<wgpu::Buffer>,
    pub heats: Option<wgpu::Buffer>,
    /// References that are given back to the atlas when the layer goes.
    pub glyph_keys: Vec<GlyphKey>,
    /// The frame that last drew it.
    pub used: u64,
    /// A picture of costly content, once it has been painted.
    pub kept: Option<CachedTexture>,
}

/// A picture of a layer.
pub struct CachedTexture {
    pub quad: wgpu::Buffer,
    pub group: wgpu::BindGroup,
}

#[derive(Default)]
struct Gathered {
    batches: Vec<(Batch, WallRect)>,
    covers: Vec<(usize, WallRect)>,
    shapes: Vec<ShapeInstance>,
    glyphs: Vec<GlyphInstance>,
    corners: Vec<CornerInstance>,
    indices: Vec<u32>,
    pictures: Vec<PictureInstance>,
    heats: Vec<HeatInstance>,
    glyph_keys: Vec<GlyphKey>,
}

/// What textures are made with.
pub struct Textures<'a> {
    pub layouts: &'a Layouts,
    pub sampler: &'a wgpu::Sampler,
}

impl LayerBuffers {
    /// Uploads content for outputs of `scale` output pixels to a wall pixel.
    pub fn new(gpu: &Gpu, atlas: &mut Atlas, textures: &Textures<'_>, content: &Arc<Content>, scale: f32) -> Self {
        let mut gathered = Gathered::default();
        for primitive in &content.primitives {
            gathered.add(gpu, atlas, textures, primitive, scale);
            // The primitive is in the last batch, whether that was started for it or not.
            if let Some((_, around)) = gathered.batches.last_mut() {
                *around = around.union(&primitive.bounds());
            }
        }
        Self {
            content: content.clone(),
            bounds: content.bounds(),
            shapes: upload(gpu, &gathered.shapes, wgpu::BufferUsages::VERTEX),
            glyphs: upload(gpu, &gathered.glyphs, wgpu::BufferUsages::VERTEX),
            corners: upload(gpu, &gathered.corners, wgpu::BufferUsages::VERTEX),
            indices: upload(gpu, &gathered.indices, wgpu::BufferUsages::INDEX),
            pictures: upload(gpu, &gathered.pictures, wgpu::BufferUsages::VERTEX),
            heats: upload(gpu, &gathered.heats, wgpu::BufferUsages::VERTEX),
            batches: gathered.batches,
            covers: gathered.covers,
            glyph_keys: gathered.glyph_keys,
            used: 0,
            kept: None,
        }
    }
}

impl Gathered {
    fn add(&mut self, gpu: &Gpu, atlas: &mut Atlas, textures: &Textures<'_>, primitive: &Primitive, scale: f32) {
        match primitive {
            Primitive::Rect { rect, radius, fill, border } => {
                let (kind, first, second) = match *fill {
                    Fill::Solid(c) => (0.0, c, c),
                    Fill::Vertical(a, b) => (0.0, a, b),
                    Fill::Horizontal(a, b) => (1.0, a, b),
                    Fill::Radial(a, b) => (2.0, a, b),
                };
                let width = border.map_or(0.0, |b| b.width);
                let instance = ShapeInstance {
                    edges: edges_of(*rect),
                    form: [*radius, width, kind, 0.0],
                    first: first.0,
                    second: second.0,
                    border: border.map_or([0; 4], |b| b.colour.0),
                };
                // Two pixels more than the edge needs, as the shader has it.
                let inset = radius + width + 2.0 / scale;
                let inside = rect.inflate(-inset, -inset);
                let opaque = kind < 2.0 && first.0[3] == 255 && second.0[3] == 255;
                if opaque && inside.width() >= LARGE && inside.height() >= LARGE {
                    self.in_parts(instance, inside.inflate(-1.0, -1.0));
                } else {
                    self.shape(instance);
                }
            }
            Primitive::Line { points, width, colour } => {
                for pair in points.windows(2) {
                    self.shape(ShapeInstance {
                        edges: [pair[0].x, pair[0].y, pair[1].x, pair[1].y],
                        form: [width / 2.0, 0.0, 3.0, 0.0],
                        first: colour.0,
                        second: colour.0,
                        border: [0; 4],
                    });
                }
            }
            Primitive::Mesh(mesh) => {
                let (base, from) = (self.corners.len() as u32, self.indices.len() as u32);
                let corners = mesh.points.iter().zip(&mesh.colours);
                self.corners.extend(corners.map(|(point, colour)| CornerInstance { point: *point, colour: colour.0 }));
                self.indices.extend(mesh.indices.iter().map(|index| index + base));
                let to = self.indices.len() as u32;
                match self.batches.last_mut() {
                    Some((Batch::Mesh(range), _)) => range.end = to,
                    _ => self.begin(Batch::Mesh(from..to)),
                }
            }
            Primitive::Text { run, origin, colour } => {
                self.text(gpu, atlas, run, [origin.x, origin.y], colour.0, scale)
            }
            Primitive::Image { picture, rect, radius } => {
                let index = self.pictures.len() as u32;
                self.pictures.push(PictureInstance { edges: edges_of(*rect), form: [*radius, 0.0, 0.0, 0.0] });
                let size = (picture.width, picture.height);
                let texture = plane(gpu, wgpu::TextureFormat::Rgba8Unorm, size, &picture.rgba);
                self.begin(Batch::Picture(index, picture_group(gpu, textures, &texture)));
            }
            Primitive::Heat(heat) => self.heat(gpu, textures, heat),
        }
    }

    fn heat(&mut self, gpu: &Gpu, textures: &Textures<'_>, heat: &Heat) {
        let (next, zooms) = heat.next.as_ref().map_or((heat.rect, [0.0; 2]), |(_, rect, zooms)| (*rect, *zooms));
        let index = self.heats.len() as u32;
        self.heats.push(HeatInstance {
            edges: edges_of(heat.rect),
            next: edges_of(next),
            form: [zooms[0], zooms[1], 0.0, f32::from(u8::from(heat.next.is_some()))],
        });
        let texture = |field: &Field| {
            plane(gpu, wgpu::TextureFormat::R8Unorm, (field.width, field.height), &field.levels)
                .create_view(&wgpu::TextureViewDescriptor::default())
        };
        let field = texture(&heat.field);
        let finer = heat.next.as_ref().map_or_else(|| field.clone(), |(finer, ..)| texture(finer));
        let colours: Vec<u8> = heat.ramp.iter().flat_map(|colour| colour.0).collect();
        let ramp = plane(gpu, wgpu::TextureFormat::Rgba8Unorm, (256, 1), &colours)
            .create_view(&wgpu::TextureViewDescriptor::default());
        let view = |binding, view| wgpu::BindGroupEntry { binding, resource: wgpu::BindingResource::TextureView(view) };
        let sampler = wgpu::BindingResource::Sampler(textures.sampler);
        let group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("heat"),
            layout: &textures.layouts.heat,
            entries: &[
                view(0, &field),
                view(1, &finer),
                view(2, &ramp),
                wgpu::BindGroupEntry { binding: 3, resource: sampler },
            ],
        });
        self.begin(Batch::Heat(index, group));
    }

    fn shape(&mut self, instance: ShapeInstance) {
        self.shapes.push(instance);
        let to = self.shapes.len() as u32;
        match self.batches.last_mut() {
            Some((Batch::Shapes(range), _)) => range.end = to,
            _ => self.begin(Batch::Shapes(to - 1..to)),
        }
    }

    /// A large opaque rectangle: its four edges, and its inside.
    fn in_parts(&mut self, instance: ShapeInstance, inside: WallRect) {
        let [radius, width, kind, _] = instance.form;
        let part = |number: f32| ShapeInstance { form: [radius, width, kind, number], ..instance };
        (1..5).for_each(|edge| self.shape(part(edge as f32)));
        self.shapes.push(part(5.0));
        let to = self.shapes.len() as u32;
        let fill = if instance.first == instance.second { Insides::Solid } else { Insides::Gradient };
        // The batch of the edges ends before it: what both are around of is the same.
        let around =
            WallRect::new(point2(instance.edges[0], instance.edges[1]), point2(instance.edges[2], instance.edges[3]));
        if let Some((_, edges)) = self.batches.last_mut() {
            *edges = edges.union(&around.inflate(1.0, 1.0));
        }
        self.covers.push((self.batches.len(), inside));
        self.begin(Batch::Insides(to - 1..to, fill));
    }

    fn begin(&mut self, batch: Batch) {
        self.batches.push((batch, WallRect::zero()));
    }

    fn text(&mut self, gpu: &Gpu, atlas: &mut Atlas, run: &TextRun, origin: [f32; 2], colour: [u8; 4], scale: f32) {
        let from = self.glyphs.len() as u32;
        for glyph in &run.glyphs {
            let key = GlyphKey { face: glyph.face, id: glyph.id, size: (run.size * scale).to_bits() };
            self.glyph_keys.push(key);
            let Some(placed) = atlas.acquire(gpu, key) else { continue };
            // On whole output pixels, so that a texel is a pixel.
            let x = ((origin[0] + glyph.x) * scale).round() + placed.bearing_x as f32;
            let y = ((origin[1] + glyph.y) * scale).round() - placed.bearing_y as f32;
            self.glyphs.push(GlyphInstance {
                place: [x / scale, y / scale, placed.width as f32 / scale, placed.height as f32 / scale],
                texels: [placed.left, placed.top, placed.page, 0],
                colour,
            });
        }
        let to = self.glyphs.len() as u32;
        match self.batches.last_mut() {
            Some((Batch::Glyphs(range), _)) => range.end = to,
            _ if to > from => self.begin(Batch::Glyphs(from..to)),
            _ => {}
        }
    }
}

/// A rectangle as shaders take it.
pub fn edges_of(rect: WallRect) -> [f32; 4] {
    [rect.min.x, rect.min.y, rect.max.x, rect.max.y]
}

/// A buffer with `data` in it; none when there is none.
pub fn upload<T: Pod>(gpu: &Gpu, data: &[T], usage: wgpu::BufferUsages) -> Option<wgpu::Buffer> {
    if data.is_empty() {
        return None;
    }
    let bytes: &[u8] = bytemuck::cast_slice(data);
    let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: (bytes.len() as u64).next_multiple_of(wgpu::COPY_BUFFER_ALIGNMENT),
        usage: usage | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    gpu.queue.write_buffer(&buffer, 0, bytes);
    Some(buffer)
}

/// A texture with its texels, in rows without gaps.
fn plane(gpu: &Gpu, format: wgpu::TextureFormat, (width, height): (u32, u32), texels: &[u8]) -> wgpu::Texture {
    let size = wgpu::Extent3d { width, height, depth_or_array_layers: 1 };
    let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("plane"),
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let row = Some(width * format.block_copy_size(None).unwrap_or(4));
    let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: row, rows_per_image: None };
    gpu.queue.write_texture(texture.as_image_copy(), texels, layout, size);
    texture
}

/// What a picture pipeline reads a texture by.
pub fn picture_group(gpu: &Gpu, textures: &Textures<'_>, texture: &wgpu::Texture) -> wgpu::BindGroup {
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: None,
        layout: &textures.layouts.picture,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&view) },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(textures.sampler) },
        ],
    })
}
