//! Whether a layout can be read on a wall: said before anybody stands in front of it.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Layout;
use crate::diagnostic::Diagnostic;
use crate::geometry::WallRect;
use crate::scene::{Theme, ThemeChoice, UNDRAWN, undrawn};
use crate::sentence;
use crate::wall::Wall;

/// What cannot be read on `wall`: one fault a panel, at its place in the layout's file.
pub fn validate(layout: &Layout, wall: &Wall) -> Vec<Diagnostic> {
    let u = wall.unit_px();
    let mut faults = if layout.theme.is_some() { contrast(layout, wall.theme.as_ref()) } else { Vec::new() };
    for (_, placement, place) in layout.arranged(wall) {
        if let Some(pace) = placement.info.pace.filter(|pace| *pace > FASTEST) {
            let message = sentence!("legible-pace", kind = placement.kind, pace = pace.round());
            let help = sentence!("legible-pace-help", most = FASTEST);
            faults.push(Diagnostic::at(&layout.path, &layout.text, placement.source.clone(), message).with_help(help));
        }
        if let Some(share) = hidden(wall, place) {
            let message = sentence!("legible-hidden", wall = wall.name, share = share.round(), kind = placement.kind);
            let help = sentence!("legible-hidden-help");
            faults.push(Diagnostic::at(&layout.path, &layout.text, placement.source.clone(), message).with_help(help));
        }
        let smallest = layout.smallest(placement);
        if layout.has_room(placement, place, u) {
            continue;
        }
        let tenth = |value: f32| format!("{value:.1}");
        let message = sentence!(
            "legible-room",
            wall = wall.name,
            kind = placement.kind,
            width = tenth(place.width() / u),
            height = tenth(place.height() / u),
            needed_width = tenth(smallest.0),
            needed_height = tenth(smallest.1)
        );
        let metres = format!("{:.1}", wall.viewing_distance_mm / 1000.0);
        let help = sentence!("legible-room-help", px = u.round(), metres = metres);
        faults.push(Diagnostic::at(&layout.path, &layout.text, placement.source.clone(), message).with_help(help));
    }
    faults
}

/// Texts of a layout's file with characters that no font of the wall has.
pub fn characters(layout: &Layout) -> Vec<Diagnostic> {
    // A file that is no TOML has become no layout.
    let Ok(table) = DeTable::parse(&layout.text) else { return Vec::new() };
    let mut found = Vec::new();
    let mut values: Vec<&Spanned<DeValue<'_>>> = table.get_ref().values().collect();
    while let Some(value) = values.pop() {
        match value.get_ref() {
            DeValue::String(text) => found.extend(undrawn(text).map(|c| (value.span(), c))),
            DeValue::Array(array) => values.extend(array.iter()),
            DeValue::Table(table) => values.extend(table.values()),
            _ => {}
        }
    }
    found.sort_by_key(|(span, _)| span.start);
    let fault = |(span, c): (std::ops::Range<usize>, char)| {
        let message =
            sentence!("legible-undrawn", character = c, code = format!("{:04X}", u32::from(c)), sign = UNDRAWN);
        let fault = Diagnostic::at(&layout.path, &layout.text, span, message);
        fault.with_help(sentence!("legible-undrawn-help"))
    };
    found.into_iter().map(fault).collect()
}

/// Percentage of a place that no output shows, bezels aside; none if it is negligible.
fn hidden(wall: &Wall, place: WallRect) -> Option<f64> {
    // The picture goes on behind bezels: an output stands for half of those around it.
    let (across, down) = wall.seams();
    let widest = across.iter().chain(&down).map(|(_, gap)| *gap).fold(0.0, f32::max);
    let shown: f64 = wall
        .outputs
        .iter()
        .filter_map(|output| {
            let half = (widest / 2.0 + 1.0).min(0.05 * output.viewport.width().min(output.viewport.height()));
            output.viewport.inflate(half, half).intersection(&place)
        })
        .map(|part| f64::from(part.width()) * f64::from(part.height()))
        .sum();
    let whole = f64::from(place.width()) * f64::from(place.height());
    let share = 100.0 * (1.0 - shown / whole.max(1.0));
    (share > LEAST_HIDDEN).then_some(share)
}

/// Percentage of a panel that may lie outside of all outputs.
const LEAST_HIDDEN: f64 = 3.0;

/// Fastest readable speed of running text, in characters per second.
const FASTEST: f64 = 15.0;

/// Lowest contrast ratio (WCAG 2.2) of text that is read from afar.
const LEAST_CONTRAST: f64 = 6.0;

/// Colours of a layout's theme, on a wall's theme, that lack contrast with their ground. Faults of the wall's own theme
/// are reported at the wall's file.
pub fn contrast(layout: &Layout, wall: Option<&ThemeChoice>) -> Vec<Diagnostic> {
    let choices: Vec<&ThemeChoice> = wall.into_iter().chain(&layout.theme).collect();
    colours(&choices, &layout.path, &layout.text)
}

/// Colours of the theme that choices come to which cannot be read, said where a file speaks of its theme.
pub fn colours(choices: &[&ThemeChoice], path: &Path, text: &str) -> Vec<Diagnostic> {
    let palette = Theme::new(choices, 1.0).palette;
    let roles = [
        ("text", palette.text),
        ("quiet", palette.quiet),
        ("now", palette.now),
        ("good", palette.good),
        ("warn", palette.warn),
        ("bad", palette.bad),
    ];
    let grounds =
        [("panel_top", palette.panel_top), ("panel_bottom", palette.panel_bottom), ("ground", palette.ground)];
    let pairs = roles.into_iter().flat_map(|role| grounds.map(|ground| (role, ground)));
    let filled = [("warn", palette.warn), ("bad", palette.bad)].map(|under| (("ink", palette.ink), under));
    let mut faults: Vec<Diagnostic> = Vec::new();
    for ((role, colour), (under, ground)) in pairs.chain(filled) {
        let contrast = colour.contrast(ground);
        // One fault a role says enough.
        if contrast < LEAST_CONTRAST && !faults.iter().any(|fault| fault.message.contains(&format!("`{role}`"))) {
            let message = sentence!(
                "legible-contrast",
                role = role,
                under = under,
                contrast = format!("{contrast:.1}"),
                least = LEAST_CONTRAST
            );
            let help = sentence!("legible-contrast-help");
            faults.push(Diagnostic::at(path, text, theme_of(text), message).with_help(help));
        }
    }
    if let Some((one, other)) = palette.alike() {
        let message = sentence!("legible-alike", one = one, other = other);
        let help = sentence!("legible-alike-help");
        faults.push(Diagnostic::at(path, text, theme_of(text), message).with_help(help));
    }
    faults
}

/// Where a layout's text speaks of its theme.
fn theme_of(text: &str) -> std::ops::Range<usize> {
    let from = text.lines().scan(0, |at, line| {
        let here = *at;
        *at += line.len() + 1;
        Some((here, line))
    });
    let line = from.into_iter().find(|(_, line)| line.trim_start().trim_start_matches('[').starts_with("theme"));
    line.map_or(0..0, |(at, line)| at..at + line.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::PixelSize;
    use crate::layout::{BUILT_IN, Catalogue, parse};

    #[test]
    fn every_shipped_layout_can_be_read_in_every_theme() {
        for (name, _) in BUILT_IN {
            let layout = Catalogue::load(name).unwrap_or_else(|e| panic!("{e}"));
            let size = match *name {
                "situation-room" => PixelSize::new(3840, 1080),
                "portrait" | "public-kiosk" => PixelSize::new(1080, 1920),
                _ => PixelSize::new(1920, 1080),
            };
            for (theme, _) in crate::scene::THEMES {
                let outputs = [("wall".to_owned(), (0, 0), size)];
                let mut wall = Wall::of_desktop(outputs, None);
                wall.theme = Some(toml::Value::String(theme.to_owned()).try_into().unwrap());
                let faults = validate(&layout, &wall);
                assert!(faults.is_empty(), "{name}, {theme}: {}", faults[0]);
            }
        }
    }

    #[test]
    fn characters_that_no_font_has_are_named() {
        let text = "name = \"l\" # 你\ngrid = { columns = 1, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\n\
                    panel.text = { headline = { ru = \"Город → 5 °C ❄\", en = \"שלום\" }, body = \"a 你好\" }\n";
        let layout = parse(Path::new("l.toml"), text, None).unwrap_or_else(|fault| panic!("{fault}"));
        let found: Vec<(usize, String)> = characters(&layout)
            .into_iter()
            .map(|fault| (fault.line, fault.message.split(['“', '”']).nth(1).unwrap_or_default().to_owned()))
            .collect();
        assert_eq!(found, [(6, "ש".to_owned()), (6, "你".to_owned())]);
        for (name, _) in BUILT_IN {
            assert!(characters(&Catalogue::load(name).unwrap()).is_empty(), "{name}");
        }
    }

    #[test]
    fn bad_layouts_are_caught() {
        let wall = Wall::of_desktop([("wall".to_owned(), (0, 0), PixelSize::new(1920, 1080))], None);
        let caught = |head: &str, panel: &str, columns: usize| {
            let text = format!(
                "name = \"bad\"\n{head}\n[grid]\ncolumns = {columns}\nrows = 1\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.{panel}\n"
            );
            let layout = parse(Path::new("bad.toml"), &text, None).unwrap_or_else(|fault| panic!("{fault}"));
            validate(&layout, &wall)
        };
        // Each kind in a place that is too narrow for it.
        let (mut seeded, mut found) = (0, 0);
        for (_, example) in crate::panel::EXAMPLES.iter().filter(|(kind, _)| !crate::panel::WITH_FILES.contains(kind)) {
            seeded += 1;
            found += usize::from(!caught("", example, 40).is_empty());
        }
        // Each colour of text turned to nearly its ground.
        for role in ["text", "quiet", "now", "good", "warn", "bad", "ink"] {
            seeded += 1;
            let colour = if role == "ink" { "#FF9A85" } else { "#30405A" };
            let faults = caught(&format!("theme = {{ colours = {{ {role} = \"{colour}\" }} }}"), "clock = {}", 1);
            found += usize::from(faults.iter().any(|fault| fault.message.contains(role) && fault.line == 2));
        }
        // States that are one colour without long or middle cones; a line that runs too fast.
        for (head, panel, said) in [
            ("theme = { colours = { good = \"#C9B45A\", warn = \"#D8B45A\" } }", "clock = {}", "some eyes"),
            ("", "ticker = { dataset = \"news\", motion = \"run\", speed = 22 }", "22 characters"),
        ] {
            seeded += 1;
            found += usize::from(caught(head, panel, 1).iter().any(|fault| fault.message.contains(said)));
        }
        assert!(found * 100 >= seeded * 95, "{found} of {seeded}");
    }
}
