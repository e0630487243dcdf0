//! VAT numbers whose check digits fit, as somebody types them who has one. They begin with zeros, or in Germany, where the first digit is
//! none, with `9000`: nobody is known to have such a number.

/// Nine digits, and a suffix with which the whole number, N being 23, L 21 and B 11, leaves 1 when it is divided by 97.
pub fn dutch(count: u32) -> String {
    let nine = format!("{count:09}");
    let without: u64 = format!("2321{nine}1100").parse().unwrap_or_default();
    // 98 less what it leaves, from 2 to 98: the suffixes 00 and 01 are not given out.
    let suffix = 98 - without % 97;
    format!("NL{nine}B{suffix:02}")
}

/// Eight digits, and 97 less what they leave when they are divided by 97.
pub fn belgian(count: u32) -> String {
    format!("BE{count:08}{:02}", 97 - count % 97)
}

/// Eight digits and one by ISO 7064, MOD 11,10.
pub fn german(count: u32) -> String {
    let eight = format!("9000{:04}", count % 10_000);
    let product = eight.bytes().fold(10, |product, digit| {
        let sum = (u32::from(digit - b'0') + product) % 10;
        let sum = if sum == 0 { 10 } else { sum };
        sum * 2 % 11
    });
    format!("DE{eight}{}", (11 - product) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_that_are_reckoned_by_hand() {
        assert_eq!(dutch(99_998), "NL000099998B57", "the tax administration's own example");
        assert_eq!(belgian(1), "BE0000000196");
        assert_eq!(german(0), "DE900000006");
    }
}
