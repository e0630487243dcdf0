//! What the model notes, in Dutch.

use crate::said::Known;

pub static NOTES: &[Known] = &[
    (
        "the customer or one of its addresses was written for another registration: approve with existing: true to link it",
        "de klant of een adres ervan is voor een andere registratie gemaakt: keur goed met “Bestaande klant” om te koppelen",
    ),
    (
        "customer {} exists in the shop already, and is not overwritten: approve with existing: true to link it",
        "klant {} staat al in de shop en wordt niet overschreven: keur goed met “Bestaande klant” om te koppelen",
    ),
    (
        "customer {} does not exist in the shop, although the decision says so",
        "klant {} staat niet in de shop, hoewel het besluit dat zegt",
    ),
    (
        "address {} exists in the shop already, and is not overwritten: give it another key",
        "adres {} staat al in de shop en wordt niet overschreven: geef het een andere sleutel",
    ),
    (
        "customer {} was not made for this registration, and is left alone",
        "klant {} is niet voor deze registratie gemaakt en blijft zoals hij is",
    ),
    ("customer {} was made for another registration", "klant {} is voor een andere registratie gemaakt"),
    ("address {} was made for another registration", "adres {} is voor een andere registratie gemaakt"),
    (
        "customer {} has not been written for certain: approve again",
        "het is niet zeker dat klant {} in de shop is gezet: keur opnieuw goed",
    ),
    (
        "customer {} was not made by this application, which leaves it alone",
        "klant {} is niet door deze toepassing gemaakt en blijft zoals hij is",
    ),
    ("customer {} instead of others: {}", "klant {} in plaats van andere: {}"),
    ("customer {} beside others: {}", "klant {} naast andere: {}"),
    ("mail triggered", "activatiemail verstuurd"),
    (
        "mail presumed: the call was done, its answer was lost",
        "activatiemail verstuurd, voor zover bekend: het antwoord van de shop is verloren gegaan",
    ),
    ("mail unknown", "onbekend of de activatiemail is verstuurd"),
    ("its mail is out already", "de mail was al verstuurd"),
    (
        "the user is active already: linked without a mail",
        "de persoon kan al inloggen: gekoppeld zonder mail",
    ),
    ("not by this application", "niet door deze toepassing"),
    ("the shop does not have the user (any more)", "de shop heeft deze persoon niet (meer)"),
    (
        "erp_host is not set: it waits for the ERP to ask",
        "er is geen ERP ingesteld: het wacht tot het ERP ernaar vraagt",
    ),
    (
        "the applicant has changed the data since it was reviewed: review and decide again",
        "de aanvrager heeft de gegevens gewijzigd sinds de beoordeling: beoordeel en besluit opnieuw",
    ),
    (
        "the user is no open registration: it is active, linked already, or made by the ERP",
        "dit is geen open registratie: de persoon is al actief of gekoppeld, of door het ERP gemaakt",
    ),
    (
        "linked elsewhere, mail unknown: check in the shop whether the person can log in",
        "elders gekoppeld, onbekend of er een mail is verstuurd: kijk in de shop of de persoon kan inloggen",
    ),
    (
        "the shop does not show whether the user is active, so no mail can be sent without risk: link it in the shop",
        "de shop laat niet zien of de persoon actief is, dus een mail is riskant: koppel in de shop",
    ),
    (
        "the shop kept the customers that were to be removed: remove them in the shop",
        "de shop heeft de klanten gehouden die weg moesten: verwijder ze in de shop",
    ),
    (
        "the decision has no addresses, and the user has no profile to take them from",
        "het besluit heeft geen adressen, en er is geen profiel om ze uit te halen",
    ),
    ("its decision is not in the inbox: decide again", "het besluit is niet meer te vinden: besluit opnieuw"),
    (
        "the shop has no profile for this user: ask the applicant to register again",
        "de shop heeft geen profiel van deze persoon: vraag de aanvrager zich opnieuw te registreren",
    ),
    ("the user has been linked to a customer already", "de persoon is al aan een klant gekoppeld"),
    (
        "the user has been linked to {} already: removing that needs replace: true",
        "de persoon is al aan {} gekoppeld; dat wordt niet ongedaan gemaakt",
    ),
    (
        "the decision has no addresses, and none can be named after the customer: {}",
        "het besluit heeft geen adressen, en de klantsleutel is te lang voor die van een adres: {}",
    ),
    (
        "linked before, mail unknown: ask the person whether a new one has come before you retry it",
        "al eerder gekoppeld, onbekend of er een mail is verstuurd: vraag de persoon of er een nieuwe is gekomen voordat u het opnieuw probeert",
    ),
    ("the user can log in already: nothing was changed", "de persoon kan al inloggen: er is niets gewijzigd"),
    (
        "given up after {} tries in a row since {}: {}. Retry it when the cause is mended",
        "opgegeven na {} mislukte pogingen op rij sinds {}: {}. Probeer het opnieuw zodra de oorzaak is verholpen",
    ),
    (
        "given up after {} tries in a row since {}: {}",
        "opgegeven na {} mislukte pogingen op rij sinds {}: {}",
    ),
    ("the ERP refused the registration: {}", "het ERP heeft de registratie geweigerd: {}"),
    (
        "the ERP's answer to {} decides on another registration: decide again",
        "het antwoord van het ERP op {} gaat over een andere registratie: besluit opnieuw",
    ),
    (
        "the ERP's answer to {} is a decision from the future: decide again",
        "het antwoord van het ERP op {} is een besluit uit de toekomst: besluit opnieuw",
    ),
    (
        "the ERP's answer to {} is another decision than the one before: decide again",
        "het antwoord van het ERP op {} is een ander besluit dan het vorige: besluit opnieuw",
    ),
    (
        "the ERP's answer to {} is a decision that cannot be read: decide again",
        "het antwoord van het ERP op {} is een onleesbaar besluit: besluit opnieuw",
    ),
    (
        "the user has registered or changed anew since the erasure",
        "de persoon heeft zich sinds het wissen opnieuw geregistreerd, of iets gewijzigd",
    ),
    (
        "the update is not in the inbox: send it again",
        "de wijziging is niet meer te vinden: stuur haar opnieuw",
    ),
    (
        "from a copy of {}: what happened to it since is asked of the shop and the ERP",
        "uit een kopie van {}: wat er sindsdien is gebeurd, wordt aan de shop en het ERP gevraagd",
    ),
    (
        "the registration is erased: it takes a decision again after the person has registered anew",
        "de registratie is gewist: besluiten kan weer nadat de persoon zich opnieuw heeft geregistreerd",
    ),
    ("a key must not be empty", "een sleutel mag niet leeg zijn"),
    ("a key has at most 128 bytes", "een sleutel heeft hooguit 128 bytes"),
    (
        "a key must be plain text without control characters, blanks at its ends, or the names . and ..",
        "een sleutel is gewone tekst zonder stuurtekens, zonder spaties aan het begin of eind, en niet . of ..",
    ),
    // Why something could not be put right.
    (
        "it is being worked on at this moment: try again in a minute",
        "er wordt op dit moment aan gewerkt: probeer het over een minuut opnieuw",
    ),
    ("it is not rejected", "de registratie is niet afgewezen"),
    (
        "its approval is being carried out: wait until it is linked",
        "de goedkeuring wordt nog uitgevoerd: wacht tot er is gekoppeld",
    ),
    (
        "it is stuck: mend what its reason says and retry it, or decide again",
        "de registratie is vastgelopen: verhelp wat de reden zegt en probeer het opnieuw, of besluit opnieuw",
    ),
    ("the user is not linked to a customer", "de persoon is niet aan een klant gekoppeld"),
    ("the user can log in already", "de persoon kan al inloggen"),
    (
        "no mail was sent for it, because its decision wants none: approve it with a mail",
        "er is geen mail verstuurd, omdat het besluit er geen wil: keur goed met een mail",
    ),
    (
        "nobody knows what became of its link: retry it, or decide again",
        "onbekend wat er van het koppelen is geworden: probeer het opnieuw, of besluit opnieuw",
    ),
    ("the user is linked to this customer already", "de persoon is al aan deze klant gekoppeld"),
    ("the shop has no customer {}", "de shop kent klant {} niet"),
];

#[cfg(test)]
mod tests {
    use shared::{
        correction::possible,
        key::BadKey,
        ledger::{Entry, State},
    };

    use super::*;
    use crate::said::said;

    #[test]
    fn every_note_keeps_what_differs_in_it() {
        for (ours, theirs) in NOTES {
            assert_eq!(ours.matches("{}").count(), theirs.matches("{}").count(), "{ours}");
            assert_eq!(said(ours, NOTES), *theirs, "another pattern stands before it");
        }
    }

    #[test]
    fn what_is_wrong_with_a_key_is_said_in_dutch() {
        for bad in [BadKey::Empty, BadKey::TooLong, BadKey::NotPlain] {
            assert_ne!(said(&bad.to_string(), NOTES), bad.to_string());
        }
    }

    #[test]
    fn every_reason_against_a_correction_is_said_in_dutch() {
        let seen = Entry::seen("SHOP".parse().unwrap(), "u".parse().unwrap(), chrono::DateTime::UNIX_EPOCH);
        let of = |state: &State| {
            let mut entry = seen.clone();
            entry.state = *state;
            possible(&entry, chrono::DateTime::UNIX_EPOCH)
        };
        let reasons: Vec<_> = State::ALL.iter().flat_map(of).filter_map(|one| one.why_not).collect();
        assert!(reasons.len() > 20);
        for reason in reasons {
            assert_ne!(said(reason, NOTES), reason);
        }
    }
}
