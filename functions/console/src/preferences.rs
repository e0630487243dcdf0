//! Language and theme, kept in cookies that say nothing about anybody.

use host::{Answer, Request};
use http::{HeaderValue, StatusCode, header};
use shared::{browser::is_from_own_page, parameters::Parameters, problem::Problem};

use crate::{
    address::local,
    frame::{LANGUAGE, THEME, Theme},
    page,
    words::Language,
};

/// Keeps what was chosen, and leads back.
pub async fn keep(request: Request) -> Result<Answer, Problem> {
    let headers = request.headers().clone();
    if !is_from_own_page(&headers) {
        let detail = "the form has to be sent from our own page";
        return Err(Problem::new(StatusCode::FORBIDDEN, "foreign-form", detail));
    }
    let (_, form) = host::form(request).await?;
    let form = Parameters::read(Some(&form), &["language", "theme", "back"])?;
    let language = form.text("language").filter(|code| Language::of_code(code).is_some());
    // Whatever is no theme is the system's.
    let theme = form.text("theme").map(|code| Theme::of_code(code).map_or("", Theme::code));
    let mut answer = page::see_other(&headers, local(form.text("back")));
    for (name, value) in [(LANGUAGE, language), (THEME, theme)] {
        let Some(value) = value else { continue };
        let age = if value.is_empty() { 0 } else { 31_536_000 };
        let cookie = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax");
        answer
            .headers_mut()
            .extend(HeaderValue::from_str(&cookie).ok().map(|cookie| (header::SET_COOKIE, cookie)));
    }
    Ok(answer)
}
