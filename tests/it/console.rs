//! The console, as a browser without a script has it.

mod acting;
mod pages;
mod sign_in;
mod words;

use anyhow::Result;
use end_to_end::World;
use sandbox::{Generator, Odd};

/// A token of somebody who may do everything in the console.
const CLERK: &str = "clerk-token-0123456789abcdef";
/// One of somebody who may only look.
const READER: &str = "reader-token-0123456789abcdef";

async fn world() -> Result<World> {
    let tokens =
        format!("anna:tick+read+decide+erase:{CLERK},bert:read:{READER},cron:tick:{}", end_to_end::TICK);
    World::with(&[("api_tokens", &tokens)]).await
}

/// Somebody whose company has such a name, and whom the ERP knows.
async fn announced(world: &World, odd: Option<Odd>) -> Result<String> {
    let mut generator = Generator::new(7);
    let registration = match odd {
        Some(odd) => generator.odd(odd),
        None => generator.plain(),
    };
    let user = world.register(&registration);
    world.tick().await?;
    Ok(user)
}

fn address(user: &str) -> String {
    format!("/console/registrations/SHOP/{user}")
}
