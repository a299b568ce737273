//! What the shaders read: the Rust twins of the structs in `shaders/`. A test compares their layouts.

use bytemuck::{Pod, Zeroable};
use wgpu::VertexFormat;

/// `View` in view.wgsl.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct ViewUniform {
    /// Output pixels from wall pixels.
    pub x_axis: [f32; 2],
    /// Output pixels from wall pixels.
    pub y_axis: [f32; 2],
    /// Output pixels from wall pixels.
    pub origin: [f32; 2],
    /// Output pixels across and down.
    pub size: [f32; 2],
    /// Wall pixels from output pixels.
    pub wall_x_axis: [f32; 2],
    /// Wall pixels from output pixels.
    pub wall_y_axis: [f32; 2],
    /// Wall pixels from output pixels.
    pub wall_origin: [f32; 2],
    /// Wall pixels.
    pub offset: [f32; 2],
    /// Output pixels to a wall pixel.
    pub scale: f32,
    /// 0 to 1.
    pub opacity: f32,
    /// By how much the layer is enlarged.
    pub zoom: f32,
    /// Unused.
    pub padding: f32,
}

macro_rules! instance {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $format:ident,)* }) => {
        $(#[$doc])*
        #[repr(C)]
        #[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

        impl $name {
            /// The formats of the fields, in the order of their locations.
            pub const FORMATS: &'static [VertexFormat] = &[$(VertexFormat::$format),*];
            /// The names of the fields, as the shader has them.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }
    };
}

instance! {
    /// `Shape` in shape.wgsl.
    ShapeInstance {
        /// Left, top, right, bottom, or the two ends of a segment; in wall pixels.
        edges: [f32; 4] = Float32x4,
        /// Corner radius and border width in wall pixels, kind, part of the rectangle.
        form: [f32; 4] = Float32x4,
        /// The fill, or where a gradient begins.
        first: [u8; 4] = Unorm8x4,
        /// Where a gradient ends.
        second: [u8; 4] = Unorm8x4,
        /// The border.
        border: [u8; 4] = Unorm8x4,
    }
}

instance! {
    /// `Glyph` in glyph.wgsl.
    GlyphInstance {
        /// Left, top, width, height in wall pixels.
        place: [f32; 4] = Float32x4,
        /// Left and top in the page, the page, unused.
        texels: [u32; 4] = Uint32x4,
        /// The colour.
        colour: [u8; 4] = Unorm8x4,
    }
}

instance! {
    /// `Corner` in mesh.wgsl.
    CornerInstance {
        /// In wall pixels.
        point: [f32; 2] = Float32x2,
        /// The colour.
        colour: [u8; 4] = Unorm8x4,
    }
}

instance! {
    /// `Picture` in picture.wgsl.
    PictureInstance {
        /// Left, top, right, bottom in wall pixels.
        edges: [f32; 4] = Float32x4,
        /// Radius of the corners; 1 for texel by texel; unused.
        form: [f32; 4] = Float32x4,
    }
}

instance! {
    /// `Heat` in heat.wgsl.
    HeatInstance {
        /// Left, top, right, bottom of the field.
        edges: [f32; 4] = Float32x4,
        /// The same of the finer one.
        next: [f32; 4] = Float32x4,
        /// The zooms at which the finer field's fade-in starts and ends, unused, 1 if there is a finer field.
        form: [f32; 4] = Float32x4,
    }
}
