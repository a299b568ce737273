//! How the wall says who it is. A secret never stands in a site's file: it is named there.

use std::path::PathBuf;

use reqwest::RequestBuilder;
use serde::Deserialize;

/// One way of saying who the wall is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Auth {
    /// `Authorization: Bearer`.
    Bearer(Secret),
    /// `Authorization: Basic`.
    Basic {
        /// The user's name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A header of the backend's own.
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: Secret,
    },
}

/// Where a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Secret {
    /// In an environment variable of this name.
    Env(String),
    /// In a file that holds nothing else; a trailing line break does not count.
    File(PathBuf),
}

impl Secret {
    /// The secret itself.
    ///
    /// # Errors
    /// A sentence that names what is missing.
    pub fn read(&self) -> Result<String, String> {
        match self {
            Self::Env(name) => std::env::var(name).map_err(|_| format!("the environment variable {name} is not set")),
            Self::File(path) => std::fs::read_to_string(path)
                .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
                .map_err(|e| format!("the secret's file {}: {e}", path.display())),
        }
    }
}

impl Auth {
    /// Adds it to a request.
    ///
    /// # Errors
    /// A sentence that names what is missing, and never the secret.
    pub fn sign(&self, request: RequestBuilder) -> Result<RequestBuilder, String> {
        Ok(match self {
            Self::Bearer(secret) => request.bearer_auth(secret.read()?),
            Self::Basic { user, password } => request.basic_auth(user, Some(password.read()?)),
            Self::Header { name, value } => request.header(name, value.read()?),
        })
    }

    /// What is wrong with the secret that it names, if it cannot be read now.
    pub fn absent(&self) -> Option<String> {
        self.secret().read().err()
    }

    /// A text without the secret, should it stand there: a backend may repeat what it was told.
    pub fn redact(&self, text: String) -> String {
        match self.secret().read() {
            Ok(secret) if secret.len() >= 4 => text.replace(&secret, "***"),
            _ => text,
        }
    }

    fn secret(&self) -> &Secret {
        let (Self::Bearer(secret) | Self::Basic { password: secret, .. } | Self::Header { value: secret, .. }) = self;
        secret
    }

    /// Whether it names secrets and holds none: the name of a variable is of letters, digits and underscores.
    pub fn is_named(&self) -> bool {
        match self.secret() {
            Secret::Env(name) => {
                let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                plain && (1..=64).contains(&name.len()) && !name.starts_with(|c: char| c.is_ascii_digit())
            }
            Secret::File(_) => true,
        }
    }

    /// Files that are named relative to a site's file are meant beside it.
    pub fn beside(&mut self, folder: &std::path::Path) {
        let (Self::Bearer(secret) | Self::Basic { password: secret, .. } | Self::Header { value: secret, .. }) = self;
        if let Secret::File(path) = secret {
            *path = folder.join(&path);
        }
    }
}
