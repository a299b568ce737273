//! TLS: a certificate of the wall's own authority, made at the first start, or the one of a file.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring::{default_provider, sign::any_supported_type};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::tokens::write_secret;
use crate::digest::sha256_hex;
use crate::operation::TlsFiles;

/// The authority is valid for so many days: as long as a wall hangs.
const AUTHORITY_DAYS: i64 = 3650;
/// A certificate of it is valid for so many days; browsers take none of more than 398.
const CERTIFICATE_DAYS: i64 = 90;
/// After this time the certificate is made anew, or a file read again if it is another one.
const RENEW_EVERY: Duration = Duration::from_secs(86_400);
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file holds no certificate or key.
    #[error("{path}: {what}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A certificate cannot be made.
    #[error("no certificate can be made: {0}")]
    Made(#[from] rcgen::Error),
    /// A certificate cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Tls(#[from] rustls::Error),
}

/// Where the wall's certificates come from.
#[derive(Clone)]
pub enum Certificates {
    /// From the wall's own authority.
    Own(Arc<Authority>),
    /// From a centre's files.
    Files(TlsFiles),
}

/// Who vouches for the wall.
pub struct Authority {
    pem: String,
    fingerprint: String,
    key: KeyPair,
}

impl Authority {
    /// The one in a folder, or a new one that is kept there; without a folder, one for as long as the program runs.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn open(folder: Option<&Path>) -> Result<Self, TlsError> {
        let files = folder.map(|folder| (folder.join("authority.pem"), folder.join("authority.key")));
        let (pem, key) = match &files {
            Some((cert, key)) if cert.exists() && key.exists() => {
                (read(cert)?, KeyPair::from_pem(&read(key)?).map_err(|error| wrong(key, &error))?)
            }
            files => {
                let key = KeyPair::generate()?;
                let pem = authority_params().self_signed(&key)?.pem();
                if let Some((cert, key_file)) = files {
                    let written = |path: &Path, text: &str| {
                        write_secret(path, text.as_bytes())
                            .map_err(|source| TlsError::File { path: path.to_owned(), source })
                    };
                    written(key_file, &key.serialize_pem())?;
                    written(cert, &pem)?;
                }
                (pem, key)
            }
        };
        let path = files.map_or_else(PathBuf::new, |(cert, _)| cert);
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| wrong(&path, &error))?;
        Ok(Self { fingerprint: sha256_hex(&der), pem, key })
    }

    /// Its certificate, in PEM: what a browser is to trust.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The SHA-256 of its certificate, in hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// A certificate for these names and addresses, with its key.
    fn certify(&self, names: &[String]) -> Result<CertifiedKey, TlsError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, "Obzor wall");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        set_validity(&mut params, CERTIFICATE_DAYS);
        let authority = authority_params();
        let cert = params.signed_by(&key, &Issuer::from_params(&authority, &self.key))?;
        let authority = CertificateDer::from_pem_slice(self.pem.as_bytes())
            .map_err(|error| wrong(Path::new("authority.pem"), &error))?;
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        Ok(CertifiedKey::new(vec![cert.der().clone(), authority], any_supported_type(&key)?))
    }
}

/// What an authority is; the same at every start, so that it goes on with its key alone.
fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Obzor wall authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    set_validity(&mut params, AUTHORITY_DAYS);
    params
}

/// Valid from yesterday, since clocks differ, for so many days.
fn set_validity(params: &mut CertificateParams, days: i64) {
    let day = |from_now: i64| {
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let date = today.saturating_add(jiff::Span::new().days(from_now));
        date_time_ymd(i32::from(date.year()), date.month() as u8, date.day() as u8)
    };
    (params.not_before, params.not_after) = (day(-1), day(days));
}

fn read(path: &Path) -> Result<String, TlsError> {
    std::fs::read_to_string(path).map_err(|source| TlsError::File { path: path.to_owned(), source })
}

fn wrong(path: &Path, error: &dyn std::fmt::Display) -> TlsError {
    TlsError::Pem { path: path.to_owned(), what: error.to_string() }
}

/// The certificate of a file.
fn certificate_of(files: &TlsFiles) -> Result<CertifiedKey, TlsError> {
    let (cert, key) = (read(&files.cert)?, read(&files.key)?);
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(cert.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(&files.cert, &error))?;
    if chain.is_empty() {
        return Err(wrong(&files.cert, &"it holds no certificate"));
    }
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| wrong(&files.key, &error))?;
    let certified = CertifiedKey::new(chain, any_supported_type(&key)?);
    certified.keys_match()?;
    Ok(certified)
}

/// The certificate that is shown now.
#[derive(Debug)]
struct Current(ArcSwap<CertifiedKey>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

/// How the wall speaks TLS on an address, under the names it was `given` besides its machine's; its
/// certificate is renewed while it runs.
///
/// # Errors
/// When there is no certificate for it.
pub fn tls(certificates: Certificates, listen: SocketAddr, given: &[String]) -> Result<Arc<ServerConfig>, TlsError> {
    let first = match &certificates {
        Certificates::Files(files) => certificate_of(files)?,
        Certificates::Own(authority) => authority.certify(&names(listen, given))?,
    };
    let current = Arc::new(Current(ArcSwap::from_pointee(first)));
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(current.clone());
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let given = given.to_vec();
    tokio::spawn(async move {
        match certificates {
            Certificates::Files(files) => follow_file(&files, &current).await,
            Certificates::Own(authority) => renew(&authority, listen, &given, &current).await,
        }
    });
    Ok(Arc::new(config))
}

/// Makes the certificate anew each day, and when the machine has got other addresses.
async fn renew(authority: &Authority, listen: SocketAddr, given: &[String], current: &Current) {
    let mut known = (names(listen, given), SystemTime::now());
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let is_old = known.1.elapsed().map_or(true, |age| age >= RENEW_EVERY);
        let names = names(listen, given);
        if names == known.0 && !is_old {
            continue;
        }
        match authority.certify(&names) {
            Ok(certificate) => current.0.store(Arc::new(certificate)),
            Err(error) => tracing::warn!(%error, "the certificate stays as it was"),
        }
        known = (names, SystemTime::now());
    }
}

/// Takes the certificate over when its file is another one.
async fn follow_file(files: &TlsFiles, current: &Current) {
    let mut known = changed(files);
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        match renewed(files, &mut known) {
            Some(Ok(certificate)) => {
                tracing::info!(file = %files.cert.display(), "the certificate was taken over");
                current.0.store(Arc::new(certificate));
            }
            // Of two files one is written first: whoever renews them is done at the next look.
            Some(Err(error)) => tracing::warn!(%error, "the certificate stays as it was"),
            None => {}
        }
    }
}

/// When the files of a certificate and of its key were last changed; none of one that is not there.
type Changed = (Option<SystemTime>, Option<SystemTime>);

fn changed(files: &TlsFiles) -> Changed {
    let of = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    (of(&files.cert), of(&files.key))
}

/// The certificate of files that have changed since they were `known`; none where they have not.
fn renewed(files: &TlsFiles, known: &mut Changed) -> Option<Result<CertifiedKey, TlsError>> {
    let now = changed(files);
    (std::mem::replace(known, now) != now).then(|| certificate_of(files))
}

/// The names and addresses under which the wall is asked on `listen`.
fn names(listen: SocketAddr, given: &[String]) -> Vec<String> {
    let host = super::origin::host_name();
    let mut names: Vec<String> = given.to_vec();
    names.push("localhost".to_owned());
    if !host.is_empty() && host.is_ascii() {
        names.extend([host.clone(), format!("{}.local", host.split('.').next().unwrap_or_default())]);
    }
    let own = addresses(listen);
    names.extend(own.iter().map(ToString::to_string));
    names.dedup();
    names
}

/// The machine's addresses at which `listen` is reached, those of its networks first.
pub fn addresses(listen: SocketAddr) -> Vec<IpAddr> {
    if !listen.ip().is_unspecified() {
        return vec![listen.ip()];
    }
    let mut found: Vec<IpAddr> =
        if_addrs::get_if_addrs().unwrap_or_default().iter().map(if_addrs::Interface::ip).collect();
    // Of an address on one link only nobody can write down which link.
    found.retain(|ip| !matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local()));
    found.sort_by_key(|ip| (ip.is_loopback(), ip.is_ipv6(), *ip));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_stays_the_same_over_restarts() {
        let folder = tempfile::tempdir().unwrap();
        let first = Authority::open(Some(folder.path())).unwrap();
        let second = Authority::open(Some(folder.path())).unwrap();
        assert_eq!((first.fingerprint(), first.pem()), (second.fingerprint(), second.pem()));
        assert_ne!(Authority::open(None).unwrap().fingerprint(), first.fingerprint());
        std::fs::write(folder.path().join("authority.key"), "no key").unwrap();
        assert!(matches!(Authority::open(Some(folder.path())), Err(TlsError::Pem { .. })));
    }

    #[test]
    fn what_it_certifies_is_trusted_under_its_names_by_who_trusts_it() {
        let authority = Authority::open(None).unwrap();
        let certified = authority.certify(&["localhost".to_owned(), "10.0.0.7".to_owned()]).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(default_provider());
        let verifier =
            rustls::client::WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let is_trusted = |name: &str| {
            let now = rustls::pki_types::UnixTime::now();
            let name = name.to_owned().try_into().unwrap();
            rustls::client::danger::ServerCertVerifier::verify_server_cert(
                &*verifier,
                &certified.cert[0],
                &certified.cert[1..],
                &name,
                &[],
                now,
            )
            .is_ok()
        };
        assert!(is_trusted("localhost") && is_trusted("10.0.0.7") && !is_trusted("10.0.0.8"));
    }

    #[test]
    fn a_centres_own_certificate_must_fit_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let files = TlsFiles { cert: folder.path().join("wall.pem"), key: folder.path().join("wall.key") };
        assert!(matches!(certificate_of(&files), Err(TlsError::File { .. })));
        let made = rcgen::generate_simple_self_signed(["wall.example".to_owned()]).unwrap();
        std::fs::write(&files.cert, made.cert.pem()).unwrap();
        std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
        assert!(certificate_of(&files).is_ok());
        std::fs::write(&files.key, KeyPair::generate().unwrap().serialize_pem()).unwrap();
        assert!(matches!(certificate_of(&files), Err(TlsError::Tls(_))));
        // It is taken over when both have changed, and stays as it was in between.
        let mut known = changed(&files);
        assert!(renewed(&files, &mut known).is_none());
        let next = rcgen::generate_simple_self_signed(["wall.example".to_owned()]).unwrap();
        let later = SystemTime::now() + Duration::from_secs(60);
        let write = |path: &Path, text: String| {
            std::fs::write(path, text).unwrap();
            std::fs::File::options().write(true).open(path).unwrap().set_modified(later).unwrap();
        };
        write(&files.cert, next.cert.pem());
        assert!(matches!(renewed(&files, &mut known), Some(Err(TlsError::Tls(_)))));
        write(&files.key, next.signing_key.serialize_pem());
        let taken = renewed(&files, &mut known).unwrap().unwrap();
        assert_eq!(taken.cert[0], *next.cert.der());
        std::fs::write(&files.cert, "no certificate").unwrap();
        assert!(matches!(certificate_of(&files), Err(TlsError::Pem { .. })));
    }
}
