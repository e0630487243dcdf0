//! What the model notes, for people: where its words are for programs, or can be shorter.

use crate::said::Known;

pub static NOTES: &[Known] = &[
    (
        "the customer or one of its addresses was written for another registration: approve with existing: true to link it",
        "the customer or one of its addresses was written for another registration: approve with “Existing customer” to link it",
    ),
    (
        "customer {} exists in the shop already, and is not overwritten: approve with existing: true to link it",
        "customer {} is in the shop already and is not overwritten: approve with “Existing customer” to link it",
    ),
    ("mail triggered", "activation mail sent"),
    (
        "mail presumed: the call was done, its answer was lost",
        "activation mail sent, as far as can be told: the shop’s answer was lost",
    ),
    ("mail unknown", "not known whether the activation mail was sent"),
    ("erp_host is not set: it waits for the ERP to ask", "no ERP is set: it waits for the ERP to ask"),
];
