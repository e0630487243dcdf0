//! What a person does in the console.

use anyhow::{Context as _, Result};
use end_to_end::{Browser, Reply, World, location};

use super::{CLERK, READER, address, announced, world};

/// The value of a field that a page has hidden in a form.
fn hidden(page: &str, name: &str) -> Result<String> {
    let field = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let value = field.and_then(|rest| rest.split('"').next()).with_context(|| format!("no field {name}"))?;
    Ok(value
        .replace("&#34;", "\"")
        .replace("&#38;", "&")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">"))
}

/// The message that is sent when what the review says is confirmed.
async fn reviewed(browser: &Browser<'_>, user: &str, fields: &[(&str, &str)]) -> Result<(String, String)> {
    let form = browser.get(&format!("{}/approve", address(user))).await?.text;
    let (id, revision) = (hidden(&form, "id")?, hidden(&form, "revision")?);
    let sent: Vec<_> =
        fields.iter().copied().chain([("id", id.as_str()), ("revision", revision.as_str())]).collect();
    let review = browser.post(&format!("{}/approve", address(user)), &sent).await?;
    anyhow::ensure!(review.status == 200, "{}", review.text);
    Ok((id, hidden(&review.text, "decision")?))
}

async fn state(world: &World, user: &str) -> Result<String> {
    let reply =
        world.call(http::Method::GET, &format!("/registrations/SHOP/{user}"), Some(READER), "").await?;
    Ok(reply.json["state"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn an_approval_by_hand_is_the_erps_own_message_and_two_clicks_are_one() -> Result<()> {
    let world = world().await?;
    let user = announced(&world, None).await?;
    let browser = Browser::signed_in(&world, CLERK).await?;
    let fields = [
        ("how", "new"),
        ("key", "C-900"),
        ("name", "Voorbeeld B.V."),
        ("then", "mail"),
        ("main_street", "Dorpsstraat"),
        ("main_house_number", "1"),
        ("main_zip", "1234 AB"),
        ("main_city", "Houten"),
        ("main_country", "NL"),
    ];
    let (id, decision) = reviewed(&browser, &user, &fields).await?;
    assert_eq!(state(&world, &user).await?, "announced", "a review decides nothing");
    let sent = [("id", id.as_str()), ("decision", decision.as_str())];
    for _ in 0..2 {
        let reply = browser.post(&format!("{}/decision", address(&user)), &sent).await?;
        assert_eq!(
            (reply.status, location(&reply)),
            (303, format!("{}?notice=decided", address(&user)).as_str())
        );
    }
    assert_eq!(state(&world, &user).await?, "linked");
    assert_eq!((world.customers_of(&user), world.mails(&user)), (vec!["C-900".to_owned()], 1));
    let page = browser.get(&format!("{}?notice=decided", address(&user))).await?.text;
    assert!(page.contains("C-900") && page.contains("<bdi>anna</bdi>"), "who did it stands in the timeline");
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_said_and_what_was_typed_stays() -> Result<()> {
    let world = world().await?;
    let user = announced(&world, None).await?;
    let browser = Browser::signed_in(&world, CLERK).await?;
    let fields = [("how", "new"), ("key", ".."), ("name", "Typed \"in\""), ("then", "direct"), ("id", "x")];
    let reply = browser.post(&format!("{}/approve", address(&user)), &fields).await?;
    assert_eq!(reply.status, 422);
    assert!(reply.text.contains("id=\"wrong\"") && reply.text.contains("Typed &#34;in&#34;"));
    assert!(reply.text.contains("value=\"direct\" checked"));
    Ok(())
}

#[tokio::test]
async fn a_rejection_has_a_reason_and_a_later_contradiction_is_refused() -> Result<()> {
    let world = world().await?;
    let user = announced(&world, None).await?;
    let browser = Browser::signed_in(&world, CLERK).await?;
    let form = browser.get(&format!("{}/reject", address(&user))).await?.text;
    let (id, revision) = (hidden(&form, "id")?, hidden(&form, "revision")?);
    let sent = [("id", id.as_str()), ("revision", revision.as_str()), ("reason", "Private <person>")];
    let reply = browser.post(&format!("{}/decision", address(&user)), &sent).await?;
    assert_eq!(location(&reply), format!("{}?notice=decided", address(&user)));
    assert_eq!(state(&world, &user).await?, "rejected");
    assert!(browser.get(&address(&user)).await?.text.contains("Private &#60;person&#62;"));

    // The same form with another reason, as from a page that was left open.
    let other = [("id", id.as_str()), ("reason", "Other")];
    let reply = browser.post(&format!("{}/decision", address(&user)), &other).await?;
    assert_eq!(location(&reply), format!("{}?notice=sent-before", address(&user)));

    // Another one is linked by the ERP meanwhile.
    let linked = world.register(&sandbox::Generator::new(8).plain());
    world.tick().await?;
    world.decide(&linked, sandbox::erp::Decision::Approve).await?;
    world.pass(1);
    let late = [("id", "r-2"), ("reason", "Late")];
    let reply = browser.post(&format!("{}/decision", address(&linked)), &late).await?;
    assert_eq!(location(&reply), format!("{}?notice=conflict", address(&linked)));
    Ok(())
}

#[tokio::test]
async fn a_rejection_is_taken_back_with_a_reason() -> Result<()> {
    let world = world().await?;
    let user = announced(&world, None).await?;
    let browser = Browser::signed_in(&world, CLERK).await?;
    let rejected = [("id", "r-1"), ("reason", "no trade licence")];
    browser.post(&format!("{}/decision", address(&user)), &rejected).await?;
    assert_eq!(state(&world, &user).await?, "rejected");
    let page = browser.get(&address(&user)).await?.text;
    assert!(
        page.contains("/reopen\"") && !page.contains("/resend-mail\""),
        "what cannot be done is not offered"
    );
    let form = browser.get(&format!("{}/reopen", address(&user))).await?.text;
    let id = hidden(&form, "id")?;
    assert_eq!(hidden(&form, "remedy")?, "reopen");
    let sent = [("id", id.as_str()), ("remedy", "reopen"), ("reason", "the licence has come")];
    let reply = browser.post(&format!("{}/decision", address(&user)), &sent).await?;
    assert_eq!(location(&reply), format!("{}?notice=decided", address(&user)));
    assert_eq!(state(&world, &user).await?, "announced");
    assert!(browser.get(&address(&user)).await?.text.contains("the licence has come"));
    Ok(())
}

/// Refused with a page that says so, or on the page that it leads back to.
fn is_refused(reply: &Reply) -> bool {
    reply.status == 403 || reply.status == 303 && location(reply).ends_with("?notice=out-of-scope")
}

#[tokio::test]
async fn retry_erase_and_fetch_are_done_by_who_may_and_by_nobody_else() -> Result<()> {
    let world = world().await?;
    let user = announced(&world, None).await?;
    let (clerk, reader) =
        (Browser::signed_in(&world, CLERK).await?, Browser::signed_in(&world, READER).await?);
    let one = address(&user);
    let doors = [
        format!("{one}/retry"),
        format!("{one}/erase"),
        format!("{one}/approve"),
        format!("{one}/decision"),
        "/console/fetch".to_owned(),
    ];
    let before = world.calls();
    for door in &doors {
        let fields: &[_] = if door.ends_with("erase") { &[("sure", "yes")] } else { &[] };
        let reply = reader.post(door, fields).await?;
        assert!(is_refused(&reply), "{door}");
        let signed_out = Browser::new(&world).post(door, &[]).await?;
        assert_eq!(signed_out.status, 303, "{door}");
        assert!(location(&signed_out).starts_with("/console/signin"), "{door}");
    }
    assert_eq!((world.calls(), state(&world, &user).await?.as_str()), (before, "announced"));
    let page = reader.get(&one).await?.text;
    for what in ["/retry\"", "/approve\"", "/reject\"", "/erase\""] {
        assert!(!page.contains(what), "{what} is offered to somebody who may not");
    }

    let reply = clerk.post(&format!("{one}/retry"), &[]).await?;
    assert_eq!(location(&reply), format!("{one}?notice=nothing-to-retry"));
    let reply = clerk.post("/console/fetch", &[]).await?;
    assert_eq!(location(&reply), "/console/runs?notice=ran");
    let reply = clerk.post(&format!("{one}/erase"), &[]).await?;
    assert_eq!(location(&reply), format!("{one}/erase"), "without the tick of the box nothing is done");
    let reply = clerk.post(&format!("{one}/erase"), &[("sure", "yes")]).await?;
    assert_eq!(location(&reply), format!("{one}?notice=erased"));
    assert_eq!(state(&world, &user).await?, "erased");
    Ok(())
}

#[tokio::test]
async fn a_form_of_another_site_or_of_another_session_does_nothing() -> Result<()> {
    let world = world().await?;
    let user = announced(&world, None).await?;
    let (clerk, reader) =
        (Browser::signed_in(&world, CLERK).await?, Browser::signed_in(&world, READER).await?);
    let own = clerk.csrf.as_str();
    for (site, csrf, why) in [
        ("same-origin", "", "without the session's secret"),
        ("same-origin", reader.csrf.as_str(), "with another session's"),
        ("cross-site", own, "from another site"),
        ("same-site", own, "from a neighbour"),
        ("none", own, "from nowhere"),
    ] {
        for (door, fields) in [
            (format!("{}/erase", address(&user)), vec![("sure", "yes"), ("csrf", csrf)]),
            (format!("{}/decision", address(&user)), vec![("reason", "x"), ("csrf", csrf)]),
            ("/console/fetch".to_owned(), vec![("csrf", csrf)]),
            ("/console/signout".to_owned(), vec![("csrf", csrf)]),
        ] {
            assert!(is_refused(&clerk.post_from(site, &door, &fields).await?), "{door} {why}");
        }
    }
    for site in ["cross-site", "same-site", "none"] {
        let fields = [("token", CLERK)];
        assert_eq!(
            Browser::new(&world).post_from(site, "/console/signin", &fields).await?.status,
            403,
            "{site}"
        );
    }
    assert_eq!(state(&world, &user).await?, "announced");
    assert_eq!(clerk.get("/").await?.status, 200, "nobody was signed out");
    Ok(())
}

#[tokio::test]
async fn no_line_of_the_log_has_a_person_a_token_or_a_ticket_in_it() -> Result<()> {
    let world = world().await?;
    let registration = sandbox::Generator::new(7).plain();
    let user = world.register(&registration);
    world.tick().await?;
    let browser = Browser::signed_in(&world, CLERK).await?;
    let email = registration.person["email"].as_str().unwrap();
    let company = registration.profiles[0]["name"].as_str().unwrap();
    for path in [
        "/".to_owned(),
        format!("/console/registrations?q={email}"),
        address(&user),
        format!("{}/approve", address(&user)),
    ] {
        assert_eq!(browser.get(&path).await?.status, 200);
    }
    let fields = [("how", "new"), ("key", "C-1"), ("name", company), ("id", "x")];
    browser.post(&format!("{}/approve", address(&user)), &fields).await?;
    let ticket = browser.cookie.as_deref().unwrap().split('=').nth(1).unwrap();
    let lines: Vec<_> = world.lines().iter().map(ToString::to_string).collect();
    let asked = lines.iter().filter(|line| line.contains("\"function\":\"console\"")).count();
    assert!(asked >= 6, "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("\"caller\":\"anna\"")));
    for secret in [email, company, CLERK, ticket, browser.csrf.as_str()] {
        assert!(lines.iter().all(|line| !line.contains(secret)), "{secret}");
    }
    Ok(())
}
