//! Checks a layout before it is on the wall: paints it with the demo region's data, and again with names three times as long,
//! in both languages.
//! What lies over one another, runs out of its panel, is cut short or crosses a bezel is said at its panel.

use std::sync::{Arc, LazyLock};

use crate::clock::Moment;
use crate::compose::Composer;
use crate::data::dataset::Dataset;
use crate::data::filter::FilterSpec;
use crate::data::region::place_names;
use crate::data::{Condition, MaskedTexts, Revision, Snapshot, Store, Update};
use crate::demo::{World, datasets};
use crate::diagnostic::Diagnostic;
use crate::geometry::{WallRect, rect};
use crate::language::{Lang, Sentence};
use crate::layout::{Catalogue, Layout, Placement, parse};
use crate::privacy::Masker;
use crate::scene::{HEADLINE, Primitive, Scene};
use crate::sentence;
use crate::state::State;
use crate::wall::Wall;

/// 2026-11-20T14:05:12 in Moscow: every preflight is of the same moment.
const NOW: Moment = Moment(1_795_172_712_000);
/// So many days of the demo region's life are enough for every panel to say something.
const DAYS: i64 = 9;

/// The demo region's data.
static PLAIN: LazyLock<Snapshot> = LazyLock::new(preflight_snapshot);

/// A text on the wall.
#[derive(Debug, Clone)]
struct Seen {
    words: String,
    /// From the baseline up to cap height, in wall pixels.
    around: WallRect,
    /// Where its layer may paint.
    clip: WallRect,
    /// Font size in wall pixels.
    size: f32,
}

/// What would not be read well on `wall`, one fault of a kind for each panel.
pub fn validate(layout: &Layout, wall: &Wall) -> Vec<Diagnostic> {
    let placed = layout.arranged(wall);
    let mut faults: Vec<Diagnostic> = Vec::new();
    let lengthened = Condition::Long.of(PLAIN.clone(), NOW, &layout.municipalities());
    let cases = [(Lang::Ru, &*PLAIN), (Lang::En, &*PLAIN), (Lang::Ru, &lengthened), (Lang::En, &lengthened)];
    for (lang, data) in cases {
        let Some(scene) = scene(layout, wall, lang, data) else { continue };
        let long = std::ptr::eq(data, &lengthened);
        let texts = texts(&scene);
        for (_, placement, place) in &placed {
            let within: Vec<&Seen> = texts.iter().filter(|text| place.contains(text.around.center())).collect();
            let header = place.min.y + 1.6 * wall.unit_px();
            let found = within_panel(placement, &within, wall, long, header).or_else(|| {
                let message = (!long).then(|| across_bezel(placement, &within, wall)).flatten()?;
                Some((message, sentence!("preflight-bezel-help")))
            });
            if let Some((message, help)) = found {
                // What is wrong in one language, or with short names already, is said once.
                let known = faults.iter().any(|fault| fault.is_at(&placement.source));
                if !known {
                    let fault = Diagnostic::at(&layout.path, &layout.text, placement.source.clone(), message);
                    faults.push(fault.with_help(help));
                }
            }
        }
    }
    faults
}

/// What is wrong among the texts of one panel, whose header ends at a height, and what to do about it.
fn within_panel(
    placement: &Placement,
    texts: &[&Seen],
    wall: &Wall,
    long: bool,
    header: f32,
) -> Option<(Sentence, Sentence)> {
    let kind = placement.kind;
    let names = if long { "long" } else { "usual" };
    for (at, one) in texts.iter().enumerate() {
        for other in &texts[at + 1..] {
            let shared = one.around.intersection(&other.around);
            let least = one.size.min(other.size);
            if shared.is_some_and(|s| s.width() > 0.15 * least && s.height() > 0.2 * least) {
                let message = sentence!(
                    "preflight-over",
                    wall = wall.name,
                    kind = kind,
                    one = one.words,
                    other = other.words,
                    names = names
                );
                return Some((message, sentence!("preflight-room-help")));
            }
        }
        let out =
            one.around.min.x < one.clip.min.x - 0.1 * one.size || one.around.max.x > one.clip.max.x + 0.1 * one.size;
        if out && placement.info.pace.is_none() && !moves(placement) {
            let message = sentence!("preflight-out", wall = wall.name, kind = kind, words = one.words, names = names);
            return Some((message, sentence!("preflight-room-help")));
        }
        // The beginning of free text is enough, but a header must be whole.
        let whole = !placement.info.shows_texts || one.around.max.y < header;
        if !long && one.words.ends_with('…') && whole {
            let message = sentence!("preflight-cut", wall = wall.name, kind = kind, words = one.words);
            return Some((message, sentence!("preflight-short-help")));
        }
    }
    None
}

/// Whether a panel's texts come and go at its edges.
fn moves(placement: &Placement) -> bool {
    matches!(placement.kind, "feed" | "ticker" | "map")
}

/// A text that no screen shows whole.
fn across_bezel(placement: &Placement, texts: &[&Seen], wall: &Wall) -> Option<Sentence> {
    if placement.info.pace.is_some() || placement.kind == "map" {
        return None;
    }
    let (across, down) = wall.seams();
    let headline = HEADLINE * wall.unit_px();
    let crossed = |text: &&&Seen| {
        if text.size > headline {
            return false;
        }
        let slack = 0.1 * text.size;
        let cuts = |low: f32, high: f32, (at, gap): &(f32, f32)| {
            *gap > 0.5 && low < at - gap / 2.0 - slack && high > at + gap / 2.0 + slack
        };
        across.iter().any(|seam| cuts(text.around.min.x, text.around.max.x, seam))
            || down.iter().any(|seam| cuts(text.around.min.y, text.around.max.y, seam))
    };
    let text = texts.iter().find(crossed)?;
    Some(sentence!("preflight-bezel", wall = wall.name, kind = placement.kind, words = text.words))
}

/// What a layout names that the demo region does not have, its presets with it: sentences. A region of one's own may
/// well have them.
pub fn unknown(layout: &Layout) -> Vec<String> {
    PLAIN.region.as_ref().map(|region| layout.unknown_with_presets(&region.dictionaries)).unwrap_or_default()
}

/// What rules count that the demo region does not have: sentences.
pub fn unknown_to_demo(filters: &[FilterSpec]) -> Vec<Sentence> {
    let Some(region) = PLAIN.region.as_ref() else { return Vec::new() };
    let unknown = filters.iter().flat_map(|filter| filter.unknown(&region.dictionaries));
    unknown.map(|said| said.replacen("the region", "the demo region", 1).into()).collect()
}

/// The layout on the wall, as it is composed.
fn scene(layout: &Layout, wall: &Wall, lang: Lang, data: &Snapshot) -> Option<Scene> {
    let own = parse(&layout.path, &layout.text, None).ok()?;
    let queries = own.queries(&data.region.as_ref()?.dictionaries);
    let revision = Revision::default().next(data.clone(), &queries, NOW);
    let mut catalogue = Catalogue::default();
    let state = State::new(catalogue.put("preflight", own), lang);
    Some(Composer::silent(lang).compose(&state, &catalogue, &revision, wall, NOW).scene)
}

fn texts(scene: &Scene) -> Vec<Seen> {
    let mut seen = Vec::new();
    for layer in scene.groups.iter().flat_map(|group| &group.layers).filter(|layer| layer.zoom == 1.0) {
        for primitive in &layer.content.primitives {
            let Primitive::Text { run, origin, .. } = primitive else { continue };
            if run.is_icon() || run.text.trim().is_empty() {
                continue;
            }
            let at = *origin + layer.offset;
            let around = rect(at.x, at.y - 0.7 * run.size, run.width, 0.7 * run.size);
            // What its layer does not show of it is not there.
            if around.intersects(&layer.clip) {
                seen.push(Seen { words: run.text.clone(), around, clip: layer.clip, size: run.size });
            }
        }
    }
    seen
}

/// The demo region's data of the last days.
fn preflight_snapshot() -> Snapshot {
    let world = World::new(1, NOW);
    let mut store = Store::new();
    let masker = Masker::new(place_names(&world.region.dictionaries, &world.region.boundaries));
    store.apply(Update::Region(world.region.clone()), NOW);
    let today = world.day_of(NOW.secs());
    store.apply(Update::Appeals(world.appeals(today - DAYS..=today, NOW).collect()), NOW);
    store.apply(Update::Complete(NOW), NOW);
    let newest: Vec<_> = store.snapshot().latest.iter().map(|arrival| arrival.appeal).collect();
    let words = newest.iter().map(|appeal| {
        let (text, reply) = world.words(appeal);
        (
            appeal.id,
            MaskedTexts { text: masker.displayable(&text), reply: reply.map(|reply| masker.displayable(&reply)) },
        )
    });
    store.apply(Update::MaskedTexts(words.collect()), NOW);
    for name in datasets::NAMES {
        let answer = datasets::dataset(&world, name, NOW.secs()).unwrap_or_default();
        store.apply(Update::Dataset(Arc::new(Dataset::kept(name, answer.records, answer.published)), NOW), NOW);
    }
    store.snapshot()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::PixelSize;
    use crate::layout::BUILT_IN;
    use std::path::Path;

    fn desktop(width: u32, height: u32) -> Wall {
        Wall::of_desktop([("wall".to_owned(), (0, 0), PixelSize::new(width, height))], None)
    }

    #[test]
    fn every_shipped_layout_is_read_whole_in_both_languages() {
        let mut found = Vec::new();
        let main_wall = include_str!("../../layouts/walls/4x2.toml");
        let main_wall = crate::wall::parse(Path::new("4x2.toml"), main_wall).unwrap();
        let upright = include_str!("../../layouts/walls/kiosk-portrait.toml");
        let upright = crate::wall::parse(Path::new("kiosk-portrait.toml"), upright).unwrap();
        let four = crate::wall::parse(Path::new("2x2.toml"), include_str!("../../layouts/walls/2x2.toml")).unwrap();
        for (name, _) in BUILT_IN.iter().filter(|(name, _)| !["portrait", "public-kiosk"].contains(name)) {
            let layout = Catalogue::load(name).unwrap();
            for wall in [&main_wall, &four] {
                let faults = [validate(&layout, wall), crate::layout::legibility::validate(&layout, wall)].concat();
                found.extend(faults.iter().map(|fault| format!("{name} on {}: {}", wall.name, fault.message)));
            }
        }
        for (name, _) in BUILT_IN {
            let walls = match *name {
                "situation-room" => vec![desktop(3840, 1080), upright.clone()],
                "portrait" | "public-kiosk" => vec![desktop(1080, 1920), upright.clone()],
                _ => vec![desktop(1920, 1080), upright.clone()],
            };
            let layout = Catalogue::load(name).unwrap();
            for wall in walls {
                let faults = [validate(&layout, &wall), crate::layout::legibility::validate(&layout, &wall)].concat();
                let size = wall.bounds.size();
                found.extend(faults.iter().map(|fault| format!("{name} on {size:?}: {}", fault.message)));
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    #[test]
    fn texts_over_one_another_and_out_of_their_panel_are_seen() {
        let text = "name = \"a\"\ngrid = { columns = 1, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.clock = {}\n";
        let layout = parse(Path::new("a.toml"), text, None).unwrap();
        let placement = &layout.placements[0];
        let clip = rect(0.0, 0.0, 200.0, 100.0);
        let seen = |words: &str, x: f32, y: f32| Seen {
            words: words.to_owned(),
            around: rect(x, y, 80.0, 14.0),
            clip,
            size: 20.0,
        };
        let wall = crate::wall::Wall::single(crate::geometry::PixelSize::new(640, 360), 18.0);
        let said = |a: Seen, b: Seen| within_panel(placement, &[&a, &b], &wall, true, 0.0).map(|(message, _)| message);
        assert_eq!(said(seen("один", 0.0, 0.0), seen("два", 90.0, 0.0)), None);
        assert_eq!(said(seen("один", 0.0, 0.0), seen("два", 0.0, 24.0)), None);
        assert!(said(seen("один", 0.0, 0.0), seen("два", 60.0, 4.0)).unwrap().contains("lie over"));
        assert!(said(seen("один", 0.0, 0.0), seen("два", 150.0, 4.0)).unwrap().contains("runs out"));
    }

    #[test]
    fn bad_layouts_are_caught() {
        let screens = "name = \"w\"\nviewing_distance_m = 4\n[grid]\ncolumns = 2\nrows = 1\npixels = [1920, 1080]\nsize_mm = [1209.6, 680.4]\nbezel_mm = 6.3\n";
        let wall = crate::wall::parse(Path::new("w.toml"), screens).unwrap();
        for (panel, said) in [
            // Lines of small type over two screens.
            (
                "text = { body = \"Приём граждан ведётся по понедельникам с десяти до тринадцати часов, запись по телефону 122, приходите с документом.\" }",
                "bezel",
            ),
            // A title that is longer than its panel.
            (
                "kpi = { cells = [{ metric = \"received\", period = \"today\", name = \"Поступило обращений от жителей за всё время работы\" }, { metric = \"overdue\", period = \"now\" }, { metric = \"repeats\", period = \"today\" }, { metric = \"resolved\", period = \"today\" }] }",
                "is cut",
            ),
        ] {
            let text = format!(
                "name = \"bad\"\ngrid = {{ columns = 1, rows = 1 }}\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.{panel}\n"
            );
            let layout = parse(Path::new("bad.toml"), &text, None).unwrap_or_else(|fault| panic!("{fault}"));
            let faults = validate(&layout, &wall);
            assert!(faults.iter().any(|fault| fault.message.contains(said) && fault.line == 3), "{panel}: {faults:?}");
        }
    }

    /// A title that is longer than its panel, for every kind that has one.
    #[test]
    fn titles_that_are_cut_are_caught_in_every_panel() {
        let (mut seeded, mut missed) = (0, Vec::new());
        let title =
            "title = \"Сколько обращений жителей всех округов области рассмотрено и решено в срок за всё время\"";
        let own = regex::Regex::new(r#"title = ("[^"]*"|\{[^}]*\})"#).unwrap();
        for (kind, example) in crate::panel::EXAMPLES {
            if crate::panel::WITH_FILES.contains(kind) || ["hero", "group", "camera"].contains(kind) {
                continue;
            }
            let panel = if own.is_match(example) {
                own.replace(example, title).into_owned()
            } else {
                example.replacen("= {", &format!("= {{ {title},"), 1).replace(",}", " }")
            };
            let text = format!(
                "name = \"bad\"\ngrid = {{ columns = 1, rows = 1 }}\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.{panel}\n"
            );
            // A kind without a title refuses it.
            let Ok(layout) = parse(Path::new("bad.toml"), &text, None) else { continue };
            seeded += 1;
            if !validate(&layout, &desktop(1920, 1080)).iter().any(|fault| fault.message.contains("is cut")) {
                missed.push(*kind);
            }
        }
        assert!(seeded >= 15 && missed.len() * 20 <= seeded, "{missed:?} of {seeded}");
    }
}
