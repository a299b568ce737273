//! The values of the command line's options, read and judged.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use reqwest::Url;

use super::backend::SourceChoice;
use crate::data::Condition;
use crate::diagnostic::expected;
use crate::geometry::PixelSize;
use crate::language::Lang;

/// A backend's address, or a site's file.
///
/// # Errors
/// When it is none: with what to write.
pub fn source(text: &str) -> Result<SourceChoice, String> {
    if text.starts_with("http://") || text.starts_with("https://") {
        text.parse::<Url>().map(SourceChoice::Address).map_err(|e| e.to_string())
    } else if text.ends_with(".toml") {
        Ok(SourceChoice::File(text.into()))
    } else {
        Err("write an address that begins with http:// or https://, or a file that ends in .toml".to_owned())
    }
}

/// A language by its code.
pub fn lang(code: &str) -> Lang {
    if code == "en" { Lang::En } else { Lang::Ru }
}

/// A condition of the data by its name.
///
/// # Errors
/// When it is none: with what to write.
pub fn condition(text: &str) -> Result<Condition, String> {
    let known = Condition::ALL.iter().find(|(name, _)| *name == text);
    known
        .map(|(_, condition)| *condition)
        .ok_or_else(|| expected(text, Condition::ALL.map(|(name, _)| name)).to_string())
}

/// A size in pixels, as `3840x1080`.
///
/// # Errors
/// When it is none: with what to write.
pub fn size(text: &str) -> Result<PixelSize, String> {
    let parse = |side: &str| side.parse::<u32>().ok().filter(|n| (64..=16384).contains(n));
    let (width, height) = text.split_once(['x', '×']).ok_or("write WIDTHxHEIGHT, such as 3840x1080")?;
    match (parse(width), parse(height)) {
        (Some(width), Some(height)) => Ok(PixelSize::new(width, height)),
        _ => Err("each side is 64 to 16384 pixels".to_owned()),
    }
}

/// A moment, as `2026-11-20T14:05:12+03:00`.
///
/// # Errors
/// When it is none: with what to write.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "write a date, a time and its offset, such as 2026-11-20T14:05:12+03:00".to_owned())
}

/// The name of a PNG file.
///
/// # Errors
/// When it is none: with what to write.
pub fn png(text: &str) -> Result<PathBuf, String> {
    let ending = Path::new(text).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
    if ending { Ok(text.into()) } else { Err("pictures are PNG files: write a name that ends in .png".to_owned()) }
}

/// A day, as `2026-11-20`.
///
/// # Errors
/// When it is none: with what to write.
pub fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write a day, such as 2026-11-20".to_owned())
}

/// A time zone, by its IANA name.
///
/// # Errors
/// When there is none of this name.
pub fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| "write a time zone of the IANA database, such as Europe/Moscow".to_owned())
}
