//! The site's file: its region and where its data comes from, `[[source]]` by `[[source]]`.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use reqwest::Url;
use serde::Deserialize;
use toml::Spanned;

use super::appeal_ids::stable_hash;
use super::encoding::geojson_text;
use super::fetch::Access;
use super::kinds::{KINDS, Kind};
use super::secret::Auth;
use crate::data::region::{Boundaries, Dictionaries, Municipality, Region, Term};
use crate::diagnostic::{self, Diagnostic};

/// A backend is asked this often if its table does not say.
const DEFAULT_EVERY_SECS: f64 = 60.0;
/// A file is read again this often if its table does not say.
const DEFAULT_FILE_SECS: f64 = 5.0;
/// Answers are no longer than this if its table does not say.
const DEFAULT_MAX_MIB: usize = 256;
/// No more rows are taken from one poll.
const DEFAULT_MAX_ROWS: usize = 6_000_000;
/// A file of boundaries is no longer.
const MAX_BOUNDARIES_BYTES: u64 = 512 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteFile {
    #[serde(default)]
    region: Option<Spanned<RegionTable>>,
    #[serde(default)]
    source: Vec<Spanned<toml::Table>>,
}

/// The same tables inside of a wall's file, whose other keys the wall judges.
#[derive(Deserialize)]
struct InWall {
    #[serde(default)]
    region: Option<Spanned<RegionTable>>,
    #[serde(default)]
    source: Vec<Spanned<toml::Table>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionTable {
    name: String,
    #[serde(default)]
    centre: Option<String>,
    time_zone: Spanned<String>,
    #[serde(default)]
    boundaries: Option<Spanned<PathBuf>>,
    #[serde(default)]
    attribution: Option<String>,
    #[serde(default)]
    sectors: Vec<Term>,
    #[serde(default)]
    channels: Vec<Term>,
    #[serde(default)]
    populations: HashMap<String, u32>,
    #[serde(default)]
    aliases: HashMap<String, String>,
}

/// A site.
pub struct Site {
    /// The region; none where the only source is a native backend that brings its own.
    pub region: Option<Region>,
    /// Other names of its municipalities.
    pub aliases: HashMap<String, String>,
    /// The sources, in the order of the file.
    pub sources: Vec<SourceTable>,
}

/// One source.
pub struct SourceTable {
    /// The name in messages.
    pub name: String,
    /// How it is reached.
    pub access: Access,
    /// How often it is asked.
    pub every: Duration,
    /// No more rows are taken from one poll.
    pub max_rows: usize,
    /// Fields of its tables whose texts are published information.
    pub published: Vec<String>,
    /// What is asked.
    pub kind: Kind,
}

impl SourceTable {
    /// What it names and this machine has not: files and environment variables, as sentences.
    pub fn absent(&self) -> Vec<String> {
        let file = self.access.base.to_file_path().ok().filter(|_| self.access.base.scheme() == "file");
        let files = file.iter().chain(&self.access.ca_file).filter(|path| !path.exists());
        let files = files.map(|path| format!("{} is not there", path.display()));
        files.chain(self.access.auth.as_ref().and_then(Auth::absent)).collect()
    }
}

/// The sectors that a region has if its file names none: the list of Moscow Region's centre.
const DEFAULT_SECTORS: [(&str, &str, &str); 12] = [
    ("housing", "ЖКХ", "house-line"),
    ("roads", "Дороги", "road-horizon"),
    ("landscaping", "Благоустройство", "tree"),
    ("waste", "Отходы", "trash"),
    ("transport", "Транспорт", "bus"),
    ("health", "Здравоохранение", "first-aid-kit"),
    ("education", "Образование", "graduation-cap"),
    ("social", "Социальная защита", "hand-heart"),
    ("construction", "Строительство", "crane"),
    ("ecology", "Экология", "drop"),
    ("security", "Безопасность", "shield-check"),
    ("services", "Госуслуги и МФЦ", "identification-card"),
];
const DEFAULT_CHANNELS: [(&str, &str, &str); 8] = [
    ("portal", "Портал", "globe"),
    ("gosuslugi", "Госуслуги", "identification-card"),
    ("social", "Социальные сети", "chats-circle"),
    ("hotline", "Горячая линия", "phone"),
    ("app", "Мобильное приложение", "device-mobile"),
    ("reception", "Приёмная", "envelope"),
    ("emergency", "Служба 112", "siren"),
    ("agencies", "Ведомства", "buildings"),
];

impl Site {
    /// One native backend, which brings its own region.
    pub fn native(url: Url) -> Self {
        let source = SourceTable {
            name: url.to_string(),
            access: Access::to(url, super::TIMEOUT),
            every: super::TIMEOUT,
            max_rows: DEFAULT_MAX_ROWS,
            published: Vec::new(),
            kind: Kind::Native(super::native::Native::default()),
        };
        Self { region: None, aliases: HashMap::new(), sources: vec![source] }
    }

    /// Letters that tell this site from others by where its data comes from.
    pub fn fingerprint(&self) -> String {
        let texts = self.sources.iter().flat_map(|source| [source.name.as_str(), source.access.base.as_str()]);
        format!("{:016x}", stable_hash(texts))
    }

    /// The tables and the pictures of cameras that its sources bring.
    pub fn tables(&self) -> Vec<String> {
        self.sources.iter().flat_map(|source| source.kind.names()).collect()
    }

    /// Whether one of its sources is a native backend, which names its tables itself.
    pub fn has_native(&self) -> bool {
        self.sources.iter().any(|source| matches!(source.kind, Kind::Native(_)))
    }

    /// The time zone in which its backends write times that name none.
    pub fn zone(&self) -> TimeZone {
        let name = self.region.as_ref().map(|r| r.dictionaries.time_zone.as_str());
        name.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(TimeZone::system)
    }

    /// Judges the text of a site's file; files that it names are read beside `path`.
    ///
    /// # Errors
    /// The first fault, at its line.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Diagnostic> {
        let file: SiteFile = diagnostic::parse(path, text).map_err(|fault| fault.of_other_kind(text, "site"))?;
        if file.source.is_empty() {
            return Err(Diagnostic::at(path, text, 0..0, crate::sentence!("site-empty"))
                .with_help(crate::sentence!("site-empty-help")));
        }
        validate(path, text, file.region, file.source)
    }

    /// The site in a wall's file; none where it names no source.
    ///
    /// # Errors
    /// The first fault, at its line.
    pub fn in_wall(path: &Path, text: &str) -> Result<Option<Self>, Diagnostic> {
        let file: InWall = diagnostic::parse(path, text).map_err(|fault| fault.of_other_kind(text, "site"))?;
        if file.source.is_empty() {
            return Ok(None);
        }
        validate(path, text, file.region, file.source).map(Some)
    }
}

fn validate(
    path: &Path,
    text: &str,
    region: Option<Spanned<RegionTable>>,
    tables: Vec<Spanned<toml::Table>>,
) -> Result<Site, Diagnostic> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut sources: Vec<SourceTable> = Vec::new();
    for table in tables {
        let span = table.span();
        let source = source(path, text, folder, table)?;
        if sources.iter().any(|other| other.name == source.name) {
            return Err(Diagnostic::at(path, text, span, crate::sentence!("site-twice", name = source.name))
                .with_help(crate::sentence!("site-twice-help")));
        }
        sources.push(source);
    }
    let native = sources.iter().filter(|source| matches!(source.kind, Kind::Native(_))).count();
    let appeals = sources.iter().filter(|source| source.kind.brings_appeals()).count();
    if let (1.., Some(region)) = (native, &region) {
        return Err(Diagnostic::at(path, text, region.span(), crate::sentence!("site-native-region"))
            .with_help(crate::sentence!("site-native-region-help")));
    }
    if native > 0 && appeals > 1 {
        return Err(Diagnostic::at(path, text, 0..0, crate::sentence!("site-native-tables"))
            .with_help(crate::sentence!("site-native-tables-help")));
    }
    let Some(table) = region else {
        if native == 1 {
            return Ok(Site { region: None, aliases: HashMap::new(), sources });
        }
        return Err(Diagnostic::at(path, text, 0..0, crate::sentence!("site-no-region"))
            .with_help(crate::sentence!("site-no-region-help")));
    };
    let table = table.into_inner();
    let own = table.aliases.clone();
    let region = region_of(path, text, folder, table)?;
    let mut aliases = region.boundaries.aliases.clone();
    aliases.extend(own);
    Ok(Site { region: Some(region), aliases, sources })
}

fn region_of(path: &Path, text: &str, folder: &Path, table: RegionTable) -> Result<Region, Diagnostic> {
    let zone = table.time_zone.get_ref();
    if TimeZone::get(zone).is_err() {
        if let Some((fault, help)) = diagnostic::cyrillic_in(zone, |latin| TimeZone::get(latin).is_ok()) {
            return Err(Diagnostic::at(path, text, table.time_zone.span(), fault).with_help(help));
        }
        return Err(Diagnostic::at(path, text, table.time_zone.span(), crate::sentence!("site-zone", zone = zone))
            .with_help(crate::sentence!("site-zone-help")));
    }
    let boundaries = match &table.boundaries {
        None => Boundaries::default(),
        Some(file) => {
            let fault = |message: String| Diagnostic::at(path, text, file.span(), message);
            let file = folder.join(file.get_ref());
            let bytes = diagnostic::read_bytes(&file, MAX_BOUNDARIES_BYTES)
                .map_err(|e| fault(format!("{}: {e}", file.display())))?;
            let read = geojson_text(&bytes).map_err(|e| fault(format!("{}: {e}", file.display())))?;
            Boundaries::from_geojson(&read).map_err(|e| fault(format!("{}: {e}", file.display())))?
        }
    };
    let municipalities = boundaries.municipalities.iter().map(|m| Municipality {
        name: m.name.clone(),
        population: table.populations.get(&m.name).copied().or(m.population).unwrap_or(0),
        from_rows: false,
    });
    let usual = |terms: Vec<Term>, usual: &[(&str, &str, &str)]| {
        if !terms.is_empty() {
            return terms;
        }
        let term = |(code, name, icon): &(&str, &str, &str)| Term {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            icon: Some((*icon).to_owned()),
            ..Term::default()
        };
        usual.iter().map(term).collect()
    };
    let dictionaries = Dictionaries {
        centre: table.centre.unwrap_or_else(|| table.name.clone()),
        region: table.name,
        time_zone: table.time_zone.into_inner(),
        demo: false,
        attribution: table.attribution,
        sectors: usual(table.sectors, &DEFAULT_SECTORS),
        topics: Vec::new(),
        channels: usual(table.channels, &DEFAULT_CHANNELS),
        agencies: Vec::new(),
        municipalities: municipalities.collect(),
        translations: Default::default(),
    };
    Ok(Region { dictionaries, boundaries })
}

/// What every source has, whatever its kind.
#[derive(Deserialize)]
struct Common {
    name: String,
    kind: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    file: Option<PathBuf>,
    #[serde(default)]
    every_secs: Option<f64>,
    #[serde(default)]
    patience_secs: Option<f64>,
    #[serde(default)]
    ca_file: Option<PathBuf>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    #[serde(alias = "most_mib")]
    max_mib: Option<usize>,
    #[serde(default)]
    #[serde(alias = "most_rows")]
    max_rows: Option<usize>,
    #[serde(default)]
    published: Vec<String>,
}

const COMMON_KEYS: [&str; 14] = [
    "name",
    "kind",
    "url",
    "file",
    "every_secs",
    "patience_secs",
    "auth",
    "ca_file",
    "hosts",
    "max_mib",
    "most_mib",
    "max_rows",
    "most_rows",
    "published",
];

fn source(path: &Path, text: &str, folder: &Path, table: Spanned<toml::Table>) -> Result<SourceTable, Diagnostic> {
    let span = table.span();
    let fault = |message: String| Diagnostic::at(path, text, span.clone(), message);
    let (mut common, own): (toml::Table, toml::Table) =
        table.into_inner().into_iter().partition(|(key, _)| COMMON_KEYS.contains(&key.as_str()));
    let mut auth = match common.remove("auth") {
        None => None,
        // What stands there is not repeated: it may be the secret itself.
        Some(value) => Some(value.try_into::<Auth>().ok().filter(Auth::is_named).ok_or_else(|| {
            Diagnostic::at(path, text, key_span(text, &span, "auth"), crate::sentence!("site-auth"))
                .with_help(crate::sentence!("site-auth-help"))
        })?),
    };
    let at_key = |key: &str| key_span(text, &span, key);
    let common: Common = common.try_into().map_err(|e: toml::de::Error| {
        // The error names the key at its end: «in `every_secs`».
        let said = e.to_string();
        let key = said.rsplit("in `").next().and_then(|rest| rest.split('`').next());
        Diagnostic::of_toml(path, text, key.map_or(span.clone(), at_key), e.message())
    })?;
    if !KINDS.contains(&common.kind.as_str()) {
        return Err(Diagnostic::at(path, text, at_key("kind"), crate::sentence!("site-kind", kind = common.kind))
            .with_help(diagnostic::expected(&common.kind, KINDS.iter().copied())));
    }
    let base = match (&common.url, &common.file) {
        (Some(url), None) => {
            let parsed = url.parse::<Url>().ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            if parsed.as_ref().is_some_and(|url| !url.username().is_empty() || url.password().is_some()) {
                return Err(Diagnostic::at(path, text, at_key("url"), crate::sentence!("site-secret"))
                    .with_help(crate::sentence!("site-secret-help")));
            }
            parsed.ok_or_else(|| {
                Diagnostic::at(path, text, at_key("url"), crate::sentence!("site-url", url = url))
                    .with_help(crate::sentence!("site-url-help"))
            })?
        }
        (None, Some(file)) => {
            let file = std::path::absolute(folder.join(file)).map_err(|e| fault(e.to_string()))?;
            Url::from_file_path(&file).map_err(|()| fault(format!("{}: no such path", file.display())))?
        }
        _ => {
            return Err(Diagnostic::at(path, text, span.clone(), crate::sentence!("site-place"))
                .with_help(crate::sentence!("site-place-help")));
        }
    };
    let secs = |value: Option<f64>, usual: f64, key: &str, range: std::ops::RangeInclusive<f64>| {
        let secs = value.unwrap_or(usual);
        if range.contains(&secs) {
            Ok(Duration::from_secs_f64(secs))
        } else {
            Err(Diagnostic::at(path, text, at_key(key), crate::sentence!("site-range", key = key, value = secs))
                .with_help(crate::sentence!("site-range-help", least = range.start(), most = range.end())))
        }
    };
    let default_every = if common.file.is_some() { DEFAULT_FILE_SECS } else { DEFAULT_EVERY_SECS };
    let every = secs(common.every_secs, default_every, "every_secs", 1.0..=86_400.0)?;
    let timeout = secs(common.patience_secs, super::TIMEOUT.as_secs_f64(), "patience_secs", 0.1..=600.0)?;
    if let Some(auth) = &mut auth {
        auth.beside(folder);
    }
    let kind = Kind::read(&common.kind, own).map_err(|message| {
        let key = message.split('`').nth(1).unwrap_or("kind").to_owned();
        // serde names the keys that it knows in backticks, the unknown one first.
        let common = COMMON_KEYS.map(|key| format!(", `{key}`")).concat();
        let common = if message.starts_with("unknown field") { common } else { String::new() };
        Diagnostic::of_toml(path, text, at_key(&key), &format!("{message}{common}"))
    })?;
    let access = Access {
        base,
        timeout,
        auth,
        ca_file: common.ca_file.map(|file| folder.join(file)),
        hosts: common.hosts,
        max_bytes: common.max_mib.unwrap_or(DEFAULT_MAX_MIB).clamp(1, 4096) << 20,
    };
    let max_rows = common.max_rows.unwrap_or(DEFAULT_MAX_ROWS);
    Ok(SourceTable { name: common.name, access, every, max_rows, published: common.published, kind })
}

/// Where a key, or else a value, stands in a table's part of the file; the table's heading, if it is not found.
fn key_span(text: &str, span: &Range<usize>, key: &str) -> Range<usize> {
    // The span of a table in an array is its heading's: what it says follows, up to the next of its kind.
    let rest = text.get(span.end..).unwrap_or("");
    let end = span.end + rest.find("\n[[").unwrap_or(rest.len());
    let part = text.get(span.start..end).unwrap_or("");
    let found = part.match_indices(key).find(|(at, _)| {
        let before = part[..*at].chars().next_back();
        let after = part[at + key.len()..].trim_start();
        before.is_none_or(|c| c.is_whitespace() || c == '{' || c == ',') && after.starts_with('=')
    });
    let value = || part.find(&format!("\"{key}\"")).map(|at| (at + 1, key));
    found.or_else(value).map_or(span.clone(), |(at, _)| span.start + at..span.start + at + key.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::kinds::EXAMPLES;

    const REGION: &str = "[region]\nname = \"r\"\ntime_zone = \"Europe/Moscow\"\n";

    fn validate(text: &str) -> Result<Site, Diagnostic> {
        Site::parse(Path::new("site.toml"), text)
    }

    #[test]
    fn every_kind_has_an_example_that_parses() {
        assert_eq!(EXAMPLES.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), KINDS);
        for (kind, example) in EXAMPLES {
            let region = if *kind == "native" { "" } else { REGION };
            let site = validate(&format!("{region}{example}")).unwrap_or_else(|fault| panic!("{kind}: {fault}"));
            assert_eq!(site.sources[0].kind.name(), *kind);
        }
        let but_native = || EXAMPLES.iter().filter(|(kind, _)| *kind != "native").map(|(_, example)| *example);
        assert!(validate(&but_native().fold(REGION.to_owned(), |all, example| all + example)).is_ok());
        // A native backend brings its region; tables may stand beside it, and nobody else's appeals.
        let of = |kind: &str| EXAMPLES.iter().find(|(other, _)| *other == kind).unwrap().1;
        assert!(validate(&[of("native"), of("csv"), of("prometheus")].concat()).is_ok());
        let refused = |text: &str| validate(text).err().map(|fault| fault.message).unwrap_or_default();
        assert!(refused(&[REGION, of("native")].concat()).contains("its own region"));
        assert!(refused(&[of("native"), of("open311")].concat()).contains("only tables"));
        assert!(refused(of("csv")).contains("whose appeals"));
    }

    #[test]
    fn faults_are_named_at_their_line() {
        let good = format!(
            "{REGION}[[source]]\nname = \"a\"\nkind = \"rest\"\nurl = \"http://h/\"\nitems = \"$[*]\"\ndataset = \"d\"\n"
        );
        assert!(validate(&good).is_ok());
        for (text, line, word, help) in [
            (good.replace("\"rest\"", "\"rset\""), 6, "rset", "`rest`"),
            (format!("{good}every_secs = \"often\"\n"), 10, "a number is expected here", "in digits"),
            (format!("{good}most_rows = -1\n"), 10, "-1 is too large or too small here", ""),
            (good.replace("http://h/", "h"), 7, "not an address", "https://"),
            (good.replace("Moscow", "Moskow"), 3, "Moskow", "IANA"),
            (good.replace("dataset = \"d\"\n", ""), 4, "neither `appeal` nor `dataset`", ""),
            (good.replace("$[*]", "$["), 8, "JSONPath", "$.data[*]"),
            (format!("{good}itms = 1\n"), 10, "itms", "`items`"),
            (format!("{good}every_secs = 0\n"), 10, "every_secs", "1 to"),
            (format!("{good}auth = {{ bearer = \"s3cret\" }}\n"), 10, "who the wall is", "env"),
            (format!("{good}auth = {{ bearer = {{ env = \"s3cret-token.x\" }} }}\n"), 10, "who the wall is", "env"),
            (good.replace("http://h/", "http://u:s3cret@h/"), 7, "never written", "basic"),
            (
                format!("{good}[[source]]\nname = \"a\"\nkind = \"geojson\"\nfile = \"x\"\ndataset = \"d\"\n"),
                10,
                "two sources",
                "",
            ),
            (good.replace(REGION, ""), 1, "whose appeals", "[region]"),
            (REGION.to_owned(), 1, "at least one source", "[[source]]"),
        ] {
            let Err(fault) = validate(&text) else { panic!("{text}") };
            assert!(fault.message.contains(word), "{fault}");
            assert!(!fault.message.contains("s3cret"), "{fault}");
            assert_eq!(fault.line, line, "{fault}");
            assert!(format!("{} {}", fault.message, fault.help.clone().unwrap_or_default()).contains(help), "{fault}");
        }
    }
}
