//! Where a running wall is operated: opens the doors, and says where they are.

use std::io::IsTerminal as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use qrcodegen::{QrCode, QrCodeEcc};
use tokio::runtime::Runtime;

use super::log;
use crate::diagnostic;
use crate::journal::JournalHandle;
use crate::language::Lang;
use crate::operation::{self, Control, Operation};
use crate::requests::Request;
use crate::sentence;
use crate::server::{Access, Doors, Events, ServeError, Served, serve as open_doors};

/// Where a wall is served on this machine unless another address is named.
const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7474);

/// Where a wall is served on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Nowhere.
    Off,
    /// At the usual address, unless another wall has it.
    Usual,
    /// At this address of loopback.
    At(SocketAddr),
}

/// What a wall is called in the names of files.
pub fn wall_stem(wall_file: Option<&Path>) -> String {
    wall_file.and_then(Path::file_stem).map_or("desktop".into(), |stem| stem.to_string_lossy()).into_owned()
}

/// Serves the wall, and says where.
///
/// # Errors
/// When an address that was named cannot be had, or there is no certificate.
pub fn serve(
    runtime: &Runtime,
    view: View,
    wall_file: Option<&Path>,
    access: Arc<Access>,
    journal: JournalHandle,
    events: Events,
    request: impl Fn(Request) + Send + Sync + Clone + 'static,
) -> Result<()> {
    let loopback = match view {
        View::At(address) if !address.ip().to_canonical().is_loopback() => {
            bail!(
                "--view is an address of this machine alone: from elsewhere a wall is operated over TLS, by `listen` in [control] of --operation FILE"
            )
        }
        View::At(address) => Some(address),
        View::Usual => Some(USUAL),
        View::Off => None,
    };
    let socket = runtime_folder().map(|folder| folder.join(format!("{}.sock", wall_stem(wall_file))));
    let doors = Doors { loopback, socket };
    let open =
        |doors: Doors| open_doors(runtime, doors, access.clone(), journal.clone(), events.clone(), request.clone());
    let served = match open(doors.clone()) {
        // Nobody has named it: two walls on one machine are no fault.
        Err(ServeError::Address { address, source }) if view == View::Usual && address == USUAL => {
            tracing::warn!(error = %source, %address, "another program has this address: --view names another");
            open(Doors { loopback: None, ..doors })
        }
        served => served,
    };
    announce(&served.context("the wall cannot be served: choose another address")?);
    Ok(())
}

/// How a wall is operated, as a file says.
///
/// # Errors
/// When it cannot be read, or is wrong.
pub fn read_operation(path: &Path) -> Result<Operation> {
    let text = diagnostic::read_text(path).with_context(|| path.display().to_string())?;
    Ok(operation::parse(path, &text)?)
}

/// Takes over what the file of operation says now.
pub fn take_over(access: &Access, control: Control) {
    let before = access.control();
    let stays = |what: &str| tracing::warn!("`{what}` is another one from the next start on");
    if before.listen != control.listen {
        stays("listen");
    }
    if before.tls != control.tls {
        stays("tls");
    }
    if before.osc != control.osc {
        stays("osc");
    }
    access.replace(control);
    tracing::info!("how the wall is operated was taken over");
}

/// The folder of the sockets of walls; none where the system has none for this user.
pub fn runtime_folder() -> Option<PathBuf> {
    let set = std::env::var_os("XDG_RUNTIME_DIR").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let run = Path::new("/run");
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let folder = set.or_else(|| is_root.then(|| run.to_owned()))?;
    Some(folder.join("obzor"))
}

/// The one line that says where to look, and what a tablet points its camera at.
fn announce(served: &Served) {
    let lang = Lang::of_environment();
    if let Some(address) = served.loopback {
        log::announce(&sentence!("served-view", address = address).to(lang));
    }
    if let Some(link) = &served.tablet {
        log::announce(&sentence!("served-tablet", link = link).to(lang));
        if std::io::stdout().is_terminal()
            && let Ok(code) = QrCode::encode_text(link, QrCodeEcc::Low)
        {
            log::announce(&drawn(&code));
        }
    }
}

/// A QR code in half blocks, light on dark: terminals are dark as a rule, and readers take both.
fn drawn(code: &QrCode) -> String {
    let light = |x: i32, y: i32| !code.get_module(x, y);
    let row = |y: i32| {
        let block = |x: i32| match (light(x, y), light(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        (-2..code.size() + 2).map(block).collect::<String>()
    };
    (-2..code.size() + 2).step_by(2).map(row).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_in_the_terminal_with_its_quiet_edge() {
        let code = QrCode::encode_text("https://10.0.0.7:7443/", QrCodeEcc::Low).unwrap();
        let text = drawn(&code);
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows.len(), (code.size() as usize + 4).div_ceil(2));
        assert!(rows.iter().all(|row| row.chars().count() == code.size() as usize + 4));
        assert!(rows[0].chars().all(|c| c == '█'), "the edge is light");
        // The upper left corner of the finder: dark over dark.
        assert_eq!(rows[1].chars().nth(2), Some(' '));
    }
}
