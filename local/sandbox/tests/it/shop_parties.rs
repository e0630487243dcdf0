//! Customers and addresses.

use http::{Method, StatusCode};
use sandbox::shop::Subject;
use serde_json::{Value, json};

use super::{World, at, keys};

fn address() -> Value {
    json!({"key": "C-1-main", "customer": "C-1", "name": "Voorbeeld B.V.", "street": "Dorpsstraat", "house_number": "1",
           "zip": "1234 AB", "city": "Houten", "country": "NL", "invoice": true, "delivery": true})
}

#[test]
fn a_put_creates_and_then_replaces_the_whole_object() {
    let mut world = World::new();
    let target = "/api/origin/SHOP/customer/C-1/";
    let full = json!({"key": "C-1", "code": "1", "name": "Voorbeeld", "vat_numbers": ["NL000000000B00"],
                      "price_lists": ["PL-STD"], "payment_terms": [{"company": "MAIN", "value": "30D"}]});
    let (status, stored) = world.call(&Method::PUT, target, &full);
    assert_eq!((status, &stored["blocked"]), (StatusCode::CREATED, &json!(false)));
    let (status, stored) = world.call(&Method::PUT, target, &json!({"key": "C-1", "name": "Anders"}));
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&stored["vat_numbers"], &stored["code"]),
        (&json!([]), &Value::Null),
        "what was not sent is gone"
    );
    let writes: Vec<bool> = world.shop.writes().iter().map(sandbox::shop::Write::overwrites).collect();
    assert_eq!(writes, [false, true]);
    assert_eq!(world.shop.writes()[1].before.as_ref().unwrap()["name"], "Voorbeeld");
    assert_eq!(world.shop.writes()[1].subject, Subject::Customer);
    let (status, errors) =
        world.call(&Method::POST, "/api/origin/SHOP/customer/", &json!({"key": "C-1", "name": "Nogmaals"}));
    assert_eq!((status, errors["key"].is_array()), (StatusCode::BAD_REQUEST, true));
    let (status, _) =
        world.call(&Method::POST, "/api/origin/SHOP/customer/", &json!({"key": "C-2", "name": "Nieuw"}));
    assert_eq!(status, StatusCode::CREATED);
    let (_, list) = world.get("/api/origin/SHOP/customer/?create_date__gte=2026-03-02T00:00:00&limit=1");
    assert_eq!((keys(&list), &list["count"]), (vec!["C-1".to_owned()], &json!(2)));
    world.shop.behaviour.write_status = Some(StatusCode::ACCEPTED);
    assert_eq!(world.call(&Method::PUT, target, &full).0, 202);
}

#[test]
fn a_customer_is_checked_field_by_field() {
    let mut world = World::new();
    world.shop.behaviour.name_limit = Some(20);
    let long = "x".repeat(21);
    for (body, field) in [
        (json!({"key": "C-1"}), "name"),
        (json!({"key": "C-1", "name": " "}), "name"),
        (json!({"key": "C-1", "name": null}), "name"),
        (json!({"key": "C-1", "name": 7}), "name"),
        (json!({"key": "C-1", "name": long}), "name"),
        (json!({"key": "C-2", "name": "A"}), "key"),
        (json!({"name": "A"}), "key"),
        (json!({"key": "C-1", "name": "A", "vat_numbers": "NL"}), "vat_numbers"),
        (json!({"key": "C-1", "name": "A", "vat_numbers": [1]}), "vat_numbers"),
        (json!({"key": "C-1", "name": "A", "price_lists": ["PL-NONE"]}), "price_lists"),
        (json!({"key": "C-1", "name": "A", "tax_rules": ["21"]}), "tax_rules"),
        (json!({"key": "C-1", "name": "A", "active": "true"}), "active"),
        (json!([]), "non_field_errors"),
    ] {
        let (status, errors) = world.call(&Method::PUT, "/api/origin/SHOP/customer/C-1/", &body);
        assert_eq!((status, errors[field].is_array()), (StatusCode::BAD_REQUEST, true), "{body}: {errors}");
    }
    assert!(world.shop.customer("C-1").is_none() && world.shop.writes().is_empty());
}

#[test]
fn an_address_is_checked_field_by_field() {
    let mut world = World::new();
    let target = "/api/origin/SHOP/address/C-1-main/";
    let (status, errors) = world.call(&Method::PUT, target, &address());
    assert_eq!(
        (status, errors),
        (StatusCode::BAD_REQUEST, json!({"customer": ["Object with key=C-1 does not exist."]}))
    );
    world.put_customer("C-1");
    for (field, wrong) in [
        ("street", json!("")),
        ("zip", Value::Null),
        ("city", json!(1)),
        ("name", json!(" ")),
        ("country", json!("Nederland")),
        ("country", json!("nl")),
        ("delivery", json!("ja")),
        ("house_number", json!(12)),
        ("key", json!("C-1-other")),
    ] {
        let mut body = address();
        body[field] = wrong;
        let (status, errors) = world.call(&Method::PUT, target, &body);
        assert_eq!((status, errors[field].is_array()), (StatusCode::BAD_REQUEST, true), "{body}: {errors}");
    }
    assert_eq!(world.call(&Method::PUT, target, &address()).0, 201);
    let (_, stored) = world.get(target);
    assert_eq!((&stored["default_invoice"], &stored["phone"]), (&json!(false), &Value::Null));
    assert_eq!(world.call(&Method::DELETE, "/api/origin/SHOP/customer/C-1/", &Value::Null).0, 409);
    assert_eq!(world.call(&Method::DELETE, target, &Value::Null).0, 204);
    assert_eq!(world.get(target).0, 404);
    assert_eq!(world.call(&Method::DELETE, "/api/origin/SHOP/customer/C-1/", &Value::Null).0, 204);
}

#[test]
fn a_clerks_own_customer_is_there_for_the_integration() {
    let mut world = World::new();
    let response = world.shop.put_customer("SHOP", &json!({"key": "K-9", "name": "Bestaand"}), at(1));
    assert_eq!(response.status(), 201);
    assert_eq!(world.get("/api/origin/SHOP/customer/K-9/").1["name"], "Bestaand");
    let mut place = address();
    place["customer"] = json!("K-9");
    assert_eq!(world.shop.put_address("SHOP", &place, at(1)).status(), 201);
    assert_eq!(world.shop.addresses().count(), 1);
}
