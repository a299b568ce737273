//! Where the wall's data comes from: a backend's address, or the embedded demo backend over loopback.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use arc_swap::ArcSwap;
use reqwest::Url;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use crate::archive::{File, MAX_MIB};
use crate::clock::Clock;
use crate::data::{Revision, SourceNumber, Store, Update};
use crate::demo::{World, serve};
use crate::source::{
    Fetcher, HISTORY_DAYS, Keeper, Kind, NativeSource, Polled, QueryBuilder, Registry, RunningSource, Site,
    UpdateSender, Wanted, supervise,
};

/// Capacity of the queue of updates. A source that is ahead of the store waits.
const QUEUE: usize = 32;

/// Where the data comes from, as the command line says.
#[derive(Debug, Clone)]
pub enum SourceChoice {
    /// A backend that speaks the native API.
    Address(Url),
    /// A site's file.
    File(PathBuf),
}

/// Where the last good data is kept.
#[derive(Debug, Clone, Default)]
pub enum Keep {
    /// In the user's state folder, in a file of the site's own; the demo region is not kept.
    #[default]
    Usual,
    /// In this file.
    At(PathBuf),
    /// Nowhere.
    Off,
}

impl Keep {
    /// The archive's file for a site.
    pub fn path(&self, site: &Site) -> Option<PathBuf> {
        match self {
            Self::Off => None,
            Self::At(path) => Some(path.clone()),
            Self::Usual => {
                let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
                let state = set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local/state")));
                let Some(state) = state else {
                    tracing::warn!("nothing is kept: neither XDG_STATE_HOME nor HOME says where (--keep FILE does)");
                    return None;
                };
                Some(state.join("obzor").join(format!("{}.sqlite", site.fingerprint())))
            }
        }
    }
}

/// The site that was chosen, or that the wall's file describes; none for the demo backend.
pub fn site(choice: Option<&SourceChoice>, wall_file: Option<&Path>) -> Result<Option<Site>> {
    let (path, in_wall) = match (choice, wall_file) {
        (Some(SourceChoice::Address(url)), _) => return Ok(Some(Site::native(url.clone()))),
        (Some(SourceChoice::File(path)), _) => (path.as_path(), false),
        (None, Some(path)) => (path, true),
        (None, None) => return Ok(None),
    };
    let text = crate::diagnostic::read_text(path).with_context(|| path.display().to_string())?;
    if in_wall { Ok(Site::in_wall(path, &text)?) } else { Ok(Some(Site::parse(path, &text)?)) }
}

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
pub fn spawn_demo_backend(runtime: &Runtime, world: Arc<World>, clock: Clock) -> Result<Url> {
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

/// Where revisions go, and what is called after each.
pub struct Published {
    /// Holds the newest one.
    pub to: Arc<ArcSwap<Revision>>,
    /// Called on the keeper's thread.
    pub then: Box<dyn Fn() + Send>,
}

/// Starts the supervised sources of a site and the keeper of their data; revisions are `published`. Calls
/// `on_failure` if the keeper fails.
pub fn spawn_sources(
    runtime: &Runtime,
    site: Site,
    clock: Clock,
    wanted: Wanted,
    published: Published,
    archive: Option<PathBuf>,
    on_failure: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let mut site = site;
    let archive = archive.filter(|path| resume_archive(&mut site, path));
    for source in sources(site, &clock, &sender)? {
        match source {
            Either::Native(source) => drop(runtime.spawn(supervise(*source, clock.clone()))),
            Either::Polled(source) => drop(runtime.spawn(supervise(*source, clock.clone()))),
        }
    }
    let keeper = Keeper::new(receiver, clock, wanted, published.to, published.then);
    let keeper = match archive {
        Some(path) => keeper.with_archive(path),
        None => keeper,
    };
    let work = move || {
        // A keeper that has died would leave the last numbers on the wall for ever, under a stamp that nobody renews.
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || keeper.run())).is_err() {
            on_failure();
        }
    };
    std::thread::Builder::new().name("keeper".into()).spawn(work).context("no thread for the data")
}

/// Continues the numbering of an archive in the registry; returns whether the archive may be used. An archive with
/// other municipalities is set aside, since its numbers have another meaning now.
fn resume_archive(site: &mut Site, path: &Path) -> bool {
    let Some(region) = &mut site.region else { return true };
    // What is wrong with the file is told when the keeper opens it.
    let Ok(Some(kept)) = File::open(path, MAX_MIB).and_then(|file| file.dictionaries()) else { return true };
    if Registry::adopt(region, &kept) {
        return true;
    }
    let aside = path.with_extension("other-region");
    tracing::warn!(aside = %aside.display(), "what is kept is of other municipalities: it is set aside");
    std::fs::rename(path, &aside).is_ok()
}

/// Loads a site's data once, for a still picture.
pub fn load(runtime: &Runtime, site: Site, clock: &Clock) -> Result<Store> {
    runtime.block_on(async {
        let (sender, mut receiver) = mpsc::channel(QUEUE);
        let sources = sources(site, clock, &sender)?;
        drop(sender);
        let loading = sources.into_iter().map(|source| {
            tokio::spawn(async move {
                match source {
                    Either::Native(mut source) => (source.name(), source.load_once().await),
                    Either::Polled(mut source) => (source.name(), source.load_once().await),
                }
            })
        });
        let loading: Vec<_> = loading.collect();
        let mut store = Store::new();
        while let Some((source, update)) = receiver.recv().await {
            store.apply_from(source, update, clock.now());
        }
        let (mut answered, mut first) = (false, None);
        for task in loading {
            let (name, result) = task.await.context("loading was cut off")?;
            match result.with_context(|| format!("no data from {name}")) {
                Ok(()) => answered = true,
                Err(error) => {
                    tracing::warn!("{error:#}");
                    first.get_or_insert(error);
                }
            }
        }
        // What did not answer is missing in the picture; where nothing did there is none.
        match first {
            Some(error) if !answered => Err(error),
            _ => Ok(store),
        }
    })
}

enum Either {
    Native(Box<NativeSource>),
    Polled(Box<Polled>),
}

/// A site's sources, numbered in the order of its file, with the registry that they share.
fn sources(site: Site, clock: &Clock, sender: &mpsc::Sender<(SourceNumber, Update)>) -> Result<Vec<Either>> {
    let zone = site.zone();
    let registry = site.region.map(|region| Arc::new(Mutex::new(Registry::new(region, &site.aliases))));
    let mut sources = Vec::new();
    for (number, table) in site.sources.into_iter().enumerate() {
        let outlet =
            UpdateSender::new(SourceNumber::try_from(number).context("more than 256 sources")?, sender.clone());
        sources.push(if let Kind::Native(native) = &table.kind {
            let days = native.history_days.unwrap_or(HISTORY_DAYS);
            Either::Native(Box::new(NativeSource::new(Fetcher::open(table.access)?, days, outlet)))
        } else {
            let name = table.name.clone();
            let source = Polled::new(table, registry.clone(), zone.clone(), clock.clone(), outlet);
            Either::Polled(Box::new(source.with_context(|| format!("source {name}"))?))
        });
    }
    Ok(sources)
}

/// Nothing is asked until a layout asks.
pub fn nothing_asked() -> QueryBuilder {
    Arc::new(|_: &crate::data::region::Dictionaries| Vec::new())
}
