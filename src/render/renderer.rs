//! Painting: what changed on an output, and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use super::Gpu;
use super::atlas::Atlas;
use super::canvas::{Canvas, GroupCanvas, Painted};
use super::instances::{PictureInstance, ShapeInstance, ViewUniform};
use super::layers::{Batch, CachedTexture, Insides, LayerBuffers, Textures, edges_of, picture_group, upload};
use super::pipelines::{Layouts, Pipelines};
use crate::geometry::{OutputPixels, WallRect, WallVector};
use crate::scene::{Colour, Content, Group, Layer, Scene, damage};

/// Frames after which a layer that was not drawn is dropped.
const KEEP_FRAMES: u64 = 4;
/// Largest side, in output pixels, of a layer that is cached as a texture.
const MAX_KEPT_SIDE: f32 = 4096.0;

/// Everything on the GPU that outputs share.
pub struct Renderer {
    layouts: Layouts,
    pipelines: HashMap<wgpu::TextureFormat, Pipelines>,
    sampler: wgpu::Sampler,
    atlas: Atlas,
    pages: (u64, wgpu::BindGroup),
    layers: HashMap<(usize, u32), LayerBuffers>,
    views: Views,
    frame: u64,
}

/// The uniforms of one frame: one slot a draw.
struct Views {
    buffer: wgpu::Buffer,
    group: wgpu::BindGroup,
    slots: Vec<ViewUniform>,
    capacity: usize,
}

/// Bytes per uniform slot: the largest alignment that a device asks for.
const SLOT: usize = 256;

/// Which draw painting begins with, and which batch of it.
#[derive(Debug, Clone, Copy, Default)]
struct Beginning {
    draw: usize,
    batch: usize,
}

/// A layer to be drawn into some rectangles.
struct Draw {
    layer: (usize, u32),
    slot: u32,
    clip: OutputPixels,
    zoom: f32,
    offset: WallVector,
}

impl Draw {
    /// Whether it is shown unscaled. Only then its cached texture can be used.
    fn is_unscaled(&self) -> bool {
        self.zoom == 1.0
    }
}

impl Renderer {
    /// Prepares to draw on `gpu`.
    pub fn new(gpu: &Gpu) -> Self {
        let layouts = Layouts::new(&gpu.device);
        let sampler = gpu.device.create_sampler(&wgpu::SamplerDescriptor {
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..wgpu::SamplerDescriptor::default()
        });
        let atlas = Atlas::new(&gpu.device);
        let pages = (atlas.generation, pages_group(gpu, &layouts, &atlas));
        let views = Views::new(gpu, &layouts, 128);
        Self { layouts, pipelines: HashMap::new(), sampler, atlas, pages, layers: HashMap::new(), views, frame: 0 }
    }

    /// Paints what differs between `scene` and what `canvas` shows. Nothing is submitted when nothing does.
    pub fn paint(&mut self, gpu: &Gpu, canvas: &mut Canvas, scene: &Scene) -> Painted {
        self.frame += 1;
        let layouts = &self.layouts;
        self.pipelines.entry(canvas.format).or_insert_with(|| Pipelines::new(&gpu.device, layouts, canvas.format));
        let mut painted = Painted::default();
        let arrangement: Vec<_> = scene.groups.iter().map(|g| (g.id, g.opacity, g.offset)).collect();
        canvas.groups.retain(|held| scene.groups.iter().any(|g| g.id == held.id));
        let mut touched = false;
        for group in &scene.groups {
            touched |= self.paint_group(gpu, canvas, group, scene.ground, &mut painted);
        }
        let alone = matches!(arrangement.as_slice(), [(_, opacity, offset)] if *opacity >= 1.0 && *offset == WallVector::zero());
        let rearranged = canvas.arrangement.as_ref() != Some(&arrangement);
        if alone {
            canvas.mixed = None;
            if rearranged && !touched {
                // The same picture as before, from another texture: what is shown must be presented anew.
                painted.rects += 1;
                painted.pixels += u64::from(canvas.size.width) * u64::from(canvas.size.height);
            }
        } else if touched || rearranged {
            self.mix(gpu, canvas, scene);
            painted.rects += 1;
            painted.pixels += u64::from(canvas.size.width) * u64::from(canvas.size.height);
        }
        canvas.arrangement = Some(arrangement);
        painted
    }

    /// Drops what no output has shown lately. Called once a frame, after every output was painted.
    pub fn end_frame(&mut self, outputs: usize) {
        let oldest = self.frame.saturating_sub(KEEP_FRAMES * outputs.max(1) as u64);
        let atlas = &mut self.atlas;
        self.layers.retain(|_, layer| {
            let keep = layer.used >= oldest;
            if !keep {
                layer.glyph_keys.iter().for_each(|key| atlas.release(*key));
            }
            keep
        });
    }

    fn paint_group(
        &mut self,
        gpu: &Gpu,
        canvas: &mut Canvas,
        group: &Group,
        ground: Colour,
        painted: &mut Painted,
    ) -> bool {
        if !canvas.groups.iter().any(|held| held.id == group.id) {
            let texture = canvas.texture(gpu);
            let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
            canvas.groups.push(GroupCanvas { id: group.id, texture, view, painted: None, group: None });
        }
        let Some(index) = canvas.groups.iter().position(|held| held.id == group.id) else { return false };
        let rects = match &canvas.groups[index].painted {
            None => vec![canvas.whole()],
            Some(before) => damage(before, &group.layers),
        };
        let rects: Vec<OutputPixels> =
            rects.into_iter().filter_map(|r| canvas.seen(r)).filter(|r| !r.is_empty()).collect();
        // Layers that lie still are in use all the same.
        let scale = canvas.scale.to_bits();
        for layer in &group.layers {
            if let Some(held) = self.layers.get_mut(&(Arc::as_ptr(&layer.content) as usize, scale)) {
                held.used = self.frame;
            }
        }
        if rects.is_empty() {
            canvas.groups[index].painted = Some(super::canvas::remember(&group.layers));
            return false;
        }
        let draws = self.prepare(gpu, canvas, &group.layers, &rects, painted);
        self.views.upload(gpu, &self.layouts);
        if canvas.ground.as_ref().is_none_or(|(colour, _)| *colour != ground) {
            let quad = [ShapeInstance {
                edges: edges_of(canvas.viewport.inflate(2.0, 2.0)),
                form: [0.0; 4],
                first: ground.0,
                second: ground.0,
                border: [0; 4],
            }];
            canvas.ground = upload(gpu, &quad, wgpu::BufferUsages::VERTEX).map(|buffer| (ground, buffer));
        }
        let Some((_, ground_quad)) = &canvas.ground else { return false };
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let first = canvas.groups[index].painted.is_none();
            let mut pass = begin(&mut encoder, &canvas.groups[index].view, first.then_some(ground));
            for rect in &rects {
                painted.rects += 1;
                painted.pixels += rect.area() as u64;
                let from = self.first_visible_batch(canvas, &draws, *rect);
                if !first && from.is_none() {
                    self.clear(&mut pass, canvas.format, ground_quad, *rect);
                }
                self.draw_all(&mut pass, canvas, &draws, from.unwrap_or_default(), *rect);
            }
        }
        gpu.queue.submit([encoder.finish()]);
        canvas.groups[index].painted = Some(super::canvas::remember(&group.layers));
        true
    }

    /// Makes every layer that meets one of `rects` ready to be drawn, and fills the uniforms: slot 0 is the
    /// ground.
    fn prepare(
        &mut self,
        gpu: &Gpu,
        canvas: &Canvas,
        layers: &[Layer],
        rects: &[OutputPixels],
        painted: &mut Painted,
    ) -> Vec<Draw> {
        let mut draws = Vec::new();
        let mut slots = vec![canvas.uniform(1.0, WallVector::zero(), 1.0)];
        for layer in layers {
            let key = (Arc::as_ptr(&layer.content) as usize, canvas.scale.to_bits());
            if !self.layers.contains_key(&key) {
                let buffers = self.upload(gpu, &layer.content, canvas.scale);
                self.layers.insert(key, buffers);
                painted.uploads += 1;
            }
            let Some(held) = self.layers.get_mut(&key) else { continue };
            held.used = self.frame;
            let moved = layer.seen(held.bounds);
            let Some(clip) = canvas.seen(crate::geometry::cover(moved)) else { continue };
            if rects.iter().any(|r| r.intersects(&clip)) {
                let slot = slots.len() as u32;
                slots.push(canvas.uniform(layer.zoom, layer.offset, 1.0));
                // A clip narrower than the content cuts it; otherwise the content's own edges do.
                let limit = canvas.seen(crate::geometry::cover(layer.clip)).unwrap_or(clip);
                draws.push(Draw { layer: key, slot, clip: limit, zoom: layer.zoom, offset: layer.offset });
            }
        }
        for draw in draws.iter().filter(|draw| draw.is_unscaled()) {
            self.cache_as_texture(gpu, draw.layer, canvas);
        }
        if self.pages.0 != self.atlas.generation {
            self.pages = (self.atlas.generation, pages_group(gpu, &self.layouts, &self.atlas));
        }
        self.views.slots = slots;
        draws
    }

    fn upload(&mut self, gpu: &Gpu, content: &Arc<Content>, scale: f32) -> LayerBuffers {
        let textures = Textures { layouts: &self.layouts, sampler: &self.sampler };
        LayerBuffers::new(gpu, &mut self.atlas, &textures, content, scale)
    }

    /// Paints costly content once into a texture of its own.
    fn cache_as_texture(&mut self, gpu: &Gpu, key: (usize, u32), canvas: &Canvas) {
        let Some(held) = self.layers.get(&key) else { return };
        let bounds = crate::geometry::cover(held.bounds).to_f32();
        let side = bounds.width().max(bounds.height()) * canvas.scale;
        if !held.content.costly || held.kept.is_some() || held.bounds.is_empty() || side > MAX_KEPT_SIDE {
            return;
        }
        let picture = Canvas::of_layer(bounds, canvas.scale, canvas.format);
        let texture = picture.texture(gpu);
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let all = OutputPixels::new(
            euclid::point2(0, 0),
            euclid::point2(picture.size.width as i32, picture.size.height as i32),
        );
        let draws = [Draw { layer: key, slot: 0, clip: all, zoom: 1.0, offset: WallVector::zero() }];
        if self.pages.0 != self.atlas.generation {
            self.pages = (self.atlas.generation, pages_group(gpu, &self.layouts, &self.atlas));
        }
        self.views.slots = vec![picture.uniform(1.0, WallVector::zero(), 1.0)];
        self.views.upload(gpu, &self.layouts);
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = begin(&mut encoder, &view, Some(Colour::CLEAR));
            self.draw_all(&mut pass, &picture, &draws, Beginning::default(), all);
        }
        gpu.queue.submit([encoder.finish()]);
        let quad = [PictureInstance { edges: edges_of(bounds), form: [0.0, 1.0, 0.0, 0.0] }];
        let textures = Textures { layouts: &self.layouts, sampler: &self.sampler };
        let group = picture_group(gpu, &textures, &texture);
        if let (Some(quad), Some(held)) = (upload(gpu, &quad, wgpu::BufferUsages::VERTEX), self.layers.get_mut(&key)) {
            held.kept = Some(CachedTexture { quad, group });
        }
    }

    /// Paints the ground over a rectangle: a load operation would clear the whole canvas.
    fn clear(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        format: wgpu::TextureFormat,
        ground: &wgpu::Buffer,
        rect: OutputPixels,
    ) {
        let Some(pipelines) = self.pipelines.get(&format) else { return };
        scissor(pass, rect);
        pass.set_pipeline(&pipelines.solid);
        pass.set_bind_group(0, &self.views.group, &[0]);
        pass.set_vertex_buffer(0, ground.slice(..));
        pass.draw(0..4, 0..1);
    }

    /// The last draw and batch that covers the whole rectangle, so that nothing before it needs painting; none if no
    /// batch does.
    fn first_visible_batch(&self, canvas: &Canvas, draws: &[Draw], rect: OutputPixels) -> Option<Beginning> {
        let wall = canvas.wall_under(rect);
        draws.iter().enumerate().rev().find_map(|(index, draw)| {
            let layer = self.layers.get(&draw.layer)?;
            if !draw.is_unscaled() || layer.kept.is_some() || !draw.clip.contains_box(&rect) {
                return None;
            }
            let part = wall.translate(-draw.offset);
            let cover = layer.covers.iter().rev().find(|(_, inside)| inside.contains_box(&part))?;
            Some(Beginning { draw: index, batch: cover.0 })
        })
    }

    /// Draws into a rectangle, from a batch of a draw on.
    fn draw_all(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        canvas: &Canvas,
        draws: &[Draw],
        from: Beginning,
        rect: OutputPixels,
    ) {
        let Some(pipelines) = self.pipelines.get(&canvas.format) else { return };
        let wall = canvas.wall_under(rect);
        for (index, draw) in draws.iter().enumerate().skip(from.draw) {
            let Some(limits) = draw.clip.intersection(&rect).filter(|r| !r.is_empty()) else { continue };
            let Some(layer) = self.layers.get(&draw.layer) else { continue };
            scissor(pass, limits);
            pass.set_bind_group(0, &self.views.group, &[draw.slot * SLOT as u32]);
            match layer.kept.as_ref().filter(|_| draw.is_unscaled()) {
                Some(kept) => {
                    pass.set_pipeline(&pipelines.picture);
                    pass.set_bind_group(1, &kept.group, &[]);
                    pass.set_vertex_buffer(0, kept.quad.slice(..));
                    pass.draw(0..4, 0..1);
                }
                None => {
                    let batches = &layer.batches[if index == from.draw { from.batch } else { 0 }..];
                    self.draw_batches(pass, pipelines, layer, batches, wall.translate(-draw.offset) / draw.zoom);
                }
            }
        }
    }

    /// Draws those of the batches of a layer that meet `part`, a rectangle in the layer's pixels.
    fn draw_batches(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        pipelines: &Pipelines,
        layer: &LayerBuffers,
        batches: &[(Batch, WallRect)],
        part: WallRect,
    ) {
        for (batch, _) in batches.iter().filter(|(_, around)| around.intersects(&part)) {
            match batch {
                Batch::Shapes(range) => {
                    let Some(buffer) = &layer.shapes else { continue };
                    pass.set_pipeline(&pipelines.shape);
                    pass.set_vertex_buffer(0, buffer.slice(..));
                    pass.draw(0..4, range.clone());
                }
                Batch::Insides(range, fill) => {
                    let Some(buffer) = &layer.shapes else { continue };
                    pass.set_pipeline(match fill {
                        Insides::Solid => &pipelines.solid,
                        Insides::Gradient => &pipelines.gradient,
                    });
                    pass.set_vertex_buffer(0, buffer.slice(..));
                    pass.draw(0..4, range.clone());
                }
                Batch::Glyphs(range) => {
                    let Some(buffer) = &layer.glyphs else { continue };
                    pass.set_pipeline(&pipelines.glyph);
                    pass.set_bind_group(1, &self.pages.1, &[]);
                    pass.set_vertex_buffer(0, buffer.slice(..));
                    pass.draw(0..4, range.clone());
                }
                Batch::Mesh(range) => {
                    let (Some(corners), Some(indices)) = (&layer.corners, &layer.indices) else { continue };
                    pass.set_pipeline(&pipelines.mesh);
                    pass.set_vertex_buffer(0, corners.slice(..));
                    pass.set_index_buffer(indices.slice(..), wgpu::IndexFormat::Uint32);
                    pass.draw_indexed(range.clone(), 0, 0..1);
                }
                Batch::Picture(index, group) => {
                    let Some(buffer) = &layer.pictures else { continue };
                    pass.set_pipeline(&pipelines.picture);
                    pass.set_bind_group(1, group, &[]);
                    pass.set_vertex_buffer(0, buffer.slice(..));
                    pass.draw(0..4, *index..index + 1);
                }
                Batch::Heat(index, group) => {
                    let Some(buffer) = &layer.heats else { continue };
                    pass.set_pipeline(&pipelines.heat);
                    pass.set_bind_group(1, group, &[]);
                    pass.set_vertex_buffer(0, buffer.slice(..));
                    pass.draw(0..4, *index..index + 1);
                }
            }
        }
    }

    /// Blends the groups, each at its opacity and offset.
    fn mix(&mut self, gpu: &Gpu, canvas: &mut Canvas, scene: &Scene) {
        if canvas.mixed.is_none() {
            let texture = canvas.texture(gpu);
            let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
            canvas.mixed = Some((texture, view));
        }
        let textures = Textures { layouts: &self.layouts, sampler: &self.sampler };
        for held in &mut canvas.groups {
            if held.group.is_none() {
                held.group = Some(picture_group(gpu, &textures, &held.texture));
            }
        }
        // A group's texture covers the viewport in the pixels of the signal: it is put there as it is, so a
        // turned output needs no turning here.
        let plain = Canvas::of_layer(
            WallRect::new(
                euclid::point2(0.0, 0.0),
                euclid::point2(canvas.size.width as f32, canvas.size.height as f32),
            ),
            1.0,
            canvas.format,
        );
        let turned = |offset: WallVector| canvas.out_from_wall.transform_vector(offset);
        self.views.slots = scene
            .groups
            .iter()
            .map(|g| {
                let shift = turned(g.offset);
                plain.uniform(1.0, WallVector::new(shift.x.round(), shift.y.round()), g.opacity)
            })
            .collect();
        self.views.upload(gpu, &self.layouts);
        let quad = [PictureInstance { edges: edges_of(plain.viewport), form: [0.0, 1.0, 0.0, 0.0] }];
        let (Some(quad), Some((_, view)), Some(pipelines)) =
            (upload(gpu, &quad, wgpu::BufferUsages::VERTEX), &canvas.mixed, self.pipelines.get(&canvas.format))
        else {
            return;
        };
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = begin(&mut encoder, view, Some(scene.ground));
            pass.set_pipeline(&pipelines.picture);
            pass.set_vertex_buffer(0, quad.slice(..));
            for (slot, group) in scene.groups.iter().enumerate() {
                let held = canvas.groups.iter().find(|held| held.id == group.id);
                let Some(texture) = held.and_then(|held| held.group.as_ref()) else { continue };
                pass.set_bind_group(0, &self.views.group, &[(slot * SLOT) as u32]);
                pass.set_bind_group(1, texture, &[]);
                pass.draw(0..4, 0..1);
            }
        }
        gpu.queue.submit([encoder.finish()]);
    }
}

impl Views {
    fn new(gpu: &Gpu, layouts: &Layouts, capacity: usize) -> Self {
        let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("views"),
            size: (capacity * SLOT) as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("views"),
            layout: &layouts.view,
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                    buffer: &buffer,
                    offset: 0,
                    size: wgpu::BufferSize::new(size_of::<ViewUniform>() as u64),
                }),
            }],
        });
        Self { buffer, group, slots: Vec::new(), capacity }
    }

    fn upload(&mut self, gpu: &Gpu, layouts: &Layouts) {
        if self.slots.len() > self.capacity {
            let slots = std::mem::take(&mut self.slots);
            *self = Self::new(gpu, layouts, slots.len().next_power_of_two());
            self.slots = slots;
        }
        let mut bytes = vec![0u8; self.slots.len() * SLOT];
        for (slot, view) in bytes.chunks_exact_mut(SLOT).zip(&self.slots) {
            slot[..size_of::<ViewUniform>()].copy_from_slice(bytemuck::bytes_of(view));
        }
        gpu.queue.write_buffer(&self.buffer, 0, &bytes);
    }
}

fn pages_group(gpu: &Gpu, layouts: &Layouts, atlas: &Atlas) -> wgpu::BindGroup {
    gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("pages"),
        layout: &layouts.pages,
        entries: &[wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&atlas.view()) }],
    })
}

fn begin<'a>(
    encoder: &'a mut wgpu::CommandEncoder,
    view: &wgpu::TextureView,
    clear: Option<Colour>,
) -> wgpu::RenderPass<'a> {
    let load = clear.map_or(wgpu::LoadOp::Load, |colour| {
        let [r, g, b, a] = colour.0.map(|c| f64::from(c) / 255.0);
        wgpu::LoadOp::Clear(wgpu::Color { r: r * a, g: g * a, b: b * a, a })
    });
    encoder
        .begin_render_pass(&wgpu::RenderPassDescriptor {
            label: None,
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations { load, store: wgpu::StoreOp::Store },
            })],
            ..wgpu::RenderPassDescriptor::default()
        })
        .forget_lifetime()
}

fn scissor(pass: &mut wgpu::RenderPass<'_>, rect: OutputPixels) {
    pass.set_scissor_rect(rect.min.x as u32, rect.min.y as u32, rect.width() as u32, rect.height() as u32);
}
