//! A backlog that no tick can work off alone, such as on the first day, on the simulation's own clock.

use std::{rc::Rc, time::Duration};

use sandbox::Generator;
use shared::tick::Ended;
use tokio::time::{Instant, sleep};

use crate::{application, plan::Plan, run::on_paused_time, trace::Trace, weather::Weather, world::World};

/// How a backlog was worked off.
#[derive(Debug, Clone, Default)]
pub struct Worked {
    /// How long each tick took.
    pub ticks: Vec<Duration>,
    /// How many registrations the ERP has got.
    pub announced: usize,
    /// How many messages came to the ERP more than once, or wrongly.
    pub repeated: u64,
    /// The calls that were made to the shop.
    pub shop_calls: u64,
}

/// The pause between two ticks.
const PAUSE: Duration = Duration::from_mins(5);
/// Nobody waits for longer.
const MOST_TICKS: usize = 100;

/// Lets so many people register, and ticks of `budget` work them off. A call takes 50 ms on average, and 16 run at once.
///
/// # Panics
/// When the database fails, which nothing here makes it do.
#[must_use]
pub fn work_off(people: u32, budget: Duration) -> Worked {
    let plan = Plan {
        weather: Weather { longest_way: 50, ..Weather::CALM },
        time_budget: budget,
        concurrency: 16,
        page_limit: 100,
        ..Plan::quiet(&[])
    };
    on_paused_time(async move {
        let world = World::new(plan, None, None, Trace::default());
        let mut generator = Generator::new(1);
        for _ in 0..people {
            world.shop.borrow_mut().register(&generator.plain(), world.elsewhere());
        }
        world.shop.borrow_mut().journal.limit = 0;
        ticks(&world).await
    })
}

async fn ticks(world: &Rc<World>) -> Worked {
    let mut worked = Worked::default();
    for _ in 0..MOST_TICKS {
        let began = Instant::now();
        let ended = application::fetch_new_users(world)
            .await
            .expect("nothing kills it")
            .expect("the database answers");
        worked.ticks.push(began.elapsed());
        if matches!(ended, Ended::Ran(report) if report.complete) {
            break;
        }
        sleep(PAUSE).await;
    }
    let erp = world.erp.borrow();
    worked.announced = erp.registrations().count();
    worked.repeated = erp.repeats() + erp.violations().len() as u64;
    worked.shop_calls = world.shop.borrow().journal.total();
    worked
}
