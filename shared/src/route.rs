//! The address of a registration: `/registrations/{origin}/{user_key}`.

use crate::key::{OriginCode, UserKey};

const REGISTRATIONS: &str = "/registrations/";

/// The address as a path.
#[must_use]
pub fn path(origin: &OriginCode, user_key: &UserKey) -> String {
    format!("{REGISTRATIONS}{}/{}", origin.segment(), user_key.segment())
}

/// The registration that a path names; `None` if it names none.
#[must_use]
pub fn named(path: &str) -> Option<(OriginCode, UserKey)> {
    let (origin, user_key) = path.strip_prefix(REGISTRATIONS)?.split_once('/')?;
    // A further slash would be decoded into the key.
    let whole = !user_key.contains('/');
    whole.then_some((OriginCode::of_segment(origin)?, UserKey::of_segment(user_key)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_comes_back_from_its_path_and_other_paths_name_none() {
        let (origin, user_key) = ("A/B".parse().unwrap(), "é %".parse().unwrap());
        assert_eq!(path(&origin, &user_key), "/registrations/A%2FB/%C3%A9%20%25");
        assert_eq!(named(&path(&origin, &user_key)), Some((origin, user_key)));
        for other in [
            "/registrations",
            "/registrations/SHOP",
            "/registrations/SHOP/",
            "/registrations/SHOP/a/b",
            "/registrations/SHOP/%2e%2e",
            "/other/SHOP/a",
        ] {
            assert_eq!(named(other), None, "{other}");
        }
    }
}
