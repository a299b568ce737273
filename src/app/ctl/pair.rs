//! `obzor ctl pair`: a shell elsewhere is let in by the digits that the wall shows.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;

use anyhow::{Context, Result};
use reqwest::{Method, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::json;

use super::client::{KnownWall, WallClient, remember};
use crate::compose::fingerprint_groups;
use crate::digest::sha256_hex;
use crate::language::Lang;
use crate::sentence;

/// Asks for a pairing, reads the digits, and remembers the token; returns the file that it stands in.
///
/// # Errors
/// When the wall does not answer, is not the one that shows the digits, or takes other digits.
pub fn pair(wall: Option<&str>, name: &str, lang: Lang) -> Result<PathBuf> {
    let address = wall.unwrap_or("http://127.0.0.1:7474/");
    let base: Url = address.parse().with_context(|| address.to_owned())?;
    let authority = match base.scheme() {
        "https" => WallClient::of_stranger(base.clone())?.text("authority.pem")?,
        _ => None,
    };
    // From here on only who holds the authority's key is believed, or whom the system trusts.
    let client = WallClient::before_pairing(base.clone(), authority.as_deref())?;
    let begun = client.ask(Method::POST, "api/v1/pairing", Some(&json!({ "name": name })))?;
    if let Some(pem) = &authority {
        println!("{}", sentence!("ctl-pair-compare", digits = fingerprint(pem)?).to(lang));
    }
    print!("{} ", sentence!("ctl-pair-digits").to(lang));
    std::io::stdout().flush()?;
    let mut digits = String::new();
    std::io::stdin().lock().read_line(&mut digits)?;
    let id = begun["id"].as_str().context("the wall began no pairing")?;
    let answer = json!({ "answer": digits.trim(), "tell": true });
    let paired = client.ask(Method::POST, &format!("api/v1/pairing/{id}"), Some(&answer))?;
    let token = paired["token"].as_str().context("the wall gave no token")?.to_owned();
    remember(client.base(), KnownWall { token, authority })
}

/// The SHA-256 of a certificate, as the wall shows it.
fn fingerprint(pem: &str) -> Result<String> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).context("the wall's authority has no certificate")?;
    Ok(fingerprint_groups(&sha256_hex(&der)).join(" "))
}
