//! The layout file.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::{Grid, Layout, OfShape, Placement, Preset, Shape, Span, Track, Transition};
use crate::data::filter::FilterSpec;
use crate::diagnostic::{self, Diagnostic};
use crate::language::Sentence;
use crate::panel::{KINDS, PanelTable};
use crate::scene::ThemeChoice;
use crate::sentence;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    name: String,
    grid: GridTable,
    /// On walls that are 2.4 times as wide as high, or wider.
    #[serde(default)]
    wide: Option<GridTable>,
    /// On walls that are higher than wide.
    #[serde(default)]
    tall: Option<GridTable>,
    #[serde(default)]
    transition: Transition,
    #[serde(default)]
    theme: Option<Spanned<ThemeChoice>>,
    #[serde(default)]
    placement: Vec<Spanned<PlacementTable>>,
    #[serde(default)]
    preset: Vec<Spanned<PresetTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GridTable {
    columns: Spanned<Tracks>,
    rows: Spanned<Tracks>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a number of equal tracks, or a list such as [\"2.3u\", \"1fr\"]")]
enum Tracks {
    Equal(usize),
    Each(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacementTable {
    #[serde(default)]
    columns: Option<[usize; 2]>,
    #[serde(default)]
    rows: Option<[usize; 2]>,
    #[serde(default)]
    wide: Option<SpanTable>,
    #[serde(default)]
    tall: Option<SpanTable>,
    #[serde(default)]
    depth: i32,
    #[serde(default)]
    staff: bool,
    panel: PanelTable,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
struct SpanTable {
    columns: [usize; 2],
    rows: [usize; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PresetTable {
    name: String,
    #[serde(default)]
    filter: FilterSpec,
}

/// Parses and validates a layout file, narrowed to `preset`. Files that its panels show are read relative to `path`.
pub fn parse(path: &Path, text: &str, preset: Option<&str>) -> Result<Layout, Diagnostic> {
    let file: LayoutFile = diagnostic::parse(path, text).map_err(|fault| fault.of_other_kind(text, "layout"))?;
    let source = Source { path, text };
    let tables = [Some(&file.grid), file.wide.as_ref(), file.tall.as_ref()];
    let mut grids: OfShape<Grid> = [None, None, None];
    for (grid, table) in grids.iter_mut().zip(tables) {
        *grid = table.map(|table| source.grid(table)).transpose()?;
    }
    let presets = source.presets(&file.preset)?;
    let board;
    let chosen = match preset {
        None => None,
        // Of any municipality, by its name: the region has more of them than a layout has presets.
        Some(name) if name.starts_with('@') => {
            let filter = FilterSpec { municipality: Some(name[1..].to_owned()), ..FilterSpec::default() };
            board = Preset { name: name.to_owned(), filter };
            Some(&board)
        }
        Some(name) => Some(presets.iter().find(|p| p.name == name).ok_or_else(|| {
            source
                .fault(0..0, sentence!("layout-no-preset", name = name))
                .with_help(diagnostic::expected(name, presets.iter().map(|p| p.name.as_str())))
        })?),
    };
    let mut placements: Vec<Placement> = Vec::new();
    for entry in file.placement {
        let placement = source.placement(entry, &grids, chosen)?;
        if let Some(other) = placements.iter().find(|other| overlap(other, &placement)) {
            return Err(source
                .fault(placement.source, sentence!("layout-overlap", kind = other.kind))
                .with_help(sentence!("layout-overlap-help")));
        }
        placements.push(placement);
    }
    if placements.is_empty() {
        return Err(source.fault(0..0, sentence!("layout-empty")).with_help(sentence!("layout-empty-help")));
    }
    placements.sort_by_key(|placement| placement.depth);
    let theme =
        ThemeChoice::read(file.theme, source.folder()).map_err(|(span, message)| source.fault(span, message.into()))?;
    let (path, text) = (path.to_owned(), text.to_owned());
    let shared_stamp = placements.iter().any(|placement| placement.info.shows_stamp);
    let (name, transition) = (file.name, file.transition);
    let digest = crate::digest::sha256_hex(text.as_bytes());
    Ok(Layout { name, path, text, digest, grids, placements, presets, transition, theme, shared_stamp })
}

/// Whether two panels of one depth cover a cell of one grid together.
fn overlap(one: &Placement, other: &Placement) -> bool {
    let meets = |a: [usize; 2], b: [usize; 2]| a[0] <= b[1] && b[0] <= a[1];
    let covers = |one: Option<Span>, other: Option<Span>| {
        one.zip(other).is_some_and(|(a, b)| meets(a.columns, b.columns) && meets(a.rows, b.rows))
    };
    one.depth == other.depth && one.spans.iter().zip(&other.spans).any(|(a, b)| covers(*a, *b))
}

/// The file that is read.
#[derive(Clone, Copy)]
struct Source<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Source<'_> {
    fn fault(&self, span: std::ops::Range<usize>, message: Sentence) -> Diagnostic {
        Diagnostic::at(self.path, self.text, span, message)
    }

    /// Where the files lie that it names.
    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    fn grid(&self, table: &GridTable) -> Result<Grid, Diagnostic> {
        Ok(Grid { columns: self.tracks(&table.columns)?, rows: self.tracks(&table.rows)? })
    }

    fn tracks(&self, tracks: &Spanned<Tracks>) -> Result<Vec<Track>, Diagnostic> {
        let found = match tracks.get_ref() {
            Tracks::Equal(count) => Ok(vec![Track::Share(1.0); *count]),
            Tracks::Each(sizes) => sizes.iter().map(|size| size.parse()).collect(),
        };
        let found: Vec<Track> = found.map_err(|message: Sentence| self.fault(tracks.span(), message))?;
        if (1..=64).contains(&found.len()) {
            Ok(found)
        } else {
            Err(self.fault(tracks.span(), sentence!("layout-grid-count")))
        }
    }

    fn presets(&self, entries: &[Spanned<PresetTable>]) -> Result<Vec<Preset>, Diagnostic> {
        let mut presets: Vec<Preset> = Vec::new();
        for entry in entries {
            let PresetTable { name, filter } = entry.get_ref();
            if name.is_empty() || name.contains('/') {
                return Err(self
                    .fault(entry.span(), sentence!("layout-preset-name", name = name))
                    .with_help(sentence!("layout-preset-name-help")));
            }
            if presets.iter().any(|other| other.name == *name) {
                return Err(self
                    .fault(entry.span(), sentence!("layout-preset-twice", name = name))
                    .with_help(sentence!("fault-other-name")));
            }
            presets.push(Preset { name: name.clone(), filter: filter.clone() });
        }
        Ok(presets)
    }

    /// A panel at its place, narrowed to the preset that was chosen.
    fn placement(
        &self,
        entry: Spanned<PlacementTable>,
        grids: &OfShape<Grid>,
        chosen: Option<&Preset>,
    ) -> Result<Placement, Diagnostic> {
        let source = entry.span();
        let entry = entry.into_inner();
        let spans = self.spans(&entry, grids, &source)?;
        let mut named = entry.panel.named();
        let count = named.len();
        let Some((kind, mut panel)) = named.pop().filter(|_| count == 1) else {
            let what = if count == 0 { sentence!("layout-no-panel") } else { sentence!("layout-two-panels") };
            return Err(self.fault(source, what).with_help(sentence!("layout-panel-help", kinds = KINDS.join(", "))));
        };
        panel
            .validate()
            .and_then(|()| panel.load(self.folder()))
            .map_err(|message| self.fault(source.clone(), message))?;
        let info = panel.info();
        let spans = spans.map(|span| span.map(|span| Span { strip: info.is_strip, ..span }));
        if let Some(preset) = chosen {
            panel.filters().into_iter().for_each(|filter| filter.narrow(&preset.filter));
        }
        let filters = panel.filters().into_iter().map(|filter| filter.clone()).collect();
        Ok(Placement { kind, panel, info, filters, spans, depth: entry.depth, staff: entry.staff, source })
    }

    /// The columns and rows of a placement on each grid that it has a place on.
    fn spans(
        &self,
        entry: &PlacementTable,
        grids: &OfShape<Grid>,
        source: &std::ops::Range<usize>,
    ) -> Result<OfShape<Span>, Diagnostic> {
        let own = match (entry.columns, entry.rows) {
            (Some(columns), Some(rows)) => Some(SpanTable { columns, rows }),
            (None, None) if entry.wide.is_some() || entry.tall.is_some() => None,
            _ => {
                return Err(self
                    .fault(source.clone(), sentence!("layout-no-place"))
                    .with_help(sentence!("layout-no-place-help")));
            }
        };
        let mut spans: OfShape<Span> = [None; 3];
        for (shape, given) in Shape::ALL.into_iter().zip([own, entry.wide, entry.tall]) {
            let Some(given) = given else { continue };
            let Some(grid) = &grids[shape as usize] else {
                let name = if shape == Shape::Wide { "wide" } else { "tall" };
                return Err(self
                    .fault(source.clone(), sentence!("layout-no-grid", name = name))
                    .with_help(sentence!("layout-no-grid-help", name = name)));
            };
            spans[shape as usize] = Some(self.within(given, grid, source)?);
        }
        Ok(spans)
    }

    /// Whether columns and rows are on a grid.
    fn within(&self, span: SpanTable, grid: &Grid, source: &std::ops::Range<usize>) -> Result<Span, Diagnostic> {
        for (what, [first, last], count) in
            [("columns", span.columns, grid.columns.len()), ("rows", span.rows, grid.rows.len())]
        {
            if first < 1 || last < first || last > count {
                let message = sentence!("layout-off-grid", what = what, first = first, last = last, count = count);
                let help = sentence!("layout-off-grid-help", count = count);
                return Err(self.fault(source.clone(), message).with_help(help));
            }
        }
        Ok(Span { columns: span.columns, rows: span.rows, strip: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::BUILT_IN;
    use crate::panel::{EXAMPLES, WITH_FILES};

    const HEAD: &str = "name = \"a\"\ngrid = { columns = 4, rows = [\"2u\", \"1fr\"] }\n";

    fn validate(body: &str) -> Result<Layout, Diagnostic> {
        parse(Path::new("a.toml"), &format!("{HEAD}{body}"), None)
    }

    #[test]
    fn every_layout_that_comes_with_the_program_parses() {
        for (name, text) in BUILT_IN {
            let layout = parse(Path::new(name), text, None).unwrap_or_else(|fault| panic!("{fault}"));
            assert_eq!(&layout.name, name);
            for preset in &layout.presets {
                parse(Path::new(name), text, Some(&preset.name)).unwrap_or_else(|fault| panic!("{fault}"));
            }
        }
    }

    #[test]
    fn every_kind_has_an_example_that_parses() {
        assert_eq!(EXAMPLES.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), KINDS);
        for (kind, example) in EXAMPLES.iter().filter(|(kind, _)| !WITH_FILES.contains(kind)) {
            let layout = validate(&format!("[[placement]]\ncolumns = [1, 2]\nrows = [1, 2]\npanel.{example}\n"))
                .unwrap_or_else(|fault| panic!("{kind}: {fault}"));
            assert_eq!(&layout.placements[0].kind, kind);
        }
    }

    #[test]
    fn faults_are_named_at_their_line_with_a_way_out() {
        let place = "[[placement]]\ncolumns = [1, 2]\nrows = [1, 1]\n";
        for (body, line, message, help) in [
            (format!("{place}panel.kpii = {{}}\n"), 6, "unknown key `kpii`", "`kpi`"),
            (format!("{place}panel.clock = {{ second = true }}\n"), 6, "unknown key `second`", ""),
            (format!("{place}panel = {{}}\n"), 3, "no panel is named", "map"),
            (
                "[[placement]]\ncolumns = [1, 5]\nrows = [1, 1]\npanel.clock = {}\n".to_owned(),
                3,
                "[1, 5]",
                "from 1 to 4",
            ),
            (format!("{place}panel.clock = {{}}\n{place}panel.clock = {{}}\n"), 7, "covers the clock", "depth"),
            (format!("{place}panel.ranking = {{ metric = \"overdu\" }}\n"), 6, "unknown value `overdu`", "`overdue`"),
            (format!("{place}panel.image = {{ file = \"none.png\" }}\n"), 3, "none.png", ""),
            (String::new(), 1, "at least one", "[[placement]]"),
            ("[[placement]\n".to_owned(), 3, "", ""),
        ] {
            let fault = validate(&body).expect_err(&body);
            assert!(fault.message.contains(message), "{fault}");
            assert_eq!(fault.line, line, "{fault}");
            assert!(fault.help.clone().unwrap_or_default().contains(help), "{fault}");
        }
    }
}
