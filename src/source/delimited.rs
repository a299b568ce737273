//! A table of delimited cells, as offices save it: with a line that names the delimiter, titles above the headings,
//! repeated headings, unclosed quotes. Nothing is lost without a note.

use std::collections::{HashMap, HashSet};

use csv::StringRecord;

use super::record::RowIssues;
use crate::privacy::redact;

/// The headings stand within so many rows.
const HEADING_ROWS: usize = 20;
/// No table holds more cells: each takes eight bytes besides its own.
const MAX_CELLS: usize = 30_000_000;
/// Nor has one more columns.
const MAX_COLUMNS: usize = 4096;

/// A table as it was read.
#[derive(Debug)]
pub struct Delimited {
    /// What stands between the cells.
    pub delimiter: u8,
    /// The headings, each once.
    pub headings: Vec<String>,
    /// The rows under them, with the number of the line that each begins on.
    pub rows: Vec<(u64, StringRecord)>,
    /// What could not be taken as it stood.
    pub noted: RowIssues,
}

/// Reads a table. `places` are headings that must be there; none where any will do.
///
/// # Errors
/// A sentence that names a heading that is missing.
pub fn read(text: &str, delimiter: Option<u8>, places: &[&str]) -> Result<Delimited, String> {
    let (declared, text, skipped) = declared(text.trim_start_matches('\u{feff}'));
    let delimiter = delimiter.or(declared).unwrap_or_else(|| guessed(text));
    if text.bytes().filter(|b| *b == delimiter || *b == b'\n').count() > MAX_CELLS {
        return Err(format!("it has more than {MAX_CELLS} cells"));
    }
    let mut noted = RowIssues::default();
    let mut rows = cells(text, delimiter, skipped, &mut noted);
    let at = heading_row(&rows, places);
    let above = rows.drain(..at).filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty())).count();
    noted.count_times("rows stand above the headings: they are left out", above);
    let headings: Vec<String> =
        if rows.is_empty() { Vec::new() } else { rows.remove(0).1.iter().map(str::to_owned).collect() };
    if headings.len() > MAX_COLUMNS {
        return Err(format!("its headings name {} columns: no more than {MAX_COLUMNS} are read", headings.len()));
    }
    let headings = distinct(headings, places, &mut noted);
    if let Some(missing) = places.iter().find(|place| !headings.iter().any(|heading| heading == *place)) {
        // A file without headings begins with a row of somebody's.
        let known: Vec<String> = headings.iter().take(40).map(|heading| redact(heading)).collect();
        let help = crate::diagnostic::expected(missing, known.iter().map(String::as_str));
        return Err(format!("no column `{missing}`; {help}"));
    }
    rows.retain(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
    Ok(Delimited { delimiter, headings, rows, noted })
}

/// Excel's first line `sep=;`: the delimiter that it names, what follows it, and how many lines it took.
fn declared(text: &str) -> (Option<u8>, &str, u64) {
    let (line, rest) = text.split_at(text.find(['\r', '\n']).unwrap_or(text.len()));
    let Some(sign) = line.trim_matches('"').strip_prefix("sep=") else { return (None, text, 0) };
    let sign = sign.trim_matches('"').chars().next().filter(|sign| sign.is_ascii() && *sign != '"');
    // A sign that is none says no more than that the line is no row.
    (sign.and_then(|sign| u8::try_from(sign).ok()), rest.trim_start_matches(['\r', '\n']), 1)
}

/// The sign that most of the first rows have, and of equals the one that they have most of.
fn guessed(text: &str) -> u8 {
    let lines = || text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).take(HEADING_ROWS);
    let counts = |sign: u8| lines().map(move |line| line.bytes().filter(|b| *b == sign).count());
    let rank = |sign: u8| (counts(sign).filter(|count| *count > 0).count(), counts(sign).sum::<usize>());
    // Of equals the one that is no decimal comma.
    [b'|', b',', b';', b'\t'].into_iter().max_by_key(|sign| rank(*sign)).unwrap_or(b',')
}

fn cells(text: &str, delimiter: u8, skipped: u64, noted: &mut RowIssues) -> Vec<(u64, StringRecord)> {
    if text.bytes().filter(|b| *b == b'"').count().is_multiple_of(2) {
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let numbered = |record: StringRecord| (record.position().map_or(0, csv::Position::line) + skipped, record);
        return reader.into_records().flatten().map(numbered).collect();
    }
    // An unclosed quote would take all that follows into one cell: lines are read one by one, and those that may hold
    // it without quoting.
    let mut readers = [false, true].map(|quoting| LineReader::new(delimiter, quoting));
    let mut rows = Vec::new();
    for (number, line) in (1 + skipped..).zip(text.split_inclusive('\n')) {
        let closed = line.bytes().filter(|b| *b == b'"').count().is_multiple_of(2);
        if !closed {
            noted.count("a quote is not closed: its line is read by itself", format!("line {number}"));
        }
        readers[usize::from(closed)].read(line, |record| rows.push((number, record)));
    }
    rows
}

/// Reads lines, each as if it were all. A `csv::Reader` for each line would build its tables two million times.
struct LineReader {
    core: csv_core::Reader,
    delimiter: u8,
    cells: Vec<u8>,
    ends: Vec<usize>,
}

impl LineReader {
    fn new(delimiter: u8, quoting: bool) -> Self {
        let core = csv_core::ReaderBuilder::new().delimiter(delimiter).quoting(quoting).build();
        Self { core, delimiter, cells: Vec::new(), ends: Vec::new() }
    }

    /// Hands on the records of a line: more than one where carriage returns stand in it.
    fn read(&mut self, line: &str, mut each: impl FnMut(StringRecord)) {
        self.core.reset();
        // What is read is never longer, nor has it more cells.
        self.cells.resize(line.len() + 1, 0);
        self.ends.resize(line.bytes().filter(|b| [self.delimiter, b'\r', b'\n'].contains(b)).count() + 2, 0);
        let (mut left, mut from, mut columns) = (line.as_bytes(), 0, 0);
        loop {
            let (result, read, written, ends) =
                self.core.read_record(left, &mut self.cells[from..], &mut self.ends[columns..]);
            left = &left[read..];
            (from, columns) = (from + written, columns + ends);
            match result {
                // Asked once more with nothing, it hands on what stands without an end of its line, and then ends.
                csv_core::ReadRecordResult::InputEmpty => {}
                csv_core::ReadRecordResult::Record => {
                    let mut record = StringRecord::with_capacity(from, columns);
                    let mut start = 0;
                    for end in &self.ends[..columns] {
                        record.push_field(&String::from_utf8_lossy(&self.cells[start..*end]));
                        start = *end;
                    }
                    each(record);
                    (from, columns) = (0, 0);
                }
                // Neither room can be too small, and what is over is over.
                _ => break,
            }
        }
    }
}

/// Which row holds the headings: the first with all `places`, else the first that is filled like the fullest.
fn heading_row(rows: &[(u64, StringRecord)], places: &[&str]) -> usize {
    let first = || rows.iter().take(HEADING_ROWS);
    let holds = |row: &StringRecord| places.iter().all(|place| row.iter().any(|cell| cell.trim() == *place));
    if !places.is_empty() {
        return first().position(|(_, row)| holds(row)).unwrap_or(0);
    }
    let filled = |row: &StringRecord| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let most = first().map(|(_, row)| filled(row)).max().unwrap_or(0);
    first().position(|(_, row)| filled(row) * 2 > most).unwrap_or(0)
}

/// Headings without blanks around them, each once: what comes again, or not at all, is numbered.
fn distinct(headings: Vec<String>, places: &[&str], noted: &mut RowIssues) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    let (mut taken, mut numbers) = (HashSet::new(), HashMap::new());
    for (at, heading) in headings.into_iter().enumerate() {
        let mut heading = heading.trim().to_owned();
        if heading.is_empty() {
            heading = format!("column {}", at + 1);
        }
        if taken.contains(&heading) {
            let number = numbers.entry(heading.clone()).or_insert(1);
            let again = std::iter::repeat_with(|| {
                *number += 1;
                format!("{heading} ({number})")
            });
            let again = again.take(MAX_COLUMNS).find(|name| !taken.contains(name));
            let named = places.contains(&heading.as_str());
            let reason = if named {
                "a heading that the mapping names comes twice: the first column is taken"
            } else {
                "a heading comes twice: the second column is numbered"
            };
            noted.count(reason, &heading);
            heading = again.unwrap_or(heading);
        }
        taken.insert(heading.clone());
        known.push(heading);
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Delimited {
        read(text, None, &[]).unwrap()
    }

    fn noted(table: &Delimited) -> Vec<(&str, usize)> {
        table.noted.reasons().map(|(reason, count, _)| (reason, count)).collect()
    }

    #[test]
    fn a_table_is_found_under_what_stands_above_it() {
        for text in [
            "a;b\n1;2\n3;4\n",
            "sep=;\na;b\n1;2\n3;4\n",
            "\u{feff}sep=;\r\na;b\r\n1;2\r\n3;4",
            "sep=;\ra;b\r1;2\r3;4\r",
            "sep=→\na;b\n1;2\n3;4\n",
            "a;b\r1;2\r3;4\r",
            "Отчёт за ноябрь;\n;\na;b\n1;2\n\n3;4\n",
            "Отчёт\na;b\n1;2\n3;4\n",
        ] {
            let table = table(text);
            assert_eq!((table.delimiter, table.headings.join(" ").as_str()), (b';', "a b"), "{text:?}");
            let rows: Vec<String> =
                table.rows.iter().map(|(_, row)| row.iter().collect::<Vec<_>>().join(" ")).collect();
            assert_eq!(rows, ["1 2", "3 4"], "{text:?}");
            assert_eq!(table.noted.total() > 0, text.starts_with('О'), "{text:?}");
        }
        let under = read("Отчёт;x\nномер;дата\n1;2\n", None, &["дата"]).unwrap();
        assert_eq!((under.headings[0].as_str(), under.rows[0].0), ("номер", 3));
        assert!(read("a;b\n", None, &["дата"]).unwrap_err().contains("no column `дата`"));
    }

    #[test]
    fn an_open_quote_costs_no_more_than_its_line() {
        let table = table("a;b\n1;\"x\"\n2;\"открыта\n3;z\n4;w\n");
        let rows: Vec<String> = table
            .rows
            .iter()
            .map(|(line, row)| format!("{line}: {}", row.iter().collect::<Vec<_>>().join("|")))
            .collect();
        assert_eq!(rows, ["2: 1|x", "3: 2|\"открыта", "4: 3|z", "5: 4|w"]);
        assert_eq!(noted(&table), [("a quote is not closed: its line is read by itself", 1)]);
        // Closed ones may hold line breaks.
        assert_eq!(super::read("a,b\n1,\"x\ny\"\n2,z\n", None, &[]).unwrap().rows.len(), 2);
    }

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let table = table("a;a;;a\n1;2;3;4\n");
        assert_eq!(table.headings, ["a", "a (2)", "column 3", "a (3)"]);
        assert_eq!(noted(&table), [("a heading comes twice: the second column is numbered", 2)]);
    }

    #[test]
    fn headings_without_number_are_an_error() {
        let table = table(&format!("{}\n", "a;".repeat(MAX_COLUMNS - 1)));
        assert_eq!((table.headings.len(), table.headings[MAX_COLUMNS - 2].as_str()), (MAX_COLUMNS, "a (4095)"));
        assert!(read(&";".repeat(1_000_000), None, &[]).unwrap_err().contains("1000001 columns"));
    }

    #[test]
    fn delimiters_are_told_from_decimal_commas() {
        assert_eq!(
            [guessed("a;b\n1,5;2,5\n"), guessed("a,b\n1;2,3\n"), guessed("a\tb\n"), guessed("a\n")],
            [b';', b',', b'\t', b'\t']
        );
    }
}
