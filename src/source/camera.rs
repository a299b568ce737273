//! Cameras: a picture that an address gives when it is asked (an HTTP snapshot), or the first of the pictures that it
//! sends without end (MJPEG, `multipart/x-mixed-replace`).

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use jiff::tz::TimeZone;
use reqwest::Response;
use serde::Deserialize;

use super::fetch::{Fetcher, SourceError, content_type, plain};
use super::record::Batch;
use crate::clock::Moment;
use crate::picture::Picture;

/// A picture is there within this time.
const TIMEOUT: Duration = Duration::from_secs(20);
/// No picture is longer.
const MAX_BYTES: usize = 16 << 20;
/// Pictures are made no wider than this: a wall shows a camera on a part of it.
const WIDEST: u32 = 1920;

/// What a `[[source]]` of `kind = "camera"` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    /// The name by which panels show it.
    picture: String,
}

impl Camera {
    /// The name by which panels show its picture.
    pub fn picture(&self) -> &str {
        &self.picture
    }

    /// As a site's file writes it.
    pub const EXAMPLE: &str = r#"[[source]]
name = "square"
kind = "camera"
url = "http://127.0.0.1:8080/snapshot.jpg"
every_secs = 5
picture = "square"
"#;

    /// Asks for a picture.
    pub async fn poll(&mut self, fetcher: &Fetcher, _: &TimeZone, _: Moment) -> Result<Batch, SourceError> {
        let (url, bytes) = if fetcher.base().scheme() == "file" {
            fetcher.document("").await?
        } else {
            let timeout = TIMEOUT.min(fetcher.timeout() * 15);
            tokio::time::timeout(timeout, one(fetcher)).await.unwrap_or(Err(SourceError::Silent(timeout)))?
        };
        let decoded = tokio::task::spawn_blocking(move || Picture::from_bytes(&bytes, WIDEST)).await;
        let wrong = |what: String| SourceError::Wrong { url: url.clone(), what };
        let picture = match decoded {
            Ok(Ok(picture)) => picture,
            Ok(Err(error)) => return Err(wrong(error.to_string())),
            Err(_) => return Err(wrong("the picture cannot be decoded".to_owned())),
        };
        Ok(Batch { came: 1, pictures: vec![(self.picture.clone(), Arc::new(picture))], ..Batch::default() })
    }
}

/// One picture as it comes.
async fn one(fetcher: &Fetcher) -> Result<(String, Vec<u8>), SourceError> {
    let response = fetcher.get("", None).await?;
    let url = plain(response.url());
    let kind = content_type(&response);
    let boundary = boundary_of(&kind);
    let enough = |bytes: &[u8]| boundary.as_deref().and_then(|boundary| part(bytes, boundary)).map(<[u8]>::to_vec);
    Ok((url.clone(), gathered(response, &url, enough).await?))
}

/// The body, or what `enough` finds in the beginning of it: then the connection is let go.
async fn gathered(
    response: Response,
    url: &str,
    enough: impl Fn(&[u8]) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    let mut body = response.bytes_stream();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk?);
        if let Some(found) = enough(&bytes) {
            return Ok(found);
        }
        if bytes.len() > MAX_BYTES {
            let what = format!("a picture is longer than {MAX_BYTES} bytes");
            return Err(SourceError::Wrong { url: url.to_owned(), what });
        }
    }
    Ok(bytes)
}

/// What stands between the parts of an endless answer of this type.
fn boundary_of(kind: &str) -> Option<String> {
    let (name, parameters) = kind.split_once(';')?;
    if !name.trim().eq_ignore_ascii_case("multipart/x-mixed-replace") {
        return None;
    }
    let boundary = parameters.split(';').find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    })?;
    // Some cameras write the dashes into the name.
    Some(format!("--{}", boundary.trim_start_matches("--")))
}

/// The first whole part: between the end of its headers and the next boundary.
fn part<'a>(bytes: &'a [u8], boundary: &str) -> Option<&'a [u8]> {
    let find = |within: &[u8], what: &[u8]| within.windows(what.len()).position(|window| window == what);
    let headers = find(bytes, boundary.as_bytes())? + boundary.len();
    let begins = headers + find(&bytes[headers..], b"\r\n\r\n")? + 4;
    let told = std::str::from_utf8(&bytes[headers..begins]).ok()?;
    let length = told.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    match length {
        Some(length) => bytes.get(begins..begins.checked_add(length)?),
        None => {
            let ends = find(&bytes[begins..], boundary.as_bytes())?;
            Some(bytes[begins..begins + ends].strip_suffix(b"\r\n").unwrap_or(&bytes[begins..begins + ends]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_whole_part_of_a_stream_is_found() {
        let boundary = boundary_of("multipart/x-mixed-replace; boundary=\"--frame\"").unwrap();
        assert_eq!(boundary, "--frame");
        assert_eq!(boundary_of("image/jpeg"), None);
        let told = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 4\r\n\r\nabcd\r\n--frame";
        let untold = b"--frame\r\nContent-Type: image/jpeg\r\n\r\nabcd\r\n--frame\r\n";
        for stream in [told.as_slice(), untold.as_slice()] {
            assert_eq!(part(stream, &boundary), Some(b"abcd".as_slice()));
            // As long as it is not whole, there is none.
            assert_eq!(part(&stream[..stream.len() - 14], &boundary), None);
        }
    }
}
