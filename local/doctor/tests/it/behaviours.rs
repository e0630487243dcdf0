//! Each way in which the shop may behave, and what is said about it.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use doctor::Mark;
use sandbox::shop::{
    Behaviour,
    behaviour::{DateFilter, InactiveFilter, ListRows, Order, OverLimit, PathCase, SlashRule, UnknownFilter},
};

use crate::stage::{look, mismatch, plan, served, shop, values};

type Change = fn(&mut Behaviour);
type Setting = (&'static str, &'static str);

/// What is different in the shop, what is set, and what has to be said: the finding, its mark, and words of it.
type Case = (&'static str, Change, &'static [Setting], &'static [(&'static str, Mark, &'static str)]);

const CASES: &[Case] = &[
    (
        "the likeliest shop",
        |_| {},
        &[],
        &[
            ("clock", Mark::Ok, "the same"),
            ("token", Mark::Ok, "given"),
            ("token_life", Mark::Ok, "300 s"),
            ("origin", Mark::Ok, "12 users without a filter, 6 with inactive=true, 6 with registration=new"),
            ("trailing_slash", Mark::Ok, "both forms are taken"),
            ("path_case", Mark::Ok, "/API/ is taken as /api/"),
            ("filter.inactive", Mark::Ok, "only inactive"),
            ("filter.registration", Mark::Ok, "filters"),
            ("filter.created", Mark::Ok, "filters"),
            ("filter.created_time", Mark::Ok, "counts to the second"),
            ("filter.unknown", Mark::Note, "ignored without a word"),
            ("page_limit", Mark::Ok, "12 or more; 100 is set"),
            ("next", Mark::Ok, "names test.cloudsuite.io; only its query is used"),
            ("order", Mark::Ok, "oldest first"),
            ("rows", Mark::Ok, "the whole user"),
            ("user", Mark::Ok, "all that are needed"),
            ("registration_values", Mark::Note, "of active users: (empty) 6; of others: new 6"),
            ("shop_time_zone", Mark::Ok, "Europe/Amsterdam fits: the newest registration is 4 min old"),
            ("profile", Mark::Ok, "read"),
            ("would_announce", Mark::Note, "6 registrations (2026-02: 1, 2026-03: 5)"),
            ("rate", Mark::Ok, "none too many; no answer names a limit"),
        ],
    ),
    (
        "slashes are put right by a redirect, and none is set",
        |shop| shop.slash = SlashRule::Redirect,
        &[("trailing_slash", "never")],
        &[
            ("trailing_slash", Mark::Wrong, "set SPIN_VARIABLE_TRAILING_SLASH=always"),
            // What else can be told is told all the same.
            ("filter.inactive", Mark::Ok, "only inactive"),
            ("would_announce", Mark::Note, "6 registrations"),
        ],
    ),
    (
        "the same, with the documented forms",
        |shop| shop.slash = SlashRule::Redirect,
        &[("trailing_slash", "documented")],
        &[("trailing_slash", Mark::Wrong, "only paths with a slash at the end are taken")],
    ),
    (
        "the same, with a slash",
        |shop| shop.slash = SlashRule::Redirect,
        &[("trailing_slash", "always")],
        &[("trailing_slash", Mark::Ok, "only paths with a slash at the end are taken; always is set")],
    ),
    (
        "no slash is taken",
        |shop| shop.slash = SlashRule::Without,
        &[],
        &[
            ("trailing_slash", Mark::Wrong, "set SPIN_VARIABLE_TRAILING_SLASH=never"),
            ("origin", Mark::Ok, "6 with registration=new"),
            ("path_case", Mark::Ok, "/API/ is taken"),
            ("profile", Mark::Ok, "read"),
        ],
    ),
    (
        "the case counts",
        |shop| shop.case = PathCase::LowerOnly,
        &[],
        &[("path_case", Mark::Ok, "only /api/ is taken"), ("trailing_slash", Mark::Ok, "both forms")],
    ),
    (
        "the case counts, and the documented forms are set",
        |shop| shop.case = PathCase::LowerOnly,
        &[("trailing_slash", "documented")],
        &[
            ("path_case", Mark::Wrong, "set SPIN_VARIABLE_TRAILING_SLASH to always or never"),
            ("trailing_slash", Mark::Wrong, "set SPIN_VARIABLE_TRAILING_SLASH=always"),
        ],
    ),
    (
        "inactive=true lists active users too",
        |shop| shop.inactive = InactiveFilter::Too,
        &[],
        &[
            ("filter.inactive", Mark::Note, "inactive users too"),
            ("would_announce", Mark::Note, "6 registrations (2026-02: 1, 2026-03: 5)"),
        ],
    ),
    (
        "inactive does nothing",
        |shop| shop.missing_filters = ["inactive"].into(),
        &[],
        &[("filter.inactive", Mark::Note, "is ignored: each run reads up to all 12 users")],
    ),
    (
        "registration does nothing",
        |shop| shop.missing_filters = ["registration"].into(),
        &[],
        &[
            ("filter.registration", Mark::Warning, "is ignored: each run reads all 12 users"),
            ("origin", Mark::Ok, "6 with registration=new"),
            ("would_announce", Mark::Note, "6 registrations"),
        ],
    ),
    (
        "create_date__gte does nothing",
        |shop| shop.missing_filters = ["create_date__gte"].into(),
        &[],
        &[
            ("filter.created", Mark::Warning, "narrow the list by user_filter"),
            ("filter.created_time", Mark::Note, "the filter does nothing"),
        ],
    ),
    (
        "of a filter's time only the date counts",
        |shop| shop.date_filter = DateFilter::DateOnly,
        &[],
        &[
            ("filter.created_time", Mark::Note, "only the date counts"),
            ("filter.created", Mark::Ok, "filters"),
        ],
    ),
    (
        "filter values are in UTC, times are not",
        |shop| shop.filter_zone = Some(Tz::UTC),
        &[],
        &[("filter.created_time", Mark::Warning, "keep overlap at 3h or more")],
    ),
    (
        "unknown filters are refused",
        |shop| shop.unknown_filter = UnknownFilter::Refused,
        &[],
        &[
            ("filter.unknown", Mark::Ok, "refused (400 Bad Request)"),
            ("filter.registration", Mark::Ok, "filters"),
        ],
    ),
    (
        "a filter of one's own that fits",
        |_| {},
        &[("user_filter", "language=xx_XX")],
        &[("filter.user_filter", Mark::Ok, "leaves 0 of 6 registrations")],
    ),
    (
        "a filter of one's own that is misspelt",
        |_| {},
        &[("user_filter", "lnaguage=xx_XX")],
        &[("filter.user_filter", Mark::Warning, "changes nothing: 6 registrations with it and without it")],
    ),
    (
        "a filter of one's own that is refused",
        |shop| shop.unknown_filter = UnknownFilter::Refused,
        &[("user_filter", "lnaguage=xx_XX")],
        &[("filter.registration", Mark::Wrong, "check user_filter")],
    ),
    (
        "pages are lowered to five rows",
        |shop| (shop.max_limit, shop.default_limit) = (5, 3),
        &[],
        &[
            (
                "page_limit",
                Mark::Warning,
                "at most 5; 100 is set and lowered without a word | set SPIN_VARIABLE_PAGE_LIMIT=5",
            ),
            ("would_announce", Mark::Note, "6 registrations"),
        ],
    ),
    (
        "larger pages are refused",
        |shop| (shop.max_limit, shop.default_limit, shop.over_limit) = (5, 3, OverLimit::Refused),
        &[],
        &[(
            "page_limit",
            Mark::Wrong,
            "1000 is refused; 100 is set, and brings 400 Bad Request, with JSON that names limit | set SPIN_VARIABLE_PAGE_LIMIT=3",
        )],
    ),
    (
        "pages are as large as one likes",
        |shop| shop.max_limit = 5000,
        &[("page_limit", "10")],
        &[("page_limit", Mark::Ok, "12 or more; 10 is set")],
    ),
    (
        "next names the host that was called",
        |shop| shop.next_host = None,
        &[],
        &[("next", Mark::Ok, "the same host")],
    ),
    (
        "new ones come first",
        |shop| shop.order = Order::NewestFirst,
        &[],
        &[("order", Mark::Note, "newest first"), ("shop_time_zone", Mark::Ok, "4 min old")],
    ),
    (
        "there is no order",
        |shop| shop.order = Order::Mixed,
        &[],
        &[
            ("order", Mark::Note, "not by the time of registration"),
            ("shop_time_zone", Mark::Ok, "4 min old"),
        ],
    ),
    (
        "rows are a short form",
        |shop| shop.list_rows = ListRows::Short,
        &[],
        &[
            ("rows", Mark::Note, "without authorised_customers; each one that is new costs a call more"),
            ("would_announce", Mark::Note, "6 registrations"),
        ],
    ),
    (
        "times are in UTC",
        |shop| shop.zone = Tz::UTC,
        &[],
        &[(
            "shop_time_zone",
            Mark::Note,
            "cannot be told: the newest registration is 1 h 4 min old | register a test user",
        )],
    ),
    (
        "times are in UTC, and so is the setting",
        |shop| shop.zone = Tz::UTC,
        &[("shop_time_zone", "UTC")],
        &[("shop_time_zone", Mark::Ok, "UTC fits")],
    ),
    (
        "times are Amsterdam's, and UTC is set",
        |_| {},
        &[("shop_time_zone", "UTC")],
        &[(
            "shop_time_zone",
            Mark::Wrong,
            "56 min in the future | set SPIN_VARIABLE_SHOP_TIME_ZONE to the one of these where the shop is: Europe/Amsterdam",
        )],
    ),
    (
        "tokens live for half a minute",
        |shop| shop.token_seconds = 30,
        &[],
        &[("token_life", Mark::Warning, "30 s: nearly every run asks for a new one")],
    ),
    (
        "active users keep a word",
        |shop| "done".clone_into(&mut shop.registration_after),
        &[],
        &[("registration_values", Mark::Note, "of active users: done 6; of others: new 6")],
    ),
    (
        "an origin of another name",
        |_| {},
        &[("origins", "B2B")],
        &[("origin", Mark::Wrong, "404 Not Found, with JSON that names detail | check origins")],
    ),
    (
        "nothing is to be announced yet",
        |_| {},
        &[("start_from", "")],
        &[
            ("would_announce", Mark::Note, "nothing, until start_from is set; then at most 6 registrations"),
            ("setting.start_from", Mark::Warning, "nothing is announced"),
        ],
    ),
    (
        "most of them are too old",
        |_| {},
        &[("start_from", "2026-03-02T12:00:00")],
        &[("would_announce", Mark::Note, "1 registration (2026-03: 1); 5 older than start_from")],
    ),
];

#[tokio::test]
async fn each_behaviour_of_the_shop_has_its_advice() {
    let mut wrong = Vec::new();
    for (name, change, set, wanted) in CASES {
        let mut behaviour = Behaviour::default();
        change(&mut behaviour);
        let served = served(shop(behaviour)).await;
        let mut values: BTreeMap<_, _> = values(&served.url());
        values.extend(set.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let seen = look(&values, &plan()).await;
        for (id, mark, words) in *wanted {
            wrong.extend(mismatch(&seen.findings, id, *mark, words).map(|what| format!("{name}: {what}")));
        }
        assert!(served.lock().writes().is_empty(), "{name}: nothing may be written");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
