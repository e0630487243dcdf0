//! Addresses of our own pages.

use shared::{
    key::{OriginCode, UserKey},
    route,
};

/// Where the page of a registration is: the API's own address, under the console.
pub fn of(origin: &OriginCode, user_key: &UserKey) -> String {
    format!("/console{}", route::path(origin, user_key))
}

/// An address to go to, if it is one of ours; else the first page. A browser takes `//` and `/\` for another host.
pub fn local(given: Option<&str>) -> &str {
    let ours = |address: &str| {
        let mut characters = address.chars();
        characters.next() == Some('/')
            && !matches!(characters.next(), Some('/' | '\\'))
            && address.chars().all(|character| character.is_ascii_graphic() && character != '\\')
    };
    given.filter(|address| ours(address)).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_our_own_pages_only() {
        for (given, want) in [
            (Some("/console/runs?notice=ran"), "/console/runs?notice=ran"),
            (Some("/"), "/"),
            (None, "/"),
            (Some(""), "/"),
            (Some("//evil.example"), "/"),
            (Some("/\\evil.example"), "/"),
            (Some("https://evil.example"), "/"),
            (Some("/\tx"), "/"),
            (Some("/a\r\nset-cookie: x"), "/"),
        ] {
            assert_eq!(local(given), want, "{given:?}");
        }
    }
}
