//! Which component answers a path.

use anyhow::{Result, anyhow};

/// The routes of an application; the router is the one that Spin uses, so the same route wins.
pub(crate) struct Routes(routefinder::Router<Target>);

struct Target {
    route: String,
    component: String,
}

/// A path and the route that it fell to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Match<'a> {
    pub component: &'a str,
    /// As the manifest has it.
    pub route: &'a str,
    /// What `/...` stands for, with its slash; empty for an exact route.
    pub rest: String,
    /// The parts that a `:name` of the route stands for.
    pub named: Vec<(String, String)>,
}

impl Routes {
    /// Takes pairs of a route and its component.
    pub fn new<'a>(routes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut finder = routefinder::Router::new();
        for (route, component) in routes {
            let spec = route.strip_suffix('/').unwrap_or(route);
            let spec = spec.strip_suffix("/...").map_or(spec.to_owned(), |prefix| format!("{prefix}/*"));
            let target = Target { route: route.to_owned(), component: component.to_owned() };
            finder.add(spec.as_str(), target).map_err(|error| anyhow!("route `{route}`: {error}"))?;
        }
        Ok(Self(finder))
    }

    /// The component for a path, if any: an exact route before a wildcard, a longer wildcard before a shorter.
    pub fn find(&self, path: &str) -> Option<Match<'_>> {
        let found = self.0.best_match(path)?;
        let captures = found.captures();
        // Spin hands on a slash at the end, which the router drops.
        let rest = captures.wildcard().map_or(String::new(), |rest| {
            let slash = if path.ends_with('/') { "/" } else { "" };
            if rest.is_empty() { slash.to_owned() } else { format!("/{rest}{slash}") }
        });
        let named = captures.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let target = found.handler();
        Some(Match { component: &target.component, route: &target.route, rest, named })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_route_wins() {
        let routes = Routes::new([
            ("/registrations/...", "list"),
            ("/registrations/new/...", "new"),
            ("/registrations/new/form", "form"),
            ("/health", "health"),
            ("/shops/:code/...", "shop"),
            ("/registrations/:origin/:user_key/decision", "decision"),
            ("/", "root"),
            ("/...", "rest"),
        ])
        .unwrap();
        for (path, found) in [
            ("/registrations", Some(("list", ""))),
            ("/registrations/", Some(("list", "/"))),
            ("/registrations/7/decision", Some(("list", "/7/decision"))),
            ("/registrations/SHOP/u%2F1/decision", Some(("decision", ""))),
            ("/registrations/SHOP/u/decision/", Some(("decision", ""))),
            ("/registrations/SHOP/u/decisions", Some(("list", "/SHOP/u/decisions"))),
            ("/registrations/SHOP/u/retry", Some(("list", "/SHOP/u/retry"))),
            ("/registrations/new/x/", Some(("new", "/x/"))),
            ("/registrations/new/form", Some(("form", ""))),
            ("/health", Some(("health", ""))),
            ("/health/x", Some(("rest", "/health/x"))),
            ("/healthy", Some(("rest", "/healthy"))),
            ("/", Some(("root", ""))),
            ("/shops/main/x", Some(("shop", "/x"))),
        ] {
            let matched = routes.find(path);
            let short = matched.as_ref().map(|m| (m.component, m.rest.as_str()));
            assert_eq!(short, found, "{path}");
        }
        assert_eq!(routes.find("/shops/main").unwrap().named, [("code".to_owned(), "main".to_owned())]);
    }
}
