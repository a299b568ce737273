//! Contrast as it is seen: every text of every shipped layout, in each theme, against the worst pixel that it stands on.

mod common;

use std::sync::Arc;

use common::picture::{FORMAT, single};
use common::{NOW, demo_revision};
use obzor::compose::Composer;
use obzor::data::Condition;
use obzor::language::Lang;
use obzor::layout::{BUILT_IN, Catalogue};
use obzor::render::{Canvas, Gpu, Renderer};
use obzor::scene::{Colour, Content, Primitive, Scene, THEMES};
use obzor::state::State;

/// Of text that is current, by WCAG 2.2; large figures need less.
const LEAST: f64 = 6.0;
/// Of what is too old to be acted upon.
const LEAST_OLD: f64 = 4.5;
/// Letters from so many units on are large.
const LARGE: f32 = 2.0;
/// So many pixels at the edges of things may be between two colours: they are no ground that letters stand on.
const EDGES: f64 = 0.02;

/// The scene without its words.
fn wordless(scene: &Scene) -> Scene {
    let mut bare = scene.clone();
    for layer in bare.groups.iter_mut().flat_map(|group| &mut group.layers) {
        let kept = layer.content.primitives.iter().filter(|p| !matches!(p, Primitive::Text { .. })).cloned().collect();
        layer.content = Arc::new(Content::new(kept, layer.content.costly));
    }
    bare
}

#[test]
fn words_are_read_on_whatever_they_stand_on() {
    let gpu = Gpu::open(None).unwrap();
    let mut found: Vec<String> = Vec::new();
    let mut measured = 0;
    for (name, _) in BUILT_IN.iter().filter(|(name, _)| *name != "identify") {
        let (width, height) = match *name {
            "situation-room" => (1920, 540),
            "portrait" | "public-kiosk" => (720, 1280),
            _ => (1280, 720),
        };
        let unit = if *name == "public-kiosk" {
            17.0
        } else if *name == "situation-room" {
            21.0
        } else {
            24.0
        };
        let fresh = demo_revision(name);
        let old = common::in_condition(Condition::Old, &fresh, name);
        // As it is, when its data is old, and upright.
        let cases =
            [(&fresh, (width, height), LEAST), (&old, (width, height), LEAST_OLD), (&fresh, (720, 1280), LEAST)];
        let cases = cases.into_iter().flat_map(|case| THEMES.iter().map(move |(theme, _)| (case, *theme)));
        for ((revision, (width, height), enough), theme) in cases {
            let unit = if height > width { 17.0 } else { unit };
            let mut wall = single(width, height, unit);
            wall.theme = Some(toml::Value::String(theme.to_owned()).try_into().unwrap());
            let mut catalogue = Catalogue::default();
            let state = State::new(catalogue.put(name, Catalogue::load(name).unwrap()), Lang::Ru);
            let scene = Composer::default().compose(&state, &catalogue, revision, &wall, NOW).scene;
            let mut canvas = Canvas::new(&obzor::app::render_png::whole(&wall), FORMAT);
            Renderer::new(&gpu).paint(&gpu, &mut canvas, &wordless(&scene));
            let ground = gpu.read(canvas.picture().unwrap()).unwrap();
            for layer in scene.groups.iter().flat_map(|group| &group.layers).filter(|layer| layer.zoom == 1.0) {
                for primitive in &layer.content.primitives {
                    let Primitive::Text { run, origin, colour } = primitive else { continue };
                    if colour.0[3] < 255 || run.is_icon() {
                        continue;
                    }
                    let at = *origin + layer.offset;
                    let around = obzor::geometry::rect(at.x, at.y - 0.7 * run.size, run.width, 0.7 * run.size);
                    let Some(seen) = around.intersection(&layer.clip).and_then(|r| r.intersection(&wall.bounds)) else {
                        continue;
                    };
                    let (mut pixels, mut poor, mut worst) = (0_u32, 0_u32, f64::MAX);
                    let least = if run.size >= LARGE * unit { 0.75 * enough } else { enough };
                    for y in seen.min.y as u32..(seen.max.y as u32).min(height) {
                        for x in seen.min.x as u32..(seen.max.x as u32).min(width) {
                            let [r, g, b, _] = ground.get_pixel(x, y).0;
                            let contrast = colour.contrast(Colour([r, g, b, 255]));
                            pixels += 1;
                            poor += u32::from(contrast < least);
                            worst = worst.min(contrast);
                        }
                    }
                    measured += 1;
                    if f64::from(poor) > EDGES * f64::from(pixels) {
                        found.push(format!(
                            "{name}, {theme}, {width} × {height}: “{}” has {worst:.1}:1 on {poor} of {pixels} pixels",
                            run.text
                        ));
                    }
                }
            }
        }
    }
    assert!(measured > 5000, "{measured} texts were measured");
    assert!(found.is_empty(), "{} of {measured}:\n{}", found.len(), found.join("\n"));
}
