//! The glyph atlas: pages of coverage, filled on demand, with a hard cap.
//!
//! Layers hold references to the glyphs that they show. A slot is reused only when no layer refers to it, so text kept
//! on the GPU never changes.

use std::collections::HashMap;

use etagere::{AllocId, AtlasAllocator, size2};
use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::Format;

use crate::scene::Face;

/// Texels a side of a page.
pub const PAGE: u32 = 1024;
/// No more pages than this: 16 MiB.
pub const MAX_PAGES: u32 = 16;

/// A glyph at a size, as an output shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GlyphKey {
    pub face: Face,
    pub id: u16,
    /// Bits of the size in output pixels.
    pub size: u32,
}

/// Slot of a glyph in the atlas, in texels of its page, and its bearings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    pub page: u32,
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
    /// From the origin to the left edge, in output pixels.
    pub bearing_x: i32,
    /// From the baseline up to the top edge, in output pixels.
    pub bearing_y: i32,
}

struct Entry {
    /// None for a glyph without ink.
    placed: Option<(Placed, AllocId)>,
    references: u32,
}

/// The pages and what stands on them.
pub struct Atlas {
    texture: wgpu::Texture,
    pages: Vec<AtlasAllocator>,
    entries: HashMap<GlyphKey, Entry>,
    scaler: ScaleContext,
    /// Incremented when the texture is replaced; bind groups must be recreated then.
    pub generation: u64,
}

impl Atlas {
    pub fn new(device: &wgpu::Device) -> Self {
        Self {
            texture: texture(device, 1),
            pages: vec![page()],
            entries: HashMap::new(),
            scaler: ScaleContext::new(),
            generation: 0,
        }
    }

    pub fn view(&self) -> wgpu::TextureView {
        self.texture.create_view(&wgpu::TextureViewDescriptor {
            dimension: Some(wgpu::TextureViewDimension::D2Array),
            ..wgpu::TextureViewDescriptor::default()
        })
    }

    /// Adds a reference to a glyph, rasterising it first if needed. None if it has no ink, or if every page is full of
    /// glyphs that are on the wall.
    pub fn acquire(&mut self, gpu: &super::Gpu, key: GlyphKey) -> Option<Placed> {
        if !self.entries.contains_key(&key) {
            let placed = self.draw(gpu, key)?;
            self.entries.insert(key, Entry { placed, references: 0 });
        }
        let entry = self.entries.get_mut(&key)?;
        entry.references += 1;
        entry.placed.map(|(placed, _)| placed)
    }

    /// Gives a reference back.
    pub fn release(&mut self, key: GlyphKey) {
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.references = entry.references.saturating_sub(1);
        }
    }

    /// Draws a glyph onto a page; the outer option is none when there is no room.
    fn draw(&mut self, gpu: &super::Gpu, key: GlyphKey) -> Option<Option<(Placed, AllocId)>> {
        let font = swash::FontRef::from_index(key.face.bytes(), 0)?;
        let mut scaler = self.scaler.builder(font).size(f32::from_bits(key.size)).hint(false).build();
        let image = Render::new(&[Source::Outline]).format(Format::Alpha).render(&mut scaler, key.id);
        let Some(image) = image.filter(|i| i.placement.width > 0 && i.placement.height > 0) else { return Some(None) };
        let (width, height) = (image.placement.width, image.placement.height);
        if width >= PAGE || height >= PAGE {
            tracing::warn!(width, height, "a glyph is larger than a page of the atlas and is not drawn");
            return Some(None);
        }
        let (page, allocation) = self.place(gpu, width, height)?;
        let (left, top) = (allocation.rectangle.min.x as u32, allocation.rectangle.min.y as u32);
        gpu.queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x: left, y: top, z: page },
                aspect: wgpu::TextureAspect::All,
            },
            &image.data,
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(width), rows_per_image: None },
            wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        );
        let placed =
            Placed { page, left, top, width, height, bearing_x: image.placement.left, bearing_y: image.placement.top };
        Some(Some((placed, allocation.id)))
    }

    fn place(&mut self, gpu: &super::Gpu, width: u32, height: u32) -> Option<(u32, etagere::Allocation)> {
        let size = size2(width as i32, height as i32);
        let fit = |pages: &mut Vec<AtlasAllocator>| {
            pages.iter_mut().enumerate().find_map(|(index, page)| Some((index as u32, page.allocate(size)?)))
        };
        if let Some(found) = fit(&mut self.pages) {
            return Some(found);
        }
        let mut freed = false;
        let pages = &mut self.pages;
        self.entries.retain(|_, entry| {
            let keep = entry.references > 0;
            if let (false, Some((placed, id))) = (keep, entry.placed) {
                pages[placed.page as usize].deallocate(id);
                freed = true;
            }
            keep
        });
        if let Some(found) = freed.then(|| fit(&mut self.pages)).flatten() {
            return Some(found);
        }
        if self.pages.len() as u32 >= MAX_PAGES {
            tracing::warn!("the glyph atlas is full: some text is missing");
            return None;
        }
        self.grow(gpu);
        fit(&mut self.pages)
    }

    fn grow(&mut self, gpu: &super::Gpu) {
        let before = self.pages.len() as u32;
        let larger = texture(&gpu.device, before + 1);
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let extent = wgpu::Extent3d { width: PAGE, height: PAGE, depth_or_array_layers: before };
        encoder.copy_texture_to_texture(self.texture.as_image_copy(), larger.as_image_copy(), extent);
        gpu.queue.submit([encoder.finish()]);
        self.texture = larger;
        self.pages.push(page());
        self.generation += 1;
    }
}

fn page() -> AtlasAllocator {
    AtlasAllocator::new(size2(PAGE as i32, PAGE as i32))
}

fn texture(device: &wgpu::Device, pages: u32) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("glyphs"),
        size: wgpu::Extent3d { width: PAGE, height: PAGE, depth_or_array_layers: pages },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::R8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    })
}
