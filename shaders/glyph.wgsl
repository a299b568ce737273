// Glyphs from the pages of the atlas, texel by texel.

struct Glyph {
    // Left, top, width and height in wall pixels.
    @location(0) place: vec4<f32>,
    // Left and top in the page, the page, unused.
    @location(1) texels: vec4<u32>,
    @location(2) colour: vec4<f32>,
}

struct Varying {
    @builtin(position) position: vec4<f32>,
    @location(0) @interpolate(flat) place: vec4<f32>,
    @location(1) @interpolate(flat) texels: vec4<u32>,
    @location(2) @interpolate(flat) colour: vec4<f32>,
}

@group(1) @binding(0) var pages: texture_2d_array<f32>;

@vertex
fn vertex(@builtin(vertex_index) index: u32, glyph: Glyph) -> Varying {
    let point = glyph.place.xy + glyph.place.zw * corner_of(index);
    return Varying(clip_of(point), glyph.place, glyph.texels, glyph.colour);
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4<f32> {
    let within = (layer_of(in.position.xy) - in.place.xy) * view.scale;
    let last = in.place.zw * view.scale - vec2<f32>(0.5, 0.5);
    let texel = vec2<i32>(floor(clamp(within, vec2<f32>(0.0, 0.0), last)));
    let coverage = textureLoad(pages, vec2<i32>(in.texels.xy) + texel, i32(in.texels.z), 0).r;
    return premultiplied(in.colour, coverage) * view.opacity;
}
