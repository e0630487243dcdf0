//! Signed messages, before anything in them is believed.

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue};
use shared::webhook::{ID, SIGNATURE, SigningKey, TIMESTAMP, verify};

use crate::line;

/// When the messages of the corpus were sent.
const NOW: i64 = 1_772_442_900;

fn keys() -> [SigningKey; 2] {
    ["whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u", "whsec_YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI="]
        .map(|text| text.parse().expect("the keys are well-formed"))
}

fn headers(id: &[u8], timestamp: &[u8], signature: &[u8]) -> Option<HeaderMap> {
    let pairs = [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signature)];
    let value = |(name, bytes)| Some((name, HeaderValue::from_bytes(bytes).ok()?));
    pairs.into_iter().map(value).collect()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::UNIX_EPOCH)
}

/// `webhook-id`, `webhook-timestamp` and `webhook-signature`, a line each, and the body: as it stands, and signed by us.
///
/// # Panics
/// If somebody without the key is believed, or somebody with it is not.
pub fn webhook(data: &[u8]) {
    let (id, rest) = line(data);
    let (timestamp, rest) = line(rest);
    let (signature, body) = line(rest);
    as_it_stands(id, timestamp, signature, body);
    signed_by_us(id, body);
}

/// Whatever is believed carries exactly the signature that the key makes.
fn as_it_stands(id: &[u8], timestamp: &[u8], signature: &[u8], body: &[u8]) {
    let [key, other] = keys();
    let Some(headers) = headers(id, timestamp, signature) else { return };
    let sent: Option<i64> = str::from_utf8(timestamp).ok().and_then(|text| text.parse().ok());
    for now in [NOW, sent.unwrap_or(0)] {
        let Ok(believed) = verify(std::slice::from_ref(&key), &headers, body, at(now)) else { continue };
        assert_eq!(believed.as_bytes(), id);
        assert!((1..=128).contains(&id.len()), "an id that is no key of the ledger");
        let sent = sent.expect("who is believed has said when");
        assert_eq!(timestamp, sent.to_string().as_bytes(), "the time was changed after it was signed");
        assert!(sent.abs_diff(now) <= 300, "an old message is no news");
        let ours = key.sign(&believed, sent, body);
        let theirs = str::from_utf8(signature).expect("who is believed has plain headers");
        assert!(theirs.split(' ').any(|one| one == ours), "{theirs} passes for {ours}");
        assert!(verify(std::slice::from_ref(&other), &headers, body, at(now)).is_err(), "the wrong key fits");
        assert!(verify(&[], &headers, body, at(now)).is_err(), "no key fits");
    }
}

/// A message that is signed is believed, and one of which anything was changed on the way is not.
fn signed_by_us(id: &[u8], body: &[u8]) {
    let [key, other] = keys();
    let Ok(name) = str::from_utf8(id) else { return };
    let signature = key.sign(name, NOW, body);
    let timestamp = NOW.to_string();
    let believed = |keys: &[SigningKey], id: &[u8], timestamp: &[u8], signature: &[u8], body: &[u8]| {
        headers(id, timestamp, signature).is_some_and(|headers| verify(keys, &headers, body, at(NOW)).is_ok())
    };
    let plain = id.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) && (1..=128).contains(&id.len());
    assert_eq!(
        believed(&[other.clone(), key.clone()], id, timestamp.as_bytes(), signature.as_bytes(), body),
        plain,
        "{name:?}"
    );
    assert!(!believed(&[other], id, timestamp.as_bytes(), signature.as_bytes(), body), "the wrong key fits");
    // One bit, at a place that the input itself chooses.
    let place = body.iter().fold(id.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let flipped = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let at = place % bytes.len().max(1);
        bytes.get_mut(at).map(|byte| *byte ^= 1 << (place % 7))?;
        Some(bytes)
    };
    let key = [key];
    for changed in [
        flipped(id).map(|id| believed(&key, &id, timestamp.as_bytes(), signature.as_bytes(), body)),
        flipped(timestamp.as_bytes()).map(|time| believed(&key, id, &time, signature.as_bytes(), body)),
        flipped(signature.as_bytes()).map(|sign| believed(&key, id, timestamp.as_bytes(), &sign, body)),
        flipped(body).map(|body| believed(&key, id, timestamp.as_bytes(), signature.as_bytes(), &body)),
        body.split_last()
            .map(|(_, body)| believed(&key, id, timestamp.as_bytes(), signature.as_bytes(), body)),
    ] {
        assert_ne!(changed, Some(true), "a changed message is believed");
    }
}
