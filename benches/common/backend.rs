//! A native backend with as many appeals as are asked for, and more each second.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use obzor::clock::Clock;
use obzor::data::Appeal;
use obzor::data::region::Region;
use obzor::demo::World;
use obzor::native_api::{
    API_VERSION, AppealColumns, AppealPage, AppealText, Changes, DatasetAnswer, NEXT_CURSOR, RegionAnswer,
};

use super::NOW;

/// Appeals to a page.
const PAGE: usize = 200_000;

/// What it serves, written once: what the wall needs to read is measured, not what this needs to write.
pub struct Backend {
    region: Arc<Region>,
    boundaries: String,
    world: World,
    pages: Vec<axum::body::Bytes>,
    newest: Vec<Appeal>,
    arrivals_a_second: usize,
    clock: Clock,
}

impl Backend {
    pub fn new(region: Arc<Region>, appeals: &[Appeal], arrivals_a_second: usize) -> Arc<Self> {
        let count = appeals.chunks(PAGE).len();
        let page = |(index, rows): (usize, &[Appeal])| {
            let next_cursor = (index + 1 < count).then(|| (index + 1).to_string());
            let page = AppealPage { as_of: NOW.secs(), next_cursor, appeals: rows.iter().copied().collect() };
            serde_json::to_vec(&page).expect("JSON").into()
        };
        Arc::new(Self {
            boundaries: region.boundaries.to_geojson(),
            region,
            world: World::new(1, NOW),
            pages: appeals.chunks(PAGE).enumerate().map(page).collect(),
            newest: appeals[appeals.len().saturating_sub(100_000)..].to_vec(),
            arrivals_a_second,
            clock: Clock::starting_at(NOW, 1.0),
        })
    }

    /// Its routes.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/v1/region", get(region))
            .route("/v1/region/boundaries", get(|State(own): State<Arc<Self>>| async move { own.boundaries.clone() }))
            .route("/v1/appeals", get(appeals))
            .route("/v1/appeals/latest", get(latest))
            .route("/v1/changes", get(changes))
            .route("/v1/datasets", get(|| async { Json(["announcements"]) }))
            .route("/v1/datasets/announcements", get(|| async { Json(announcements()) }))
            .with_state(self.clone())
    }
}

/// Serves on a free port for as long as the task runs.
pub fn serve(runtime: &tokio::runtime::Runtime, router: Router) -> (SocketAddr, tokio::task::JoinHandle<()>) {
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = listener.local_addr().expect("an address");
    (address, runtime.spawn(async move { axum::serve(listener, router).await.expect("it serves") }))
}

async fn region(State(own): State<Arc<Backend>>) -> Json<RegionAnswer> {
    let (epoch, now) = ("bench".to_owned(), own.clock.now().secs());
    Json(RegionAnswer { api_version: API_VERSION, epoch, now, dictionaries: own.region.dictionaries.clone() })
}

#[derive(serde::Deserialize)]
struct Cursor {
    cursor: Option<usize>,
}

async fn appeals(State(own): State<Arc<Backend>>, Query(at): Query<Cursor>) -> Response {
    let at = at.cursor.unwrap_or(0);
    let Some(page) = own.pages.get(at) else { return axum::http::StatusCode::BAD_REQUEST.into_response() };
    let mut response = ([(header::CONTENT_TYPE, "application/json")], page.clone()).into_response();
    if at + 1 < own.pages.len() {
        response.headers_mut().insert(NEXT_CURSOR, (at + 1).into());
    }
    response
}

async fn latest(State(own): State<Arc<Backend>>) -> Json<Vec<AppealText>> {
    let text = |a: &Appeal| AppealText { id: a.id, received: a.received, text: own.world.words(a).0, reply: None };
    Json(own.newest.iter().rev().take(50).map(text).collect())
}

async fn changes(State(own): State<Arc<Backend>>) -> impl IntoResponse {
    let stream = futures_util::stream::unfold((0_u64, own), move |(beat, own)| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let until = own.clock.now().secs();
        let (first, rate) = (own.newest.last().map_or(0, |a| a.id) + 1, own.arrivals_a_second);
        let arrived: AppealColumns = (0..rate)
            .map(|i| {
                let like = own.newest[(beat as usize * 7919 + i * 104_729) % own.newest.len()];
                let received = until as u32;
                let (id, due) = (first + beat * rate as u64 + i as u64, received + 86_400);
                Appeal { id, received, due, answered: u32::MAX, first_reply: u32::MAX, accepted: u32::MAX, ..like }
            })
            .collect();
        let data = serde_json::to_string(&Changes { until, appeals: arrived }).expect("JSON");
        let event = Event::default().event("changes").id(format!("bench/{until}")).data(data);
        Some((Ok::<_, Infallible>(event), (beat + 1, own)))
    });
    Sse::new(stream)
}

/// What runs along the bottom, so that no frame is like the one before, as the page's feed does.
fn announcements() -> DatasetAnswer {
    let text = |i: u32| serde_json::json!({ "text": format!("Уборка дорог: на линии {} машин", 200 + i) });
    let records = (0..8).map(|i| text(i).as_object().cloned().unwrap_or_default()).collect();
    DatasetAnswer { name: "announcements".to_owned(), records, published: Vec::new() }
}
