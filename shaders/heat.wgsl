// A field of levels over a rectangle, shown by the ramp; as the layer grows a finer field takes its place.

struct Heat {
    // Left, top, right and bottom of the field, in pixels of the layer.
    @location(0) edges: vec4<f32>,
    // The same of the field that takes its place.
    @location(1) next: vec4<f32>,
    // The zooms at which it begins to and has done so, nothing, 1 where there is such a field.
    @location(2) form: vec4<f32>,
}

struct Varying {
    @builtin(position) position: vec4<f32>,
    @location(0) @interpolate(flat) edges: vec4<f32>,
    @location(1) @interpolate(flat) next: vec4<f32>,
    @location(2) @interpolate(flat) form: vec4<f32>,
}

@group(1) @binding(0) var field: texture_2d<f32>;
@group(1) @binding(1) var finer: texture_2d<f32>;
@group(1) @binding(2) var ramp: texture_2d<f32>;
@group(1) @binding(3) var smoothly: sampler;

@vertex
fn vertex(@builtin(vertex_index) index: u32, heat: Heat) -> Varying {
    return Varying(clip_of(mix(heat.edges.xy, heat.edges.zw, corner_of(index))), heat.edges, heat.next, heat.form);
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4<f32> {
    let point = layer_of(in.position.xy);
    var level = textureSampleLevel(field, smoothly, (point - in.edges.xy) / (in.edges.zw - in.edges.xy), 0.0).r;
    if in.form.w == 1.0 {
        let place = (point - in.next.xy) / (in.next.zw - in.next.xy);
        let t = smoothstep(in.form.x, in.form.y, view.zoom);
        level = mix(level, textureSampleLevel(finer, smoothly, place, 0.0).r, t);
    }
    let colour = textureLoad(ramp, vec2<i32>(i32(level * 255.0 + 0.5), 0), 0);
    return premultiplied(colour, 1.0) * view.opacity;
}
