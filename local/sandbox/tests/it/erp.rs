//! The stand-in ERP.

use bytes::Bytes;
use chrono::TimeDelta;
use http::{Request, StatusCode};
use sandbox::{
    Erp,
    erp::{Approval, Decision, Policy, Refusal, Rejection, Secrets, message::message, sign, signed, verify},
};
use serde_json::{Value, json};

use super::{at, value};

const IN: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";
const OUT: &str = "whsec_bm1sa2ppaGdmZWRjYmE5ODc2NTQzMjEw";

fn erp(policy: Policy) -> Erp {
    Erp::new(0, Secrets { incoming: IN.to_owned(), outgoing: OUT.to_owned() }, policy)
        .expect("both secrets are base64")
}

fn data(user: &str, revision: u64) -> Value {
    json!({
        "origin": "SHOP", "user_key": user, "revision": revision, "registered_at": "2026-03-02T10:15:00.000000",
        "time_zone": "Europe/Amsterdam", "person": {"first_name": "Noor"},
        "company": {"name": "Voorbeeld Techniek B.V.", "vat": "NL 000000000 B00", "coc": "00000000"},
        "invoice_address": {"street": "Dorpsstraat", "house_number": "1", "house_number_addition": "a",
                            "zip": "1234 AB", "city": "Houten", "country": "NL"},
        "delivery_address": null, "profiles": [],
    })
}

fn announce(erp: &mut Erp, id: &str, kind: &str, data: &Value, seconds: i64) -> (StatusCode, Value) {
    let body = Bytes::from(message(kind, at(seconds), data).to_string());
    let request = signed(IN, id, at(seconds), &body).expect("the message can be signed");
    let response = erp.handle(at(seconds), request).response().expect("no fault was scripted");
    (response.status(), value(&response))
}

fn created(erp: &mut Erp, user: &str, seconds: i64) -> (StatusCode, Value) {
    announce(erp, &format!("reg_{user}"), "registration.created", &data(user, 1), seconds)
}

fn body(request: &Request<Bytes>) -> Value {
    serde_json::from_slice(request.body()).unwrap_or_default()
}

#[test]
fn the_signature_is_that_of_the_computed_example() {
    let body = br#"{"type":"customer.approved","timestamp":"2026-03-02T09:15:00Z","data":{"registration":"5b1f0c1e-0000-4000-8000-000000000001","customer":"C-20417"}}"#;
    let headers = sign(IN, "msg_test0001", 1_772_442_900, body).unwrap();
    assert_eq!(headers["webhook-signature"], "v1,w4zVCCniJFq2tOcZBCPbACObObu3HrSffTVPspYR2DI=");
    assert_eq!(
        (&headers["webhook-id"], &headers["webhook-timestamp"]),
        (&"msg_test0001".parse().unwrap(), &1_772_442_900.into())
    );
    assert_eq!(verify(IN, at(300), &headers, body).unwrap(), "msg_test0001");
    assert!(matches!(verify(IN, at(301), &headers, body), Err(Refusal::Clock(_))));
    assert!(matches!(verify(IN, at(-301), &headers, body), Err(Refusal::Clock(_))));
    assert!(matches!(verify(OUT, at(0), &headers, body), Err(Refusal::Signature)));
    assert!(matches!(verify(IN, at(0), &headers, &body[1..]), Err(Refusal::Signature)));
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut headers = headers.clone();
        headers.remove(name);
        assert!(matches!(verify(IN, at(0), &headers, body), Err(Refusal::Header(_))), "{name}");
    }
    for (list, good) in [("v1,AAAA {}", true), ("{} v1a,AAAA", true), ("v1,", false), ("", false)] {
        let mut headers = headers.clone();
        let list = list.replace("{}", headers["webhook-signature"].to_str().unwrap());
        headers.insert("webhook-signature", list.parse().unwrap());
        assert_eq!(verify(IN, at(0), &headers, body).is_ok(), good, "{list}");
    }
}

#[test]
fn a_repeat_is_taken_once_and_another_body_is_a_violation() {
    let mut erp = erp(Policy::Manual);
    assert_eq!(created(&mut erp, "u1", 0), (StatusCode::OK, json!({})));
    let again = announce(&mut erp, "reg_u1", "registration.created", &data("u1", 1), 0);
    assert_eq!((again.0, erp.repeats(), erp.received().len()), (StatusCode::OK, 1, 1));
    assert!(erp.violations().is_empty());
    let other = announce(&mut erp, "reg_u1", "registration.created", &data("u1", 2), 0);
    assert_eq!((other.0, erp.violations().len()), (StatusCode::CONFLICT, 1));
    announce(&mut erp, "reg_u1_again", "registration.created", &data("u1", 1), 0);
    announce(&mut erp, "reg_u1_2", "registration.updated", &data("u1", 1), 0);
    announce(&mut erp, "reg_u9_2", "registration.updated", &data("u9", 2), 0);
    assert_eq!(erp.violations().len(), 4, "{:?}", erp.violations());
    let outcome = json!({"origin": "SHOP", "user_key": "u1"});
    announce(&mut erp, "out_1", "registration.activated", &outcome, 0);
    assert_eq!(erp.received_of("registration.activated").count(), 1);
}

#[test]
fn what_is_unsigned_or_malformed_is_refused() {
    let mut erp = erp(Policy::Manual);
    let bare = Request::post("/").body(Bytes::from_static(b"{}")).unwrap();
    assert_eq!(erp.handle(at(0), bare).response().unwrap().status(), 401);
    let wrong = signed(OUT, "reg_1", at(0), &Bytes::from_static(b"{}")).unwrap();
    assert_eq!(erp.handle(at(0), wrong).response().unwrap().status(), 401);
    let shapeless = signed(IN, "reg_1", at(0), &Bytes::from_static(b"{}")).unwrap();
    assert_eq!(erp.handle(at(0), shapeless).response().unwrap().status(), 400);
    let mut lacking = data("u1", 1);
    lacking.as_object_mut().unwrap().remove("profiles");
    assert_eq!(announce(&mut erp, "reg_1", "registration.created", &lacking, 0).0, 422);
    let get = Request::get("/").body(Bytes::new()).unwrap();
    assert_eq!(erp.handle(at(0), get).response().unwrap().status(), 405);
    assert_eq!((erp.received().len(), erp.registrations().count(), erp.violations().len()), (0, 0, 2));
}

#[test]
fn a_decision_comes_due_until_it_is_taken() {
    let mut erp = erp(Policy::ApproveAll);
    created(&mut erp, "u1", 0);
    let first = erp.due(at(0)).remove(0);
    assert_eq!(first.uri(), "/erp-webhook");
    let id = verify(OUT, at(0), first.headers(), first.body()).unwrap().to_owned();
    assert!(erp.due(at(29)).is_empty(), "it is under way");
    erp.answered(&id, Some(503));
    let second = erp.due(at(30)).remove(0);
    assert_eq!(verify(OUT, at(30), second.headers(), second.body()).unwrap(), id);
    assert_eq!(first.body(), second.body());
    assert_ne!(first.headers()["webhook-signature"], second.headers()["webhook-signature"]);
    erp.answered(&id, Some(202));
    assert!(erp.due(at(9999)).is_empty());
    assert_eq!(erp.known_customers, ["C-20417"]);
    let outgoing = erp.outgoing().next().unwrap();
    assert_eq!((outgoing.attempts, outgoing.ended()), (2, true));
    assert_eq!(erp.repeat(at(9999), &id).unwrap().body(), first.body());
    erp.answered(&id, None);
    assert!(erp.due(at(99_999)).is_empty(), "what was taken stays taken");
}

#[test]
fn an_approval_has_the_agreed_form_and_the_announced_data() {
    let mut erp = erp(Policy::Manual);
    created(&mut erp, "u1", 0);
    assert!(erp.due(at(0)).is_empty());
    let request = erp.decide(at(0), "SHOP", "u1", Decision::Approve).unwrap();
    assert_eq!(
        body(&request),
        json!({"type": "customer.approved", "timestamp": "2026-03-02T09:15:00Z", "data": {
            "origin": "SHOP", "user_key": "u1", "revision": 1,
            "customer": {"key": "C-20417", "code": "20417", "name": "Voorbeeld Techniek B.V.",
                         "vat_numbers": ["NL000000000B00"], "price_lists": ["PL-STD"]},
            "addresses": [{"key": "C-20417-1", "name": "Voorbeeld Techniek B.V.", "street": "Dorpsstraat",
                "house_number": "1", "house_number_addition": "a", "zip": "1234 AB", "city": "Houten", "country": "NL",
                "phone": null, "invoice": true, "delivery": true, "default_invoice": true, "default_delivery": true}],
            "existing": false, "activate": true, "mail": true}})
    );
    let again = erp.decide(at(1), "SHOP", "u1", Decision::ApproveWithoutMail).unwrap();
    assert_eq!(body(&again)["data"]["customer"]["key"], "C-20417", "who has a number keeps it");
    assert_ne!(again.headers()["webhook-id"], request.headers()["webhook-id"]);
    let existing = erp.decide(at(2), "SHOP", "u1", Decision::Existing("K-9".to_owned())).unwrap();
    assert_eq!(
        (&body(&existing)["data"]["existing"], &body(&existing)["data"]["addresses"]),
        (&json!(true), &json!([]))
    );
    let rejected = erp.decide(at(3), "SHOP", "u1", Decision::Reject("No".to_owned())).unwrap();
    assert_eq!(
        body(&rejected),
        json!({"type": "registration.rejected", "timestamp": "2026-03-02T09:15:03Z",
               "data": {"origin": "SHOP", "user_key": "u1", "revision": 1, "reason": "No"}})
    );
    assert!(erp.decide(at(4), "SHOP", "nobody", Decision::Approve).is_none());
}

#[test]
fn builders_leave_out_what_is_none() {
    let approval = Approval { mail: None, replace: Some(true), ..Approval::new("SHOP", "u1", "C-1") };
    let data = approval.message(at(0))["data"].clone();
    assert!(data.get("mail").is_none() && data.get("revision").is_none() && data.get("overwrite").is_none());
    assert_eq!((&data["replace"], &data["addresses"]), (&json!(true), &json!([])));
    assert!(Rejection::new("SHOP", "u1", "No").message(at(0))["data"].get("revision").is_none());
    let mut announced = self::data("u1", 3);
    announced["delivery_address"] =
        json!({"name": "Magazijn", "street": "Kade", "zip": "2000", "city": "Antwerpen", "country": "BE"});
    let with_two = Approval::new("SHOP", "u1", "C-1").with_announced(&announced);
    assert_eq!(with_two.addresses.len(), 2);
    assert_eq!(
        (&with_two.addresses[0]["delivery"], &with_two.addresses[1]["name"]),
        (&json!(false), &json!("Magazijn"))
    );
    announced["invoice_address"] = Value::Null;
    assert_eq!(Approval::new("SHOP", "u1", "C-1").with_announced(&announced).addresses.len(), 1);
}

#[test]
fn the_mixed_policy_decides_everything_and_the_same_again() {
    let run = || {
        let mut erp = erp(Policy::Mixed(4));
        erp.thinking = TimeDelta::seconds(600);
        erp.known_customers.push("K-9".to_owned());
        for user in 0..300 {
            created(&mut erp, &format!("u{user}"), 0);
        }
        assert!(erp.due(at(0)).len() < 10, "a clerk thinks first");
        let mut kinds = [0; 4];
        for request in erp.due(at(600)) {
            let message = body(&request);
            let data = &message["data"];
            let kind = match (message["type"].as_str(), data["existing"].as_bool(), data["mail"].as_bool()) {
                (Some("registration.rejected"), ..) => 0,
                (_, Some(true), _) => 1,
                (_, _, Some(false)) => 2,
                _ => 3,
            };
            kinds[kind] += 1;
        }
        kinds
    };
    let kinds = run();
    assert_eq!(kinds, run());
    assert!(kinds[..3].iter().all(|count| *count > 5) && kinds[3] > 150, "{kinds:?}");
}

#[test]
fn a_decision_may_stand_in_the_answer_and_an_update_is_decided_anew() {
    let mut erp = erp(Policy::ApproveAll);
    erp.decide_in_answer = true;
    let (_, answer) = created(&mut erp, "u1", 0);
    assert_eq!(answer["type"], "customer.approved");
    assert_eq!(created(&mut erp, "u1", 0).1, answer, "a repeat gets the same answer");
    assert!(erp.due(at(9999)).is_empty());
    erp.decide_in_answer = false;
    announce(&mut erp, "reg_u1_2", "registration.updated", &data("u1", 2), 60);
    let second = body(&erp.due(at(60))[0]);
    assert_eq!(
        (&second["data"]["revision"], &second["data"]["customer"]["key"]),
        (&json!(2), &json!("C-20417"))
    );
}
