//! Scripted faults and the journal.

use std::time::Duration;

use http::{Method, StatusCode};
use sandbox::{
    Answer,
    fault::{Call, Fault, On, Times, What},
};
use serde_json::{Value, json};

use super::{World, at, request};

fn patched(world: &mut World, key: &str, seconds: i64) -> Answer {
    let body = json!({"authorised_customers": ["C-1"], "registration": "new", "active": false});
    let call = request(&Method::PATCH, &format!("/api/origin/SHOP/user/{key}/"), &world.token, &body);
    world.shop.handle(at(seconds), call)
}

#[test]
fn a_fault_waits_strikes_and_ends() {
    let mut world = World::new();
    let what = What::status(StatusCode::BAD_GATEWAY, "<html>Bad gateway</html>");
    let fault = Fault { on: On::call(Call::UserList), what, after: 1, times: Times::Count(2) };
    world.shop.faults.push(fault);
    let statuses: Vec<u16> = (0..5).map(|_| world.get("/api/origin/SHOP/user/").0.as_u16()).collect();
    assert_eq!(statuses, [200, 502, 502, 200, 200]);
    assert_eq!((world.shop.faults.struck(), world.shop.faults.pending()), (2, 0));
    world.shop.faults.push(Fault::always(On::method(Method::GET).at("/address/"), What::too_many(7)));
    let call = request(&Method::GET, "/api/origin/SHOP/address/", &world.token, &Value::Null);
    let response = world.shop.handle(at(0), call).response().unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["retry-after"]),
        (429, &"7".parse().unwrap())
    );
    assert_eq!(world.get("/api/origin/SHOP/customer/").0, 200);
}

#[test]
fn too_many_may_name_a_date() {
    let mut world = World::new();
    world.shop.faults.push(Fault::once(On::any(), What::too_many_until(at(90))));
    let call = request(&Method::GET, "/api/origin/SHOP/user/", &world.token, &Value::Null);
    let response = world.shop.handle(at(0), call).response().unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["retry-after"]),
        (429, &"Mon, 02 Mar 2026 09:16:30 GMT".parse().unwrap())
    );
}

#[test]
fn faults_differ_in_whether_the_request_is_carried_out() {
    let answer = || What::status(StatusCode::GATEWAY_TIMEOUT, "");
    let What::Answer(time_out) = answer() else { panic!("a status is an answer") };
    for (what, mails) in [
        (answer(), 0),
        (What::AppliedThen(time_out), 1),
        (What::AppliedButAnswerLost, 1),
        (What::AppliedThenHang, 1),
        (What::AppliedLate(Duration::from_mins(1)), 0),
        (What::CloseMidBody(10), 1),
        (What::Padded(1000), 1),
        (What::LastBeforeClosing, 1),
        (What::Slow(Duration::from_secs(1)), 1),
        (What::CloseBeforeAnswer, 0),
        (What::Hang, 0),
        (What::redirect(StatusCode::FOUND, "https://elsewhere.example/"), 0),
    ] {
        let mut world = World::new();
        let key = world.register(1).remove(0);
        world.put_customer("C-1");
        world.shop.faults.push(Fault::once(On::call(Call::UserPatch).at(&key), what.clone()));
        patched(&mut world, &key, 100);
        assert_eq!(world.shop.mails().len(), mails, "{what:?}");
    }
}

#[test]
fn what_is_applied_late_takes_effect_when_its_time_has_come() {
    let mut world = World::new();
    let key = world.register(1).remove(0);
    world.put_customer("C-1");
    world
        .shop
        .faults
        .push(Fault::once(On::call(Call::UserPatch), What::AppliedLate(Duration::from_secs(90))));
    assert!(matches!(patched(&mut world, &key, 100), Answer::Hang));
    for (seconds, mails) in [(189, 0), (190, 1)] {
        world.seconds = seconds;
        world.get("/api/origin/SHOP/user/");
        assert_eq!(world.shop.mails().len(), mails, "after {seconds} s");
    }
    assert_eq!(world.shop.mails()[0].at, at(190));
}

#[test]
fn the_journal_has_every_call_in_order() {
    let mut world = World::new();
    world.get("/api/origin/SHOP/user/?limit=1");
    world.shop.faults.push(Fault::once(On::any(), What::Hang));
    let call = request(&Method::GET, "/api/userprofile/1", &world.token, &Value::Null);
    world.shop.handle(at(0), call);
    world.get("/nowhere");
    let lines: Vec<_> =
        world.shop.journal.lines().map(|line| (line.call, line.target.as_str(), line.status)).collect();
    assert_eq!(
        lines,
        [
            (Call::UserList, "/api/origin/SHOP/user/?limit=1", Some(StatusCode::OK)),
            (Call::Profile, "/api/userprofile/1", None),
            (Call::Other, "/nowhere", Some(StatusCode::NOT_FOUND)),
        ]
    );
    assert_eq!(world.shop.journal.count(Call::UserList), 1);
    world.shop.journal.clear();
    world.shop.journal.limit = 2;
    for _ in 0..3 {
        world.get("/nowhere");
    }
    assert_eq!((world.shop.journal.lines().count(), world.shop.journal.total()), (2, 6));
}

#[test]
fn a_copy_of_the_shop_goes_on_on_its_own() {
    let mut world = World::new();
    let mut copy = world.shop.clone();
    world.register(1);
    assert_eq!((world.shop.users().count(), copy.users().count()), (1, 0));
    let registration = sandbox::Generator::new(5).plain();
    assert_eq!(copy.register(&registration, at(0)), world.shop.users().next().unwrap().key, "the same seed");
}
