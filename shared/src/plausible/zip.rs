//! The forms of postcodes, as the Universal Postal Union's addressing sheets of each country have them.

/// The country, if the postcode has not the form of that country's.
pub(super) fn odd(zip: &str, country: &str) -> Option<&'static str> {
    let plain: String = zip.trim().to_ascii_uppercase();
    let is = |code: &str| country.trim().eq_ignore_ascii_case(code);
    let (code, fits) = match country {
        // 1234 AB, from 1000; three pairs of letters are not given out.
        _ if is("NL") => ("NL", dutch(&plain)),
        // 1000 to 9999.
        _ if is("BE") => ("BE", digits(&plain, "B-", 4) && !plain.ends_with("0000")),
        // 01067 to 99998; 00 is not used.
        _ if is("DE") => ("DE", digits(&plain, "D-", 5) && !plain.trim_start_matches("D-").starts_with("00")),
        // The first two are the department, 01 to 98.
        _ if is("FR") => ("FR", digits(&plain, "F-", 5) && !plain.trim_start_matches("F-").starts_with("00")),
        // L-1234.
        _ if is("LU") => ("LU", digits(&plain, "L-", 4)),
        _ if is("GB") => ("GB", british(&plain)),
        _ => return None,
    };
    (!fits).then_some(code)
}

/// So many digits, perhaps behind the letter that the country's post uses abroad.
fn digits(zip: &str, prefix: &str, count: usize) -> bool {
    let rest = zip.strip_prefix(prefix).unwrap_or(zip);
    rest.len() == count && rest.bytes().all(|byte| byte.is_ascii_digit())
}

fn dutch(zip: &str) -> bool {
    let rest = zip.strip_prefix("NL-").unwrap_or(zip);
    let Some((number, letters)) = rest.split_at_checked(4) else { return false };
    let letters = letters.trim_start();
    digits(number, "", 4)
        && !number.starts_with('0')
        && letters.len() == 2
        && letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && !matches!(letters, "SA" | "SD" | "SS")
}

/// One or two letters, a digit, perhaps a digit or letter; then a digit and two letters.
fn british(zip: &str) -> bool {
    let plain: Vec<u8> = zip.bytes().filter(|byte| *byte != b' ').collect();
    let Some((outward, inward)) = plain.len().checked_sub(3).map(|at| plain.split_at(at)) else {
        return false;
    };
    let letters = outward.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let outward = match &outward[letters..] {
        [first] => first.is_ascii_digit(),
        [first, last] => first.is_ascii_digit() && last.is_ascii_alphanumeric(),
        _ => false,
    };
    let inward = matches!(inward, [first, rest @ ..] if first.is_ascii_digit() && rest.iter().all(u8::is_ascii_uppercase));
    (1..=2).contains(&letters) && outward && inward
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_has_its_form() {
        for (country, good, bad) in [
            (
                "NL",
                &["1234 AB", "1234ab", "NL-1234 AB"][..],
                &["0234 AB", "1234", "1234 SS", "1234 ABC", "12é4 AB", ""][..],
            ),
            ("BE", &["1000", "B-9999"], &["10000", "B1000", "0000"]),
            ("DE", &["01067", "D-99998"], &["1067", "00123", "0106A"]),
            ("FR", &["75001", "F-97400"], &["7501", "00100"]),
            ("LU", &["1234", "L-1234"], &["12345", "L1234"]),
            (
                "GB",
                &["SW1A 1AA", "m1 1ae", "EC1A1BB", "B33 8TH"],
                &["SW1A", "1AA SW1", "12345", "SWXA 1AA", "é"],
            ),
        ] {
            for zip in good {
                assert_eq!(odd(zip, country), None, "{zip}");
                assert_eq!(odd(zip, &country.to_lowercase()), None, "{zip}");
            }
            for zip in bad {
                assert_eq!(odd(zip, country), Some(country), "{zip}");
            }
        }
        assert_eq!(odd("anything", "US"), None, "nothing is known");
    }
}
