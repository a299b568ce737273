//! File reads for callers that must not block on a disk.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::language::Sentence;

/// No file that a person wrote is longer.
const MAX_TEXT_BYTES: u64 = 32 << 20;
/// A disk answers within this time, or is taken not to answer.
const DISK_TIMEOUT: Duration = Duration::from_secs(2);

/// Reads a text file without blocking: a pipe is refused, and a disk that hangs is an error.
///
/// # Errors
/// When there is no such file, it is no text or too long, or its disk does not answer.
pub fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read_bytes(path, MAX_TEXT_BYTES)?)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, NotText(not_text(error.as_bytes()))))
}

/// A file is no text in UTF-8.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotText(Sentence);

/// Why a file could not be read, in words.
pub fn why_unreadable(error: &io::Error) -> Sentence {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<NotText>());
    match (inner, error.kind()) {
        (Some(NotText(said)), _) => said.clone(),
        (None, io::ErrorKind::NotFound) => Sentence::of("fault-no-file", []),
        (None, io::ErrorKind::PermissionDenied) => Sentence::of("fault-no-permission", []),
        (None, _) => error.to_string().into(),
    }
}

/// What bytes are that are no text in UTF-8.
fn not_text(bytes: &[u8]) -> Sentence {
    let key = match bytes {
        [b'P', b'K', 3, 4, ..] => "fault-workbook",
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "fault-utf-16",
        _ if bytes.contains(&0) => "fault-no-text",
        _ => {
            // Russian letters of Windows-1251 are 0xC0 to 0xFF, Ё and ё aside.
            let high: Vec<u8> = bytes.iter().copied().filter(|byte| *byte >= 0x80).collect();
            let letters = high.iter().filter(|byte| **byte >= 0xC0 || matches!(**byte, 0xA8 | 0xB8)).count();
            if letters * 10 >= high.len() * 9 { "fault-windows-1251" } else { "fault-not-utf-8" }
        }
    };
    Sentence::of(key, [])
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
    let timeout = DISK_TIMEOUT + std::time::Duration::from_millis(max_bytes >> 14);
    receiver.recv_timeout(timeout).unwrap_or_else(|_| Err(io::Error::other("its disk does not answer")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_called_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        for (bytes, expected) in [
            (&b"name = \"\xd1\xe8\xf2\xf3\xe0\xf6\xe8\xff\""[..], "Windows-1251"),
            (b"\xff\xfen\0a\0", "UTF-16"),
            (b"PK\x03\x04\x14\xff", "workbook"),
            (b"\x89PNG\0", "no text"),
            (b"na\x81\x90me", "not UTF-8"),
        ] {
            std::fs::write(&path, bytes).unwrap();
            let said = why_unreadable(&read_text(&path).unwrap_err());
            assert!(said.contains(expected), "{said}");
        }
        assert!(why_unreadable(&read_text(folder.path()).unwrap_err()).contains("no file"));
        let missing = why_unreadable(&read_text(&folder.path().join("b.toml")).unwrap_err());
        assert_eq!(&*missing, "there is no such file");
    }
}
