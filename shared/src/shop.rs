//! The shop: CloudSuite's REST API as far as an onboarding needs it.
//!
//! One function, `Shop::call`, applies address, token and headers and turns every answer into one of three reactions
//! ([`ShopError`]); the rest are builders and readers around it.

mod client;
mod error;
mod field;
mod object;
mod page;
mod path;
mod profile;
mod token;
mod user;

pub use client::Shop;
pub use error::ShopError;
pub(crate) use error::{retry_after as wait_asked_for, words as error_words};
pub use field::Field;
pub use object::{AddressBody, CustomerBody};
pub use page::{BadRow, Page, Query, Row, pages, user_pages};
pub use path::Path;
pub use profile::Profile;
pub use token::{HeldToken, Tokens, token_request};
pub use user::{User, UserPatch};
