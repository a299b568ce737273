//! What is written beside the code is true: shaders, snippets in documents, examples, the API's description.

use std::path::Path;

use naga::{TypeInner, VectorSize};
use obzor::render::{
    CornerInstance, GlyphInstance, HeatInstance, PictureInstance, ShapeInstance, ViewUniform, shaders,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn module(source: &str) -> naga::Module {
    let module = naga::front::wgsl::parse_str(source).unwrap_or_else(|e| panic!("{}", e.emit_to_string(source)));
    naga::valid::Validator::new(naga::valid::ValidationFlags::all(), naga::valid::Capabilities::empty())
        .validate(&module)
        .unwrap_or_else(|e| panic!("{}", e.emit_to_string(source)));
    module
}

/// Every document of the project, in whatever language.
fn documents() -> Vec<String> {
    let folders = ["", "docs/", "docs/ru/"];
    let named = folders.iter().flat_map(|folder| {
        let files = std::fs::read_dir(root().join(folder)).unwrap();
        files.map(move |file| format!("{folder}{}", file.unwrap().file_name().into_string().unwrap()))
    });
    let mut documents: Vec<String> = named.filter(|name| name.ends_with(".md")).collect();
    documents.sort();
    documents
}

/// What documents link to is there.
#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(root().join(&document)).unwrap();
        let folder = root().join(Path::new(&document).parent().unwrap());
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if !link.is_empty() && !link.contains("://") && !folder.join(link).exists() {
                broken.push(format!("{document}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_shader_is_valid_and_every_file_is_one_of_them() {
    for (_, source) in shaders() {
        module(&source);
    }
    let mut files: Vec<String> = std::fs::read_dir(root().join("shaders"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut known: Vec<String> = shaders().iter().map(|(name, _)| format!("{name}.wgsl")).collect();
    known.push("view.wgsl".into());
    known.sort();
    assert_eq!(files, known);
}

#[test]
fn structs_of_shaders_and_of_rust_agree() {
    type Twin = (&'static str, &'static str, &'static [&'static str], &'static [wgpu::VertexFormat], usize);
    let instances: [Twin; 5] = [
        ("shape", "Shape", ShapeInstance::FIELDS, ShapeInstance::FORMATS, size_of::<ShapeInstance>()),
        ("glyph", "Glyph", GlyphInstance::FIELDS, GlyphInstance::FORMATS, size_of::<GlyphInstance>()),
        ("mesh", "Corner", CornerInstance::FIELDS, CornerInstance::FORMATS, size_of::<CornerInstance>()),
        ("picture", "Picture", PictureInstance::FIELDS, PictureInstance::FORMATS, size_of::<PictureInstance>()),
        ("heat", "Heat", HeatInstance::FIELDS, HeatInstance::FORMATS, size_of::<HeatInstance>()),
    ];
    for (name, source) in shaders() {
        let module = module(&source);
        let members = |wanted: &str| {
            let found = module.types.iter().find(|(_, t)| t.name.as_deref() == Some(wanted));
            match &found.unwrap_or_else(|| panic!("{name}.wgsl has no struct {wanted}")).1.inner {
                TypeInner::Struct { members, span } => (members.clone(), *span),
                _ => panic!("{wanted} is no struct"),
            }
        };
        let (view, span) = members("View");
        assert_eq!(span as usize, size_of::<ViewUniform>(), "View in {name}.wgsl");
        let offset = |field: &str| view.iter().find(|m| m.name.as_deref() == Some(field)).unwrap().offset as usize;
        assert_eq!(offset("offset"), std::mem::offset_of!(ViewUniform, offset));
        assert_eq!(offset("scale"), std::mem::offset_of!(ViewUniform, scale));
        assert_eq!(offset("zoom"), std::mem::offset_of!(ViewUniform, zoom));
        assert_eq!(offset("wall_origin"), std::mem::offset_of!(ViewUniform, wall_origin));
        let Some((_, wanted, fields, formats, size)) = instances.iter().find(|(n, ..)| *n == name) else {
            panic!("{name}.wgsl has no twin");
        };
        let (members, _) = members(wanted);
        assert_eq!(members.iter().map(|m| m.name.clone().unwrap()).collect::<Vec<_>>(), *fields, "{name}.wgsl");
        assert_eq!(formats.iter().map(|f| f.size() as usize).sum::<usize>(), *size, "{wanted}");
        for (member, format) in members.iter().zip(*formats) {
            let components = match module.types[member.ty].inner {
                TypeInner::Scalar(_) => 1,
                TypeInner::Vector { size: VectorSize::Bi, .. } => 2,
                TypeInner::Vector { size: VectorSize::Quad, .. } => 4,
                ref other => panic!("{other:?}"),
            };
            let given = match format {
                wgpu::VertexFormat::Unorm8x4 | wgpu::VertexFormat::Float32x4 | wgpu::VertexFormat::Uint32x4 => 4,
                wgpu::VertexFormat::Float32x2 => 2,
                wgpu::VertexFormat::Float32 => 1,
                other => panic!("{other:?}"),
            };
            assert_eq!(components, given, "{wanted}.{:?}", member.name);
        }
    }
}

/// Every TOML snippet in a document is a wall, a site, a layout or a run sheet that parses.
#[test]
fn snippets_in_documents_parse() {
    let mut seen = 0;
    for document in documents() {
        let text = std::fs::read_to_string(root().join(&document)).unwrap();
        for snippet in text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
            seen += 1;
            let path = root().join("layouts/snippet.toml");
            let judged = if snippet.contains("[[source]]") && !snippet.contains("viewing_distance_m") {
                let region = "[region]\nname = \"r\"\ntime_zone = \"Europe/Moscow\"\n";
                let has_region = snippet.contains("[region]") || snippet.contains("kind = \"native\"");
                let whole = if has_region { snippet.to_owned() } else { format!("{region}{snippet}") };
                obzor::source::Site::parse(&path, &whole).map(|_| ())
            } else if obzor::operation::is_meant(snippet) {
                // What is only shown as a possibility must be right, too.
                let whole =
                    snippet.replace("# tls =", "tls =").replace("# osc =", "osc =").replace("# names =", "names =");
                obzor::operation::parse(&path, &whole).map(|_| ())
            } else if obzor::runsheet::is_meant(snippet) {
                obzor::runsheet::parse(&path, snippet).map(|_| ())
            } else if snippet.contains("viewing_distance_m") {
                obzor::wall::parse(&path, snippet).map(|_| ())
            } else {
                obzor::layout::parse(&path, snippet, None).map(|_| ())
            };
            judged.unwrap_or_else(|fault| panic!("{document}:\n{fault}"));
        }
    }
    assert!(seen >= 3, "the documents show {seen} snippets");
}

/// The reference page of metrics is what the catalogue says.
#[test]
fn the_catalogue_of_metrics_is_documented() {
    use obzor::data::measure::{Metric, Period};
    use obzor::language::{Lang, Language};
    let (russian, english) = (Language::new(Lang::Ru), Language::new(Lang::En));
    let mut text = String::from(
        "# Metrics\n\nWhat each number on the wall means; made from the catalogue in `src/data/measure/metric.rs` and the message \
         files. A flow counts\nwhat happened in its period, a stock what stood at its end. Every value stands beside the same a \
         year ago\n(`compare = \"year-ago\"`: the same weekday for periods up to a week and rolling ones, the same dates for \
         months and\nlonger), or beside the period before (`compare = \"before\"`).\n\n| Code | On screen | What it counts | \
         По-русски | Kind | Unit | Better |\n|---|---|---|---|---|---|---|\n",
    );
    for metric in Metric::ALL {
        let code = metric.code();
        let definition = |language: &Language| {
            let words = language.message(&format!("definition-{code}"));
            assert!(words.ends_with('.'), "{code} is not defined in a sentence: {words}");
            words
        };
        let better = match metric.less_is_better() {
            Some(true) => "less",
            Some(false) => "more",
            None => "neither",
        };
        text += &format!(
            "| `{code}` | {} | {} | {} | {} | {:?} | {better} |\n",
            russian.message(&format!("metric-{code}")),
            definition(&english),
            definition(&russian),
            if metric.is_stock() { "stock" } else { "flow" },
            metric.unit()
        );
    }
    text += "\nPeriods: ";
    let periods: Vec<String> = Period::ALL
        .iter()
        .map(|p| format!("`{}` ({})", p.code(), english.message(&format!("period-{}", p.code()))))
        .collect();
    text += &periods.join(", ");
    text += ".\n\nFilters: `sector`, `topic`, `channel`, `municipality`, `agency`, and `status`: `in-work`, `overdue`, `answered`, \
             `accepted`,\njudged at the end of the period.\n\nThe median averages the two in the middle where their number is \
             even; the 90th percentile is by nearest rank. The rating of\nthe weekly review is the mean of three shares: postponed \
             and overdue among those in work, repeats among those received in\nseven days; municipalities are compared within \
             a class of size (from 100,000 residents, from 30,000, under), and equal\nscores share a place.\n\nA site's own \
             measure combines these wherever a metric may stand, in `kpi`, `chart`, `ranking` and `map`:\n`{ metric = { divide = [\"overdue\", \"in-work\"], times = 100 }, name = \
             \"Просрочка\", period = \"now\" }`; `add` and\n`subtract` take metrics of one unit, all flows or all stocks. A wrong \
             one is explained at its line.\n\nEvery metric is held to the same in SQL by `tests/measures.rs`, over random \
             appeals and moments, time zones, changes of\nclocks and ends of years. A past stock is reckoned with due dates and \
             postponements as they stand today: what they were\nthen is not kept.\n";
    written("docs/metrics.md", &text);
}

/// Every kind of source is shown in the documents as its example is.
#[test]
fn every_kind_of_source_is_documented() {
    let text = std::fs::read_to_string(root().join("docs/sources.md")).unwrap();
    for (kind, example) in obzor::source::EXAMPLES {
        assert!(text.contains(example), "docs/sources.md does not show the example of `{kind}`:\n{example}");
    }
}

#[test]
fn every_wall_that_comes_with_the_program_is_sound_and_holds_the_layout_that_suits_it() {
    let mut walls = 0;
    for entry in std::fs::read_dir(root().join("layouts/walls")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let wall = obzor::wall::parse(&path, &text).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(Some(wall.name.as_str()), path.file_stem().and_then(|s| s.to_str()));
        walls += 1;
    }
    assert_eq!(walls, 7);
    for (name, layout) in [("4x2", "situation-room"), ("kiosk", "overview"), ("kiosk-portrait", "portrait")] {
        let path = root().join(format!("layouts/walls/{name}.toml"));
        let wall = obzor::wall::read(&path).unwrap().unwrap();
        assert_eq!(obzor::layout::suited_to(&wall), layout);
        let faults = obzor::layout::legibility::validate(&obzor::layout::Catalogue::load(layout).unwrap(), &wall);
        assert!(faults.is_empty(), "{}", faults.iter().map(ToString::to_string).collect::<String>());
    }
}

/// Holds a generated document to what generates it; `UPDATE_GOLDEN=1` writes it anew.
fn written(path: &str, wanted: &str) {
    let file = root().join(path);
    if std::fs::read_to_string(&file).is_ok_and(|kept| kept == wanted) {
        return;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, wanted).unwrap();
    } else {
        panic!("{path} is not what the program says: UPDATE_GOLDEN=1 writes it anew");
    }
}

#[test]
fn the_description_of_the_api_is_openapi_3_1_and_names_every_path() {
    let document = serde_json::to_value(obzor::demo::openapi()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in [
        "/v1/region",
        "/v1/region/boundaries",
        "/v1/appeals",
        "/v1/appeals/latest",
        "/v1/changes",
        "/v1/datasets",
        "/v1/datasets/{name}",
    ] {
        assert!(document["paths"][path]["get"].is_object(), "{path}");
    }
    // Every reference leads somewhere.
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document["components"]["schemas"][reference].is_object(), "{reference}");
    }
    written("docs/native-openapi.json", &(serde_json::to_string_pretty(&document).unwrap() + "\n"));
}

/// What is served stands in the document, and what stands in it is served.
#[test]
fn the_description_of_the_control_api_names_what_is_served_and_nothing_else() {
    let document = serde_json::to_value(obzor::server::openapi()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let source = std::fs::read_to_string(root().join("src/server/v1/mod.rs")).unwrap();
    let mut served = Vec::new();
    for route in source.split(".route(\"").skip(1) {
        let (path, methods) = route.split_once("\", ").unwrap();
        let path = match path.replace("{*", "{") {
            path if path == "/api/v1/outputs/{name}" || path.contains("thumbnails") => path + ".jpg",
            path => path,
        };
        let methods = methods.split('\n').next().unwrap();
        for method in ["get", "post", "put", "delete"] {
            if methods.contains(&format!("{method}(")) && !path.ends_with("openapi.json") {
                served.push(format!("{method} {path}"));
            }
        }
    }
    let mut described = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            described.push(format!("{method} {path}"));
            // Whoever reads it is told what comes, and what a refusal looks like.
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('4')) {
                let kinds = response["content"].as_object().unwrap_or_else(|| panic!("{method} {path} {status}"));
                assert!(kinds.contains_key("application/problem+json"), "{method} {path} {status}");
            }
        }
    }
    served.sort();
    described.sort();
    assert!(served.len() > 25);
    assert_eq!(served, described);
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document["components"]["schemas"][reference].is_object(), "{reference}");
    }
    written("docs/control-openapi.json", &(serde_json::to_string_pretty(&document).unwrap() + "\n"));
}

#[test]
fn fonts_and_icons_have_their_licences_beside_them() {
    let fonts = std::fs::read_dir(root().join("assets/fonts")).unwrap().map(|entry| entry.unwrap().path());
    for font in fonts.filter(|path| path.extension().is_some_and(|ending| ending == "ttf")) {
        let family = font.file_stem().unwrap().to_string_lossy().split('-').next().unwrap().to_owned();
        assert!(font.with_file_name(format!("{family}-LICENSE.txt")).exists(), "{family}");
    }
}
