//! From where a request comes: under which name the wall was asked, and by a page of which site.

use std::net::IpAddr;

use axum::http::{HeaderMap, Method, header};

/// Why a request is refused by where it was sent to and from: a foreign name may have been made to lead here (DNS
/// rebinding), and a page of another site may use what its reader may do. `names` are the wall's besides its machine's.
pub fn refusal(method: &Method, headers: &HeaderMap, names: &[String]) -> Option<&'static str> {
    let word = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = word(header::HOST);
    if host.is_some_and(|host| !is_own(host, names)) {
        return Some("this wall is asked by its address, `localhost` or this machine's name");
    }
    let foreign = Some("a page of another site may not ask this wall");
    let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
    if !method.is_safe() && matches!(site, Some(b"cross-site" | b"same-site")) {
        return foreign;
    }
    let origin = word(header::ORIGIN)?;
    let origin = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let own = host.is_some_and(|host| origin.eq_ignore_ascii_case(host));
    if own { None } else { foreign }
}

/// Whether a `Host` is an address, `localhost`, this machine's name, or one that the wall was given: another name may have been made to lead here.
fn is_own(host: &str, names: &[String]) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let name = name.to_ascii_lowercase();
    if name.parse::<IpAddr>().is_ok() || name == "localhost" || names.contains(&name) {
        return true;
    }
    let machine = host_name();
    let short = |name: &str| name.split('.').next().unwrap_or("").to_owned();
    !machine.is_empty() && (name == machine || name == short(&machine) || name == format!("{}.local", short(&machine)))
}

/// This machine's name, in small letters.
pub fn host_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_may_lead_here_from_elsewhere_are_not_ours() {
        for own in ["127.0.0.1", "127.0.0.1:7474", "[::1]:7474", "localhost:7474", "LOCALHOST", "10.0.0.7:80"] {
            assert!(is_own(own, &[]), "{own}");
        }
        for other in ["wall.example", "wall.example:7474", "127.0.0.1.example", "", "localhost.example:7474"] {
            assert!(!is_own(other, &[]), "{other}");
        }
    }

    #[test]
    fn pages_of_other_sites_are_refused_whatever_they_send() {
        let asked = |method: Method, fields: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            fields.iter().for_each(|(name, value)| drop(headers.insert(*name, value.parse().unwrap())));
            refusal(&method, &headers, &["wall.centre.ru".to_owned()]).is_none()
        };
        let own = ("host", "10.0.0.7:7443");
        assert!(asked(Method::POST, &[own]) && asked(Method::POST, &[own, ("origin", "https://10.0.0.7:7443")]));
        assert!(asked(Method::POST, &[own, ("sec-fetch-site", "same-origin")]));
        assert!(!asked(Method::POST, &[own, ("origin", "https://10.0.0.7:7444")]), "another port is another site");
        assert!(!asked(Method::POST, &[own, ("origin", "null")]));
        assert!(!asked(Method::GET, &[own, ("origin", "https://evil.example")]));
        assert!(!asked(Method::POST, &[own, ("sec-fetch-site", "cross-site")]));
        // A link from elsewhere leads here.
        assert!(asked(Method::GET, &[own, ("sec-fetch-site", "cross-site")]));
        assert!(!asked(Method::GET, &[("host", "wall.example")]));
        assert!(asked(Method::GET, &[("host", "Wall.Centre.ru:7443")]), "a name that it was given");
    }
}
