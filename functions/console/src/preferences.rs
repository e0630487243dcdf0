//! Language and theme, kept in cookies that say nothing about anybody.

use host::{Answer, Request};
use http::{HeaderValue, StatusCode, header};
use shared::{browser::is_from_own_page, parameters::Parameters, problem::Problem};

use crate::{
    address::local,
    frame::{Frame, LANGUAGE, THEME, Theme},
    page,
    words::Language,
};

/// What a form has chosen.
#[derive(Debug, Clone, Copy)]
pub struct Chosen {
    language: Option<Language>,
    /// Its code; an empty one is the system's.
    theme: Option<&'static str>,
}

impl Chosen {
    /// What is chosen, if anything is.
    pub fn of(form: &Parameters) -> Option<Self> {
        let language = form.text("language").and_then(Language::of_code);
        // Whatever is no theme is the system's.
        let theme = form.text("theme").map(|code| Theme::of_code(code).map_or("", Theme::code));
        (language.is_some() || theme.is_some()).then_some(Self { language, theme })
    }

    /// The frame as it looks from now on.
    pub fn frame(self, frame: Frame) -> Frame {
        let w = self.language.map_or(frame.w, Language::words);
        Frame { w, theme: self.theme.map_or(frame.theme, Theme::of_code), ..frame }
    }

    /// Has the browser keep it.
    pub fn remember(self, answer: &mut Answer) {
        let language = self.language.map(|language| language.words().code);
        for (name, value) in [(LANGUAGE, language), (THEME, self.theme)] {
            let Some(value) = value else { continue };
            let age = if value.is_empty() { 0 } else { 31_536_000 };
            let cookie = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax");
            let cookie = HeaderValue::from_str(&cookie).ok().map(|cookie| (header::SET_COOKIE, cookie));
            answer.headers_mut().extend(cookie);
        }
    }
}

/// Keeps what was chosen, and leads back.
pub async fn keep(request: Request) -> Result<Answer, Problem> {
    let headers = request.headers().clone();
    if !is_from_own_page(&headers) {
        let detail = "the form has to be sent from our own page";
        return Err(Problem::new(StatusCode::FORBIDDEN, "foreign-form", detail));
    }
    let (_, form) = host::form(request).await?;
    let form = Parameters::read(Some(&form), &["language", "theme", "back"])?;
    let mut answer = page::see_other(&headers, local(form.text("back")));
    if let Some(chosen) = Chosen::of(&form) {
        chosen.remember(&mut answer);
    }
    Ok(answer)
}
