//! What the host says about a request, in headers of its own: their names begin with `spin-`.

use http::HeaderMap;

/// What the host says under a name. It puts its own behind one that the client may have sent.
#[must_use]
pub fn host_header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(name).iter().next_back()?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_own_word_counts_whatever_a_client_says() {
        let mut headers = HeaderMap::new();
        assert_eq!(host_header(&headers, "spin-client-addr"), None);
        for said in ["203.0.113.7:1", "127.0.0.1:2"] {
            headers.append("spin-client-addr", said.parse().unwrap());
        }
        assert_eq!(host_header(&headers, "spin-client-addr"), Some("127.0.0.1:2"));
        headers.append("spin-client-addr", "é".parse().unwrap());
        assert_eq!(host_header(&headers, "spin-client-addr"), None, "and not the one before");
    }
}
