//! The words in English.

mod notes;
mod warnings;

use shared::{
    detail::{Next, Tries},
    ledger::{Happened, Rewritten, Sent, State},
    link::Mail,
    notice::Notice,
    plausible::{Fault, Mark, Which},
};

use super::{ActWords, DetailWords, FrameWords, ListWords, OverviewWords, RunsWords, SignInWords, Words};

pub static WORDS: Words = Words {
    code: "en",
    frame: FrameWords {
        product: "Onboarding",
        skip: "Skip to the content",
        menu: "Pages",
        overview: "Overview",
        list: "Registrations",
        runs: "Runs",
        sign_out: "Sign out",
        signed_in_as: "Signed in as",
        language: "Language",
        theme: "Colours",
        light: "Light",
        dark: "Dark",
        automatic: "As the system has it",
        ended: "Your session has ended; this page is no longer updated.",
        offline: "No connection: what you see may be out of date. Trying again.",
        sign_in_again: "Sign in again",
        not_found: "There is nothing here",
        not_found_hint: "The address is mistyped, or the registration is not known.",
        forbidden: "You may not do this",
        forbidden_hint: "The token that you signed in with does not cover it, or the page was open for too long. Load the page again, or ask whoever manages the tokens.",
        too_many: "Too many requests",
        too_many_hint: "Wait for a minute and try again. Everybody who uses this token is counted together.",
        bad_request: "That did not work",
        bad_request_hint: "What was sent is not as it should be. Go back and try again.",
        unavailable: "Not available right now",
        unavailable_hint: "The ledger does not answer. Nothing is lost; try again in a moment.",
        setting_hint: "A setting is missing or malformed. Whoever runs this application has to mend it:",
    },
    sign_in: SignInWords {
        title: "Sign in",
        lead: "New customers from the web shop, from registration to active account.",
        token: "Access token",
        token_hint: "You get it from whoever runs this application. It is exchanged for a session and not kept in the browser.",
        enter: "Sign in",
        refused: "That token does not let you in. Check it, and paste all of it.",
        code_refused: "This link has been used, or is older than ten minutes. Ask for a new one, or sign in with a token.",
        too_many: "Too many attempts. Wait for a minute and try again.",
        insecure: "This page was opened over plain http, so a token could be overheard. Open it over https.",
        by_code: "Sign in by this link",
        by_code_lead: "The link is good once, and for ten minutes.",
        what: "A session ends after half an hour without use, and after twelve hours at the latest.",
        moving_on: "Continue",
    },
    overview: OverviewWords {
        title: "Overview",
        warnings: "What needs attention",
        well: "All is well.",
        well_lead: "Last fetched from the shop",
        since: "since",
        funnel: "From registration to active account",
        funnel_lead: "The number is how many wait at this step now; the bar is how many of all have come this far.",
        reached: |count, of| format!("{count} of {of} got here"),
        waits_for: |state| match state {
            State::Seen => "wait to be handed to the ERP",
            State::Announced => "wait for a decision",
            State::Approved => "being written to the shop",
            State::Linked => "wait for the click in the mail",
            State::Active => "can log in",
            State::Rejected | State::Gone | State::Stuck | State::Erased => "",
        },
        aside: "Besides:",
        per_day: "Last 30 days",
        registrations: "registrations",
        activations: "activations",
        duration: "Until active",
        median: |time| format!("half of them within {time}"),
        none_yet: "nobody yet",
        buckets: ["under 1 hour", "under 4 hours", "under 1 day", "under 3 days", "under 7 days", "longer"],
        as_table: "As a table",
        day: "Day",
        how_long: "Time",
        how_many: "Number",
        latest: "Changed last",
        all: "All registrations",
        look_runs: "Look at the runs",
        look_stuck: "Show what is stuck",
        look_undecided: "Show what waits for a decision",
        empty: "No registrations yet",
        empty_steps: [
            "A scheduler calls the fetching every few minutes, or you press “Fetch now” on the page “Runs”.",
            "Nothing is handed to the ERP before POST /start; registrations made before the date that is given there or in start_from are left alone.",
            "As soon as somebody registers in the shop, you see it here, and follow it until the person can log in.",
        ],
    },
    list: ListWords {
        title: "Registrations",
        search: "Search",
        search_hint: "Name, e-mail, company, VAT, key",
        state: "State",
        any_state: "All states",
        origin: "Origin",
        any_origin: "All origins",
        from: "Registered from",
        until: "until",
        sort: "Sorted by",
        filter: "Filter and sort",
        by_changed: "Last change",
        by_unchanged: "Longest unchanged",
        by_first_seen: "Newest first",
        by_oldest: "Oldest first",
        by_company: "Company",
        by_company_back: "Company, from Z to A",
        changed: "Changed",
        first_seen: "Came in",
        company: "Company",
        show: "Show",
        clear: "Clear",
        country: "Country",
        customer: "Customer",
        no_name: "No name yet",
        erased_name: "Erased",
        previous: "Previous",
        next: "Next",
        nothing: "Nothing found",
        nothing_lead: "Each word has to be the beginning of a name, an address or a key. Try fewer words, or another state.",
        keys: "Keys: / searches, j and k or the arrows walk through the list, Enter opens.",
        pages: "Pages of the list",
    },
    detail: DetailWords {
        resend: "Send the mail again",
        relink: "Link to another customer",
        reopen: "Reopen",
        key: "Key",
        came: "came in",
        next: "What happens next",
        actions: "What you can do",
        retry: "Try again",
        approve: "Approve",
        reject: "Reject",
        erase: "Erase personal data",
        entered: "As entered",
        to_check: "To check:",
        nothing_entered: "The profile has not been read yet.",
        erased_lead: "The personal data has been erased.",
        person: "Person",
        company: "Company",
        invoice_address: "Address",
        delivery_address: "Delivery address",
        name: "Name",
        email: "E-mail",
        phone: "Telephone",
        mobile: "Mobile",
        language: "Language",
        vat: "VAT number",
        coc: "Chamber of commerce",
        web: "Website",
        account_code: "Says it is customer",
        attention: "Attention",
        street: "Street",
        number: "Number",
        zip: "Postcode",
        city: "Town",
        country: "Country",
        in_shop: "In the shop",
        customer: "Customer",
        mail: "Activation mail",
        timeline: "What happened",
        by: "by",
        attempts: "Failed tries",
        attempts_lead: "in the words of the shop or the ERP",
        left_out: |count| format!("{count} further tries in between"),
        outcomes: "Told to the ERP",
        updates: "Updated by the ERP",
    },
    act: ActWords {
        resend_title: "Send the activation mail again?",
        resend_lead: "The shop sends the person one more activation mail. Do it when the first one has not arrived or has lapsed.",
        resend_now: "Send again",
        relink_title: "Link to another customer?",
        relink_lead: "The person is linked to this customer, which has to be in the shop already. No mail is sent.",
        relink_now: "Link",
        reopen_title: "Take the rejection back?",
        reopen_lead: "The registration waits for a decision again, and the ERP is told about it again.",
        reopen_now: "Reopen",
        remove: "Remove all other customers",
        remove_hint: "Otherwise the person keeps them as well.",
        cancel: "Cancel",
        retry_title: "Try again?",
        retry_lead: "The next run goes on where this registration stopped. A mail that is known to be out is not sent again. If it is not known, look in the shop first: the person may get a second mail.",
        retry_now: "Try again",
        erase_title: "Erase the personal data?",
        erase_lead: "Name, addresses, messages and reasons are erased here for good; keys, customers, times and the outcome stay. Erase the person in the shop and in the ERP too, in the shop first.",
        erase_sure: "I know that this cannot be undone.",
        erase_now: "Erase for good",
        reject_title: "Reject this registration?",
        reject_lead: "Nothing is written to the shop, and this application sends the person no mail. You can still approve later.",
        reject_now: "Reject",
        reason: "Reason",
        reason_hint: "For colleagues and for the ERP; it stands in the timeline.",
        approve: "Approve",
        approve_title: "Approve by hand",
        wrong: "This cannot be decided as it stands:",
        review: "This is what will happen",
        approve_now: "Approve",
        change: "Or change it",
        which_customer: "Which customer",
        new_customer: "New customer",
        existing_customer: "Existing customer",
        account_code: "The applicant says to be customer",
        account_code_hint: "That is a hint and no proof: check it before you link.",
        customer: "Customer",
        key: "Customer key",
        key_hint: "The key under which the ERP knows the customer; it can never be changed. A customer that the shop has already is never overwritten.",
        existing_hint: "The customer has to be in the shop already. It is linked and not changed.",
        code: "Customer number",
        name: "Name",
        vat: "VAT numbers",
        price_lists: "Price lists",
        main_address: "Address",
        delivery_address: "Delivery address",
        label_name: "Name on the label",
        addition: "Addition",
        then: "And then",
        mail: "Activation mail",
        mail_hint: "The shop sends a mail; the person sets a password and can log in.",
        direct: "Active at once, without a mail",
        direct_hint: "For somebody who has a password already.",
        link_only: "Link only",
        link_only_hint: "The person is linked to the customer and cannot log in yet.",
        to_review: "Check",
        will_write: |key, name| format!("Customer {key}, {name}, is written to the shop."),
        will_write_address: |address| format!("So is the address {address}."),
        will_link: |key| format!("The person is linked to customer {key}."),
        will_link_existing: |key| {
            format!(
                "The person is linked to customer {key}, which is in the shop already and is not changed."
            )
        },
        will_mail: |email| format!("The shop sends the activation mail to {email}."),
        will_activate: "The person can log in at once; no mail is sent.",
        will_only_link: "The person cannot log in yet, and no mail is sent.",
    },
    runs: RunsWords {
        title: "Runs",
        lead: "Each run reads the shop’s lists, hands what is new to the ERP, and carries out what was decided. The last hundred are kept.",
        fetch: "Fetch now",
        none: "There has been no run yet",
        none_lead: "A scheduler calls POST /fetch-new-users every few minutes; “Fetch now” does the same once.",
        number: "no.",
        began: "Began",
        took: "Took",
        result: "Result",
        read: "Read",
        did: "Did",
        nothing: "nothing to do",
        complete: "complete",
        incomplete: "goes on next time",
        failed: "something went wrong",
        pages: |pages, rows| format!("{pages} pages, {rows} rows"),
        new: "new",
        to_erp: "to the ERP",
        would: "would go to the ERP",
        decisions: "decisions carried out",
        refused: "decisions refused",
        active: "became active",
        told: "told to the ERP",
        updated: "customers updated",
        alerts: "alerts",
        stuck: "stuck",
        again: "to try again",
        erased: "erased",
        given_up: "messages given up",
        unreadable: "unreadable rows",
        drifted: "lists to read again",
    },
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    state,
    notice,
    happened,
    next,
    mark,
    mail,
    outcome,
    sent,
    rewritten,
    notes: notes::NOTES,
    span: warnings::span,
    warning: warnings::warning,
};

fn state(state: State) -> &'static str {
    match state {
        State::Seen => "New",
        State::Announced => "With the ERP",
        State::Approved => "Approved",
        State::Linked => "Linked",
        State::Active => "Active",
        State::Rejected => "Rejected",
        State::Gone => "Gone",
        State::Stuck => "Stuck",
        State::Erased => "Erased",
    }
}

fn notice(notice: Notice) -> &'static str {
    match notice {
        Notice::Retried => "It is tried again with the next run.",
        Notice::NothingToRetry => {
            "There was nothing to try again: somebody is at it, or it has gone on meanwhile."
        }
        Notice::Decided => "Your decision is carried out.",
        Notice::Waiting => "Your decision is stored and is being carried out. This page shows how far it is.",
        Notice::Conflict => {
            "Nothing was done: your decision contradicts what has happened meanwhile. Look at the timeline."
        }
        Notice::SentBefore => {
            "Nothing was done: this form was sent before, with something else in it. What counts stands in the timeline; for something new, open it again."
        }
        Notice::Superseded => "Nothing was done: a later decision counts.",
        Notice::Stuck => "Your decision is stored, and got stuck on the way. Below is why.",
        Notice::NotTaken => "Your decision was not taken: something in it is not as it should be.",
        Notice::NoSuchCustomer => "The shop does not have this customer. Check the key.",
        Notice::Erased => "The personal data is erased.",
        Notice::NotNow => {
            "It cannot be erased at this moment: it is being worked on. Try again after the next run."
        }
        Notice::Ran => "A run has just ended.",
        Notice::RanBadly => "A run has just ended, and something went wrong in it. Below is what.",
        Notice::Busy => "Another run is going on; its result will stand here.",
        Notice::OutOfScope => {
            "Nothing was done: the token that you signed in with does not cover that, or the page was open for too long."
        }
        Notice::DryRun => {
            "This is a dry run: nothing was sent. It is kept, and carried out when dry_run is switched off."
        }
        Notice::Failed => "That was not done. Try again in a moment.",
    }
}

fn happened(what: Happened) -> &'static str {
    match what {
        Happened::Seen => "Registered in the shop",
        Happened::Announced => "ERP has taken it in",
        Happened::Changed => "Applicant changed the data",
        Happened::ChangeAnnounced => "ERP has taken in the change",
        Happened::Approved => "Approved",
        Happened::Rejected => "Rejected",
        Happened::Conflict => "A decision came too late",
        Happened::CustomerWritten => "Customer written to the shop",
        Happened::LinkIntended => "About to link the person",
        Happened::Linked => "Person linked",
        Happened::Active => "Person can log in",
        Happened::TryFailed => "A try failed",
        Happened::Stuck => "Stuck: a person has to look",
        Happened::Missing => "The shop did not find the person",
        Happened::Gone => "No longer in the shop",
        Happened::Resumed => "Goes on",
        Happened::Updated => "Customer updated in the shop",
        Happened::UpdateRefused => "Customer could not be updated",
        Happened::Erased => "Personal data erased",
        Happened::MailWanted => "Activation mail asked for once more",
        Happened::RelinkWanted => "Another customer asked for",
        Happened::Restored => "The ledger came back from a backup",
        Happened::Reopened => "Rejection taken back",
    }
}

fn next(next: &Next) -> String {
    match next {
        Next::Nothing => "Nothing: this registration is finished.".to_owned(),
        Next::BeingWorkedOn { .. } => "It is being worked on right now, at the latest until".to_owned(),
        Next::Does { what, .. } => format!("{} with the next run after", tries(*what)),
        Next::Retries { what, failed, most, .. } => {
            format!("{} again: it has failed {failed} of at most {most} times. Next try after", tries(*what))
        }
        Next::AsksWhatBecameOfLink { .. } => {
            "The shop has not answered to the link. It is asked what became of it after".to_owned()
        }
        Next::WaitsForErp { .. } => "The ERP has to decide. It has known about it since".to_owned(),
        Next::WaitsForErpToAsk { .. } => {
            "No ERP is set: it asks by itself, or you decide here. Waiting since".to_owned()
        }
        Next::WaitsForClick { mail: Mail::NotWanted, .. } => {
            "The person is linked and no mail was wanted: somebody makes the user active. Linked since"
                .to_owned()
        }
        Next::WaitsForClick { .. } => {
            "The person has to follow the link in the mail. Linked since".to_owned()
        }
        Next::AsksWhetherGone { .. } => {
            "The shop does not find this person. If it still does not, the registration is gone after"
                .to_owned()
        }
        Next::NeedsPerson { .. } => "Somebody has to look at it. Stuck since".to_owned(),
    }
}

fn tries(what: Tries) -> &'static str {
    match what {
        Tries::ReadShop => "The person is read in the shop",
        Tries::TellErp => "It is handed to the ERP",
        Tries::CarryOut => "The decision is carried out in the shop",
    }
}

fn mark(mark: &Mark) -> String {
    match mark {
        Mark::NoCompany => "No name of a company".to_owned(),
        Mark::NoName => "No name of a person".to_owned(),
        Mark::NoEmail => "No e-mail address: no mail can arrive".to_owned(),
        Mark::Email => "This is no e-mail address".to_owned(),
        Mark::Vat { country, fault: Fault::Form } => format!("Not the form of a VAT number from {country}"),
        Mark::Vat { country, fault: Fault::CheckDigits } => {
            format!("The check digits of this VAT number from {country} do not fit: mistyped or invented")
        }
        Mark::Zip { which: Which::Invoice | Which::Delivery, country } => {
            format!("Not the form of a postcode in {country}")
        }
        Mark::DeliveryCountryAlone => {
            "Of a delivery address there is only the country; deliveries go to this address".to_owned()
        }
    }
}

fn mail(mail: Mail) -> &'static str {
    match mail {
        Mail::NotWanted => "not wanted",
        Mail::Intended => "about to be sent, or sent without an answer",
        Mail::Confirmed => "sent",
        Mail::Presumed => "sent, as far as can be told",
        Mail::Unknown => "not known whether it was sent",
    }
}

fn outcome(kind: &str) -> &'static str {
    match kind {
        "registration.linked" => "Person linked",
        "registration.activated" => "Person active",
        "registration.stuck" => "Registration stuck",
        "decision.refused" => "Decision refused",
        _ => "Outcome",
    }
}

fn rewritten(result: Option<Rewritten>) -> &'static str {
    match result {
        None => "not in the shop yet",
        Some(Rewritten::Done) => "in the shop",
        Some(Rewritten::Refused) => "not in the shop",
    }
}

fn sent(sent: Option<Sent>) -> &'static str {
    match sent {
        None => "not accepted yet",
        Some(Sent::Told) => "accepted",
        Some(Sent::Refused) => "refused",
        Some(Sent::GivenUp) => "given up",
    }
}
