//! The words that names are made of.

/// Words of one country.
pub struct Words {
    pub first: &'static [&'static str],
    pub last: &'static [&'static str],
    pub brand: &'static [&'static str],
    pub trade: &'static [&'static str],
    pub form: &'static [&'static str],
    pub street: &'static [&'static str],
    pub city: &'static [&'static str],
}

pub static DUTCH: Words = Words {
    first: &[
        "Anouk", "Bram", "Daan", "Eline", "Femke", "Gijs", "Joost", "Lotte", "Maarten", "Noor", "Sanne",
        "Zoë",
    ],
    last: &[
        "Bakker",
        "van den Berg",
        "de Boer",
        "Dijkstra",
        "Hoekstra",
        "Kuipers",
        "Mulder",
        "de Vries",
        "van 't Hof",
    ],
    brand: &[
        "Voorbeeld",
        "Polder",
        "Zuiderlicht",
        "Waterlinie",
        "De Linde",
        "Noorderpoort",
        "Vuurtoren",
        "Kanaal 12",
    ],
    trade: &[
        "Techniek",
        "Bouwmaterialen",
        "Installaties",
        "Groothandel",
        "Gereedschap",
        "Horeca",
        "Interieur",
    ],
    form: &["B.V.", "B.V.", "B.V.", "V.O.F.", "Holding B.V."],
    street: &[
        "Dorpsstraat",
        "Kerkweg",
        "Industrieweg",
        "Ambachtsstraat",
        "Lange Nieuwstraat",
        "Burg. de Bruinelaan",
    ],
    city: &["Houten", "Zwolle", "'s-Hertogenbosch", "Breda", "Amersfoort", "Groningen", "Den Haag", "Sneek"],
};

pub static FLEMISH: Words = Words {
    first: &["Amélie", "Bart", "Céline", "Dries", "Elke", "Joris", "Koen", "Liesbeth", "Noémie", "Wout"],
    last: &["Claes", "De Smet", "Dubois", "Jacobs", "Lambert", "Maes", "Peeters", "Vandenbroucke", "Wouters"],
    brand: &["Exemplaar", "De Schelde", "Belfort", "Ardenne", "Kempen", "Zilverberk", "Haspengouw"],
    trade: &["Bouw", "Techniek", "Distributie", "Interieur", "Horeca", "Outillage", "Services"],
    form: &["BV", "NV", "BV", "SRL", "SA", "CV"],
    street: &["Stationsstraat", "Steenweg op Mechelen", "Rue de l'Exemple", "Kapellelaan", "Molenstraat"],
    city: &["Antwerpen", "Gent", "Liège", "Mechelen", "Namur", "Hasselt", "Kortrijk"],
};

pub static GERMAN: Words = Words {
    first: &["Anja", "Björn", "Claudia", "Dieter", "Günther", "Heike", "Jörg", "Katrin", "Sören", "Ute"],
    last: &["Becker", "Groß", "Hoffmann", "Jäger", "Köhler", "Müller", "Schäfer", "Schulz", "von der Heide"],
    brand: &["Beispiel", "Nordlicht", "Rheintal", "Grünwald", "Muster", "Weißbach", "Alpenblick"],
    trade: &["Technik", "Großhandel", "Werkzeuge", "Bau", "Gebäudetechnik", "Logistik"],
    form: &["GmbH", "GmbH", "GmbH & Co. KG", "AG", "e.K."],
    street: &["Hauptstraße", "Bahnhofstraße", "Am Weiher", "Gewerbepark Süd", "Königsallee"],
    city: &["Berlin", "Köln", "Düsseldorf", "Aachen", "Bremen", "Münster"],
};
