// Put before every other shader: where a layer is seen from.
//
// Fragments work out their place on the wall from the pixel they are, by whole numbers where the output has
// the wall's pitch: a wall painted whole and the same wall painted output by output agree to the last bit.

struct View {
    // Output pixels from wall pixels: out = x_axis * wall.x + y_axis * wall.y + origin.
    x_axis: vec2<f32>,
    y_axis: vec2<f32>,
    origin: vec2<f32>,
    // Output pixels across and down.
    size: vec2<f32>,
    // Wall pixels from output pixels.
    wall_x_axis: vec2<f32>,
    wall_y_axis: vec2<f32>,
    wall_origin: vec2<f32>,
    // By how much the layer is moved, in wall pixels.
    offset: vec2<f32>,
    // Output pixels to a wall pixel.
    scale: f32,
    opacity: f32,
    // By how much the layer is enlarged before it is moved.
    zoom: f32,
    padding: f32,
}

@group(0) @binding(0) var<uniform> view: View;

// Clip space of a point of the layer.
fn clip_of(point: vec2<f32>) -> vec4<f32> {
    let wall = point * view.zoom + view.offset;
    let at = view.x_axis * wall.x + view.y_axis * wall.y + view.origin;
    return vec4<f32>(at.x / view.size.x * 2.0 - 1.0, 1.0 - at.y / view.size.y * 2.0, 0.0, 1.0);
}

// The point of the wall under a fragment.
fn wall_of(fragment: vec2<f32>) -> vec2<f32> {
    return view.wall_x_axis * fragment.x + view.wall_y_axis * fragment.y + view.wall_origin;
}

// The point of the layer under a fragment.
fn layer_of(fragment: vec2<f32>) -> vec2<f32> {
    return (wall_of(fragment) - view.offset) / view.zoom;
}

fn corner_of(index: u32) -> vec2<f32> {
    return vec2<f32>(f32(index & 1u), f32(index >> 1u));
}

fn premultiplied(colour: vec4<f32>, coverage: f32) -> vec4<f32> {
    let alpha = colour.a * coverage;
    return vec4<f32>(colour.rgb * alpha, alpha);
}

// Signed distance to a box with round corners, around the origin.
fn round_box(point: vec2<f32>, half_size: vec2<f32>, radius: f32) -> f32 {
    let q = abs(point) - half_size + vec2<f32>(radius, radius);
    return length(max(q, vec2<f32>(0.0, 0.0))) + min(max(q.x, q.y), 0.0) - radius;
}

// Coverage of a pixel by a shape whose edge is at this signed distance, in wall pixels.
fn coverage_of(distance: f32) -> f32 {
    return clamp(0.5 - distance * view.scale, 0.0, 1.0);
}
