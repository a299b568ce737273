//! Random words.

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

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
