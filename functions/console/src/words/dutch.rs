//! The words in Dutch.

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
    code: "nl",
    frame: FrameWords {
        product: "Onboarding",
        skip: "Naar de inhoud",
        menu: "Pagina’s",
        overview: "Overzicht",
        list: "Registraties",
        runs: "Ophaalrondes",
        sign_out: "Afmelden",
        signed_in_as: "Aangemeld als",
        language: "Taal",
        theme: "Kleuren",
        light: "Licht",
        dark: "Donker",
        automatic: "Zoals het systeem",
        ended: "Uw sessie is afgelopen; deze pagina wordt niet meer bijgewerkt.",
        offline: "Geen verbinding: wat u ziet kan verouderd zijn. Er wordt opnieuw geprobeerd.",
        sign_in_again: "Opnieuw aanmelden",
        not_found: "Hier is niets",
        not_found_hint: "Het adres klopt niet, of de registratie is niet bekend.",
        forbidden: "Dit mag u niet",
        forbidden_hint: "Het token waarmee u bent aangemeld staat dit niet toe, of de pagina stond te lang open. Laad de pagina opnieuw, of vraag het aan wie de tokens beheert.",
        too_many: "Te veel verzoeken",
        too_many_hint: "Wacht een minuut en probeer het opnieuw. Iedereen met dit token telt samen.",
        bad_request: "Dat is niet gelukt",
        bad_request_hint: "Wat is verstuurd klopt niet. Ga terug en probeer het opnieuw.",
        unavailable: "Nu even niet beschikbaar",
        unavailable_hint: "Het grootboek antwoordt niet. Er is niets verloren; probeer het zo opnieuw.",
        setting_hint: "Een instelling ontbreekt of klopt niet. Wie deze toepassing beheert moet dat herstellen:",
    },
    sign_in: SignInWords {
        title: "Aanmelden",
        lead: "Nieuwe klanten uit de webshop, van registratie tot actief account.",
        token: "Toegangstoken",
        token_hint: "U krijgt het van wie deze toepassing beheert. Het wordt ingewisseld voor een sessie en niet in de browser bewaard.",
        enter: "Aanmelden",
        refused: "Dit token geeft geen toegang. Controleer het en plak het in zijn geheel.",
        code_refused: "Deze link is al gebruikt of ouder dan tien minuten. Vraag een nieuwe, of meld u aan met een token.",
        too_many: "Te veel pogingen. Wacht een minuut en probeer het opnieuw.",
        insecure: "Deze pagina is via onbeveiligd http geopend; een token kan worden afgeluisterd. Open de pagina via https.",
        by_code: "Aanmelden met deze link",
        by_code_lead: "De link werkt één keer, en tien minuten lang.",
        what: "Een sessie eindigt na een half uur zonder gebruik, en uiterlijk na twaalf uur.",
        moving_on: "Verder",
    },
    overview: OverviewWords {
        title: "Overzicht",
        warnings: "Wat aandacht nodig heeft",
        well: "Alles loopt.",
        well_lead: "Voor het laatst uit de shop opgehaald",
        since: "sinds",
        funnel: "Van registratie tot actief account",
        funnel_lead: "Het getal is hoeveel er nu op deze stap wachten; de balk is hoeveel van alle registraties zo ver zijn gekomen.",
        reached: |count, of| format!("{count} van {of} zover"),
        waits_for: |state| match state {
            State::Seen => "wachten op overdracht aan het ERP",
            State::Announced => "wachten op een besluit",
            State::Approved => "worden in de shop verwerkt",
            State::Linked => "wachten op de klik in de mail",
            State::Active => "kunnen inloggen",
            State::Rejected | State::Gone | State::Stuck | State::Erased => "",
        },
        aside: "Daarnaast:",
        per_day: "Laatste 30 dagen",
        registrations: "registraties",
        activations: "activaties",
        duration: "Tot actief",
        median: |time| format!("de helft binnen {time}"),
        none_yet: "nog niemand",
        buckets: [
            "binnen 1 uur",
            "binnen 4 uur",
            "binnen 1 dag",
            "binnen 3 dagen",
            "binnen 7 dagen",
            "langer",
        ],
        as_table: "Als tabel",
        day: "Dag",
        how_long: "Tijd",
        how_many: "Aantal",
        latest: "Laatst gewijzigd",
        all: "Alle registraties",
        look_runs: "Bekijk de rondes",
        look_stuck: "Toon wat is vastgelopen",
        look_undecided: "Toon wat op een besluit wacht",
        empty: "Nog geen registraties",
        empty_steps: [
            "Een planner haalt om de paar minuten op, of u drukt op “Nu ophalen” op de pagina “Ophaalrondes”.",
            "Er gaat niets naar het ERP vóór POST /start; registraties van vóór de datum die daar of in start_from staat blijven ongemoeid.",
            "Zodra iemand zich in de shop registreert, ziet u het hier, en volgt u het tot die persoon kan inloggen.",
        ],
    },
    list: ListWords {
        title: "Registraties",
        search: "Zoeken",
        search_hint: "Naam, e-mail, bedrijf, btw, sleutel",
        state: "Status",
        any_state: "Alle statussen",
        origin: "Herkomst",
        any_origin: "Alle herkomsten",
        from: "Geregistreerd vanaf",
        until: "tot en met",
        sort: "Gesorteerd op",
        filter: "Filteren en sorteren",
        by_changed: "Laatste wijziging",
        by_unchanged: "Langst niet gewijzigd",
        by_first_seen: "Nieuwste eerst",
        by_oldest: "Oudste eerst",
        by_company: "Bedrijf",
        by_company_back: "Bedrijf, van Z tot A",
        changed: "Gewijzigd",
        first_seen: "Binnengekomen",
        company: "Bedrijf",
        show: "Tonen",
        clear: "Wissen",
        country: "Land",
        customer: "Klant",
        no_name: "Nog geen naam",
        erased_name: "Gewist",
        previous: "Vorige",
        next: "Volgende",
        nothing: "Niets gevonden",
        nothing_lead: "Elk woord moet het begin zijn van een naam, een adres of een sleutel. Probeer minder woorden, of een andere status.",
        keys: "Toetsen: / zoekt, j en k of de pijltjes lopen door de lijst, Enter opent.",
        pages: "Pagina’s van de lijst",
    },
    detail: DetailWords {
        resend: "Mail opnieuw sturen",
        relink: "Aan een andere klant koppelen",
        reopen: "Heropenen",
        key: "Sleutel",
        came: "binnengekomen",
        next: "Wat er nu gebeurt",
        actions: "Wat u kunt doen",
        retry: "Opnieuw proberen",
        approve: "Goedkeuren",
        reject: "Afwijzen",
        erase: "Persoonsgegevens wissen",
        entered: "Zoals ingevuld",
        to_check: "Nakijken:",
        nothing_entered: "Het profiel is nog niet gelezen.",
        erased_lead: "De persoonsgegevens zijn gewist.",
        person: "Persoon",
        company: "Bedrijf",
        invoice_address: "Adres",
        delivery_address: "Afleveradres",
        name: "Naam",
        email: "E-mail",
        phone: "Telefoon",
        mobile: "Mobiel",
        language: "Taal",
        vat: "Btw-nummer",
        coc: "KvK-nummer",
        web: "Website",
        account_code: "Zegt klant te zijn",
        attention: "T.a.v.",
        street: "Straat",
        number: "Nummer",
        zip: "Postcode",
        city: "Plaats",
        country: "Land",
        in_shop: "In de shop",
        customer: "Klant",
        mail: "Activatiemail",
        timeline: "Wat er is gebeurd",
        by: "door",
        attempts: "Mislukte pogingen",
        attempts_lead: "in de woorden van de shop of het ERP",
        left_out: |count| format!("{count} andere pogingen daartussen"),
        outcomes: "Gemeld aan het ERP",
        updates: "Bijgewerkt door het ERP",
    },
    act: ActWords {
        resend_title: "De activatiemail opnieuw sturen?",
        resend_lead: "De shop stuurt de persoon nog een activatiemail. Doe dit als de eerste niet is aangekomen of is verlopen.",
        resend_now: "Opnieuw sturen",
        relink_title: "Aan een andere klant koppelen?",
        relink_lead: "De persoon wordt gekoppeld aan deze klant, die al in de shop moet staan. Er gaat geen mail uit.",
        relink_now: "Koppelen",
        reopen_title: "De afwijzing terugdraaien?",
        reopen_lead: "De registratie wacht opnieuw op een besluit, en het ERP krijgt er opnieuw bericht van.",
        reopen_now: "Heropenen",
        remove: "Alle andere klanten verwijderen",
        remove_hint: "Anders houdt de persoon die ook.",
        cancel: "Annuleren",
        retry_title: "Opnieuw proberen?",
        retry_lead: "De volgende ronde gaat verder waar deze registratie bleef steken. Een mail waarvan bekend is dat die weg is, wordt niet opnieuw verstuurd. Is dat niet bekend, kijk dan eerst in de shop: de persoon kan anders een tweede mail krijgen.",
        retry_now: "Opnieuw proberen",
        erase_title: "Persoonsgegevens wissen?",
        erase_lead: "Naam, adressen, berichten en redenen worden hier voorgoed gewist; sleutels, klanten, tijden en de uitkomst blijven. Wis de persoon ook in de shop en in het ERP, eerst in de shop.",
        erase_sure: "Ik weet dat dit niet ongedaan kan worden gemaakt.",
        erase_now: "Voorgoed wissen",
        reject_title: "Deze registratie afwijzen?",
        reject_lead: "Er wordt niets in de shop gezet en deze toepassing stuurt de persoon geen mail. U kunt later alsnog goedkeuren.",
        reject_now: "Afwijzen",
        reason: "Reden",
        reason_hint: "Voor collega’s en voor het ERP; de reden staat in de tijdlijn.",
        approve: "Goedkeuren",
        approve_title: "Handmatig goedkeuren",
        wrong: "Zo kan dit niet worden besloten:",
        review: "Dit gaat er gebeuren",
        approve_now: "Goedkeuren",
        change: "Of wijzig het",
        which_customer: "Welke klant",
        new_customer: "Nieuwe klant",
        existing_customer: "Bestaande klant",
        account_code: "De aanvrager zegt klant te zijn:",
        account_code_hint: "Dat is een aanwijzing en geen bewijs: controleer het voordat u koppelt.",
        customer: "Klant",
        key: "Klantsleutel",
        key_hint: "De sleutel waaronder het ERP de klant kent; die kan nooit meer worden gewijzigd. Een klant die de shop al heeft, wordt nooit overschreven.",
        existing_hint: "De klant moet al in de shop staan. Die wordt gekoppeld en niet gewijzigd.",
        code: "Klantnummer",
        name: "Naam",
        vat: "Btw-nummers",
        price_lists: "Prijslijsten",
        main_address: "Adres",
        delivery_address: "Afleveradres",
        label_name: "Naam op het etiket",
        addition: "Toevoeging",
        then: "En dan",
        mail: "Activatiemail",
        mail_hint: "De shop stuurt een mail; de persoon kiest een wachtwoord en kan inloggen.",
        direct: "Direct actief, zonder mail",
        direct_hint: "Voor iemand die al een wachtwoord heeft.",
        link_only: "Alleen koppelen",
        link_only_hint: "De persoon wordt aan de klant gekoppeld en kan nog niet inloggen.",
        to_review: "Controleren",
        will_write: |key, name| format!("Klant {key}, {name}, wordt in de shop gezet."),
        will_write_address: |address| format!("Net als het adres {address}."),
        will_link: |key| format!("De persoon wordt gekoppeld aan klant {key}."),
        will_link_existing: |key| {
            format!(
                "De persoon wordt gekoppeld aan klant {key}, die al in de shop staat en niet wordt gewijzigd."
            )
        },
        will_mail: |email| format!("De shop stuurt de activatiemail naar {email}."),
        will_activate: "De persoon kan direct inloggen; er gaat geen mail uit.",
        will_only_link: "De persoon kan nog niet inloggen, en er gaat geen mail uit.",
    },
    runs: RunsWords {
        title: "Ophaalrondes",
        lead: "Elke ronde leest de lijsten van de shop, geeft wat nieuw is door aan het ERP en voert uit wat is besloten. De laatste honderd worden bewaard.",
        fetch: "Nu ophalen",
        none: "Er is nog niet opgehaald",
        none_lead: "Een planner roept om de paar minuten POST /fetch-new-users aan; “Nu ophalen” doet hetzelfde één keer.",
        number: "nr.",
        began: "Begonnen",
        took: "Duur",
        result: "Resultaat",
        read: "Gelezen",
        did: "Gedaan",
        nothing: "niets te doen",
        complete: "volledig",
        incomplete: "gaat de volgende keer verder",
        failed: "er ging iets mis",
        pages: |pages, rows| format!("{pages} pagina’s, {rows} regels"),
        new: "nieuw",
        to_erp: "naar het ERP",
        would: "zouden naar het ERP gaan",
        decisions: "besluiten uitgevoerd",
        refused: "besluiten geweigerd",
        active: "actief geworden",
        told: "gemeld aan het ERP",
        updated: "klanten bijgewerkt",
        alerts: "waarschuwingen",
        stuck: "vastgelopen",
        again: "opnieuw te proberen",
        erased: "gewist",
        given_up: "berichten opgegeven",
        unreadable: "onleesbare regels",
        drifted: "lijsten opnieuw te lezen",
    },
    months: ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
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
        State::Seen => "Nieuw",
        State::Announced => "Bij het ERP",
        State::Approved => "Goedgekeurd",
        State::Linked => "Gekoppeld",
        State::Active => "Actief",
        State::Rejected => "Afgewezen",
        State::Gone => "Verdwenen",
        State::Stuck => "Vastgelopen",
        State::Erased => "Gewist",
    }
}

fn notice(notice: Notice) -> &'static str {
    match notice {
        Notice::Retried => "Bij de volgende ronde wordt het opnieuw geprobeerd.",
        Notice::NothingToRetry => {
            "Er viel niets opnieuw te proberen: er wordt aan gewerkt, of het is intussen verder."
        }
        Notice::Decided => "Uw besluit is uitgevoerd.",
        Notice::Waiting => {
            "Uw besluit is opgeslagen en wordt uitgevoerd. Op deze pagina ziet u hoe ver het is."
        }
        Notice::Conflict => {
            "Er is niets gedaan: uw besluit botst met wat intussen is gebeurd. Kijk in de tijdlijn."
        }
        Notice::SentBefore => {
            "Er is niets gedaan: dit formulier is al eerder verstuurd, met iets anders erin. Wat geldt, staat in de tijdlijn; voor iets nieuws opent u het opnieuw."
        }
        Notice::Superseded => "Er is niets gedaan: een later besluit geldt.",
        Notice::Stuck => "Uw besluit is opgeslagen en onderweg vastgelopen. Hieronder staat waarom.",
        Notice::NotTaken => "Uw besluit is niet aangenomen: er klopt iets niet.",
        Notice::NoSuchCustomer => "De webshop kent deze klant niet. Controleer de sleutel.",
        Notice::Erased => "De persoonsgegevens zijn gewist.",
        Notice::NotNow => {
            "Wissen kan nu niet: er wordt aan gewerkt. Probeer het na de volgende ronde opnieuw."
        }
        Notice::Ran => "Er is zojuist opgehaald.",
        Notice::RanBadly => "Er is zojuist opgehaald, en daarbij ging iets mis. Hieronder staat wat.",
        Notice::Busy => "Er loopt al een ronde; het resultaat komt hier te staan.",
        Notice::OutOfScope => {
            "Er is niets gedaan: het token waarmee u bent aangemeld staat dat niet toe, of de pagina stond te lang open."
        }
        Notice::DryRun => {
            "Dit is proefdraaien: er is niets verstuurd. Het blijft bewaard en wordt uitgevoerd zodra dry_run uit staat."
        }
        Notice::Failed => "Dat is niet gedaan. Probeer het zo opnieuw.",
    }
}

fn happened(what: Happened) -> &'static str {
    match what {
        Happened::Seen => "Geregistreerd in de shop",
        Happened::Announced => "ERP heeft de registratie aangenomen",
        Happened::Changed => "Aanvrager heeft gegevens gewijzigd",
        Happened::ChangeAnnounced => "ERP heeft de wijziging aangenomen",
        Happened::Approved => "Goedgekeurd",
        Happened::Rejected => "Afgewezen",
        Happened::Conflict => "Een besluit kwam te laat",
        Happened::CustomerWritten => "Klant in de shop gezet",
        Happened::LinkIntended => "Koppelen begint",
        Happened::Linked => "Persoon gekoppeld",
        Happened::Active => "Persoon kan inloggen",
        Happened::TryFailed => "Een poging mislukte",
        Happened::Stuck => "Vastgelopen: iemand moet kijken",
        Happened::Missing => "De shop vond de persoon niet",
        Happened::Gone => "Niet meer in de shop",
        Happened::Resumed => "Gaat verder",
        Happened::Updated => "Klant bijgewerkt in de shop",
        Happened::UpdateRefused => "Klant kon niet worden bijgewerkt",
        Happened::Erased => "Persoonsgegevens gewist",
        Happened::MailWanted => "Opnieuw om de activatiemail gevraagd",
        Happened::RelinkWanted => "Om een andere klant gevraagd",
        Happened::Restored => "Het grootboek is uit een back-up teruggezet",
        Happened::Reopened => "Afwijzing teruggedraaid",
    }
}

fn next(next: &Next) -> String {
    match next {
        Next::Nothing => "Niets: deze registratie is afgerond.".to_owned(),
        Next::BeingWorkedOn { .. } => "Er wordt nu aan gewerkt, uiterlijk tot".to_owned(),
        Next::Does { what, .. } => format!("{} bij de volgende ronde na", tries(*what)),
        Next::Retries { what, failed, most, .. } => {
            format!("{}, opnieuw: dat is {failed} van hooguit {most} keer mislukt. Volgende poging na", tries(*what))
        }
        Next::AsksWhatBecameOfLink { .. } => {
            "De shop heeft niet geantwoord op het koppelen. Wat ervan is geworden wordt nagevraagd na".to_owned()
        }
        Next::WaitsForErp { .. } => "Het ERP moet besluiten. Het kent de registratie sinds".to_owned(),
        Next::WaitsForErpToAsk { .. } => {
            "Er is geen ERP ingesteld: dat vraagt er zelf om, of u besluit hier. Wacht sinds".to_owned()
        }
        Next::WaitsForClick { mail: Mail::NotWanted, .. } => {
            "De persoon is gekoppeld en er was geen mail gewenst: iemand maakt de gebruiker actief. Gekoppeld sinds".to_owned()
        }
        Next::WaitsForClick { .. } => "De persoon moet op de link in de mail klikken. Gekoppeld sinds".to_owned(),
        Next::AsksWhetherGone { .. } => {
            "De shop vindt deze persoon niet. Blijft dat zo, dan is de registratie verdwenen na".to_owned()
        }
        Next::NeedsPerson { .. } => "Iemand moet ernaar kijken. Vastgelopen sinds".to_owned(),
    }
}

fn tries(what: Tries) -> &'static str {
    match what {
        Tries::ReadShop => "De persoon wordt in de shop gelezen",
        Tries::TellErp => "De registratie gaat naar het ERP",
        Tries::CarryOut => "Het besluit wordt in de shop uitgevoerd",
    }
}

fn mark(mark: &Mark) -> String {
    match mark {
        Mark::NoCompany => "Geen bedrijfsnaam".to_owned(),
        Mark::NoName => "Geen naam van een persoon".to_owned(),
        Mark::NoEmail => "Geen e-mailadres: er kan geen mail aankomen".to_owned(),
        Mark::Email => "Dit is geen e-mailadres".to_owned(),
        Mark::Vat { country, fault: Fault::Form } => format!("Niet de vorm van een btw-nummer uit {country}"),
        Mark::Vat { country, fault: Fault::CheckDigits } => {
            format!(
                "De controlecijfers van dit btw-nummer uit {country} kloppen niet: verschreven of verzonnen"
            )
        }
        Mark::Zip { which: Which::Invoice | Which::Delivery, country } => {
            format!("Niet de vorm van een postcode in {country}")
        }
        Mark::DeliveryCountryAlone => {
            "Van een afleveradres is er alleen het land; leveringen gaan naar dit adres".to_owned()
        }
    }
}

fn mail(mail: Mail) -> &'static str {
    match mail {
        Mail::NotWanted => "niet gewenst",
        Mail::Intended => "staat op het punt te gaan, of is verstuurd zonder antwoord",
        Mail::Confirmed => "verstuurd",
        Mail::Presumed => "verstuurd, voor zover bekend",
        Mail::Unknown => "onbekend of die is verstuurd",
    }
}

fn outcome(kind: &str) -> &'static str {
    match kind {
        "registration.linked" => "Persoon gekoppeld",
        "registration.activated" => "Persoon actief",
        "registration.stuck" => "Registratie vastgelopen",
        "decision.refused" => "Besluit geweigerd",
        _ => "Uitkomst",
    }
}

fn rewritten(result: Option<Rewritten>) -> &'static str {
    match result {
        None => "nog niet in de shop",
        Some(Rewritten::Done) => "in de shop",
        Some(Rewritten::Refused) => "niet in de shop",
    }
}

fn sent(sent: Option<Sent>) -> &'static str {
    match sent {
        None => "nog niet aangenomen",
        Some(Sent::Told) => "aangenomen",
        Some(Sent::Refused) => "geweigerd",
        Some(Sent::GivenUp) => "opgegeven",
    }
}
