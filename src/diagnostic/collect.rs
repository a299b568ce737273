//! Every fault of a file, not the first alone.

use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::{Cause, Diagnostic};

/// Reads TOML into `T`; a key that `T` does not know is refused with the nearest one that it does.
pub fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Diagnostic> {
    toml::from_str(text).map_err(|error| Diagnostic::of_toml(path, text, error.span().unwrap_or(0..0), error.message()))
}

/// Validates a text; on failure collects all of its faults, in the order of lines. After each fault the line of the
/// unknown key, or else the `[[table]]` at fault, is blanked, and the text is validated again. A fault that cannot be
/// blanked ends the search.
pub fn collect_all<T>(
    path: &Path,
    text: &str,
    validate: impl Fn(&str) -> Result<T, Diagnostic>,
) -> Result<T, Vec<Diagnostic>> {
    let mut faults: Vec<Diagnostic> = Vec::new();
    let mut left = text.to_owned();
    loop {
        let mut fault = match validate(&left) {
            Ok(judged) if faults.is_empty() => return Ok(judged),
            Ok(_) => break,
            Err(fault) => fault,
        };
        let known = *fault.path == *path && !fault.is_of_whole_file();
        let Some(next) = known.then(|| without(&left, &fault)).flatten() else {
            // A fault of the text that is left need not be one of the file.
            if faults.is_empty() {
                faults.push(fault);
            }
            break;
        };
        // What is missing where an unknown key was is that key, misspelt.
        let table = table_around(&left, fault.span.start);
        let of_table = |other: &Diagnostic| table_around(text, other.span.start) == table;
        let misspelt = fault.cause == Cause::MissingKey
            && faults.iter().any(|other| other.cause == Cause::UnknownName && of_table(other));
        left = next;
        if !misspelt {
            fault.text = text.into();
            faults.push(fault);
        }
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    Err(faults)
}

/// The text with a fault blanked. Lines and columns stay the same.
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
    let alone = fault.cause == Cause::UnknownName && text[line.start..start].trim().is_empty();
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

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
        let validate = |text: &str| parse::<File>(Path::new("a.toml"), text);
        let lines: Vec<usize> =
            collect_all(Path::new("a.toml"), text, validate).unwrap_err().iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [2, 8, 10]);
        // What is wrong outside of such tables is said alone.
        let count =
            |text: &str| collect_all(Path::new("a.toml"), text, validate).err().map_or(0, |faults| faults.len());
        assert_eq!((count("item = 1\n"), count("[[item]]\nsize = 1\n")), (1, 0));
        assert_eq!(count("[[item]]\nsize = = 1\n[[item]]\nsise = 1\n"), 2);
        // An unknown key hides nothing of its own table.
        assert_eq!(count("[[item]]\nsise = 1\nsize = 400\n"), 2);
        // What is wrong in another file cannot be taken out of this one.
        let elsewhere =
            |text: &str| Err::<(), _>(Diagnostic::at(Path::new("b.toml"), &format!("{text}ёё"), 9..13, "no"));
        assert_eq!(collect_all(Path::new("a.toml"), "[[item]]\n", elsewhere).unwrap_err().len(), 1);
    }
}
