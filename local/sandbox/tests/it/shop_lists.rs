//! Lists of the shop: pages, filters, times, paths.

use chrono_tz::Tz;
use http::{Method, StatusCode};
use sandbox::{
    Generator,
    shop::behaviour::{DateFilter, InactiveFilter, ListRows, Order, PathCase, SlashRule},
};
use serde_json::{Value, json};

use super::{World, at, keys, request};

const NEW: &str = "/api/origin/SHOP/user/?registration=new&inactive=true";

#[test]
fn pages_lead_from_next_to_next_and_show_each_user_once_in_order() {
    let mut world = World::new();
    let people = world.register(25);
    let mut target = format!("{NEW}&limit=10");
    let mut seen = Vec::new();
    for (page, (next, previous)) in [(true, false), (true, true), (false, true)].into_iter().enumerate() {
        let (status, list) = world.get(&target);
        assert_eq!((status, &list["count"]), (StatusCode::OK, &json!(25)));
        assert_eq!((list["next"].is_string(), list["previous"].is_string()), (next, previous), "page {page}");
        seen.extend(keys(&list));
        if let Some(next) = list["next"].as_str() {
            let rest = next.strip_prefix("https://test.cloudsuite.io").expect("the older host");
            assert!(rest.contains("registration=new") && rest.contains("inactive=true"), "{rest}");
            rest.clone_into(&mut target);
        }
    }
    assert_eq!(seen, people);
}

#[test]
fn a_limit_has_a_default_and_a_largest_value_and_nonsense_is_ignored() {
    let mut world = World::new();
    world.register(30);
    world.shop.behaviour.default_limit = 7;
    world.shop.behaviour.max_limit = 20;
    for (query, rows) in [
        ("", 7),
        ("&limit=5", 5),
        ("&limit=1000", 20),
        ("&limit=0", 7),
        ("&limit=x", 7),
        ("&offset=28", 2),
        ("&offset=99", 0),
        ("&offset=-1", 7),
    ] {
        let (_, list) = world.get(&format!("{NEW}{query}"));
        assert_eq!((keys(&list).len(), &list["count"]), (rows, &json!(30)), "{query}");
    }
}

#[test]
fn filters_choose_and_unknown_ones_are_ignored() {
    let mut world = World::new();
    let people = world.register(4);
    world.shop.activate_by_hand(&people[0], at(300));
    world.put_customer("C-1");
    world.shop.link_by_hand(&people[1], "C-1", at(300));
    let second_shop = Generator::new(9).plain().with_person("webshop", 2);
    let other = world.register_one(&second_shop);
    let mut by_erp = Generator::new(10).plain();
    (by_erp.active, by_erp.registration, by_erp.key) = (false, "erp".to_owned(), Some("ERP_7".to_owned()));
    let by_erp = world.register_one(&by_erp);

    let all = vec![&people[0], &people[1], &people[2], &people[3], &other, &by_erp];
    for (query, want) in [
        ("", all.clone()),
        ("?inactive=true", all[1..].to_vec()),
        ("?inactive=false", all[..1].to_vec()),
        ("?registration=new", all[1..5].to_vec()),
        ("?registration=new&inactive=true", all[1..5].to_vec()),
        ("?registration=erp", all[5..].to_vec()),
        ("?webshop=2", all[4..5].to_vec()),
        ("?webshop=2&registration=erp", vec![]),
        ("?regstration=new&email=x&modified_date__gte=2030-01-01", all.clone()),
        ("?inactive=maybe", all.clone()),
    ] {
        let (_, list) = world.get(&format!("/api/origin/SHOP/user/{query}"));
        assert_eq!(keys(&list).iter().collect::<Vec<_>>(), want, "{query}");
    }
    world.shop.behaviour.inactive = InactiveFilter::Too;
    let (_, list) = world.get("/api/origin/SHOP/user/?inactive=true");
    assert_eq!(list["count"], json!(6));
    let (_, list) = world.get("/api/origin/SHOP/user/");
    assert_eq!(keys(&list), [people[0].clone()]);
}

#[test]
fn create_date_is_compared_in_the_shops_zone() {
    let mut world = World::new();
    let people = world.register(3);
    // The second one came at 09:17 UTC, which the shop writes as 10:17.
    let (_, list) = world.get(NEW);
    assert_eq!(list["results"][1]["create_date"], "2026-03-02T10:17:00.000000");
    assert_eq!(list["results"][1]["modified_date"], Value::Null);
    for (since, rows) in [
        ("2026-03-02T10:17:00", 2),
        ("2026-03-02T10:17:00.000001", 1),
        ("2026-03-02%2010:17:00", 2),
        ("2026-03-02T09:17:00Z", 2),
        ("2026-03-02", 3),
        ("2026-03-03", 0),
    ] {
        let (_, list) = world.get(&format!("/api/origin/SHOP/user/?create_date__gte={since}&inactive=true"));
        assert_eq!(keys(&list), people[3 - rows..], "{since}");
    }
    let (status, errors) = world.get("/api/origin/SHOP/user/?create_date__gte=yesterday");
    assert_eq!(
        (status, errors),
        (StatusCode::BAD_REQUEST, json!({"create_date__gte": ["Enter a valid date/time."]}))
    );

    world.shop.behaviour.date_filter = DateFilter::DateOnly;
    let (_, list) = world.get("/api/origin/SHOP/user/?create_date__gte=2026-03-02T23:00:00");
    assert_eq!(list["count"], json!(3));
    world.shop.behaviour.zone = Tz::UTC;
    let (_, list) = world.get(NEW);
    assert_eq!(list["results"][1]["create_date"], "2026-03-02T09:17:00.000000");
}

#[test]
fn the_hour_that_comes_twice_is_written_twice() {
    let mut world = World::new();
    // 25 October 2026, 00:30 and 01:30 UTC are both 02:30 in the shop.
    let mut generator = Generator::new(1);
    for instant in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
        world.shop.register(&generator.plain(), instant.parse().unwrap());
    }
    let (_, list) = world.get("/api/origin/SHOP/user/?create_date__gte=2026-10-25T02:30:00");
    assert_eq!(list["count"], json!(2));
    assert_eq!(list["results"][0]["create_date"], list["results"][1]["create_date"]);
    // The hour that is skipped in March is no error either.
    let (status, _) = world.get("/api/origin/SHOP/user/?create_date__gte=2026-03-29T02:30:00");
    assert_eq!(status, StatusCode::OK);
}

#[test]
fn order_rows_and_host_of_next_are_switches() {
    let mut world = World::new();
    let mut people = world.register(3);
    people.reverse();
    world.shop.behaviour.order = Order::NewestFirst;
    world.shop.behaviour.list_rows = ListRows::Short;
    world.shop.behaviour.next_host = None;
    let (_, list) = world.get(&format!("{NEW}&limit=2"));
    assert_eq!(keys(&list), people[..2]);
    assert!(list["results"][0].get("authorised_customers").is_none());
    assert!(list["results"][0]["user_profiles"].is_array());
    assert!(list["next"].as_str().unwrap().starts_with("http://localhost/api/origin/SHOP/user/?"));
    let (_, user) = world.get(&format!("/api/origin/SHOP/user/{}/", people[0]));
    assert_eq!(user["authorised_customers"], json!([]));
}

#[test]
fn paths_with_and_without_slash_in_both_cases_and_of_unknown_origins() {
    let mut world = World::new();
    let key = world.register(1).remove(0);
    let user = format!("/api/origin/SHOP/user/{key}");
    for (target, want) in [
        (user.clone(), 200),
        (format!("{user}/"), 200),
        (user.replace("/api", "/API"), 200),
        (user.replace("/api", ""), 404),
        (user.replace("/user", "/USER"), 404),
        (user.replace("SHOP", "OTHER"), 404),
        (user.replace("SHOP", "SH%4FP"), 200),
        ("/api/origin/OTHER/user/".to_owned(), 404),
        ("/api/origin/OTHER/customer/".to_owned(), 404),
        ("/api/userprofile/1".to_owned(), 404),
        ("/api/userprofile/x/".to_owned(), 404),
        ("/".to_owned(), 404),
    ] {
        assert_eq!(world.get(&target).0, want, "{target}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        assert_eq!(world.call(&method, &user, &json!({})).0, 405, "{method}");
    }
    world.shop.behaviour.case = PathCase::LowerOnly;
    assert_eq!(world.get(&user.replace("/api", "/API")).0, 404);
    world.shop.behaviour.slash = SlashRule::Redirect;
    for method in [Method::GET, Method::PATCH] {
        let call = request(&method, &format!("{user}?x=1"), &world.token, &json!({"active": true}));
        let response = world.shop.handle(at(1), call).response().unwrap();
        assert_eq!(response.status(), 301);
        assert_eq!(response.headers()["location"], format!("{user}/?x=1"));
    }
    assert!(!world.shop.user(&key).unwrap().active);
}
