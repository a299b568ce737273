//! One pipeline a kind of primitive, from the shaders.

use wgpu::{BindGroupLayout, BlendState, TextureFormat, VertexStepMode};

use super::instances::{CornerInstance, GlyphInstance, HeatInstance, PictureInstance, ShapeInstance, ViewUniform};

/// The shaders with their names, each with `view.wgsl` before it.
pub fn shaders() -> [(&'static str, String); 5] {
    const VIEW: &str = include_str!("../../shaders/view.wgsl");
    [
        ("shape", include_str!("../../shaders/shape.wgsl")),
        ("glyph", include_str!("../../shaders/glyph.wgsl")),
        ("mesh", include_str!("../../shaders/mesh.wgsl")),
        ("picture", include_str!("../../shaders/picture.wgsl")),
        ("heat", include_str!("../../shaders/heat.wgsl")),
    ]
    .map(|(name, source)| (name, format!("{VIEW}\n{source}")))
}

/// The pipelines for one format of target, and the layouts that they share.
pub struct Pipelines {
    pub shape: wgpu::RenderPipeline,
    /// The inside of an opaque shape of one colour.
    pub solid: wgpu::RenderPipeline,
    /// The inside of an opaque shape whose colour changes from edge to edge.
    pub gradient: wgpu::RenderPipeline,
    pub glyph: wgpu::RenderPipeline,
    pub mesh: wgpu::RenderPipeline,
    pub picture: wgpu::RenderPipeline,
    pub heat: wgpu::RenderPipeline,
}

/// Layouts of what pipelines read.
pub struct Layouts {
    pub view: BindGroupLayout,
    pub pages: BindGroupLayout,
    pub picture: BindGroupLayout,
    pub heat: BindGroupLayout,
}

impl Layouts {
    pub fn new(device: &wgpu::Device) -> Self {
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
            ty,
            count: None,
        };
        let texture = |view_dimension| wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: true },
            view_dimension,
            multisampled: false,
        };
        let layout = |label, entries: &[wgpu::BindGroupLayoutEntry]| {
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries })
        };
        let view = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: true,
            min_binding_size: wgpu::BufferSize::new(size_of::<ViewUniform>() as u64),
        };
        let plane = texture(wgpu::TextureViewDimension::D2);
        let sampler = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
        Self {
            view: layout("view", &[entry(0, view)]),
            pages: layout("pages", &[entry(0, texture(wgpu::TextureViewDimension::D2Array))]),
            picture: layout("picture", &[entry(0, plane), entry(1, sampler)]),
            heat: layout("heat", &[entry(0, plane), entry(1, plane), entry(2, plane), entry(3, sampler)]),
        }
    }
}

impl Pipelines {
    pub fn new(device: &wgpu::Device, layouts: &Layouts, format: TextureFormat) -> Self {
        const OVER: Option<BlendState> = Some(BlendState::PREMULTIPLIED_ALPHA_BLENDING);
        let [shape, glyph, mesh, picture, heat] = shaders().map(|(name, source)| {
            device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(name),
                source: wgpu::ShaderSource::Wgsl(source.into()),
            })
        });
        let make = |module: &wgpu::ShaderModule,
                    (fragment, blend): (&str, Option<BlendState>),
                    formats: &[wgpu::VertexFormat],
                    step,
                    second: Option<&BindGroupLayout>| {
            let mut offset = 0;
            let attributes: Vec<wgpu::VertexAttribute> = formats
                .iter()
                .enumerate()
                .map(|(location, format)| {
                    let attribute = wgpu::VertexAttribute { format: *format, offset, shader_location: location as u32 };
                    offset += format.size();
                    attribute
                })
                .collect();
            let buffer = wgpu::VertexBufferLayout { array_stride: offset, step_mode: step, attributes: &attributes };
            let groups: Vec<Option<&BindGroupLayout>> =
                std::iter::once(Some(&layouts.view)).chain(second.map(Some)).collect();
            let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: None,
                bind_group_layouts: &groups,
                immediate_size: 0,
            });
            let topology = if step == VertexStepMode::Instance {
                wgpu::PrimitiveTopology::TriangleStrip
            } else {
                wgpu::PrimitiveTopology::TriangleList
            };
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: None,
                layout: Some(&layout),
                vertex: wgpu::VertexState {
                    module,
                    entry_point: Some("vertex"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[Some(buffer)],
                },
                primitive: wgpu::PrimitiveState { topology, ..wgpu::PrimitiveState::default() },
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module,
                    entry_point: Some(fragment),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &[Some(wgpu::ColorTargetState { format, blend, write_mask: wgpu::ColorWrites::ALL })],
                }),
                multiview_mask: None,
                cache: None,
            })
        };
        let (instance, corner) = (VertexStepMode::Instance, VertexStepMode::Vertex);
        let usual = ("fragment", OVER);
        Self {
            shape: make(&shape, usual, ShapeInstance::FORMATS, instance, None),
            solid: make(&shape, ("solid", None), ShapeInstance::FORMATS, instance, None),
            gradient: make(&shape, ("gradient", None), ShapeInstance::FORMATS, instance, None),
            glyph: make(&glyph, usual, GlyphInstance::FORMATS, instance, Some(&layouts.pages)),
            mesh: make(&mesh, usual, CornerInstance::FORMATS, corner, None),
            picture: make(&picture, usual, PictureInstance::FORMATS, instance, Some(&layouts.picture)),
            heat: make(&heat, usual, HeatInstance::FORMATS, instance, Some(&layouts.heat)),
        }
    }
}
