//! Tokens: who may operate the wall from elsewhere. The wall keeps their digests only, in a file that is replaced whole.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::secret::{NoRandomness, random};
use crate::conductor::{Principal, Role};
use crate::digest::{hex, sha256_hex};

/// So many tokens are valid at once.
const MAX_TOKENS: usize = 200;
/// The longest name of a token, in characters.
const MAX_NAME: usize = 60;

/// What is known of a token, as it is told: nobody can operate the wall with that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenView {
    /// What it is revoked by.
    pub id: String,
    /// Whose it is: it stands in the journal.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was given, in seconds since 1970.
    pub created_secs: i64,
    /// When it ends, in seconds since 1970.
    pub expires_secs: i64,
    /// When it was last used, in seconds since 1970; none since the program began.
    #[serde(default)]
    pub used_secs: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Token {
    #[serde(flatten)]
    view: TokenView,
    sha256: String,
}

/// Why a token is not given.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A name that is none, or that of a door or a part of the program.
    #[error("a token has a name of 1 to {MAX_NAME} characters, and not that of a part of the program")]
    Name,
    /// There are too many.
    #[error("{MAX_TOKENS} tokens are valid: revoke one first")]
    TooMany,
    /// The file cannot be written.
    #[error("the tokens cannot be written: {0}")]
    File(#[from] std::io::Error),
    /// No secret can be made.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

/// Whoever is called so in the journal is no token.
const RESERVED: [&str; 10] =
    ["loopback", "socket", "keyboard", "start", "file", "run-sheet", "clock", "pairing", "schedule", "alarm"];

/// Judges the name of a token.
///
/// # Errors
/// When it is none, or would pass for somebody else's.
pub fn check_name(name: &str) -> Result<(), TokenError> {
    let is_reserved = RESERVED.contains(&name.to_lowercase().as_str()) || name.to_lowercase().starts_with("osc");
    let is_name = (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if is_name && !is_reserved { Ok(()) } else { Err(TokenError::Name) }
}

/// A token that is to be given, and all that are valid with it.
pub struct Draft {
    tokens: Vec<Token>,
    /// The secret, which is told once.
    pub secret: String,
    /// What is known of it.
    pub view: TokenView,
}

/// The tokens of a wall.
#[derive(Debug, Default)]
pub struct Tokens {
    tokens: Vec<Token>,
    file: Option<PathBuf>,
}

impl Tokens {
    /// Those of a file; none where there is no such file yet. Without a file they are kept in memory.
    ///
    /// # Errors
    /// When the file cannot be read: nobody who had a token is let in then.
    pub fn open(file: Option<PathBuf>) -> std::io::Result<Self> {
        let tokens = match &file {
            Some(path) if path.exists() => serde_json::from_slice(&std::fs::read(path)?)?,
            _ => Vec::new(),
        };
        Ok(Self { tokens, file })
    }

    /// A token that ends at `expires_secs`; it is valid once it is written and installed.
    ///
    /// # Errors
    /// When the name is none, or there are too many.
    pub fn draft(&self, name: &str, role: Role, now_secs: i64, expires_secs: i64) -> Result<Draft, TokenError> {
        let name = name.trim();
        check_name(name)?;
        let mut tokens: Vec<Token> =
            self.tokens.iter().filter(|token| token.view.expires_secs > now_secs).cloned().collect();
        if tokens.len() >= MAX_TOKENS {
            return Err(TokenError::TooMany);
        }
        let (secret, id) = (hex(&random::<32>()?), hex(&random::<8>()?));
        let view = TokenView { id, name: name.to_owned(), role, created_secs: now_secs, expires_secs, used_secs: None };
        tokens.push(Token { view: view.clone(), sha256: sha256_hex(secret.as_bytes()) });
        Ok(Draft { tokens, secret, view })
    }

    /// The file as it is to be with a draft, or as it is without one; none where tokens are in memory.
    pub fn written(&self, draft: Option<&Draft>) -> Option<(PathBuf, Vec<u8>)> {
        let tokens = draft.map_or(&self.tokens, |draft| &draft.tokens);
        Some((self.file.clone()?, serde_json::to_vec_pretty(tokens).unwrap_or_default()))
    }

    /// Takes a draft over.
    pub fn install(&mut self, draft: Draft) {
        self.tokens = draft.tokens;
    }

    /// Whose a secret is, and the second when it ends; none where no valid token has it.
    pub fn principal(&mut self, secret: &str, now_secs: i64) -> Option<(Principal, i64)> {
        // Digests are compared: how long that takes tells nothing of a secret.
        let digest = sha256_hex(secret.as_bytes());
        let token =
            self.tokens.iter_mut().find(|token| token.sha256 == digest && token.view.expires_secs > now_secs)?;
        token.view.used_secs = Some(now_secs);
        Some((Principal::new(token.view.name.clone(), token.view.role), token.view.expires_secs))
    }

    /// The valid tokens.
    pub fn list(&self, now_secs: i64) -> Vec<TokenView> {
        self.tokens.iter().map(|token| token.view.clone()).filter(|view| view.expires_secs > now_secs).collect()
    }

    /// Takes a token back; returns it, none where there is no such token. The file is to be written then.
    pub fn revoke(&mut self, id: &str) -> Option<TokenView> {
        let at = self.tokens.iter().position(|token| token.view.id == id)?;
        Some(self.tokens.remove(at).view)
    }
}

/// Replaces a file whole; only the owner can read it.
///
/// # Errors
/// When the system does not let it.
pub fn write_secret(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let new = file.with_extension("new");
    // One that a crash has left must not lend its permissions.
    let _ = std::fs::remove_file(&new);
    let mut written = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    written.write_all(bytes)?;
    written.sync_all()?;
    std::fs::rename(&new, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn give(
        tokens: &mut Tokens,
        name: &str,
        role: Role,
        now: i64,
        until: i64,
    ) -> Result<(String, TokenView), TokenError> {
        let draft = tokens.draft(name, role, now, until)?;
        if let Some((file, bytes)) = tokens.written(Some(&draft)) {
            write_secret(&file, &bytes)?;
        }
        let given = (draft.secret.clone(), draft.view.clone());
        tokens.install(draft);
        Ok(given)
    }

    #[test]
    fn a_token_is_valid_until_it_ends_or_is_taken_back_and_over_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("access/tokens.json");
        let mut tokens = Tokens::open(Some(file.clone())).unwrap();
        let (secret, view) = give(&mut tokens, "Пульт", Role::Operator, 100, 200).unwrap();
        assert_eq!(secret.len(), 64);
        let kept = std::fs::read_to_string(&file).unwrap();
        assert!(!kept.contains(&secret) && kept.contains("Пульт"), "{kept}");
        let mut tokens = Tokens::open(Some(file.clone())).unwrap();
        let who = Some((Principal::new("Пульт", Role::Operator), 200));
        assert_eq!(tokens.principal(&secret, 199), who);
        assert_eq!(tokens.principal(&secret, 200), None);
        assert_eq!(tokens.principal(&view.id, 150), None);
        assert_eq!(tokens.principal("", 150), None);
        assert_eq!(tokens.list(150)[0].used_secs, Some(199));
        assert!(tokens.revoke("other").is_none());
        assert_eq!(tokens.revoke(&view.id).unwrap().name, "Пульт");
        assert_eq!(tokens.principal(&secret, 150), None);
        let (file, bytes) = tokens.written(None).unwrap();
        write_secret(&file, &bytes).unwrap();
        assert!(Tokens::open(Some(file)).unwrap().list(150).is_empty());
    }

    #[test]
    fn names_are_names_and_there_is_an_end_to_tokens() {
        let mut tokens = Tokens::open(None).unwrap();
        for name in ["", "  ", "a\nb", &"я".repeat(61), "socket", "Loopback", "osc 10.0.0.7"] {
            assert!(matches!(give(&mut tokens, name, Role::Viewer, 0, 10), Err(TokenError::Name)), "{name:?}");
        }
        (0..MAX_TOKENS).for_each(|_| drop(give(&mut tokens, "a", Role::Viewer, 0, 10).unwrap()));
        assert!(matches!(give(&mut tokens, "a", Role::Viewer, 0, 10), Err(TokenError::TooMany)));
        assert!(give(&mut tokens, "a", Role::Viewer, 10, 20).is_ok(), "those that have ended take no place");
    }

    #[test]
    fn others_cannot_read_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens.json");
        std::fs::write(file.with_extension("new"), "left by a crash").unwrap();
        give(&mut Tokens::open(Some(file.clone())).unwrap(), "a", Role::Admin, 0, 10).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
