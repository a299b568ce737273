//! Pictures of the wall for those who look: small enough for a tablet, encoded once a change for all of them.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::preview::{Encoded, Format, Wanted};
use super::super::problem::Problem;
use super::super::{MAX_LAYOUT_NAME, Shared};

/// Which picture is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PictureParams {
    /// No wider than this, in pixels: it is rounded up to 320, 640, 1280, 1920 or 3840.
    #[param(minimum = 1, maximum = 20000)]
    width: Option<u32>,
    /// The number of the picture that is held: answered with 304 while it is still what the wall shows.
    after: Option<u64>,
}

/// The wall as it is, JPEG. Its `ETag` is the number to ask `after`.
#[utoipa::path(get, path = "/api/v1/wall.jpg", tag = "pictures", params(PictureParams), responses(
    (status = 200, description = "The picture", content_type = "image/jpeg"),
    (status = 304, description = "Nothing has changed"),
    (status = 400, description = "No such width or number", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Nothing was painted yet", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The digits of a pairing stand on the wall: no picture leaves it", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn wall(
    State(shared): State<Shared>,
    headers: HeaderMap,
    asked: Result<Query<PictureParams>, QueryRejection>,
) -> Result<Response, Problem> {
    picture(&shared, None, &headers, asked).await
}

/// One output as it is, JPEG.
#[utoipa::path(get, path = "/api/v1/outputs/{name}.jpg", tag = "pictures",
    params(("name" = String, Path, description = "The output's"), PictureParams), responses(
    (status = 200, description = "The picture", content_type = "image/jpeg"),
    (status = 304, description = "Nothing has changed"),
    (status = 400, description = "No such width or number", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No such output, or nothing was painted on it yet", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The digits of a pairing stand on the wall: no picture leaves it", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The wall does not answer", body = Problem, content_type = "application/problem+json"),
))]
pub async fn output(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(name): Path<String>,
    asked: Result<Query<PictureParams>, QueryRejection>,
) -> Result<Response, Problem> {
    let name = name.strip_suffix(".jpg").unwrap_or(&name).to_owned();
    picture(&shared, Some(name), &headers, asked).await
}

/// Which thumbnail is held.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ThumbnailParams {
    /// The number of the thumbnail that is held: answered with 304 while there is no newer one.
    after: Option<u64>,
}

/// A layout as it would look now, JPEG: painted when the machine has nothing better to do, and anew after ten minutes.
#[utoipa::path(get, path = "/api/v1/thumbnails/{layout}.jpg", tag = "pictures",
    params(("layout" = String, Path, description = "NAME or NAME/PRESET"), ThumbnailParams), responses(
    (status = 200, description = "The picture", content_type = "image/jpeg"),
    (status = 304, description = "There is no newer one"),
    (status = 400, description = "No such number", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No such layout", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Many thumbnails are wanted: ask again", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "There is no GPU for it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn thumbnail(
    State(shared): State<Shared>,
    Path(layout): Path<String>,
    asked: Result<Query<ThumbnailParams>, QueryRejection>,
) -> Result<Response, Problem> {
    let bad = |rejection: QueryRejection| Problem::new(StatusCode::BAD_REQUEST, rejection.body_text());
    let Query(ThumbnailParams { after }) = asked.map_err(bad)?;
    let layout = layout.strip_suffix(".jpg").unwrap_or(&layout).to_owned();
    if layout.chars().count() > MAX_LAYOUT_NAME {
        return Err(Problem::new(StatusCode::NOT_FOUND, "a layout's name is shorter than that"));
    }
    // A file that the wall does not hold is nobody's to look at.
    if !shared.holds_layout(&layout).await? {
        return Err(Problem::new(StatusCode::NOT_FOUND, "the wall holds no such layout"));
    }
    let encoded = shared.preview.thumbnail(layout).await?;
    Ok(jpeg(encoded, after))
}

/// A picture, unless it is the one that is held.
fn jpeg(encoded: Encoded, held: Option<u64>) -> Response {
    let tag = (header::ETAG, format!("\"{}\"", encoded.frame));
    if held == Some(encoded.frame) {
        return (StatusCode::NOT_MODIFIED, [tag]).into_response();
    }
    let fields = [(header::CONTENT_TYPE, "image/jpeg".to_owned()), (header::CACHE_CONTROL, "no-cache".to_owned()), tag];
    (fields, encoded.bytes).into_response()
}

async fn picture(
    shared: &Shared,
    output: Option<String>,
    headers: &HeaderMap,
    asked: Result<Query<PictureParams>, QueryRejection>,
) -> Result<Response, Problem> {
    let bad = |detail: String| Problem::new(StatusCode::BAD_REQUEST, detail);
    let Query(PictureParams { width, after }) = asked.map_err(|rejection| bad(rejection.body_text()))?;
    if width.is_some_and(|width| !(1..=20_000).contains(&width)) {
        return Err(bad("`width` is 1 to 20000".to_owned()));
    }
    let tag = headers.get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok());
    let held = after.or_else(|| tag?.trim_matches('"').parse().ok());
    let encoded = shared.preview.picture(Wanted { output, format: Format::Jpeg { width } }).await?;
    Ok(jpeg(encoded, held))
}
