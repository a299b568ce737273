//! Sends a notice once.

use std::process::Stdio;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::alarm::Notice;
use crate::language::{Lang, Language};
use crate::notify::{Channel, Email, Payload, SIGNATURE_HEADER, TIME_HEADER, Way, Webhook, signature};

/// Nobody is waited for longer than this.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Whether a program has failed is waited for so long; one that still runs then has been told.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(20);

/// Tells one of those who are told, once.
///
/// # Errors
/// A sentence that says why it was not heard.
pub async fn send(channel: &Channel, notice: &Notice, wall: &str) -> Result<(), String> {
    let payload = Payload::new(notice, wall);
    let sent = async {
        match &channel.way {
            Way::Webhook(webhook) => post(webhook, &payload).await,
            Way::Email(email) => mail(email, &payload).await,
            Way::Command { program, args } => {
                let mut command = tokio::process::Command::new(program);
                command.args(args);
                run(command, &payload).await
            }
        }
    };
    tokio::time::timeout(TIMEOUT, sent).await.unwrap_or_else(|_| Err("there is no answer".to_owned()))
}

async fn post(webhook: &Webhook, payload: &Payload<'_>) -> Result<(), String> {
    let secret = webhook.secret.read()?;
    let body = serde_json::to_vec(payload).map_err(|error| error.to_string())?;
    let secs = jiff::Timestamp::now().as_second();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let request = client
        .map_err(|error| error.to_string())?
        .post(&webhook.url)
        .header("content-type", "application/json")
        .header("idempotency-key", payload.id.to_string())
        .header(TIME_HEADER, secs.to_string())
        .header(SIGNATURE_HEADER, signature(&secret, secs, &body))
        .body(body);
    // An address may hold a key: it is not written to the log.
    let answer = request.send().await.map_err(|error| error.without_url().to_string())?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("the answer is {}", answer.status())) }
}

async fn mail(email: &Email, payload: &Payload<'_>) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let (subject, text) = {
        let language = Language::new(Lang::of_environment());
        (payload.subject(&language), payload.text(&language))
    };
    let mut letter = Message::builder()
        .from(email.from.parse().map_err(|error| said(&error))?)
        .message_id(Some(format!("<{}@obzor>", payload.id)))
        .subject(subject)
        .header(ContentType::TEXT_PLAIN);
    for to in &email.to {
        letter = letter.to(to.parse().map_err(|error| said(&error))?);
    }
    let letter = letter.body(text).map_err(|error| said(&error))?;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&email.server)
        .map_err(|error| said(&error))?
        .timeout(Some(TIMEOUT));
    if let Some(user) = &email.user {
        let password = email.password.as_ref().map(|password| password.read()).transpose()?.unwrap_or_default();
        server = server.credentials(Credentials::new(user.clone(), password));
    }
    server.build().send(letter).await.map(|_| ()).map_err(|error| said(&error))
}

async fn run(mut command: tokio::process::Command, payload: &Payload<'_>) -> Result<(), String> {
    let body = serde_json::to_vec(payload).map_err(|error| error.to_string())?;
    let told = serde_json::to_string(&payload.told).unwrap_or_default();
    command
        .env("OBZOR_ALARM", payload.alarm)
        .env("OBZOR_TITLE", payload.title)
        .env("OBZOR_TOLD", told.trim_matches('"'))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(false);
    let mut child = command.spawn().map_err(|error| format!("the program does not start: {error}"))?;
    if let Some(mut input) = child.stdin.take() {
        // A program that does not read what it is told may still do what it is for.
        let _ = input.write_all(&body).await;
    }
    // A program that has begun is not begun again because it takes its time: a siren sounds longer than a letter is sent.
    let Ok(status) = tokio::time::timeout(PROGRAM_TIMEOUT, child.wait()).await else {
        return Ok(());
    };
    let status = status.map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(());
    }
    let mut said = Vec::new();
    if let Some(errors) = child.stderr.take() {
        // Whoever it has started may hold this open.
        let _ = tokio::time::timeout(Duration::from_millis(200), errors.take(1024).read_to_end(&mut said)).await;
    }
    let said = String::from_utf8_lossy(&said);
    Err(format!("the program ended with {status}: {}", said.lines().next().unwrap_or_default()))
}
