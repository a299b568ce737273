//! The control API, version 1: orders in, the state and its reasons out.

mod alarms;
mod idempotency;
mod orders;
mod pairing;
mod pictures;
mod reading;
mod schedule;
mod stream;
mod tokens;

use axum::routing::{delete, get, post};
use axum::{Json, Router};
use utoipa::OpenApi;

pub use idempotency::Answered;
pub use reading::LangParams;

use super::Shared;
use super::problem::Problem;

/// What stands in the document besides the addresses.
#[derive(OpenApi)]
#[openapi(
    info(title = "Obzor: operating a wall", description = "Orders, the state and its reasons, pictures, tokens"),
    paths(
        reading::state, stream::events, reading::why, reading::journal, reading::status, reading::sources,
        reading::outputs, reading::layouts, reading::municipalities, reading::run_sheet, reading::pick, schedule::schedule, alarms::alarms,
        pictures::wall, pictures::output, pictures::thumbnail, orders::order, orders::show, orders::acknowledge, orders::button,
        pairing::waiting, pairing::begin, pairing::answer, pairing::cancel, tokens::me, tokens::list, tokens::give, tokens::revoke,
        reading::live, reading::ready,
    ),
    components(schemas(orders::Button)),
    modifiers(&Unauthorised)
)]
struct Document;

/// What every address may answer: that a token is missing, or a page of another site asked.
struct Unauthorised;

impl utoipa::Modify for Unauthorised {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::path::Operation;
        use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
        use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder, SecurityRequirement};
        let problem = |description: &str| {
            let schema = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            ResponseBuilder::new().description(description).content("application/problem+json", schema).build()
        };
        let add = |operation: &mut Operation| {
            for (status, description) in
                [("401", "A token is missing or not valid"), ("403", "A page of another site, or a role that may not")]
            {
                operation.responses.responses.entry(status.to_owned()).or_insert_with(|| problem(description).into());
            }
        };
        for path in document.paths.paths.values_mut() {
            let all = [&mut path.get, &mut path.post, &mut path.put, &mut path.delete];
            all.into_iter().flatten().for_each(&add);
        }
        if let Some(components) = &mut document.components {
            let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
            let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(super::access::COOKIE)));
            components.add_security_scheme("token", bearer);
            components.add_security_scheme("cookie", cookie);
        }
        let any = [SecurityRequirement::default()];
        let of = |name: &str| SecurityRequirement::new(name, Vec::<String>::new());
        document.security = Some(any.into_iter().chain([of("token"), of("cookie")]).collect());
    }
}

/// The OpenAPI document of the control API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(openapi())
}

/// Its addresses, below `/api/v1`, and those of the wall's health.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/v1/openapi.json", get(document))
        .route("/api/v1/state", get(reading::state))
        .route("/api/v1/events", get(stream::events))
        .route("/api/v1/why", get(reading::why))
        .route("/api/v1/journal", get(reading::journal))
        .route("/api/v1/status", get(reading::status))
        .route("/api/v1/sources", get(reading::sources))
        .route("/api/v1/outputs", get(reading::outputs))
        .route("/api/v1/layouts", get(reading::layouts))
        .route("/api/v1/municipalities", get(reading::municipalities))
        .route("/api/v1/run-sheet", get(reading::run_sheet))
        .route("/api/v1/alarms", get(alarms::alarms))
        .route("/api/v1/schedule", get(schedule::schedule))
        .route("/api/v1/pick", get(reading::pick))
        .route("/api/v1/wall.jpg", get(pictures::wall))
        .route("/api/v1/outputs/{name}", get(pictures::output))
        .route("/api/v1/thumbnails/{*layout}", get(pictures::thumbnail))
        .route("/api/v1/orders", post(orders::order))
        .route("/api/v1/do/show/{*layout}", post(orders::show))
        .route("/api/v1/do/acknowledge/{alarm}", post(orders::acknowledge))
        .route("/api/v1/do/{button}", post(orders::button))
        .route("/api/v1/pairing", get(pairing::waiting).post(pairing::begin))
        .route("/api/v1/pairing/{id}", post(pairing::answer).delete(pairing::cancel))
        .route("/api/v1/me", get(tokens::me))
        .route("/api/v1/tokens", get(tokens::list).post(tokens::give))
        .route("/api/v1/tokens/{id}", delete(tokens::revoke))
        .route("/health/live", get(reading::live))
        .route("/health/ready", get(reading::ready))
}

/// What no address is.
pub async fn unknown(uri: axum::http::Uri) -> Problem {
    let detail = format!("there is no address {}; /api/v1/openapi.json lists them", uri.path());
    Problem::new(axum::http::StatusCode::NOT_FOUND, detail)
}

/// An address that is not asked in this way.
pub async fn wrong_method() -> Problem {
    let status = axum::http::StatusCode::METHOD_NOT_ALLOWED;
    Problem::new(status, "this address is not asked in this way; /api/v1/openapi.json says how")
}
