//! What is wrong, and what to do about it.

use chrono::TimeDelta;
use shared::overview::{How, Side, Warning};

use crate::words::listed;

/// A length of time, as one says it.
pub fn span(time: TimeDelta) -> String {
    let (minutes, hours, days) = (time.num_minutes(), time.num_hours(), time.num_days());
    match (minutes, hours, days) {
        (..2, ..) => "een minuut".to_owned(),
        (_, ..2, _) => format!("{minutes} minuten"),
        (.., ..2) => format!("{hours} uur"),
        _ => format!("{days} dagen"),
    }
}

/// What is wrong, and what to do about it.
pub fn warning(warning: &Warning) -> (String, &'static str) {
    match warning {
        Warning::NoTick => (
            "Er is nog niets opgehaald.".to_owned(),
            "Laat een planner om de paar minuten POST /fetch-new-users aanroepen, of druk op “Nu ophalen”.",
        ),
        Warning::Ledger { .. } => (
            "Het grootboek haperde in de laatste ronde.".to_owned(),
            "Kijk naar de schijf waarop het staat: is die vol, of weg? Er is niets verloren; de volgende ronde gaat verder.",
        ),
        Warning::Down { side, how, .. } => {
            let side = match side {
                Side::Shop => "De shop",
                Side::Erp => "Het ERP",
            };
            (format!("{side} {}", does(*how)), to_do(*how))
        }
        Warning::NoScan { origin } => (
            format!("{origin} is nog nooit helemaal gelezen."),
            "Kijk naar de laatste rondes: daar staat wat het verhindert.",
        ),
        Warning::ScanStale { origin, limit, .. } => (
            format!("{origin} is langer dan {} niet helemaal gelezen.", span(*limit)),
            "Roept de planner nog aan? Zo ja, dan staat bij de laatste rondes wat het verhindert.",
        ),
        Warning::Stuck { count: 1, .. } => (
            "Eén registratie is vastgelopen.".to_owned(),
            "Die wacht op een mens: lees de reden, herstel het in de shop of het ERP, en laat het opnieuw proberen.",
        ),
        Warning::Stuck { count, .. } => (
            format!("{count} registraties zijn vastgelopen."),
            "Die wachten op een mens: lees de redenen, herstel het in de shop of het ERP, en laat het opnieuw proberen.",
        ),
        Warning::Undecided { limit, .. } => (
            format!("Een registratie wacht langer dan {} op een besluit.", span(*limit)),
            "Besluit in het ERP, of keur hier goed of wijs hier af.",
        ),
        Warning::InboxWaits { count, .. } => (
            format!("Besluiten zijn opgeslagen en nog niet uitgevoerd: {count}."),
            "De volgende ronde voert ze uit. Roept de planner nog aan?",
        ),
        Warning::NotStarted { origins, waiting } => (
            format!("Van {} gaat nog niets naar het ERP; {waiting} registraties wachten.", listed(origins)),
            "Controleer het aantal en start met POST /start, met de datum vanaf wanneer registraties doorgaan.",
        ),
        Warning::DryRun => (
            "Dit is proefdraaien: er gaat niets naar de webshop of het ERP.".to_owned(),
            "Besluiten blijven bewaard en worden uitgevoerd zodra dry_run uit staat.",
        ),
    }
}

fn does(how: How) -> &'static str {
    match how {
        How::NoAnswer => "antwoordt niet.",
        How::KeepsUsOut => "laat ons niet binnen.",
        How::Refuses => "weigert wat wordt gevraagd.",
        How::Fails => "hapert zelf.",
        How::Other => "werkt niet mee.",
    }
}

fn to_do(how: How) -> &'static str {
    match how {
        How::NoAnswer => {
            "Staat het aan, en klopt de host in de instellingen? Elke ronde probeert het opnieuw; er is niets verloren."
        }
        How::KeepsUsOut => "Kijk naar de inloggegevens in de instellingen: zijn die verlopen of gewijzigd?",
        How::Refuses => "Kijk naar host en pad in de instellingen: misschien is een adres gewijzigd.",
        How::Fails => "Meld het aan wie het beheert. Elke ronde probeert het opnieuw; er is niets verloren.",
        How::Other => "Kijk naar de laatste rondes: daar staat wat er is gezien.",
    }
}
