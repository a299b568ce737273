//! The device, and what can go wrong with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use image::RgbaImage;
use wgpu::{Backends, InstanceDescriptor, RequestAdapterOptions};

pub use wgpu::wgt::WgpuHasDisplayHandle as DisplayHandle;

/// Why there is no GPU to draw with.
#[derive(Debug, thiserror::Error)]
pub enum GpuError {
    /// No driver offers one.
    #[error("no Vulkan device: install a driver (on Debian: mesa-vulkan-drivers and libvulkan1); {0}")]
    NoAdapter(#[from] wgpu::RequestAdapterError),
    /// The driver refused.
    #[error("the GPU's driver gave no device: {0}")]
    NoDevice(#[from] wgpu::RequestDeviceError),
    /// A picture could not be read back.
    #[error("the picture could not be read from the GPU: {0}")]
    Readback(String),
    /// A surface could not be made for a window.
    #[error("no surface for the window: {0}")]
    Surface(#[from] wgpu::CreateSurfaceError),
    /// A surface offers no format that a picture has.
    #[error("the surface offers no plain format of eight bits a colour")]
    NoFormat,
}

/// The device that drives every output.
pub struct Gpu {
    pub(super) instance: wgpu::Instance,
    pub(super) adapter: wgpu::Adapter,
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    lost: Arc<AtomicBool>,
    exhausted: Arc<AtomicBool>,
}

impl Gpu {
    /// Opens the best device; `display` is the connection on which surfaces will be made, if there is one.
    ///
    /// # Errors
    /// When there is no driver, or it gives no device.
    pub fn open(display: Option<Box<dyn DisplayHandle>>) -> Result<Self, GpuError> {
        let mut descriptor = match display {
            Some(display) => InstanceDescriptor::new_with_display_handle(display),
            None => InstanceDescriptor::new_without_display_handle(),
        };
        descriptor.backends = Backends::VULKAN;
        descriptor.flags = wgpu::InstanceFlags::empty().with_env();
        let instance = wgpu::Instance::new(descriptor);
        let options = RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..RequestAdapterOptions::default()
        };
        let adapter = pollster::block_on(instance.request_adapter(&options))?;
        let limits = wgpu::Limits {
            max_texture_dimension_2d: adapter.limits().max_texture_dimension_2d,
            ..wgpu::Limits::downlevel_defaults()
        };
        let request = wgpu::DeviceDescriptor {
            label: Some("obzor"),
            required_features: wgpu::Features::empty(),
            required_limits: limits,
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..wgpu::DeviceDescriptor::default()
        };
        let (device, queue) = pollster::block_on(adapter.request_device(&request))?;
        let (lost, exhausted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (lost_flag, exhausted_flag) = (lost.clone(), exhausted.clone());
        device.set_device_lost_callback(move |reason, message| {
            tracing::error!(?reason, %message, "the GPU is lost");
            lost_flag.store(true, Ordering::Release);
        });
        // wgpu's own handler panics; a wall goes on, and builds the device anew where memory ran out.
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            if matches!(error, wgpu::Error::OutOfMemory { .. }) {
                exhausted_flag.store(true, Ordering::Release);
            }
            tracing::error!(%error, "the GPU refused");
        }));
        Ok(Self { instance, adapter, device, queue, lost, exhausted })
    }

    /// Whether the device is gone, or out of memory, and everything on it must be built again.
    pub fn must_be_rebuilt(&self) -> bool {
        self.lost.load(Ordering::Acquire) || self.exhausted.load(Ordering::Acquire)
    }

    /// Frees finished GPU work without waiting.
    pub fn tidy(&self) {
        // What fails here is told by the callbacks.
        let _ = self.device.poll(wgpu::PollType::Poll);
    }

    /// Waits until all submitted GPU work is done; for measurements.
    pub fn wait(&self) {
        // What fails here is told by the callbacks.
        let _ = self.device.poll(wgpu::PollType::wait_indefinitely());
    }

    /// Simulates a lost device; for tests.
    pub fn destroy(&self) {
        self.device.destroy();
    }

    /// As if memory had run out: for tests.
    pub fn pretend_out_of_memory(&self) {
        self.exhausted.store(true, Ordering::Release);
    }

    /// The device's name and driver, for figures and messages.
    pub fn name(&self) -> String {
        let info = self.adapter.get_info();
        format!("{} ({:?}, {} {})", info.name, info.backend, info.driver, info.driver_info)
    }

    /// Reads a texture of four bytes a pixel back.
    ///
    /// # Errors
    /// When the device is lost on the way.
    pub fn read(&self, texture: &wgpu::Texture) -> Result<RgbaImage, GpuError> {
        Readback::new(self, texture).finish()
    }
}

/// A software GPU takes a second for a large wall at most.
const READBACK_TIMEOUT: Duration = Duration::from_secs(20);

/// A pending readback. Its copy was submitted with the frames; callers wait for the pixels on a thread of their own.
pub struct Readback {
    device: wgpu::Device,
    submission: wgpu::SubmissionIndex,
    buffer: wgpu::Buffer,
    row_bytes: u32,
    size: (u32, u32),
    blue_first: bool,
}

impl Readback {
    /// Copies `texture` to where it can be read.
    pub fn new(gpu: &Gpu, texture: &wgpu::Texture) -> Self {
        let size = (texture.width(), texture.height());
        let row_bytes = (size.0 * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("readback"),
            size: u64::from(row_bytes) * u64::from(size.1),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let target = wgpu::TexelCopyBufferInfo {
            buffer: &buffer,
            layout: wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row_bytes), rows_per_image: None },
        };
        encoder.copy_texture_to_buffer(texture.as_image_copy(), target, texture.size());
        let submission = gpu.queue.submit([encoder.finish()]);
        let device = gpu.device.clone();
        let blue_first =
            matches!(texture.format(), wgpu::TextureFormat::Bgra8Unorm | wgpu::TextureFormat::Bgra8UnormSrgb);
        Self { device, submission, buffer, row_bytes, size, blue_first }
    }

    /// Waits for the copy and takes the pixels, opaque.
    ///
    /// # Errors
    /// When the device is lost on the way, or hangs for `READBACK_TIMEOUT`.
    pub fn finish(self) -> Result<RgbaImage, GpuError> {
        let (sender, receiver) = std::sync::mpsc::channel();
        self.buffer.map_async(wgpu::MapMode::Read, .., move |result| {
            let _ = sender.send(result);
        });
        let wait = wgpu::PollType::Wait { submission_index: Some(self.submission), timeout: Some(READBACK_TIMEOUT) };
        self.device.poll(wait).map_err(|e| GpuError::Readback(e.to_string()))?;
        receiver
            .recv_timeout(READBACK_TIMEOUT)
            .map_err(|e| GpuError::Readback(e.to_string()))?
            .map_err(|e| GpuError::Readback(e.to_string()))?;
        let mapped = self.buffer.get_mapped_range(..).map_err(|e| GpuError::Readback(e.to_string()))?;
        let mut pixels = Vec::with_capacity((self.size.0 * self.size.1 * 4) as usize);
        for row in mapped.chunks(self.row_bytes as usize) {
            pixels.extend_from_slice(&row[..(self.size.0 * 4) as usize]);
        }
        for pixel in pixels.chunks_exact_mut(4) {
            if self.blue_first {
                pixel.swap(0, 2);
            }
            pixel[3] = 255;
        }
        RgbaImage::from_raw(self.size.0, self.size.1, pixels).ok_or_else(|| GpuError::Readback("short picture".into()))
    }
}
