//! The pages that the wall serves, and where old addresses have gone.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::Shared;
use super::preview::{Format, Wanted};
use super::problem::Problem;
use super::v1::LangParams;
use crate::language::{Lang, messages_for_pages};

macro_rules! assets {
    ($($name:literal: $kind:literal = $path:literal),* $(,)?) => {
        &[$(($name, $kind, include_bytes!(concat!("../../assets/", $path)) as &[u8])),*]
    };
}

/// The files that pages are made of: nothing comes from outside.
const ASSETS: &[(&str, &str, &[u8])] = assets![
    "tablet.css": "text/css; charset=utf-8" = "pages/tablet.css",
    "view.css": "text/css; charset=utf-8" = "pages/view.css",
    "tablet.js": "text/javascript; charset=utf-8" = "pages/tablet.js",
    "api.js": "text/javascript; charset=utf-8" = "pages/api.js",
    "pairing.js": "text/javascript; charset=utf-8" = "pages/pairing.js",
    "pictures.js": "text/javascript; charset=utf-8" = "pages/pictures.js",
    "press.js": "text/javascript; charset=utf-8" = "pages/press.js",
    "alarms.js": "text/javascript; charset=utf-8" = "pages/alarms.js",
    "detour.js": "text/javascript; charset=utf-8" = "pages/detour.js",
    "schedule.js": "text/javascript; charset=utf-8" = "pages/schedule.js",
    "views.js": "text/javascript; charset=utf-8" = "pages/views.js",
    "icon.svg": "image/svg+xml" = "pages/icon.svg",
    "golos-400.ttf": "font/ttf" = "fonts/GolosText-400.ttf",
    "golos-600.ttf": "font/ttf" = "fonts/GolosText-600.ttf",
];

pub async fn tablet() -> Html<&'static str> {
    Html(include_str!("../../assets/pages/tablet.html"))
}

pub async fn view() -> Html<&'static str> {
    Html(include_str!("../../assets/pages/view.html"))
}

pub async fn asset(Path(name): Path<String>) -> Response {
    let Some((_, kind, text)) = ASSETS.iter().find(|(known, ..)| *known == name) else {
        return Problem::new(StatusCode::NOT_FOUND, "there is no such file").into_response();
    };
    ([(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "no-cache")], *text).into_response()
}

/// What makes the page an application of the tablet's.
pub async fn manifest() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/manifest+json")];
    (kind, include_str!("../../assets/pages/manifest.webmanifest")).into_response()
}

/// The words of the page.
pub async fn words(
    asked: Result<Query<LangParams>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let lang: Lang = LangParams::read(asked)?;
    let fields = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    let words = serde_json::to_string(&messages_for_pages(lang)).map_err(|_| Problem::no_answer())?;
    Ok((fields, words).into_response())
}

/// The certificate of the wall's authority: whoever trusts it sees no warning in the browser.
pub async fn authority(State(shared): State<Shared>) -> Result<Response, Problem> {
    let none = || Problem::new(StatusCode::NOT_FOUND, "this wall has no authority of its own");
    let authority = shared.access.authority().ok_or_else(none)?;
    let fields = [
        (header::CONTENT_TYPE, "application/x-pem-file"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"obzor-authority.pem\""),
    ];
    Ok((fields, authority.pem().to_owned()).into_response())
}

pub async fn wall_png(State(shared): State<Shared>) -> Result<Response, Problem> {
    png(&shared, None).await
}

pub async fn output_png(State(shared): State<Shared>, Path(name): Path<String>) -> Result<Response, Problem> {
    png(&shared, Some(name.trim_end_matches(".png").to_owned())).await
}

async fn png(shared: &Shared, output: Option<String>) -> Result<Response, Problem> {
    let encoded = shared.preview.picture(Wanted { output, format: Format::Png }).await?;
    let fields = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")];
    Ok((fields, encoded.bytes).into_response())
}

/// An address that has moved: the answer says where to.
pub async fn moved(uri: Uri) -> Redirect {
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    Redirect::permanent(&match uri.path() {
        "/run-sheet" => "/#visit".to_owned(),
        "/run-sheet.json" => "/api/v1/run-sheet".to_owned(),
        path => format!("/api/v1{path}{query}"),
    })
}

/// An address that took orders of a kind: they are given at one address now.
pub async fn gone(uri: Uri) -> Problem {
    let command = if uri.path() == "/look" { "{\"look\": {\"to\": \"home\"}}" } else { "{\"step\": \"next\"}" };
    let detail = format!("orders are given at /api/v1/orders now: write {{\"command\": {command}}}");
    Problem::new(StatusCode::GONE, detail)
}
