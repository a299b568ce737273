// Rectangles with round corners and segments with round ends, filled and edged, by signed distance.

struct Shape {
    @location(0) edges: vec4<f32>,
    // Radius of corners (half the width of a segment), width of the border, kind, part.
    @location(1) form: vec4<f32>,
    @location(2) first: vec4<f32>,
    @location(3) second: vec4<f32>,
    @location(4) border: vec4<f32>,
}

struct Varying {
    @builtin(position) position: vec4<f32>,
    @location(0) @interpolate(flat) edges: vec4<f32>,
    @location(1) @interpolate(flat) form: vec4<f32>,
    @location(2) @interpolate(flat) first: vec4<f32>,
    @location(3) @interpolate(flat) second: vec4<f32>,
    @location(4) @interpolate(flat) border: vec4<f32>,
}

const VERTICAL: f32 = 0.0;
const HORIZONTAL: f32 = 1.0;
const RADIAL: f32 = 2.0;
const SEGMENT: f32 = 3.0;

// A large opaque rectangle is painted in parts: what is far from its edges needs no distance to them.
const WHOLE: f32 = 0.0;
const TOP: f32 = 1.0;
const BOTTOM: f32 = 2.0;
const LEFT: f32 = 3.0;
const RIGHT: f32 = 4.0;
const INSIDE: f32 = 5.0;

@vertex
fn vertex(@builtin(vertex_index) index: u32, shape: Shape) -> Varying {
    let corner = corner_of(index);
    var point: vec2<f32>;
    let margin = 1.0 / view.scale / view.zoom;
    if shape.form.z == SEGMENT {
        let a = shape.edges.xy;
        let b = shape.edges.zw;
        let way = b - a;
        let length_of_way = max(length(way), 0.0001);
        let along = way / length_of_way;
        let across = vec2<f32>(-along.y, along.x);
        // A line keeps its width however much its layer is enlarged.
        let reach = shape.form.x / view.zoom + margin;
        point = a - along * reach + along * (length_of_way + 2.0 * reach) * corner.x + across * reach * (corner.y * 2.0 - 1.0);
    } else {
        var low = shape.edges.xy - vec2<f32>(margin, margin);
        var high = shape.edges.zw + vec2<f32>(margin, margin);
        let part = shape.form.w;
        let inset = shape.form.x + shape.form.y / view.zoom + 2.0 * margin;
        let inner_low = shape.edges.xy + vec2<f32>(inset, inset);
        let inner_high = shape.edges.zw - vec2<f32>(inset, inset);
        if part == TOP {
            high.y = inner_low.y;
        } else if part == BOTTOM {
            low.y = inner_high.y;
        } else if part != WHOLE {
            low.y = inner_low.y;
            high.y = inner_high.y;
        }
        if part == LEFT {
            high.x = inner_low.x;
        } else if part == RIGHT {
            low.x = inner_high.x;
        } else if part == INSIDE {
            low.x = inner_low.x;
            high.x = inner_high.x;
        }
        point = select(low, high, corner > vec2<f32>(0.5, 0.5));
    }
    return Varying(clip_of(point), shape.edges, shape.form, shape.first, shape.second, shape.border);
}

// Half a step of eight bits of noise from the pixel's place, so that gradients do not band on a screen.
fn dither(wall: vec2<f32>) -> f32 {
    let cell = floor(wall);
    return (fract(52.9829189 * fract(dot(cell, vec2<f32>(0.06711056, 0.00583715)))) - 0.5) / 255.0;
}

// How far along a gradient from one edge to the other a point is.
fn along_axis(in: Varying, point: vec2<f32>) -> f32 {
    let far = (point - in.edges.xy) / (in.edges.zw - in.edges.xy);
    return select(far.y, far.x, in.form.z == HORIZONTAL);
}

// The colour of a gradient.
fn mixed(in: Varying, t: f32) -> vec4<f32> {
    let fill = mix(in.first, in.second, clamp(t, 0.0, 1.0));
    let noise = dither(wall_of(in.position.xy));
    return vec4<f32>(clamp(fill.rgb + vec3<f32>(noise, noise, noise), vec3<f32>(0.0), vec3<f32>(1.0)), fill.a);
}

// The inside of a rectangle of one colour.
@fragment
fn solid(in: Varying) -> @location(0) vec4<f32> {
    return premultiplied(in.first, 1.0) * view.opacity;
}

// The inside of a rectangle whose colour changes from edge to edge.
@fragment
fn gradient(in: Varying) -> @location(0) vec4<f32> {
    return premultiplied(mixed(in, along_axis(in, layer_of(in.position.xy))), 1.0) * view.opacity;
}

@fragment
fn fragment(in: Varying) -> @location(0) vec4<f32> {
    let point = layer_of(in.position.xy);
    if in.form.z == SEGMENT {
        let a = in.edges.xy;
        let way = in.edges.zw - a;
        let t = clamp(dot(point - a, way) / max(dot(way, way), 0.000001), 0.0, 1.0);
        let distance = length(point - a - way * t) * view.zoom - in.form.x;
        return premultiplied(in.first, coverage_of(distance)) * view.opacity;
    }
    let middle = (in.edges.xy + in.edges.zw) * 0.5;
    let half_size = (in.edges.zw - in.edges.xy) * 0.5;
    let radius = min(in.form.x, min(half_size.x, half_size.y));
    let distance = round_box(point - middle, half_size, radius) * view.zoom;
    var fill = in.first;
    if any(in.first != in.second) {
        var t = along_axis(in, point);
        if in.form.z == RADIAL {
            t = smoothstep(0.0, 1.0, length((point - middle) / half_size));
        }
        fill = mixed(in, t);
    }
    var colour = premultiplied(fill, coverage_of(distance));
    if in.form.y > 0.0 {
        let inner = coverage_of(distance + in.form.y * view.zoom);
        let edge = premultiplied(in.border, max(coverage_of(distance) - inner, 0.0));
        colour = edge + premultiplied(fill, inner);
    }
    return colour * view.opacity;
}
