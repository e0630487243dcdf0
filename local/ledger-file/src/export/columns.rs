//! The columns of the tables. Their names and order stay; new ones come at the end.

use rusqlite::{Result, Row};

use super::cell::Cell;

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// One row for each registration, as it is now.
    Registrations,
    /// One row for each thing that has happened to one.
    Timeline,
}

const REGISTRATIONS: [&str; 22] = [
    "origin",
    "user_key",
    "state",
    "reason",
    "revision",
    "told_revision",
    "registered_at",
    "company",
    "vat_number",
    "coc_number",
    "first_seen_at",
    "changed_at",
    "decision",
    "decision_id",
    "decided_at",
    "decided_by",
    "customers",
    "link_begun_at",
    "mail",
    "erased_at",
    "erased_by",
    "state_before_erasure",
];

const TIMELINE: [&str; 7] = ["origin", "user_key", "number", "at", "event", "actor", "note"];

/// In the order of the primary key, so that nothing is sorted.
const ALL_REGISTRATIONS: &str = "SELECT r.origin, r.user_key, r.state, r.reason, r.revision, r.told, \
     r.message ->> '$.data.registered_at', r.message ->> '$.data.company.name', r.message ->> '$.data.company.vat', \
     r.message ->> '$.data.company.coc', r.first_seen, r.changed_at, \
     CASE WHEN json_valid(i.body) THEN i.body ->> '$.type' END, r.decision_id, r.decided_at, i.actor, \
     r.link -> '$.customers', r.link ->> '$.intended_at', r.link ->> '$.mail', \
     r.tombstone ->> '$.at', r.tombstone ->> '$.by', r.tombstone ->> '$.outcome' \
     FROM registration AS r LEFT JOIN inbox AS i ON i.id = r.decision_id WHERE r.changed_at >= ?1 ORDER BY r.origin, r.user_key";

const ALL_LINES: &str = "SELECT origin, user_key, version, at, event, actor, note FROM timeline WHERE at >= ?1 \
     ORDER BY origin, user_key, version";

impl What {
    pub(super) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Registrations => &REGISTRATIONS,
            Self::Timeline => &TIMELINE,
        }
    }

    pub(super) fn statement(self) -> &'static str {
        match self {
            Self::Registrations => ALL_REGISTRATIONS,
            Self::Timeline => ALL_LINES,
        }
    }

    pub(super) fn cells(self, row: &Row<'_>) -> Result<Vec<Cell>> {
        let cell = |(column, name): (usize, &&str)| match *name {
            "first_seen_at" | "changed_at" | "decided_at" | "at" => Ok(Cell::time(row.get(column)?)),
            "customers" => Cell::list(row.get::<_, Option<String>>(column)?.as_deref()),
            _ => row.get(column),
        };
        self.columns().iter().enumerate().map(cell).collect()
    }
}
