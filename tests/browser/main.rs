//! The console in a real browser: Chromium, driven over WebDriver, against the real components and the sandbox.
//!
//! They need `chromium` and `chromedriver` on the path (Debian's packages `chromium` and `chromium-driver`), and axe-core (`AXE_CORE` is
//! the path of its `axe.min.js`). `.ci/run` installs all three and runs these. By hand:
//!
//! ```sh
//! npm install --prefix target/browser axe-core
//! AXE_CORE=$PWD/target/browser/node_modules/axe-core/axe.min.js \
//!     cargo test -p end-to-end --test browser -- --ignored --skip figures:: --test-threads 2
//! ```
//!
//! Whatever a test is about, it fails if a page writes an error to the browser's console, breaks its own content security policy, or asks
//! another origin for anything. What a failed test has seen is under `target/browser/failed`.

mod accessible;
mod chrome;
mod deciding;
mod driver;
mod figures;
mod finding;
mod hostile;
mod keyboard;
mod live;
mod looks;
mod page;
mod phone;
mod pictures;
mod places;
mod scene;
mod scriptless;
mod signing_in;
mod tour;
mod trial;
mod watch;
