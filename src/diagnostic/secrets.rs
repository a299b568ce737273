//! What may be secret in a file is not printed back.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Where a file may hold a secret: the user and the password of an address, what an address says by parameters, the
/// values of keys that name a secret. Each pattern has it in its group `secret`.
static SECRETS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    let pattern = |text: &str| Regex::new(text).unwrap_or_else(|e| panic!("{e}"));
    [
        pattern(r"://(?P<secret>[^/@\s\x22']+)@"),
        pattern(
            r"(?i)[?&][\w.-]*(?:key|token|secret|pass|password|pwd|sig|signature|auth|code)[\w.-]*=(?P<secret>[^&\s\x22'#]+)",
        ),
        pattern(
            r"(?im)\b(?:bearer|password|pass|passwd|secret|token|api_?key|access_?key|authorization|value)\s*=\s*[\x22'](?P<secret>[^\x22'\n]+)[\x22']?",
        ),
    ]
});

/// The places of a text that may hold secrets.
fn secrets(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let found = SECRETS.iter().flat_map(|pattern| pattern.captures_iter(text));
    found.filter_map(|found| found.name("secret")).map(|secret| secret.range())
}

/// A text with a star for each byte of what may be a secret in it: what stands around keeps its place.
pub fn without_secrets(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in secrets(text) {
        bytes[range].fill(b'*');
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// A message without the secrets that a text may hold.
pub fn without_values(text: &str, mut message: String) -> String {
    for range in secrets(text) {
        let secret = &text[range];
        if secret.len() >= 4 && message.contains(secret) {
            message = message.replace(secret, "***");
        }
    }
    without_secrets(&message)
}
