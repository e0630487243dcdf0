//! Lists: filters, pages and their envelope, as in the examples of "New user registration without activation in
//! `CloudSuite`" and "Orders GET - json".
//!
//! The envelope is that of Django REST framework, and so is the rest: a filter that does not exist is ignored without a
//! word, and so is a `limit` or an `offset` that is no number.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Request, Response, StatusCode, header::HOST};
use serde_json::{Value, json};

use super::{
    behaviour::{Behaviour, InactiveFilter, Order, OverLimit, UnknownFilter},
    origin::{Activity, Origin},
    route::PartyKind,
    shelf::Place,
    stamp,
    user::User,
};
use crate::answer::json_answer;

/// Filters beyond the documented ones, which the shop compares with the field of the same name.
const EXTRA: [&str; 3] = ["webshop", "role", "language"];

/// The documented ones, and the place in the list.
const FILTERS: [&str; 5] = ["create_date__gte", "inactive", "registration", "limit", "offset"];

/// A list call's query.
pub struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads a query, without the filters that this shop does not have.
    ///
    /// # Errors
    /// The field errors of what this shop does not take.
    pub fn of(request: &Request<Bytes>, behaviour: &Behaviour) -> Result<Self, Value> {
        let query = request.uri().query().unwrap_or_default();
        let mut pairs: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        pairs.retain(|(name, _)| !behaviour.missing_filters.contains(name.as_str()));
        let unknown = pairs
            .iter()
            .find(|(name, _)| !FILTERS.contains(&name.as_str()) && !EXTRA.contains(&name.as_str()));
        if let (Some((name, _)), UnknownFilter::Refused) = (unknown, behaviour.unknown_filter) {
            return Err(json!({ name.as_str(): ["Unknown filter."] }));
        }
        let query = Self { pairs };
        if query.number("limit").is_some_and(|limit| limit > behaviour.max_limit)
            && behaviour.over_limit == OverLimit::Refused
        {
            let problem = format!("Ensure this value is less than or equal to {}.", behaviour.max_limit);
            return Err(json!({ "limit": [problem] }));
        }
        Ok(query)
    }

    /// The value of a parameter; of several the last, as Django does.
    fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.get(name).and_then(|value| value.parse().ok())
    }

    fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            "true" | "True" | "1" => Some(true),
            "false" | "False" | "0" => Some(false),
            _ => None,
        }
    }

    fn since(&self, behaviour: &Behaviour) -> Result<Option<DateTime<Utc>>, Value> {
        let Some(text) = self.get("create_date__gte").filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let zone = behaviour.filter_zone.unwrap_or(behaviour.zone);
        stamp::filter(text, zone, behaviour.date_filter)
            .map(Some)
            .ok_or_else(|| json!({"create_date__gte": ["Enter a valid date/time."]}))
    }

    /// This query with another place in the list.
    fn at(&self, limit: usize, offset: usize) -> String {
        let mut pairs: Vec<(&str, String)> = self
            .pairs
            .iter()
            .filter(|(name, _)| name != "limit" && name != "offset")
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        pairs.push(("limit", limit.to_string()));
        if offset > 0 {
            pairs.push(("offset", offset.to_string()));
        }
        pairs.sort();
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }
}

/// `GET /api/origin/{origin}/user/`
pub fn users(request: &Request<Bytes>, origin: &Origin, behaviour: &Behaviour) -> Response<Bytes> {
    let asked = Query::of(request, behaviour).and_then(|query| Ok((query.since(behaviour)?, query)));
    let (since, query) = match asked {
        Ok(asked) => asked,
        Err(errors) => return json_answer(StatusCode::BAD_REQUEST, &errors),
    };
    let activity = match (behaviour.inactive, query.flag("inactive")) {
        (InactiveFilter::Only, Some(true)) => Activity::Inactive,
        (InactiveFilter::Only, None) | (InactiveFilter::Too, Some(true)) => Activity::Any,
        (InactiveFilter::Only, Some(false)) | (InactiveFilter::Too, Some(false) | None) => Activity::Active,
    };
    let registration = query.get("registration").filter(|value| !value.is_empty());
    let rows = origin.index(registration == Some("new"), activity).since(since);
    let row =
        |id| origin.user_by_id(id).map_or(Value::Null, |user| user.json(behaviour.list_rows, behaviour.zone));
    let extra: Vec<(&str, &str)> =
        EXTRA.iter().filter_map(|name| query.get(name).map(|value| (*name, value))).collect();
    let other = registration.filter(|value| *value != "new");
    if extra.is_empty() && other.is_none() {
        return page(request, &query, rows, row, behaviour);
    }
    let fits = |user: &User| {
        other.is_none_or(|value| user.registration == value)
            && extra.iter().all(|(name, value)| same(user.person.get(*name), value))
    };
    let chosen: Vec<Place> =
        rows.iter().copied().filter(|place| origin.user_by_id(place.1).is_some_and(fits)).collect();
    page(request, &query, &chosen, row, behaviour)
}

/// `GET /api/origin/{origin}/customer/` and `.../address/`
pub fn parties(
    request: &Request<Bytes>,
    origin: &Origin,
    kind: PartyKind,
    behaviour: &Behaviour,
) -> Response<Bytes> {
    let shelf = origin.shelf(kind);
    let asked = Query::of(request, behaviour).and_then(|query| Ok((query.since(behaviour)?, query)));
    match asked {
        Ok((since, query)) => {
            let row =
                |id| shelf.by_id(id).map_or(Value::Null, |stored| super::party::json(stored, behaviour.zone));
            page(request, &query, shelf.order.since(since), row, behaviour)
        }
        Err(errors) => json_answer(StatusCode::BAD_REQUEST, &errors),
    }
}

fn same(field: Option<&Value>, text: &str) -> bool {
    match field {
        Some(Value::String(value)) => value == text,
        Some(value) => text.parse().is_ok_and(|asked: Value| asked == *value),
        None => false,
    }
}

fn page(
    request: &Request<Bytes>,
    query: &Query,
    rows: &[Place],
    row: impl Fn(u64) -> Value,
    behaviour: &Behaviour,
) -> Response<Bytes> {
    let limit = query.number("limit").filter(|limit| *limit > 0).unwrap_or(behaviour.default_limit);
    let limit = limit.min(behaviour.max_limit);
    let offset = query.number("offset").unwrap_or(0);
    let (start, end) = (offset.min(rows.len()), offset.saturating_add(limit).min(rows.len()));
    let results: Vec<Value> = match behaviour.order {
        Order::OldestFirst => rows[start..end].iter().map(|place| row(place.1)).collect(),
        Order::NewestFirst => rows.iter().rev().skip(start).take(end - start).map(|p| row(p.1)).collect(),
        Order::Mixed => {
            let mut mixed: Vec<u64> = rows.iter().map(|place| place.1).collect();
            mixed.sort_by_key(|id| id.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            mixed[start..end].iter().map(|id| row(*id)).collect()
        }
    };
    let link = |offset| {
        let host = behaviour.next_host.clone().unwrap_or_else(|| own_host(request));
        format!("{host}{}?{}", request.uri().path(), query.at(limit, offset))
    };
    let next = (end < rows.len()).then(|| link(end));
    let previous = (offset > 0).then(|| link(offset.saturating_sub(limit)));
    json_answer(
        StatusCode::OK,
        &json!({"count": rows.len(), "next": next, "previous": previous, "results": results}),
    )
}

fn own_host(request: &Request<Bytes>) -> String {
    let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    format!(
        "http://{}",
        named.or_else(|| request.uri().authority().map(http::uri::Authority::as_str)).unwrap_or("localhost")
    )
}
