//! The parameters of a query: each once, and only those that mean something here.

use std::{collections::HashMap, fmt::Display, str::FromStr};

use http::StatusCode;
use percent_encoding::percent_decode_str;

use crate::{brief::brief, problem::Problem};

/// The parameters of a query, decoded. An empty one is as good as none.
#[derive(Debug)]
pub struct Parameters(HashMap<&'static str, String>);

impl Parameters {
    /// Reads `a=b&c=d`, in which a `+` is a blank.
    ///
    /// # Errors
    /// 400 for a parameter that is not among `names`, comes twice, or is not UTF-8.
    pub fn read(query: Option<&str>, names: &[&'static str]) -> Result<Self, Problem> {
        Self::read_with_lists(query, names, &[])
    }

    /// The same, but those among `lists` may come several times, as a form sends them: with commas between them, they are one.
    ///
    /// # Errors
    /// As [`Parameters::read`].
    pub fn read_with_lists(
        query: Option<&str>,
        names: &[&'static str],
        lists: &[&str],
    ) -> Result<Self, Problem> {
        let mut values = HashMap::<_, String>::new();
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decoded(name).unwrap_or_default();
            let Some(name) = names.iter().find(|known| **known == name) else {
                return Err(bad(brief(&name), format!("expected one of {}", names.join(", "))));
            };
            let value = decoded(value).ok_or_else(|| bad(*name, "is not UTF-8"))?;
            match values.get_mut(name) {
                Some(before) if lists.contains(name) => {
                    before.push(',');
                    before.push_str(&value);
                }
                Some(_) => return Err(bad(*name, "is there twice")),
                None => drop(values.insert(*name, value)),
            }
        }
        Ok(Self(values))
    }

    /// A parameter as text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// A parameter, read.
    ///
    /// # Errors
    /// 400 with its name.
    pub fn parsed<T: FromStr<Err: Display>>(&self, name: &'static str) -> Result<Option<T>, Problem> {
        let parsed = self.text(name).map(str::parse).transpose();
        parsed.map_err(|error: T::Err| bad(name, brief(&error.to_string())))
    }
}

/// What is wrong with a parameter.
pub(crate) fn bad(name: impl Into<String>, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad-parameter", detail).at(name)
}

fn decoded(text: &str) -> Option<String> {
    Some(percent_decode_str(&text.replace('+', " ")).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_or_there_twice_is_refused_by_its_name() {
        let read = |query| Parameters::read(query, &["state", "limit"]);
        let parameters = read(Some("state=a%20b+c&limit=")).unwrap();
        assert_eq!((parameters.text("state"), parameters.text("limit")), (Some("a b c"), None));
        assert_eq!(read(None).unwrap().text("state"), None);
        for (query, want) in
            [("states=a", "states"), ("state=a&state=b", "state"), ("limit=%ff", "limit"), ("x", "x")]
        {
            assert_eq!(read(Some(query)).unwrap_err().field(), Some(want), "{query}");
        }
        let many = read(Some("limit=many")).unwrap().parsed::<u8>("limit").unwrap_err();
        assert_eq!((many.status().as_u16(), many.field()), (400, Some("limit")));
    }
}
