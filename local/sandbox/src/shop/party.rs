//! Customers and addresses: PUT replaces the whole object or creates it, POST only creates ("Usage Info").

use std::collections::BTreeSet;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::{
    Shop,
    behaviour::Behaviour,
    field::Form,
    origin::Origin,
    reply::{found, method_not_allowed, not_found, object},
    route::PartyKind,
    shelf::Stored,
    stamp,
};
use crate::{
    Object,
    answer::{detail, json_answer},
};

pub fn json(stored: &Stored, zone: Tz) -> Value {
    let mut body = stored.body.clone();
    body.insert("id".to_owned(), json!(stored.id));
    body.insert("create_date".to_owned(), stamp::written(stored.created, zone));
    body.insert("modified_date".to_owned(), stamp::written_or_null(stored.modified, zone));
    Value::Object(body)
}

fn customer(body: &Object, known: &BTreeSet<String>) -> Result<Object, Value> {
    let mut form = Form::new(body);
    form.mandatory("key");
    form.mandatory("name");
    form.text("code");
    form.flag("active", true);
    form.flag("blocked", false);
    form.texts("vat_numbers", None);
    form.texts("price_lists", Some(known));
    for field in ["languages", "payment_terms", "tax_rules"] {
        form.per_company(field);
    }
    form.errors.or(form.stored)
}

fn address(body: &Object, origin: &Origin) -> Result<Object, Value> {
    let mut form = Form::new(body);
    for field in ["key", "name", "street", "zip", "city"] {
        form.mandatory(field);
    }
    for field in ["house_number", "house_number_addition", "phone"] {
        form.text(field);
    }
    if let Some(country) = form.mandatory("country")
        && !(country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase()))
    {
        form.errors.add("country", format!("\"{country}\" is not a valid choice."));
    }
    if let Some(customer) = form.mandatory("customer")
        && origin.shelf(PartyKind::Customer).get(customer).is_none()
    {
        form.unknown("customer", customer);
    }
    form.flag("active", true);
    for field in ["delivery", "invoice", "default_delivery", "default_invoice"] {
        form.flag(field, false);
    }
    form.errors.or(form.stored)
}

/// What the shop would store of this body, or the field errors.
pub fn check(
    kind: PartyKind,
    body: &Object,
    origin: &Origin,
    price_lists: &BTreeSet<String>,
    behaviour: &Behaviour,
) -> Result<Object, Value> {
    let stored = match kind {
        PartyKind::Customer => customer(body, price_lists),
        PartyKind::Address => address(body, origin),
    }?;
    let length = stored.get("name").and_then(Value::as_str).map_or(0, |name| name.chars().count());
    match behaviour.name_limit {
        Some(limit) if length > limit => {
            Err(json!({"name": [format!("Ensure this field has no more than {limit} characters.")]}))
        }
        _ => Ok(stored),
    }
}

impl Shop {
    /// One customer or address, by key.
    pub(super) fn party(
        &mut self,
        now: DateTime<Utc>,
        request: &Request<Bytes>,
        kind: PartyKind,
        origin: &str,
        key: &str,
    ) -> Response<Bytes> {
        let Some(here) = self.origins.get(origin) else { return not_found() };
        match *request.method() {
            Method::GET => found(here.shelf(kind).get(key).map(|stored| json(stored, self.behaviour.zone))),
            Method::PUT => match object(request) {
                Ok(body) => self.write_party(now, request.method(), kind, (origin, key), &body),
                Err(errors) => json_answer(StatusCode::BAD_REQUEST, &errors),
            },
            Method::DELETE => self.delete_party(now, kind, origin, key),
            _ => method_not_allowed(request, "GET, PUT, DELETE"),
        }
    }

    /// The collection: a list, or one more.
    pub(super) fn parties(
        &mut self,
        now: DateTime<Utc>,
        request: &Request<Bytes>,
        kind: PartyKind,
        origin: &str,
    ) -> Response<Bytes> {
        let Some(here) = self.origins.get(origin) else { return not_found() };
        match *request.method() {
            Method::GET => super::list::parties(request, here, kind, &self.behaviour),
            Method::POST => match object(request) {
                Ok(body) => {
                    let key = body.get("key").and_then(Value::as_str).unwrap_or_default().to_owned();
                    if here.shelf(kind).get(&key).is_some() {
                        let error = json!({"key": ["An object with this key already exists."]});
                        return json_answer(StatusCode::BAD_REQUEST, &error);
                    }
                    self.write_party(now, request.method(), kind, (origin, &key), &body)
                }
                Err(errors) => json_answer(StatusCode::BAD_REQUEST, &errors),
            },
            _ => method_not_allowed(request, "GET, POST"),
        }
    }

    pub(super) fn write_party(
        &mut self,
        now: DateTime<Utc>,
        method: &Method,
        kind: PartyKind,
        (origin, key): (&str, &str),
        body: &Object,
    ) -> Response<Bytes> {
        let new_id = self.next_id();
        let Some(here) = self.origins.get_mut(origin) else { return not_found() };
        let stored = match check(kind, body, here, &self.price_lists, &self.behaviour) {
            Ok(stored) if stored.get("key").and_then(Value::as_str) == Some(key) => stored,
            Ok(_) => {
                let error = json!({"key": ["The key differs from the one in the URL."]});
                return json_answer(StatusCode::BAD_REQUEST, &error);
            }
            Err(errors) => return json_answer(StatusCode::BAD_REQUEST, &errors),
        };
        let objects = here.shelf_mut(kind);
        let before = objects.put(key, stored, stamp::stored(now), new_id);
        let answer = objects.get(key).map_or(Value::Null, |stored| json(stored, self.behaviour.zone));
        let status = if before.is_none() { StatusCode::CREATED } else { StatusCode::OK };
        self.record(
            now,
            method,
            kind.into(),
            (origin, key),
            Value::Object(body.clone()),
            before.map(Value::Object),
        );
        json_answer(self.behaviour.write_status.unwrap_or(status), &answer)
    }

    fn delete_party(
        &mut self,
        now: DateTime<Utc>,
        kind: PartyKind,
        origin: &str,
        key: &str,
    ) -> Response<Bytes> {
        let Some(here) = self.origins.get_mut(origin) else { return not_found() };
        let of_customer = |(_, address): (_, &Stored)| address.body.get("customer") == Some(&json!(key));
        let used = kind == PartyKind::Customer
            && (here.shelf(PartyKind::Address).iter().any(of_customer)
                || here.users().any(|user| user.authorised_customers.iter().any(|customer| customer == key)));
        if used {
            return detail(StatusCode::CONFLICT, "The customer still has addresses or users.");
        }
        let Some(before) = here.shelf_mut(kind).remove(key) else { return not_found() };
        let before = Some(Value::Object(before));
        self.record(now, &Method::DELETE, kind.into(), (origin, key), Value::Null, before);
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
    }
}
