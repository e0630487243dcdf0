//! Somebody at a browser, as far as the application can tell: cookies, forms, and where they come from.

use anyhow::{Context as _, Result, ensure};
use http::{Method, Request, header};

use crate::{Reply, World};

/// A browser that keeps the session's cookie, and follows nothing by itself.
pub struct Browser<'a> {
    /// Where it looks.
    pub world: &'a World,
    /// The cookie, as it is sent back.
    pub cookie: Option<String>,
    /// What each form of the session has.
    pub csrf: String,
}

impl<'a> Browser<'a> {
    /// One in which nobody is signed in.
    #[must_use]
    pub fn new(world: &'a World) -> Self {
        Self { world, cookie: None, csrf: String::new() }
    }

    /// One in which the holder of a token is signed in.
    ///
    /// # Errors
    /// The token is refused.
    pub async fn signed_in(world: &'a World, token: &str) -> Result<Self> {
        let mut browser = Self::new(world);
        let reply = browser.post("/console/signin", &[("token", token)]).await?;
        ensure!(reply.status == 303, "{reply:?}");
        browser.keep(&reply);
        let page = browser.get("/").await?.text;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        csrf.context("the page has no form")?.clone_into(&mut browser.csrf);
        Ok(browser)
    }

    /// Keeps the cookie that an answer sets.
    pub fn keep(&mut self, reply: &Reply) {
        let set = reply.headers.get(header::SET_COOKIE).and_then(|set| set.to_str().ok());
        self.cookie = set.and_then(|set| set.split(';').next()).map(str::to_owned);
    }

    /// Opens a page.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn get(&self, path: &str) -> Result<Reply> {
        self.get_with(path, &[]).await
    }

    /// The same with further headers.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Result<Reply> {
        let request = headers
            .iter()
            .fold(self.request(Method::GET, path), |request, (name, value)| request.header(*name, *value));
        self.world.send(request.body(bytes::Bytes::new())?).await
    }

    /// Sends a form of one of our own pages, with the session's secret in it.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Reply> {
        let csrf = ("csrf", self.csrf.as_str());
        let all = fields.iter().copied().chain((!self.csrf.is_empty()).then_some(csrf));
        self.post_from("same-origin", path, &all.collect::<Vec<_>>()).await
    }

    /// Sends a form as it is, from where the browser says that it comes.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn post_from(&self, site: &str, path: &str, fields: &[(&str, &str)]) -> Result<Reply> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site);
        self.world.send(request.body(body.into())?).await
    }

    fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let request = Request::builder().method(method).uri(path);
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }
}

/// Where an answer leads.
#[must_use]
pub fn location(reply: &Reply) -> &str {
    reply.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default()
}
