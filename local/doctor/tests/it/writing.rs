//! The write test: what it finds out, what it leaves, and on whom it refuses to work.

use std::{cell::RefCell, time::Duration};

use chrono_tz::Tz;
use doctor::{Mark, NoTest, Prompt, Reply, State, World, WriteReport, write_test};
use http::StatusCode;
use sandbox::{
    fault::{Call, Fault, On, What},
    serve::Served,
    shop::{
        Behaviour, Shop,
        behaviour::{DirectActivation, Link, MailTrigger, PathCase, SlashRule, UnknownCustomer},
    },
};
use shared::settings::{ShopSettings, TickSettings};

use crate::stage::{expect, new_id, noon, served, settings, shop, values};

/// The user who registered last.
fn fresh(shop: &Shop) -> String {
    shop.users().filter(|user| !user.active).max_by_key(|user| user.created).unwrap().key.clone()
}

async fn test(
    served: &Served<Shop>,
    set: &[(&'static str, &str)],
    user: &str,
    ask: &mut dyn FnMut(&Prompt<'_>) -> Reply,
) -> Result<WriteReport, NoTest> {
    let mut values = values(&served.url());
    values.extend(set.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let settings = settings(&values);
    let (shop, tick) =
        (settings.read(ShopSettings::read).unwrap(), settings.read(TickSettings::read).unwrap());
    let world = World { now: &noon, id: &new_id, progress: &|_| {} };
    let (origin, user) = ("SHOP".parse().unwrap(), user.parse().unwrap());
    write_test(&shop, &tick, (&origin, &user), Duration::from_secs(5), &world, ask).await
}

/// Says yes to every write, and looks into the shop's mails as a person looks into the mailbox.
fn attentive<'a>(served: &'a Served<Shop>, user: &'a str) -> impl FnMut(&Prompt<'_>) -> Reply + 'a {
    let mut seen = 0;
    move |prompt| match prompt {
        Prompt::Write(_) => Reply::Yes,
        Prompt::Mail { .. } => {
            let mails = served.lock().mails_to(user).count();
            let came = mails > std::mem::replace(&mut seen, mails);
            if came { Reply::Yes } else { Reply::No }
        }
    }
}

type Change = fn(&mut Behaviour);
type Case = (
    &'static str,
    Change,
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, Mark, &'static str)],
);

const CASES: &[Case] = &[
    (
        "the likeliest shop",
        |_| {},
        &[],
        &[
            ("write.mail", Mark::Ok, "the same again too"),
            (
                "write.direct",
                Mark::Ok,
                "active: true activates, and sends no mail; registration is \"\" then",
            ),
            ("write.link", Mark::Ok, "replaces"),
            (
                "write.unknown_customer",
                Mark::Ok,
                "refused (400 Bad Request, with JSON that names authorised_customers)",
            ),
            ("write.fields", Mark::Note, "a customer: 400 Bad Request, with JSON that names name, and taken"),
            (
                "write.fields",
                Mark::Note,
                "an address: 400 Bad Request, with JSON that names city, country, name, street, zip, and taken",
            ),
            ("write.duplicate", Mark::Ok, "400 Bad Request, with JSON that names key"),
            ("write.spelling", Mark::Ok, "taken"),
            ("write.zone", Mark::Ok, "Europe/Amsterdam"),
            ("write.role", Mark::Ok, "stays as it was"),
        ],
    ),
    (
        "mails only once",
        |shop| shop.mail = MailTrigger::FirstWrite,
        &[],
        &[("write.mail", Mark::Ok, "the same again none")],
    ),
    (
        "mails by the state",
        |shop| shop.mail = MailTrigger::State,
        &[],
        &[("write.mail", Mark::Warning, "the ERP must not count on silence")],
    ),
    (
        "never mails",
        |shop| shop.mail = MailTrigger::Never,
        &[],
        &[("write.mail", Mark::Warning, "let the ERP send mail: false")],
    ),
    (
        "ignores active: true",
        |shop| shop.direct = DirectActivation::Ignored,
        &[],
        &[("write.direct", Mark::Warning, "must not send mail: false")],
    ),
    (
        "extends links",
        |shop| shop.link = Link::Extend,
        &[],
        &[("write.link", Mark::Note, "replace: true cannot take a customer away")],
    ),
    (
        "links to nobody",
        |shop| shop.unknown_customer = UnknownCustomer::Linked,
        &[],
        &[("write.unknown_customer", Mark::Note, "linked all the same")],
    ),
    (
        "leaves nobody out",
        |shop| shop.unknown_customer = UnknownCustomer::Ignored,
        &[],
        &[("write.unknown_customer", Mark::Note, "left out without a word")],
    ),
    (
        "keeps a word",
        |shop| "done".clone_into(&mut shop.registration_after),
        &[],
        &[("write.direct", Mark::Ok, "registration is \"done\" then")],
    ),
    (
        "redirects without a slash",
        |shop| shop.slash = SlashRule::Redirect,
        &[],
        &[("write.spelling", Mark::Ok, "redirected to"), ("write.link", Mark::Ok, "replaces")],
    ),
    (
        "takes no upper case",
        |shop| shop.case = PathCase::LowerOnly,
        &[],
        &[("write.spelling", Mark::Ok, "404 Not Found")],
    ),
    (
        "writes UTC",
        |shop| shop.zone = Tz::UTC,
        &[],
        &[("write.zone", Mark::Wrong, "SPIN_VARIABLE_SHOP_TIME_ZONE")],
    ),
    (
        "writes UTC, as is set",
        |shop| shop.zone = Tz::UTC,
        &[("shop_time_zone", "UTC")],
        &[("write.zone", Mark::Ok, "UTC")],
    ),
    (
        "takes short names only",
        |shop| shop.name_limit = Some(5),
        &[],
        &[("write.fields", Mark::Wrong, "let the ERP send the fields")],
    ),
];

#[tokio::test]
async fn each_behaviour_that_only_a_write_shows_has_its_advice() {
    for (name, change, set, wanted) in CASES {
        println!("{name}");
        let mut behaviour = Behaviour::default();
        change(&mut behaviour);
        let shop = shop(behaviour);
        let user = fresh(&shop);
        let served = served(shop).await;
        let report = test(&served, set, &user, &mut attentive(&served, &user)).await.unwrap();
        for (id, mark, words) in *wanted {
            expect(&report.findings, id, *mark, words);
        }
        let shop = served.lock();
        assert!(shop.lock_outs().is_empty(), "{name}: somebody is locked out");
        assert!(
            shop.writes().iter().all(|write| write.key == user || write.key.starts_with("doctor-")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn every_question_but_the_vendors_own_is_answered_and_what_is_left_is_told() {
    let shop = shop(Behaviour::default());
    let user = fresh(&shop);
    let served = served(shop).await;
    let report = test(&served, &[], &user, &mut attentive(&served, &user)).await.unwrap();
    let open: Vec<_> = report.questions.iter().filter(|question| question.state != State::Answered).collect();
    let numbers: Vec<_> = open.iter().map(|question| question.number).collect();
    assert_eq!(numbers, [3, 5, 6, 7, 9, 10, 12, 15], "{open:#?}");
    assert!(open.iter().all(|question| question.state == State::Partly), "something is known of each");
    let shop = served.lock();
    assert_eq!(report.writes, 13);
    let left = report.left.join(", ");
    for key in shop.customers().chain(shop.addresses()).map(|(key, _)| key).filter(|key| *key != "C-1") {
        assert!(left.contains(key.as_str()), "{key} is not told: {left}");
    }
    assert!(left.contains(&format!("user {user}, active")), "{left}");
}

#[tokio::test]
async fn whoever_declines_changes_nothing() {
    let shop = shop(Behaviour::default());
    let user = fresh(&shop);
    let served = served(shop).await;
    let asked = RefCell::new(Vec::new());
    let mut decline = |prompt: &Prompt<'_>| {
        if let Prompt::Write(write) = prompt {
            asked.borrow_mut().push(format!("{} {} {}", write.method, write.address, write.body));
        }
        Reply::No
    };
    let report = test(&served, &[], &user, &mut decline).await.unwrap();
    assert!(served.lock().writes().is_empty() && report.left.is_empty() && report.writes == 0);
    let asked = asked.into_inner();
    let url = served.url();
    assert_eq!(
        asked[0],
        format!(
            r#"PATCH {url}/api/origin/SHOP/user/{user}/ {{"authorised_customers":["doctor-no-such-value"]}}"#
        )
    );
    expect(&report.findings, "write.direct", Mark::Note, "not tried");
    expect(&report.findings, "write.left", Mark::Note, "0 writes: nothing");
}

#[tokio::test]
async fn a_write_that_is_refused_says_what_to_ask_for() {
    let refused = |after| Fault {
        after,
        ..Fault::always(On::call(Call::UserPatch), What::status(StatusCode::FORBIDDEN, "{}"))
    };
    // The link to nobody comes first; then two links, one more as documented, the trigger twice, and the activation.
    for (after, id, mark, words) in [
        (
            0,
            "write.link",
            Mark::Wrong,
            "403 Forbidden | ask the vendor whether cloudsuite_client_id may change users",
        ),
        (4, "write.mail", Mark::Wrong, "ask the vendor what triggers the activation mail"),
        (6, "write.direct", Mark::Warning, "the ERP must not send mail: false"),
    ] {
        let mut shop = shop(Behaviour::default());
        let user = fresh(&shop);
        shop.faults.push(refused(after));
        let served = served(shop).await;
        let report = test(&served, &[], &user, &mut attentive(&served, &user)).await.unwrap();
        expect(&report.findings, id, mark, words);
    }
}

#[tokio::test]
async fn nobody_at_the_mailbox_leaves_the_mail_open() {
    let shop = shop(Behaviour::default());
    let user = fresh(&shop);
    let served = served(shop).await;
    let mut ask = |prompt: &Prompt<'_>| match prompt {
        Prompt::Write(_) => Reply::Yes,
        Prompt::Mail { .. } => Reply::Unknown,
    };
    let report = test(&served, &[], &user, &mut ask).await.unwrap();
    expect(&report.findings, "write.mail", Mark::Note, "somebody at the test user's mailbox");
    expect(&report.findings, "write.direct", Mark::Ok, "active: true activates; registration");
}

#[tokio::test]
async fn only_a_fresh_registration_of_a_test_shop_is_used() {
    let mut shop = shop(Behaviour::default());
    let active = shop.users().find(|user| user.active).unwrap().key.clone();
    let [linked, fresh] = {
        let mut users = shop.users().filter(|user| !user.active).map(|user| user.key.clone());
        [users.next().unwrap(), users.next().unwrap()]
    };
    shop.link_by_hand(&linked, "C-1", noon());
    let served = served(shop).await;
    let mut never = |_: &Prompt<'_>| panic!("nothing may be asked");
    for (set, user, words) in [
        (&[][..], active.as_str(), "the user is active"),
        (&[], &linked, "the user is linked"),
        (&[], "nobody", "the user cannot be read: 404"),
        (&[("origins", "B2B")], &fresh, "origin SHOP is none of the origins set"),
        (&[("cloudsuite_host", "https://api.cloudsuite.io")], &fresh, "not recognisably a TEST shop"),
        (&[("cloudsuite_client_secret", "x")], &fresh, "no token: 401"),
    ] {
        let error = test(&served, set, user, &mut never).await.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    assert!(served.lock().writes().is_empty());
}
