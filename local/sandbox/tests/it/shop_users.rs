//! Tokens, users, profiles and the activation mail.

use http::{Method, Request, StatusCode};
use sandbox::{
    Generator, Odd, Shop,
    shop::behaviour::{DirectActivation, Link, MailTrigger, ProfileEdit},
};
use serde_json::{Value, json};

use super::{World, at, request, token_request, value};

const FORM: &str =
    "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox-secret&scope=openid";

fn approval() -> Value {
    json!({"authorised_customers": ["C-1"], "registration": "new", "active": false})
}

#[test]
fn a_token_is_given_for_the_form_and_expires() {
    let mut shop = Shop::new(1);
    let response = shop.handle(at(0), token_request(FORM)).response().unwrap();
    let body = value(&response);
    assert_eq!((&body["expires_in"], &body["token_type"]), (&json!(300), &json!("Bearer")));
    let token = body["access_token"].as_str().unwrap();
    let mut read = |seconds, token: &str| {
        let call = request(&Method::GET, "/api/origin/SHOP/user/", token, &Value::Null);
        let response = shop.handle(at(seconds), call).response().unwrap();
        (response.status().as_u16(), value(&response)["detail"].is_string())
    };
    assert_eq!(read(299, token), (200, false));
    assert_eq!(read(300, token), (401, true));
    assert_eq!(read(0, "made-up"), (401, true));
    assert_eq!(shop.tokens_issued(), 1);
    let token = shop.issue_token(at(400));
    shop.revoke_tokens();
    let call = request(&Method::GET, "/api/origin/SHOP/user/", &token, &Value::Null);
    assert_eq!(shop.handle(at(401), call).response().unwrap().status(), 401);
    let bare = Request::get("/api/origin/SHOP/user/").body(bytes::Bytes::new()).unwrap();
    assert_eq!(shop.handle(at(401), bare).response().unwrap().status(), 401);
}

#[test]
fn the_token_endpoint_refuses_in_oauth_form() {
    for (form, status, error) in [
        (FORM.replace("sandbox-secret", "guess"), 401, "invalid_client"),
        (FORM.replace("client_credentials", "password"), 400, "unsupported_grant_type"),
        (FORM.replace("&scope=openid", ""), 400, "invalid_scope"),
    ] {
        let response = Shop::new(1).handle(at(0), token_request(&form)).response().unwrap();
        assert_eq!(
            (response.status().as_u16(), &value(&response)["error"]),
            (status, &json!(error)),
            "{form}"
        );
    }
    let mut json = token_request("{}");
    json.headers_mut().insert("content-type", "application/json".parse().unwrap());
    assert_eq!(Shop::new(1).handle(at(0), json).response().unwrap().status(), 400);
    let mut realm = token_request(FORM);
    *realm.uri_mut() = "/realms/CloudSuite-test/protocol/openid-connect/token".parse().unwrap();
    assert_eq!(Shop::new(1).handle(at(0), realm).response().unwrap().status(), 404);
}

#[test]
fn a_user_and_its_profiles_are_shown_as_documented() {
    let mut world = World::new();
    let registration = Generator::new(3).odd(Odd::TwoProfiles);
    let key = world.register_one(&registration);
    let (_, user) = world.get(&format!("/api/origin/SHOP/user/{key}/"));
    assert_eq!((key.len(), &key[14..15]), (36, "4"), "a UUID of version 4: {key}");
    for field in ["email", "first_name", "last_name", "phone", "gender", "language", "webshop", "role"] {
        assert_eq!(user[field], registration.person[field], "{field}");
    }
    assert_eq!((&user["active"], &user["registration"]), (&json!(false), &json!("new")));
    let profiles = user["user_profiles"].as_array().unwrap().clone();
    assert_eq!(profiles.len(), 2);
    for (id, typed) in profiles.iter().zip(&registration.profiles) {
        let (_, profile) = world.get(&format!("/api/userprofile/{id}"));
        assert_eq!((&profile["id"], &profile["user"]), (id, &user["id"]));
        assert!(typed.iter().all(|(field, value)| profile[field] == *value), "{profile}");
    }
}

#[test]
fn the_link_replaces_or_extends_and_wants_known_customers() {
    let mut world = World::new();
    let key = world.register(1).remove(0);
    let link = |customers: &[&str]| json!({"authorised_customers": customers});
    let (status, errors) = world.patch(&key, &link(&["C-1"]));
    let unknown = json!({"authorised_customers": ["Object with key=C-1 does not exist."]});
    assert_eq!((status, errors), (StatusCode::BAD_REQUEST, unknown));
    world.put_customer("C-1");
    world.put_customer("C-2");
    world.patch(&key, &link(&["C-1"]));
    let (_, user) = world.patch(&key, &link(&["C-2"]));
    assert_eq!(user["authorised_customers"], json!(["C-2"]));
    world.shop.behaviour.link = Link::Extend;
    let (_, user) = world.patch(&key, &link(&["C-1", "C-2"]));
    assert_eq!(user["authorised_customers"], json!(["C-2", "C-1"]));
    assert!(world.shop.mails().is_empty() && !world.shop.user(&key).unwrap().active);
    for wrong in
        [json!({"authorised_customers": "C-1"}), json!({"active": "yes"}), json!({"registration": "done"})]
    {
        let (status, errors) = world.patch(&key, &wrong);
        let field = wrong.as_object().unwrap().keys().next().unwrap();
        assert_eq!((status, errors[field].is_array()), (StatusCode::BAD_REQUEST, true), "{wrong}");
    }
    assert_eq!(world.patch("nobody", &link(&[])).0, 404);
}

#[test]
fn each_trigger_sends_a_mail_and_the_click_activates() {
    let mut world = World::new();
    let key = world.register(1).remove(0);
    world.put_customer("C-1");
    assert!(!world.shop.click(&key, at(100)), "there is no mail yet");
    world.patch(&key, &json!({"registration": "new", "active": false}));
    assert!(world.shop.mails().is_empty(), "nobody to act for: no mail");
    world.patch(&key, &approval());
    world.patch(&key, &approval());
    let numbers: Vec<usize> = world.shop.mails_to(&key).map(|mail| mail.number).collect();
    assert_eq!(numbers, [1, 2], "a mail for each write");
    // The trap of the documentation: who was approved still looks like a new registration.
    assert_eq!(world.get("/api/origin/SHOP/user/?registration=new&inactive=true").1["count"], json!(1));
    assert!(world.shop.click(&key, at(200)));
    let user = world.shop.user(&key).unwrap();
    assert_eq!((user.active, user.registration.as_str()), (true, ""));
    assert_eq!(world.get("/api/origin/SHOP/user/?registration=new").1["count"], json!(0));
}

#[test]
fn the_trigger_locks_an_active_user_out_and_sends_nothing() {
    let mut world = World::new();
    let key = world.register(1).remove(0);
    world.put_customer("C-1");
    world.shop.activate_by_hand(&key, at(100));
    world.patch(&key, &approval());
    assert_eq!(world.shop.lock_outs().len(), 1);
    assert!(!world.shop.user(&key).unwrap().active && world.shop.mails().is_empty());
}

#[test]
fn what_sends_the_mail_and_what_activates_are_switches() {
    let mut world = World::new();
    world.put_customer("C-1");
    let people = world.register(4);
    for (person, trigger, link_alone, whole_twice) in [
        (&people[0], MailTrigger::EachWrite, 0, 2),
        (&people[1], MailTrigger::FirstWrite, 0, 1),
        (&people[2], MailTrigger::State, 1, 1),
        (&people[3], MailTrigger::Never, 0, 0),
    ] {
        world.shop.behaviour.mail = trigger;
        world.patch(person, &json!({"authorised_customers": ["C-1"]}));
        assert_eq!(world.shop.mails_to(person).count(), link_alone, "{trigger:?}");
        world.patch(person, &approval());
        world.patch(person, &approval());
        assert_eq!(world.shop.mails_to(person).count(), whole_twice, "{trigger:?}");
    }
    world.shop.behaviour.direct = DirectActivation::Ignored;
    world.patch(&people[0], &json!({"active": true}));
    assert!(!world.shop.user(&people[0]).unwrap().active);
    world.shop.behaviour.direct = DirectActivation::Activates;
    world.shop.behaviour.registration_after = "done".to_owned();
    let (_, user) = world.patch(&people[0], &json!({"active": true}));
    assert_eq!((&user["active"], &user["registration"]), (&json!(true), &json!("done")));
}

#[test]
fn what_people_and_clerks_change_shows_in_the_dates() {
    let mut world = World::new();
    let key = world.register(1).remove(0);
    let user = |world: &mut World| world.get(&format!("/api/origin/SHOP/user/{key}/"));
    let changes = json!({"city": "Zwolle"}).as_object().unwrap().clone();
    world.shop.behaviour.profile_edit = ProfileEdit::ProfileOnly;
    assert!(world.shop.edit_profile(&key, &changes, at(200)));
    let (_, seen) = user(&mut world);
    assert_eq!(seen["modified_date"], Value::Null);
    let (_, profile) = world.get(&format!("/api/userprofile/{}/", seen["user_profiles"][0]));
    assert_eq!(
        (&profile["city"], &profile["modified_date"]),
        (&json!("Zwolle"), &json!("2026-03-02T10:18:20.000000"))
    );
    world.shop.behaviour.profile_edit = ProfileEdit::TouchesUser;
    world.shop.edit_profile(&key, &changes, at(300));
    assert!(user(&mut world).1["modified_date"].is_string());
    world.shop.edit_user(&key, json!({"email": "new@voorbeeld.example"}).as_object().unwrap(), at(400));
    assert_eq!(user(&mut world).1["email"], "new@voorbeeld.example");
    assert!(world.shop.delete_user(&key));
    assert_eq!(user(&mut world).0, 404);
    assert_eq!(world.get(&format!("/api/userprofile/{}/", seen["user_profiles"][0])).0, 404);
    assert!(!world.shop.delete_user(&key));
}

#[test]
fn the_same_key_in_two_origins_is_two_users() {
    let mut world = World::new();
    let mut registration = Generator::new(1).plain();
    registration.key = Some("U_1".to_owned());
    world.register_one(&registration);
    world.register_one(&registration.with_person("first_name", "Ada").in_origin("SECOND"));
    let (_, first) = world.get("/api/origin/SHOP/user/U_1/");
    let (_, second) = world.get("/api/origin/SECOND/user/U_1/");
    assert_eq!(second["first_name"], "Ada");
    assert_ne!(first["id"], second["id"]);
}
