//! Whether it ended well, by what the shop and the ERP saw. A value in, complaints out.

use std::collections::BTreeSet;

use sandbox::{Erp, Shop, erp::Decision};

/// How one registration ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// How often the ERP was told of it.
    pub announced: usize,
    /// What the ERP decided.
    pub decision: Option<Decision>,
    /// The customer that the ERP gave it.
    pub customer: Option<String>,
    /// The application's own word for how far it is.
    pub state: String,
    /// Whether the shop lets the person log in.
    pub active: bool,
    /// The customers that the shop lets the person act for.
    pub customers: Vec<String>,
    /// How many activation mails the shop sent.
    pub mails: usize,
}

impl Ended {
    /// What the shop and the ERP hold, beside the application's own word.
    pub fn of(user_key: &str, state: &str, shop: &Shop, erp: &Erp) -> Self {
        let announced = erp.received_of("registration.created");
        let known = erp.registrations().find(|((_, user), _)| *user == user_key).map(|(_, known)| known);
        let user = shop.user(user_key);
        Self {
            announced: announced.filter(|message| message.data["user_key"] == user_key).count(),
            decision: known.and_then(|known| known.decision.clone()),
            customer: known.and_then(|known| known.customer.clone()),
            state: state.to_owned(),
            active: user.is_some_and(|user| user.active),
            customers: user.map(|user| user.authorised_customers.clone()).unwrap_or_default(),
            mails: shop.mails_to(user_key).count(),
        }
    }

    /// What is not as it should be, in words; nothing if all is well.
    pub fn complaints(&self) -> Vec<String> {
        let approved_customer = self.customer.as_slice();
        let (state, active, customers, mails) = match &self.decision {
            None => return vec!["the ERP has not decided about it".to_owned()],
            Some(Decision::Approve | Decision::Existing(_)) => ("active", true, approved_customer, 1),
            Some(Decision::ApproveWithoutMail) => ("active", true, approved_customer, 0),
            Some(Decision::Reject(_)) => ("rejected", false, &[][..], 0),
        };
        let yes = |yes: bool| if yes { "active" } else { "inactive" }.to_owned();
        let list = |keys: &[String]| if keys.is_empty() { "no customer".to_owned() } else { keys.join(", ") };
        let checks = [
            ("announcements to the ERP", self.announced.to_string(), "1".to_owned()),
            ("the application's state", self.state.clone(), state.to_owned()),
            ("the shop's user", yes(self.active), yes(active)),
            ("the user's customers", list(&self.customers), list(customers)),
            ("activation mails", self.mails.to_string(), mails.to_string()),
        ];
        let wrong = checks.into_iter().filter(|(_, is, should)| is != should);
        wrong.map(|(what, is, should)| format!("{what}: {is}, and should be {should}")).collect()
    }
}

/// What must never happen, whatever the registrations are. `users` are those who registered.
pub fn harm(shop: &Shop, erp: &Erp, users: &[&str]) -> Vec<String> {
    let ours: BTreeSet<&str> = users.iter().copied().collect();
    let overwritten = shop.writes().iter().filter(|write| write.overwrites());
    let overwritten = overwritten.map(|write| format!("{:?} {} was overwritten", write.subject, write.key));
    let locked_out =
        shop.lock_outs().iter().map(|out| format!("the active user {} was made inactive", out.user));
    let strangers = erp.registrations().filter(|((_, user), _)| !ours.contains(user.as_str()));
    let strangers = strangers.map(|((_, user), _)| format!("{user} was announced and never registered"));
    let mails = shop.mails().iter().filter(|mail| !ours.contains(mail.user.as_str()));
    let mails = mails.map(|mail| format!("{} got a mail and never registered", mail.user));
    let violations = erp.violations().iter().cloned();
    overwritten.chain(locked_out).chain(strangers).chain(mails).chain(violations).collect()
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use serde_json::json;

    use super::*;

    fn approved() -> Ended {
        Ended {
            announced: 1,
            decision: Some(Decision::Approve),
            customer: Some("C-20417".to_owned()),
            state: "active".to_owned(),
            active: true,
            customers: vec!["C-20417".to_owned()],
            mails: 1,
        }
    }

    fn rejected() -> Ended {
        Ended {
            decision: Some(Decision::Reject("no".to_owned())),
            customer: None,
            state: "rejected".to_owned(),
            active: false,
            customers: Vec::new(),
            mails: 0,
            ..approved()
        }
    }

    #[test]
    fn what_ended_well_brings_no_complaint() {
        let without_mail = Ended { decision: Some(Decision::ApproveWithoutMail), mails: 0, ..approved() };
        for ended in [approved(), rejected(), without_mail] {
            assert_eq!(ended.complaints(), Vec::<String>::new(), "{ended:?}");
        }
    }

    #[test]
    fn each_thing_that_can_be_wrong_is_named() {
        for (ended, complaint) in [
            (Ended { announced: 2, ..approved() }, "announcements to the ERP: 2, and should be 1"),
            (Ended { announced: 0, ..approved() }, "announcements to the ERP: 0, and should be 1"),
            (Ended { decision: None, ..approved() }, "the ERP has not decided about it"),
            (
                Ended { state: "linked".to_owned(), ..approved() },
                "the application's state: linked, and should be active",
            ),
            (Ended { active: false, ..approved() }, "the shop's user: inactive, and should be active"),
            (
                Ended { customers: vec![], ..approved() },
                "the user's customers: no customer, and should be C-20417",
            ),
            (Ended { mails: 2, ..approved() }, "activation mails: 2, and should be 1"),
            (Ended { mails: 0, ..approved() }, "activation mails: 0, and should be 1"),
            (Ended { mails: 1, ..rejected() }, "activation mails: 1, and should be 0"),
            (Ended { active: true, ..rejected() }, "the shop's user: active, and should be inactive"),
            (
                Ended { customers: vec!["C-1".to_owned()], ..rejected() },
                "the user's customers: C-1, and should be no customer",
            ),
        ] {
            assert_eq!(ended.complaints(), [complaint], "{ended:?}");
        }
    }

    #[test]
    fn an_overwritten_customer_is_harm_and_a_new_one_is_not() {
        let mut shop = Shop::new(1);
        let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u".to_owned();
        let secrets = sandbox::erp::Secrets { incoming: secret.clone(), outgoing: secret };
        let erp = Erp::new(1, secrets, sandbox::erp::Policy::Manual).unwrap();
        let mut put = || shop.put_customer("SHOP", &json!({"key": "C-1", "name": "Voorbeeld"}), Utc::now());
        put();
        put();
        assert_eq!(harm(&shop, &erp, &[]), ["Customer C-1 was overwritten"]);
    }
}
