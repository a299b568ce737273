//! The pictures on their way to the windows: surfaces, and presenting them all at once.

use wgpu::CurrentSurfaceTexture as Current;

use super::{Canvas, Gpu, GpuError, PixelFormat};
use crate::geometry::PixelSize;

/// What one window shows pictures on; empty until it is fitted.
#[derive(Default)]
pub struct OutputSurface {
    surface: Option<wgpu::Surface<'static>>,
    config: Option<wgpu::SurfaceConfiguration>,
    pretend_lost: bool,
}

/// How presenting on one surface went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// The picture was queued for presentation.
    Shown,
    /// The window is hidden or has just changed: present again later.
    Later,
    /// The surface is gone: it must be dropped and fitted anew.
    Lost,
}

impl OutputSurface {
    /// Makes the surface if there is none, and gives it the size of the window; nothing is configured where
    /// nothing changed, because drivers leak on each configuration.
    ///
    /// # Errors
    /// When the window can have no surface, or only one whose format no picture has.
    pub fn fit(
        &mut self,
        gpu: &Gpu,
        window: impl Into<wgpu::SurfaceTarget<'static>>,
        size: PixelSize,
    ) -> Result<PixelFormat, GpuError> {
        let surface = match self.surface.take() {
            Some(surface) => surface,
            None => gpu.instance.create_surface(window)?,
        };
        let surface = self.surface.insert(surface);
        let capabilities = surface.get_capabilities(&gpu.adapter);
        let format = [PixelFormat::BLUE_FIRST, PixelFormat::RED_FIRST]
            .into_iter()
            .find(|format| capabilities.formats.contains(&format.0))
            .ok_or(GpuError::NoFormat)?;
        let mut config = surface.get_default_config(&gpu.adapter, size.width, size.height).ok_or(GpuError::NoFormat)?;
        // Mailbox with our own pace: a Fifo surface that nobody sees may block for ever.
        let mailbox = capabilities.present_modes.contains(&wgpu::PresentMode::Mailbox);
        config.format = format.0;
        config.usage = wgpu::TextureUsages::COPY_DST | wgpu::TextureUsages::RENDER_ATTACHMENT;
        config.present_mode = if mailbox { wgpu::PresentMode::Mailbox } else { wgpu::PresentMode::Fifo };
        config.desired_maximum_frame_latency = 1;
        let same = |held: &wgpu::SurfaceConfiguration| {
            (held.width, held.height, held.format) == (config.width, config.height, config.format)
        };
        if !self.config.as_ref().is_some_and(same) {
            surface.configure(&gpu.device, &config);
            self.config = Some(config);
        }
        Ok(format)
    }

    /// Lets the surface go: it must not outlive its device.
    pub fn release(&mut self) {
        *self = Self::default();
    }

    /// Makes the next present report a lost surface; for tests.
    pub fn pretend_lost(&mut self) {
        self.pretend_lost = true;
    }

    /// Takes the texture that is shown next.
    fn acquire(&mut self, gpu: &Gpu) -> Result<wgpu::SurfaceTexture, Presented> {
        let (Some(surface), Some(config)) = (&self.surface, &self.config) else { return Err(Presented::Later) };
        if std::mem::take(&mut self.pretend_lost) {
            return Err(Presented::Lost);
        }
        match surface.get_current_texture() {
            Current::Success(texture) | Current::Suboptimal(texture) => Ok(texture),
            Current::Timeout | Current::Occluded => Err(Presented::Later),
            Current::Outdated => {
                surface.configure(&gpu.device, config);
                Err(Presented::Later)
            }
            Current::Lost | Current::Validation => Err(Presented::Lost),
        }
    }
}

/// Presents pictures on their windows: acquires all, copies in one submission, presents together. Calls
/// `about_to_present` with a picture's index just before.
pub fn present_all(
    gpu: &Gpu,
    pictures: &mut [(&mut OutputSurface, Option<&Canvas>)],
    mut about_to_present: impl FnMut(usize),
) -> Vec<Presented> {
    let mut acquired = Vec::with_capacity(pictures.len());
    let mut outcomes = vec![Presented::Shown; pictures.len()];
    let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    for (place, (surface, canvas)) in pictures.iter_mut().enumerate() {
        match surface.acquire(gpu) {
            Ok(target) => {
                if let Some(picture) = canvas.and_then(|c| c.picture())
                    && picture.size() == target.texture.size()
                {
                    let (from, to) = (picture.as_image_copy(), target.texture.as_image_copy());
                    encoder.copy_texture_to_texture(from, to, picture.size());
                }
                acquired.push((place, target));
            }
            Err(outcome) => outcomes[place] = outcome,
        }
    }
    if !acquired.is_empty() {
        gpu.queue.submit([encoder.finish()]);
    }
    for (place, target) in acquired {
        about_to_present(place);
        gpu.queue.present(target);
    }
    outcomes
}
