//! PATCH of a user: the link to customers, and the trigger of the activation mail.
//!
//! "New user registration without activation in `CloudSuite`" triggers the mail with `registration: new` and
//! `active: false`; for a user who is active already the same body is a lock-out.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::{
    LockOut, Mail, Shop, Subject,
    behaviour::{DirectActivation, Link, ListRows, MailTrigger, UnknownCustomer},
    field::FieldErrors,
    origin::Origin,
    reply::{not_found, object},
    route::PartyKind,
    stamp,
    user::User,
};
use crate::{Object, answer::json_answer};

/// The fields of a PATCH that this shop takes; what it does not know it ignores.
#[derive(Debug, Default)]
struct Patch {
    customers: Option<Vec<String>>,
    registration: Option<String>,
    active: Option<bool>,
}

impl Patch {
    fn parse(body: &Object, origin: &Origin, unknown: UnknownCustomer) -> Result<Self, Value> {
        let mut errors = FieldErrors::default();
        let mut patch = Self::default();
        match body.get("authorised_customers") {
            None => {}
            Some(Value::Array(items)) => {
                let mut keys = Vec::new();
                for item in items {
                    match item.as_str() {
                        Some(key) if origin.shelf(PartyKind::Customer).get(key).is_some() => {
                            keys.push(key.to_owned());
                        }
                        Some(key) => match unknown {
                            UnknownCustomer::Refused => errors.add(
                                "authorised_customers",
                                format!("Object with key={key} does not exist."),
                            ),
                            UnknownCustomer::Linked => keys.push(key.to_owned()),
                            UnknownCustomer::Ignored => {}
                        },
                        None => errors.add("authorised_customers", "Not a valid string."),
                    }
                }
                patch.customers = Some(keys);
            }
            Some(_) => errors.add("authorised_customers", "Expected a list of items."),
        }
        match body.get("registration") {
            None => {}
            Some(Value::String(value)) if value == "new" || value.is_empty() => {
                patch.registration = Some(value.clone());
            }
            Some(value) => errors.add("registration", format!("{value} is not a valid choice.")),
        }
        match body.get("active") {
            None => {}
            Some(Value::Bool(active)) => patch.active = Some(*active),
            Some(_) => errors.add("active", "Must be a valid boolean."),
        }
        errors.or(patch)
    }

    fn apply(&self, user: &mut User, link: Link, direct: DirectActivation, after: &str) {
        if let Some(keys) = &self.customers {
            if link == Link::Replace {
                user.authorised_customers.clear();
            }
            for key in keys {
                if !user.authorised_customers.contains(key) {
                    user.authorised_customers.push(key.clone());
                }
            }
        }
        if let Some(registration) = &self.registration {
            user.registration.clone_from(registration);
        }
        match self.active {
            Some(true) if direct == DirectActivation::Activates && !user.active => {
                user.active = true;
                after.clone_into(&mut user.registration);
            }
            Some(false) => user.active = false,
            Some(true) | None => {}
        }
    }
}

fn waits_for_mail(user: &User) -> bool {
    !user.active && user.is_new() && !user.authorised_customers.is_empty()
}

impl Shop {
    /// `PATCH /api/origin/{origin}/user/{key}/`
    pub(super) fn patch_user(
        &mut self,
        now: DateTime<Utc>,
        request: &Request<Bytes>,
        origin: &str,
        key: &str,
    ) -> Response<Bytes> {
        let body = match object(request) {
            Ok(body) => body,
            Err(errors) => return json_answer(StatusCode::BAD_REQUEST, &errors),
        };
        let Some(here) = self.origins.get_mut(origin) else { return not_found() };
        if here.user(key).is_none() {
            return not_found();
        }
        let patch = match Patch::parse(&body, here, self.behaviour.unknown_customer) {
            Ok(patch) => patch,
            Err(errors) => return json_answer(StatusCode::BAD_REQUEST, &errors),
        };
        let Some(mut user) = here.remove(key) else { return not_found() };
        let before = user.clone();
        patch.apply(
            &mut user,
            self.behaviour.link,
            self.behaviour.direct,
            &self.behaviour.registration_after,
        );
        user.modified = Some(stamp::stored(now));
        let answer = user.json(ListRows::Full, self.behaviour.zone);
        here.insert(user.clone());

        if before.active && !user.active {
            self.lock_outs.push(LockOut { origin: origin.to_owned(), user: key.to_owned(), at: now });
        }
        let asked = patch.registration.as_deref() == Some("new") && patch.active == Some(false);
        let triggered = asked && !before.active && waits_for_mail(&user);
        let sent = self.mailed.entry((origin.to_owned(), key.to_owned())).or_default();
        let mail = match self.behaviour.mail {
            MailTrigger::EachWrite => triggered,
            MailTrigger::FirstWrite => triggered && *sent == 0,
            MailTrigger::State => waits_for_mail(&user) && !waits_for_mail(&before),
            MailTrigger::Never => false,
        };
        if mail {
            *sent += 1;
            let (origin, user) = (origin.to_owned(), key.to_owned());
            self.mails.push(Mail { origin, user, at: now, number: *sent });
        }
        let before = json!({"authorised_customers": before.authorised_customers,
                            "registration": before.registration, "active": before.active});
        self.record(now, &Method::PATCH, Subject::User, (origin, key), Value::Object(body), Some(before));
        json_answer(StatusCode::OK, &answer)
    }
}
