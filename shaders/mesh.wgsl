// Triangles with a colour at each corner.

struct Corner {
    @location(0) point: vec2<f32>,
    @location(1) colour: vec4<f32>,
}

struct Varying {
    @builtin(position) position: vec4<f32>,
    @location(0) colour: vec4<f32>,
}

@vertex
fn vertex(corner: Corner) -> Varying {
    return Varying(clip_of(corner.point), corner.colour);
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4<f32> {
    return premultiplied(in.colour, 1.0) * view.opacity;
}
