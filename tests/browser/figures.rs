//! How large the pages are and how soon one can use them: `cargo test -p end-to-end --test browser figures -- --ignored --nocapture`.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result};
use end_to_end::{Browser, World};
use rusqlite::Connection;
use sandbox::{Generator, Registration, erp::Decision};
use serde_json::Value;

use crate::{
    page::Page,
    scene::{self, CLERK, address, company},
    trial::Trial,
};

/// Registrations that are made by the components, and how often each is copied in the ledger.
const PEOPLE: usize = 100;
const COPIES: usize = 1000;
/// One of them who has not clicked yet.
const LINKED: usize = 85;
/// How often each page is opened.
const TIMES: usize = 9;

/// A hundred people: most of them active, some at each step before.
async fn hundred() -> Result<(World, String, Registration)> {
    let world = scene::world(&[("rate_limit", "0")]).await?;
    let mut generator = Generator::new(1);
    let people: Vec<_> = (0..PEOPLE).map(|_| generator.plain()).collect();
    let users: Vec<_> = people.iter().map(|person| world.register(person)).collect();
    while world.tick().await?["complete"] == false {}
    for user in &users[..90] {
        world.decide(user, Decision::Approve).await?;
        world.pass(30);
    }
    for user in &users[..80] {
        let now = world.now();
        world.shop.lock().click(user, now);
    }
    world.tick().await?;
    Ok((world, users[LINKED].clone(), people[LINKED].clone()))
}

/// Copies everybody in the ledger, each with a key, a number and a time of his own. The ledger's triggers count and index as always.
fn multiply(world: &World) -> Result<()> {
    let ledger = Connection::open(world.state().join("sqlite_db.db"))?;
    let columns: Vec<String> = ledger
        .prepare("SELECT name FROM pragma_table_info('registration')")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let copied = columns.iter().map(|name| match name.as_str() {
        "user_key" => {
            "substr(user_key, 1, 24) || '0c' || printf('%04x', copy) || substr(user_key, 31)".to_owned()
        }
        "findable_as" => "findable_as + copy * 7919".to_owned(),
        "first_seen" | "changed_at" => format!("{name} - copy * 2400000"),
        "due_at" => "NULL".to_owned(),
        other => other.to_owned(),
    });
    ledger.execute(
        &format!(
            "WITH RECURSIVE copies (copy) AS (SELECT 1 UNION ALL SELECT copy + 1 FROM copies WHERE copy < {COPIES})
             INSERT INTO registration ({}) SELECT {} FROM registration, copies",
            columns.join(", "),
            copied.collect::<Vec<_>>().join(", ")
        ),
        [],
    )?;
    Ok(())
}

/// As long as a proxy would send it.
fn zipped(text: &str) -> Result<usize> {
    let mut gzip = Command::new("gzip").arg("-6").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = gzip.stdin.take().context("it has an input")?;
    let text = text.to_owned();
    let writing = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let length = gzip.wait_with_output()?.stdout.len();
    writing.join().ok().context("it was written")??;
    Ok(length)
}

/// Sizes of pages and of what belongs to them.
async fn sizes(world: &World, paths: &[(&str, String)]) -> Result<()> {
    let browser = Browser::signed_in(world, CLERK).await?;
    let page = browser.get("/").await?.text;
    let files = page.split('"').filter(|part| part.starts_with("/console/files/"));
    let files: Vec<_> =
        files.map(|path| (path.rsplit('/').next().unwrap_or(path), path.to_owned())).collect();
    for (name, path) in paths.iter().chain(&files) {
        let text = browser.get(path).await?.text;
        println!("{name}: {} bytes, {} compressed", text.len(), zipped(&text)?);
    }
    Ok(())
}

/// Medians of the browser's own clock for a page, in milliseconds.
async fn times(page: &Page, name: &str, path: &str) -> Result<()> {
    const TIMING: &str = "const it = performance.getEntriesByType('navigation')[0];
        return it.loadEventEnd > 0 ? [it.responseStart - it.requestStart, it.domInteractive, it.domContentLoadedEventEnd] : null";
    let mut taken: [Vec<f64>; 3] = Default::default();
    for _ in 0..TIMES {
        page.open(path).await?;
        page.so("loaded", "return performance.getEntriesByType('navigation')[0].loadEventEnd > 0").await?;
        let timing: Value = page.ask(TIMING).await?;
        for (at, taken) in taken.iter_mut().enumerate() {
            taken.push(timing[at].as_f64().context("a time")?);
        }
    }
    let [first, interactive, ready] = taken.map(|mut all| {
        all.sort_by(f64::total_cmp);
        all[TIMES / 2]
    });
    println!("{name}: first byte {first:.0} ms, interactive {interactive:.0} ms, scripts run {ready:.0} ms");
    Ok(())
}

#[tokio::test]
#[ignore = "a measurement"]
async fn figures_of_the_console() -> Result<()> {
    let (world, user, person) = hundred().await?;
    let searched = company(&person).split(' ').next().unwrap_or_default().to_lowercase();
    let pages = [
        ("overview", "/".to_owned()),
        ("list", "/console/registrations".to_owned()),
        ("list, by company", "/console/registrations?sort=company".to_owned()),
        ("list, a word and a state", format!("/console/registrations?q={searched}&state=linked")),
        ("list, nobody", "/console/registrations?q=nobodyiscalledthat".to_owned()),
        ("detail", address(&user)),
        ("runs", "/console/runs".to_owned()),
        ("approve", format!("{}/approve", address(&user))),
    ];
    Trial::DESK
        .run_on(world, async |world: &World, page: &Page| {
            page.sign_in(CLERK).await?;
            println!("-- {PEOPLE} registrations");
            sizes(world, &pages).await?;
            for (name, path) in &pages {
                times(page, name, path).await?;
            }
            multiply(world)?;
            println!("-- {} registrations", PEOPLE * (COPIES + 1));
            for (name, path) in &pages {
                times(page, name, path).await?;
            }
            Ok(())
        })
        .await
}
