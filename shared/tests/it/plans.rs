//! What is asked by those who list and watch reads an index, and sorts nothing, however many registrations there are.

use std::{cell::RefCell, rc::Rc};

use shared::{
    by_hand::{Group, retry_group},
    ledger::Ledger,
    listing::{Asked, page},
    sql::{Sql, SqlError, Value},
    watch::Snapshot,
};

use crate::{sqlite::Sqlite, world::World};

/// A database that says how it goes about each statement about registrations and events.
#[derive(Clone)]
struct Explaining {
    sqlite: Sqlite,
    plans: Rc<RefCell<Vec<String>>>,
}

impl Sql for Explaining {
    async fn run(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Vec<Value>>, SqlError> {
        if statement.starts_with("SELECT") {
            let plan =
                self.sqlite.run(&format!("EXPLAIN QUERY PLAN {statement}"), parameters.clone()).await?;
            for step in plan {
                let Some(Value::Text(step)) = step.into_iter().nth(3) else { panic!("no plan: {statement}") };
                self.plans.borrow_mut().push(format!("{step} -- {statement}"));
            }
        }
        self.sqlite.run(statement, parameters).await
    }
}

#[tokio::test]
async fn every_question_of_those_who_watch_reads_an_index() {
    let (world, _) = World::announced().await;
    let database = Explaining { sqlite: world.sqlite.clone(), plans: Rc::default() };
    let ledger = Ledger::open(database.clone()).await.unwrap();
    database.plans.borrow_mut().clear();
    for query in [
        "",
        "state=announced",
        "origin=SHOP",
        "state=announced&origin=SHOP",
        "since=2026-03-01T00:00:00Z",
        "order=newest",
        "order=newest&state=stuck&origin=SHOP",
    ] {
        page(&ledger, &Asked::read(Some(query)).unwrap()).await.unwrap();
    }
    retry_group(&ledger, &Group::read(Some("reason=x&origin=SHOP")).unwrap(), "anna", world.now())
        .await
        .unwrap();
    Snapshot::of(&ledger, &[], world.now()).await.unwrap();
    let plans = database.plans.take();
    assert!(plans.len() > 12, "{plans:#?}");
    for plan in plans {
        let small = ["run", "scan", "start", "counter", "schema_version"]
            .iter()
            .any(|table| plan.contains(&format!("FROM {table}")));
        let indexed = plan.contains("USING") && !plan.contains("TEMP B-TREE");
        assert!(small || indexed, "{plan}");
    }
}
