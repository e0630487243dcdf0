//! What comes in and goes out, as JSON Schemas made from the types, and the description of the HTTP edge that they complete.
//!
//! Behind the feature `openapi`: only a native program asks for it, and nothing of it gets into a component.

mod connector;

pub use connector::connector;

use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    generate::{Contract, SchemaSettings},
    json_schema,
};
use serde_json::{Map, Value, json};

use crate::{
    alert, by_hand,
    decision::{ActivateUser, Approved, Envelope, Rejected, Relink, Updated, Why},
    erp,
    key::KEY_LIMIT,
    limits, outcome,
    problem::Details,
    restoring, start, status, tick, watch,
};

/// What no type has: who it is, the paths with their answers and examples, the messages that go out, and what they share.
const HEAD: &str = include_str!("schema/head.json");
const PATHS: &str = include_str!("schema/paths.json");
const WEBHOOKS: &str = include_str!("schema/webhooks.json");
const COMPONENTS: &str = include_str!("schema/components.json");

/// The description of the HTTP edge, by version 3.1 of the format.
///
/// # Panics
/// When a part that is written by hand is no JSON, or the shared part has no `schemas`.
#[must_use]
pub fn document() -> Value {
    let part = |text| serde_json::from_str::<Value>(text).expect("a part is JSON");
    let mut document = part(HEAD);
    document["paths"] = part(PATHS);
    document["webhooks"] = part(WEBHOOKS);
    document["components"] = part(COMPONENTS);
    let schemas = document["components"]["schemas"].as_object_mut().expect("the shared part has schemas");
    for (name, schema) in incoming().into_iter().chain(outgoing()) {
        // A key is the same in both directions.
        schemas.entry(name).or_insert(schema);
    }
    // Whatever else is built beside it may have maps keep another order.
    document.sort_all_objects();
    document
}

/// What callers send: as it is read.
fn incoming() -> Map<String, Value> {
    let mut generator = generator(Contract::Deserialize);
    add::<Envelope<Approved>>(&mut generator);
    add::<Envelope<Rejected>>(&mut generator);
    add::<Envelope<Updated>>(&mut generator);
    add::<ActivateUser>(&mut generator);
    add::<Relink>(&mut generator);
    add::<Why>(&mut generator);
    let mut schemas = generator.take_definitions(true);
    schemas.values_mut().for_each(limit_texts);
    for (name, kind) in [
        ("ApprovedMessage", crate::decision::APPROVED),
        ("RejectedMessage", crate::decision::REJECTED),
        ("UpdatedMessage", crate::decision::UPDATED),
    ] {
        let schema = &mut schemas[name];
        schema["properties"]["type"] =
            json!({"type": "string", "enum": [kind], "description": "What kind of message it is."});
        schema["required"] = json!(["type", "timestamp", "data"]);
        let addressed = addressed(&schemas, name);
        schemas.extend(addressed);
    }
    // An update replaces the whole customer.
    let mut whole = schemas["Customer"].clone();
    whole["required"] = json!(["key", "name", "vat_numbers"]);
    whole["properties"]["name"]["type"] = "string".into();
    whole["properties"]["vat_numbers"]["type"] = "array".into();
    schemas.insert("WholeCustomer".to_owned(), whole);
    schemas["Updated"]["properties"]["customer"]["$ref"] = "#/components/schemas/WholeCustomer".into();
    schemas
}

/// The same message, sent to the address of a registration: what the address says, and the time, may be left out.
fn addressed(schemas: &Map<String, Value>, name: &str) -> Option<(String, Value)> {
    let data = match name {
        "ApprovedMessage" => "Approved",
        "RejectedMessage" => "Rejected",
        _ => return None,
    };
    let mut message = schemas[name].clone();
    let mut data = schemas[data].clone();
    let needed = data["required"].as_array_mut()?;
    needed.retain(|field| field != "origin" && field != "user_key");
    message["required"] = if needed.is_empty() { json!(["type"]) } else { json!(["type", "data"]) };
    if needed.is_empty() {
        data.as_object_mut()?.remove("required");
    }
    message["properties"]["data"] = data;
    message["description"] = "A decision, sent to the address of a registration.".into();
    Some((name.replace("Message", "Decision"), message))
}

/// What this application answers and sends: as it is written.
fn outgoing() -> Map<String, Value> {
    let mut generator = generator(Contract::Serialize);
    add::<Details>(&mut generator);
    add::<status::Status<'_>>(&mut generator);
    add::<status::Brief<'_>>(&mut generator);
    add::<status::List<'_>>(&mut generator);
    add::<status::Verdict<'_>>(&mut generator);
    add::<watch::Status<'_>>(&mut generator);
    add::<tick::Report>(&mut generator);
    add::<by_hand::GroupRetried>(&mut generator);
    add::<start::Started>(&mut generator);
    add::<erp::Message<'_>>(&mut generator);
    add::<outcome::Message<'_>>(&mut generator);
    add::<alert::Message<'_>>(&mut generator);
    add::<restoring::Message>(&mut generator);
    generator.take_definitions(true)
}

fn generator(contract: Contract) -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12().with_transform(plain);
    settings.contract = contract;
    settings.definitions_path = "/components/schemas".into();
    settings.into_generator()
}

fn add<T: JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}

/// What importers understand: `int64`, and of unsigned numbers only what their limits say; words as `enum`; no default that is nothing.
fn plain(schema: &mut Schema) {
    if schema.get("format").is_some_and(|format| format == "uint32") {
        schema.remove("format");
        schema.insert("maximum".to_owned(), u32::MAX.into());
    }
    if schema.get("default").is_some_and(Value::is_null) {
        schema.remove("default");
    }
    if let Some(described) = constants(schema) {
        *schema = described;
    }
    schemars::transform::transform_subschemas(&mut plain, schema);
}

/// The words of an enum whose variants are described one by one.
fn constants(schema: &Schema) -> Option<Schema> {
    let variants = schema.get("oneOf")?.as_array()?.iter();
    let pairs = variants.map(|variant| Some((variant["const"].as_str()?, variant["description"].as_str()?)));
    let about = schema.get("description")?.as_str()?;
    Some(words(about, &pairs.collect::<Option<Vec<_>>>()?))
}

/// A text that comes in has an end.
fn limit_texts(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let is_text = fields.get("type").is_some_and(|kind| {
                kind == "string" || kind.as_array().is_some_and(|kinds| kinds.contains(&"string".into()))
            });
            let is_free = ["enum", "format", "maxLength"].iter().all(|limit| !fields.contains_key(*limit));
            if is_text && is_free {
                fields.insert("maxLength".to_owned(), limits::TEXT.into());
            }
            fields.values_mut().for_each(limit_texts);
        }
        Value::Array(items) => items.iter_mut().for_each(limit_texts),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A key of the shop: text that stays one segment of a path.
pub(crate) fn key(meaning: &str) -> Schema {
    json_schema!({
        "type": "string",
        "description": meaning.trim(),
        "minLength": 1,
        "maxLength": KEY_LIMIT,
        // No control characters, no blanks at its ends, and not `.` or `..`.
        "pattern": r"^(?!\.\.?$)[^\s\u0000-\u001f\u007f-\u009f]([^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f])?$",
    })
}

/// One of some words, each with its meaning.
pub(crate) fn words(about: &str, words: &[(&str, &str)]) -> Schema {
    let meanings: Vec<_> =
        words.iter().map(|(word, meaning)| format!("`{word}`: {}", meaning.trim())).collect();
    json_schema!({
        "type": "string",
        "description": format!("{}\n\n{}", about.trim(), meanings.join("\n")),
        "enum": words.iter().map(|(word, _)| *word).collect::<Vec<_>>(),
    })
}
