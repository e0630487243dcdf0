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
    ("customer {}", "klant {}"),
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
];
