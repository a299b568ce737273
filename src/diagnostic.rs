//! What is wrong in a file, shown at its line, with what to write instead.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use regex::Regex;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A fault in a file that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Diagnostic {
    /// The file.
    pub path: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    #[serde(skip)]
    span: Range<usize>,
    #[serde(skip)]
    text: std::sync::Arc<str>,
}

impl Diagnostic {
    /// A fault at the bytes `span` of `text`, the content of `path`.
    pub fn at(path: &Path, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let start = floor_char_boundary(text, span.start);
        let end = floor_char_boundary(text, span.end).max(start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            message: without_values(text, message.into()),
            help: None,
            span: start..end,
            text: without_secrets(text).into(),
        }
    }

    /// Whether it speaks of these bytes of its file.
    pub fn is_at(&self, span: &Range<usize>) -> bool {
        self.span == *span
    }

    /// The same fault, with what its file is where that was meant as another kind: the commonest mistake is another file.
    #[must_use]
    pub fn of_other_kind(self, text: &str, meant: &str) -> Self {
        let begins = |key: &str| text.lines().any(|line| line.starts_with(key));
        let kinds = [
            ("run sheet", begins("[[step]]"), "give it as `--run-sheet`"),
            ("layout", begins("[[placement]]"), "give it as `--layout`"),
            ("wall", begins("viewing_distance_m"), "give it as `--wall`"),
            ("site", begins("[[source]]"), "give it as `--source`"),
        ];
        match kinds.into_iter().find(|(_, is, _)| *is) {
            Some((kind, _, help)) if kind != meant => self.with_help(format!("this is a {kind}: {help}")),
            _ => self,
        }
    }

    /// Whether it names no place in its file.
    pub fn is_of_whole_file(&self) -> bool {
        self.span == (0..0)
    }

    /// The same fault with a sentence that says what to write.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Where a file may hold a secret: the user and the password of an address, what an address says by parameters, the
/// values of keys that name a secret. Each pattern has it in its group `secret`.
static SECRETS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    let pattern = |text: &str| Regex::new(text).unwrap_or_else(|e| panic!("{e}"));
    [
        pattern(r"://(?P<secret>[^/@\s\x22']+)@"),
        pattern(
            r"(?i)[?&][\w.-]*(?:key|token|secret|pass|password|pwd|sig|signature|auth|code)[\w.-]*=(?P<secret>[^&\s\x22'#]+)",
        ),
        pattern(
            r"(?im)\b(?:bearer|password|pass|passwd|secret|token|api_?key|access_?key|authorization|value)\s*=\s*[\x22'](?P<secret>[^\x22'\n]+)[\x22']?",
        ),
    ]
});

/// The places of a text that may hold secrets.
fn secrets(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let found = SECRETS.iter().flat_map(|pattern| pattern.captures_iter(text));
    found.filter_map(|found| found.name("secret")).map(|secret| secret.range())
}

/// A text with a star for each byte of what may be a secret in it: what stands around keeps its place.
fn without_secrets(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in secrets(text) {
        bytes[range].fill(b'*');
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// A message without the secrets that a text may hold.
fn without_values(text: &str, mut message: String) -> String {
    for range in secrets(text) {
        let secret = &text[range];
        if secret.len() >= 4 && message.contains(secret) {
            message = message.replace(secret, "***");
        }
    }
    without_secrets(&message)
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display().to_string();
        let snippet = Snippet::source(&*self.text)
            .path(path.as_str())
            .annotation(AnnotationKind::Primary.span(self.span.clone()));
        let mut group = Level::ERROR.primary_title(self.message.as_str()).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        write!(f, "{}", Renderer::plain().render(&[group]))
    }
}

/// No file that a person wrote is longer.
const MAX_TEXT_BYTES: u64 = 32 << 20;
/// A disk answers within this time, or is taken not to answer.
const DISK_PATIENCE: Duration = Duration::from_secs(2);

/// The text of a file, for whoever must not wait: a pipe is none, and a disk that hangs is an error.
///
/// # Errors
/// When there is no such file, it is no text or too long, or its disk does not answer.
pub fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read_bytes(path, MAX_TEXT_BYTES)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8: save it as UTF-8"))
}

/// The bytes of a file, for whoever must not wait.
///
/// # Errors
/// When there is no such file, its disk does not answer, or, as [`io::ErrorKind::FileTooLarge`], it has more than
/// `max_bytes`.
pub fn read_bytes(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    let owned = path.to_owned();
    std::thread::Builder::new().name("read".into()).spawn(move || {
        // Whoever asked may have stopped waiting.
        let _ = sender.send(read_at_once(&owned, max_bytes));
    })?;
    // A slow disk reads 16 MiB a second.
    let patience = DISK_PATIENCE + std::time::Duration::from_millis(max_bytes >> 14);
    receiver.recv_timeout(patience).unwrap_or_else(|_| Err(io::Error::other("its disk does not answer")))
}

fn read_at_once(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(std::fs::File::open(path)?, max_bytes + 1), &mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        let message = format!("it is longer than {} MiB", max_bytes >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// Whether what came is a page for a browser, such as one that asks for a password.
pub fn is_web_page(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_lowercase();
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

/// Reads TOML into `T`; a key that `T` does not know is refused with the nearest one that it does.
pub fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Diagnostic> {
    toml::from_str(text).map_err(|error| {
        let message = error.message().trim().to_owned();
        let help = suggestion(&message);
        let diagnostic = Diagnostic::at(path, text, error.span().unwrap_or(0..0), message);
        match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        }
    })
}

/// What a text is, or the faults that `judge` finds in it one at a time, in the order of its lines. Before it is judged again an unknown
/// key is taken out with its line, and else the `[[table]]` that is wrong; what cannot be taken out ends the search.
pub fn every<T>(path: &Path, text: &str, judge: impl Fn(&str) -> Result<T, Diagnostic>) -> Result<T, Vec<Diagnostic>> {
    let mut faults: Vec<Diagnostic> = Vec::new();
    let mut left = text.to_owned();
    loop {
        let mut fault = match judge(&left) {
            Ok(judged) if faults.is_empty() => return Ok(judged),
            Ok(_) => break,
            Err(fault) => fault,
        };
        let known = fault.path == path && !fault.is_of_whole_file();
        let Some(next) = known.then(|| without(&left, &fault)).flatten() else {
            // Without what was taken out it may be true, and of the file not.
            if faults.is_empty() {
                faults.push(fault);
            }
            break;
        };
        // What is missing where an unknown key was is that key, misspelt.
        let table = table_around(&left, fault.span.start);
        let of_table = |other: &Diagnostic| table_around(text, other.span.start) == table;
        let misspelt = fault.message.starts_with("missing field")
            && faults.iter().any(|other| other.message.starts_with("unknown ") && of_table(other));
        left = next;
        if !misspelt {
            fault.text = text.into();
            faults.push(fault);
        }
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    Err(faults)
}

/// A text without what is wrong in it; lines and columns stay where they are.
fn without(text: &str, fault: &Diagnostic) -> Option<String> {
    let blanked = |range: Range<usize>| {
        let blank = |c: char| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) };
        let mut rest = text.to_owned();
        rest.replace_range(range.clone(), &text[range].chars().map(blank).collect::<String>());
        rest
    };
    let start = fault.span.start;
    let line =
        text[..start].rfind('\n').map_or(0, |at| at + 1)..text[start..].find('\n').map_or(text.len(), |at| start + at);
    let alone = fault.message.starts_with("unknown ") && text[line.start..start].trim().is_empty();
    let without_line = alone.then(|| blanked(line)).filter(|rest| toml::from_str::<toml::Table>(rest).is_ok());
    without_line.or_else(|| Some(blanked(table_around(text, start)?)))
}

/// The `[[table]]` that a byte lies in, its own tables `[table.of-it]` included, to the next one's beginning.
fn table_around(text: &str, at: usize) -> Option<Range<usize>> {
    let heads: Vec<usize> = text
        .split_inclusive('\n')
        .scan(0, |from, line| {
            let start = *from;
            *from += line.len();
            Some((start, line))
        })
        .filter(|(_, line)| line.starts_with("[[") || (line.starts_with('[') && !line.contains('.')))
        .map(|(start, _)| start)
        .collect();
    let own = heads.iter().rposition(|head| *head <= at)?;
    let end = heads.get(own + 1).copied().unwrap_or(text.len());
    text[heads[own]..].starts_with("[[").then_some(heads[own]..end)
}

/// The known name nearest to `wrong`, when one is near enough to have been meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(wrong, name), name))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// A sentence that offers the nearest of `known`, or lists them all.
pub fn expected<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(wrong, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known here: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

/// Reads the names out of serde's "unknown field `a`, expected one of `b`, `c`".
fn suggestion(message: &str) -> Option<String> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = quoted.next()?;
    let known: Vec<&str> = quoted.collect();
    Some(expected(wrong, known.iter().copied()))
}

fn floor_char_boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Screen {
        width: u32,
        rotation: Option<u32>,
    }

    #[test]
    fn every_wrong_table_is_said_at_its_place() {
        #[derive(Debug, Deserialize)]
        struct File {
            #[allow(dead_code)]
            item: Vec<Item>,
        }
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Item {
            #[allow(dead_code)]
            size: u8,
        }
        let text = "[[item]]\nsise = 1\n\n[[item]]\nsize = 2\n\n[[item]]\nsize = \"ё\"\n[[item]]\nsize = 300\n";
        let judge = |text: &str| parse::<File>(Path::new("a.toml"), text);
        let lines: Vec<usize> =
            every(Path::new("a.toml"), text, judge).unwrap_err().iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [2, 8, 10]);
        // What is wrong outside of such tables is said alone.
        let count = |text: &str| every(Path::new("a.toml"), text, judge).err().map_or(0, |faults| faults.len());
        assert_eq!((count("item = 1\n"), count("[[item]]\nsize = 1\n")), (1, 0));
        assert_eq!(count("[[item]]\nsize = = 1\n[[item]]\nsise = 1\n"), 2);
        // An unknown key hides nothing of its own table.
        assert_eq!(count("[[item]]\nsise = 1\nsize = 400\n"), 2);
        // What is wrong in another file cannot be taken out of this one.
        let elsewhere =
            |text: &str| Err::<(), _>(Diagnostic::at(Path::new("b.toml"), &format!("{text}ёё"), 9..13, "no"));
        assert_eq!(every(Path::new("a.toml"), "[[item]]\n", elsewhere).unwrap_err().len(), 1);
    }

    #[test]
    fn an_unknown_key_is_shown_at_its_place_with_the_nearest_known_one() {
        let text = "width = 5\nrotatoin = 90\n";
        let fault = parse::<Screen>(Path::new("wall.toml"), text).unwrap_err();
        assert_eq!((fault.line, fault.column), (2, 1));
        assert_eq!(fault.help.as_deref(), Some("did you mean `rotation`?"));
        let shown = fault.to_string();
        assert!(shown.contains("wall.toml:2:1") && shown.contains("rotatoin = 90"), "{shown}");
    }

    #[test]
    fn columns_are_counted_in_characters() {
        let fault = Diagnostic::at(Path::new("a.toml"), "имя = 5", 9..10, "no");
        assert_eq!((fault.line, fault.column), (1, 7));
    }

    #[test]
    fn a_span_outside_the_text_or_inside_a_character_does_not_panic() {
        for span in [0..0, 1..2, 3..900, 900..901] {
            let _ = Diagnostic::at(Path::new("a.toml"), "ёж", span, "no").to_string();
        }
    }
}
