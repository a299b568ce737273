//! The wall's socket: whoever is root or the wall's own user operates it as an administrator.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;

use tokio::net::UnixListener;

/// Listens at a path; none, said in the log, where another wall does or the system does not let it.
pub fn bind(path: &Path) -> Option<UnixListener> {
    if path.exists() {
        if UnixStream::connect(path).is_ok() {
            tracing::warn!(socket = %path.display(), "another wall listens there: this one has no socket");
            return None;
        }
        // A wall that was killed has left it.
        let _ = std::fs::remove_file(path);
    }
    let bound = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| {
        let listener = UnixListener::bind(path)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        Ok(listener)
    });
    bound.inspect_err(|error| tracing::warn!(%error, socket = %path.display(), "this wall has no socket")).ok()
}
