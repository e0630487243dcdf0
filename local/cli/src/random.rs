//! Secrets, tokens and ids that nobody can guess.

use anyhow::{Context, Result};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

fn bytes<const COUNT: usize>() -> Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    Ok(bytes)
}

/// A signing secret of Standard Webhooks.
pub fn signing_secret() -> Result<String> {
    Ok(format!("whsec_{}", STANDARD.encode(bytes::<32>()?)))
}

/// A bearer token.
pub fn token() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<24>()?))
}

/// Two numbers of 64 bits.
pub fn numbers() -> Result<[u64; 2]> {
    Ok([u64::from_ne_bytes(bytes()?), u64::from_ne_bytes(bytes()?)])
}

/// The id of a message.
pub fn message_id() -> Result<String> {
    Ok(format!("msg_{}", URL_SAFE_NO_PAD.encode(bytes::<18>()?)))
}
