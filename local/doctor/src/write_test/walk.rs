//! The writes, one after the other, from the least to the one that cannot be taken back.

use chrono::{DateTime, Utc};
use http::Method;
use serde_json::{Value, json};
use shared::{
    key::{AddressKey, CustomerKey, OriginCode, UserKey},
    settings::{ShopSettings, Slash},
    shop::Path,
    time::ShopTime,
};

use super::{LinkRule, NoTest, Prompt, Reply, SeenDirect, SeenUnknown, Tried, Write, Written};
use crate::{
    caller::{Caller, Trouble},
    judge::time::{Zone, zone},
    probe::NOBODY,
};

struct Walk<'a> {
    caller: &'a Caller<'a>,
    shop: &'a ShopSettings,
    origin: &'a OriginCode,
    user: &'a UserKey,
    ask: &'a mut dyn FnMut(&Prompt<'_>) -> Reply,
    written: Written,
}

/// Makes them.
///
/// # Errors
/// [`NoTest`]: the user is not one to try this on.
pub(super) async fn walk(
    caller: &Caller<'_>,
    shop: &ShopSettings,
    (origin, user): (&OriginCode, &UserKey),
    shop_now: &dyn Fn() -> DateTime<Utc>,
    ask: &mut dyn FnMut(&Prompt<'_>) -> Reply,
) -> Result<Written, NoTest> {
    let mut walk = Walk { caller, shop, origin, user, ask, written: Written::default() };
    let before = walk.read().await.map_err(NoTest::NoUser)?;
    match (before["active"].as_bool(), before["registration"].as_str(), customers(&before)) {
        (Some(true), _, _) => return Err(NoTest::NotFresh("active")),
        (None, _, _) => return Err(NoTest::NotFresh("not shown to be inactive")),
        (_, registration, _) if registration != Some("new") => return Err(NoTest::NotFresh("not new")),
        (_, _, customers) if !customers.is_empty() => return Err(NoTest::NotFresh("linked")),
        _ => {}
    }
    let stamp = shop_now().format("%Y%m%d%H%M%S");
    let [first, second] = ["a", "b"].map(|end| format!("doctor-{stamp}-{end}"));
    walk.link_nobody().await;
    walk.make_parties(&first, &second).await;
    walk.link(&first, &second, shop_now).await;
    walk.mail().await;
    walk.activate(&before).await;
    Ok(walk.written)
}

impl Walk<'_> {
    async fn read(&self) -> Result<Value, Trouble> {
        self.caller.get(&Path::User(self.origin, self.user).spelt(&Method::GET, self.shop.slash)).await
    }

    /// Makes a write, if the person wants it.
    async fn write(&mut self, why: &str, method: Method, path: &str, body: Value) -> Option<Tried> {
        let address = format!("{}{path}", self.shop.host);
        let write = Write { why, method: &method, address, body: &body };
        if (self.ask)(&Prompt::Write(write)) != Reply::Yes {
            return None;
        }
        self.written.writes += 1;
        Some(self.caller.call(method, path, Some(&body)).await.map(drop))
    }

    async fn patch(&mut self, why: &str, body: Value) -> Option<Tried> {
        let path = Path::User(self.origin, self.user).spelt(&Method::PATCH, self.shop.slash);
        self.write(why, Method::PATCH, &path, body).await
    }

    fn heard(&mut self, after: &str) -> Option<bool> {
        match (self.ask)(&Prompt::Mail { after }) {
            Reply::Yes => Some(true),
            Reply::No => Some(false),
            Reply::Unknown => None,
        }
    }

    async fn link_nobody(&mut self) {
        let body = json!({"authorised_customers": [NOBODY]});
        let Some(tried) =
            self.patch("what a link to a customer does that the shop does not have", body).await
        else {
            return;
        };
        let linked = self.read().await.is_ok_and(|user| customers(&user).iter().any(|key| key == NOBODY));
        if linked {
            let undone =
                self.patch("to take that link away again", json!({"authorised_customers": []})).await;
            if !matches!(undone, Some(Ok(()))) {
                self.written.left.push(format!("user {}, linked to {NOBODY}", self.user));
            }
        }
        self.written.unknown_customer = Some(SeenUnknown { tried, linked });
    }

    async fn make_parties(&mut self, first: &str, second: &str) {
        let alone =
            self.put_customer("whether a customer needs more than its key", json!({"key": first})).await;
        let whole = |key: &str| json!({"key": key, "code": key, "name": "Doctor Test", "active": true});
        let made = match &alone {
            None => None,
            Some(Ok(())) => Some(Ok(())),
            Some(Err(_)) => self.put_customer("to make that customer", whole(first)).await,
        };
        self.written.customer_alone = alone;
        if matches!(made, Some(Ok(()))) {
            self.written.left.push(format!("customer {first}"));
            let slash = if self.shop.slash == Slash::Never { "" } else { "/" };
            let path = format!("/api/origin/{}/customer{slash}", self.origin.segment());
            let why = "how the shop refuses a customer that is there already";
            self.written.again = self.write(why, Method::POST, &path, whole(first)).await;
            self.make_address(first).await;
        }
        self.written.customer = made;
        if matches!(self.put_customer("to have a second customer to link", whole(second)).await, Some(Ok(())))
        {
            self.written.left.push(format!("customer {second}"));
        }
    }

    async fn put_customer(&mut self, why: &str, body: Value) -> Option<Tried> {
        let key: CustomerKey = body["key"].as_str()?.parse().ok()?;
        let path = Path::Customer(self.origin, &key).spelt(&Method::PUT, self.shop.slash);
        self.write(why, Method::PUT, &path, body).await
    }

    async fn make_address(&mut self, customer: &str) {
        let name = format!("{customer}-1");
        let Ok(key) = name.parse::<AddressKey>() else { return };
        let path = Path::Address(self.origin, &key).spelt(&Method::PUT, self.shop.slash);
        let body = json!({"key": name, "customer": customer});
        let why = "whether an address needs more than its key and its customer";
        let alone = self.write(why, Method::PUT, &path, body).await;
        let made = match &alone {
            None => None,
            Some(Ok(())) => Some(Ok(())),
            Some(Err(_)) => {
                let body = json!({"key": name, "customer": customer, "name": "Doctor Test", "active": true,
                    "street": "Dorpsstraat", "house_number": "1", "zip": "1234AB", "city": "Houten", "country": "NL",
                    "invoice": true, "delivery": true, "default_invoice": true, "default_delivery": true});
                self.write("to make that address", Method::PUT, &path, body).await
            }
        };
        if matches!(made, Some(Ok(()))) {
            self.written.left.push(format!("address {name}"));
        }
        self.written.address_alone = alone;
        self.written.address = made;
    }

    async fn link(&mut self, first: &str, second: &str, shop_now: &dyn Fn() -> DateTime<Utc>) {
        let body = json!({"authorised_customers": [first]});
        self.written.link = self.patch("whether the link alone sends a mail", body).await;
        if !matches!(self.written.link, Some(Ok(()))) {
            return;
        }
        let Ok(user) = self.read().await else { return };
        self.written.left.push(format!("user {}, linked", self.user));
        let modified = user["modified_date"].as_str().and_then(|text| text.parse::<ShopTime>().ok());
        self.written.zone_fits = modified
            .map(|modified| matches!(zone(Some(modified), shop_now(), self.shop.zone), Zone::Fits(_)));
        self.written.mail_after_link = self.heard("the link alone");
        let body = json!({"authorised_customers": [second]});
        if !matches!(self.patch("whether another link replaces the first", body).await, Some(Ok(()))) {
            return;
        }
        let Ok(user) = self.read().await else { return };
        let shown = customers(&user);
        let has = |key: &str| shown.iter().any(|shown| shown == key);
        self.written.linked = Some(match (has(first), has(second)) {
            (false, true) => LinkRule::Replaces,
            (true, true) => LinkRule::Extends,
            (_, false) => LinkRule::Neither,
        });
        let path = Path::User(self.origin, self.user).spelt(&Method::PATCH, Slash::Documented);
        let why = "whether the PATCH may be written as documented, in upper case and without a slash";
        self.written.spelt =
            self.write(why, Method::PATCH, &path, json!({"authorised_customers": shown})).await;
    }

    async fn mail(&mut self) {
        let Ok(user) = self.read().await else { return };
        // The trigger would lock out whoever is active by now.
        if user["active"].as_bool() != Some(false) {
            return;
        }
        let body = json!({"authorised_customers": customers(&user), "registration": "new", "active": false});
        let why = "whether this sends the activation mail (do not follow its link yet)";
        self.written.trigger = self.patch(why, body.clone()).await;
        if !matches!(self.written.trigger, Some(Ok(()))) {
            return;
        }
        self.written.mail_after_trigger = self.heard("link and trigger");
        let still = self.read().await.is_ok_and(|user| user["active"].as_bool() == Some(false));
        if still
            && matches!(self.patch("whether the same again sends another mail", body).await, Some(Ok(())))
        {
            self.written.mail_after_repeat = self.heard("the same again");
        }
    }

    async fn activate(&mut self, before: &Value) {
        let body = json!({"active": true});
        self.written.activation = self.patch("whether this activates the user, without a mail", body).await;
        if !matches!(self.written.activation, Some(Ok(()))) {
            return;
        }
        let Ok(user) = self.read().await else { return };
        let active = user["active"].as_bool() == Some(true);
        let registration = user["registration"].as_str().unwrap_or("(absent)").chars().take(40).collect();
        if active {
            self.written.left.push(format!("user {}, active", self.user));
        }
        self.written.direct = Some(SeenDirect { active, registration });
        self.written.mail_after_direct = self.heard("active: true");
        self.written.role_kept =
            before.get("role").zip(user.get("role")).map(|(before, after)| before == after);
    }
}

fn customers(user: &Value) -> Vec<String> {
    let keys = user["authorised_customers"].as_array().into_iter().flatten();
    keys.filter_map(|key| key.as_str().map(str::to_owned)).collect()
}
