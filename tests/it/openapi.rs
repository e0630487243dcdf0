//! The document of the HTTP edge: what is checked in is what the types and `shared/src/schema` make, it is served, and it is
//! whole. `UPDATE_EXPECT=1 cargo test -p end-to-end --test it openapi` writes it anew.

use anyhow::Result;
use end_to_end::{World, manifest};
use expect_test::expect_file;
use http::{Method, Request};
use serde_json::Value;
use shared::schema::{connector, document};

#[test]
fn the_document_is_what_the_types_make() {
    let text = format!("{:#}\n", document());
    expect_file!["../../docs/openapi.json"].assert_eq(&text);
}

#[test]
fn platforms_that_know_the_older_version_get_the_same_operations() {
    let connector = connector(&document());
    expect_file!["../../docs/integrations/connector.swagger.json"].assert_eq(&format!("{connector:#}\n"));
    walk(&connector, "", &mut |at, value| {
        if let Some(target) = value["$ref"].as_str() {
            assert!(connector.pointer(&target[1..]).is_some(), "{at} refers to {target}");
        }
        for newer in ["oneOf", "anyOf", "const"] {
            assert!(value[newer].is_null(), "{at} has {newer}");
        }
    });
}

/// Calls `visit` with every value in the document and its JSON pointer.
fn walk(value: &Value, at: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(at, value);
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            walk(value, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), visit);
        }),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(number, value)| walk(value, &format!("{at}/{number}"), visit));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_referred_to() {
    let document = document();
    let mut used = std::collections::BTreeSet::new();
    walk(&document, "", &mut |at, value| {
        if let Some(target) = value["$ref"].as_str() {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{at} refers to {target}");
            used.insert(pointer.to_owned());
        }
    });
    for (kind, parts) in document["components"].as_object().unwrap() {
        for name in parts.as_object().unwrap().keys().filter(|_| kind != "securitySchemes") {
            assert!(used.contains(&format!("/components/{kind}/{name}")), "nobody needs {kind} {name}");
        }
    }
}

#[test]
fn whoever_imports_the_document_reads_what_everything_means() {
    let document = document();
    walk(&document, "", &mut |at, value| {
        if at.contains("/example") {
            return;
        }
        if let (true, Some(fields)) = (at.contains("/schemas/"), value["properties"].as_object()) {
            for (name, field) in fields {
                let described = field["description"].is_string()
                    || field["$ref"].as_str().is_some_and(|target| {
                        document.pointer(&target[1..]).unwrap()["description"].is_string()
                    });
                assert!(described, "{at}/properties/{name} is not described");
            }
        }
        if let Some(text) = value.as_str() {
            assert!(!text.contains("[`"), "{at} is for readers of the source: {text}");
        }
    });
    let mut names = std::collections::BTreeSet::new();
    for paths in ["paths", "webhooks"] {
        for (path, operations) in document[paths].as_object().unwrap() {
            let operations = operations.as_object().unwrap();
            for (method, operation) in operations.iter().filter(|(method, _)| *method != "parameters") {
                for field in ["operationId", "summary", "description"] {
                    assert!(operation[field].is_string(), "{method} {path} has no {field}");
                }
                assert!(operation["tags"].is_array() && operation["security"].is_array(), "{method} {path}");
                assert!(
                    names.insert(operation["operationId"].as_str().unwrap().to_owned()),
                    "{method} {path}"
                );
            }
        }
    }
}

#[test]
fn every_route_is_described() {
    let document = document();
    // The console's pages and forms are for browsers, and described by themselves.
    let is_page = |route: &str| route == "/" || route.starts_with("/console/");
    for route in manifest().routes.into_iter().filter(|route| !is_page(&route.route)) {
        let route = route.route;
        let paths = document["paths"].as_object().unwrap();
        let described = paths.keys().any(|path| {
            let path = path.replace("{origin}", ":origin").replace("{user_key}", ":user_key");
            path == route || route.strip_suffix("/...").is_some_and(|start| path.starts_with(start))
        });
        assert!(described, "{route}");
    }
}

#[tokio::test]
async fn the_document_is_served_to_anybody_and_not_sent_again() -> Result<()> {
    let world = World::with(&[("api_tokens", "")]).await?;
    let reply = world.call(Method::GET, "/openapi.json", None, "").await?;
    assert_eq!((reply.status, &reply.json), (200, &document()));
    let request = Request::get("/openapi.json").header("if-none-match", &reply.headers["etag"]);
    let again = world.send(request.body(bytes::Bytes::new())?).await?;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    assert_eq!(world.call(Method::POST, "/openapi.json", None, "").await?.status, 405);
    Ok(())
}
