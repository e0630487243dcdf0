//! The identifiers of the shop's objects, each a type of its own, so that a customer key cannot be sent where a user key belongs.
//!
//! What characters a key may have is not documented ("Usage Info" names none); seen are UUIDs, digits, capitals, hyphens and
//! underscores. So a key is taken as it comes, within limits that keep it one segment of a path.

use std::{fmt, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

/// The longest key that is taken, in bytes. The shop's own limit is not documented; its generated keys have 36.
pub const KEY_LIMIT: usize = 128;

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Nothing between the quotes.
    #[error("a key must not be empty")]
    Empty,
    /// Longer than [`KEY_LIMIT`].
    #[error("a key has at most {KEY_LIMIT} bytes")]
    TooLong,
    /// Control characters, blanks at an end, or a path segment with a meaning of its own (`.`, `..`).
    #[error("a key must be plain text without control characters, blanks at its ends, or the names . and ..")]
    NotPlain,
}

fn checked(text: String) -> Result<String, BadKey> {
    match text.as_str() {
        "" => Err(BadKey::Empty),
        long if long.len() > KEY_LIMIT => Err(BadKey::TooLong),
        "." | ".." => Err(BadKey::NotPlain),
        odd if odd.trim() != odd || odd.chars().any(char::is_control) => Err(BadKey::NotPlain),
        _ => Ok(text),
    }
}

macro_rules! key {
    ($(#[doc = $meaning:literal])* $name:ident) => {
        $(#[doc = $meaning])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The key as it is written in JSON.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The key as one segment of a path, percent-encoded.
            #[must_use]
            pub fn segment(&self) -> impl fmt::Display + '_ {
                utf8_percent_encode(&self.0, SEGMENT)
            }

            /// The key that one segment of a path names; `None` if it names none.
            #[must_use]
            pub fn of_segment(segment: &str) -> Option<Self> {
                percent_decode_str(segment).decode_utf8().ok()?.parse().ok()
            }
        }

        impl FromStr for $name {
            type Err = BadKey;

            fn from_str(text: &str) -> Result<Self, BadKey> {
                checked(text.to_owned()).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadKey;

            fn try_from(text: String) -> Result<Self, BadKey> {
                checked(text).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> Self {
                key.0
            }
        }

        #[cfg(feature = "openapi")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                crate::schema::key(concat!($($meaning),*))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

key! {
    /// A user of the shop. CloudSuite generates a UUID for a self-registered one ("New user registration without activation in CloudSuite").
    UserKey
}
key! {
    /// A customer, which CloudSuite also calls party: the import key that the ERP gave it.
    CustomerKey
}
key! {
    /// An address of a customer: the import key that the ERP gave it.
    AddressKey
}
key! {
    /// The namespace of a data source: every other key is addressed inside one.
    OriginCode
}

/// A registration's profile: CloudSuite's own integer, not a key of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProfileId(u64);

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<u64> for ProfileId {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_not_be_one_path_segment_is_no_key() {
        for (given, why) in [
            ("", BadKey::Empty),
            (".", BadKey::NotPlain),
            ("..", BadKey::NotPlain),
            (" C-1", BadKey::NotPlain),
            ("C\n1", BadKey::NotPlain),
            (&"x".repeat(KEY_LIMIT + 1), BadKey::TooLong),
        ] {
            assert_eq!(given.parse::<CustomerKey>(), Err(why), "{given:?}");
        }
    }

    #[test]
    fn a_key_stays_one_segment_whatever_it_holds() {
        for (given, want) in [("C-20417", "C-20417"), ("a/b?c#d", "a%2Fb%3Fc%23d"), ("é %", "%C3%A9%20%25")]
        {
            let key: CustomerKey = given.parse().unwrap();
            assert_eq!(key.segment().to_string(), want);
            assert_eq!(CustomerKey::of_segment(want), Some(key));
        }
    }

    /// Every kind of key takes and refuses the same texts, and comes back from all that it is written to.
    macro_rules! survives {
        ($text:expr, $($key:ident)*) => {$(
            match $text.parse::<$key>() {
                Ok(key) => {
                    let json = serde_json::to_string(&key).unwrap();
                    prop_assert_eq!(&serde_json::from_str::<$key>(&json).unwrap(), &key);
                    prop_assert_eq!(&key.to_string().parse::<$key>().unwrap(), &key);
                    let segment = key.segment().to_string();
                    let plain = |byte| u8::is_ascii_alphanumeric(&byte) || b"-._~%".contains(&byte);
                    prop_assert!(segment.bytes().all(plain) && segment != "." && segment != "..", "{}", segment);
                    prop_assert_eq!($key::of_segment(&segment), Some(key));
                }
                Err(bad) => {
                    prop_assert_eq!(checked($text.to_owned()), Err(bad));
                    prop_assert!(serde_json::from_value::<$key>($text.into()).is_err());
                }
            }
        )*};
    }

    proptest! {
        #[test]
        fn a_key_is_refused_or_survives_json_its_own_text_and_a_path(text in prop_oneof!["\\PC{1,40}", ".{0,80}", "[a-zA-Z0-9./%]{1,4}"]) {
            survives!(text.as_str(), UserKey CustomerKey AddressKey OriginCode);
        }

        #[test]
        fn a_profiles_id_survives_json_and_is_its_digits(id in any::<u64>()) {
            let id = ProfileId::from(id);
            prop_assert_eq!(serde_json::to_string(&id).unwrap(), id.to_string());
            prop_assert_eq!(serde_json::from_str::<ProfileId>(&id.to_string()).unwrap(), id);
        }
    }
}
