//! The live view: the picture as it is now, as PNG and as MJPEG, in a plain page.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRef, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::connections::{own_host_only, serve_connections};
use super::picture::PictureReply;
use super::preview::Preview;
use crate::data::freshness::Freshness;
use crate::geometry::WallPoint;
use crate::map::Target;
use crate::panel::Picked;
use crate::runsheet::Advance;
use crate::state;

/// A picture that did not change is sent again after this long.
const REPEAT_EVERY: Duration = Duration::from_secs(5);

/// What can be asked of a running wall.
pub enum Ask {
    /// How it is.
    Status(oneshot::Sender<Status>),
    /// A picture.
    Picture {
        /// Of one output, or of the wall.
        output: Option<String>,
        /// The number of the frame of which the asker holds it.
        held: Option<u64>,
        /// Who is answered.
        reply: oneshot::Sender<PictureReply>,
    },
    /// What is under a point of the wall; answered by none where there is no panel.
    Pick(WallPoint, oneshot::Sender<Option<Picked>>),
    /// The run sheet of the visit; answered by none where there is none.
    RunSheet(oneshot::Sender<Option<SheetTold>>),
    /// To go to a step of the visit; answered by what is wrong with that.
    Step(StepTo, oneshot::Sender<Result<(), String>>),
    /// To let maps look at something; answered by what is wrong with that.
    Look(Look, oneshot::Sender<Result<(), String>>),
}

/// What maps are to look at: the body of `POST /look`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// What.
    pub to: Target,
    /// How long the flight takes, in seconds; none for what its way needs.
    #[serde(default)]
    pub secs: Option<f64>,
}

/// Where a visit is to go: the body of `POST /run-sheet`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    to: StepTo,
}

/// A step, as a speaker names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepTo {
    /// The one after this.
    Next,
    /// The one before this.
    Previous,
    /// By its number, from 1.
    #[serde(untagged)]
    Number(usize),
}

/// A run sheet, as its speaker sees it.
#[derive(Debug, Clone, Serialize)]
pub struct SheetTold {
    /// Its name.
    pub title: String,
    /// The language of its words.
    pub language: &'static str,
    /// How its steps give way.
    pub advance: Advance,
    /// The steps.
    pub steps: Vec<StepTold>,
    /// Which of them is shown, from 1.
    pub step: usize,
    /// For how long, in seconds.
    pub lasts_secs: f64,
}

/// A step, as its speaker sees it.
#[derive(Debug, Clone, Serialize)]
pub struct StepTold {
    /// Its name.
    pub title: String,
    /// The layout that it shows.
    pub layout: String,
    /// How long it is to last, in seconds.
    pub secs: f64,
    /// What is said.
    pub notes: String,
}

/// How the wall is.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// Counts since the start.
    pub counts: Counts,
    /// What is shown.
    pub state: state::State,
    /// Appeals in memory.
    pub appeals: usize,
    /// Measures on the wall: none until the first complete set of appeals was measured.
    pub measures: usize,
    /// The second up to which the data is complete.
    pub data_until_secs: Option<i64>,
    /// Since when the backend has not answered.
    pub lost_since_secs: Option<i64>,
    /// Each source's appeals.
    pub sources: Vec<Heard>,
    /// Each table.
    pub tables: Vec<Heard>,
    /// The GPU; none while it is being built anew.
    pub device: Option<String>,
    /// The outputs that are lit.
    pub outputs: Vec<String>,
    /// Where more is received than was to be expected.
    pub warnings: Vec<WarningTold>,
}

/// What was last heard of a source or a table.
#[derive(Debug, Clone, Serialize)]
pub struct Heard {
    /// Its name in the site's file.
    pub name: String,
    /// The second up to which it is complete; none before the first complete set.
    pub data_until_secs: Option<i64>,
    /// Since when its backend has not answered.
    pub lost_since_secs: Option<i64>,
}

impl Heard {
    /// Of something so fresh.
    pub fn of(name: impl Into<String>, fresh: Option<&Freshness>) -> Self {
        Self {
            name: name.into(),
            data_until_secs: fresh.map(|f| f.data_until.secs()),
            lost_since_secs: fresh.and_then(|f| f.lost_since).map(|at| at.secs()),
        }
    }
}

/// An early warning in words.
#[derive(Debug, Clone, Serialize)]
pub struct WarningTold {
    /// The topic's name.
    pub topic: String,
    /// The municipality's name; none where it is the whole region.
    pub municipality: Option<String>,
    /// Over how many hours it is counted.
    pub hours: u32,
    /// Appeals in these hours.
    pub count: u32,
    /// How many were to be expected.
    pub expected: f64,
    /// The middle of the appeals: longitude and latitude in degrees.
    pub middle: (f64, f64),
}

/// Frames since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Frames that were composed.
    pub composed: u64,
    /// Frames in which something was painted.
    pub painted: u64,
    /// Output pixels that were painted.
    pub pixels: u64,
    /// How often the GPU was built anew.
    pub rebuilt: u64,
}

/// How a running wall is asked.
pub type Asker = Arc<dyn Fn(Ask) + Send + Sync>;

/// What the addresses of the view share.
#[derive(Clone)]
struct View {
    ask: Asker,
    preview: Arc<Preview>,
}

impl FromRef<View> for Asker {
    fn from_ref(view: &View) -> Self {
        view.ask.clone()
    }
}

/// Serves the view on `address`; returns the address that it got.
///
/// # Errors
/// When the address is taken or is not this machine's.
pub fn serve(
    runtime: &Runtime,
    address: SocketAddr,
    ask: impl Fn(Ask) + Send + Sync + 'static,
) -> std::io::Result<SocketAddr> {
    let ask: Asker = Arc::new(ask);
    let preview = {
        let _entered = runtime.enter();
        Preview::new(ask.clone())
    };
    let app = Router::new()
        .route("/", get(page))
        .route("/wall.png", get(|State(view): State<View>| async move { png(&view.preview, None).await }))
        .route("/wall.mjpeg", get(moving))
        .route(
            "/outputs/{name}",
            get(|State(view): State<View>, Path(name): Path<String>| async move {
                png(&view.preview, Some(name.trim_end_matches(".png").to_owned())).await
            }),
        )
        .route("/status", get(status))
        .route("/pick", get(pick))
        .route("/look", post(look))
        .route("/run-sheet", get(notes).post(step))
        .route("/run-sheet.json", get(run_sheet))
        .layer(axum::middleware::from_fn(own_host_only))
        .with_state(View { ask, preview });
    let listener = runtime.block_on(tokio::net::TcpListener::bind(address))?;
    let address = listener.local_addr()?;
    runtime.spawn(serve_connections(listener, app));
    Ok(address)
}

async fn page() -> Html<&'static str> {
    Html(include_str!("../../assets/view.html"))
}

async fn status(State(ask): State<Asker>) -> Response {
    let (sender, receiver) = oneshot::channel();
    ask(Ask::Status(sender));
    match receiver.await {
        Ok(status) => Json(status).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A point of the wall, in its pixels.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    x: f32,
    y: f32,
}

async fn pick(State(ask): State<Asker>, Query(at): Query<At>) -> Response {
    let (sender, receiver) = oneshot::channel();
    ask(Ask::Pick(WallPoint::new(at.x, at.y), sender));
    match receiver.await {
        Ok(Some(picked)) => Json(picked).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "no panel is there\n").into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// What somebody asks to be done, from a body of JSON; `help` says how it is written.
fn wish<T: serde::de::DeserializeOwned>(headers: &HeaderMap, body: &[u8], help: &str) -> Result<T, Box<Response>> {
    // A page of another site cannot send this type without asking first, and is refused.
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if !kind.starts_with("application/json") {
        let words = "send it with `content-type: application/json`\n";
        return Err(Box::new((StatusCode::UNSUPPORTED_MEDIA_TYPE, words).into_response()));
    }
    serde_json::from_slice(body)
        .map_err(|error| Box::new((StatusCode::BAD_REQUEST, format!("{error}: write {help}\n")).into_response()))
}

/// What became of a wish.
async fn granted(receiver: oneshot::Receiver<Result<(), String>>) -> Response {
    match receiver.await {
        Ok(Ok(())) => StatusCode::NO_CONTENT.into_response(),
        Ok(Err(what)) => (StatusCode::BAD_REQUEST, what + "\n").into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn look(State(ask): State<Asker>, headers: HeaderMap, body: Bytes) -> Response {
    let help = "{\"to\": {\"municipality\": \"NAME\"}} or {\"to\": \"home\"}";
    let look = match wish(&headers, &body, help) {
        Ok(look) => look,
        Err(refused) => return *refused,
    };
    let (sender, receiver) = oneshot::channel();
    ask(Ask::Look(look, sender));
    granted(receiver).await
}

/// The page of a visit's speaker.
async fn notes() -> Html<&'static str> {
    Html(include_str!("../../assets/run-sheet.html"))
}

async fn run_sheet(State(ask): State<Asker>) -> Response {
    let (sender, receiver) = oneshot::channel();
    ask(Ask::RunSheet(sender));
    match receiver.await {
        Ok(Some(told)) => Json(told).into_response(),
        Ok(None) => {
            (StatusCode::NOT_FOUND, "this wall shows no run sheet: start it with --run-sheet\n").into_response()
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn step(State(ask): State<Asker>, headers: HeaderMap, body: Bytes) -> Response {
    let step: Step = match wish(&headers, &body, "{\"to\": \"next\"}, {\"to\": \"previous\"} or {\"to\": 3}") {
        Ok(step) => step,
        Err(refused) => return *refused,
    };
    let (sender, receiver) = oneshot::channel();
    ask(Ask::Step(step.to, sender));
    granted(receiver).await
}

async fn png(preview: &Preview, output: Option<String>) -> Response {
    match preview.png(output).await {
        Some(bytes) => {
            ([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")], bytes).into_response()
        }
        None => (StatusCode::NOT_FOUND, "no such output, or nothing has been painted on it yet").into_response(),
    }
}

async fn moving(State(view): State<View>) -> Response {
    // A picture that did not change is sent again after a while, so that no connection is taken for dead.
    let stream = futures_util::stream::unfold(view.preview.moving(), |mut frames| async move {
        if let Ok(Err(_)) = tokio::time::timeout(REPEAT_EVERY, frames.changed()).await {
            return None;
        }
        let bytes = frames.borrow_and_update().1.clone();
        if bytes.is_empty() {
            return Some((Ok::<_, std::convert::Infallible>(Bytes::new()), frames));
        }
        let mut part =
            format!("--frame\r\ncontent-type: image/jpeg\r\ncontent-length: {}\r\n\r\n", bytes.len()).into_bytes();
        part.extend_from_slice(&bytes);
        part.extend_from_slice(b"\r\n");
        Some((Ok(Bytes::from(part)), frames))
    });
    (
        [(header::CONTENT_TYPE, "multipart/x-mixed-replace; boundary=frame"), (header::CACHE_CONTROL, "no-store")],
        Body::from_stream(stream),
    )
        .into_response()
}
