//! Answers that several kinds of calls share.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::ALLOW};
use serde_json::{Value, json};

use crate::{
    Object,
    answer::{detail, json_answer},
};

pub fn not_found() -> Response<Bytes> {
    detail(StatusCode::NOT_FOUND, "Not found.")
}

pub fn found(body: Option<Value>) -> Response<Bytes> {
    body.map_or_else(not_found, |body| json_answer(StatusCode::OK, &body))
}

pub fn method_not_allowed(request: &Request<Bytes>, allowed: &'static str) -> Response<Bytes> {
    let text = format!("Method \"{}\" not allowed.", request.method());
    let mut response = detail(StatusCode::METHOD_NOT_ALLOWED, &text);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// The body as a JSON object, or the error for a client that sent something else.
pub fn object(request: &Request<Bytes>) -> Result<Object, Value> {
    match serde_json::from_slice(request.body()) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(json!({"non_field_errors": ["Invalid data. Expected a dictionary."]})),
        Err(error) => Err(json!({"detail": format!("JSON parse error - {error}")})),
    }
}
