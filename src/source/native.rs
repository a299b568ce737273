//! A backend that speaks the native API: a snapshot in pages, then a stream of changes.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use jiff::tz::TimeZone;
use reqwest::header;
use serde::Deserialize;

use super::fetch::{Fetcher, SourceError, parse};
use super::record::Batch;
use super::supervisor::{RunningSource, causes};
use super::update_sender::UpdateSender;
use crate::clock::Moment;
use crate::data::dataset::Dataset;
use crate::data::region::{Boundaries, Region, place_names};
use crate::data::{ANSWERED, Appeal, CHUNK_ROWS, LATEST, MaskedTexts, Update, numbered};
use crate::native_api::{
    API_VERSION, AppealPage, AppealText, Changes, DatasetAnswer, Heartbeat, NEXT_CURSOR, RegionAnswer,
};
use crate::privacy::{Masker, snap_to_grid};

/// Datasets are asked for this often.
const DATASETS_EVERY: Duration = Duration::from_secs(60);

/// The words of new appeals are asked for no more often.
const WORDS_EVERY: Duration = Duration::from_secs(1);
/// And for so many of the newest.
const WORDS_NEW: usize = 64;

/// What a `[[source]]` of `kind = "native"` says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Native {
    /// Days that are read at the start.
    #[serde(default)]
    pub history_days: Option<u32>,
}

impl Native {
    /// As a site's file writes it.
    pub const EXAMPLE: &str = r#"[[source]]
name = "centre"
kind = "native"
url = "http://127.0.0.1:7400/"
"#;

    /// A look at the backend: a native source is followed, not asked again and again.
    pub async fn poll(&mut self, fetcher: &Fetcher, _: &TimeZone, _: Moment) -> Result<Batch, SourceError> {
        let region: RegionAnswer = fetcher.json("v1/region").await?;
        let page: AppealPage = fetcher.json(&format!("v1/appeals?since={}", region.now - 86_400)).await?;
        Ok(Batch { came: page.appeals.id.len(), ..Batch::default() })
    }
}

/// A connection to a native backend, and what it remembers from one to the next.
pub struct NativeSource {
    fetcher: Fetcher,
    history_days: u32,
    updates: UpdateSender,
    /// The epoch and the last event of the set that is on the wall.
    resume: Option<(String, String)>,
    etags: HashMap<String, String>,
    masker: Masker,
    /// When the words of the newest appeals were last asked for, and the highest number that is known.
    worded: (Option<Instant>, u64),
    /// Secondary requests that fail, with the error that was logged.
    broken: HashMap<String, String>,
}

impl NativeSource {
    /// Reads from `fetcher`'s backend the last `history_days` days, and goes on from there.
    pub fn new(fetcher: Fetcher, history_days: u32, updates: UpdateSender) -> Self {
        Self {
            fetcher,
            history_days,
            updates,
            resume: None,
            etags: HashMap::new(),
            masker: Masker::default(),
            worded: (None, 0),
            broken: HashMap::new(),
        }
    }

    async fn load(&mut self, answer: &RegionAnswer) -> Result<(), SourceError> {
        let response = self.fetcher.get("v1/region/boundaries", None).await?;
        let url = super::fetch::plain(response.url());
        let bytes = self.fetcher.bytes(response).await?;
        let wrong = |what: String| SourceError::Wrong { url: url.clone(), what };
        let text = String::from_utf8(bytes).map_err(|e| wrong(e.to_string()))?;
        let boundaries = Boundaries::from_geojson(&text).map_err(|e| wrong(e.to_string()))?;
        self.masker = Masker::new(place_names(&answer.dictionaries, &boundaries));
        let region = Region { dictionaries: answer.dictionaries.clone(), boundaries };
        self.send(Update::Region(Arc::new(region))).await?;
        self.send(Update::StartOver).await?;
        let since = answer.now - i64::from(self.history_days) * 86_400;
        let mut path = Some(format!("v1/appeals?since={since}"));
        let mut as_of = answer.now;
        let mut asked = None;
        while let Some(this) = path.take() {
            let response: reqwest::Response = match asked.take() {
                Some(response) => join(response).await?,
                None => self.fetcher.whole(self.fetcher.get(&this, None)).await?,
            };
            // The next page is on its way while this one is read.
            let next = response
                .headers()
                .get(NEXT_CURSOR)
                .and_then(|v| v.to_str().ok())
                .map(|c| format!("v1/appeals?cursor={c}"));
            if let Some(next) = &next {
                let (fetcher, next) = (self.fetcher.clone(), next.clone());
                asked = Some(tokio::spawn(async move { fetcher.get(&next, None).await }));
            }
            let bytes = self.fetcher.whole(self.fetcher.bytes(response)).await?;
            let url = this.clone();
            let page = tokio::task::spawn_blocking(move || {
                let page: AppealPage = parse(&url, &bytes)?;
                // A page may be of any size: what is not needed any more does not wait for the store.
                drop(bytes);
                let rows = page.appeals.rows().map_err(|e| SourceError::Wrong { url, what: e.to_string() })?;
                Ok((rows, page.as_of, page.next_cursor))
            });
            let (appeals, at, next_cursor) = join(page).await?;
            as_of = at;
            for part in self.renumbered(appeals).chunks(CHUNK_ROWS) {
                self.send(Update::Appeals(part.to_vec())).await?;
            }
            path = next.or_else(|| next_cursor.map(|c| format!("v1/appeals?cursor={c}"))).filter(|next| *next != this);
        }
        self.send(Update::Complete(Moment::from_secs(as_of))).await?;
        let found = self.words(LATEST).await;
        self.tolerate("words", found)?;
        let found = self.answers().await;
        self.tolerate("answers", found)?;
        self.resume = Some((answer.epoch.clone(), as_of.to_string()));
        Ok(())
    }

    /// Asks for what was written in the newest appeals.
    async fn words(&mut self, limit: usize) -> Result<(), SourceError> {
        let texts = self.texts(&format!("v1/appeals/latest?limit={limit}")).await?;
        self.worded = (Some(Instant::now()), texts.iter().map(|t| t.id).max().unwrap_or(0).max(self.worded.1));
        self.say(texts, limit).await
    }

    /// Asks for what was answered last.
    async fn answers(&mut self) -> Result<(), SourceError> {
        let path = format!("v1/appeals/latest?limit={ANSWERED}&answered=true");
        let texts = self.texts(&path).await?;
        self.say(texts, ANSWERED).await
    }

    /// Texts of appeals; one that is broken costs no other.
    async fn texts(&mut self, path: &str) -> Result<Vec<AppealText>, SourceError> {
        let (url, bytes) = self.fetcher.document(path).await?;
        let (answer, _) = self.fetcher.any_json(&url, &bytes)?;
        let serde_json::Value::Array(rows) = answer else {
            return Err(SourceError::Wrong { url, what: "a list of texts was asked for".to_owned() });
        };
        Ok(rows.into_iter().filter_map(|row| serde_json::from_value(row).ok()).collect())
    }

    /// Masks texts and hands them over. Nothing unmasked goes any further.
    async fn say(&self, texts: Vec<AppealText>, limit: usize) -> Result<(), SourceError> {
        let words = texts.into_iter().take(limit).map(|t| {
            let reply = t.reply.map(|reply| self.masker.displayable(&reply));
            (numbered(self.updates.source(), t.id), MaskedTexts { text: self.masker.displayable(&t.text), reply })
        });
        let words = words.collect();
        self.send(Update::MaskedTexts(words)).await
    }

    async fn datasets(&mut self, now: i64) -> Result<(), SourceError> {
        let names: Vec<String> = self.fetcher.json("v1/datasets").await?;
        for name in names.into_iter().take(64) {
            match self.dataset(&name, now).await {
                Ok(()) => drop(self.broken.remove(&name)),
                Err(SourceError::ShuttingDown) => return Err(SourceError::ShuttingDown),
                // One table that is broken costs no other: it keeps what it had, with its age.
                Err(error) => self.say_broken(&name, &error),
            }
        }
        Ok(())
    }

    async fn dataset(&mut self, name: &str, now: i64) -> Result<(), SourceError> {
        let path = format!("v1/datasets/{name}");
        let etag = self.etags.get(name).cloned();
        let fetcher = self.fetcher.clone();
        let read = fetcher.whole(async {
            let response = fetcher.get(&path, etag.as_deref()).await?;
            if response.status() == reqwest::StatusCode::NOT_MODIFIED {
                return Ok(None);
            }
            let etag = response.headers().get(header::ETAG).and_then(|v| v.to_str().ok()).map(str::to_owned);
            Ok(Some((etag, fetcher.bytes(response).await?)))
        });
        let Some((etag, bytes)) = read.await? else { return Ok(()) };
        let answer: DatasetAnswer = parse(&path, &bytes)?;
        // Only what was read is known.
        self.etags.extend(etag.map(|etag| (name.to_owned(), etag)));
        let dataset = Dataset::masked(answer.name, answer.records, &answer.published, &self.masker);
        self.send(Update::Dataset(Arc::new(dataset), Moment::from_secs(now))).await
    }

    /// Requests what comes besides the appeals. Failures are logged, and retried later.
    async fn secondary_requests(&mut self, now: i64) -> Result<(), SourceError> {
        let found = self.datasets(now).await;
        self.tolerate("datasets", found)?;
        let found = self.answers().await;
        self.tolerate("answers", found)
    }

    /// Logs the failure of a secondary request and goes on. `ShuttingDown` alone is passed on.
    fn tolerate(&mut self, what: &str, result: Result<(), SourceError>) -> Result<(), SourceError> {
        match result {
            Ok(()) => drop(self.broken.remove(what)),
            Err(SourceError::ShuttingDown) => return Err(SourceError::ShuttingDown),
            Err(error) => self.say_broken(what, &error),
        }
        Ok(())
    }

    /// Says what fails, once until it is another failure.
    fn say_broken(&mut self, what: &str, error: &SourceError) {
        let words = causes(error);
        if self.broken.get(what) != Some(&words) {
            tracing::warn!(what, "the rest goes on, but: {words}");
            self.broken.insert(what.to_owned(), words);
        }
    }

    async fn send(&self, update: Update) -> Result<(), SourceError> {
        self.updates.send(update).await
    }

    /// The backend's appeals under the wall's numbers, their places snapped.
    fn renumbered(&self, mut appeals: Vec<Appeal>) -> Vec<Appeal> {
        let source = self.updates.source();
        for appeal in &mut appeals {
            appeal.id = numbered(source, appeal.id);
            (appeal.lon_e6, appeal.lat_e6) = snap_to_grid(appeal.lon_e6, appeal.lat_e6);
        }
        appeals
    }
}

impl RunningSource for NativeSource {
    fn name(&self) -> String {
        super::fetch::plain(self.fetcher.base())
    }

    async fn report_lost(&self, since: Moment) {
        let _ = self.updates.send(Update::Lost(since)).await;
    }

    async fn load_once(&mut self) -> Result<(), SourceError> {
        let answer: RegionAnswer = self.fetcher.json("v1/region").await?;
        self.load(&answer).await?;
        self.datasets(answer.now).await
    }

    async fn run(&mut self, mut alive: impl FnMut() + Send) -> Result<(), SourceError> {
        let answer: RegionAnswer = self.fetcher.json("v1/region").await?;
        let wrong = |what: String| SourceError::Wrong { url: format!("{}v1/region", self.fetcher.base()), what };
        if answer.api_version != API_VERSION {
            return Err(wrong(format!("version {} of the API, this wall speaks {API_VERSION}", answer.api_version)));
        }
        let resumable = self.resume.as_ref().is_some_and(|(epoch, _)| *epoch == answer.epoch);
        if !resumable {
            self.resume = None;
            self.load(&answer).await?;
        }
        alive();
        let mut datasets = tokio::time::interval(DATASETS_EVERY);
        datasets.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (path, id) = match &self.resume {
            Some((_, id)) if id.contains('/') => ("v1/changes".to_owned(), Some(id.clone())),
            Some((_, as_of)) => (format!("v1/changes?after={as_of}"), None),
            None => ("v1/changes".to_owned(), None),
        };
        let mut events = pin!(self.fetcher.events(&path, id.as_deref()).await?);
        loop {
            let silence = self.fetcher.timeout();
            tokio::select! {
                _ = datasets.tick() => {
                    self.secondary_requests(answer.now).await?;
                }
                event = tokio::time::timeout(silence, events.next()) => {
                    let event = event.map_err(|_| SourceError::Silent(silence))?.ok_or(SourceError::Closed)??;
                    alive();
                    let data = event.data.unwrap_or_default();
                    match event.event.as_deref() {
                        Some("changes") => {
                            let changes: Changes = parse("changes", data.as_bytes())?;
                            let appeals = changes.appeals.rows().map_err(|e| SourceError::Wrong { url: "changes".into(), what: e.to_string() })?;
                            let newest = appeals.iter().map(|a| a.id).max().unwrap_or(0);
                            let appeals = self.renumbered(appeals);
                            self.send(Update::Changes { appeals, until: Moment::from_secs(changes.until) }).await?;
                            let rested = self.worded.0.is_none_or(|at| at.elapsed() >= WORDS_EVERY);
                            if newest > self.worded.1 && rested {
                                let found = self.words(WORDS_NEW).await;
                                self.tolerate("words", found)?;
                            }
                        }
                        Some("heartbeat") => {
                            let beat: Heartbeat = parse("heartbeat", data.as_bytes())?;
                            self.send(Update::Heartbeat(Moment::from_secs(beat.until))).await?;
                        }
                        Some("start-over") => {
                            self.resume = None;
                            return Err(SourceError::Closed);
                        }
                        _ => {}
                    }
                    // Noted only after it was handed over: a disconnect loses nothing. A repeated change is harmless,
                    // since it states how an appeal is, not what was done to it.
                    if let Some(id) = event.id {
                        self.resume = Some((answer.epoch.clone(), id));
                    }
                }
            }
        }
    }
}

async fn join<T>(task: tokio::task::JoinHandle<Result<T, SourceError>>) -> Result<T, SourceError> {
    task.await.map_err(|e| SourceError::Wrong { url: "page".into(), what: e.to_string() })?
}
