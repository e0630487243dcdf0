//! `/erp-webhook` as a native server: the same statements with the same durability and the same calls, because it is the same
//! `shared`, on hyper and tokio, without components. What is left between the two is the platform.

mod http;
mod sqlite;

use std::{
    convert::Infallible,
    fs,
    net::TcpListener,
    num::NonZeroU32,
    path::Path,
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

use ::http::{HeaderMap, Request, Response, StatusCode};
use anyhow::{Context as _, Result};
use bytes::Bytes;
use chrono::Utc;
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use runner::Manifest;
use shared::{
    access::Caller,
    dry_run::Port,
    inbox::Outcome,
    ledger::{Counted, Ledger},
    onboarding::{Clock, Onboarding},
    reception::{NotTaken, Signed},
    settings::{ShopSettings, Variables, rate_limit, webhook_keys},
    shop::{Shop, Tokens},
    status::verdict,
    webhook::SigningKey,
};
use tokio::{
    runtime,
    task::{LocalSet, spawn_local},
};

use self::{http::Http, sqlite::Sqlite};

/// How long the sender waits for the outcome, as in the component.
const ANSWER_WITHIN: Duration = Duration::from_millis(800);

type App = Onboarding<Http, Sqlite>;

/// The settings, read once.
#[derive(Clone)]
struct Settings {
    keys: Vec<SigningKey>,
    shop: ShopSettings,
    most: Option<NonZeroU32>,
}

/// What the requests of a thread share. `shared` is for components, which have one thread: so each thread has its own.
struct Native {
    keys: Vec<SigningKey>,
    most: Option<NonZeroU32>,
    app: Rc<App>,
}

/// Begins to serve, on as many threads as there are processors, until the process ends. `settings` are those of the application.
///
/// # Errors
/// A setting is missing, or the ledger cannot be opened.
pub fn serve(
    manifest: &Manifest,
    listener: &TcpListener,
    state: &Path,
    settings: impl Fn(&str) -> Option<String>,
) -> Result<()> {
    let read = |name: &'static str| {
        let default = || manifest.variables.get(name)?.default.clone();
        settings(name).or_else(default).unwrap_or_default()
    };
    let variables = Variables(&read);
    let settings = Settings {
        keys: webhook_keys(&variables)?,
        shop: ShopSettings::read(&variables)?,
        most: rate_limit(&variables)?,
    };
    fs::create_dir_all(state)?;
    let sqlite = Sqlite::open(&state.join("sqlite_db.db"))?;
    listener.set_nonblocking(true)?;
    for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
        let (listener, settings, sqlite) = (listener.try_clone()?, settings.clone(), sqlite.clone());
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let work = move || LocalSet::new().block_on(&runtime, accept(listener, settings, sqlite));
        thread::Builder::new().spawn(work).context("a thread for the native server")?;
    }
    Ok(())
}

/// Takes connections for as long as the process lives.
async fn accept(listener: TcpListener, settings: Settings, sqlite: Sqlite) -> Result<Infallible> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let clock: Clock = Rc::new(Utc::now);
    let shop = Shop {
        http: Port::of(Http::new(), &settings.shop),
        settings: settings.shop,
        tokens: Tokens::default(),
        clock: Rc::clone(&clock),
    };
    let ledger = Ledger::open(sqlite).await?;
    let chance = Rc::new(|| getrandom::u64().unwrap_or_default());
    let app = Rc::new(Onboarding { shop, ledger, clock, chance });
    let native = Rc::new(Native { keys: settings.keys, most: settings.most, app });
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let native = Rc::clone(&native);
        let service = service_fn(move |request| {
            let native = Rc::clone(&native);
            async move { Ok::<_, Infallible>(native.answer(request).await) }
        });
        // How a connection ends is the client's business.
        spawn_local(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl Native {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if request.uri().path() == "/health" {
            return answer(StatusCode::OK, String::new());
        }
        let began = Instant::now();
        let (parts, body) = request.into_parts();
        let Ok(body) = body.collect().await else { return answer(StatusCode::BAD_REQUEST, String::new()) };
        match self.take(&parts.headers, &body.to_bytes(), began).await {
            Ok(response) => response,
            Err(error) => answer(StatusCode::SERVICE_UNAVAILABLE, format!("{error:#}")),
        }
    }

    async fn take(&self, headers: &HeaderMap, body: &[u8], began: Instant) -> Result<Response<Full<Bytes>>> {
        let bare = |status| Ok(answer(status, String::new()));
        let signed = match Signed::verify(&self.keys, headers, body, Utc::now()) {
            Ok(signed) => signed,
            Err(problem) => return bare(problem.status()),
        };
        if let Some(most) = self.most
            && let Counted::Over(_) = self.app.ledger.count(&Caller::Signer, most, Utc::now()).await?
        {
            return bare(StatusCode::TOO_MANY_REQUESTS);
        }
        let taken = match self.app.take_message(signed).await {
            Ok(taken) => taken,
            Err(NotTaken::Problem(problem)) => return bare(problem.status()),
            Err(NotTaken::Ledger(error)) => return Err(error.into()),
        };
        // It goes on beside the answer if it takes too long.
        let app = Rc::clone(&self.app);
        let done = spawn_local(async move { app.work_off(&taken.kept).await });
        let outcome = match tokio::time::timeout(ANSWER_WITHIN.saturating_sub(began.elapsed()), done).await {
            Ok(done) => done??,
            Err(_) => Outcome::Waits,
        };
        match verdict(&outcome) {
            Ok((status, verdict)) => Ok(answer(status, serde_json::to_string(&verdict)?)),
            Err(problem) => bare(problem.status()),
        }
    }
}

fn answer(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    response
}
