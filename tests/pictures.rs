//! Pixels: golden pictures, seams, what is painted again, what a lost device leaves.

mod common;

use std::path::Path;
use std::sync::Arc;

use common::panels::LAYOUTS;
use common::picture::{FORMAT, are_alike, changes, described, hold, hold_text, open_stage, painted, single};
use common::{NOW, demo_revision, stage};
use obzor::clock::Moment;
use obzor::conductor::UserCommand;
use obzor::data::Revision;
use obzor::data::dataset::Dataset;
use obzor::layout::{Catalogue, Transition, TransitionKind};
use obzor::render::Gpu;
use obzor::wall::Wall;

/// More of the best than there are rows: all rows show the best, and nothing is beyond them.
#[test]
fn a_ranking_of_the_best_alone_fills_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("best.toml");
    let of = |best: usize| {
        format!(
            "name = \"best\"\ngrid = {{ columns = 1, rows = 1 }}\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.ranking = {{ metric = \"overdue-share\", best = {best} }}\n"
        )
    };
    let wall = single(800, 480, 20.0);
    let shown = [29, 40].map(|best| {
        std::fs::write(&file, of(best)).unwrap();
        let name = file.to_str().unwrap();
        painted(&wall, name, &demo_revision(name), NOW)
    });
    assert!(shown[0] == shown[1]);
}

#[test]
fn every_layout_looks_as_it_did() {
    let mut faults = Vec::new();
    for (layout, width, height, unit) in LAYOUTS {
        let wall = single(width, height, unit);
        let name = layout.split('/').next().unwrap();
        faults.extend(hold(&format!("layout-{name}"), &painted(&wall, layout, &demo_revision(layout), NOW)).err());
    }
    // One of them in the other themes, on a wall that chose them.
    for theme in ["light", "contrast"] {
        let mut wall = single(1280, 720, 26.0);
        wall.theme = Some(toml::Value::String(theme.to_owned()).try_into().unwrap());
        faults.extend(
            hold(&format!("layout-{theme}"), &painted(&wall, "overview", &demo_revision("overview"), NOW)).err(),
        );
    }
    // Every layout that comes with the program has its picture.
    for (name, _) in obzor::layout::BUILT_IN {
        assert!(common::picture::is_kept(&format!("layout-{name}")), "layout-{name}.png is not kept");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The digits of a pairing stand over whatever is on, on every output, and on none across a bezel.
#[test]
fn the_digits_of_a_pairing_stand_on_every_output() {
    let sign = obzor::compose::PairingSign {
        id: "1".to_owned(),
        from: "10.0.0.42".to_owned(),
        digits: "482913".to_owned(),
        link: format!("https://10.0.0.7:7443/#pair={}.{}", "0".repeat(32), "f".repeat(32)),
        address: "https://10.0.0.7:7443/".to_owned(),
        fingerprint: Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned()),
        lasts_millis: 120_000,
    };
    let wall = obzor::wall::Wall::of_desktop(
        [("left", 0), ("right", 1000)]
            .map(|(name, x)| (name.to_owned(), (x, 0), obzor::geometry::PixelSize::new(960, 540))),
        None,
    );
    let mut stage = open_stage(&wall, "overview", demo_revision("overview"));
    stage.show_pairing(sign.clone(), NOW);
    let shown = stage.frame(NOW);
    assert!(shown.next.is_some_and(|next| next <= Moment(NOW.0 + 120_000)));
    let picture = stage.picture(0).unwrap().unwrap();
    hold("pairing", &picture).unwrap();
    assert!(stage.shows_pairing(NOW));
    // What was shown is on the outputs until they are painted again.
    stage.hide_pairing("another");
    stage.hide_pairing("1");
    assert!(stage.shows_pairing(NOW));
    stage.frame(NOW);
    assert!(!stage.shows_pairing(NOW));
    stage.show_pairing(sign, NOW);
    stage.frame(NOW);
    // Its time is over by itself.
    let later = Moment(NOW.0 + 120_000);
    stage.frame(later);
    assert!(!stage.shows_pairing(later) && !are_alike(&stage.picture(0).unwrap().unwrap(), &picture));
}

/// What stands, who has it and what to do has the wall; then a bar lies over what is on, until somebody comes, or the press.
#[test]
fn alarms_have_the_wall_and_then_a_bar() {
    let alarm = |name: &str, title: &str, priority: &str, when: &str, action: &str| {
        let takeover = if priority == "high" { "takeover = { layout = \"alarms\", at_most_secs = 600 }\n" } else { "" };
        format!(
            "[[alarm]]\nname = \"{name}\"\ntitle = \"{title}\"\naction = \"{action}\"\npriority = \"{priority}\"\n\
             when = {{ {when} }}\n{takeover}"
        )
    };
    let text = [
        alarm(
            "disk",
            "Мало места на диске",
            "high",
            "disk = \"free-mib\", below = 500, clear = 800",
            "Позвонить администратору",
        ),
        alarm("dark", "Погас экран", "middle", "output = \"any\"", "Проверить питание и кабель"),
        alarm("old", "Нет данных портала", "low", "source = \"portal\", above = 300", "Сообщить дежурному портала"),
        alarm("blind", "Никто не знает", "low", "source = \"nobody\", above = 300", "Ничего"),
    ];
    let rules = obzor::operation::parse(std::path::Path::new("operation.toml"), &text.concat()).unwrap().alarms;
    let wall = single(1920, 1080, 40.0);
    let mut stage = open_stage(&wall, "overview", demo_revision("overview"));
    stage.conductor.replace_rules(obzor::schedule::Schedule::default(), rules).unwrap();
    let machine = obzor::signal::Machine {
        outputs: vec![("left".to_owned(), true), ("right".to_owned(), false)],
        free_disk_mib: Some(312.0),
        sources: vec![("portal".to_owned(), Some(NOW.secs() - 1200))],
    };
    let revision = stage.revision();
    let around = obzor::signal::Surroundings { revision: &revision, machine: &machine };
    stage.conductor.advance(around, NOW);
    let take = |alarm: &str| UserCommand::Acknowledge { alarm: alarm.to_owned() };
    stage.order(take("old"), Moment(NOW.0 + 5_000));
    let later = Moment(NOW.0 + 8_000);
    stage.frame(later);
    hold("layout-alarms-standing", &stage.picture(0).unwrap().unwrap()).unwrap();
    stage.order(take("disk"), later);
    let after = Moment(NOW.0 + 10_000);
    stage.frame(after);
    let barred = stage.picture(0).unwrap().unwrap();
    hold("alarm-bar", &barred).unwrap();
    stage.order(UserCommand::Press, after);
    stage.frame(after);
    assert!(!are_alike(&stage.picture(0).unwrap().unwrap(), &barred), "the press sees no alarm");
}

/// Panels that no layout's picture shows, or that have a shader, a picture or an arc of their own.
const PICTURED: [&str; 12] = [
    "board",
    "calendar",
    "camera",
    "chart",
    "flow",
    "gauge",
    "hero",
    "image",
    "photos",
    "qr",
    "slides",
    "test-pattern",
];

#[test]
fn panels_with_shapes_of_their_own_look_as_they_did() {
    let folder = common::panels::folder();
    let mut faults = Vec::new();
    for kind in PICTURED {
        let (name, revision) = common::panels::example(folder.path(), kind);
        faults.extend(hold(kind, &painted(&single(800, 480, 20.0), &name, &revision, NOW)).err());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Old data is grey; what is lost says since when.
#[test]
fn old_and_lost_data_look_as_they_did() {
    let wall = single(640, 360, 13.0);
    let revision = demo_revision("overview");
    let mut faults = Vec::new();
    for (state, revision) in common::panels::states(&revision, "overview") {
        if ["old", "lost"].contains(&state) {
            faults.extend(hold(&format!("layout-overview-{state}"), &painted(&wall, "overview", &revision, NOW)).err());
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// One digit of the smallest type is enough for a picture to fail.
#[test]
fn a_wrong_digit_is_another_picture() {
    let folder = tempfile::tempdir().unwrap();
    let written = |digits: &str| {
        let file = folder.path().join("digits.toml");
        let text = format!(
            "name = \"d\"\ngrid = {{ columns = 1, rows = 1 }}\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\n\
             panel.text = {{ body = \"Поступило 1 {digits} обращений\" }}\n"
        );
        std::fs::write(&file, text).unwrap();
        painted(&single(800, 480, 20.0), file.to_str().unwrap(), &Revision::default(), NOW)
    };
    let right = written("386");
    assert!(are_alike(&right, &written("386")));
    for wrong in ["388", "336", "396", "286"] {
        assert!(!are_alike(&right, &written(wrong)), "386 and {wrong}");
    }
}

/// Nothing on the wall flashes: no part of it changes between lighter and darker more than six times within a second,
/// which are three flashes, while appeals arrive, panels take turns and the ticker turns its page (WCAG 2.2, 2.3.1: a
/// flash is a pair of opposing changes of a tenth of the greatest luminance or more, the darker of them under 0.8).
#[test]
fn nothing_flashes_more_than_three_times_a_second() {
    const FRAMES_A_SECOND: i64 = 15;
    const BLOCK: u32 = 12;
    for (layout, width, height, unit) in [("situation-room", 960, 270, 10.5), ("public-kiosk", 360, 640, 8.5)] {
        let wall = single(width, height, unit);
        let mut stage = stage(&wall, layout, demo_revision(layout));
        let canvas = stage.add(&obzor::app::render_png::whole(&wall), FORMAT);
        let (across, down) = (width / BLOCK, height / BLOCK);
        // For each block the luminance from which it last turned, which way it went, and when it turned.
        let mut blocks = vec![(f64::NAN, 0_i8, Vec::<i64>::new()); (across * down) as usize];
        // Two feed slots, a page of the ticker and a turn of a group lie in 13 seconds.
        for frame in 0..13 * FRAMES_A_SECOND {
            stage.frame(NOW.plus_millis(frame * 1000 / FRAMES_A_SECOND));
            let picture = stage.picture(canvas).unwrap().unwrap();
            for (index, (turned_at, way, turns)) in blocks.iter_mut().enumerate() {
                let (left, top) = (index as u32 % across * BLOCK, index as u32 / across * BLOCK);
                let pixels = (0..BLOCK * BLOCK).map(|at| picture.get_pixel(left + at % BLOCK, top + at / BLOCK).0);
                let light: f64 = pixels.map(|[r, g, b, _]| obzor::scene::Colour([r, g, b, 255]).luminance()).sum();
                let light = light / f64::from(BLOCK * BLOCK);
                if turned_at.is_nan() {
                    *turned_at = light;
                }
                let change = light - *turned_at;
                let new_way = if change > 0.0 { 1 } else { -1 };
                if change.abs() >= 0.1 && light.min(*turned_at) < 0.8 {
                    if *way != new_way {
                        turns.push(frame);
                    }
                    (*turned_at, *way) = (light, new_way);
                } else if new_way == *way {
                    // Still going the same way: the extreme is where it will turn.
                    *turned_at = light;
                }
            }
        }
        let fast = |turns: &Vec<i64>| turns.windows(7).any(|w| w[6] - w[0] < FRAMES_A_SECOND);
        let flashing = blocks.iter().filter(|(_, _, turns)| fast(turns)).count();
        assert_eq!(flashing, 0, "{layout}: {flashing} of {} parts flash", blocks.len());
        assert!(blocks.iter().any(|(_, _, turns)| !turns.is_empty()) || layout != "public-kiosk", "nothing moved");
    }
}

/// Charts of today's hours end where the data does.
#[test]
fn charts_of_hours_say_which_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hours.toml");
    let styles = ["bars", "line", "area", "stacked"].map(|style| {
        let at = ["bars", "line"].contains(&style) as u8;
        let column = 1 + u8::from(["line", "stacked"].contains(&style));
        format!("[[placement]]\ncolumns = [{column}, {column}]\nrows = [{0}, {0}]\npanel.chart = {{ metric = \"received\", style = \"{style}\" }}\n", 2 - at)
    });
    std::fs::write(&file, format!("name = \"hours\"\ngrid = {{ columns = 2, rows = 2 }}\n{}", styles.concat()))
        .unwrap();
    let name = file.to_str().unwrap();
    let (wall, revision) = (single(1200, 720, 20.0), demo_revision(name));
    let live = described(&wall, name, &revision, NOW);
    let mut words = format!("# live\n{live}");
    for (state, revision) in common::panels::states(&revision, name) {
        words += &format!("# {state}: what differs\n{}", changes(&live, &described(&wall, name, &revision, NOW)));
    }
    hold_text("hours.txt", &words);
}

/// What other backends bring is shown too: metrics as a figure and a line, news as a feed, alerts on the map;
/// a panel is as old as its own table.
#[test]
fn tables_of_other_backends_are_shown() {
    use obzor::data::{Snapshot, Update};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tables.toml");
    let text = "name = \"tables\"\ngrid = { columns = 2, rows = 2 }\n\
        [[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.kpi = { cells = [{ dataset = \"power\", name = \"Нагрузка\", unit = \"МВт\" },\
        { metric = { divide = [\"overdue\", \"in-work\"], times = 100 }, name = \"Просрочка\", period = \"now\" }] }\n\
        [[placement]]\ncolumns = [2, 2]\nrows = [1, 1]\npanel.chart = { dataset = \"power-day\", title = \"Нагрузка, МВт\", style = \"line\" }\n\
        [[placement]]\ncolumns = [1, 1]\nrows = [2, 2]\npanel.feed = { dataset = \"news\", title = \"Новости\" }\n\
        [[placement]]\ncolumns = [2, 2]\nrows = [2, 2]\npanel.map = {}\n";
    std::fs::write(&file, text).unwrap();
    let mut store = common::demo_store();
    let masker = obzor::privacy::Masker::new(["Ёлкино"]);
    let at = NOW.secs();
    let mut put = |name: &str, records: serde_json::Value, until: Moment| {
        let records = records.as_array().unwrap().iter().map(|r| r.as_object().unwrap().clone()).collect();
        store.apply(Update::Dataset(Arc::new(Dataset::masked(name, records, &[], &masker)), until), NOW);
    };
    put("power", serde_json::json!([{ "time": at - 40, "value": 412.5 }]), NOW);
    let samples: Vec<_> = (0..48)
        .map(|i| serde_json::json!({ "time": at - (47 - i) * 1800, "value": 380.0 + 60.0 * (i as f64 / 7.0).sin() }))
        .collect();
    put("power-day", serde_json::Value::from(samples), NOW);
    let news = serde_json::json!([
        { "text": "Открыто движение по новому мосту через Велегу, автобусы пойдут с понедельника", "time": at - 600 },
        { "text": "В Ёлкине заработал МФЦ", "time": at - 7200 },
    ]);
    put("news", news, NOW.plus_millis(-3_600_000));
    let ring = serde_json::json!([[42.6, 58.2], [43.6, 58.2], [43.6, 58.8], [42.6, 58.8], [42.6, 58.2]]);
    put("alerts", serde_json::json!([{ "text": "Сильный ветер", "polygons": [ring] }]), NOW);
    let snapshot: Snapshot = store.snapshot();
    assert!(snapshot.dataset_freshness["news"].age(NOW) != snapshot.dataset_freshness["power"].age(NOW));
    let name = file.to_str().unwrap();
    let wall = single(1600, 900, 22.0);
    hold_text("tables.txt", &described(&wall, name, &common::revision_of(&store, name), NOW));
}

/// The wall painted whole, and painted output by output and put together, is the same to the last bit.
#[test]
fn outputs_put_together_are_the_wall() {
    let text = "name = \"w\"\nviewing_distance_m = 2\n[grid]\ncolumns = 3\nrows = 2\npixels = [640, 360]\nsize_mm = [403.2, 226.8]\nbezel_mm = 6.3\n";
    let wall = obzor::wall::parse(Path::new("w.toml"), text).unwrap();
    for moment in [NOW, NOW.plus_millis(1_300), NOW.plus_millis(4_217)] {
        let revision = demo_revision("overview");
        let whole = painted(&wall, "overview", &revision, moment);
        let mut split = stage(&wall, "overview", revision);
        for output in &wall.outputs {
            split.add(output, FORMAT);
        }
        split.frame(moment);
        for (index, output) in wall.outputs.iter().enumerate() {
            let part = split.picture(index).unwrap().unwrap();
            let (x, y) = (output.viewport.min.x as u32, output.viewport.min.y as u32);
            let expected = image::imageops::crop_imm(&whole, x, y, part.width(), part.height()).to_image();
            assert!(part == expected, "{} differs from its part of the wall", output.name);
        }
    }
}

/// A turned output shows the same pixels, turned.
#[test]
fn a_turned_output_shows_the_wall_turned() {
    let revision = demo_revision("portrait");
    let text = |rotation: u32, pixels: &str| {
        format!(
            "name = \"w\"\nviewing_distance_m = 2.3\n[[output]]\nname = \"o\"\nposition_mm = [0, 0]\nsize_mm = [453.6, 806.4]\npixels = {pixels}\nrotation = {rotation}\n"
        )
    };
    let upright = obzor::wall::parse(Path::new("w"), &text(0, "[720, 1280]")).unwrap();
    let turned = obzor::wall::parse(Path::new("w"), &text(90, "[1280, 720]")).unwrap();
    let paint = |wall: &Wall| {
        let mut stage = stage(wall, "portrait", revision.clone());
        stage.add(&wall.outputs[0], FORMAT);
        stage.frame(NOW);
        (stage.picture(0).unwrap().unwrap(), stage.read_back(None).unwrap().finish().unwrap())
    };
    let ((plain, _), (signal, stitched)) = (paint(&upright), paint(&turned));
    assert_eq!(signal.dimensions(), (1280, 720));
    // Edges of triangles that pass through the middle of a pixel are drawn or not as the driver likes.
    let differing =
        stitched.pixels().zip(plain.pixels()).filter(|(a, b)| (0..3).any(|i| a.0[i].abs_diff(b.0[i]) > 2)).count();
    assert!(differing < 720 * 1280 / 5000, "{differing} pixels differ");
}

#[test]
fn a_still_wall_paints_nothing() {
    let wall = single(960, 540, 19.0);
    let mut quiet = demo_revision("overview");
    quiet.snapshot.latest = [].into();
    let mut stage = open_stage(&wall, "overview", quiet);
    // Between two pages of the ticker.
    let now = NOW.plus_millis(2000);
    let first = stage.frame(now);
    assert_eq!(first.painted[0].pixels, 960 * 540);
    let next = first.next.expect("the clock's next minute");
    assert!(next.millis_since(now) > 1000, "nothing moves: {}", next.millis_since(now));
    for step in 1..40 {
        let frame = stage.frame(now.plus_millis(step * 16));
        assert!(!frame.changed(), "frame {step} painted {:?}", frame.painted);
    }
}

#[test]
fn a_feed_that_moves_paints_the_feeds_pixels_only() {
    let wall = single(960, 540, 19.0);
    let layout = "overview";
    let mut revision = demo_revision(layout);
    let before = revision.snapshot.latest.to_vec();
    // One appeal arrives; it enters at the end of its slot. It lies off the map, so that no ring is drawn.
    let mut news = before[0];
    news.appeal.id += 1;
    (news.appeal.lon_e6, news.appeal.lat_e6) = (0, 0);
    news.arrived = NOW;
    let old: Vec<_> =
        before.iter().map(|a| obzor::data::Arrival { arrived: a.arrived.plus_millis(-600_000), ..*a }).collect();
    revision.snapshot.latest = std::iter::once(news).chain(old).collect();
    let mut stage = open_stage(&wall, layout, revision);
    let enters = Moment((NOW.0.div_euclid(4000) + 1) * 4000);
    stage.frame(enters.plus_millis(-1));
    let feed = {
        let layout = Catalogue::load(layout).unwrap();
        let index = layout.placements.iter().position(|p| p.kind == "feed").unwrap();
        layout.arranged(&wall)[index].2
    };
    let mut moved = 0;
    for step in 1..30 {
        let before = stage.picture(0).unwrap().unwrap();
        let frame = stage.frame(enters.plus_millis(step * 16));
        let after = stage.picture(0).unwrap().unwrap();
        moved += u32::from(frame.changed());
        assert!(
            frame.painted[0].pixels <= feed.area() as u64,
            "frame {step} painted {:?}, the feed has {}",
            frame.painted,
            feed.area()
        );
        for (x, y, pixel) in after.enumerate_pixels().filter(|(x, y, p)| before.get_pixel(*x, *y) != *p) {
            let inside = feed.contains(obzor::geometry::WallPoint::new(x as f32 + 0.5, y as f32 + 0.5));
            assert!(inside, "pixel {x}, {y} became {pixel:?}");
        }
    }
    assert!(moved > 20, "the feed moved in {moved} frames of 29");
    // What was painted bit by bit is what would be painted at once.
    let end = enters.plus_millis(29 * 16);
    let fresh = painted(&wall, layout, &stage.revision(), end);
    assert!(stage.picture(0).unwrap().unwrap() == fresh);
}

#[test]
fn a_transition_ends_with_the_new_layout_alone() {
    let wall = single(960, 540, 19.0);
    let mut stage = open_stage(&wall, "overview", demo_revision("overview"));
    stage.frame(NOW);
    let before = stage.picture(0).unwrap().unwrap();
    for kind in [TransitionKind::CrossFade, TransitionKind::Slide, TransitionKind::Cut] {
        let began = NOW.plus_millis(10);
        let transition = Transition { kind, secs: 0.6 };
        let target = if stage.conductor.state().layout(NOW).name == "overview" { "identify" } else { "overview" };
        stage.show(target, transition, began);
        if kind != TransitionKind::Cut {
            stage.frame(began.plus_millis(300));
            let middle = stage.picture(0).unwrap().unwrap();
            assert!(middle != before, "{kind:?}");
        }
        let frame = stage.frame(began.plus_millis(700));
        assert!(frame.changed() || kind == TransitionKind::Cut);
        let shown = stage.picture(0).unwrap().unwrap();
        let fresh = painted(&wall, target, &stage.revision(), began.plus_millis(700));
        assert!(shown == fresh, "{kind:?} leaves something behind");
    }
}

#[test]
fn a_lost_device_and_exhausted_memory_leave_the_same_picture() {
    let wall = single(960, 540, 19.0);
    let mut stage = open_stage(&wall, "overview", demo_revision("overview"));
    stage.frame(NOW);
    let before = stage.picture(0).unwrap().unwrap();
    for injure in [Gpu::destroy as fn(&Gpu), Gpu::pretend_out_of_memory] {
        injure(stage.gpu().unwrap());
        // The loss is noticed when the device is next used, and painting on it must not panic.
        stage.frame(NOW.plus_millis(1));
        let gpu = stage.gpu().unwrap();
        gpu.tidy();
        assert!(stage.is_lost());
        stage.drop_gpu();
        assert!(stage.picture(0).unwrap().is_none());
        stage.frame(NOW.plus_millis(2));
        stage.reopen(Gpu::open(None));
        assert!(!stage.is_lost());
        stage.frame(NOW);
        assert!(stage.picture(0).unwrap().unwrap() == before);
    }
    assert_eq!(stage.counts.rebuilt, 2);
}

#[test]
fn random_commands_and_moments_never_break_the_picture() {
    let wall = single(640, 360, 13.0);
    let mut stage = open_stage(&wall, "overview", demo_revision("overview"));
    let mut draw = 20_u64;
    let mut next = |below: u64| {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draw >> 33) % below
    };
    let mut now = NOW;
    for _ in 0..60 {
        now = now.plus_millis(next(900) as i64);
        match next(5) {
            0 => stage.order(UserCommand::Identify { on: next(2) == 0 }, now),
            1 => {
                let name = ["overview", "identify", "overview/housing"][next(3) as usize];
                let kind = [TransitionKind::Cut, TransitionKind::CrossFade, TransitionKind::Slide][next(3) as usize];
                stage.show(name, Transition { kind, secs: next(3) as f64 * 0.4 }, now);
            }
            2 => {
                let output = obzor::app::render_png::whole(&wall);
                stage.remove(0);
                stage.add(&output, FORMAT);
            }
            _ => {}
        }
        stage.frame(now);
        assert_eq!(stage.picture(0).unwrap().unwrap().dimensions(), (640, 360));
    }
    // After everything has settled the picture is what it would be from the start.
    stage.order(UserCommand::Identify { on: false }, now);
    now = now.plus_millis(5000);
    stage.frame(now);
    let shown = stage.conductor.state().layout(now).name.clone();
    let fresh = painted(&wall, &shown, &stage.revision(), now);
    assert!(stage.picture(0).unwrap().unwrap() == fresh, "{shown}");
}
