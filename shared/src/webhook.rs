//! Signed messages in both directions, by Standard Webhooks 1.0.0 (its symmetric signature, `v1`).

use std::{fmt, str::FromStr};

use base64ct::{Base64, Encoding as _};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The header with the message's id: the same over all repeats of one message.
pub const ID: HeaderName = HeaderName::from_static("webhook-id");
/// The header with the time of the attempt, in whole seconds since 1970.
pub const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
/// The header with one or more signatures, separated by blanks: `v1,` and base64.
pub const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// How far the sender's clock may be from ours, either way. The specification gives no number; implementations use 300 s.
pub const TOLERANCE: TimeDelta = TimeDelta::seconds(300);

/// The longest `webhook-id` that is taken, in bytes: it becomes a key in the ledger.
const ID_LIMIT: usize = 128;

/// A signing key: `whsec_` and base64 of 24 to 64 bytes.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

/// A text that is no signing key. The text itself is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected whsec_ followed by base64 of 24 to 64 random bytes")]
pub struct BadSigningKey;

impl FromStr for SigningKey {
    type Err = BadSigningKey;

    fn from_str(text: &str) -> Result<Self, BadSigningKey> {
        let encoded = text.strip_prefix("whsec_").ok_or(BadSigningKey)?;
        let bytes = Base64::decode_vec(encoded).map_err(|_| BadSigningKey)?;
        (24..=64).contains(&bytes.len()).then_some(Self(bytes)).ok_or(BadSigningKey)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// Over the time as it is written: no other spelling of it passes.
    fn digest(&self, id: &str, timestamp: &str, body: &[u8]) -> [u8; 32] {
        // HMAC takes a key of any length, so `new_from_slice` cannot fail.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The value of the `webhook-signature` header for a message sent at `timestamp` (seconds since 1970).
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        format!("v1,{}", Base64::encode_string(&self.digest(id, &timestamp.to_string(), body)))
    }
}

/// Why a message was not believed. The caller answers 401 for each and does not say which.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unbelieved {
    /// A header is missing or not plain text.
    #[error("the header {0} is missing or unreadable")]
    Header(HeaderName),
    /// The time stamp is further from now than [`TOLERANCE`].
    #[error("the time stamp is more than {} seconds from now", TOLERANCE.num_seconds())]
    Clock,
    /// No signature fits any of our keys.
    #[error("no signature fits")]
    Signature,
}

/// Checks the signature over the raw `body` and returns the message's id.
///
/// Several keys and several signatures allow a change of keys without down time: one match is enough. Versions that are unknown
/// here are skipped.
///
/// # Errors
/// [`Unbelieved`]; nothing in the body may be looked at then.
pub fn verify(
    keys: &[SigningKey],
    headers: &HeaderMap,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<String, Unbelieved> {
    let header = |name: HeaderName| {
        let text = headers.get(&name).and_then(|value| value.to_str().ok()).filter(|text| !text.is_empty());
        text.ok_or(Unbelieved::Header(name))
    };
    let id = header(ID)?;
    if id.len() > ID_LIMIT {
        return Err(Unbelieved::Header(ID));
    }
    let written = header(TIMESTAMP)?;
    let timestamp: i64 = written.parse().map_err(|_| Unbelieved::Header(TIMESTAMP))?;
    let signatures = header(SIGNATURE)?;

    let digests: Vec<_> = keys.iter().map(|key| key.digest(id, written, body)).collect();
    let fits = signatures.split(' ').filter_map(|entry| entry.strip_prefix("v1,")).any(|encoded| {
        let Ok(given) = Base64::decode_vec(encoded) else { return false };
        // Lengths first: a truncated signature must not pass by matching what is there.
        digests
            .iter()
            .any(|digest| digest.len() == given.len() && bool::from(digest.as_slice().ct_eq(&given)))
    });
    if !fits {
        return Err(Unbelieved::Signature);
    }
    // After the signature, so that the answer tells a stranger nothing about our clock.
    if now.timestamp().abs_diff(timestamp) > TOLERANCE.num_seconds().unsigned_abs() {
        return Err(Unbelieved::Clock);
    }
    Ok(id.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";
    const OTHER_KEY: &str = "whsec_YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=";
    const SENT: i64 = 1_772_442_900;
    const BODY: &[u8] = br#"{"type":"customer.approved","timestamp":"2026-03-02T09:15:00Z","data":{"registration":"5b1f0c1e-0000-4000-8000-000000000001","customer":"C-20417"}}"#;
    const SIGNED: &str = "v1,w4zVCCniJFq2tOcZBCPbACObObu3HrSffTVPspYR2DI=";

    fn key(text: &str) -> SigningKey {
        text.parse().unwrap()
    }

    fn headers(id: &str, timestamp: &str, signature: &str) -> HeaderMap {
        let pairs = [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signature)];
        pairs.into_iter().map(|(name, value)| (name, value.parse().unwrap())).collect()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_known_message_has_the_known_signature() {
        assert_eq!(key(KEY).sign("msg_test0001", SENT, BODY), SIGNED);
    }

    #[test]
    fn one_fitting_signature_under_one_of_the_keys_is_enough() {
        for (keys, signature, why) in [
            (vec![KEY], SIGNED.to_owned(), "the plain case"),
            (vec![OTHER_KEY, KEY], SIGNED.to_owned(), "our keys are being changed"),
            (vec![KEY], format!("v1,AAAA {SIGNED}"), "the sender's keys are being changed"),
            (vec![KEY], format!("v1a,c2ln v9,x {SIGNED}"), "other versions are skipped"),
        ] {
            let keys: Vec<_> = keys.into_iter().map(key).collect();
            let headers = headers("msg_test0001", &SENT.to_string(), &signature);
            assert_eq!(verify(&keys, &headers, BODY, at(SENT)).as_deref(), Ok("msg_test0001"), "{why}");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_believed() {
        let sent = SENT.to_string();
        let empty = "v1,";
        for (id, timestamp, signature, now, want, why) in [
            ("", sent.as_str(), SIGNED, SENT, Unbelieved::Header(ID), "no id"),
            ("msg_test0001", "", SIGNED, SENT, Unbelieved::Header(TIMESTAMP), "no time"),
            ("msg_test0001", "soon", SIGNED, SENT, Unbelieved::Header(TIMESTAMP), "no number"),
            ("msg_test0001", &sent, "", SENT, Unbelieved::Header(SIGNATURE), "no signature"),
            ("msg_test0001", &sent, empty, SENT, Unbelieved::Signature, "an empty signature"),
            ("msg_test0001", &sent, &SIGNED[..20], SENT, Unbelieved::Signature, "a truncated signature"),
            ("msg_test0001", &sent, &SIGNED[3..], SENT, Unbelieved::Signature, "no version"),
            ("msg_test0002", &sent, SIGNED, SENT, Unbelieved::Signature, "another id"),
            ("msg_test0001", "1772442901", SIGNED, SENT, Unbelieved::Signature, "another time"),
            (
                "msg_test0001",
                "+1772442900",
                SIGNED,
                SENT,
                Unbelieved::Signature,
                "the same time, spelt otherwise",
            ),
            ("msg_test0001", &sent, SIGNED, SENT + 301, Unbelieved::Clock, "too old"),
            ("msg_test0001", &sent, SIGNED, SENT - 301, Unbelieved::Clock, "from the future"),
        ] {
            assert_eq!(
                verify(&[key(KEY)], &headers(id, timestamp, signature), BODY, at(now)),
                Err(want),
                "{why}"
            );
        }
    }

    #[test]
    fn a_key_is_refused_without_showing_it() {
        for given in ["", "whsec_", "whsec_c2hvcnQ=", "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u", "whsec_***"] {
            assert_eq!(given.parse::<SigningKey>().err(), Some(BadSigningKey), "{given:?}");
        }
        assert_eq!(format!("{:?}", key(KEY)), "SigningKey(…)");
    }

    /// What of a message is changed on the way.
    #[derive(Debug, Clone, Copy)]
    enum Part {
        Id,
        Timestamp,
        Signature,
        Body,
    }

    proptest! {
        #[test]
        fn a_message_of_which_a_byte_is_changed_or_missing_is_not_believed(
            id in "[!-~]{1,128}",
            timestamp in SENT - 300..SENT + 300,
            body in proptest::collection::vec(any::<u8>(), 0..200),
            part in prop::sample::select(vec![Part::Id, Part::Timestamp, Part::Signature, Part::Body]),
            place in any::<prop::sample::Index>(),
            flip in prop_oneof![1 => Just(0_u8), 3 => any::<u8>()],
        ) {
            let key = key(KEY);
            let signature = key.sign(&id, timestamp, &body);
            let mut message = [id.into_bytes(), timestamp.to_string().into_bytes(), signature.into_bytes(), body];
            let believed = |message: &[Vec<u8>; 4]| {
                let [id, timestamp, signature, body] = message;
                let pairs = [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signature)];
                let value = |(name, bytes): (_, &Vec<u8>)| Some((name, http::HeaderValue::from_bytes(bytes).ok()?));
                let headers: Option<HeaderMap> = pairs.into_iter().map(value).collect();
                headers.is_some_and(|headers| verify(std::slice::from_ref(&key), &headers, body, at(SENT)).is_ok())
            };
            prop_assert!(believed(&message), "a message that nobody touched");
            let changed = &mut message[part as usize];
            prop_assume!(!changed.is_empty());
            let place = place.index(changed.len());
            // No flip stands for the rest being cut off.
            if flip == 0 {
                changed.truncate(place);
            } else {
                changed[place] ^= flip;
            }
            prop_assert!(!believed(&message), "{:?} was changed at {}", part, place);
        }
    }
}
