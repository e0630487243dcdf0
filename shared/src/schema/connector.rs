//! The description once more, for importers that know version 2.0 of the format only: Power Automate, Power Apps and Logic Apps.
//!
//! It has what such a platform calls: the operations with a token that answer JSON.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

const SCHEMAS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/definitions/";

/// The same operations, as version 2.0 has them.
#[must_use]
pub fn connector(document: &Value) -> Value {
    let from = Older { document };
    let mut paths = Map::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let operations = item.as_object().into_iter().flatten().filter(|(_, operation)| is_called(operation));
        let operations: Map<_, _> = operations
            .map(|(method, operation)| (method.clone(), from.operation(&item["parameters"], operation)))
            .collect();
        if !operations.is_empty() {
            paths.insert(path.clone(), operations.into());
        }
    }
    let paths = Value::from(paths);
    let info = &document["info"];
    let definitions = from.definitions(&paths);
    let mut connector = json!({
        "swagger": "2.0",
        "info": {"title": info["title"], "version": info["version"], "description": info["description"]},
        "host": "onboarding.example.com",
        "basePath": "/",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "tags": document["tags"],
        "paths": paths,
        "definitions": definitions,
        "securityDefinitions": {"token": {
            "type": "apiKey", "in": "header", "name": "Authorization",
            "description": "`Bearer`, a blank, and a token of the setting `api_tokens`.",
        }},
        "security": [{"token": []}],
    });
    connector.sort_all_objects();
    connector
}

fn is_called(operation: &Value) -> bool {
    operation["security"][0]["token"].is_array() && operation["operationId"] != "getMetrics"
}

/// The newer document, as the older form sees it.
struct Older<'a> {
    document: &'a Value,
}

impl Older<'_> {
    /// What a value refers to, or the value.
    fn resolved<'b>(&'b self, value: &'b Value) -> &'b Value {
        let target = value["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
        target.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }

    fn operation(&self, shared: &Value, operation: &Value) -> Value {
        let parameters = [shared, &operation["parameters"]].into_iter().filter_map(Value::as_array).flatten();
        let mut parameters: Vec<_> = parameters.map(|parameter| self.parameter(parameter)).collect();
        let body = &operation["requestBody"];
        if body.is_object() {
            parameters.push(json!({
                "name": "body", "in": "body", "required": true, "description": body["description"],
                "schema": self.schema(&body["content"]["application/json"]["schema"]),
            }));
        }
        let responses = operation["responses"].as_object().into_iter().flatten().map(|(status, response)| {
            let response = self.resolved(response);
            let mut older = json!({"description": response["description"]});
            let content = response["content"].as_object().into_iter().flatten();
            if let Some((_, media)) = content.into_iter().next() {
                older["schema"] = self.schema(&media["schema"]);
            }
            (status.clone(), older)
        });
        json!({
            "operationId": operation["operationId"], "summary": operation["summary"],
            "description": operation["description"], "tags": operation["tags"],
            "parameters": parameters, "responses": responses.collect::<Map<_, _>>(),
        })
    }

    fn parameter(&self, parameter: &Value) -> Value {
        let parameter = self.resolved(parameter);
        let mut older = self.schema(self.resolved(&parameter["schema"]));
        for field in ["name", "in", "required", "description"] {
            older[field] = parameter[field].clone();
        }
        older
    }

    /// A schema in the older words: `null` is no type of its own there, and there is no choice between schemas.
    fn schema(&self, schema: &Value) -> Value {
        if let Some(name) = schema["$ref"].as_str().and_then(|target| target.strip_prefix(SCHEMAS)) {
            return json!({"$ref": format!("{DEFINITIONS}{name}")});
        }
        if let Some(either) = schema["anyOf"].as_array() {
            return either.iter().find(|one| one["type"] != "null").map_or(json!({}), |one| self.schema(one));
        }
        if let Some(variants) = schema["oneOf"].as_array() {
            let variants = variants.iter().map(|variant| self.schema(self.resolved(variant)));
            return variants.reduce(|one, other| merged(&one, &other)).unwrap_or_default();
        }
        let mut older = Map::new();
        for (name, value) in schema.as_object().into_iter().flatten() {
            let value = match (name.as_str(), value) {
                ("type", Value::Array(kinds)) => {
                    older.insert("x-nullable".to_owned(), true.into());
                    kinds.iter().find(|kind| *kind != "null").cloned().unwrap_or_default()
                }
                ("properties", Value::Object(fields)) => fields
                    .iter()
                    .map(|(name, field)| (name.clone(), self.schema(field)))
                    .collect::<Map<_, _>>()
                    .into(),
                ("items", Value::Object(_)) => self.schema(value),
                (
                    "type" | "description" | "enum" | "format" | "default" | "required" | "minimum"
                    | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems",
                    _,
                ) => value.clone(),
                _ => continue,
            };
            older.insert(name.clone(), value);
        }
        older.into()
    }

    /// The schemas that are referred to, and those that these refer to.
    fn definitions(&self, paths: &Value) -> Map<String, Value> {
        let mut definitions = Map::new();
        let mut wanted = BTreeSet::new();
        referred(paths, &mut wanted);
        while let Some(name) = wanted.pop_first() {
            if !definitions.contains_key(&name) {
                let schema = self.schema(&self.document["components"]["schemas"][&name]);
                referred(&schema, &mut wanted);
                definitions.insert(name, schema);
            }
        }
        definitions
    }
}

/// An object that either of two may be: the fields of both, of which those are needed that both need.
fn merged(one: &Value, other: &Value) -> Value {
    let mut both = one.clone();
    for (name, field) in other["properties"].as_object().into_iter().flatten() {
        let known = &one["properties"][name];
        both["properties"][name] = match (known["enum"].as_array(), field["enum"].as_array()) {
            (Some(some), Some(others)) => {
                let mut field = field.clone();
                field["enum"] = some.iter().chain(others).cloned().collect();
                field
            }
            _ if known["properties"].is_object() => merged(known, field),
            _ => field.clone(),
        };
    }
    let needed = |schema: &Value| schema["required"].as_array().cloned().unwrap_or_default();
    let needed: Vec<_> = needed(one).into_iter().filter(|field| needed(other).contains(field)).collect();
    if let Some(both) = both.as_object_mut() {
        both.remove("required");
        if !needed.is_empty() {
            both.insert("required".to_owned(), needed.into());
        }
    }
    both
}

/// Notes the names of all definitions that a value refers to.
fn referred(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|target| target.strip_prefix(DEFINITIONS));
            names.extend(name.map(str::to_owned));
            fields.values().for_each(|field| referred(field, names));
        }
        Value::Array(items) => items.iter().for_each(|item| referred(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
