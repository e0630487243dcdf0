//! Measures the application: each figure beside what it is held against, in the same run on the same machine.
//!
//! What is measured runs in a process of its own, because its memory and its time on the processor are figures too. Shop, ERP and
//! whoever calls are in this process. They share the machine with it, so ratios count, and absolute times say more about the
//! machine.

mod bench;
mod case;
mod flushes;
mod line;
mod load;
mod machine;
pub mod native;
mod performance;
mod plan;
mod process;
mod surroundings;

pub use bench::{Bench, Setup, Told};
pub use case::Case;
pub use line::{Figure, Goal, Line};
pub use performance::document;
pub use plan::Plan;
