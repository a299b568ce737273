//! Random words, and digests of them.

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

/// `N` random bytes.
///
/// # Errors
/// When the system gives none.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// The system gives no random numbers.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

/// Six decimal digits, each of the million as likely as another.
///
/// # Errors
/// When the system gives no random numbers.
pub fn six_digits() -> Result<String, NoRandomness> {
    loop {
        let number = u32::from_be_bytes(random()?);
        // What is left over of 2^32 above a multiple of a million would make some likelier.
        if number < u32::MAX - u32::MAX % 1_000_000 {
            return Ok(format!("{:06}", number % 1_000_000));
        }
    }
}
