//! What the pages say, and what a browser may do with them.

use anyhow::Result;
use end_to_end::{Browser, location};
use sandbox::{Generator, Odd};

use super::{CLERK, READER, address, announced, world};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn every_page_is_guarded_and_asks_nobody_else_for_anything() -> Result<()> {
    let world = world().await?;
    let user = announced(&world, None).await?;
    let browser = Browser::signed_in(&world, CLERK).await?;
    let one = address(&user);
    let pages = ["/", "/console/registrations", "/console/runs", "/console/signin", "/console/nothing", &one];
    let asked = ["retry", "approve", "reject", "erase", "resend-mail", "relink", "reopen"]
        .map(|what| format!("{one}/{what}"));
    for page in pages.into_iter().chain(asked.iter().map(String::as_str)) {
        let reply = browser.get(page).await?;
        assert!(matches!(reply.status, 200 | 404), "{page}: {}", reply.status);
        for (name, want) in [
            ("content-security-policy", POLICY),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(reply.headers[name].to_str()?, want, "{page}: {name}");
        }
        assert!(!reply.headers.contains_key("strict-transport-security"), "over plain http it means nothing");
        let pretends = browser.get_with(page, &[("spin-full-url", "https://onboarding.example/")]).await?;
        assert!(!pretends.headers.contains_key("strict-transport-security"), "whatever a client says");
        // A website that somebody typed in is a text, and no link.
        for foreign in ["=\"http", "=\"//", "<script>", "<style", " style=", " onclick", "javascript:"] {
            assert!(!reply.text.contains(foreign), "{page} has {foreign}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn files_are_kept_for_good_under_the_hash_of_what_is_in_them() -> Result<()> {
    let world = world().await?;
    let browser = Browser::new(&world);
    let page = browser.get("/console/signin").await?.text;
    let files: Vec<_> = page.split('"').filter(|part| part.starts_with("/console/files/")).collect();
    let texts = [
        ("console.css", include_str!("../../../functions/console/static/console.css")),
        ("console.js", include_str!("../../../functions/console/static/console.js")),
        ("icon.svg", include_str!("../../../functions/console/static/icon.svg")),
    ];
    assert_eq!(files.len(), texts.len(), "{files:?}");
    for file in files {
        let reply = browser.get(file).await?;
        assert_eq!(reply.status, 200, "{file}");
        let (_, text) = texts.iter().find(|(name, _)| file.ends_with(name)).expect("a file that is known");
        assert!(reply.text.contains(text), "{file} is unpacked whole");
        assert_eq!(reply.headers["cache-control"], "public, max-age=31536000, immutable");
        let other = file.replacen("files/", "files/0", 1);
        assert_eq!(browser.get(&other).await?.status, 404, "{other}");
    }
    Ok(())
}

#[tokio::test]
async fn what_people_type_in_is_text_and_nothing_else() -> Result<()> {
    let world = world().await?;
    for (seed, odd) in (20..).zip(Odd::ALL) {
        let _ = world.register(&Generator::new(seed).odd(*odd));
    }
    world.tick().await?;
    // The latest change stands on the first page.
    world.pass(60);
    let user = announced(&world, Some(Odd::Markup)).await?;
    let browser = Browser::signed_in(&world, CLERK).await?;
    let pages = [
        address(&user),
        format!("{}/approve", address(&user)),
        "/console/registrations".to_owned(),
        "/".to_owned(),
    ];
    for page in pages {
        let text = browser.get(&page).await?.text;
        assert!(!text.contains("<script>alert"), "{page}");
        assert!(text.contains("&#60;script&#62;alert(1)&#60;/script&#62;"), "{page}");
    }
    for hostile in ["\"><b>x", "<script>", "'", "%00", "é".repeat(300).as_str()] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", hostile).finish();
        let reply = browser.get(&format!("/console/registrations?{query}")).await?;
        assert_eq!(reply.status, 200, "{hostile}");
        assert!(!reply.text.contains("<b>x") && !reply.text.contains("<script>"), "{hostile}");
    }
    Ok(())
}

#[tokio::test]
async fn the_list_is_searched_and_filtered_and_says_when_there_is_nothing() -> Result<()> {
    let world = world().await?;
    let registration = Generator::new(7).plain();
    let company = registration.profiles[0]["name"].as_str().unwrap().to_owned();
    let user = world.register(&registration);
    world.tick().await?;
    let browser = Browser::signed_in(&world, READER).await?;
    let searched = company.split_whitespace().next().unwrap().to_lowercase();
    for (query, want) in [
        (String::new(), true),
        (format!("?q={searched}"), true),
        ("?state=announced".to_owned(), true),
        ("?state=stuck".to_owned(), false),
        ("?q=nobodyiscalledthat".to_owned(), false),
    ] {
        let reply = browser.get(&format!("/console/registrations{query}")).await?;
        assert_eq!(reply.status, 200, "{query}");
        assert_eq!(reply.text.contains(&address(&user)), want, "{query}");
    }
    // What a link asks for is what the filter has chosen, so that it stays when somebody searches within it.
    let undecided = browser.get("/console/registrations?state=seen,announced&sort=-first_seen").await?.text;
    for chosen in [
        "<option value=\"seen,announced\" selected>New, With the ERP</option>",
        "<option value=\"-first_seen\" selected>Oldest first</option>",
        "Filter and sort: New, With the ERP</summary>",
    ] {
        assert!(undecided.contains(chosen), "{chosen}");
    }
    assert!(!undecided.contains("value=\"announced\" selected"));
    assert_eq!(browser.get("/console/registrations?state=nonsense").await?.status, 400);
    assert_eq!(browser.get("/console/registrations/SHOP/nobody").await?.status, 404);
    Ok(())
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_sent_again() -> Result<()> {
    let world = world().await?;
    let user = announced(&world, None).await?;
    let browser = Browser::signed_in(&world, READER).await?;
    for page in
        ["/".to_owned(), "/console/registrations".to_owned(), "/console/runs".to_owned(), address(&user)]
    {
        let reply = browser.get(&page).await?;
        let tag = reply.headers["etag"].to_str()?.to_owned();
        let again = browser.get_with(&page, &[("x-live", "1"), ("if-none-match", &tag)]).await?;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn pages_speak_the_readers_language_and_keep_what_is_chosen() -> Result<()> {
    let world = world().await?;
    let browser = Browser::new(&world);
    for (accepted, want) in [
        ("nl-BE,nl;q=0.9,en;q=0.5", "lang=\"nl\""),
        ("en-GB,en;q=0.9,nl;q=0.5", "lang=\"en\""),
        ("de,nl;q=0.3,en;q=0.2", "lang=\"nl\""),
        ("de", "lang=\"en\""),
    ] {
        let page = browser.get_with("/console/signin", &[("accept-language", accepted)]).await?.text;
        assert!(page.contains(&format!("<html {want}")), "{accepted}");
    }
    let reply =
        browser.post("/console/preferences", &[("language", "nl"), ("back", "/console/signin")]).await?;
    assert_eq!((reply.status, location(&reply)), (303, "/console/signin"));
    let cookie = reply.headers["set-cookie"].to_str()?.split(';').next().unwrap().to_owned();
    let kept = [("accept-language", "en"), ("cookie", cookie.as_str())];
    assert!(browser.get_with("/console/signin", &kept).await?.text.contains("<html lang=\"nl\""));
    let dark = browser.get_with("/console/signin", &[("cookie", "onboarding-theme=dark")]).await?.text;
    assert!(dark.contains("data-theme=\"dark\""));
    let other = browser.get_with("/console/signin", &[("cookie", "onboarding-theme=\"><b>")]).await?.text;
    assert!(!other.contains("data-theme") && !other.contains("<b>"));
    Ok(())
}
