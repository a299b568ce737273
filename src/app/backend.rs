//! Where the wall's data comes from: a backend's address, or the embedded demo backend over loopback.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use arc_swap::ArcSwap;
use reqwest::Url;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::data::{Revision, Store, Update};
use crate::demo::{World, serve};
use crate::source::{Fetcher, Keeper, NativeSource, Wanted, supervise};

/// Updates wait here while the store is busy; a source that is ahead of it waits too.
const QUEUE: usize = 32;
/// A year and its comparison with the year before.
pub const HISTORY_DAYS: u32 = 400;
/// A backend that says nothing for this long is lost.
const PATIENCE: Duration = Duration::from_secs(20);

/// Two workers: one serves or fetches while the other reads what has come.
pub fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(4)
        .enable_all()
        .build()
        .context("the network runtime does not start")
}

/// Starts the demo backend on a free port of loopback; returns its address.
pub fn embed(runtime: &Runtime, world: Arc<World>, clock: Clock) -> Result<Url> {
    let listener =
        runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0))).context("no free port on loopback")?;
    let port = listener.local_addr()?.port();
    runtime.spawn(async move {
        if let Err(error) = serve(listener, world, clock).await {
            tracing::error!(%error, "the embedded demo backend stopped");
        }
    });
    Ok(format!("http://127.0.0.1:{port}/").parse()?)
}

/// Starts a supervised source and the keeper of its data; revisions appear in `published`.
pub fn follow(
    runtime: &Runtime,
    url: Url,
    clock: Clock,
    wanted: Wanted,
    published: Arc<ArcSwap<Revision>>,
    on_publish: impl Fn() + Send + 'static,
) -> Result<()> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let source = NativeSource::new(Fetcher::new(url, PATIENCE)?, HISTORY_DAYS, sender);
    runtime.spawn(supervise(source, clock.clone()));
    let keeper = Keeper::new(receiver, clock, wanted, published, on_publish);
    std::thread::Builder::new().name("keeper".into()).spawn(move || keeper.run()).context("no thread for the data")?;
    Ok(())
}

/// Loads a backend's data once, for a still picture.
pub fn load(runtime: &Runtime, url: Url, clock: &Clock) -> Result<Store> {
    let fetcher = Fetcher::new(url.clone(), PATIENCE)?;
    runtime.block_on(async {
        let (sender, mut receiver) = mpsc::channel::<Update>(QUEUE);
        let mut source = NativeSource::new(fetcher, HISTORY_DAYS, sender);
        let loading = tokio::spawn(async move { source.load_once().await });
        let mut store = Store::new();
        while let Some(update) = receiver.recv().await {
            store.apply(update, clock.now());
        }
        loading.await.context("loading was cut off")?.with_context(|| format!("no data from {url}"))?;
        Ok(store)
    })
}

/// Nothing is asked until a layout asks.
pub fn nothing_wanted() -> Wanted {
    Arc::new(Mutex::new(Arc::new(|_: &crate::data::region::Dictionaries| Vec::new())))
}
