//! What the facts about an origin mean, and what to do about them. Nothing here calls anybody.

pub mod filter;
pub mod origin;
pub mod paging;
pub mod path;
pub mod profile;
pub mod row;
pub mod time;

use shared::settings::{ShopSettings, TickSettings};

use crate::{facts::OriginFacts, finding::Finding};

/// Everything about one origin.
#[must_use]
pub fn judge(facts: &OriginFacts, shop: &ShopSettings, tick: &TickSettings) -> Vec<Finding> {
    let mut findings = vec![origin::finding(facts)];
    findings.push(path::slash(facts, shop.slash));
    if facts.answers_at_all() {
        findings.push(path::case(facts, shop.slash));
        findings.extend(filter::findings(facts, tick));
        findings.extend(paging::findings(facts, shop, tick));
        findings.extend(row::findings(facts));
        findings.extend(time::findings(facts, shop.zone));
        findings.push(profile::finding(facts));
    }
    findings.into_iter().map(|finding| finding.in_origin(&facts.origin)).collect()
}
