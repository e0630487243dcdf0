//! VAT numbers: their forms, and their check digits.
//!
//! The forms are those that the European Commission's VIES asks for ("VAT identification number structure", its question 11). It does
//! not publish the check digits; they are the countries' own, and named at each.

use super::Fault;

/// The country and what is wrong with a number, if anything is. A number without the prefix is one of the address's country.
pub(super) fn fault(vat: &str, address_country: Option<&str>) -> Option<(&'static str, Fault)> {
    let plain: String = vat.chars().filter(|c| !c.is_whitespace() && !".-/".contains(*c)).collect();
    let plain = plain.to_ascii_uppercase();
    let prefix = plain.get(..2).and_then(known).map(|country| (country, &plain[2..]));
    // Another prefix is of a country about which nothing is known here. Without a digit they are words, as in "n.v.t.".
    let foreign = plain.bytes().take(2).filter(u8::is_ascii_uppercase).count() == 2
        && plain.bytes().any(|byte| byte.is_ascii_digit());
    let (country, number) = match prefix {
        Some(found) => found,
        None if foreign => return None,
        None => (known(address_country?.trim().to_ascii_uppercase().as_str())?, plain.as_str()),
    };
    if !number.is_ascii() {
        return Some((country, Fault::Form));
    }
    let verdict = match country {
        "NL" => dutch(number),
        "BE" => belgian(number),
        "DE" => german(number),
        "FR" => french(number),
        "LU" => luxembourgish(number),
        _ => british(number),
    };
    let fault = match verdict {
        None => Fault::Form,
        Some(false) => Fault::CheckDigits,
        Some(true) => return None,
    };
    Some((country, fault))
}

/// The countries whose numbers are known. XI is Northern Ireland, which has British numbers.
fn known(prefix: &str) -> Option<&'static str> {
    match prefix {
        "NL" => Some("NL"),
        "BE" => Some("BE"),
        "DE" => Some("DE"),
        "FR" => Some("FR"),
        "LU" => Some("LU"),
        "GB" | "XI" => Some("GB"),
        _ => None,
    }
}

/// The digits of a text of so many, or nothing.
fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let digits: Option<Vec<_>> = text.chars().map(|c| c.to_digit(10)).collect();
    digits?.try_into().ok()
}

/// A number of at most 18 digits; 0 for what is no number.
fn number(text: &str) -> u64 {
    text.parse().unwrap_or_default()
}

/// Nine digits, a B and two more. Until 2020 the nine were the owner's tax number, with the weights 9 to 2 and 11 (the citizen service
/// number's "elfproef"). A sole trader's number since then says nothing about the owner: the whole of it, with NL in front and each
/// letter as two digits, leaves 1 when it is divided by 97 (Belastingdienst, "btw-identificatienummer"; ISO 7064). Either will do.
fn dutch(text: &str) -> Option<bool> {
    let (nine, rest) = text.split_at_checked(9)?;
    let nine_digits: [u32; 9] = digits(nine)?;
    let suffix: [u32; 2] = digits(rest.strip_prefix('B')?)?;
    let weighted: u32 = nine_digits.iter().zip((2..=9).rev()).map(|(digit, weight)| digit * weight).sum();
    let old = weighted % 11 == nine_digits[8] && suffix != [0, 0] && number(nine) > 0;
    // N is 23, L is 21, B is 11.
    let whole = number(&format!("2321{nine}11{rest}", rest = &rest[1..]));
    Some(old || whole % 97 == 1)
}

/// Ten digits, of which the first is 0 or 1. The last two are 97 less what the first eight leave when they are divided by 97 (number of
/// the Crossroads Bank for Enterprises, royal decree of 24 June 2003).
fn belgian(text: &str) -> Option<bool> {
    // Written with nine digits until 2005.
    let text = if text.len() == 9 { format!("0{text}") } else { text.to_owned() };
    let ten: [u32; 10] = digits(&text)?;
    if ten[0] > 1 {
        return None;
    }
    let (eight, check) = text.split_at(8);
    Some(number(eight) > 0 && 97 - number(eight) % 97 == number(check))
}

/// Nine digits, the last of which is that of ISO 7064, MOD 11,10 (Bundeszentralamt für Steuern). The first is not 0.
fn german(text: &str) -> Option<bool> {
    let nine: [u32; 9] = digits(text)?;
    if nine[0] == 0 {
        return None;
    }
    let product = nine[..8].iter().fold(10, |product, digit| {
        let sum = match (digit + product) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    Some((11 - product) % 10 == nine[8])
}

/// Two characters and the nine digits of the SIREN. Where the two are digits, they are (12 + 3 × (SIREN mod 97)) mod 97 (Bulletin
/// officiel des finances publiques, TVA-DECLA-20-10); how letters are chosen is not published.
fn french(text: &str) -> Option<bool> {
    let (key, siren) = text.split_at_checked(2)?;
    let _: [u32; 9] = digits(siren)?;
    let letter = |c: char| c.is_ascii_digit() || (c.is_ascii_uppercase() && !"IO".contains(c));
    if !key.chars().all(letter) {
        return None;
    }
    let of_digits = digits::<2>(key).is_some();
    Some(!of_digits || (12 + 3 * (number(siren) % 97)) % 97 == number(key))
}

/// Eight digits; the last two are what the first six leave when they are divided by 89 (Administration de l'enregistrement, des domaines
/// et de la TVA).
fn luxembourgish(text: &str) -> Option<bool> {
    let _: [u32; 8] = digits(text)?;
    let (six, check) = text.split_at(6);
    Some(number(six) > 0 && number(six) % 89 == number(check))
}

/// Nine digits, or twelve for a branch. The first seven, weighted by 8 to 2, and the last two as a number are a multiple of 97; since
/// 2010 also with 55 more (HM Revenue & Customs, "check a VAT number"). Public bodies have GD or HA and three digits.
fn british(text: &str) -> Option<bool> {
    if let Some(rest) = text.strip_prefix("GD").or(text.strip_prefix("HA")) {
        return digits::<3>(rest).map(|_| true);
    }
    let nine = if text.len() == 12 { digits::<12>(text)?[..9].to_vec() } else { digits::<9>(text)?.to_vec() };
    let weighted: u32 = nine[..7].iter().zip((2..=8).rev()).map(|(digit, weight)| digit * weight).sum();
    let sum = weighted + nine[7] * 10 + nine[8];
    Some(weighted > 0 && (sum.is_multiple_of(97) || (sum + 55).is_multiple_of(97)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_judged_by_its_countrys_rules_however_it_is_written() {
        let (form, check) = (Some(Fault::Form), Some(Fault::CheckDigits));
        for (vat, country, want, why) in [
            ("NL 0000.99.998.B57", "NL", None, "a number since 2020"),
            ("nl000000012B01", "NL", None, "a number from before"),
            ("000000012B01", "NL", None, "without the prefix"),
            ("n.v.t. / volgt nog", "NL", Some(Fault::Form), "words"),
            ("NL000000012B00", "NL", check, "this suffix is not given out"),
            ("NL000000000B00", "NL", check, "nor is this number"),
            ("NL000099998B58", "NL", check, "mistyped"),
            ("NL00009999857", "NL", form, "without the B"),
            ("BE0000.000.196", "BE", None, "with a 0"),
            ("BE 1000.000.021", "BE", None, "with a 1"),
            ("BE000000196", "BE", None, "with nine digits"),
            ("BE0000000197", "BE", check, "mistyped"),
            ("BE2000000196", "BE", form, "none begins with 2"),
            ("DE100000008", "DE", None, "a good one"),
            ("DE100000009", "DE", check, "mistyped"),
            ("DE012345678", "DE", form, "none begins with 0"),
            ("FR15000000001", "FR", None, "a good one"),
            ("FR16000000001", "FR", check, "mistyped"),
            ("FRK7000000001", "FR", None, "with a letter nothing is known"),
            ("FRO7000000001", "FR", form, "this letter is not used"),
            ("LU 123456-13", "LU", None, "a good one"),
            ("LU12345614", "LU", check, "mistyped"),
            ("LU1234561", "LU", form, "too short"),
            ("GB 000 0001 95", "GB", None, "from before 2010"),
            ("XI000000140", "GB", None, "since 2010, in Northern Ireland"),
            ("GB000000195001", "GB", None, "a branch"),
            ("GBGD123", "GB", None, "a public body"),
            ("GB000000196", "GB", check, "mistyped"),
            ("GB0000001é", "GB", form, "no digits"),
        ] {
            assert_eq!(fault(vat, Some(country)), want.map(|fault| (country, fault)), "{vat}: {why}");
        }
        assert_eq!(fault("DE100000009", Some("NL")), Some(("DE", Fault::CheckDigits)), "the prefix counts");
        for (vat, country) in
            [("PL1234567890", Some("NL")), ("12", None), ("12", Some("Nowhere")), ("é", Some("US"))]
        {
            assert_eq!(fault(vat, country), None, "{vat}: nothing is known");
        }
    }
}
