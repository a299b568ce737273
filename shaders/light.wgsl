// Soft lights that add up: no alpha is written, so what is under them stays.

struct Light {
    @location(0) centre: vec2<f32>,
    @location(1) radius: f32,
    @location(2) colour: vec4<f32>,
}

struct Varying {
    @builtin(position) position: vec4<f32>,
    @location(0) @interpolate(flat) centre: vec2<f32>,
    @location(1) @interpolate(flat) radius: f32,
    @location(2) @interpolate(flat) colour: vec4<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32, light: Light) -> Varying {
    let point = light.centre + (corner_of(index) * 2.0 - 1.0) * light.radius;
    return Varying(clip_of(point), light.centre, light.radius, light.colour);
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4<f32> {
    let distance = (layer_of(in.position.xy) - in.centre) / in.radius;
    let fall = max(1.0 - dot(distance, distance), 0.0);
    return vec4<f32>(in.colour.rgb * in.colour.a * fall * fall * view.opacity, 0.0);
}
