//! Applications with people in them.

use anyhow::Result;
use end_to_end::{READ, TICK, World};
use http::StatusCode;
use sandbox::{
    Generator, Registration,
    fault::{Call, Fault, On, What},
};

/// A token of somebody who may do everything in the console.
pub const CLERK: &str = "clerk-token-0123456789abcdef";
/// One of somebody who may only look.
pub const READER: &str = "reader-token-0123456789abcdef";

/// An application in which nobody has registered.
pub async fn world(settings: &[(&str, &str)]) -> Result<World> {
    let tokens = format!(
        "anna:tick+read+decide+erase:{CLERK},bert:read:{READER},cron:tick+read:{TICK},desk:read:{READ}"
    );
    let own = [("api_tokens", tokens.as_str())];
    World::with(&own.into_iter().chain(settings.iter().copied()).collect::<Vec<_>>()).await
}

/// The page of a registration.
pub fn address(user: &str) -> String {
    format!("/console/registrations/SHOP/{user}")
}

/// What the company of a registration is called.
pub fn company(registration: &Registration) -> &str {
    registration.profiles[0]["name"].as_str().unwrap_or_default()
}

/// Somebody whom the ERP knows: the key and what was typed in.
pub async fn announced(world: &World) -> Result<(String, Registration)> {
    let registration = Generator::new(7).plain();
    let user = world.register(&registration);
    world.tick().await?;
    Ok((user, registration))
}

/// Somebody whom the ERP could not be told of, often enough that it is given up (with `retry_attempts` 2).
pub async fn stuck(world: &World, registration: &Registration) -> Result<String> {
    let user = world.register(registration);
    let down = What::status(StatusCode::BAD_GATEWAY, "<html>down for maintenance</html>");
    world.erp.lock().faults.push(Fault::always(On::call(Call::Message), down));
    while world.state_of(&user).await? != "stuck" {
        world.tick().await?;
        world.pass(60);
    }
    world.erp.lock().faults.clear();
    Ok(user)
}
