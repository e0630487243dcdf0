//! After a whole onboarding with all that can go wrong at the door, nobody finds a secret anywhere, or a person in a log.

use anyhow::Result;
use end_to_end::{DECIDE, READ, SECRET, TICK, World};
use http::{Method, StatusCode, header::AUTHORIZATION};
use rusqlite::{Connection, types::Value as Stored};
use sandbox::{
    Generator, Registration,
    erp::{self, Approval, Decision},
    fault::{Call, Fault, On, What},
};
use serde_json::Value;

/// Somebody else's secret, of the right form.
const FOREIGN: &str = "whsec_YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=";
const GUESSED: &str = "guessed-token-0123456789abcdef";

/// Lets two people through: one is approved, mailed and clicks; the other is rejected. On the way everything fails once.
async fn onboarding(world: &World, people: &[Registration; 2]) -> Result<()> {
    let [approved, rejected] = [&people[0], &people[1]].map(|person| world.register(person));
    // Whoever refuses repeats what it was sent.
    let repeats = |status: StatusCode| {
        let mail = people[0].person["email"].to_string();
        let mut answer = http::Response::new(bytes::Bytes::from(mail));
        *answer.status_mut() = status;
        What::Answer(answer)
    };
    world.erp.lock().faults.push(Fault::once(On::call(Call::Message), repeats(StatusCode::BAD_REQUEST)));
    world.shop.lock().faults.push(Fault::once(On::call(Call::UserList), repeats(StatusCode::BAD_GATEWAY)));
    for _ in 0..3 {
        world.call(Method::POST, "/fetch-new-users", Some(TICK), "").await?;
        world.pass(120);
    }
    for user in [&approved, &rejected] {
        world.call(Method::POST, &format!("/registrations/SHOP/{user}/retry"), Some(DECIDE), "").await?;
    }
    world.tick().await?;

    for token in [None, Some(GUESSED), Some(READ)] {
        for path in ["/fetch-new-users", "/activate-user", "/registrations/SHOP/x/retry"] {
            assert!(matches!(world.call(Method::POST, path, token, "{}").await?.status, 401 | 403));
        }
    }
    let body = bytes::Bytes::from(Approval::new("SHOP", &approved, "C-0").message(world.now()).to_string());
    let mut forged = erp::signed(FOREIGN, "msg_forged", world.now(), &body)?;
    forged.headers_mut().insert(AUTHORIZATION, format!("Bearer {DECIDE}").parse()?);
    assert_eq!(world.send(forged).await?.status, 401);
    let wish =
        format!(r#"{{"origin":"SHOP","user_key":"{approved}","customer_keys":["C-404"],"token":"{READ}"}}"#);
    assert_eq!(world.call(Method::POST, "/activate-user", Some(DECIDE), wish).await?.status, 400);

    world.shop.lock().faults.push(Fault::once(On::call(Call::UserPatch), repeats(StatusCode::BAD_REQUEST)));
    world.decide(&approved, Decision::Approve).await?;
    world.call(Method::POST, &format!("/registrations/SHOP/{approved}/retry"), Some(DECIDE), "").await?;
    world.pass(120);
    world.tick().await?;
    world.decide(&rejected, Decision::Reject("no trade licence".to_owned())).await?;
    assert_eq!((world.state_of(&approved).await?.as_str(), world.mails(&approved)), ("linked", 1));
    assert!(world.shop.lock().click(&approved, world.now()));
    world.pass(4000);
    world.tick().await?;
    assert_eq!(world.state_of(&approved).await?, "active");
    assert_eq!(world.state_of(&rejected).await?, "rejected");
    Ok(())
}

#[tokio::test]
async fn secrets_are_nowhere_and_people_in_no_log() -> Result<()> {
    let world = World::new().await?;
    let mut generator = Generator::new(1);
    let people = [generator.plain(), generator.plain()];
    onboarding(&world, &people).await?;

    let logs = world.logs.lock().unwrap().join("\n");
    let answers = world.answers.lock().unwrap().join("\n");
    let (rows, files) = ledger(&world)?;
    let told = people[0].person["email"].as_str().unwrap();
    assert!(
        logs.contains("erp-webhook") && answers.contains(told) && rows.contains(told),
        "all are looked at"
    );

    // The sandbox's password and its access tokens begin with `sandbox-`.
    let bare = SECRET.trim_start_matches("whsec_");
    for secret in [SECRET, bare, FOREIGN, TICK, READ, DECIDE, GUESSED, "sandbox-", "Bearer ey", "v1,"] {
        for (name, place) in [("logs", &logs), ("answers", &answers), ("rows", &rows)] {
            assert!(!place.contains(secret), "{secret} is in the {name}");
        }
        assert!(!files.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} is in a file");
    }
    let logs = logs.to_lowercase();
    for (field, text) in people.iter().flat_map(personal) {
        assert!(!logs.contains(&text.to_lowercase()), "{field} {text} is in the log:\n{logs}");
    }
    Ok(())
}

/// Everything that somebody has typed in, with its field. What is short or a code is in many words.
fn personal(person: &Registration) -> Vec<(String, String)> {
    let fields = person.person.iter().chain(person.profiles.iter().flatten());
    let texts = fields.filter_map(|(field, value)| match value {
        Value::String(text) if text.len() > 3 => Some((field.clone(), text.clone())),
        _ => None,
    });
    let texts: Vec<_> = texts.collect();
    assert!(texts.len() > 8, "the registration is filled in: {texts:?}");
    texts
}

/// The values of all rows of all tables, and the bytes of the files, in which texts that were deleted may still stand.
fn ledger(world: &World) -> Result<(String, Vec<u8>)> {
    let (mut rows, mut files) = (String::new(), Vec::new());
    for file in std::fs::read_dir(world.state())? {
        files.extend(std::fs::read(file?.path())?);
    }
    let db = Connection::open(world.state().join("sqlite_db.db"))?;
    let mut tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    assert!(tables.len() > 6, "{tables:?}");
    for table in tables {
        let mut all = db.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = all.column_count();
        let mut read = all.query([])?;
        while let Some(row) = read.next()? {
            for column in 0..columns {
                if let Stored::Text(text) = row.get(column)? {
                    rows.push_str(&text);
                    rows.push('\n');
                }
            }
        }
    }
    Ok((rows, files))
}
