//! What the writes mean for the settings, and for what the ERP may ask for.

use shared::settings::{ShopSettings, Slash};

use super::{LinkRule, MailRule, Tried, Written, in_words};
use crate::finding::{Check, Finding, counted};

/// What sends the activation mail.
pub const MAIL: Check = Check { id: "write.mail", what: "activation mail" };
/// `active: true`.
pub const DIRECT: Check = Check { id: "write.direct", what: "activation without a mail" };
/// The list of customers.
pub const LINK: Check = Check { id: "write.link", what: "link to a customer" };
/// A customer that is not there.
pub const UNKNOWN: Check = Check { id: "write.unknown_customer", what: "link to an unknown customer" };
/// Mandatory fields.
pub const FIELDS: Check = Check { id: "write.fields", what: "mandatory fields" };
/// A customer that is there.
pub const AGAIN: Check = Check { id: "write.duplicate", what: "customer that is there already" };
/// The spelling of a PATCH.
pub const SPELT: Check = Check { id: "write.spelling", what: "PATCH as documented" };
/// The zone.
pub const ZONE: Check = Check { id: "write.zone", what: "zone of the shop's times" };
/// The role.
pub const ROLE: Check = Check { id: "write.role", what: "role of the user" };
/// What is left.
pub const LEFT: Check = Check { id: "write.left", what: "left behind in the shop" };

/// Everything.
pub(super) fn findings(written: &Written, shop: &ShopSettings) -> Vec<Finding> {
    let zone = written.zone_fits.map(|fits| zone(fits, shop));
    let spelt = written.spelt.as_ref().map(|tried| spelling(tried, shop.slash));
    let again = written.again.as_ref().map(|tried| match tried {
        Err(trouble) => Finding::ok(AGAIN, format!("a POST of it brings {trouble}")),
        Ok(()) => Finding::warning(
            AGAIN,
            "a POST of it is taken",
            "ask the vendor whether there are two now; this application sends no POST",
        ),
    });
    let role = written.role_kept.map(|kept| {
        if kept {
            Finding::ok(ROLE, "stays as it was")
        } else {
            Finding::warning(
                ROLE,
                "has changed",
                "ask the vendor whether the role has to be set after the approval",
            )
        }
    });
    let mut findings = vec![mail(written), direct(written), link(written), unknown(written), fields(written)];
    findings.extend([again, spelt, zone, role].into_iter().flatten());
    let left = if written.left.is_empty() { "nothing".to_owned() } else { written.left.join(", ") };
    findings.push(Finding::note(LEFT, format!("{}: {left}", counted(written.writes, "write", "writes"))));
    findings
}

fn not_tried(check: Check) -> Finding {
    Finding::note(check, "not tried, or it did not come so far")
}

fn mail(written: &Written) -> Finding {
    if let Some(Err(trouble)) = &written.trigger {
        return Finding::wrong(
            MAIL,
            format!("a PATCH with registration new and active false brings {trouble}"),
            "ask the vendor what triggers the activation mail: this is what the documentation shows",
        );
    }
    let rule = written.mail_rule();
    match rule {
        MailRule::EachWrite | MailRule::Once => Finding::ok(MAIL, rule.in_words()),
        MailRule::LinkAlone => Finding::warning(
            MAIL,
            rule.in_words(),
            "an approval with activate: false or mail: false sends a mail as well: the ERP must not count on silence",
        ),
        MailRule::Never => Finding::warning(
            MAIL,
            rule.in_words(),
            "let the merchant switch the activation mail on in the shop, or let the ERP send mail: false with each approval",
        ),
        MailRule::Unknown => {
            Finding::note(MAIL, "not known").advising("run this with somebody at the test user's mailbox")
        }
    }
}

fn direct(written: &Written) -> Finding {
    if let Some(Err(trouble)) = &written.activation {
        return Finding::warning(
            DIRECT,
            format!("active: true brings {trouble}"),
            "the ERP must not send mail: false: such an approval would be stuck",
        );
    }
    let Some(seen) = &written.direct else { return not_tried(DIRECT) };
    if !seen.active {
        return Finding::warning(
            DIRECT,
            "active: true changes nothing",
            "the ERP must not send mail: false: such a user would never be active",
        );
    }
    let mail = match written.mail_after_direct {
        Some(true) => ", and sends a mail all the same",
        Some(false) => ", and sends no mail",
        None => "",
    };
    Finding::ok(
        DIRECT,
        format!(
            "active: true activates{mail}; registration is {:?} then; an approval may say mail: false",
            seen.registration
        ),
    )
}

fn link(written: &Written) -> Finding {
    if let Some(Err(trouble)) = &written.link {
        return Finding::wrong(
            LINK,
            format!("a link to a customer of the same origin brings {trouble}"),
            "ask the vendor whether cloudsuite_client_id may change users; without that no approval can be carried out",
        );
    }
    match written.linked {
        Some(rule @ LinkRule::Replaces) => Finding::ok(LINK, rule.in_words()),
        Some(rule @ LinkRule::Extends) => Finding::note(LINK, rule.in_words())
            .advising("an approval with replace: true cannot take a customer away: it is stuck, and a person does it in the shop"),
        Some(rule @ LinkRule::Neither) => Finding::wrong(
            LINK,
            rule.in_words(),
            "ask the vendor how a user is linked, and whether cloudsuite_client_id may see authorised_customers",
        ),
        None => not_tried(LINK),
    }
}

fn unknown(written: &Written) -> Finding {
    let Some(seen) = &written.unknown_customer else { return not_tried(UNKNOWN) };
    let found = format!("{} ({})", seen.in_words(), in_words(&seen.tried));
    match &seen.tried {
        Err(_) => Finding::ok(UNKNOWN, found),
        // Customers that the ERP says are there are looked up first, so nobody is linked into the void.
        Ok(()) => Finding::note(UNKNOWN, found).advising(
            "customers are looked up before they are linked; by hand, look twice at a customer's key",
        ),
    }
}

fn fields(written: &Written) -> Finding {
    let say = |what: &str, alone: &Option<Tried>, whole: &Option<Tried>| match (alone, whole) {
        (Some(Ok(())), _) => format!("{what}: none besides its key"),
        (Some(Err(trouble)), Some(Ok(()))) => {
            format!("{what}: {trouble}, and taken with all that this application sends")
        }
        (Some(Err(_)), Some(Err(trouble))) => {
            format!("{what}: {trouble}, with all that this application sends")
        }
        (Some(Err(trouble)), None) => format!("{what}: {trouble}"),
        (None, _) => format!("{what}: not tried"),
    };
    let customer = say("a customer", &written.customer_alone, &written.customer);
    let address = say("an address", &written.address_alone, &written.address);
    let refused =
        [&written.customer, &written.address].into_iter().any(|tried| matches!(tried, Some(Err(_))));
    let found = format!("{customer}; {address}");
    if refused {
        return Finding::wrong(
            FIELDS,
            found,
            "let the ERP send the fields that the shop names with each approval; other fields of customer and addresses pass through",
        );
    }
    Finding::note(FIELDS, found)
}

fn spelling(tried: &Tried, set: Slash) -> Finding {
    match tried {
        Ok(()) => Finding::ok(SPELT, "taken, in upper case and without a slash"),
        Err(trouble) if set == Slash::Documented => {
            Finding::wrong(SPELT, trouble.to_string(), "set SPIN_VARIABLE_TRAILING_SLASH=always")
        }
        Err(trouble) => Finding::ok(SPELT, format!("{trouble}; it is not sent so")),
    }
}

fn zone(fits: bool, shop: &ShopSettings) -> Finding {
    if fits {
        Finding::ok(ZONE, format!("{}: what was written just now is a moment old", shop.zone))
    } else {
        Finding::wrong(
            ZONE,
            format!("not {}: what was written just now has another time", shop.zone),
            "set SPIN_VARIABLE_SHOP_TIME_ZONE to the zone where the shop is, or to UTC, and run this again",
        )
    }
}
