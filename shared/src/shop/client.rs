//! The one place that sends a request to the shop.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use http::{Method, Request, Response, StatusCode, header};
use serde::{Serialize, de::IgnoredAny};

use super::{
    error::ShopError,
    object::{AddressBody, CustomerBody},
    page::{Page, Query, read_page},
    path::Path,
    profile::Profile,
    token::Tokens,
    user::{User, UserPatch},
};
use crate::{
    brief::brief,
    dry_run::Port,
    fault::Fault,
    json,
    key::{AddressKey, CustomerKey, OriginCode, ProfileId, UserKey},
    onboarding::Clock,
    secret::Secret,
    send::SendRequest,
    settings::ShopSettings,
    together::together,
};

/// The shop, ready to be called.
pub struct Shop<H> {
    /// The way to it.
    pub http: Port<H>,
    /// Where it is and how its paths are spelt.
    pub settings: ShopSettings,
    /// The bearer token.
    pub tokens: Tokens,
    /// The time, for the token's life.
    pub clock: Clock,
}

impl<H: SendRequest> Shop<H> {
    fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Sends one call with the token, renews the token once after a 401, and sorts the answer. A 404 is `None`.
    async fn call(
        &self,
        method: Method,
        path: Path<'_>,
        query: Option<&Query>,
        body: Bytes,
    ) -> Result<Option<Response<Bytes>>, ShopError> {
        let what = path.in_words();
        let spelt = path.spelt(&method, self.settings.slash);
        let query = query.map(|query| format!("?{}", query.as_str())).unwrap_or_default();
        let address = format!("{}{spelt}{query}", self.settings.host);

        let token = self.tokens.get(&self.http, &self.settings, self.now(), None).await?;
        let mut answer = self.send(&method, &address, &token, body.clone()).await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            let token = self.tokens.get(&self.http, &self.settings, self.now(), Some(&token)).await?;
            answer = self.send(&method, &address, &token, body).await?;
        }
        match answer.status() {
            status if status.is_success() && is_page(answer.body()) => Err(Fault::seen(format!(
                "{what} answered {status} with a page for people, and not as the shop's API"
            ))
            .into()),
            status if status.is_success() => Ok(Some(answer)),
            StatusCode::NOT_FOUND => Ok(None),
            status if status.is_redirection() => {
                let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
                Err(ShopError::of_redirect(what, &spelt, location.unwrap_or("nowhere"), self.settings.slash))
            }
            _ => Err(ShopError::of_answer(what, &answer, self.now())),
        }
    }

    async fn send(
        &self,
        method: &Method,
        address: &str,
        token: &Secret,
        body: Bytes,
    ) -> Result<Response<Bytes>, ShopError> {
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()))
            .header(header::ACCEPT, "application/json");
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request =
            request.body(body).map_err(|error| Fault::seen(format!("the shop's address: {error}")))?;
        Ok(self.http.send(request).await?)
    }

    /// An object as the shop shows it; `None` when it does not have it. A 2xx that is no JSON says neither.
    async fn shown(&self, path: Path<'_>) -> Result<Option<Bytes>, ShopError> {
        let what = path.in_words();
        let Some(answer) = self.call(Method::GET, path, None, Bytes::new()).await? else { return Ok(None) };
        match json::text(answer.body()) {
            Ok(IgnoredAny) => Ok(Some(answer.into_body())),
            Err(error) => Err(ShopError::Unreadable(format!("{what} is unreadable: {error}"))),
        }
    }

    /// A write that must find its address: a 404 is the end point's fault.
    async fn write(&self, method: Method, path: Path<'_>, body: Bytes) -> Result<(), ShopError> {
        match self.call(method, path, None, body).await? {
            Some(_) => Ok(()),
            None => Err(Fault::seen(format!("{} answered 404 Not Found to a write", path.in_words())).into()),
        }
    }

    /// One page of the user list.
    ///
    /// # Errors
    /// [`ShopError`].
    pub async fn user_page(&self, origin: &OriginCode, query: Query) -> Result<Page, ShopError> {
        let answer = self.call(Method::GET, Path::Users(origin), Some(&query), Bytes::new()).await?;
        let answer = answer.ok_or_else(|| {
            Fault::seen(format!("the shop knows no user list of origin {origin}: check origins"))
        })?;
        read_page(query, answer.body())
    }

    /// One user; `None` when the shop does not have it.
    ///
    /// # Errors
    /// [`ShopError`].
    pub async fn user(&self, origin: &OriginCode, key: &UserKey) -> Result<Option<User>, ShopError> {
        let answer = self.call(Method::GET, Path::User(origin, key), None, Bytes::new()).await?;
        let user = answer.map(|answer| json::read(answer.body())).transpose();
        user.map_err(|error| {
            ShopError::Unreadable(format!("the shop's user is unreadable: {}", brief(&error.to_string())))
        })
    }

    /// One profile; `None` when the shop does not have it.
    ///
    /// # Errors
    /// [`ShopError`].
    pub async fn profile(&self, id: ProfileId) -> Result<Option<Profile>, ShopError> {
        let answer = self.call(Method::GET, Path::Profile(id), None, Bytes::new()).await?;
        answer.map(|answer| Profile::read(answer.body()).map_err(ShopError::Unreadable)).transpose()
    }

    /// All profiles of a user.
    ///
    /// # Errors
    /// [`ShopError`], also while the shop does not show a profile that the user names: that is waited for.
    pub async fn profiles(&self, user: &User) -> Result<Vec<Profile>, ShopError> {
        let asked = user.profiles().iter().map(|id| self.profile(*id).boxed_local());
        let read = together(asked.collect()).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        read.into_iter()
            .collect::<Option<_>>()
            .ok_or_else(|| Fault::seen("the shop does not show a profile that the user names").into())
    }

    /// A customer as the shop shows it; `None` when the shop does not have it.
    ///
    /// # Errors
    /// [`ShopError`].
    pub async fn customer(&self, origin: &OriginCode, key: &CustomerKey) -> Result<Option<Bytes>, ShopError> {
        self.shown(Path::Customer(origin, key)).await
    }

    /// An address as the shop shows it; `None` when the shop does not have it.
    ///
    /// # Errors
    /// [`ShopError`].
    pub async fn address(&self, origin: &OriginCode, key: &AddressKey) -> Result<Option<Bytes>, ShopError> {
        self.shown(Path::Address(origin, key)).await
    }

    /// Writes a whole customer.
    ///
    /// # Errors
    /// [`ShopError`].
    pub async fn put_customer(&self, origin: &OriginCode, body: &CustomerBody) -> Result<(), ShopError> {
        self.write(Method::PUT, Path::Customer(origin, &body.key), written(body)?).await
    }

    /// Writes a whole address.
    ///
    /// # Errors
    /// [`ShopError`].
    pub async fn put_address(&self, origin: &OriginCode, body: &AddressBody) -> Result<(), ShopError> {
        self.write(Method::PUT, Path::Address(origin, &body.key), written(body)?).await
    }

    /// Changes a user.
    ///
    /// # Errors
    /// [`ShopError`]; after [`ShopError::NoAnswer`] the change may have happened.
    pub async fn patch_user(
        &self,
        origin: &OriginCode,
        key: &UserKey,
        patch: &UserPatch,
    ) -> Result<(), ShopError> {
        self.write(Method::PATCH, Path::User(origin, key), written(patch)?).await
    }
}

fn written(body: &impl Serialize) -> Result<Bytes, ShopError> {
    let json = serde_json::to_vec(body).map_err(|error| ShopError::Unreadable(error.to_string()))?;
    Ok(json.into())
}

/// Whether this is HTML or XML, such as a gateway's "down for maintenance" under a 200: then the shop behind it has heard nothing.
/// The type in the header is not asked, because an empty answer to a write may carry any.
fn is_page(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}
