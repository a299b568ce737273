//! Who is who: on this machine, at the wall's socket, or elsewhere with a token.

mod certificate;
mod origin;
mod pairing;
mod secret;
mod tokens;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cookie::Cookie;
use tokio::sync::watch;

pub use certificate::{Authority, Certificates, TlsError, addresses, tls};
pub use pairing::{Pairing, PairingRefusal};
pub use tokens::{TokenError, TokenView, Tokens, check_name, write_secret};

use super::Shared;
use super::body::MAX_BODY;
use super::connections::Peer;
use super::problem::Problem;
use crate::conductor::{Principal, Role};
use crate::operation::Control;

/// The name of the cookie in which a browser holds its token.
pub const COOKIE: &str = "obzor-token";

/// What anybody may ask for who reaches the wall: how to come by a token, and whether the wall lives.
const OPEN: &[&str] = &[
    "/",
    "/run-sheet",
    "/manifest.webmanifest",
    "/words.json",
    "/authority.pem",
    "/health/live",
    "/health/ready",
    "/api/v1/openapi.json",
    "/api/v1/pairing",
];

/// A body has come within this time.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// What a browser must keep to: nothing from outside, no script in a page, in nobody's frame.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
                              connect-src 'self'; manifest-src 'self'; font-src 'self'; base-uri 'none'; \
                              form-action 'none'; frame-ancestors 'none'";

/// Who may do what, and from where.
pub struct Access {
    control: ArcSwap<Control>,
    tokens: Mutex<Tokens>,
    /// Held by whoever writes the tokens' file: nobody who only shows a token waits for the disk.
    writing: tokio::sync::Mutex<()>,
    pairing: Mutex<Pairing>,
    /// Changes when streams are to end, so that whoever listens shows their token again.
    stream_end: watch::Sender<()>,
    /// Where its certificates come from; none where it is not served over TLS.
    pub certificates: Option<Certificates>,
}

impl Access {
    /// By what a file says, with the tokens and the authority of a folder; without a folder, for as long as the program runs.
    ///
    /// # Errors
    /// When the folder holds an authority that cannot be read, or none can be written.
    pub fn open(control: Control, folder: Option<&Path>) -> Result<Self, TlsError> {
        let file = folder.map(|folder| folder.join("tokens.json"));
        let tokens = Tokens::open(file.clone()).unwrap_or_else(|error| {
            let file = file.unwrap_or_default();
            tracing::error!(%error, file = %file.display(), "the tokens cannot be read: nobody has one until they pair anew");
            Tokens::default()
        });
        let certificates = match (&control.listen, &control.tls) {
            (None, _) => None,
            (Some(_), Some(files)) => Some(Certificates::Files(files.clone())),
            (Some(_), None) => Some(Certificates::Own(Arc::new(Authority::open(folder)?))),
        };
        Ok(Self {
            control: ArcSwap::from_pointee(control),
            tokens: Mutex::new(tokens),
            writing: tokio::sync::Mutex::default(),
            pairing: Mutex::default(),
            stream_end: watch::Sender::new(()),
            certificates,
        })
    }

    /// Who vouches for the wall; none where it has no certificate of its own making.
    pub fn authority(&self) -> Option<&Authority> {
        match &self.certificates {
            Some(Certificates::Own(authority)) => Some(authority),
            _ => None,
        }
    }

    /// What the file says.
    pub fn control(&self) -> Arc<Control> {
        self.control.load_full()
    }

    /// Takes over what the file says now.
    pub fn replace(&self, control: Control) {
        self.control.store(Arc::new(control));
    }

    /// The tokens.
    pub fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a token that is valid for so many days; returns its secret, which is told this once.
    ///
    /// # Errors
    /// When the name is none, there are too many, or the file cannot be written; nothing has changed then.
    pub async fn give(&self, name: String, role: Role, days: u32) -> Result<(String, TokenView), TokenError> {
        let _writing = self.writing.lock().await;
        let now_secs = jiff::Timestamp::now().as_second();
        let expires_secs = now_secs + i64::from(days) * 86_400;
        let (draft, written) = {
            let tokens = self.tokens();
            let draft = tokens.draft(&name, role, now_secs, expires_secs)?;
            let written = tokens.written(Some(&draft));
            (draft, written)
        };
        write(written).await?;
        let given = (draft.secret.clone(), draft.view.clone());
        self.tokens().install(draft);
        Ok(given)
    }

    /// Takes a token back, and ends every stream; returns it, none where there is no such token.
    ///
    /// # Errors
    /// When the file cannot be written: the token is not valid any more, but may be again after a restart.
    pub async fn revoke(&self, id: &str) -> Result<Option<TokenView>, TokenError> {
        let _writing = self.writing.lock().await;
        let (revoked, written) = {
            let mut tokens = self.tokens();
            (tokens.revoke(id), tokens.written(None))
        };
        self.stream_end.send_replace(());
        write(written).await?;
        Ok(revoked)
    }

    /// The pairing.
    pub fn pairing(&self) -> MutexGuard<'_, Pairing> {
        self.pairing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who asks; none where that is not known.
    ///
    /// # Errors
    /// When they show a token that is not valid.
    fn admit(&self, peer: Peer, headers: &HeaderMap) -> Result<Option<Admitted>, Problem> {
        // From before the token is looked at: whoever takes it back ends what it opens.
        let end = StreamEnd { ended: self.stream_end.subscribe(), expires_secs: None };
        let now = jiff::Timestamp::now().as_second();
        let by_token = |secret: &str| {
            let (principal, expires_secs) = self.tokens().principal(secret, now)?;
            Some((principal, Some(expires_secs)))
        };
        let found = match headers.get(header::AUTHORIZATION) {
            Some(value) => {
                let secret = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
                let known = secret.and_then(|secret| by_token(secret.trim()));
                Some(known.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "this token is not valid"))?)
            }
            None => match (cookie_of(headers).and_then(|secret| by_token(&secret)), peer) {
                (Some(known), _) => Some(known),
                (None, Peer::Loopback) => Some((Principal::new("loopback", self.control().loopback), None)),
                (None, Peer::Socket) => Some((Principal::new("socket", Role::Admin), None)),
                (None, Peer::Elsewhere(_)) => None,
            },
        };
        Ok(found.map(|(principal, expires_secs)| (principal, StreamEnd { expires_secs, ..end })))
    }
}

/// Who asks, and when a stream of theirs is to end.
type Admitted = (Principal, StreamEnd);

/// When a stream is to end: tokens were taken back, or the one that opened it has ended.
#[derive(Clone)]
pub struct StreamEnd {
    ended: watch::Receiver<()>,
    /// When the token ends, in seconds since 1970; none without one.
    expires_secs: Option<i64>,
}

impl StreamEnd {
    /// Waits until the stream is to end: those who may listen come back.
    pub async fn wait(&mut self) {
        let left = self.expires_secs.map(|at| at - jiff::Timestamp::now().as_second());
        let expires = async {
            match left {
                Some(secs) => tokio::time::sleep(Duration::from_secs(secs.max(0).unsigned_abs())).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.ended.changed() => {}
            () = expires => {}
        }
    }
}

/// Writes the tokens' file, on a thread for what blocks.
async fn write(written: Option<(std::path::PathBuf, Vec<u8>)>) -> Result<(), TokenError> {
    let Some((file, bytes)) = written else { return Ok(()) };
    let done = tokio::task::spawn_blocking(move || write_secret(&file, &bytes)).await;
    Ok(done.map_err(std::io::Error::other)??)
}

/// The token that a browser holds.
pub fn cookie_of(headers: &HeaderMap) -> Option<String> {
    let fields = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookies = fields.flat_map(|field| Cookie::split_parse(field).flatten());
    cookies.filter(|cookie| cookie.name() == COOKIE).map(|cookie| cookie.value().to_owned()).next()
}

/// Says who asks; refuses those whom nobody knows, and pages of other sites. What is answered says what a browser must keep
/// to.
pub async fn identify(State(shared): State<Shared>, mut request: Request, next: Next) -> Response {
    let mut response = match admitted(&shared, &request) {
        Ok(admitted) => {
            let is_known = admitted.is_some();
            if let Some((principal, end)) = admitted {
                request.extensions_mut().insert(principal);
                request.extensions_mut().insert(end);
            }
            if is_known || is_open(request.uri().path()) {
                match whole(request).await {
                    Ok(request) => next.run(request).await,
                    Err(problem) => problem.into_response(),
                }
            } else {
                let detail = "show a token: pair at this address in a browser, or ask the wall's administrator for one";
                Problem::new(StatusCode::UNAUTHORIZED, detail).into_response()
            }
        }
        Err(problem) => problem.into_response(),
    };
    let unauthorised = response.status() == StatusCode::UNAUTHORIZED;
    let headers = response.headers_mut();
    if unauthorised {
        shared.counts.unauthorised.fetch_add(1, Ordering::Relaxed);
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn is_open(path: &str) -> bool {
    OPEN.contains(&path) || path.starts_with("/assets/") || path.starts_with("/api/v1/pairing/")
}

/// A request with all of its body: a short one, which has come soon.
async fn whole(request: Request) -> Result<Request, Problem> {
    let (head, body) = request.into_parts();
    let read = tokio::time::timeout(BODY_TIMEOUT, axum::body::to_bytes(body, MAX_BODY)).await;
    let too_slow = |_| Problem::new(StatusCode::REQUEST_TIMEOUT, "the body did not come");
    let too_long = |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("a body has at most {MAX_BODY} bytes"));
    let bytes = read.map_err(too_slow)?.map_err(too_long)?;
    Ok(Request::from_parts(head, axum::body::Body::from(bytes)))
}

fn admitted(shared: &Shared, request: &Request) -> Result<Option<Admitted>, Problem> {
    let access = &shared.access;
    if let Some(why) = origin::refusal(request.method(), request.headers(), &access.control().names) {
        return Err(Problem::new(StatusCode::FORBIDDEN, why));
    }
    // Every connection says where it comes from.
    let Some(peer) = request.extensions().get::<Peer>() else { return Ok(None) };
    access.admit(*peer, request.headers())
}

/// Refuses whoever has a lesser role.
///
/// # Errors
/// When the role is less than `least`.
pub fn require(principal: &Principal, least: Role) -> Result<(), Problem> {
    if principal.role >= least {
        return Ok(());
    }
    let detail = crate::conductor::Refusal::NotAllowed { role: principal.role, least };
    Err(Problem::from(&detail))
}
