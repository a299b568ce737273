// A texture over a rectangle: pictures of panels and whole layouts texel by texel, images smoothly.

struct Picture {
    // Left, top, right and bottom in wall pixels.
    @location(0) edges: vec4<f32>,
    // Radius of the corners; 1 for texel by texel, 0 for smoothly; unused.
    @location(1) form: vec4<f32>,
}

struct Varying {
    @builtin(position) position: vec4<f32>,
    @location(0) @interpolate(flat) edges: vec4<f32>,
    @location(1) @interpolate(flat) form: vec4<f32>,
}

@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var smoothly: sampler;

@vertex
fn vertex(@builtin(vertex_index) index: u32, quad: Picture) -> Varying {
    return Varying(clip_of(mix(quad.edges.xy, quad.edges.zw, corner_of(index))), quad.edges, quad.form);
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4<f32> {
    let point = layer_of(in.position.xy);
    let size = in.edges.zw - in.edges.xy;
    if in.form.y == 1.0 {
        // The texture holds premultiplied colours at the output's own scale.
        let limits = vec2<f32>(textureDimensions(picture)) - vec2<f32>(0.5, 0.5);
        let texel = clamp((point - in.edges.xy) * view.scale, vec2<f32>(0.0, 0.0), limits);
        return textureLoad(picture, vec2<i32>(floor(texel)), 0) * view.opacity;
    }
    let colour = textureSampleLevel(picture, smoothly, (point - in.edges.xy) / size, 0.0);
    let distance = round_box(point - (in.edges.xy + in.edges.zw) * 0.5, size * 0.5, in.form.x);
    return premultiplied(colour, coverage_of(distance)) * view.opacity;
}
